import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broadcast, type Dim, type Shape, shapeOf, showShape, sizes, unify } from '../../src/network/shape.js';

const dim: fc.Arbitrary<Dim> = fc.record({
  name: fc.constantFrom('', 'token', 'head'),
  size: fc.integer({ min: 1, max: 3 }),
});
const shape: fc.Arbitrary<Shape> = fc.array(dim, { maxLength: 4 });

/** The broadcasting rule of the NumPy manual on lengths alone: equal, or one of them 1, or missing. */
function numpy(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const padded = (lengths: readonly number[]) => [...new Array<number>(rank - lengths.length).fill(1), ...lengths];
  const [x, y] = [padded(a), padded(b)];
  return x.every((length, k) => length === y[k] || length === 1 || y[k] === 1)
    ? x.map((length, k) => Math.max(length, y[k]))
    : null;
}

describe('broadcast', () => {
  it('follows NumPy on lengths when no names disagree', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const unnamed = (axes: Shape) => axes.map(({ size }) => ({ name: '', size }));
        const result = broadcast(unnamed(a), unnamed(b));
        expect(result && sizes(result)).toEqual(numpy(sizes(a), sizes(b)));
      }),
      { numRuns: 500 },
    );
  });

  it('never joins two names on axes longer than 1, and keeps the names it has', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const result = broadcast(a, b);
        const rank = Math.max(a.length, b.length);
        for (let k = 1; k <= rank; k++) {
          const [x, y] = [a.at(-k), b.at(-k)];
          if (x && y && x.size > 1 && y.size > 1 && x.name && y.name && x.name !== y.name) expect(result).toBeNull();
          if (!result) continue;
          const long = [x, y].find((axis) => axis && axis.size > 1 && axis.name);
          if (long) expect(result.at(-k)).toEqual(long);
        }
        expect(broadcast(b, a) && sizes(broadcast(b, a)!)).toEqual(result && sizes(result));
      }),
      { numRuns: 500 },
    );
  });
});

describe('shapes', () => {
  it('print names and lengths', () => {
    expect(showShape(shapeOf({ token: 16, coordinate: 2 }))).toBe('[token 16, coordinate 2]');
    expect(showShape([{ name: '', size: 3 }])).toBe('[3]');
    expect(showShape([])).toBe('[]');
  });

  it('unify axes of equal length whose names agree or are missing', () => {
    const [token, head, plain] = [
      { name: 'token', size: 3 },
      { name: 'head', size: 3 },
      { name: '', size: 3 },
    ];
    expect(unify(token, plain)).toEqual(token);
    expect(unify(plain, head)).toEqual(head);
    expect(unify(token, head)).toBeNull();
    expect(unify(token, { name: 'token', size: 4 })).toBeNull();
  });
});
