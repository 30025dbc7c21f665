import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AffineForm } from '../../../src/evaluate/affine.js';
import { formsByClass, type TokenClasses } from '../../../src/evaluate/by-class.js';
import { compile } from '../../../src/evaluate/evaluate.js';
import { float64 } from '../../../src/evaluate/float64.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network, Node } from '../../../src/network/network.js';
import { Tensor, tensor } from '../../../src/network/tensor.js';
import { toFloat } from '../../../src/numbers/convert.js';
import { FORMATS } from '../../../src/numbers/format.js';
import { parseRational } from '../../../src/numbers/parse.js';
import { Rational } from '../../../src/numbers/rational.js';
import { readTerm } from '../../../src/proof/book/term.js';
import { isOfRowAtHand } from '../../../src/proof/rules/lemma-by-class.js';
import { seemingMinima } from '../../../src/proof/rules/minimum-heads.js';
import { problemOf } from '../../generators/minimum-head.js';
import { smallRational } from '../../generators/numbers.js';

const [T, D] = [16, 2];
const float = (x: Rational) => toFloat(x, FORMATS.float64, 'nearest');

interface Drawn {
  readonly W: readonly Rational[];
  readonly gates: readonly Rational[];
  readonly at: readonly number[];
  readonly X: readonly Rational[];
  readonly kind: number;
}

/** A head over tokens of up to three kinds, its parts joined in one of several ways. */
function network({ W, gates, at, kind }: Drawn): { readonly net: Network; readonly psi: Node } {
  const b = new Builder();
  const psi = b.input('psi', { token: T, feature: D });
  const rho = b.constant(
    tensor(
      [T, D],
      at.flatMap((k) => [gates[k], gates[2 - k]]),
    ),
  );
  const placed = b.add(psi, rho);
  const keys = b.matmul(placed, b.constant(tensor([D, 3], W.slice(0, 6))));
  const logits = kind % 2 === 0 ? keys : b.mul(b.relu(keys), b.constant(tensor([1, 3], W.slice(1, 4))));
  const p = b.softmax(logits, 0);
  const values = b.matmul(kind < 2 ? psi : placed, b.constant(tensor([D, 3], W.slice(2, 8))));
  const sum = b.reduceSum(b.mul(p, values), 0);
  const apart =
    kind === 3
      ? b.add(sum, b.matmul(b.reduceSum(b.mul(rho, placed), 0), b.constant(tensor([D, 3], W.slice(0, 6)))))
      : sum;
  const net = b.network({ y: b.matmul(b.reshape(apart, { one: 1, k: 3 }), b.constant(tensor([3, 2], W.slice(0, 6)))) });
  return { net, psi };
}

/** What a form is at rows X, in doubles, by the definition of its symbols; `t` is the row at hand. */
function valueAt(form: AffineForm, classes: TokenClasses, X: readonly number[], t: number): number {
  const { atoms, members } = classes;
  const at = (one: AffineForm, row: number): number => valueAt(one, classes, X, row);
  let total = float(form.constant);
  for (const [number, coefficient] of form.terms) {
    const atom = atoms.get(number);
    const sum = classes.summed(number);
    const share = classes.shared(number);
    const value = () => {
      if (sum) return members[sum.of].reduce((all, row) => all + at(sum.form, row), 0);
      if (share) {
        const powers = members.map((rows, c) => rows.reduce((all, row) => all + Math.exp(at(share.row[c], row)), 0));
        return Math.exp(at(share.row[share.place], t)) / powers.reduce((a, b) => a + b);
      }
      if (atom.kind === 'input') return X[t * D + atom.index];
      const parts = 'of' in atom ? atom.of.map((one) => at(one, t)) : [];
      return atom.kind === 'product' ? parts[0] * parts[1] : Math.max(parts[0], 0);
    };
    total += float(coefficient) * value();
  }
  return total;
}

const list = (length: number) => fc.array(smallRational, { minLength: length, maxLength: length });
const drawn = fc.record({
  W: list(8),
  gates: list(3),
  at: fc.array(fc.nat({ max: 2 }), { minLength: T, maxLength: T }),
  X: list(T * D),
  kind: fc.nat({ max: 3 }),
});

