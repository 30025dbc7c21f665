import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { innerProducts } from '../src/numbers/inner-products.js';
import { dot, Rational } from '../src/numbers/rational.js';
import { PACKAGE } from '../src/root.js';
import { type Row, type Seconds, settled, show, timeRow } from './row.js';

const ORDER = 64;

/** Exact products of random rationals, beside gmpy2 where Python has it. */
export async function rows(): Promise<Row[]> {
  const random = generator();
  const vector = (bits: number) =>
    Array.from({ length: ORDER }, () => Rational.of(integer(random, bits), integer(random, bits)));
  const matrix = () => Array.from({ length: ORDER }, () => vector(10));
  const [a, b, x, y] = [matrix(), matrix(), vector(53), vector(53)];
  const rival = inPython([...a.flat(), ...b.flat(), ...x, ...y]);
  const beside = (seconds: Seconds, other: number | undefined) =>
    other ? show(seconds.median / other, 'times gmpy2') : 'no gmpy2 here';
  const product = settled(25, () => void innerProducts(a, b));
  const inner = settled(501, () => void dot(x, y));
  return [
    timeRow(`product of ${ORDER} x ${ORDER} matrices of 10-bit rationals`, product, {
      words: [beside(product, rival?.[0])],
    }),
    timeRow(`inner product of ${ORDER} terms of 53 bits`, inner, { words: [beside(inner, rival?.[1])] }),
  ];
}

function* generator(): Generator<number> {
  for (let state = 1; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state;
  }
}

/** From 1 to 2^bits. */
function integer(random: Generator<number>, bits: number): bigint {
  let value = 0n;
  for (let k = 0; k < bits; k += 16) value = (value << 16n) | BigInt(random.next().value & 0xffff);
  return (value & ((1n << BigInt(bits)) - 1n)) + 1n;
}

function inPython(numbers: readonly Rational[]): number[] | null {
  const program = fileURLToPath(new URL('bench/exact.py', PACKAGE));
  const input = `${ORDER}\n${numbers.join(' ')}\n`;
  const { status, stdout } = spawnSync('/usr/bin/python3', [program], { input, encoding: 'utf8' });
  return status === 0 ? stdout.split(' ').map(Number) : null;
}
