import type { Span } from '../../enclose/interpolation.js';
import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { allFacts, type Fact, mint, type Outcome, open } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import { type Sentence, sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { proveSum } from './affine-identity.js';
import { exactlyAttained } from './evaluation.js';
import { proveInterpolatedSquare } from './iterated-tooth.js';
import { pieceKnots, provePiecewiseIdentity } from './piecewise-identity.js';
import { squareErrors } from './square-sum.js';

/**
 * A product from two squares: x y = s^2 - d^2 with s = (x + y)/2, d = (x - y)/2.
 *
 * If the network computes Q(s) - Q'(d) with Q(s) - s^2 in [e, E] and Q'(d) - d^2 in [e', E'], its error against x y lies
 * in [e - E', E - e']. Both s and d are checked as affine forms of the inputs, the difference as one of Q and Q'.
 */
export const polarisation: Rule = {
  id: 'polarisation',
  tex: 'xy = \\Big(\\frac{x+y}{2}\\Big)^2 - \\Big(\\frac{x-y}{2}\\Big)^2',
};

/** Names of the tensors that hold s (or d) and Q of it; for a square of layers also of |s| and of the layers. */
export interface SquareNames {
  readonly half: string;
  readonly square: string;
  readonly layered?: { readonly absolute: string; readonly layers: readonly string[] };
}

/**
 * The output against x[1] x[2] for inputs in [-U/2, U/2]^2, two entries of the only input; with what it is at `point`, an
 * input where the error is evaluated exactly.
 */
export function proveProduct(
  network: Network,
  output: string,
  names: readonly [SquareNames, SquareNames],
  U: Rational,
  point: readonly [Rational, Rational],
): readonly Outcome[] {
  const [input] = network.inputs;
  const x = input?.attributes.name ?? 'x';
  const end = U.div(Rational.of(2));
  const ends = [end.neg().toString(), end.toString()] as const;
  const product = sentence(`for all ${x} in [${ends[0]}, ${ends[1]}]^2: ${output} - ${x}[1]*${x}[2] <= ?`);
  const target = `${x}[1]*${x}[2]`;
  const place = { output, domain: { [x]: ends }, target };
  const witness = exactlyAttained({ network, ...place, about: product }, point, point[0].mul(point[1]));
  const halves = names.map((one, k) => proveHalf(network, one, k === 0 ? 1 : -1, end));
  const node = network.outputs.find(({ name }) => name === output)!.node;
  const terms = names.map(({ square }, k) => [k === 0 ? Rational.one : MINUS_ONE, square] as const);
  const statement = `'${output}' is the difference of the two squares`;
  const difference = proveSum(network, node.name, terms, { id: 'difference', statement });
  const outcomes = [...halves.flatMap((half) => half.outcomes), difference];
  const parts = allFacts(outcomes);
  const [plus, minus] = halves.map(({ fact }) => fact?.found);
  if (!parts || !plus || !minus) return [...outcomes, witness];
  const error = { lo: plus.lo.sub(minus.hi), hi: plus.hi.sub(minus.lo) };
  const domain = `${x} in [${ends[0]}, ${ends[1]}]^2`;
  const number = network.nodes.indexOf(node);
  const z = names.map(({ square }) => [network.nodes.indexOf(network.find(square)!), 0]);
  const composed = mint({
    ...{ rule: LIPSCHITZ, id: 'composition', network, domain, found: null },
    says: 'the output is the difference of the squares',
    premises: [...halves.map(({ fact }) => fact!), difference as Fact],
    evidence: () => ({ node: number, readout: 'z1 - z2', z }),
  });
  const fact = mint({
    ...{ rule: SAME_TARGET, id: 'target', network, domain, found: null },
    says: sentence(`for all ${x} in [${ends[0]}, ${ends[1]}]^2: ${error.lo} <= ${output} - ${target} <= ${error.hi}`),
    enclosure: error,
    premises: [composed],
    evidence: () => ({ node: number, entry: 0, target }),
    conclusion: approximated(place, error),
  });
  return [...outcomes, fact, witness];
}

const LIPSCHITZ: Rule = { ...polarisation, id: 'lipschitz-composition' };
const SAME_TARGET: Rule = { ...polarisation, id: 'same-target' };
const INNER: Rule = { ...polarisation, id: 'inner-function' };
const SUP: Rule = { ...polarisation, id: 'sup-norm' };

/** `for all x in [-1, 1]^2: |y - x[1]*x[2]| <= bound`. */
export function productSentence(
  network: Network,
  [lo, hi]: readonly [string, string],
  most: Rational | null,
): Sentence {
  const x = network.inputs[0]?.attributes.name ?? 'x';
  const [{ name }] = network.outputs;
  return sentence(`for all ${x} in [${lo}, ${hi}]^2: |${name} - ${x}[1]*${x}[2]| <= ${most ?? '?'}`);
}

/** What one half is, and the error of its square over [-end, end]. */
function proveHalf(
  network: Network,
  { half, square, layered }: SquareNames,
  sign: 1 | -1,
  end: Rational,
): { readonly outcomes: readonly Outcome[]; readonly fact: Fact<Span> | null } {
  const x = network.inputs[0]?.attributes.name ?? 'x';
  const [lo, hi] = [end.neg().toString(), end.toString()];
  const domain = `${x} in [${lo}, ${hi}]^2`;
  const text = `(${x}[1] ${sign === 1 ? '+' : '-'} ${x}[2])/2`;
  const terms = [HALF, sign === 1 ? HALF : HALF.neg()].map((factor, k) => [factor, x, k] as const);
  const form = proveSum(network, half, terms, { id: half, statement: `'${half}' = ${text}` });
  if (form.kind === 'open') return { outcomes: [form], fact: null };
  const number = (name: string) => network.nodes.indexOf(network.find(name)!);
  const place = { node: number(half), domain: { [x]: [lo, hi] }, entries: '0' };
  const base = { network, domain, found: null };
  const own = [
    mint({
      ...{ ...base, rule: SUP, id: `${half}.value`, says: `'${half}' is ${text}`, premises: [form] },
      evidence: () => ({ ...place, target: text, lo: '0', hi: '0' }),
    }),
    mint({
      ...{ ...base, rule: SUP, id: `${half}.range`, says: `'${half}' lies in [${lo}, ${hi}]`, premises: [form] },
      evidence: () => ({ ...place, target: '0', lo, hi }),
    }),
  ];
  const inner = <F>(id: string, says: string, [node, target, least, most]: readonly string[], found: F, from: Fact[]) =>
    mint({
      ...{ ...base, rule: INNER, id, says, found, premises: [...own, ...from] },
      evidence: () => ({ node: number(node), z: number(half), target, lo: least, hi: most }),
    });
  if (!layered) {
    const error = interpolatedSquareRange(network, half, square, end);
    const says = `'${square}' - z^2 over z = '${half}' in [${lo}, ${hi}]`;
    if (typeof error === 'string') return { outcomes: [form, open(polarisation, square, says, error)], fact: null };
    const fact = inner(`${square}.error`, says, [square, 'z^2', `${error.lo}`, `${error.hi}`], error, []);
    return { outcomes: [form, ...own, fact], fact };
  }
  const { absolute, layers } = layered;
  const corner = [end.neg(), Rational.zero, end].map((at) => ({ x: at, y: at.abs() }));
  const piece = { network, from: half, to: absolute };
  const fold = provePiecewiseIdentity(piece, corner, absolute, `'${absolute}' = |${half}|`);
  if (fold.kind === 'open' || !end.le(Rational.one)) return { outcomes: [form, ...own, fold], fact: null };
  const z = [
    inner(`${absolute}.value`, `'${absolute}' is |${half}|`, [absolute, 'abs(z)', '0', '0'], null, [fold]),
    inner(`${absolute}.range`, `'${absolute}' lies in [0, 1]`, [absolute, '0', '0', '1'], null, [fold]),
  ];
  const { outcomes, fact } = proveInterpolatedSquare(network, [absolute, ...layers], square, { facts: z, domain });
  return { outcomes: [form, ...own, fold, ...z, ...outcomes], fact };
}

/** The range of Q(z) - z^2 over [-end, end] where Q is piecewise linear in z, exactly; or why there is none. */
function interpolatedSquareRange(network: Network, half: string, square: string, end: Rational): Span | string {
  const knots = pieceKnots({ network, from: half, to: square }, end.neg(), end);
  if (typeof knots === 'string') return knots;
  return squareErrors(knots, Rational.one);
}

const HALF = Rational.of(1, 2);
const MINUS_ONE = Rational.of(-1);
