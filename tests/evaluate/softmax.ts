import { Decimal } from 'decimal.js';
import { init } from 'gmp-wasm';
import type { Algebra } from '../../src/evaluate/algebra.js';
import type { Arithmetic } from '../../src/numbers/arithmetic.js';
import { fromFloat } from '../../src/numbers/convert.js';

const gmp = await init();
const BITS = 300;
const Wide = Decimal.clone({ precision: 200, minE: -9e15, maxE: 9e15, toExpNeg: -1e15 });
/** MPFR's exp at 300 bits and its decimal digits leave a relative error far below this. */
const ORACLE_ERROR = '1e-80';

/** The softmax of logits that are doubles, by MPFR's exp with 300 bits. */
export function softmaxAt(logits: readonly number[]): Decimal[] {
  const ctx = gmp.getContext({ precisionBits: BITS });
  const top = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((z) =>
    decimalOf(
      ctx
        .Float(ctx.Float(z).sub(ctx.Float(top)))
        .exp()
        .toString(),
    ),
  );
  const total = powers.reduce((a, b) => a.add(b));
  const values = powers.map((power) => power.div(total));
  ctx.destroy();
  return values;
}

function decimalOf(text: string): Decimal {
  return new Wide(text.replace('@', 'e').replace('-Inf', '-Infinity'));
}

/** Whether an interval holds a value of the oracle, with no slack but the oracle's own error. */
export function holds<I>(A: Arithmetic<I>, p: I, value: Decimal): boolean {
  const error = value.mul(ORACLE_ERROR);
  const [lo, hi] = boundsOf(A, p, value);
  return lo !== undefined && hi !== undefined && lo.lte(value.add(error)) && hi.gte(value.sub(error));
}

/** Exact bounds; doubles around them where the numbers are too small for exact ones to be written out. */
function boundsOf<I>(A: Arithmetic<I>, p: I, value: Decimal): (Decimal | undefined)[] {
  if (A.isEmpty(p)) return [undefined, undefined];
  const isTiny = value.lt('1e-300');
  const { lo, hi } = A.outer(p);
  if (isTiny && !(Number.isFinite(lo) && Number.isFinite(hi))) return [undefined, undefined];
  const ends = isTiny ? [fromFloat(lo), fromFloat(hi)] : [A.lower(p), A.upper(p)];
  return ends.map((end) => end && new Wide(end.num.toString()).div(end.den.toString()));
}

/** Logits as attention meets them: close, far apart, huge, equal, with one that stands out. */
export function nastyLogits(random: () => number): number[] {
  const length = 1 + Math.floor(random() * 6);
  const scale = [1, 30, 800, 1e6, 1e13][Math.floor(random() * 5)];
  const kind = Math.floor(random() * 3);
  return Array.from({ length }, (_, i) => {
    if (kind === 0) return (Math.sqrt(random()) * 2 - 1) * scale;
    if (kind === 1) return scale + random();
    return i === 0 ? scale : -scale * random();
  });
}

/**
 * Evaluates a softmax at random point boxes and reports each entry whose enclosure misses the value: no slack but the
 * oracle's own error.
 */
export function softmaxFailures<I>(
  A: Arithmetic<I>,
  softmax: Algebra<I>['softmax'],
  random: () => number,
  rounds: number,
): string[] {
  const failures: string[] = [];
  for (let n = 0; n < rounds; n++) {
    const logits = nastyLogits(random);
    const p = softmax(logits.map((z) => A.fromDoubles(z, z)));
    softmaxAt(logits).forEach((value, i) => {
      if (A.mark(p[i]) !== 0 || !holds(A, p[i], value)) failures.push(`entry ${i} of softmax(${logits})`);
    });
  }
  return failures;
}
