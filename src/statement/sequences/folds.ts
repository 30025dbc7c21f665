import { Rational } from '../../numbers/rational.js';

/** A finite machine over a list of items. */
export interface Fold {
  readonly name: string;
  next(state: number, item: readonly Rational[]): number;
  value(state: number): Rational;
  /** Whether nothing that comes changes the value. */
  isFinal?(state: number): boolean;
}

/** The carry out of adding two lists of digits, least significant first. */
export function carryFold(base: Rational): Fold {
  return {
    name: `carry${base}`,
    next: (carry, [a, b]) => (a.add(b).add(Rational.of(carry)).lt(base) ? 0 : 1),
    value: (carry) => Rational.of(carry),
  };
}

const FAILED = -1;

/** 1 where brackets match, else 0; the state is their depth. */
export function balanceFold(open: Rational, close: Rational): Fold {
  return {
    name: `balanced${open}/${close}`,
    next: (depth, [symbol]) => {
      if (depth === FAILED || symbol.equals(open)) return depth === FAILED ? FAILED : depth + 1;
      return symbol.equals(close) ? depth - 1 : depth;
    },
    value: (depth) => (depth === 0 ? Rational.one : Rational.zero),
    isFinal: (depth) => depth === FAILED,
  };
}

/** The state of an automaton; row k of the table holds the next states for the symbol k. */
export function automatonFold(table: readonly (readonly number[])[]): Fold {
  return {
    name: `automaton[${table.map((row) => row.join(' ')).join(';')}]`,
    next: (state, [symbol]) => table[Number(symbol.num)][state],
    value: (state) => Rational.of(state),
  };
}
