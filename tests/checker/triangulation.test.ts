import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Atoms } from '../../src/checker/atoms.js';
import { combine, constantForm, type Form } from '../../src/checker/forms.js';
import { Fraction } from '../../src/checker/fraction.js';
import { affineSimplices, type Vector, type Vertex } from '../../src/checker/triangulation.js';

const weight = fc.integer({ min: -3, max: 3 });
const weights = (length: number) => fc.array(weight, { minLength: length, maxLength: length });

/** A ReLU net: inputs, the weights of each layer on all that is before it, and those of the output. */
const net = fc.integer({ min: 1, max: 3 }).chain((inputs) =>
  fc.record({
    inputs: fc.constant(inputs),
    first: fc.array(weights(inputs + 1), { minLength: 1, maxLength: 4 }),
    second: fc.array(weights(inputs + 5), { minLength: 0, maxLength: 3 }),
    last: weights(inputs + 8),
  }),
);

test('simplices cover the box once, and the net is affine on each of them', () => {
  fc.assert(
    fc.property(net, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }), (layers, shares) => {
      const atoms = new Atoms();
      const names = ['x', 'y', 'z'].slice(0, layers.inputs);
      const known: Form[] = [constantForm(Fraction.one), ...names.map((name) => atoms.input(name))];
      const mixed = (row: readonly number[]) => combine(known.map((form, k) => [form, Fraction.of(row[k] ?? 0)]));
      for (const layer of [layers.first, layers.second]) known.push(...layer.map((row) => atoms.relu(mixed(row))));
      const form = mixed(layers.last);
      const box = new Map(names.map((name, k) => [name, { lo: Fraction.of(-1), hi: Fraction.of(k + 1) }]));
      const simplices = affineSimplices(atoms, form, box);
      let volume = Fraction.zero;
      for (const simplex of simplices) {
        const value = (x: Vector) => evaluated(atoms, form, new Map(names.map((name, k) => [name, x[k]])));
        for (const corner of simplex) expect(`${value(corner.x)}`).toBe(`${corner.value}`);
        const inside = mean(simplex, shares);
        expect(`${value(inside.x)}`).toBe(`${inside.value}`);
        volume = volume.add(determinant(edgesOf(simplex)).abs());
      }
      // n! times the volume of the box, whose sides are 2, 3 and 4.
      expect(`${volume}`).toBe(['2', '12', '144'][names.length - 1]);
    }),
    { numRuns: 80 },
  );
});

function evaluated(atoms: Atoms, { constant, terms }: Form, at: ReadonlyMap<string, Fraction>): Fraction {
  return [...terms].reduce((sum, [number, factor]) => {
    const atom = atoms.get(number);
    if (atom.kind === 'input') return sum.add(factor.mul(at.get(atom.name)!));
    if (atom.kind !== 'relu') throw new Error(`a ${atom.kind} in a ReLU net`);
    return sum.add(factor.mul(evaluated(atoms, atom.of, at).max(Fraction.zero)));
  }, constant);
}

/** The corners' mean by the shares of the first ones. */
function mean(simplex: readonly Vertex[], shares: readonly number[]): Vertex {
  const whole = shares.slice(0, simplex.length).reduce((a, b) => a + b);
  const of = (pick: (corner: Vertex) => Fraction) =>
    simplex.reduce((sum, corner, k) => sum.add(pick(corner).mul(Fraction.of(shares[k], BigInt(whole)))), Fraction.zero);
  return { x: simplex[0].x.map((_, k) => of(({ x }) => x[k])), value: of(({ value }) => value) };
}

function edgesOf([first, ...others]: readonly Vertex[]): Fraction[][] {
  return others.map(({ x }) => x.map((end, k) => end.sub(first.x[k])));
}

/** By the first row. */
function determinant(rows: readonly (readonly Fraction[])[]): Fraction {
  if (rows.length === 0) return Fraction.one;
  const [first, ...others] = rows;
  return first.reduce((sum, entry, k) => {
    const minor = determinant(others.map((row) => row.filter((_, j) => j !== k))).mul(entry);
    return k % 2 === 0 ? sum.add(minor) : sum.sub(minor);
  }, Fraction.zero);
}
