import { describe, expect, test } from 'vitest';
import { proofTree } from '../../src/report/proof-tree.js';
import { wrapped } from '../../src/report/wrap.js';

const step = (id: string, premises: string[], enclosure: [string | null, string | null] | null = null) => ({
  ...{ id, rule: `rule-${id}`, statement: id, verdict: 'proved', enclosure, premises },
});
const ids = (nodes: ReturnType<typeof proofTree>): unknown =>
  nodes.map((node) => [node.step.id, ...(ids(node.premises) as unknown[])]);

describe('the tree of a proof', () => {
  test('has the steps that no other rests on at the top, and their premises below', () => {
    const steps = [step('a', []), step('b', ['a']), step('c', ['b', 'a']), step('d', [])];
    expect(ids(proofTree({ steps }))).toEqual([['c', ['b', ['a']], ['a']], ['d']]);
  });

  test('says what part of the bound above each step brings, and how tight it is', () => {
    const steps = [step('net', [], ['0.001', '0.002']), step('error', ['net'], [null, '0.008'])];
    const [{ premises, tightness }] = proofTree({ steps });
    expect(premises[0]).toMatchObject({ share: 0.25, tightness: 0.5 });
    expect(tightness).toBeNull();
  });

  test('shows what several steps rest on once', () => {
    const steps = [step('a', []), step('b', ['a']), step('c', ['b']), step('d', ['b']), step('e', ['c', 'd'])];
    const [{ premises }] = proofTree({ steps });
    expect(ids(premises)).toEqual([
      ['c', ['b', ['a']]],
      ['d', ['b']],
    ]);
  });

  test('ends for steps that rest on each other, on themselves or on nothing that is there', () => {
    const steps = [step('a', ['b']), step('b', ['a']), step('c', ['c', 'gone', 'a'])];
    expect(ids(proofTree({ steps }))).toEqual([['c', ['a', ['b']]]]);
  });
});

test('text is broken at blanks, and a word that is too long stays whole', () => {
  expect(wrapped('  one two three', 9, '    ')).toEqual(['  one two', '    three']);
  expect(wrapped('abcdefghij kl', 4, ' ')).toEqual(['abcdefghij', ' kl']);
});
