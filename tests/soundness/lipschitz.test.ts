import { describe, expect, it } from 'vitest';
import { Unfinished, within } from '../../src/deadline.js';
import { approximate } from '../../src/numbers/convert.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import { lipschitzConstant, parseExpression, type Supremum } from '../../src/symbolic/index.js';
import { type Kinked, kinked } from '../generators/kinked.js';
import { NIGHTLY, share } from '../generators/thinned.js';

const RUNS = NIGHTLY ? share(100_000) : 120;
/**
 * Milliseconds for a search of the longer form but for one in fifty, in functions of one variable and at most two levels: it
 * ends with bounds as good as exact for two in three, and with the ones so far for the rest.
 */
const BRIEF = 3;
const HOURS = 4 * 3600 * 1000;
/** Distances over which quotients are taken: one between neighbours of a coarse grid, one as good as a derivative. */
const STEPS = [Rational.of(1, 24), Rational.pow2(-80)];

/** Null where the time was over before there was any bound, as on a crowded machine. */
function briefly(search: () => Supremum): Supremum | null {
  try {
    return within(Date.now() + BRIEF, search);
  } catch (error) {
    if (error instanceof Unfinished) return null;
    throw error;
  }
}

const boxOf = (variables: readonly string[], hi: Rational) =>
  new Map(variables.map((name) => [name, { lo: Rational.zero, hi }]));

/** Exact difference quotients in the max norm from the points of a grid to corners of a small cube around them. */
function* quotients({ value }: Kinked, dimension: number, hi: Rational) {
  const cells = dimension === 1 ? 24 : 5;
  const axis = Array.from({ length: cells + 1 }, (_, k) => hi.mul(Rational.of(k, cells)));
  const grid = dimension === 1 ? axis.map((x) => [x]) : axis.flatMap((x) => axis.map((y) => [x, y]));
  const directions =
    dimension === 1
      ? [[1]]
      : [
          [1, 1],
          [1, -1],
        ];
  for (const from of grid) {
    const start = value(from);
    for (const step of STEPS) {
      for (const direction of directions) {
        const to = from.map((x, i) => x.add(step.mul(Rational.of(direction[i]))));
        const isInside = to.every((x) => x.sign() >= 0 && x.le(hi));
        if (isInside) yield value(to).sub(start).abs().div(step);
      }
    }
  }
}

/** The steepest slope of a function of one variable that climbs in exact difference quotients find. */
function climbed({ value }: Kinked, hi: Rational): number {
  const h = Rational.pow2(-90);
  const steepness = (s: number) => {
    const x = hi.mul(Rational.of(Math.round(s * 2 ** 40), 2 ** 40));
    const ends = [x.add(h), x.sub(h)].filter((end) => end.sign() >= 0 && end.le(hi));
    return Math.max(
      ...ends.map((end) =>
        approximate(
          value([end])
            .sub(value([x]))
            .abs()
            .div(h),
        ),
      ),
    );
  };
  const starts = Array.from({ length: 65 }, (_, k) => ({ x: k / 64, slope: steepness(k / 64) }));
  const best = starts.sort((a, b) => b.slope - a.slope).slice(0, 5);
  const tops = best.map((start) => {
    let { x, slope } = start;
    for (let step = 1 / 64; step > 2 ** -40; step /= 2) {
      for (const next of [Math.max(0, x - step), Math.min(1, x + step)]) {
        const there = steepness(next);
        if (there > slope) [x, slope] = [next, there];
      }
    }
    return slope;
  });
  return Math.max(...tops);
}

describe('Lipschitz constants of random functions', () => {
  it(
    `have ends in order, the lower attained, the upper never exceeded (${RUNS} functions)`,
    () => {
      const random = lehmer(NIGHTLY ? Date.now() % 1_000_000 : 12);
      let [compared, full, sharp] = [0, 0, 0];
      for (let run = 0; run < RUNS; run++) {
        const isBrief = NIGHTLY && run % 50 > 0;
        const variables = run % 3 === 2 && !isBrief ? ['z1', 'z2'] : ['z1'];
        const hi = Rational.of(1 + (run % 4));
        const f = kinked(random, variables, 1 + (run % (isBrief ? 2 : 3)));
        const search = () => lipschitzConstant(parseExpression(f.text, variables), boxOf(variables, hi));
        const found = isBrief ? briefly(search) : search();
        if (!found) continue;
        const { lower, upper } = found;
        expect(lower.le(upper), f.text).toBe(true);
        for (const quotient of quotients(f, variables.length, hi)) {
          if (upper.lt(quotient)) throw new Error(`${f.text} on [0, ${hi}]: a quotient ${quotient} above ${upper}`);
        }
        if (!isBrief && upper.le(lower.mul(Rational.of(1001, 1000)))) sharp += 1;
        if (!isBrief) full += 1;
        compared += 1;
        if (run % 24 === 0) expect(climbed(f, hi), f.text).toBeGreaterThanOrEqual(approximate(lower) * (1 - 1e-6));
      }
      expect(compared).toBeGreaterThan(0.99 * RUNS);
      expect(sharp / full).toBeGreaterThan(0.8);
    },
    HOURS,
  );

  const exact = (text: string, most: string): Supremum =>
    lipschitzConstant(parseExpression(text, ['z1', 'z2']), boxOf(['z1', 'z2'], Rational.of(BigInt(most))));

  it.each([
    ['min(max(0, z2 - z1 - 1/2), 4*z1/(16*z1^2 + 1/4))', '1', 16],
    ['z1/(1 + 16*z1^2)', '1', 1],
    ['min(z1/(z1^2 + 1/4), 1/3)', '4', 4],
    ['max(4*z1 - 3, z1/(1 + 16*z1^2))', '1', 4],
  ])('%s on [0, %s]^2 has %d', (text, most, constant) => {
    const { lower, upper } = exact(text, most);
    expect(approximate(lower)).toBe(constant);
    expect(approximate(upper)).toBeGreaterThanOrEqual(constant);
    expect(approximate(upper) - constant).toBeLessThan(1e-8);
  });
});
