import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { dot, Rational } from '../numbers/rational.js';
import { type AffineForm, Atoms, affineForms } from './affine.js';
import { compile, inputValue, type Values } from './evaluate.js';
import { exact } from './exact.js';
import { exactRidge } from './piecewise-linear.js';
import { ridges } from './ridges.js';

/**
 * The entries of an output in rational arithmetic, to be asked for at many inputs. Where the output is one wide layer of ReLUs
 * of numbers that are affine in the inputs, as that of a memory is, a sample costs the inputs that these numbers depend
 * on and a look-up; the network is run on every other one. Throws as `compile`.
 */
export function exactSampler(network: Network, output: string): Sampler {
  const direct = directSampler(network, output);
  if (direct) return direct;
  const evaluate = compile(network, exact);
  return (inputs) => evaluate(inputs)[output].dense(Rational.zero);
}

export type Sampler = (inputs: Values<Rational>) => readonly Rational[];

/** The same where the output is such a layer, or one number that is affine in the inputs; null elsewhere. */
export function directSampler(network: Network, output: string): Sampler | null {
  const last = network.outputs.find(({ name }) => name === output)?.node;
  const ridge = last && ridges(network).layers.get(last);
  if (!last || !(ridge || sizeOf(sizes(last.shape)) === 1)) return null;
  const names = network.inputs.map(({ attributes }) => attributes.name);
  const before = network.upTo(ridge?.input ?? last);
  const rows = before.nodes.some(({ op }) => BENT.has(op)) ? null : maps(before, names);
  if (!rows) return null;
  const checked = inputsOf(network);
  if (!ridge) return (inputs) => rows.map((row) => entryOf(row, checked(inputs)));
  const length = sizes(ridge.input.shape).at(-1)!;
  const layer = exactRidge(ridge);
  return (inputs) => {
    const given = checked(inputs);
    const values = rows.map((row) => entryOf(row, given));
    if (values.length === length) return layer(values);
    const lines = Array.from({ length: values.length / length }, (_, k) => values.slice(k * length, (k + 1) * length));
    return lines.flatMap(layer);
  };
}

/** The values of a network's inputs in their order, of the right shapes. */
function inputsOf(network: Network): (inputs: Values<Rational>) => readonly Tensor<Rational>[] {
  const wanted = network.inputs.map((node) => ({ node, name: node.attributes.name, shape: sizes(node.shape) }));
  return (inputs) =>
    wanted.map(({ node, name, shape }) => {
      const value = inputs[name];
      const isSame = value?.shape.length === shape.length && shape.every((size, axis) => size === value.shape[axis]);
      return isSame ? value : inputValue(node, inputs);
    });
}

/** Operations that are not looked through. */
const BENT: ReadonlySet<string> = new Set(['relu', 'min', 'max', 'reduceMin', 'reduceMax', 'recurrence']);

/** constant + sum of factor * entry of an input. */
interface Row {
  readonly constant: Rational;
  readonly factors: readonly Rational[];
  /** Which entry of which input, by its place among them. */
  readonly places: readonly { readonly input: number; readonly index: number }[];
}

function entryOf({ constant, factors, places }: Row, inputs: readonly Tensor<Rational>[]): Rational {
  const entries = places.map(({ input, index }) => inputs[input].at(index, Rational.zero));
  return constant.add(dot(factors, entries));
}

/** The entries of the only output as affine maps of the inputs of these names; null where one is none. */
function maps(network: Network, names: readonly string[]): Row[] | null {
  const atoms = new Atoms();
  const algebra = affineForms(atoms);
  const inputs = network.inputs.map(({ attributes: { name }, shape }) => {
    const own = sizes(shape);
    return [
      name,
      new Tensor(
        own,
        Array.from({ length: sizeOf(own) }, (_, k) => atoms.input(name, k)),
      ),
    ] as const;
  });
  const [value] = Object.values(compile(network, algebra)(Object.fromEntries(inputs)));
  const rows = value.dense(algebra.zero).flatMap((form) => rowOf(form, atoms, names));
  return rows.length === value.size ? rows : null;
}

function rowOf({ constant, terms }: AffineForm, atoms: Atoms, names: readonly string[]): Row[] {
  const places = [...terms.keys()].flatMap((number) => {
    const atom = atoms.get(number);
    return atom.kind === 'input' ? [{ input: names.indexOf(atom.name), index: atom.index }] : [];
  });
  return places.length < terms.size ? [] : [{ constant, factors: [...terms.values()], places }];
}
