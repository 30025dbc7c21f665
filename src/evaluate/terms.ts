import { greatestProduct, leastProduct } from '../numbers/interval.js';

/** Intervals one after the other in two arrays, which grow and are used again: terms of a sum that nobody keeps. */
export class Terms {
  lo = new Float64Array(64);
  hi = new Float64Array(64);
  length = 0;

  push(lo: number, hi: number): void {
    if (this.length === this.lo.length) {
      this.lo = doubled(this.lo);
      this.hi = doubled(this.hi);
    }
    this.lo[this.length] = lo;
    this.hi[this.length] = hi;
    this.length += 1;
  }

  /** The product of two intervals. */
  pushProduct(aLo: number, aHi: number, bLo: number, bHi: number): void {
    this.push(leastProduct(aLo, aHi, bLo, bHi), greatestProduct(aLo, aHi, bLo, bHi));
  }
}

function doubled(list: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * list.length);
  longer.set(list);
  return longer;
}
