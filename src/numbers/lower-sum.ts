import { addDown, isSafeProduct, mulDown, productError, subDown, sumError } from './rounding.js';

/**
 * A lower bound of a sum of doubles and of products of doubles, as if computed twice as precisely and rounded down
 * once (Ogita, Rump, Oishi, "Accurate sum and dot product", 2005). An upper bound is minus the bound of the negated sum.
 *
 * The partial sums run in doubles; the error of each addition and product is known exactly and collected in `tail`,
 * whose own n - 1 roundings lose at most (n - 1) u (1 + 2 n u) times the sum of sizes: nothing at all when n <= 1.
 */
export class LowerSum {
  private total = 0;
  private tail = 0;
  private size = 0;
  private count = 0;

  add(x: number): void {
    const sum = this.total + x;
    const error = sumError(this.total, x, sum);
    this.total = sum;
    if (error !== 0) this.collect(error);
  }

  addProduct(a: number, b: number): void {
    const product = a * b;
    if (isSafeProduct(a, b, product)) {
      const error = productError(a, b, product);
      if (error !== 0) this.collect(error);
      this.add(product);
    } else {
      this.add(mulDown(a, b));
    }
  }

  /** The bound; NaN when a term was infinite or the sum overflowed. */
  bound(): number {
    const high = this.total + this.tail;
    const low = sumError(this.total, this.tail, high);
    const lost = this.count > 1 ? (this.count - 1) * 2 ** -52 * this.size : 0;
    return Number.isFinite(high) ? addDown(high, subDown(low, lost)) : Number.NaN;
  }

  private collect(error: number): void {
    this.tail += error;
    this.size += Math.abs(error);
    this.count += 1;
  }
}
