import { describe, expect, test } from 'vitest';
import { convolutionBounds } from '../../src/numbers/convolution.js';
import { recurrenceInPairs, sparseRows } from '../../src/numbers/double-double-sums.js';
import type { Interval } from '../../src/numbers/interval.js';
import * as I from '../../src/numbers/interval.js';
import * as F from '../../src/numbers/interval-functions.js';
import * as S from '../../src/numbers/interval-sums.js';
import { entriesOf, type IntervalMatrix, product } from '../../src/numbers/matrix.js';
import { Rational } from '../../src/numbers/rational.js';
import { share } from '../generators/thinned.js';
import { FRACTIONS } from './containment.js';
import { compared, type Dyadic, dyadic, holds, plus, power, times } from './dyadic.js';
import { HAS_MPFR, missedByMpfr } from './gmpy.js';
import { cases, nastyBox, nastyDouble, pointsOf, stream } from './samples.js';

/** Ten million cases of each kernel in the nightly form; EXHIBIT_SLICE=k/n takes other ones in each slice. */
const MANY = 10_000_000;
const SLICE = Number((process.env.EXHIBIT_SLICE ?? '1').split('/')[0]);
const HOURS = 3_600_000;

const BOXES = { ...I };
const FUNCTIONS = { ...F };

type Random = () => number;
type Point = readonly [interval: Interval, at: number];

/** A box and one of its points. */
function drawn(random: Random): Point {
  const box = nastyBox(random);
  const points = pointsOf(box, random);
  return [I.interval(...box), points[Math.floor(random() * points.length)]];
}

const shown = (x: Interval) => `[${x.lo}, ${x.hi}]`;

/** Runs a kernel on as many cases as asked for; each returns how many it was, or the one that it missed. */
function tried(seed: number, few: number, one: (random: Random) => number | string): string[] {
  const random = stream(seed + 1000 * SLICE);
  const count = share(cases(few, MANY));
  const missed: string[] = [];
  for (let done = 0; done < count && missed.length < 5; ) {
    const found = one(random);
    if (typeof found === 'string') missed.push(found);
    else done += found;
  }
  return missed;
}

const product2 = (x: number, y: number) => times(dyadic(x), dyadic(y));
const BINARY: Record<string, (lo: number, hi: number, x: number, y: number) => boolean | null> = {
  add: (lo, hi, x, y) => holds(lo, hi, plus(dyadic(x), dyadic(y))),
  sub: (lo, hi, x, y) => holds(lo, hi, plus(dyadic(x), dyadic(-y))),
  mul: (lo, hi, x, y) => holds(lo, hi, product2(x, y)),
  div: (lo, hi, x, y) => {
    if (y === 0) return null;
    // lo <= x/y where lo y <= x for positive y.
    const side = (end: number) => compared(product2(end, y), dyadic(x)) * Math.sign(y);
    return (!Number.isFinite(lo) || side(lo) <= 0) && (!Number.isFinite(hi) || side(hi) >= 0);
  },
  min: (lo, hi, x, y) => lo <= Math.min(x, y) && Math.min(x, y) <= hi,
  max: (lo, hi, x, y) => lo <= Math.max(x, y) && Math.max(x, y) <= hi,
};

