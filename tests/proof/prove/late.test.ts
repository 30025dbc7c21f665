import { expect, test } from 'vitest';
import * as api from '../../../src/api/index.js';
import { Builder } from '../../../src/network/builder.js';
import { filled } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { parseStatement } from '../../../src/statement/index.js';

/** x/(1 + |x|), which has a value everywhere, though bounds by intervals do not see it. */
function softsign() {
  const b = new Builder();
  const x = b.input('x', { entry: 1 });
  const size = b.max(x, b.mul(x, b.constant(filled([1], Rational.of(-1)))));
  return b.network({ y: b.div(x, b.add(size, b.constant(filled([1], Rational.one)))) });
}

test.each(['? <= y <= ?', '|y| <= 2', '? <= y', 'y < 1'])(
  'what the time does not suffice for is open, and no fault of the function: %s',
  (relations) => {
    const model = { name: null, file: 'softsign', sha256: '', network: softsign() };
    const options = { width: Rational.of(1, 1000), deadline: Date.now() - 1, progress: () => {} };
    const statements = new Map([['claim', parseStatement(`for all x in [-4, 4]: ${relations}`)]]);
    const { verdict, claims } = prove([model], statements, options);
    expect(verdict).not.toBe('refuted');
    for (const { facts } of claims) expect(facts.join()).not.toMatch(/defined on the whole/);
  },
);

test('the limit of a call holds for the checker, too', async () => {
  const [{ verdict, checked }] = (await api.prove(softsign(), 'parameters <= 9', { timeLimit: 0 })).claims;
  expect({ verdict, checked }).toEqual({ verdict: 'proved', checked: 'the checker ran out of time' });
  const [claim] = (await api.prove(softsign(), 'parameters <= 9')).claims;
  expect(claim.checked).toBe(true);
});
