import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AffineForm, Atoms, affineForms, formsEqual, isConstant, showForm } from '../../src/evaluate/affine.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Builder } from '../../src/network/builder.js';
import type { Network, Node } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { filled, sizeOf, Tensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { inputsOf } from '../generators/rebuild.js';

const numbers = (...values: number[]) => values.map((value) => Rational.of(value));

/** The outputs of a network as forms over its inputs. */
function formsOf(network: Network, atoms = new Atoms()): Record<string, readonly AffineForm[]> {
  const algebra = affineForms(atoms);
  const inputs = network.inputs.map(({ attributes: { name }, shape }) => {
    const entries = Array.from({ length: sizeOf(sizes(shape)) }, (_, k) => atoms.input(name, k));
    return [name, new Tensor(sizes(shape), entries)];
  });
  const outputs = compile(network, algebra)(Object.fromEntries(inputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.dense(algebra.zero)]));
}

/** The value of a form where the inputs have the given values, straight from what its symbols stand for. */
function formAt(form: AffineForm, atoms: Atoms, inputs: Readonly<Record<string, Tensor<Rational>>>): Rational {
  const known = new Map<number, Rational>();
  const atomValue = (number: number): Rational => {
    const value = known.get(number) ?? computed(number);
    known.set(number, value);
    return value;
  };
  const computed = (number: number): Rational => {
    const atom = atoms.get(number);
    if (atom.kind === 'input') return inputs[atom.name].data[atom.index];
    const [x, y] = atom.of.map(formValue);
    if (atom.kind === 'relu') return x.sign() > 0 ? x : Rational.zero;
    if (atom.kind === 'product') return x.mul(y);
    if (atom.kind === 'softmax') throw new Error('softmax has no rational value');
    return x.compare(y) < 0 === (atom.kind === 'min') ? x : y;
  };
  const formValue = ({ constant, terms }: AffineForm): Rational =>
    [...terms].reduce((total, [atom, coefficient]) => total.add(coefficient.mul(atomValue(atom))), constant);
  return formValue(form);
}

const networks = randomNetworks({
  operations: RATIONAL_STEPS,
  weights: smallRational,
  steps: 6,
});
const withInputs = networks.chain((network) => fc.tuple(fc.constant(network), inputsOf(network)));

