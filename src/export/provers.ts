import { extname } from 'node:path';
import { InputError } from '../errors.js';
import { toDecimal } from '../numbers/decimal.js';
import type { Rational } from '../numbers/rational.js';
import type { ScalarFact } from './facts.js';
import { fpcore } from './fpcore.js';
import { byModulus, type Notation, written } from './infix.js';

/** Writes one fact in the language of a prover; the text of a comment says which. */
interface Prover {
  readonly comment: (text: string) => string;
  readonly head: string;
  readonly write: (fact: ScalarFact) => string;
}

/** By the extension of the file. */
const PROVERS: Readonly<Record<string, Prover>> = {
  '.fpcore': { comment: (text) => `; ${text}\n`, head: '', write: fpcore },
  '.sollya': { comment: (text) => `// ${text}\n`, head: 'prec = 200!;\n', write: sollya },
  '.g': { comment: (text) => `# ${text}\n`, head: '', write: gappa },
  '.v': {
    comment: (text) => `(* ${text.replaceAll('*', '.')} *)\n`,
    head: 'From Coq Require Import Reals.\nFrom Interval Require Import Tactic.\nOpen Scope R_scope.\n',
    write: coq,
  },
};

/** The prover that a file is for. Throws InputError for another extension. */
export function proverOf(file: string): Prover {
  const prover = PROVERS[extname(file).toLowerCase()];
  if (prover) return prover;
  const allowed = '.fpcore, .sollya, .g (Gappa) or .v (Coq with coq-interval)';
  throw new InputError({ field: '--export', file, found: 'a file of another kind', allowed });
}

const fraction = ({ num, den }: Rational): string => {
  const top = num < 0n ? `(-${-num})` : `${num}`;
  return den === 1n ? top : `(${top} / ${den})`;
};
const integerPower = (base: string, { num, den }: Rational): string | null => {
  if (den !== 1n) return den === 2n ? integerPower(`sqrt(${base})`, { num, den: 1n } as Rational) : null;
  return num < 0n ? `(1 / (${base})^${-num})` : `((${base})^${num})`;
};
const called = (name: string) => (args: readonly string[]) => `${name}(${args.join(', ')})`;

const SOLLYA: Notation = {
  name: 'the rigorous norm of Sollya',
  number: fraction,
  power: integerPower,
  functions: {
    ...{ exp: called('exp'), log: called('log'), sin: called('sin'), cos: called('cos') },
    ...{ tanh: called('tanh'), erf: called('erf'), pi: () => 'pi' },
  },
};

/** infnorm encloses sup |f| of a function of one number that has a derivative. */
function sollya(fact: ScalarFact): string {
  const { quantity, variables, bound, measure } = fact;
  const [side] = onlyOne(fact, 'Sollya');
  if (measure !== 'sup-abs')
    throw new InputError({ found: 'a bound on one side', allowed: 'statements |u| <= c for Sollya' });
  const { definitions, body } = written(quantity, SOLLYA);
  return [
    ...definitions.map(([name, text]) => `${name} = ${text};`),
    `f = ${body};`,
    `n = infnorm(f, [${fraction(side.lo)}; ${fraction(side.hi)}]);`,
    `if (sup(n) <= ${fraction(bound)}) then print("${variables[0].name}: proved") else print("${variables[0].name}: open", n);`,
    '',
  ].join('\n');
}

const GAPPA: Notation = {
  name: 'Gappa',
  number: fraction,
  power: (base, { num, den }) => {
    if (den !== 1n || num === 0n || num > 64n || num < -64n) return null;
    const product = Array(Number(num < 0n ? -num : num))
      .fill(base)
      .join(' * ');
    return num < 0n ? `(1 / (${product}))` : `(${product})`;
  },
  functions: byModulus((x) => `|${x}|`),
};

/** A rational function of one number, with the variable moved to [0, 1], since Gappa's ends are decimals. */
function gappa(fact: ScalarFact): string {
  const { quantity, bound, measure } = fact;
  const [{ name, lo, hi }] = onlyOne(fact, 'Gappa');
  const { definitions, body } = written(quantity, GAPPA);
  const [down, up] = (['down', 'up'] as const).map((mode) =>
    toDecimal(measure === 'inf' ? bound.neg() : bound, 17, mode),
  );
  const least = measure === 'inf' ? `f >= ${toDecimal(bound, 17, 'up')}` : `f <= ${down}`;
  const goal = measure === 'sup-abs' ? `|f| <= ${down}` : least;
  return [
    `${name} = ${fraction(lo)} + ${fraction(hi.sub(lo))} * u;`,
    ...definitions.map(([part, text]) => `${part} = ${text};`),
    `f = ${body};`,
    `{ u in [0, 1] -> ${goal} }`,
    `$ u in 256;`,
    ...(up === down ? [] : [`# the bound is between ${down} and ${up}`]),
    '',
  ].join('\n');
}

const COQ: Notation = {
  name: 'coq-interval',
  number: fraction,
  power: (base, { num, den }) => {
    if (den !== 1n && den !== 2n) return null;
    const root = den === 1n ? base : `(sqrt ${base})`;
    return num < 0n ? `(/ (${root} ^ ${-num}))` : `(${root} ^ ${num})`;
  },
  functions: {
    ...byModulus((x) => `(Rabs (${x}))`),
    ...{
      exp: ([x]) => `(exp ${x})`,
      log: ([x]) => `(ln ${x})`,
      sin: ([x]) => `(sin ${x})`,
      cos: ([x]) => `(cos ${x})`,
    },
    ...{ tanh: ([x]) => `(1 - 2 / (exp (2 * ${x}) + 1))`, pi: () => 'PI' },
  },
};

/** A lemma for each fact, proved by bisection along the first variable. */
function coq({ id, quantity, variables, bound, measure }: ScalarFact): string {
  const { definitions, body } = written(quantity, COQ);
  const lets = definitions.map(([name, text]) => `let ${name} := ${text} in `).join('');
  const relation = measure === 'sup-abs' ? `Rabs (${body}) <=` : measure === 'sup' ? `${body} <=` : `${body} >=`;
  const boxes = variables.map(({ name, lo, hi }) => `${fraction(lo)} <= ${name} <= ${fraction(hi)} -> `).join('');
  const names = variables.map(({ name }) => name).join(' ');
  const bisected = variables.map(({ name }) => `i_bisect ${name}`).join(', ');
  return [
    `Lemma ${id.replaceAll(/\W/g, '_')} : forall ${names} : R, ${boxes}${lets}${relation} ${fraction(bound)}.`,
    `Proof. intros. repeat match goal with t := _ |- _ => subst t end. interval with (${bisected}, i_depth 20). Qed.`,
    '',
  ].join('\n');
}

function onlyOne({ variables }: ScalarFact, prover: string): ScalarFact['variables'] {
  if (variables.length === 1) return variables;
  throw new InputError({
    found: `${variables.length} variables`,
    allowed: `one variable for ${prover}; .fpcore and .v take several`,
  });
}
