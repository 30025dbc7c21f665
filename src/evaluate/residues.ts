import type { FunctionName } from '../network/operations.js';
import type { Rational } from '../numbers/rational.js';
import { type Algebra, normalisedBy } from './algebra.js';

let chosen: number | undefined;

/**
 * A prime below 2^26, so that products of two residues are exact in doubles. Another one in each run: weights that are multiples of
 * one that is known would be 0. It is chosen when it is needed, as loading the source of random numbers takes a twentieth of a short
 * command.
 */
export function prime(): number {
  chosen ??= primeBelow(2 ** 26 - (globalThis.crypto.getRandomValues(new Uint32Array(1))[0] >>> 7));
  return chosen;
}

function primeBelow(limit: number): number {
  for (let n = limit - 1; ; n--) if (isPrime(n)) return n;
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}

const modulo = (a: number) => ((a % prime()) + prime()) % prime();
const mul = (a: number, b: number) => (a * b) % prime();
const add = (a: number, b: number) => (a + b) % prime();
const sum = (terms: readonly number[]) => terms.reduce(add, 0);

function power(a: number, exponent: number): number {
  let [result, square] = [1, a];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = mul(result, square);
    square = mul(square, square);
  }
  return result;
}

/** By Fermat; 0 has none, and is its own here. */
const inverse = (a: number) => power(a, prime() - 2);

const inverses = new Map<bigint, number>();

function residueOf({ num, den }: Rational): number {
  let known = inverses.get(den);
  if (known === undefined) {
    known = inverse(modulo(Number(den % BigInt(prime()))));
    if (inverses.size > 1000) inverses.clear();
    inverses.set(den, known);
  }
  return mul(modulo(Number(num % BigInt(prime()))), known);
}

/** A map without any law: one number for each name and list of numbers. */
function arbitrary(name: string, args: readonly number[]): number {
  const seed = [...name].reduce((total, letter) => modulo(total * 257 + letter.charCodeAt(0)), args.length);
  return args.reduce((total, a) => power(add(mul(total, 48_271), a + 1), 5), seed);
}

/**
 * Numbers modulo a prime, in which functions, maxima and the like are arbitrary maps. What is one formula, up to the laws of
 * addition and multiplication, has one value, whatever order its sums are in; two values are of two formulas, however little
 * they differ in numbers. Equal values of different formulas are an accident, or made on purpose.
 */
export const residues: Algebra<number> = {
  name: 'residues',
  zero: 0,
  of: residueOf,
  add,
  sub: (a, b) => modulo(a - b),
  mul,
  min: (a, b) => arbitrary('min', [a, b]),
  max: (a, b) => arbitrary('max', [a, b]),
  relu: (a) => arbitrary('relu', [a]),
  div: (a, b) => mul(a, inverse(b)),
  apply: (fn: FunctionName, a) => arbitrary(fn, [a]),
  power,
  normalise: (x, epsilon) => normalisedBy(residues, x, epsilon),
  argmax: (x) => arbitrary('argmax', x),
  dot: (a, b) => a.reduce((total, entry, k) => add(total, mul(entry, b[k])), 0),
  sum,
  softmax: (z) => {
    const powers = z.map((logit) => arbitrary('exp', [logit]));
    const total = inverse(sum(powers));
    return powers.map((entry) => mul(entry, total));
  },
};
