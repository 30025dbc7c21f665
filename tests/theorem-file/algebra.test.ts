import { describe, expect, test } from 'vitest';
import { construct } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Rational } from '../../src/numbers/rational.js';
import { readTheorem } from '../../src/theorem-file/read.js';

/** The entries of the last tensor of an object that consists of these lines. */
async function value(...lines: readonly string[]): Promise<string[]> {
  const theorem = readTheorem(`theorem: test\nnetwork:\n${lines.map((line) => `  ${line}\n`).join('')}`, 'test.yaml');
  const { construction } = await construct(
    theorem as never,
    { theorem: 'test', params: new Map(), bounds: new Map() },
    0,
  );
  const { network } = construction;
  return compile(network, exact)({})[network.outputs.at(-1)!.name].dense(Rational.zero).map(String);
}

const HILBERT = '[[1/(i + j - 1) for j in 1..5] for i in 1..5]';

describe('linear algebra of constants', () => {
  test.each([
    ['the inverse', `max(abs(${HILBERT} @ inverse(${HILBERT}) - eye(5)))`],
    ['a solution', `max(abs(${HILBERT} @ solve(${HILBERT}, [1..5]) - [1..5]))`],
    ['L D L transposed', `max(abs((lower(${HILBERT})*pivots(${HILBERT})) @ lower(${HILBERT}).T - ${HILBERT}))`],
    ['a congruence', `max(abs((diagonaliser(${HILBERT}) @ ${HILBERT} @ diagonaliser(${HILBERT}).T)*(1 - eye(5))))`],
    ['a kernel', 'max(abs([[1, 2, 3], [2, 4, 6]] @ kernel([[1, 2, 3], [2, 4, 6]]).T))'],
    [
      'a Kronecker product',
      'det(kron([[2, 1], [1, 3]], [[1, 2], [0, 5]])) - det([[2, 1], [1, 3]])^2*det([[1, 2], [0, 5]])^2',
    ],
  ])('%s is what it is called', async (_, text) => {
    expect(await value(`r: ${text}`)).toEqual(['0']);
  });

  test('numbers of order 3', async () => {
    expect(await value('r: det([[1, 2, 3], [4, 5, 6], [7, 8, 10]])')).toEqual(['-3']);
    expect(await value('r: rank([[1, 2], [2, 4], [3, 6]])')).toEqual(['1']);
    expect(await value('r: pivots([[4, 2], [2, 5]])')).toEqual(['4', '4']);
    expect(await value('r: subsets(4, 2)')).toEqual('121314232434'.split(''));
    expect(await value('r: incidence([[1, 2], [2, 2]], 3)')).toEqual(['1', '0', '1', '1', '0', '0']);
  });

  test.each([
    'inverse([[1, 1], [1, 1]])',
    'solve([[1, 1], [1, 1]], [1, 2])',
    'lower([[0, 1], [1, 0]])',
    'pivots([[1, 2], [3, 4]])',
  ])('%s is bad input', async (text) => {
    await expect(value(`r: ${text}`)).rejects.toThrow(InputError);
  });
});

describe('searches', () => {
  test('a colouring has signs, and the best one is no worse than any', async () => {
    const triangle = '[[1, 1, 0], [0, 1, 1], [1, 0, 1]]';
    expect(await value(`r: max(abs(${triangle} @ bestcolouring(${triangle})))`)).toEqual(['2']);
    expect(await value(`r: max(abs(colouring(${triangle})*colouring(${triangle}) - 1))`)).toEqual(['0']);
  });

  test('the outcomes of a walk are a distribution of mean 0', async () => {
    expect(await value('w: walk([[1, 1, 0], [0, 1, 1], [1, 0, 1]])', 'r: w[.., 1] @ w')).toHaveLength(4);
    expect(await value('w: walk([[1, 1, 0], [0, 1, 1], [1, 0, 1]])', 'r: sum(w[.., 1])')).toEqual(['1']);
    expect(await value('w: walk([[1, 1, 0], [0, 1, 1], [1, 0, 1]])', 'r: max(abs(w[.., 1] @ w[.., 2..4]))')).toEqual([
      '0',
    ]);
  });
});

describe('loops', () => {
  test('carry what they define from round to round', async () => {
    expect(await value('f: 1', 'for k in 1..6:', '  f: k*f')).toEqual(['720']);
    expect(await value('a: 0', 'b: 1', 'for k in 1..10:', '  c: a + b', '  a: b', '  b: c', 'r: b')).toEqual(['89']);
    expect(await value('s: 0', 'for i in 1..3:', '  for j in 1..i:', '    s: s + 1', 'r: s')).toEqual(['6']);
  });

  test('name no variable that is taken, and define nothing in no rounds', async () => {
    await expect(value('k: 1', 'for k in 1..2:', '  r: k')).rejects.toThrow(InputError);
    await expect(value('for k in 1..0:', '  r: k', 's: r')).rejects.toThrow(InputError);
  });
});
