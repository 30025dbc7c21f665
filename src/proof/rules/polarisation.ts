import { quadraticErrors } from '../../enclose/pieces.js';
import { addForms, scaleForm } from '../../evaluate/affine.js';
import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import type { Rule, Step } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { proveAffineIdentity } from './affine-identity.js';
import { pieceKnots } from './piecewise-identity.js';

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

/** One of the two squares: the tensors that hold s (or d) and Q, and the range of Q - s^2, proved by `steps`. */
export interface Half {
  readonly half: string;
  readonly square: string;
  readonly steps: readonly Step[];
  readonly error: Enclosure | null;
}

/** The range that contains the error of a tensor against x y; null when a step fails. */
export function provePolarisation(
  network: Network,
  output: Node,
  plus: Half,
  minus: Half,
): { readonly steps: readonly Step[]; readonly error: Enclosure | null } {
  const input = network.inputs[0]?.attributes.name ?? 'x';
  const halves = [plus, minus].map(({ half }, k) =>
    proveAffineIdentity(
      network,
      half,
      {
        shape: [],
        entry: (_, entry) => {
          const [x, y] = [0, 1].map((index) => scaleForm(entry(input, index), HALF));
          return addForms(x, k === 0 ? y : scaleForm(y, MINUS_ONE));
        },
      },
      half,
      `'${half}' = (x ${k === 0 ? '+' : '-'} y)/2`,
    ),
  );
  const squares = [plus, minus].flatMap(({ square }) => network.find(square) ?? []);
  const difference = proveAffineIdentity(
    squares.length === 2 ? between(squares, [output]) : network,
    output.name,
    { shape: [], entry: (_, entry) => addForms(entry(plus.square, 0), scaleForm(entry(minus.square, 0), MINUS_ONE)) },
    'difference',
    `'${output.name}' = '${plus.square}' - '${minus.square}'`,
  );
  const steps = [...halves, ...plus.steps, ...minus.steps, difference];
  const holds = plus.error && minus.error && steps.every(({ verdict }) => verdict === 'proved');
  const error = holds ? { lo: plus.error.lo!.sub(minus.error.hi!), hi: plus.error.hi!.sub(minus.error.lo!) } : null;
  const statement = "the error against x y is the difference of the two squares' errors";
  const verdict = holds ? 'proved' : 'undecided';
  return { steps: [...steps, { id: 'product', rule: polarisation.id, statement, verdict, enclosure: error }], error };
}

/** The range of Q(z) - z^2 over [lo, hi] where Q is piecewise linear in z, exactly. */
export function proveInterpolatedSquareRange(
  network: Network,
  half: string,
  square: string,
  { lo, hi }: { readonly lo: Rational; readonly hi: Rational },
): Half {
  const base = {
    id: square,
    rule: polarisation.id,
    statement: `'${square}' - z^2 over z = '${half}' in [${lo}, ${hi}]`,
  };
  const knots = pieceKnots({ network, from: half, to: square }, lo, hi);
  if (typeof knots === 'string') {
    const step: Step = { ...base, verdict: 'undecided', enclosure: null, difference: knots };
    return { half, square, steps: [step], error: null };
  }
  const z2 = { variables: ['z'], terms: [{ coefficient: Rational.one, exponents: [2] }], degree: 2 };
  const values = quadraticErrors(knots, z2).map(({ value }) => value);
  const error = { lo: values.reduce((a, b) => a.min(b)), hi: values.reduce((a, b) => a.max(b)) };
  return { half, square, steps: [{ ...base, verdict: 'proved', enclosure: error }], error };
}

const HALF = Rational.of(1, 2);
const MINUS_ONE = Rational.of(-1);
