import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Domain, domain, unitBox } from '../../src/enclose/box.js';
import { type Supremum, supNorm, supremum } from '../../src/enclose/supremum.js';
import { InputError } from '../../src/errors.js';
import { PARTIAL } from '../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';
import { cases } from '../numbers/samples.js';
import { EVERYTHING, expressions, rational, VARIABLES } from '../symbolic/arbitrary.js';
import { boxOf, KNOWN, knownFailure, NAMES, relativeWidth } from './known.js';

const parse = (text: string, variables = NAMES) => E.parseExpression(text, variables);
const line = (lo: string, hi: string) => boxOf([[lo, hi]]);

describe('a supremum that is known', () => {
  it.each(KNOWN)('of $title', (known) => {
    const box = boxOf(known.box);
    const functions = known.functions.map((text) => parse(text, [...box.variables]));
    const width = parseRational(known.width ?? '1e-12');
    const found = supremum(functions, box, { relativeWidth, absoluteWidth: width });
    expect(knownFailure(known, found)).toBeUndefined();
    expect(found.hi!.sub(found.lo).le(width.add(relativeWidth.mul(found.hi!.abs())))).toBe(true);
    expect(isAttained(functions, box, found)).toBe(true);
  });

  it('is a point where polynomials and kinks allow it', () => {
    for (const [text, sides] of [
      ['x*(1-x)', [['0', '1']]],
      ['abs(x - 1/3) + max(x, 1 - x)', [['0', '1']]],
      [
        'max(x + y, 2*x) - y/3',
        [
          ['1/3', '2/3'],
          ['0', '1/7'],
        ],
      ],
    ] as const) {
      const box = boxOf(sides);
      const { lo, hi, stopped } = supremum([parse(text, [...box.variables])], box, {});
      expect({ same: hi!.equals(lo), stopped }).toEqual({ same: true, stopped: 'exact' });
    }
  });

  it('of an absolute value, from both sides', () => {
    const { lo, hi } = supNorm(parse('x^3 - x'), line('-1', '2'), { relativeWidth });
    expect([lo, hi].map(String)).toEqual(['6', '6']);
    const below = supNorm(parse('x - 2'), line('0', '1'), { relativeWidth });
    expect([below.lo, below.hi].map(String)).toEqual(['2', '2']);
  });
});

function isAttained(functions: readonly E.Expression[], box: Domain, { lo, witness }: Supremum): boolean {
  const isInside = witness.every((x, i) => box.lo[i].le(x) && x.le(box.hi[i]));
  const A = ballIntervals(400);
  const at = new Map(box.variables.map((name, i) => [name, A.of(witness[i])]));
  return isInside && functions.some((f) => lo.le(A.upper(E.enclose(f, A, at))!));
}

describe('an enclosure of any expression', () => {
  it('holds the values at random points, however early the search stops', () => {
    const side = fc.tuple(rational, rational).map(([a, b]) => ({ lo: a.min(b), hi: a.max(b) }));
    const A = ballIntervals(256);
    let enclosed = 0;
    fc.assert(
      fc.property(
        expressions(EVERYTHING),
        fc.tuple(side, side, side),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.tuple(...VARIABLES.map(() => fc.integer({ min: 0, max: 12 }))), { minLength: 6, maxLength: 6 }),
        (expression, sides, mostBoxes, places) => {
          const box = domain(sides.map((ends, i) => ({ variable: VARIABLES[i], ...ends })));
          let found: Supremum;
          try {
            found = supremum([expression], box, { mostBoxes });
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            return;
          }
          const value = (x: readonly Rational[]) =>
            E.toIntervals([expression], VARIABLES, A)(x.map((entry) => A.of(entry)))[0];
          const at = value(found.witness);
          expect(A.mark(at) & PARTIAL).toBe(0);
          expect(found.lo.le(A.upper(at) ?? found.lo)).toBe(true);
          if (!found.hi) return;
          enclosed += 1;
          expect(found.lo.le(found.hi)).toBe(true);
          for (const place of places) {
            const x = place.map((k, i) => box.lo[i].add(box.hi[i].sub(box.lo[i]).mul(Rational.of(k, 12))));
            const attained = value(x);
            if (A.isEmpty(attained)) continue;
            expect((A.lower(attained) ?? found.hi).le(found.hi), `${E.toText(expression)} at ${x}`).toBe(true);
          }
        },
      ),
      { numRuns: cases(250, 20_000) },
    );
    expect(enclosed).toBeGreaterThan(80);
  });
});

