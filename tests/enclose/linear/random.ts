import type { Sides } from '../../../src/enclose/linear/back-substitution.js';
import type { Curve } from '../../../src/enclose/linear/curves.js';
import { combine, type Form, Graph } from '../../../src/enclose/linear/graph.js';
import { isGuaranteed } from '../../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../../src/numbers/balls.js';
import { fromFloat } from '../../../src/numbers/convert.js';
import { Rational } from '../../../src/numbers/rational.js';

/** A function over atoms, drawn at random, with forms in the order of the rows of its program, itself last. */
export interface Sample {
  readonly graph: Graph;
  readonly u: Form;
  readonly rows: readonly Form[];
}

type Random = () => number;

/** Functions of one number, as the engine under test knows them. */
export type Curves = Pick<typeof import('../../../src/enclose/linear/curves.js'), 'CURVES' | 'powerCurve'>;

const EXPONENTS = [Rational.of(2), Rational.of(3), Rational.of(-1), Rational.of(1, 2)];

/** Small dyadic numbers, thirds, doubles of many sizes: exact in doubles and not. */
export function coefficient(random: Random): Rational {
  const small = Math.floor(random() * 33) - 16;
  const kind = random();
  if (kind < 0.3) return Rational.of(small, 8);
  if (kind < 0.5) return Rational.of(small, 3);
  if (kind < 0.6) return Rational.of(Math.floor(random() * 2e9), 10n ** 9n);
  if (kind < 0.9) return fromFloat(2 * random() - 1);
  return fromFloat((2 * random() - 1) * 2 ** Math.floor(random() * 60 - 40));
}

/** Layers of ReLUs, or ReLUs, products and curves in any order. */
export function sample(random: Random, isLayered: boolean, { CURVES, powerCurve }: Curves): Sample {
  const curves = [...Object.values(CURVES), ...EXPONENTS.map(powerCurve)];
  const d = 1 + Math.floor(random() * 3);
  const graph = new Graph(d);
  const symbols: Form[] = [];
  for (let i = 0; i < d; i++) symbols.push(graph.coordinate(i, coefficient(random), coefficient(random)));
  const form = (parts: readonly Form[]) =>
    combine(
      coefficient(random),
      parts.filter(() => random() < 0.8).map((part) => [coefficient(random), part] as const),
    );
  let layer: readonly Form[] = symbols;
  for (let depth = Math.floor(random() * 4); depth > 0; depth--) {
    const next: Form[] = [];
    for (let k = Math.floor(random() * 6); k >= 0; k--) {
      const z = form(layer);
      const kind = isLayered ? 0 : random();
      if (kind < 0.4) next.push(graph.relu(z));
      else if (kind < 0.6) next.push(graph.product(z, form(layer)));
      else next.push(graph.curve(curves[Math.floor(random() * curves.length)], z));
    }
    layer = isLayered ? next : [...layer, ...next];
  }
  const u = form(layer);
  return { graph, u, rows: [...graph.atoms.flatMap(({ of }) => [...of]), u] };
}

const B = ballIntervals(256);
type Ball = ReturnType<typeof B.of>;

const AT: Readonly<Record<string, (x: Ball) => Ball>> = {
  exp: B.exp,
  log: B.log,
  sin: B.sin,
  cos: B.cos,
  tanh: B.tanh,
  erf: B.erf,
  sigmoid: (x) => B.div(B.one, B.add(B.one, B.exp(B.neg(x)))),
};

function apply(curve: Curve, x: Ball): Ball {
  const [, power] = curve.name.split('^');
  if (power === undefined) return AT[curve.name](x);
  const [n, d] = power.split('/');
  return B.pow(x, Rational.of(BigInt(n), BigInt(d ?? 1)));
}

/** Enclosures at a point to some 70 digits. */
export interface Exact {
  readonly rows: readonly Ball[];
  /** The value of an atom less slopes times the values of its rows. */
  beyond(atom: number, rows: readonly Ball[], slopes: readonly number[]): Ball;
}

/** The function at a point; null where a part of it is not known to be defined. */
export function evaluate({ graph, rows }: Sample, s: Float64Array): Exact | null {
  const symbols = Array.from(s, (x) => B.fromDoubles(x, x));
  const values: Ball[] = [];
  const value = ({ constant, terms }: Form) => {
    let total = B.of(constant);
    for (const [symbol, c] of terms) total = B.add(total, B.mul(B.of(c), symbols[symbol]));
    values.push(total);
    return total;
  };
  for (const atom of graph.atoms) {
    const [x, y] = atom.of.map(value);
    symbols.push(
      atom.kind === 'relu' ? B.max(x, B.zero) : atom.kind === 'product' ? B.mul(x, y) : apply(atom.curve, x),
    );
  }
  value(rows[rows.length - 1]);
  if (![...symbols, ...values].every((ball) => isGuaranteed(B, ball))) return null;
  return {
    rows: values,
    beyond: (atom, of, slopes) =>
      of.reduce(
        (rest, z, i) => B.sub(rest, B.mul(B.fromDoubles(slopes[i], slopes[i]), z)),
        symbols[graph.dimension + atom],
      ),
  };
}

/** Whether the number is certainly larger than an upper bound; infinity bounds nothing. */
export function isAbove(x: Ball, bound: number): boolean {
  if (bound === Number.POSITIVE_INFINITY) return false;
  const lower = B.lower(x);
  return !Number.isFinite(bound) || (lower !== undefined && fromFloat(bound).lt(lower));
}

/** Whether the number is certainly smaller than a lower bound; minus infinity bounds nothing. */
export function isBelow(x: Ball, bound: number): boolean {
  return isAbove(B.neg(x), -bound);
}

/** A part of a box: all of it, a small one, or a point. */
export function randomBox(random: Random, { from, to }: Sides): Sides {
  const kind = random();
  if (kind < 0.2) return { from, to };
  const share = kind < 0.5 ? 2 ** (-30 * random()) : kind < 0.6 ? 0 : random();
  const start = from.map((s, i) => Math.min(to[i], s + random() * (1 - share) * (to[i] - s)));
  return { from: start, to: start.map((s, i) => Math.min(to[i], s + share * (to[i] - from[i]))) };
}
