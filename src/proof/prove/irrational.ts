import { InputError } from '../../errors.js';
import { roundedTo } from '../../numbers/significant-bits.js';
import { evaluateTerm, number, type Relation, type Side } from '../../statement/index.js';

/** A comparison with an irrational number as two with rational ones: the first implies it, it implies the second. */
export interface Bracketed {
  readonly stronger: Relation;
  readonly weaker: Relation;
}

const BITS = 60;

/**
 * `u <= 5*exp(-4)` between two rational bounds, so that what is bounded is u and no difference. Null where no side is an
 * irrational number, for equations and chains, and where a number itself is asked for.
 */
export function bracketed({ sides, comparisons }: Relation): Bracketed | null {
  if (sides.length !== 2 || comparisons[0] === '=' || sides.some(({ kind }) => kind === 'unknown')) return null;
  const ends = sides.map(irrational);
  const place = ends.findIndex((found) => found !== null);
  const found = ends[place];
  if (!found || ends[1 - place] !== null) return null;
  const isUpper = (place === 1) === comparisons[0].startsWith('<');
  const [below, above] = [roundedTo(found.lo, BITS, 'down'), roundedTo(found.hi, BITS, 'up')];
  const having = (value: typeof below): Relation => ({
    sides: sides.map((side, k) => (k === place ? number(value) : side)),
    comparisons,
  });
  return { stronger: having(isUpper ? below : above), weaker: having(isUpper ? above : below) };
}

class NotClosed extends Error {}

/** Bounds of a number that is not rational; null for what names anything, for rational numbers and where they are unknown. */
function irrational(side: Side) {
  if (side.kind === 'unknown') return null;
  try {
    const value = evaluateTerm(side, () => {
      throw new NotClosed();
    });
    return value.lo.equals(value.hi) ? null : value;
  } catch (error) {
    if (error instanceof NotClosed || error instanceof InputError || error instanceof RangeError) return null;
    if (error instanceof Error && error.name === 'DomainError') return null;
    throw error;
  }
}
