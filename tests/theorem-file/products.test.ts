import { expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { readInstance, withOverrides } from '../../src/instance/instance.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import type { Theorem } from '../../src/proof/theorem.js';
import { readTheorem } from '../../src/theorem-file/read.js';

const OPTIONS = { seed: 1, digits: 20, execution: [], progress: () => {} };
const verdictOf = async (text: string, params: readonly string[] = []) => {
  const theorem = readTheorem(text) as unknown as Theorem;
  return (await verify(theorem, withOverrides(readInstance(`theorem: ${theorem.id}\n`), params), OPTIONS)).verdict;
};

it('multiplies a list of matrices from the left to the right', async () => {
  const of = (entry: string) =>
    `theorem: a\nnetwork:\n  P: product([[[1, 1], [0, 1]], [[1, 0], [1, 1]], [[0, 1], [1, 0]]])\nclaims:\n  c: "${entry}"\n`;
  // [1 1; 0 1] [1 0; 1 1] = [2 1; 1 1], and the exchange of columns.
  expect(await verdictOf(of('P[1, 1] = 1 and P[1, 2] = 2 and P[2, 1] = 1 and P[2, 2] = 1'))).toBe('proved');
  await expect(verdictOf('theorem: a\nnetwork:\n  P: product([[1, 1], [0, 1]])\n')).rejects.toThrow('square matrices');
});

it.each([
  ['parameters: {integer: n, default: 0}', 'parameters <= 0', 'a size of the network'],
  ['depth: {integer: n, default: 0}', 'for all x in [0, 1]: y <= depth + 5', 'a size of the network'],
  ['erf: {function: f, default: "0*x"}', 'for all x in [0, 1]: y <= 2 + erf(1)', 'a word of the language'],
  [
    'margin: {function: f, of: [a, b], default: "0*a"}',
    'for all x in [0, 1]: y <= margin(1, 2)',
    'a word of statements',
  ],
  ['"\u0445": {integer: n, default: 0}', 'for all x in [0, 1]: y - 2*\u0445 <= 2', 'in double quotes'],
])('gives no second meaning to a name: %s', async (parameter, claim, why) => {
  const text = `theorem: a\nparameters:\n  ${parameter}\nnetwork:\n  x: input [1]\n  y: 2*relu(x)\nclaims:\n  c: "${claim}"\n`;
  await expect(verdictOf(text)).rejects.toThrow(why);
});

it.each([
  ['a parameter beside the function size', 'size', 'P: [size(eye(size)), size]', 'P[1] = P[2]'],
  ['a parameter at the ends of the range of its name', 'n', 'P: [6]', 'sum_{n in 1..n}(n) = P[1]'],
])('reads %s', async (_, parameter, network, claim) => {
  const integer = '{integer: order, min: 1, max: 9, default: 3}';
  const text = `theorem: a\nparameters:\n  ${parameter}: ${integer}\nnetwork:\n  ${network}\nclaims:\n  c: "${claim}"\n`;
  expect(await verdictOf(text)).toBe('proved');
});

it.each([
  ['-3 <= y', '5', 'refuted'],
  ['-3 <= y', '-4', 'proved'],
  ['y >= -3', '-2', 'refuted'],
  ['|y| <= ?', '2', 'refuted'],
  ['-4 < y', '-3', 'refuted'],
])('puts the bound of an instance where that of the claim stands: %s with %s', async (relation, bound, verdict) => {
  const theorem = readTheorem(
    `theorem: a\nnetwork:\n  x: input [1]\n  y: -3*x\nclaims:\n  c: "for all x in [0, 1]: ${relation}"\n`,
  ) as unknown as Theorem;
  const instance = readInstance(`theorem: a\nclaims: {c: {bound: ${bound}}}\n`);
  expect((await verify(theorem, instance, OPTIONS)).verdict).toBe(verdict);
});

it('holds each instance of one theorem against its own numbers', async () => {
  const theorem = readTheorem(
    'theorem: a\nparameters:\n  n: {integer: n, default: 3}\nnetwork:\n  x: input [1]\n  y: 3*x\n' +
      'claims:\n  c: "for all x in [0, 1]: y <= n"\n',
  ) as unknown as Theorem;
  const verdict = async (params: readonly string[], bound: string) =>
    (await verify(theorem, withOverrides(readInstance(`theorem: a\nclaims: {${bound}}\n`), params), OPTIONS)).verdict;
  expect(await verdict([], '')).toBe('proved');
  expect(await verdict(['n=2'], '')).toBe('refuted');
  expect(await verdict([], 'c: {bound: 2}')).toBe('refuted');
  expect(await verdict([], 'c: {bound: 3}')).toBe('proved');
});

it.each(['y = -3*x', 'y + x <= 4 - x', '1 <= 2', 'y <= 1 and y >= -3'])('takes no bound for %s', async (relation) => {
  const theorem = readTheorem(
    `theorem: a\nnetwork:\n  x: input [1]\n  y: -3*x\nclaims:\n  c: "for all x in [0, 1]: ${relation}"\n`,
  ) as unknown as Theorem;
  const instance = readInstance('theorem: a\nclaims: {c: {bound: 1}}\n');
  await expect(verify(theorem, instance, OPTIONS)).rejects.toThrow('a bound for');
});

const resultOf = (claims: string, network = 'x: input [1]\n  y: 3*x') =>
  verify(
    readTheorem(`theorem: a\nnetwork:\n  ${network}\nclaims:\n  ${claims}\n`) as unknown as Theorem,
    readInstance('theorem: a\n'),
    OPTIONS,
  );

it('notes what follows from the bound of the quantity, on the side that the claim is about', async () => {
  const notes = async (relation: string) => {
    const says = `for all x in [0, 1] with x >= 1/2: ${relation}`;
    const { claims } = await resultOf(`c: {says: "${says}", notes: {so: 2*found}}`, 'x: input [1]\n  y: 1/3*x');
    return parseRational(/so (\S+)/.exec(claims[0].facts!.join())![1]);
  };
  // y is from 1/6 to 1/3; no decimal is twice that, so that rounding to the wrong side shows.
  expect((await notes('y <= ?')).compare(Rational.of(2, 3))).toBeGreaterThan(0);
  expect((await notes('y >= ?')).compare(Rational.of(1, 3))).toBeLessThan(0);
  expect((await notes('1/7 <= y')).compare(Rational.of(1, 3))).toBeLessThan(0);
});

it.each([
  ['c: "for all x in [0, 1]: y <= 3*exp(1) attained"', 'x: input [1]\n  y: 3*exp(x)', 'an irrational bound'],
  ['c: "max_{i in 1..1}(M[i]) <= 1"', 'M: [5]\n  \u039c: [0]', 'look like no other'],
])('says nothing where that could be misread: %s', async (claims, network, why) => {
  await expect(resultOf(claims, network)).rejects.toThrow(why);
});
