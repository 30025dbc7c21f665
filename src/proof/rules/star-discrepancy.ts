import type { Network } from '../../network/network.js';
import { isOp } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { lcm } from '../../numbers/gcd.js';
import { Rational } from '../../numbers/rational.js';
import { certified, mint, type Outcome, open } from '../fact.js';
import { exactly, type Sentence, type SpecialBounds, special } from '../sentence.js';
import type { Rule } from '../step.js';

/**
 * The star discrepancy of points in the unit square: the largest |#(points in the box)/n - volume| over boxes anchored at 0.
 * With y on the grid of the points' coordinates and 1, closed boxes [0, y] have the largest excess of points and open ones
 * [0, y) the largest lack (Niederreiter): (n + 1)^2 boxes of each kind, counted row by row.
 */
const boxCounting: Rule = {
  id: 'box-counting',
  tex: 'D^*(P) = \\max_y \\max\\left(\\tfrac{\\#\\{p \\le y\\}}{n} - |y|, |y| - \\tfrac{\\#\\{p < y\\}}{n}\\right)',
};

/** Its value lies between the given numbers; without any the value is asked for. */
export function starSentence(points: string, bounds: SpecialBounds | null = null): Sentence {
  return special(`the star discrepancy of the points that are the rows of '${points}'`, bounds ?? { asked: true });
}

/** A box where the star discrepancy is attained. */
interface ExtremalBox {
  readonly kind: 'closed' | 'open';
  readonly corner: readonly [Rational, Rational];
  readonly points: number;
}

/** The star discrepancy of the rows of a constant output, exactly. */
export function proveStarDiscrepancy(network: Network, output: string): Outcome<ExtremalBox> {
  const id = 'boxes';
  const { node } = network.outputs.find(({ name }) => name === output)!;
  const [n, d] = sizes(node.shape);
  const about = starSentence(output);
  if (!isOp(node, 'constant') || d !== 2)
    return open(boxCounting, id, about.text, `'${output}' is no constant of points in two dimensions`);
  const entries = node.attributes.value.dense(Rational.zero);
  if (entries.some((x) => x.sign() < 0 || Rational.one.lt(x)))
    return open(boxCounting, id, about.text, 'a point is outside the unit square');
  const { value, box } = extremal(Array.from({ length: n }, (_, i) => [entries[2 * i], entries[2 * i + 1]] as const));
  return mint({
    ...{ rule: boxCounting, id, network, domain: null, found: box },
    says: exactly(about, value),
    enclosure: { lo: value, hi: value },
    ...certified(() => ({ kind: 'box-counting', output, value: `${value}` })),
  });
}

type Point = readonly [Rational, Rational];

function extremal(points: readonly Point[]): { readonly value: Rational; readonly box: ExtremalBox } {
  const n = points.length;
  const [xs, ys] = [0, 1].map((axis) => gridOf(points.map((point) => point[axis])));
  const places = points.map(([x, y]) => [xs.places.get(`${x}`)!, ys.places.get(`${y}`)!] as const);
  const columns = xs.values.map(() => [] as number[]);
  for (const [i, j] of places) columns[i].push(j);
  const whole = xs.den * ys.den;
  const size = BigInt(n);
  let best = { gap: -1n, i: 0, j: 0, kind: 'closed' as ExtremalBox['kind'], points: 0 };
  // How many points have their y at place j, among those up to this x and among those below it.
  const upTo = new Int32Array(ys.values.length);
  const below = new Int32Array(ys.values.length);
  for (const [i, x] of xs.values.entries()) {
    for (const j of columns[i]) upTo[j] += 1;
    let [closed, open] = [0, 0];
    for (const [j, y] of ys.values.entries()) {
      closed += upTo[j];
      const volume = size * x * y;
      const excess = BigInt(closed) * whole - volume;
      if (excess > best.gap) best = { gap: excess, i, j, kind: 'closed', points: closed };
      const lack = volume - BigInt(open) * whole;
      if (lack > best.gap) best = { gap: lack, i, j, kind: 'open', points: open };
      open += below[j];
    }
    for (const j of columns[i]) below[j] += 1;
  }
  const corner = [Rational.of(xs.values[best.i], xs.den), Rational.of(ys.values[best.j], ys.den)] as const;
  return { value: Rational.of(best.gap, size * whole), box: { kind: best.kind, corner, points: best.points } };
}

/** The distinct coordinates and 1, increasing, as numerators over one denominator; and the place of each. */
function gridOf(coordinates: readonly Rational[]) {
  const den = coordinates.reduce((all, { den }) => lcm(all, den), 1n);
  const numerator = (x: Rational) => x.num * (den / x.den);
  const values = [...new Set([...coordinates.map(numerator), den])].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(coordinates.map((x) => [`${x}`, values.indexOf(numerator(x))] as const));
  return { den, values, places };
}
