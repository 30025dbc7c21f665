import { expect, test } from 'vitest';
import { checkedStatements } from '../../src/certificate/statements.js';
import { Builder } from '../../src/network/builder.js';
import { filled } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { type ProveResult, prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';

const b = new Builder();
const x = b.input('x', { axis: 1 });
const hidden = b.apply('tanh', b.matmul(x, b.constant(filled([1, 1], Rational.of(2)))));
const network = b.network({ y: hidden });

function proved(text: string): ProveResult {
  const model = { name: null, file: 'net', sha256: '', network };
  const options = { width: Rational.of(1, 10 ** 6), progress: () => {} };
  return prove([model], new Map([['claim', parseStatement(text)]]), options);
}

test.each([
  ['|y - sin(3*x)| <= ?', 'proved'],
  ['|y - x| <= 1', 'proved'],
  ['y <= 1/2 + exp(-1/2)', 'proved'],
  ['y <= 5*exp(-4)', 'refuted'],
  ['y >= -5*exp(-4)', 'refuted'],
  ['? <= y - x^2', 'proved'],
])('what is said of a smooth network is checked: %s is %s', (relation, verdict) => {
  const [claim] = checkedStatements(proved(`for all x in [-1, 1]: ${relation}`)).claims;
  expect([claim.verdict, claim.checked]).toEqual([verdict, true]);
});

test('a quotient at two near points is stated in as few digits as the checker works with', () => {
  const [claim] = checkedStatements(proved("for all x, x' in [1/2, 1]: |y(x) - y(x')| <= ?*|x - x'|"), 0).claims;
  expect(`${claim.enclosure!.lo}`.length).toBeLessThan(60);
});

test('what the checker verified has to settle what is claimed', () => {
  const own = proved('for all x in [-1, 1]: y <= 2');
  const other = proved('for all x in [-1, 1]: y <= 3');
  const [{ steps, conclusion }] = other.claims;
  const swapped = { ...own, claims: [{ ...own.claims[0], steps, conclusion }] };
  expect(checkedStatements(swapped).claims[0].checked).toMatch('not seen to settle');
  expect(checkedStatements(own).claims[0].checked).toBe(true);
});

test('for `?` that is the end that was found', () => {
  const own = proved('for all x in [-1, 1]: y <= ?');
  const [claim] = own.claims;
  const tighter = claim.decided!.replace(/[^ ]+$/, '1/2');
  expect(checkedStatements({ ...own, claims: [{ ...claim, decided: tighter }] }).claims[0].checked).toMatch('settle');
});
