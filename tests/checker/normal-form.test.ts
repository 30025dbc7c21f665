import { describe, expect, it } from 'vitest';
import { Atoms } from '../../src/checker/atoms.js';
import { combine, constantForm, equal, type Form, isConstant } from '../../src/checker/forms.js';
import { Fraction } from '../../src/checker/fraction.js';

const number = (n: number, d = 1n) => Fraction.of(n, d);
const one = constantForm(Fraction.one);

function setting() {
  const atoms = new Atoms(true);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => atoms.input(name));
  const multiple = (form: Form, factor: Fraction) => combine([[form, factor]]);
  const over = (dividend: Form, divisor: Form) => atoms.product(dividend, atoms.apply('power', divisor, number(-1)));
  return { atoms, a, b, c, multiple, over };
}

describe('the entries of a softmax', () => {
  it('add up to 1, in every order, with equal logits among them, and in multiples', () => {
    const { atoms, a, b, c, multiple } = setting();
    const shares = atoms.softmax([a, b, c]);
    expect(equal(atoms.sum(shares), one)).toBe(true);
    expect(equal(atoms.sum(shares.toReversed()), one)).toBe(true);
    expect(equal(atoms.sum(atoms.softmax([a, b, a, a])), one)).toBe(true);
    const thrice = atoms.sum([...shares.map((share) => multiple(share, number(3))), a]);
    expect(equal(thrice, combine([[a, Fraction.one], [one, number(3)]]))).toBe(true); // biome-ignore format: one form
  });

  it('do not where one is left out, there twice, or weighed otherwise', () => {
    const { atoms, a, b, c, multiple } = setting();
    const [p, q, r] = atoms.softmax([a, b, c]);
    const [s] = atoms.softmax([a, b]);
    for (const forms of [[p, q], [p, q, q, r], [p, q, multiple(r, number(2))], [p, q, s], [p, q, multiple(r, number(-1))]]) // biome-ignore format: a list
      expect(isConstant(atoms.sum(forms))).toBe(false);
    const [u, v, w] = atoms.softmax([a, a, b]);
    expect(equal(u, v)).toBe(true);
    expect(isConstant(atoms.sum([u, w]))).toBe(false);
    expect(isConstant(atoms.sum([u, u, w]))).toBe(true);
  });

  it('average what is the same everywhere to itself, and nothing else', () => {
    const { atoms, a, b, c } = setting();
    const shares = atoms.softmax([a, b]);
    expect(equal(atoms.dot(shares.map((share) => [share, c] as const)), c)).toBe(true);
    expect(equal(atoms.dot([[shares[0], c], [shares[1], a]]), c)).toBe(false); // biome-ignore format: a row
    expect(equal(atoms.dot([[shares[0], c]]), c)).toBe(false); // biome-ignore format: a row
  });
});

describe('quotients', () => {
  it('with one divisor add up to the quotient of the sum, where that is a number', () => {
    const { atoms, a, b, multiple, over } = setting();
    const [x, y] = [a, b].map((form) => atoms.apply('exp', form));
    const total = atoms.sum([x, y]);
    expect(equal(atoms.sum([over(x, total), over(y, total)]), one)).toBe(true);
    expect(equal(atoms.sum([over(x, x)]), one)).toBe(true);
    const half = multiple(total, number(1, 2n));
    expect(equal(atoms.sum([over(x, half), over(y, half)]), constantForm(number(2)))).toBe(true);
    for (const forms of [[over(x, total)], [over(x, total), over(x, total)], [over(x, total), over(y, x)]])
      expect(isConstant(atoms.sum(forms))).toBe(false);
    expect(isConstant(atoms.sum([over(x, total), multiple(over(y, total), number(-1))]))).toBe(false);
  });

  it('are defined where the divisor is positive, and have to be shown to be elsewhere', () => {
    const { atoms, a, b, over } = setting();
    const [x, y] = [a, b].map((form) => atoms.apply('exp', form));
    const [p] = atoms.softmax([a, b]);
    for (const divisor of [
      x,
      atoms.sum([x, y]),
      atoms.sum([one, x]),
      p,
      atoms.product(x, y),
      atoms.product(p, over(one, x)),
    ])
      over(one, divisor);
    expect(atoms.partial).toEqual([]);
    const differences = [a, combine([[x, Fraction.one], [y, number(-1)]]), combine([[x, Fraction.one], [one, number(-1)]]), atoms.relu(a), atoms.product(x, a)]; // biome-ignore format: a list
    for (const divisor of differences) over(one, divisor);
    expect(atoms.partial.length).toBe(differences.length);
    expect(() => over(one, constantForm(Fraction.zero))).toThrow();
    expect(() => new Atoms().apply('power', atoms.input('a'), number(-1))).toThrow(/not defined everywhere/);
  });
});
