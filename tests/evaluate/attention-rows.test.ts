import { expect, it } from 'vitest';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import { headByRows } from '../../src/evaluate/attention-rows.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { rounded } from '../../src/evaluate/rounded.js';
import { Builder } from '../../src/network/builder.js';
import { sparse, Tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { FORMATS } from '../../src/numbers/format.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';

const T = 24;
const B = ballIntervals(128);

/** A head over x [T, 1] with logits beta x_s + own entries for few pairs of tokens, which positional constants choose. */
function randomHead(random: () => number) {
  const number = () => Rational.of(Math.floor(random() * 9) - 4, 2);
  const width = T + 2;
  const own = Array.from({ length: T }, (_, t) => (random() < 0.8 ? t : Math.floor(random() * T)));
  const gate = number();
  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: 1 });
  const names = { token: T, channel: width };
  const codes = Array.from({ length: T }, (_, t) => [
    [t * width, Rational.one] as const,
    [t * width + 2 + own[t], random() < 0.1 ? number() : Rational.one] as const,
  ]);
  const spread = b.constant(sparse([1, width], [[1, Rational.one]]), 'spread', 'structure', {
    coordinate: 1,
    channel: width,
  });
  const embedding = b.add(
    b.matmul(x, spread, 'content'),
    b.constant(sparse([T, width], codes.flat()), 'codes', 'structure', names),
  );
  const weights = (name: string, entries: (readonly [number, Rational])[]) =>
    b.constant(sparse([width, width], entries), name, 'weight', { channel: width, key: width });
  const diagonal = (first: readonly [number, Rational], of: () => Rational) => [
    first,
    ...Array.from({ length: T }, (_, t) => [(t + 2) * width + t + 2, of()] as const),
  ];
  const query = b.matmul(
    embedding,
    weights(
      'W_Q',
      diagonal([1, number()], () => (random() < 0.9 ? gate : number())),
    ),
    'query',
  );
  const key = b.matmul(
    embedding,
    weights(
      'W_K',
      diagonal([width + 1, Rational.one], () => Rational.one),
    ),
    'key',
  );
  const logits = b.matmul(query, b.transpose(key, [1, 0], 'keys'), 'logits');
  const y = b.matmul(b.softmax(logits, 1, 'weights'), x, 'y');
  return b.network({ y });
}

it('a head by the kinds of its rows contains what the plain evaluation gives, for tokens with constants of their own', () => {
  const random = lehmer(11);
  for (let k = 0; k < 60; k++) {
    const heads = randomHead(random);
    const kinds = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
      Rational.of(Math.floor(random() * 64), 64),
    );
    const x = Array.from({ length: T }, () => kinds[Math.floor(random() * kinds.length)]);
    const at = <S>(algebra: Parameters<typeof compile<S>>[1]) => {
      const of = new Map(kinds.map((kind) => [kind, algebra.of(kind)]));
      return compile(
        heads,
        algebra,
      )({
        x: new Tensor(
          [T, 1],
          x.map((entry) => of.get(entry)!),
        ),
      }).y.data;
    };
    // The plain one: an algebra that does not share results.
    const plain = at({ ...intervals(B), sharesResults: undefined });
    const numbers = at(float64);
    const shared = at(intervals(B));
    const doubles = at(intervals(doubleIntervals));
    const device = at(rounded(FORMATS.float64, ACCURACY.cpu));
    for (let t = 0; t < T; t++) {
      const exact = plain[t];
      expect(B.less(exact, shared[t])).not.toBe(true);
      expect(B.less(shared[t], exact)).not.toBe(true);
      const { lo, hi } = B.outer(exact);
      expect(Math.abs(numbers[t] - lo)).toBeLessThan(1e-12);
      for (const found of [doubles[t], device[t]]) {
        expect(found.lo).toBeLessThanOrEqual(hi);
        expect(found.hi).toBeGreaterThanOrEqual(lo);
        expect(found.hi - found.lo).toBeLessThan(1e-11);
      }
      expect(device[t].lo).toBeLessThanOrEqual(numbers[t]);
      expect(device[t].hi).toBeGreaterThanOrEqual(numbers[t]);
    }
  }
});

it('numbers that say which they are, and factors that are not sparse, are left to the plain evaluation', () => {
  const dense = new Tensor([2, 2], [1, 2, 3, 4]);
  const few = new Tensor([2, 2], [1, 2], Uint32Array.from([0, 3]));
  expect(headByRows(float64, [few, few, dense], [2, 2])).toBeNull();
  const A = intervals(doubleIntervals);
  const of = (x: Tensor<number>) => x.map((entry) => doubleIntervals.fromDoubles(entry, entry));
  expect(headByRows(A, [dense, few, dense].map(of), [2, 2])).toBeNull();
  expect(headByRows(A, [few, few, dense].map(of), [2, 2])).not.toBeNull();
});
