import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from '../../src/numbers/arithmetic.js';
import { approximate } from '../../src/numbers/convert.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { differentiate, toFloat64, toIntervals, toText } from '../../src/symbolic/index.js';
import { EVERYTHING, expressions, VARIABLES } from './arbitrary.js';

const PYTHON = '/usr/bin/python3';
const available = spawnSync(PYTHON, ['-c', 'import mpmath']).status === 0;

/** Prints value and x-derivative of each expression at each point with 60 digits, null where mpmath refuses. */
const SCRIPT = `
import json, sys
from mpmath import mp, mpf, diff, mpc
import mpmath
mp.dps = 80
names = {f: getattr(mpmath, f) for f in ('exp', 'log', 'sin', 'cos', 'tanh', 'sqrt', 'pi')}
names.update(abs=abs, min=min, max=max, F=lambda t: mpf(t))
def real(v):
    return mpmath.nstr(mpf(v), 60, min_fixed=0, max_fixed=0) if mpmath.isfinite(v) and not isinstance(v, mpc) else None
def attempt(f):
    try: return real(f())
    except (ZeroDivisionError, ValueError, TypeError, OverflowError): return None
out = []
for text, point in json.load(sys.stdin):
    at = {k: mpf(p) / mpf(q) for k, (p, q) in point.items()}
    code = compile(text, 'expression', 'eval')
    f = lambda x: eval(code, dict(names, **dict(at, x=x)))
    out.append([attempt(lambda: f(at['x'])), attempt(lambda: diff(f, at['x']))])
json.dump(out, sys.stdout)
`;

/** Python's ** binds as ^ does here, and its numbers become exact quotients of mpf. */
function toPython(text: string): string {
  return text.replaceAll('^', '**').replaceAll(/(?<![\w.])\d+/g, (digits) => `F(${digits})`);
}

describe.skipIf(!available)('against mpmath', () => {
  const dyadic = fc.integer({ min: -96, max: 96 }).map((n) => Rational.of(n, 32));
  const cases = fc.sample(fc.tuple(expressions(EVERYTHING), dyadic, dyadic, dyadic), { numRuns: 600, seed: 20 });

  it('values and derivatives lie in their enclosures', () => {
    const questions = cases.map(([e, ...values]) => [
      toPython(toText(e)),
      Object.fromEntries(VARIABLES.map((name, i) => [name, [Number(values[i].num), Number(values[i].den)]])),
    ]);
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT], { input: JSON.stringify(questions), maxBuffer: 1e8 });
    expect(stderr.toString()).toBe('');
    const answers: [string | null, string | null][] = JSON.parse(stdout.toString());
    let compared = 0;
    cases.forEach(([e, ...values], i) => {
      const floats = values.map(approximate);
      const box = floats.map((x) => doubleIntervals.fromDoubles(x, x));
      const both = [e, differentiate(e, 'x')];
      const enclosures = toIntervals(both, VARIABLES, doubleIntervals)(box);
      const numbers = toFloat64(both, VARIABLES)(floats);
      answers[i].forEach((text, k) => {
        if (text === null || enclosures[k].mark !== 0) return;
        const isKink = k === 1 && /select/.test(toText(both[1]));
        const exact = parseRational(text);
        const slack = exact
          .abs()
          .add(Rational.one)
          .mul(Rational.pow2(k === 0 ? -190 : -90));
        const wide = doubleIntervals.add(enclosures[k], doubleIntervals.between(slack.neg(), slack));
        if (!isKink) expect(contains(doubleIntervals, wide, exact), `${toText(both[k])} at ${floats}`).toBe(true);
        if (!isKink && Math.abs(numbers[k]) < 1e6 && enclosures[k].hi - enclosures[k].lo < 1e-9) {
          expect(numbers[k]).toBeCloseTo(approximate(exact), 6);
        }
        compared += 1;
      });
    });
    expect(compared).toBeGreaterThan(400);
  });
});
