import { isGuaranteed } from '../numbers/arithmetic.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';

/** slope t + offset for all t >= from. */
interface Ray {
  readonly slope: Rational;
  readonly offset: Rational;
  readonly from: Rational;
}

/**
 * A T such that a formula in one variable is linear below -T and above T, with its slopes there, both in the direction away
 * from 0. Null when it is not made of sums, multiples, minima, maxima and moduli alone.
 */
export function linearBeyond(
  e: E.Expression,
  variable: string,
): { readonly T: Rational; readonly slopes: readonly [Rational, Rational] } | null {
  const [right, left] = [1, -1].map((sign) => rayOf(e, variable, Rational.of(sign)));
  if (!right || !left) return null;
  return { T: right.from.max(left.from).max(Rational.one), slopes: [left.slope, right.slope] };
}

/** How the formula goes on for variable = sign t, t to infinity. */
function rayOf(root: E.Expression, variable: string, sign: Rational): Ray | null {
  const level = (offset: Rational): Ray => ({ slope: Rational.zero, offset, from: Rational.zero });
  return E.fold<Ray | null>(root, (e, below) => {
    switch (e.kind) {
      case 'constant':
        return level(e.value);
      case 'variable':
        return e.name === variable ? { ...level(Rational.zero), slope: sign } : null;
      case 'sum':
        return e.terms.reduce<Ray | null>((sum, { coefficient, of }) => {
          const term = below(of);
          return sum && term && added(sum, scaled(term, coefficient));
        }, level(e.constant));
      case 'application': {
        const args = e.args.map(below);
        if (!args.every((arg) => arg !== null)) return null;
        if (e.fn.name === 'max') return args.reduce(larger);
        if (e.fn.name === 'min') return negated(args.map(negated).reduce(larger));
        return e.fn.name === 'abs' ? larger(args[0], negated(args[0])) : null;
      }
      default:
        return null;
    }
  });
}

function added(a: Ray, b: Ray): Ray {
  return { slope: a.slope.add(b.slope), offset: a.offset.add(b.offset), from: a.from.max(b.from) };
}

function scaled(a: Ray, factor: Rational): Ray {
  return { slope: a.slope.mul(factor), offset: a.offset.mul(factor), from: a.from };
}

const negated = (a: Ray): Ray => scaled(a, Rational.of(-1));

/** The larger of two, from where they have crossed for the last time. */
function larger(a: Ray, b: Ray): Ray {
  const from = a.from.max(b.from);
  if (a.slope.equals(b.slope)) return { ...(a.offset.lt(b.offset) ? b : a), from };
  const crossing = b.offset.sub(a.offset).div(a.slope.sub(b.slope));
  return { ...(a.slope.lt(b.slope) ? b : a), from: from.max(crossing) };
}

/** What a variable ranges over: between two numbers, of which either may be infinite. */
export type Piece = readonly [lo: number | Rational, hi: number | Rational];

/** An upper bound of a formula over a box with infinite sides; null where none is found, or the formula may be undefined. */
export function upperBoundOver(e: E.Expression, pieces: ReadonlyMap<string, Piece>): Rational | null {
  const A = doubleIntervals;
  const side = ([lo, hi]: Piece) => A.hull(A.fromDoubles(below(lo), below(hi)), A.fromDoubles(above(lo), above(hi)));
  const box = new Map([...pieces].map(([name, piece]) => [name, side(piece)]));
  try {
    const value = E.enclose(e, A, box);
    return isGuaranteed(A, value) ? (A.upper(value) ?? null) : null;
  } catch (error) {
    if (error instanceof E.DomainError || error instanceof RangeError) return null;
    throw error;
  }

  function below(end: number | Rational): number {
    return typeof end === 'number' ? end : A.outer(A.of(end)).lo;
  }
  function above(end: number | Rational): number {
    return typeof end === 'number' ? end : A.outer(A.of(end)).hi;
  }
}

/** The box of finite sides [-T, T] where a variable ranges over all reals, and the rest of space in pieces. */
export function piecesOfSpace(free: readonly string[], T: number): ReadonlyMap<string, Piece>[] {
  const own: Piece[] = [
    [Number.NEGATIVE_INFINITY, -T],
    [-T, T],
    [T, Number.POSITIVE_INFINITY],
  ];
  const all = free.reduce<ReadonlyMap<string, Piece>[]>(
    (cells, name) => cells.flatMap((cell) => own.map((piece) => new Map([...cell, [name, piece]]))),
    [new Map()],
  );
  return all.filter((cell) => [...cell.values()].some((piece) => piece !== own[1]));
}
