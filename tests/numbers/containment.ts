import { type Arithmetic, PARTIAL } from '../../src/numbers/arithmetic.js';
import { Rational } from '../../src/numbers/rational.js';
import { BINARY, type BinaryName, type Bound, type Oracle, UNARY, type UnaryName } from './oracle.js';
import { nastyBox, pointsOf } from './samples.js';

type Box = readonly [lo: number, hi: number];
type Random = () => number;

/** The exact ends of an enclosure, as the oracle takes them. */
export type BoundsOf<I> = (arithmetic: Arithmetic<I>, x: I) => readonly [lo: Bound, hi: Bound];

export const exactBounds = <I>(arithmetic: Arithmetic<I>, x: I) => [arithmetic.lower(x), arithmetic.upper(x)] as const;

export const doubleBounds = <I>(arithmetic: Arithmetic<I>, x: I) => {
  const { lo, hi } = arithmetic.outer(x);
  return [lo, hi] as const;
};

const EXPONENTS = [-7, -2, -1, 0, 1, 2, 3, 4, 10, 31, 100] as const;
export const FRACTIONS = [
  [1, 2],
  [3, 2],
  [1, 3],
  [2, 3],
  [-1, 2],
  [-5, 3],
  [7, 5],
] as const;

/**
 * Evaluates every operation on random boxes and reports each point whose value, by the oracle, is missed, and each point
 * outside the domain that left no mark.
 */
export function containmentFailures<I>(
  arithmetic: Arithmetic<I>,
  oracle: Oracle,
  bounds: BoundsOf<I>,
  random: Random,
  rounds: number,
): string[] {
  const failures: string[] = [];
  const check = (call: string, result: I, verdict: (lo: Bound, hi: Bound) => boolean | undefined) => {
    const isMissed = arithmetic.isEmpty(result)
      ? verdict(1, -1) !== undefined
      : verdict(...bounds(arithmetic, result)) === false;
    const isUnmarked = verdict(1, -1) === undefined && (arithmetic.mark(result) & PARTIAL) === 0;
    if (isMissed || isUnmarked) failures.push(`${arithmetic.name}: ${call} ${isMissed ? 'missed' : 'unmarked'}`);
  };
  const interval = ([lo, hi]: Box) => arithmetic.fromDoubles(lo, hi);

  const unary = (name: UnaryName) => {
    const box = nastyBox(random);
    const result = arithmetic[name](interval(box));
    for (const x of pointsOf(box, random)) {
      check(`${name}[${box}] at ${x}`, result, (lo, hi) => oracle.unary(name, x, lo, hi));
    }
  };
  const binary = (name: BinaryName) => {
    const [a, b] = [nastyBox(random), nastyBox(random)];
    const result = arithmetic[name](interval(a), interval(b));
    for (const x of pointsOf(a, random)) {
      for (const y of pointsOf(b, random)) {
        check(`${name}([${a}], [${b}]) at ${x}, ${y}`, result, (lo, hi) => oracle.binary(name, x, y, lo, hi));
      }
    }
  };
  const power = (p: number, q: number) => {
    const box = nastyBox(random);
    const result = q === 1 ? arithmetic.pown(interval(box), p) : arithmetic.pow(interval(box), Rational.of(p, q));
    for (const x of pointsOf(box, random)) {
      check(`[${box}]^${p}/${q} at ${x}`, result, (lo, hi) => oracle.power(x, p, q, lo, hi));
    }
  };

  for (let round = 0; round < rounds; round++) {
    UNARY.forEach(unary);
    BINARY.forEach(binary);
    power(EXPONENTS[round % EXPONENTS.length], 1);
    const [p, q] = FRACTIONS[round % FRACTIONS.length];
    power(p, q);
  }
  return failures;
}
