import { Fraction } from './fraction.js';

/** A closed interval of rational numbers: what one entry of an input ranges over, or where a number lies. */
export interface Side {
  readonly lo: Fraction;
  readonly hi: Fraction;
}

/** 0 alone; also where constants are functions of no input. */
export const ORIGIN: Side = { lo: Fraction.zero, hi: Fraction.zero };

/** The least interval that holds all of the given ones. */
export function hullOf(sides: readonly Side[]): Side {
  return sides.reduce((a, b) => ({ lo: a.lo.min(b.lo), hi: a.hi.max(b.hi) }));
}

/** For each input of the network, the interval that its entries range over; null for all real numbers. */
export type Domain = ReadonlyMap<string, Side | null>;
