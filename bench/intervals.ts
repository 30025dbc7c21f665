import type { Arithmetic } from '../src/numbers/arithmetic.js';
import { ballIntervals } from '../src/numbers/balls.js';
import { doubleIntervals } from '../src/numbers/doubles.js';
import { Rational } from '../src/numbers/rational.js';
import { median, type Row } from './row.js';

/** 50 decimal digits. */
const FIFTY_DIGITS = 167;

/** Operations per second of the rigorous numbers, and the forward pass of a wide network at 50 digits. */
export async function rows(): Promise<Row[]> {
  return [...doubleRows(), ...ballRows(), forwardRow()];
}

const COUNT = 1000;

function doubleRows(): Row[] {
  const D = doubleIntervals;
  const xs = Array.from({ length: COUNT }, (_, i) => D.fromDoubles(1 + i / 7, 1 + (i + 1) / 7));
  const floats = xs.map((x) => x.hi);
  let float = 0;
  let last = D.zero;
  const plain = secondsPer(2000, () => {
    for (let i = 0; i < COUNT; i++) float += floats[i] * floats[COUNT - 1 - i];
  });
  const plainExp = secondsPer(500, () => {
    for (let i = 0; i < COUNT; i++) float += Math.exp(-floats[i]);
  });
  const multiplyAdd = secondsPer(200, () => {
    for (let i = 0; i < COUNT; i++) last = D.add(last, D.mul(xs[i], xs[COUNT - 1 - i]));
  });
  const dot = secondsPer(200, () => {
    last = D.dot(xs, xs);
  });
  const exp = secondsPer(100, () => {
    for (let i = 0; i < COUNT; i++) last = D.exp(xs[i]);
  });
  keep(float, last);
  return [
    row('float64 multiply-add', plain),
    row('interval multiply-add', multiplyAdd, plain),
    row('interval dot product, per term', dot, plain),
    row('Math.exp', plainExp),
    row('interval exp', exp, plainExp),
  ];
}

function ballRows(): Row[] {
  const B = ballIntervals(FIFTY_DIGITS);
  const xs = Array.from({ length: COUNT }, (_, i) => B.exp(B.of(Rational.of(i + 1, COUNT))));
  const weights = xs.map((_, i) => Rational.of(2 * i + 1, 1024));
  const map = B.affine([weights]);
  let last = B.zero;
  const each = (f: (i: number) => typeof last) =>
    secondsPer(20, () => {
      for (let i = 0; i < COUNT; i++) last = f(i);
    });
  const result = [
    row(
      '50 digits: mul',
      each((i) => B.mul(xs[i], xs[COUNT - 1 - i])),
    ),
    row(
      '50 digits: add',
      each((i) => B.add(xs[i], xs[COUNT - 1 - i])),
    ),
    row(
      '50 digits: dot product, per term',
      secondsPer(20, () => (last = B.dot(xs, xs))),
    ),
    row(
      '50 digits: affine map, per term',
      secondsPer(20, () => ([last] = map(xs))),
    ),
    row(
      '50 digits: exp',
      each((i) => B.exp(xs[i])),
    ),
    row(
      '50 digits: log',
      each((i) => B.log(xs[i])),
    ),
    row(
      '50 digits: sin',
      each((i) => B.sin(xs[i])),
    ),
  ];
  keep(last);
  return result;
}

/**
 * Four features of two variables, each a sum of two hat nets of 64 pieces, at 256 tokens: 131072 hidden units, 262144
 * multiply-adds.
 */
function forwardRow(): Row {
  const B = ballIntervals(FIFTY_DIGITS);
  const network = hatNetwork(B);
  const tokens = Array.from({ length: 256 }, (_, t) => [Rational.of(t, 257), Rational.of(3 * t, 811)].map(B.of));
  let last = B.zero;
  const seconds = median(5, () => {
    for (const token of tokens) [last] = network(token);
  });
  keep(last);
  return { name: '50 digits: forward pass, 262144 multiply-adds', value: `${(seconds * 1000).toFixed(1)} ms` };
}

function hatNetwork<I>(arithmetic: Arithmetic<I>): (token: readonly I[]) => I[] {
  const units = Array.from({ length: 512 }, (_, n) => ({
    variable: n % 2,
    knot: Rational.of((n >> 1) % 64, 64),
    feature: n >> 7,
  }));
  const hidden = arithmetic.affine(
    units.map(({ variable }) => [0, 1].map((v) => (v === variable ? Rational.one : Rational.zero))),
    units.map(({ knot }) => knot.neg()),
  );
  const output = arithmetic.affine(
    [0, 1, 2, 3].map((f) => units.map(({ feature }, n) => (feature === f ? Rational.of(n - 200, 64) : Rational.zero))),
  );
  return (token) => output(hidden(token).map((x) => arithmetic.max(x, arithmetic.zero)));
}

/** Seconds per element of `calls` calls on COUNT elements each. */
function secondsPer(calls: number, run: () => void): number {
  return (
    median(5, () => {
      for (let call = 0; call < calls; call++) run();
    }) /
    (calls * COUNT)
  );
}

function row(name: string, seconds: number, reference?: number): Row {
  const rate = `${(1e-6 / seconds).toFixed(3)} million/s`;
  return { name, value: reference ? `${rate}, ${(seconds / reference).toFixed(1)} times the float` : rate };
}

/** Keeps results alive, so that no loop is optimised away. */
function keep(...values: readonly unknown[]): void {
  kept = values;
}

let kept: readonly unknown[] = [];

/** The values last kept. */
export function witnesses(): readonly unknown[] {
  return kept;
}
