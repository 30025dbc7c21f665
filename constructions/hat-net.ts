/**
 * Piecewise linear interpolation in one variable as a net with one hidden ReLU layer (`hat-interpolation`).
 *
 * On N pieces of [a, b] with knots x_j = a + j (b - a)/N and slopes s_j on piece j (s_{-1} = 0),
 *   fhat(x) = f(x_0) + sum_{j=0..N-1} (s_j - s_{j-1}) relu(x - x_j)    for x in [a, b],
 * which agrees with the interpolant because the slope after knot j is the sum of the changes up to j. A function that
 * is a sum of functions of single coordinates is a sum of such nets, still with one hidden layer.
 */
import { type Builder, type Node, Rational, sparse, tensor } from '../src/index.js';

/** A continuous piecewise linear function by its knots (increasing) and its values there. */
export interface HatFunction {
  readonly knots: readonly Rational[];
  readonly values: readonly Rational[];
}

/** One summand of a separable net: a hat function of one coordinate. */
export interface HatTerm {
  readonly coordinate: number;
  readonly hat: HatFunction;
}

/** The knots of N equal pieces of [a, b]. */
export function equalKnots(a: Rational, b: Rational, N: number): Rational[] {
  const step = b.sub(a).div(Rational.of(N));
  return Array.from({ length: N + 1 }, (_, j) => a.add(step.mul(Rational.of(j))));
}

/** The interpolant of f on N equal pieces of [a, b]; N >= 1 and a < b. */
export function interpolant(f: (x: Rational) => Rational, a: Rational, b: Rational, N: number): HatFunction {
  const knots = equalKnots(a, b, N);
  return { knots, values: knots.map(f) };
}

/** s_j - s_{j-1} for j = 0..N-1. */
export function slopeChanges({ knots, values }: HatFunction): Rational[] {
  let before = Rational.zero;
  return knots.slice(1).map((knot, j) => {
    const slope = values[j + 1].sub(values[j]).div(knot.sub(knots[j]));
    const change = slope.sub(before);
    before = slope;
    return change;
  });
}

/** The exact value of the function at a point of [first knot, last knot]. */
export function hatValue({ knots, values }: HatFunction, x: Rational): Rational {
  const j = Math.min(
    Math.max(
      knots.findLastIndex((knot) => knot.le(x)),
      0,
    ),
    knots.length - 2,
  );
  const slope = values[j + 1].sub(values[j]).div(knots[j + 1].sub(knots[j]));
  return values[j].add(slope.mul(x.sub(knots[j])));
}

/** Adds sum of terms + constant on top of x [..., d]; returns [..., 1]. Parameters: 3 per piece (a weight, a bias, an output weight) and one. */
export function hatNet(b: Builder, x: Node, terms: readonly HatTerm[], constant: Rational, name: string): Node {
  const d = x.shape.at(-1)!.size;
  const units = terms.flatMap(({ coordinate, hat }) =>
    slopeChanges(hat).map((change, j) => ({ coordinate, knot: hat.knots[j], change })),
  );
  const entries = units.map(({ coordinate }, k) => [coordinate * units.length + k, Rational.one] as const);
  const coordinateName = x.shape.at(-1)!.name || 'coordinate';
  const fan = b.constant(
    sparse(
      [d, units.length],
      entries.sort(([i], [j]) => i - j),
    ),
    `${name}.fan`,
    'weight',
    { [coordinateName]: d, unit: units.length },
  );
  const bias = b.constant(
    tensor(
      [units.length],
      units.map(({ knot }) => knot.neg()),
    ),
    `${name}.knots`,
    'weight',
    { unit: units.length },
  );
  const hidden = b.relu(b.affine(x, fan, bias, `${name}.sum`), `${name}.hidden`);
  const changes = b.constant(
    tensor(
      [units.length, 1],
      units.map(({ change }) => change),
    ),
    `${name}.changes`,
    'weight',
    { unit: units.length, value: 1 },
  );
  const offset = terms.reduce((total, { hat }) => total.add(hat.values[0]), constant);
  return b.affine(hidden, changes, b.constant(tensor([1], [offset]), `${name}.offset`, 'weight', { value: 1 }), name);
}
