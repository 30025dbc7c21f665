import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSeparable } from '../../src/enclose/separable-net.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { smallRational } from '../generators/numbers.js';

interface Unit {
  readonly entry: number;
  readonly fan: Rational;
  readonly bias: Rational;
  readonly readout: Rational;
}

const unit = fc.record({ entry: fc.nat({ max: 1 }), fan: smallRational, bias: smallRational, readout: smallRational });

/** Units of two numbers, each of which sees one of them. */
function network(units: readonly Unit[], offset: Rational): Network {
  const b = new Builder();
  const N = units.length;
  const x = b.input('x', { token: 1, coordinate: 2 });
  const fan = [0, 1].flatMap((entry) => units.map((one) => (one.entry === entry ? one.fan : Rational.zero)));
  const bias = b.constant(
    tensor(
      [N],
      units.map((one) => one.bias),
    ),
  );
  const readout = b.constant(
    tensor(
      [N, 1],
      units.map((one) => one.readout),
    ),
  );
  const hidden = b.relu(b.affine(x, b.constant(tensor([2, N], fan)), bias));
  return b.network({ y: b.affine(hidden, readout, b.constant(tensor([1], [offset]))) });
}

const ends = fc.tuple(smallRational, smallRational).filter(([a, b]) => !a.equals(b));

describe('a separable net', () => {
  it('is the sum of its curves, which are straight from corner to corner and bend at each', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 9 }), smallRational, ends, (units, offset, [a, b]) => {
        const net = network(units, offset);
        const value = compile(net, { ...exact, ridge: undefined, affine: undefined });
        const at = (row: readonly Rational[]) => value({ x: tensor([1, 2], row) }).y.data[0];
        const read = readSeparable(net)!;
        const [lo, hi] = a.lt(b) ? [a, b] : [b, a];
        const curves = [0, 1].map((j) => read.curve(j, lo, hi)!);
        const half = Rational.of(1, 2);
        for (const [j, curve] of curves.entries()) {
          const other = curves[1 - j][0];
          const ys = (x: Rational) =>
            at(j === 0 ? [x, other.x] : [other.x, x])
              .sub(other.y)
              .sub(read.constant);
          expect([curve[0].x, curve[curve.length - 1].x].map(String)).toEqual([lo, hi].map(String));
          for (const [k, { x, y }] of curve.entries()) {
            expect(String(ys(x))).toBe(String(y));
            if (k === 0) continue;
            const before = curve[k - 1];
            expect(before.x.lt(x)).toBe(true);
            // Quarters tell a corner on the way from none.
            for (const share of [half, half.mul(half), Rational.of(1, 7)]) {
              const between = (p: Rational, q: Rational) => p.add(q.sub(p).mul(share));
              expect(String(ys(between(before.x, x)))).toBe(String(between(before.y, y)));
            }
            const after = curve[k + 1];
            if (!after) continue;
            const slope = (p: typeof before, q: typeof before) => q.y.sub(p.y).div(q.x.sub(p.x));
            expect(slope(before, { x, y }).equals(slope({ x, y }, after))).toBe(false);
          }
        }
      }),
      { numRuns: 80 },
    );
  });

  it('is none where a unit sees two numbers, or the output is another one', () => {
    const b = new Builder();
    const x = b.input('x', { token: 1, coordinate: 2 });
    const ones = (shape: readonly number[]) =>
      b.constant(tensor(shape, new Array(shape.reduce((n, size) => n * size)).fill(Rational.one)));
    const both = b.matmul(b.relu(b.matmul(x, ones([2, 3]))), ones([3, 1]));
    expect(readSeparable(b.network({ y: both }))).toBeNull();
    const c = new Builder();
    const z = c.input('z', { token: 1, coordinate: 1 });
    const one = c.constant(tensor([1, 4], new Array(4).fill(Rational.one)));
    const sum = c.constant(tensor([4, 1], new Array(4).fill(Rational.one)));
    const net = c.matmul(c.relu(c.matmul(z, one)), sum);
    expect(readSeparable(c.network({ y: net }))).not.toBeNull();
    expect(readSeparable(c.network({ y: c.relu(net) }))).toBeNull();
  });
});
