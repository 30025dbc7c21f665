import type { Algebra } from './algebra.js';

/** The number 0, whatever an input is. */
const NOTHING = -1;

/** Made of both; 0 adds nothing to a sum. */
const either = (a: number, b: number) => (a === NOTHING ? b : b === NOTHING ? a : a | b);
/** Made of both, where 0 is a number like others. */
const both = (a: number, b: number) => Math.max(a, 0) | Math.max(b, 0);
const product = (a: number, b: number) => (a === NOTHING || b === NOTHING ? NOTHING : a | b);
const all = (parts: readonly number[]) => parts.reduce(both, 0);

/**
 * What a number is made of: bits say of which groups of inputs, 0 of none, -1 that it is 0. Entries that no bit connects do not
 * influence each other, in whatever arithmetic.
 */
export const dependence: Algebra<number> = {
  name: 'groups of inputs',
  zero: NOTHING,
  of: (value) => (value.isZero() ? NOTHING : 0),
  add: either,
  sub: either,
  mul: product,
  min: both,
  max: both,
  relu: (a) => a,
  div: both,
  apply: (_, a) => Math.max(a, 0),
  power: (a) => a,
  normalise: (x) => x.map(() => all(x)),
  argmax: all,
  dot: (a, b) => a.reduce((sum, entry, k) => either(sum, product(entry, b[k])), NOTHING),
  sum: (terms) => terms.reduce(either, NOTHING),
  softmax: (z) => z.map(() => all(z)),
};
