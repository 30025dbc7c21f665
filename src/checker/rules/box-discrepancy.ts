import { spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { Fraction } from '../fraction.js';
import { fraction, record } from '../network.js';

/**
 * Data: an `output` of the shape [n, 2], a constant, and a `value`: the largest |#(points in the box)/n - area| over boxes
 * [0, x] x [0, y] and [0, x) x [0, y), which is taken at coordinates of points and 1. All of them are counted.
 */
export const boxDiscrepancy: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'value']);
  const { op, shape, entries } = session.network.nodes[session.output(fields.output)];
  demand(op === 'constant' && shape.length === 2 && shape[1] === 2, 'the output is no constant of points in the plane');
  const n = shape[0];
  const coordinate = (i: number, axis: number) => entries.get(2 * i + axis) ?? Fraction.zero;
  const points = Array.from({ length: n }, (_, i) => ({ x: coordinate(i, 0), y: coordinate(i, 1) }));
  const isInUnit = (u: Fraction) => Fraction.zero.le(u) && u.le(Fraction.one);
  demandEach(points, ({ x, y }) => isInUnit(x) && isInUnit(y), 'a point lies outside the unit square');
  const byHeight = [...points].sort((p, q) => p.y.compare(q.y));
  const size = Fraction.of(n);
  let largest = Fraction.zero;
  for (const x of [...points.map((point) => point.x), Fraction.one]) {
    spend(200 * n);
    const heights = byHeight.filter((point) => point.x.le(x)).map(({ y }) => y);
    const inner = byHeight.filter((point) => point.x.lt(x)).map(({ y }) => y);
    // The excess is largest at the height of a point, which counts with all of the same height; the lack just below one.
    for (const [k, y] of heights.entries())
      largest = largest.max(
        Fraction.of(k + 1)
          .div(size)
          .sub(x.mul(y)),
      );
    for (const [k, y] of [...inner, Fraction.one].entries())
      largest = largest.max(x.mul(y).sub(Fraction.of(k).div(size)));
  }
  const value = fraction(fields.value, 'the value');
  demand(largest.equals(value), () => `the largest difference is ${largest} and not ${value}`);
  return closed(
    { kind: 'box-counting', ...fields },
    `the star discrepancy of the ${n} points that are the rows of ${fields.output} is ${value}`,
  );
};