describe('exact arithmetic of integers lies within', () => {
  test.each(Object.keys(BINARY))(
    '%s of two boxes',
    (name) => {
      const kernel = BOXES[name as 'add'];
      const missed = tried(11, 10_000, (random) => {
        const [[a, x], [b, y]] = [drawn(random), drawn(random)];
        const { lo, hi } = kernel(a, b);
        const isHeld = BINARY[name](lo, hi, x, y);
        return isHeld === false ? `${name}(${shown(a)}, ${shown(b)}) at ${x}, ${y}` : isHeld === null ? 0 : 1;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  const UNARY: Record<
    string,
    readonly [(x: Interval) => Interval, (lo: number, hi: number, x: number) => boolean | null]
  > = {
    sqr: [I.sqr, (lo, hi, x) => holds(lo, hi, product2(x, x))],
    abs: [I.abs, (lo, hi, x) => lo <= Math.abs(x) && Math.abs(x) <= hi],
    sqrt: [
      F.sqrt,
      (lo, hi, x) => {
        if (x < 0) return null;
        const isAbove = hi === Number.POSITIVE_INFINITY || (hi >= 0 && compared(dyadic(x), product2(hi, hi)) <= 0);
        return isAbove && (lo <= 0 || compared(product2(lo, lo), dyadic(x)) <= 0);
      },
    ],
  };
  test.each(Object.keys(UNARY))(
    '%s of a box',
    (name) => {
      const [kernel, isWithin] = UNARY[name];
      const missed = tried(12, 10_000, (random) => {
        const [a, x] = drawn(random);
        const { lo, hi } = kernel(a);
        const isHeld = isWithin(lo, hi, x);
        return isHeld === false ? `${name}(${shown(a)}) at ${x}` : isHeld === null ? 0 : 1;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  test(
    'powers p/q of a box',
    () => {
      const EXPONENTS = [[2, 1], [3, 1], [4, 1], [7, 1], [-1, 1], [-2, 1], [-3, 1], ...FRACTIONS];
      const missed = tried(13, 4000, (random) => {
        const [p, q] = EXPONENTS[Math.floor(random() * EXPONENTS.length)];
        const [a, x] = drawn(random);
        if ((q > 1 && x <= 0) || (p < 0 && x === 0)) return 0;
        const { lo, hi } = q === 1 ? F.pown(a, p) : F.pow(a, Rational.of(p, q));
        // For positive ends: end^q x^-p against 1, or end^q against x^p; negative x have integer exponents.
        const side = (end: number) => {
          const raised = power(dyadic(end), q);
          return p > 0
            ? compared(raised, power(dyadic(x), p))
            : compared(times(raised, power(dyadic(x), -p)), { m: 1n, e: 0 }) * (x < 0 && p % 2 !== 0 ? -1 : 1);
        };
        const isAbove = !Number.isFinite(lo) || (lo <= 0 && q > 1) || side(lo) <= 0;
        const isBelow = !Number.isFinite(hi) || (hi >= 0 && side(hi) >= 0);
        const isNegative = hi < 0 && q === 1 && side(hi) >= 0;
        return isAbove && (isBelow || isNegative) ? 1 : `${shown(a)}^(${p}/${q}) at ${x}`;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  const sumOf = (terms: readonly Dyadic[]) => terms.reduce(plus, { m: 0n, e: 0 });
  const several = (random: Random, of = drawn) =>
    Array.from({ length: 1 + Math.floor(8 * random()) }, () => of(random));

  test(
    'sums',
    () => {
      const missed = tried(14, 3000, (random) => {
        const terms = several(random);
        const { lo, hi } = S.sum(terms.map(([box]) => box));
        return holds(lo, hi, sumOf(terms.map(([, x]) => dyadic(x))))
          ? 1
          : terms.map(([box, x]) => `${shown(box)} at ${x}`).join(' + ');
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  test(
    'inner products',
    () => {
      const missed = tried(15, 3000, (random) => {
        const terms = several(random).map((a) => [a, drawn(random)] as const);
        const { lo, hi } = S.dot(
          terms.map(([[a]]) => a),
          terms.map(([, [b]]) => b),
        );
        const exact = sumOf(terms.map(([[, x], [, y]]) => product2(x, y)));
        return holds(lo, hi, exact)
          ? 1
          : terms.map(([[a, x], [b, y]]) => `${shown(a)} at ${x} * ${shown(b)} at ${y}`).join(' + ');
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  test(
    'affine maps with rational weights',
    () => {
      const whole = (random: Random) => Math.floor(random() * 2 ** Math.floor(1 + 40 * random()));
      const rational = (random: Random) =>
        random() < 0.2 ? Rational.zero : Rational.of(whole(random) * (random() < 0.5 ? -1 : 1), 1 + whole(random));
      const missed = tried(16, 2000, (random) => {
        const columns = 1 + Math.floor(6 * random());
        const rows = [1, 2, 3].map(() => Array.from({ length: columns }, () => rational(random)));
        const offset = rows.map(() => rational(random));
        const map = S.affine(rows, offset);
        const vectors = Array.from({ length: 10 }, () => Array.from({ length: columns }, () => drawn(random)));
        for (const vector of vectors) {
          const found = map(vector.map(([box]) => box));
          for (const [i, row] of rows.entries()) {
            // Over the common denominator q: q lo <= sum (q w_j) x_j + q b <= q hi.
            const q = [...row, offset[i]].reduce((all, { den }) => all * den, 1n);
            const integer = ({ num, den }: Rational): Dyadic => ({ m: num * (q / den), e: 0 });
            const exact = sumOf([integer(offset[i]), ...row.map((w, j) => times(integer(w), dyadic(vector[j][1])))]);
            const { lo, hi } = found[i];
            const [below, above] = [lo, hi].map((end) =>
              Number.isFinite(end) ? times({ m: q, e: 0 }, dyadic(end)) : null,
            );
            if ((below && compared(below, exact) > 0) || (above && compared(exact, above) > 0))
              return `${row.join(', ')}; ${offset[i]} at ${vector.map(([box, x]) => `${shown(box)} at ${x}`).join(', ')}`;
          }
        }
        return vectors.length * rows.length;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  test(
    'products of matrices of intervals',
    () => {
      const SCALES = [
        () => 0,
        (random: Random) => Math.floor(60 * random() - 30),
        (random: Random) => Math.floor(-480 - 60 * random()),
      ];
      const matrix = (
        random: Random,
        rows: number,
        columns: number,
        scale: (random: Random) => number,
      ): IntervalMatrix => {
        const number = () => (random() < 0.1 ? 0 : (random() - 0.5) * 2 ** scale(random));
        const mid = Float64Array.from({ length: rows * columns }, number);
        return { rows, columns, mid, rad: mid.map((m) => (random() < 0.5 ? 0 : Math.abs(m) * 2 ** (-60 * random()))) };
      };
      const missed = tried(17, 4000, (random) => {
        const scale = SCALES[Math.floor(SCALES.length * random())];
        const [rows, inner, columns] = [0, 0, 0].map(() => 1 + Math.floor(40 * random()));
        const [a, b] = [matrix(random, rows, inner, scale), matrix(random, inner, columns, scale)];
        // Of every interval one end or the middle, exactly: the rounded ends need not lie in it.
        const chosen = ({ mid, rad }: IntervalMatrix) =>
          Array.from(mid, (m, k) =>
            plus(dyadic(m), times({ m: BigInt(Math.floor(3 * random()) - 1), e: 0 }, dyadic(rad[k]))),
          );
        const [x, y] = [chosen(a), chosen(b)];
        const bounds = entriesOf(product(a, b));
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) {
            let total: Dyadic = { m: 0n, e: 0 };
            for (let k = 0; k < inner; k++) total = plus(total, times(x[i * inner + k], y[k * columns + j]));
            const { lo, hi } = bounds[i * columns + j];
            if (!holds(lo, hi, total)) return `${rows} x ${inner} x ${columns}, entry ${i}, ${j}: [${lo}, ${hi}]`;
          }
        return rows * columns;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  test(
    'recurrences in pairs of doubles',
    () => {
      const SCALES = [() => 0, (random: Random) => 40 * random() - 20, (random: Random) => -500 - 40 * random()];
      const sum = (rows: readonly (readonly [number, number])[], vector: readonly Dyadic[], start: Dyadic) =>
        rows.reduce((total, [j, weight]) => plus(total, times(dyadic(weight), vector[j])), start);
      const missed = tried(20, 4000, (random) => {
        const scale = SCALES[Math.floor(3 * random())];
        const number = () =>
          random() < 0.1 ? nastyDouble(random) : (2 * random() - 1) * 2 ** Math.round(scale(random));
        const [width, height, steps] = [
          1 + Math.floor(4 * random()),
          1 + Math.floor(3 * random()),
          1 + Math.floor(3 * random()),
        ];
        const high = Float64Array.from({ length: width * steps }, number);
        const low = high.map((x) => x * 2 ** -54 * (2 * random() - 1));
        const radius = high.map((x) => (random() < 0.5 ? 0 : Math.abs(x) * 2 ** -(50 + 60 * random())));
        const x = { high, low, radius };
        const rows = (columns: number) =>
          Array.from({ length: height }, () =>
            Array.from({ length: columns }, (_, j) => [j, number()] as const).filter(() => random() < 0.8),
          );
        const [A, B] = [rows(height), rows(width)];
        const found = recurrenceInPairs(sparseRows(A), sparseRows(B), x, steps);
        let states: readonly Dyadic[] = A.map(() => dyadic(0));
        for (let t = 0; t < steps; t++) {
          const input = Array.from({ length: width }, (_, j) => {
            const k = t * width + j;
            const at = random() < 0.5 ? radius[k] : -radius[k];
            return plus(plus(dyadic(high[k]), dyadic(low[k])), dyadic(at));
          });
          const before = states;
          states = A.map((row, i) => sum(B[i], input, sum(row, before, dyadic(0))));
          for (let i = 0; i < height; i++) {
            const k = t * height + i;
            const [centre, rest, reach] = [found.high[k], found.low[k], found.radius[k]];
            // What follows from a number that is not finite is not finite or says nothing.
            if (!Number.isFinite(centre) || !Number.isFinite(reach)) return height * steps;
            const distance = plus(states[i], plus(dyadic(-centre), dyadic(-rest)));
            const isNormalised = reach >= 0 && Math.abs(rest) <= 2 ** -53 * Math.abs(centre);
            if (!isNormalised || !holds(-reach, reach, distance)) return `${A} and ${B} of ${high} at ${t}, ${i}`;
          }
        }
        return height * steps;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );

  test(
    'bounds of convolutions',
    () => {
      const missed = tried(18, 2000, (random) => {
        const length = 1 + Math.floor(30 * random());
        const vectors = (width: number) => {
          const scale = random() < 0.3 ? -600 * random() : 40 * random();
          return Float64Array.from({ length: width * length }, () =>
            random() < 0.2 ? 0 : random() * 2 ** (scale * random()),
          );
        };
        const pairs = Array.from({ length: 1 + Math.floor(3 * random()) }, () => {
          const width = 1 + Math.floor(2 * random());
          return [vectors(width), vectors(width)] as const;
        });
        const bounds = convolutionBounds(pairs, length);
        for (let t = 0; t < length; t++) {
          let total: Dyadic = { m: 0n, e: 0 };
          for (const [a, b] of pairs) {
            const width = a.length / length;
            for (let k = 0; k < width * (t + 1); k++) {
              const [s, i] = [Math.floor(k / width), k % width];
              total = plus(total, product2(a[(t - s) * width + i], b[k]));
            }
          }
          if (!holds(0, bounds[t], total))
            return `convolution at ${t}: ${pairs.map(([a, b]) => `${a} with ${b}`).join('; ')}`;
        }
        return length;
      });
      expect(missed).toEqual([]);
    },
    HOURS,
  );
});

test('ends that are rounded to nearest are caught', () => {
  const missed = tried(19, 10_000, (random) => {
    const [[a, x], [b, y]] = [drawn(random), drawn(random)];
    const [lo, hi] = [a.lo + b.lo, a.hi + b.hi];
    return holds(lo, hi, plus(dyadic(x), dyadic(y))) ? 1 : `at ${x}, ${y}`;
  });
  expect(missed).toHaveLength(5);
  const triples = [1, 2, 3].flatMap((x) => [x, Math.exp(x), Math.exp(x)]);
  expect(HAS_MPFR ? missedByMpfr('exp', Float64Array.from(triples)) : ['exp']).not.toEqual([]);
});

/** Values outside the domain of a function (-1/e is not a double, and the nearest one is below it), which `containment.test.ts` looks at. */
const OUTSIDE: Record<string, (x: number) => boolean> = { log: (x) => x <= 0, lambertW: (x) => x <= -1 / Math.E };

describe.skipIf(!HAS_MPFR)('what MPFR computes at 160 bits lies within', () => {
  test.each(['exp', 'log', 'sin', 'cos', 'tanh', 'erf', 'lambertW'] as const)(
    '%s of a box',
    (name) => {
      const random = stream(21 + 1000 * SLICE);
      const left = { count: share(cases(2000, MANY)) };
      const missed: string[] = [];
      while (left.count > 0 && missed.length === 0) {
        const size = Math.min(left.count, 500_000);
        const triples = new Float64Array(3 * size);
        for (let k = 0; k < size; ) {
          const [a, x] = drawn(random);
          if (OUTSIDE[name]?.(x)) continue;
          const { lo, hi } = FUNCTIONS[name](a);
          triples.set([x, lo, hi], 3 * k++);
        }
        missed.push(...missedByMpfr(name, triples));
        left.count -= size;
      }
      expect(missed).toEqual([]);
    },
    HOURS,
  );
});
