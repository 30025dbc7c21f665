import { describe, expect, it } from 'vitest';
import { checkedStatements } from '../../../src/certificate/statements.js';
import { InputError } from '../../../src/errors.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network, Node } from '../../../src/network/network.js';
import { filled } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { parseStatement } from '../../../src/statement/index.js';

type Make = (b: Builder, x: Node) => Node;
const constant = (b: Builder, shape: readonly number[], value: number) => b.constant(filled(shape, Rational.of(value)));

/** Functions of two rows of one number that have no value at some of [-1, 1]. */
const PARTIAL: readonly (readonly [string, Make])[] = [
  ['log', (b, x) => b.apply('log', x)],
  ['sqrt', (b, x) => b.apply('sqrt', x)],
  ['1/x', (b, x) => b.div(constant(b, [2, 1], 1), x)],
];

/** What lemmas about rows say something of, where values cancel: equal weights, a product with 0, a softmax. */
const AROUND: readonly (readonly [string, Make])[] = [
  ['a mean', (b, x) => b.matmul(b.softmax(constant(b, [2, 2], 0), 1), x)],
  ['0 times', (b, x) => b.matmul(x, constant(b, [1, 1], 0))],
  ['the softmax of one', (b, x) => b.softmax(x, 1)],
];

const STATEMENTS = [
  'max_{i in 1..2}(y[i, 1]) - min_{i in 1..2}(y[i, 1]) <= 0',
  'max_{i in 1..2}(|y[i, 1] - y[1, 1]|) <= 0',
  'max_{i in 1..2}(|y[i, 1] - i/2|) >= 1/4',
  'max_{i in 1..2}(|sum_{j in 1..1}(y[i, j]) - 1|) <= 0',
];

function network(...makes: readonly Make[]): Network {
  const b = new Builder();
  const y = makes.reduce((node, make) => make(b, node), b.input('x', { n: 2, w: 1 }));
  return b.network({ y });
}

function verdictOf(of: Network, statement: string): string {
  const model = { name: null, file: 'partial', sha256: '', network: of };
  const options = { width: Rational.of(1, 100), deadline: Date.now() + 40, progress: () => {} };
  const text = `for all x in [-1, 1]^(2 x 1): ${statement}`;
  try {
    return checkedStatements(prove([model], new Map([['claim', parseStatement(text)]]), options)).verdict;
  } catch (error) {
    if (error instanceof InputError) return 'refused';
    throw error;
  }
}

describe('nothing is proved of what has no value somewhere', () => {
  for (const [name, partial] of PARTIAL) {
    it.each(AROUND)(`%s of ${name}`, (_, around) => {
      for (const statement of STATEMENTS) expect(verdictOf(network(partial, around), statement)).not.toBe('proved');
    });
  }

  it('and of what has one everywhere it is', () => {
    const [[, mean]] = AROUND;
    for (const statement of STATEMENTS.slice(0, 2)) expect(verdictOf(network(mean), statement)).toBe('proved');
  });
});
