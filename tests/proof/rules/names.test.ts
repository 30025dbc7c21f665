import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/network/builder.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import type { Model } from '../../../src/proof/question/model.js';
import { nameAsWritten, parseStatement } from '../../../src/statement/index.js';

const OPTIONS = { width: Rational.of(1, 1000), progress: () => {} };

/** Softmaxes of x [2, 2], times relu(x) as q where `isMixed`, under a name from a file; beside q. */
function model(name: string, isMixed: boolean): Model {
  const b = new Builder();
  const x = b.input('x', { n: 2, '': 2 });
  const q = b.relu(x, 'q');
  const p = b.softmax(isMixed ? q : x, 1);
  return {
    name: null,
    file: 'softmax',
    sha256: '',
    network: b.network(isMixed ? { [name]: b.matmul(p, q) } : { [name]: p, q }),
  };
}

const verdictOf = (one: Model, relation: string) =>
  prove([one], new Map([['claim', parseStatement(`for all x in [0, 1]^(2 x 2): ${relation}`)]]), OPTIONS);

describe('names from files', () => {
  it.each([
    ['q" + 0*"q', false, '|sum_{j in 1..2}(q[1, 1]*0 + q[1, j]) - 1| <= 0'],
    ['q"[1, 1]*0 + "q', false, '|sum_{j in 1..2}(q[1, 1]*0 + q[1, j]) - 1| <= 0'],
    ['q[1, 1]*0 + q', true, 'max_{i in 1..2}(q[1, 1]*0 + q[i, 1]) - min_{i in 1..2}(q[1, 1]*0 + q[i, 1]) <= 1/2'],
  ])('are no terms in what lemmas are asked: %s', (name, isMixed, relation) => {
    const { claims } = verdictOf(model(name, isMixed), relation);
    expect(claims.map(({ verdict }) => verdict)).toEqual(['refuted']);
  });

  it.each(['a tensor', 'the input'])('are not y, the only output, where %s is called so', (what) => {
    const b = new Builder();
    const x = b.input(what === 'the input' ? 'y' : 'x', { n: 3 });
    const network = b.network({ p: b.softmax(what === 'the input' ? x : b.relu(x, 'y'), 0) });
    const text = 'for all x in [0, 1]^3: |sum_{j in 1..3}(y[j]) - 1| <= 0';
    const attempt = () =>
      prove([{ name: null, file: 'softmax', sha256: '', network }], new Map([['c', parseStatement(text)]]), OPTIONS);
    expect(attempt).toThrow('names with one meaning');
  });

  it('may stand in quotes', () => {
    const relation = 'max_{i in 1..2}("out-1:0"[i, 1]) - min_{i in 1..2}("out-1:0"[i, 1]) <= 1/2';
    expect(verdictOf(model('out-1:0', true), relation).verdict).toBe('proved');
  });

  it.each(['q ', ' q', 'q\u00a0', 'a" - "b', '', 'pi', 'q[1]', 'q\'"', '1', '"'])(
    'are read back, or cannot be written: %j',
    (name) => {
      const text = nameAsWritten(name);
      expect(text === null || text === `"${name}"`).toBe(true);
    },
  );
});
