import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';

type Json = Record<string, unknown>;
interface Step {
  readonly id: string;
  readonly rule: string;
  readonly premises: readonly string[];
  readonly data: Json & { readonly with: Json; readonly where: Json };
}

const FOLDER = join(import.meta.dirname, 'correct');

/** The check of a file of `correct` whose step `id` is changed. */
function changed(name: string, id: string, change: (step: Step, steps: Step[]) => void) {
  const certificate = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  const [claim] = certificate.claims;
  change(claim.steps.find((step: Step) => step.id === id)!, claim.steps);
  const network = readFileSync(join(FOLDER, `${name}.network.json`), 'utf8');
  return checkCertificate(JSON.stringify({ ...certificate, claims: [claim] }), network);
}

const HEAD = ['retrieval-heads', 'head1.minimum'] as const;
const ROWS = ['softmax-columns', 'column1'] as const;
const SOFT = ['soft-minimum', 'gap'] as const;

/** The function z of a step, which is entries of a node. */
const zOf = (step: Step) => step.data.with.z as Json;

it.each([
  ['another lemma', SOFT, (s: Step) => Object.assign(s.data, { lemma: 'soft-maximum' }), 'is not y'],
  ['no lemma of the book', SOFT, (s: Step) => Object.assign(s.data, { lemma: 'constructor' }), 'the book has no lemma'],
  ['a number left out', SOFT, (s: Step) => Reflect.deleteProperty(s.data.with, 'lambda'), 'lambda is undefined'],
  ['a name that the lemma has not', SOFT, (s: Step) => Object.assign(s.data.with, { m: '1' }), 'has a field "m"'],
  ['a text for a number', SOFT, (s: Step) => Object.assign(s.data.with, { beta: '5*2' }), 'beta is'],
  ['a token left out', SOFT, (s: Step) => Object.assign(s.data.with, { I: '1..3' }), 'is not y'],
  ['no token at all', SOFT, (s: Step) => Object.assign(s.data.with, { I: '' }), 'takes a sum of nothing|is not shown'],
  ['a token twice', SOFT, (s: Step) => Object.assign(s.data.with, { I: '1..4,4' }), 'does not increase'],
  ['a token beyond the node', SOFT, (s: Step) => Object.assign(s.data.with, { I: '1..5' }), 'has no entry 4'],
  ['another temperature', SOFT, (s: Step) => Object.assign(s.data.with, { beta: '11' }), 'is not y'],
  ['a negative temperature', SOFT, (s: Step) => Object.assign(s.data.with, { beta: '-10' }), 'is not y'],
  ['an abbreviation that is no entry', SOFT, (s: Step) => Object.assign(s.data, { where: {} }), 'is about no entry'],
  [
    'an abbreviation that the lemma has not',
    SOFT,
    (s: Step) => Object.assign(s.data.where, { z: [6, 0] }),
    'has a field "z"',
  ],
  ['an entry beyond the node', SOFT, (s: Step) => Object.assign(s.data.where, { y: [6, 1] }), 'is not y'],
  ['the node of the input', SOFT, (s: Step) => Object.assign(s.data.where, { y: [0, 0] }), 'is not y'],
  [
    'a conclusion that the lemma has not',
    SOFT,
    (s: Step) => Object.assign(s.data, { conclusion: 1 }),
    'the conclusion is 1',
  ],
  ['another domain', SOFT, (s: Step) => Object.assign(s.data, { domain: { x: ['0', '2'] } }), 'different domains'],
  ['a gate that is none', HEAD, (s: Step) => Object.assign(s.data.with, { rho: [['0', '1..4']] }), 'is not y'],
  [
    'a smaller gate than stated',
    HEAD,
    (s: Step) => Object.assign(s.data.with, { g: '2' }),
    'rho\\[t\\] >= g is not shown',
  ],
  ['a range that is too narrow', HEAD, (s: Step) => Object.assign(s.data.with, { w: '1/100' }), 'a \\+ w is not shown'],
  ['a range from elsewhere', HEAD, (s: Step) => Object.assign(s, { premises: ['range2'] }), 'no premise says where'],
  [
    'the other column',
    HEAD,
    (s: Step) => Object.assign((s.data.with as never as { psi: Json }).psi, { first: 1 }),
    'no premise|is not y',
  ],
  [
    'a function with a hole',
    HEAD,
    (s: Step) => Object.assign(s.data.with, { rho: [['0', 'I']] }),
    'rho\\[\\d\\] is not given',
  ],
  ['rows shifted by one', ROWS, (s: Step) => Object.assign(s.data.where, { y: [1, 3, 3] }), 'is not y'],
  ['more rows than there are', ROWS, (s: Step) => Object.assign(s.data, { each: { k: '1..4' } }), 'is not y|no entry'],
  ['one row for all', ROWS, (s: Step) => Reflect.deleteProperty(zOf(s), 'each'), 'is not y'],
  ['a token for the other one', ROWS, (s: Step) => Object.assign(s.data.with, { J: '2' }), 'is not y'],
  ['an index that is none', ROWS, (s: Step) => Object.assign(s.data.with, { O: '1..3 except t' }), 'no list of ranges'],
] as const)('a step with %s is rejected', (_, [name, id], change, reason) => {
  const outcome = changed(name, id, change);
  expect(outcome.verdict).toBe('rejected');
  expect(outcome.reason).toMatch(new RegExp(reason));
});

it('a lemma does not bound what its premises say of another entry', () => {
  const outcome = changed('retrieval-heads', 'head1', (step) =>
    Object.assign(step, { premises: ['head1.minimum', 'feature2'] }),
  );
  expect(outcome.verdict).toBe('rejected');
});

it('a rule that the book has replaced is left unfinished', () => {
  const outcome = changed('soft-minimum', 'gap', (step) => Object.assign(step, { rule: 'soft-minimum' }));
  expect(outcome.verdict).toBe('unfinished');
  expect(outcome.reason).toMatch('is a rule of the past');
});