describe('stopping', () => {
  const hard = parse('sin(3*x + 2*y) + cos(3*x + 2*y)');
  const square = boxOf([
    ['0', '1'],
    ['1/3', '2/3'],
  ]);

  it('after the boxes allowed leaves a true enclosure', () => {
    let before: Supremum | null = null;
    for (const mostBoxes of [1, 5, 40, 400]) {
      const found = supremum([hard], square, { mostBoxes });
      expect(found.stopped).toBe('boxes');
      expect(found.lo.le(found.hi!)).toBe(true);
      if (before) {
        expect(found.hi!.le(before.hi!)).toBe(true);
        expect(before.lo.le(found.lo)).toBe(true);
      }
      before = found;
    }
  });

  it('at the deadline leaves what was reached, for one expression and for two', () => {
    for (const functions of [[parse('-(x - y)^2 - abs(sin(x) - x*exp(-y))')], [hard, E.neg(hard)]]) {
      const start = Date.now();
      const { stopped, lo, hi } = supremum(functions, square, { deadline: start + 50, mostBoxes: 10 ** 7 });
      expect(['time', 'precision', 'exact']).toContain(stopped);
      expect(Date.now() - start).toBeLessThan(20_000);
      expect(lo.le(hi!)).toBe(true);
    }
    const past = supremum([hard], square, { deadline: 0 });
    expect(past.stopped).toBe('time');
    expect(past.hi).not.toBeNull();
  });

  it('once a bound is decided either way', () => {
    const above = supremum([hard], square, { bound: Rational.of(2) });
    expect({ stopped: above.stopped, below: above.hi!.le(Rational.of(2)) }).toEqual({ stopped: 'bound', below: true });
    const refuted = supremum([hard], square, { bound: Rational.of(1, 2) });
    expect({ stopped: refuted.stopped, above: Rational.of(1, 2).lt(refuted.lo) }).toEqual({
      stopped: 'bound',
      above: true,
    });
  });

  it('reports progress with true bounds', () => {
    const seen: (readonly [number, Rational | null, Rational | null])[] = [];
    supremum([hard], square, { mostBoxes: 3000, progress: (...report) => void seen.push(report) });
    expect(seen.length).toBeGreaterThan(1);
    for (const [, lo, hi] of seen) expect(lo!.le(hi!)).toBe(true);
  });

  it('is deterministic', () => {
    const run = () => supremum([hard], square, { relativeWidth: Rational.of(1, 1000) });
    const text = ({ lo, hi, witness, boxes }: Supremum) => `${lo} ${hi} ${witness} ${boxes}`;
    expect(text(run())).toBe(text(run()));
  });

  it('climbs to more bits where doubles are blurred', () => {
    const { lo, hi, arithmetic } = supremum([parse('x - x^3')], line('0', '1'), {
      relativeWidth: Rational.pow2(-90),
    });
    expect(arithmetic).not.toBe('float64');
    expect(hi!.sub(lo).le(Rational.pow2(-90))).toBe(true);
    const four27 = Rational.of(4, 27);
    expect(lo.mul(lo).le(four27) && four27.le(hi!.mul(hi!))).toBe(true);
  });
});

describe('bad input', () => {
  const failure = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message;
    }
    return 'nothing was thrown';
  };

  it.each([
    ['log(x)', '-1', '1', /log\(x\) is undefined at x = -?\d/],
    ['1/(x - 1/2)', '0', '1', /is undefined at x = 1\/2/],
    ['sqrt(x - 2) + x', '1/3', '2/3', /is undefined at x = 1\/2/],
    ['1/x', '0', '0', /undefined at x = 0/],
    ['log(x)*(1 + x)', '-2', '-1', /undefined at x = -3\/2/],
  ] as const)('%s on [%s, %s] is undefined at a point that is named', (text, lo, hi, message) => {
    expect(failure(() => supremum([parse(text, ['x'])], line(lo, hi), { relativeWidth }))).toMatch(message);
  });

  it('a pole is found where it is a number of the search, and leaves no upper bound elsewhere', () => {
    const pole = () => supremum([parse('1/x', ['x'])], line('0', '1'), { relativeWidth });
    expect(failure(pole)).toMatch(/1\/x is undefined at x = 0/);
    const { lo, hi } = supremum([parse('1/(x - 1/3)', ['x'])], line('0', '1'), { relativeWidth });
    expect(hi).toBeNull();
    expect(Rational.of(10 ** 9).lt(lo)).toBe(true);
  });

  it('a box with lo > hi', () => {
    expect(failure(() => line('1', '1/3'))).toMatch(/field 'x': the box side \[1, 1\/3\]; allowed: lo <= hi/);
  });

  it('has no effect on variables that do not occur', () => {
    const { lo, hi } = supremum([parse('x^2', ['x', 'y'])], unitBox(['x', 'y']), {});
    expect([lo, hi].map(String)).toEqual(['1', '1']);
  });
});
