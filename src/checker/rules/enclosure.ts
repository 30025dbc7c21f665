import { formOf, variablesOf } from '../calculus.js';
import { type Expression, ranges } from '../expression.js';
import { demand } from '../failure.js';
import { combine, difference, type Form, ZERO } from '../forms.js';
import { Fraction } from '../fraction.js';
import { Gap, Line } from '../line.js';
import { fraction, record } from '../network.js';
import type { Domain, Rule, Session, Within } from '../session.js';

/**
 * Data: `node`, `domain`, `entries` (ranges of flat indices), a `target` text in which `t` stands for the number in
 * `tokens` (ranges, one for each entry), and bounds `lo`, `hi` of entry - target over the domain. The difference must be
 * a sum of functions of one input each: piecewise linear ones from the network, smooth ones from the target.
 */
export const enclosure: Rule = (session, data) => {
  const fields = record(data, 'the data', ['node', 'domain', 'entries', 'tokens', 'target', 'lo', 'hi']);
  const node = session.node(fields.node);
  const domain = session.domain(fields.domain);
  const entries = ranges(String(fields.entries));
  const tokens = fields.tokens === undefined ? entries : ranges(String(fields.tokens));
  demand(tokens.length === entries.length, 'there are not as many tokens as entries');
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const forms = session.entries(node);
  const known = new Set<string>();
  const proved = entries.map((at, k): readonly [number, Within] => {
    demand(at < forms.length, `node ${node} has no entry ${at}`);
    const target = session.expressions.parse(fields.target, session.names, [['t', tokens[k]]]);
    const summands = separate(session, forms[at], target);
    const signature = summands
      .map(({ variable, form, smooth }) => session.signature(form, smooth, session.sideOf(variable, domain)))
      .join(' | ');
    if (!known.has(signature)) bound(session, summands, domain, lo, hi, `entry ${at} of node ${node}`);
    known.add(signature);
    return [at, { target, lo, hi }];
  });
  return { kind: 'within', domain, node, entries: new Map(proved) };
};

/** One summand of entry - target: `form` minus the sum of factor * expression, functions of one variable ('': none). */
export interface Summand {
  readonly variable: string;
  readonly form: Form;
  readonly smooth: readonly (readonly [Fraction, Expression])[];
}

function separate(session: Session, form: Form, target: Expression): Summand[] {
  const linear: Form[] = [];
  const smooth = new Map<string, (readonly [Fraction, Expression])[]>();
  const visit = (e: Expression, factor: Fraction): void => {
    if (e.kind === 'sum') {
      for (const arg of e.args) visit(arg, factor);
      return;
    }
    if (e.kind === 'product') {
      const rest = e.args.filter((arg) => arg.kind !== 'number');
      const numbers = e.args.flatMap((arg) => (arg.kind === 'number' ? [arg.value] : []));
      if (rest.length === 1) {
        visit(
          rest[0],
          numbers.reduce((product, value) => product.mul(value), factor),
        );
        return;
      }
    }
    const exact = formOf(e, session.atoms, (name) => session.input(name));
    if (exact) {
      linear.push(combine([[exact, factor]]));
      return;
    }
    const names = [...variablesOf(e)];
    demand(names.length < 2, 'the target mixes inputs in a way that is no sum of functions of one input each');
    smooth.set(names[0] ?? '', [...(smooth.get(names[0] ?? '') ?? []), [factor, e]]);
  };
  visit(target, Fraction.one);
  const forms = session.atoms.byVariable(linear.reduce(difference, form));
  const variables = new Set([...forms.keys(), ...smooth.keys()]);
  return [...variables].map((variable) => ({
    variable,
    form: forms.get(variable) ?? ZERO,
    smooth: smooth.get(variable) ?? [],
  }));
}

const HALVINGS = 40;

function bound(
  session: Session,
  summands: readonly Summand[],
  domain: Domain,
  lo: Fraction,
  hi: Fraction,
  what: string,
) {
  const gaps = summands.map(({ variable, form, smooth }) => {
    return new Gap(new Line(session.atoms, session.sideOf(variable, domain)).curveOf(form), smooth);
  });
  for (const [sign, limit] of [
    [1, hi],
    [-1, lo.neg()],
  ] as const) {
    let tolerance: Fraction | null = null;
    for (let round = 0; ; round++) {
      const parts = gaps.map((gap) => gap.supremum(sign, tolerance));
      const [below, above] = [parts.map((part) => part.lo), parts.map((part) => part.hi)].map(sum);
      if (above.le(limit)) break;
      demand(below.le(limit), () => `${what} misses its target by more than ${limit}`);
      demand(round < HALVINGS, `${what} could not be held within ${limit} of its target`);
      tolerance = (tolerance ?? above.sub(below)).mul(Fraction.of(1, 4n));
    }
  }
}

function sum(values: readonly Fraction[]): Fraction {
  return values.reduce((total, value) => total.add(value), Fraction.zero);
}