describe('affine forms', () => {
  it('reproduce exact evaluation at random inputs', () => {
    fc.assert(
      fc.property(withInputs, ([network, inputs]) => {
        const atoms = new Atoms();
        const expected = compile(network, exact)(inputs);
        for (const [name, forms] of Object.entries(formsOf(network, atoms))) {
          const entries = expected[name].dense(Rational.zero);
          expect(forms.length).toBe(entries.length);
          forms.forEach((form, k) => {
            expect(formAt(form, atoms, inputs).toString()).toBe(entries[k].toString());
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('have no zero coefficients', () => {
    fc.assert(
      fc.property(networks, (network) => {
        for (const forms of Object.values(formsOf(network)))
          for (const form of forms)
            for (const coefficient of form.terms.values()) expect(coefficient.isZero()).toBe(false);
      }),
    );
  });

  it('are equal only for equal functions', () => {
    fc.assert(
      fc.property(withInputs, ([network, inputs]) => {
        const atoms = new Atoms();
        const forms = Object.values(formsOf(network, atoms)).flat().slice(0, 12);
        for (const a of forms)
          for (const b of forms) {
            if (!formsEqual(a, b)) continue;
            expect(formAt(a, atoms, inputs).equals(formAt(b, atoms, inputs))).toBe(true);
          }
      }),
    );
  });
});

describe('identities that forms prove', () => {
  const symbolic = (make: (b: Builder, x: Node) => Record<string, Node>) => {
    const b = new Builder();
    return formsOf(b.network(make(b, b.input('x', { token: 2, k: 2 }))));
  };
  const equal = (a: readonly AffineForm[], b: readonly AffineForm[]) =>
    a.length === b.length && a.every((form, k) => formsEqual(form, b[k]));
  const A = tensor([2, 2], numbers(1, 2, 3, 4));
  const B = tensor([2, 2], numbers(0, -1, 5, 2));

  it('(x A) B = x (A B), x + y = y + x, max(x, x) = x, x - x = 0', () => {
    const forms = symbolic((b, x) => {
      const [a, c] = [b.constant(A), b.constant(B)];
      const hidden = b.relu(b.matmul(x, a));
      return {
        left: b.matmul(b.matmul(x, a), c),
        right: b.matmul(x, b.matmul(a, c)),
        sum: b.add(x, hidden),
        mus: b.add(hidden, x),
        same: b.max(hidden, b.relu(b.matmul(x, a))),
        hidden,
        nothing: b.sub(hidden, b.relu(b.matmul(x, a))),
        commuted: b.mul(x, hidden),
        detummoc: b.mul(hidden, x),
      };
    });
    expect(equal(forms.left, forms.right)).toBe(true);
    expect(equal(forms.sum, forms.mus)).toBe(true);
    expect(equal(forms.same, forms.hidden)).toBe(true);
    expect(forms.nothing.every((form) => isConstant(form) && form.constant.isZero())).toBe(true);
    expect(equal(forms.commuted, forms.detummoc)).toBe(true);
  });

  it('tell min from max, relu from identity, and one input from another', () => {
    const forms = symbolic((b, x) => {
      const swapped = b.gather(x, 0, [1, 0]);
      return {
        min: b.min(x, swapped),
        max: b.max(x, swapped),
        x,
        relu: b.relu(x),
        swapped,
        product: b.mul(x, swapped),
      };
    });
    const all = Object.values(forms);
    for (const a of all) for (const b of all) expect(equal(a, b)).toBe(a === b);
  });

  it('softmax of equal logits is 1/n, also when they depend on the input', () => {
    const forms = symbolic((b, x) => {
      const row = b.reshape(b.gather(x, 0, [0]), { k: 2 });
      const rows = b.reshape(b.concat([row, row, row], 0), { n: 3, k: 2 });
      return { uniform: b.softmax(rows, 0), plain: b.softmax(b.constant(filled([4], Rational.of(7))), 0) };
    });
    expect(forms.uniform.map((form) => showForm(form))).toEqual(new Array(6).fill('1/3'));
    expect(forms.plain.map((form) => showForm(form))).toEqual(new Array(4).fill('1/4'));
  });

  it('softmax of other logits is a symbol for each entry, shared by equal rows only', () => {
    const forms = symbolic((b, x) => {
      const p = b.softmax(x, 1);
      const again = b.softmax(b.add(x, b.constant(tensor([2], numbers(0, 0)))), 1);
      return { p, again, shifted: b.softmax(b.gather(x, 1, [1, 0]), 1) };
    });
    expect(equal(forms.p, forms.again)).toBe(true);
    expect(formsEqual(forms.p[0], forms.p[1])).toBe(false);
    expect(formsEqual(forms.p[0], forms.p[2])).toBe(false);
    expect(equal(forms.p, forms.shifted)).toBe(false);
    expect(forms.p.some(isConstant)).toBe(false);
  });

  it('say of what is undefined and cancels that it is equal to nothing', () => {
    const atoms = new Atoms();
    const { add, apply, div, mul, of, power, sub } = affineForms(atoms);
    const x = atoms.input('x', 0);
    const zero = (u: typeof x) => add(x, mul(u, of(Rational.zero)));
    const undefinedSomewhere = [apply('log', x), apply('sqrt', x), div(x, x), power(x, -1)];
    for (const u of [() => apply('log', x), () => apply('sqrt', x), () => div(x, x), () => power(x, -1)]) {
      const [lost] = atoms.whole(() => [zero(u())]);
      const [again] = atoms.whole(() => [sub(add(x, u()), u())]);
      const [kept] = atoms.whole(() => [u()]);
      expect([lost, again].some((form) => formsEqual(form, x))).toBe(false);
      expect(formsEqual(lost, again)).toBe(false);
      expect(undefinedSomewhere.some((form) => formsEqual(form, kept))).toBe(true);
    }
    for (const u of [() => apply('exp', x), () => power(x, 2)]) {
      expect(formsEqual(atoms.whole(() => [zero(u())])[0], x)).toBe(true);
    }
  });

  it('are shown with the names that the caller gives', () => {
    const atoms = new Atoms();
    const algebra = affineForms(atoms);
    const x = atoms.input('x', 3);
    const form = algebra.add(algebra.mul(algebra.of(Rational.of(-3, 2)), x), algebra.of(Rational.of(5)));
    expect(showForm(form, () => 'x3')).toBe('-3/2*x3 + 5');
    expect(showForm(algebra.sub(x, x))).toBe('0');
  });
});
