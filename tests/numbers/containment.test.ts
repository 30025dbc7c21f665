import { describe, expect, it } from 'vitest';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { containmentFailures, doubleBounds, exactBounds } from './containment.js';
import { Oracle } from './oracle.js';
import { cases, stream } from './samples.js';

describe('every operation contains what MPFR computes at 300 bits', () => {
  it('on doubles', () => {
    const failures = containmentFailures(doubleIntervals, new Oracle(), doubleBounds, stream(1), cases(1_000, 20_000));
    expect(failures.slice(0, 10)).toEqual([]);
  }, 600_000);

  it.each([64, 128, 166])(
    'at %i bits',
    (precision) => {
      const arithmetic = ballIntervals(precision);
      const failures = containmentFailures(arithmetic, new Oracle(), exactBounds, stream(precision), cases(60, 2_000));
      expect(failures.slice(0, 10)).toEqual([]);
    },
    600_000,
  );

  it.each([256, 1000])(
    'at %i bits, against 3000',
    (precision) => {
      const arithmetic = ballIntervals(precision);
      const failures = containmentFailures(
        arithmetic,
        new Oracle(3000),
        exactBounds,
        stream(precision),
        cases(10, 300),
      );
      expect(failures.slice(0, 10)).toEqual([]);
    },
    600_000,
  );
});