describe('forms by classes of tokens', () => {
  it('are what the network computes at any tokens', () => {
    let tried = 0;
    fc.assert(
      fc.property(drawn, (one) => {
        const { net, psi } = network(one);
        const y = net.outputs[0].node;
        const found = formsByClass(psi, y);
        if (!found) throw new Error('the network is not taken by classes');
        tried += found.classes.members.length > 1 ? 1 : 0;
        const X = one.X.map(float);
        const values = compile(net, float64)({ psi: new Tensor([T, D], X) }).y.data;
        for (const [k, form] of found.forms.entries()) {
          const value = valueAt(form, found.classes, X, 0);
          expect(Math.abs(value - values[k])).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
        }
      }),
      { numRuns: 60 },
    );
    expect(tried).toBeGreaterThan(30);
  });

  it('are not looked for where tokens meet otherwise, or most are different', () => {
    const b = new Builder();
    const psi = b.input('psi', { token: T, feature: 1 });
    const own = b.constant(
      tensor(
        [T, 1],
        Array.from({ length: T }, (_, t) => Rational.of(t)),
      ),
    );
    const net = b.network({
      least: b.reduceMin(psi, 0),
      apart: b.reduceSum(b.mul(psi, own), 0),
      sum: b.reduceSum(psi, 0),
    });
    const find = (name: string) => net.outputs.find((output) => output.name === name)!.node;
    expect(formsByClass(psi, find('least'))).toBeNull();
    expect(formsByClass(psi, find('apart'))).toBeNull();
    expect(formsByClass(psi, find('sum'))?.forms).toHaveLength(1);
  });
});

/** A head over 16 tokens of three classes, with factors for each class of the logits, and for the values. */
function head(slopes: readonly string[], factors: readonly string[], offset = '0'): Network {
  const b = new Builder();
  const q = parseRational;
  const psi = b.input('psi', { token: T, feature: 1 });
  const column = (entries: readonly string[]) =>
    b.constant(
      tensor(
        [T, 1],
        Array.from({ length: T }, (_, t) => q(entries[t % 3])),
      ),
    );
  const logits = b.sub(b.mul(psi, column(slopes)), column(['60', '0', '0']));
  const values = b.add(b.mul(psi, column(factors)), b.scalar(q(offset)));
  const sum = b.reduceSum(b.mul(b.softmax(logits, 0), values), 0, 'sum');
  return b.network({ y: b.reshape(sum, { feature: 1 }, 'retrieved') });
}

describe('a head over many tokens of few classes', () => {
  const all = (entry: string) => [entry, entry, entry];

  it('is read class by class', () => {
    const [{ beta, gates }] = seemingMinima(head(all('-40'), all('1')), 'psi', 'retrieved');
    expect(problemOf(head(all('-40'), all('1')))).toBeNull();
    expect(`${beta}`).toBe('40');
    expect(gates.map(String)).toEqual(Array.from({ length: T }, (_, t) => (t % 3 === 0 ? '3/2' : '0')));
  });

  it.each<[string, Parameters<typeof head>]>([
    ['a slope of its own in one class', [['-40', '-40', '-39'], all('1')]],
    ['logits that rise', [all('40'), all('1')]],
    ['logits that do not see the values', [all('0'), all('1')]],
    ['values that are scaled in one class', [all('-40'), ['1', '1', '1.000000001']]],
    ['values that are left out in one class', [all('-40'), ['1', '0', '1']]],
    ['values with an offset', [all('-40'), all('1'), '1e-30']],
  ])('is not found with %s', (_, args) => {
    expect(problemOf(head(...args))).not.toBeNull();
  });
});

it.each([
  ['sum_{t in I}(softmax_{s in I}(-beta*psi[s])[t]*psi[t])', true],
  ['sum_{t in I}(psi[t]*sum_{s in I}(rho[s]))', true],
  ['|I|*beta + max_{t in I}(psi[t])', true],
  ['sum_{t in I}(sum_{s in I}(psi[t]*rho[s]))', false],
  ['sum_{t in I}(softmax_{s in I}(psi[s]*psi[t])[t]*psi[t])', false],
  ['sum_{t in I}(sum_{s in I}(softmax_{r in I}(psi[r])[t]))', false],
])('%s is taken by classes where all functions stand at the row at hand: %s', (text, isTaken) => {
  expect(isOfRowAtHand(readTerm(text), null)).toBe(isTaken);
});
