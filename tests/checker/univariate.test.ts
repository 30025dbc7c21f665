import { expect, test } from 'vitest';
import { Atoms } from '../../src/checker/atoms.js';
import { combine, constantForm, type Form } from '../../src/checker/forms.js';
import { Fraction } from '../../src/checker/fraction.js';
import { Point } from '../../src/checker/point.js';
import { curveOf } from '../../src/checker/univariate.js';
import { cases, stream } from '../numbers/samples.js';

/** A sum of relus of x, and of relus of such sums where it is deep, with kinks that coincide and lie at the ends. */
function drawn(atoms: Atoms, random: () => number, depth: number): Form {
  const number = () => Fraction.of(Math.floor(9 * random()) - 4, BigInt(1 + Math.floor(3 * random())));
  const terms = Array.from({ length: 1 + Math.floor(5 * random()) }, () => {
    const isPlain = depth === 0 || random() < 0.4;
    const inner = isPlain ? atoms.input('x') : drawn(atoms, random, depth - 1);
    const argument = combine([
      [inner, number()],
      [constantForm(number()), Fraction.one],
    ]);
    return [random() < 0.2 ? argument : atoms.relu(argument), number()] as const;
  });
  return combine(terms);
}

test.each([0, 2])('curves of networks of depth %i are the networks at corners and between them', (depth) => {
  const random = stream(11 + depth);
  let bent = 0;
  for (let run = 0; run < cases(depth === 0 ? 300 : 100, 20_000); run++) {
    const atoms = new Atoms();
    const form = drawn(atoms, random, depth);
    const side = { lo: Fraction.of(Math.floor(4 * random()) - 3), hi: Fraction.of(Math.floor(4 * random())) };
    const curve = curveOf(atoms, form, side);
    const at = (x: Fraction) => new Point(atoms, new Map([['x', x]])).exact(form)!;
    expect([curve[0][0], curve.at(-1)![0]]).toEqual([side.lo, side.hi]);
    const slopes = curve.slice(1).map(([x, y], k) => {
      const [from, height] = curve[k];
      if (side.lo.equals(side.hi)) return null;
      expect(from.lt(x)).toBe(true);
      for (const share of [
        Fraction.zero,
        Fraction.of(1, 3n),
        Fraction.of(Math.floor(100 * random()), 100n),
        Fraction.one,
      ]) {
        const between = (a: Fraction, b: Fraction) => a.add(share.mul(b.sub(a)));
        expect(at(between(from, x)).equals(between(height, y))).toBe(true);
      }
      return y.sub(height).div(x.sub(from));
    });
    for (let k = 1; k < slopes.length; k++) expect(slopes[k]!.equals(slopes[k - 1]!)).toBe(false);
    bent += slopes.length - 1;
  }
  expect(bent).toBeGreaterThan(100);
});
