import { InputError } from '../../errors.js';
import { compile } from '../../evaluate/evaluate.js';
import { float64 } from '../../evaluate/float64.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { approximate } from '../../numbers/convert.js';
import { comparisonsOf } from '../../proof/question/goal.js';
import {
  type Entry,
  type EntrySet,
  inputEntry,
  type Meanings,
  parseStatement,
  type Statement,
  setsOf,
  sumOf,
  type Term,
  toExpression,
} from '../../statement/index.js';
import * as E from '../../symbolic/index.js';

/** What a statement bounds, in doubles: to be drawn, never to be concluded from. */
export interface Quantity {
  readonly input: Node<'input'>;
  /** Entry by entry, row-major. */
  readonly entries: readonly { readonly name: string; readonly lo: number; readonly hi: number }[];
  /** At a point: the quantity, and where it is an output minus a formula, these two. */
  at(point: readonly number[]): { readonly difference: number; readonly network?: number; readonly formula?: number };
}

/**
 * The quantity of the first relation of a statement about all points of a box, for a network with one input. Null for
 * statements of other forms: they have no picture.
 */
export function quantityOf(network: Network, text: string): Quantity | null {
  try {
    return read(network, parseStatement(text));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function read(network: Network, { prefix, relations }: Statement): Quantity | null {
  const [input, second] = network.inputs;
  const [group] = prefix?.groups ?? [];
  const isSimple = prefix?.groups.length === 1 && prefix.conditions.length === 0 && group.names.length === 1;
  if (!input || second || !isSimple || relations.length === 0) return null;
  const [variable] = group.names;
  const sets = setsOf(group.domain);
  const shape = sizes(input.shape);
  if (sets.length !== sizeOf(shape) || !sets.every(isInterval)) return null;
  const names = sets.map((_, k) => inputEntry(variable, shape, k));
  const used: Node[] = [];
  const meanings: Meanings = { entries: (entry, indices) => entriesOf(entry, indices) };
  const entriesOf = (entry: Entry, indices: readonly number[]): readonly E.Expression[] => {
    if (entry.at !== null) throw new InputError({ found: 'a point of its own' });
    if (entry.name === variable) return part(names.map(E.variable), shape, indices);
    const { outputs } = network;
    const output = outputs.find(({ name }) => name === entry.name);
    const node =
      output?.node ?? (entry.name === 'y' && outputs.length === 1 ? outputs[0].node : network.find(entry.name));
    if (!node) throw new InputError({ found: 'another name' });
    if (!used.includes(node)) used.push(node);
    const own = sizes(node.shape);
    return part(
      Array.from({ length: sizeOf(own) }, (_, k) => E.variable(`node ${used.indexOf(node)} ${k}`)),
      own,
      indices,
    );
  };
  const entries = sets.filter(isInterval).map(({ lo, hi }, k) => {
    return { name: names[k], lo: approximate(lo), hi: approximate(hi) };
  });
  if (!entries.every(({ lo, hi }) => Number.isFinite(lo) && Number.isFinite(hi))) return null;
  const { quantity } = comparisonsOf(relations[0], new Set([variable]))[0];
  const [output, formula] = sidesOf(quantity, variable) ?? [];
  const terms = output && formula ? [output, formula] : [quantity];
  const expressions = terms.map((term) => toExpression(term, meanings));
  const slots = used.flatMap((node, n) =>
    Array.from({ length: sizeOf(sizes(node.shape)) }, (_, k) => `node ${n} ${k}`),
  );
  const formulas = E.toFloat64(expressions, [...names, ...slots]);
  const run = used.length > 0 ? compile(network.upTo(...used), float64) : null;
  return {
    input,
    entries,
    at: (point) => {
      const values = run?.({ [input.attributes.name]: new Tensor(shape, [...point]) });
      const computed = used.flatMap((node) => values![node.name].dense(0));
      const [first, second] = formulas([...point, ...computed]);
      return output ? { difference: first - second, network: first, formula: second } : { difference: first };
    },
  };
}

function isInterval(set: EntrySet): set is Extract<EntrySet, { kind: 'interval' }> {
  return set.kind === 'interval';
}

/** `y - f` as y and f, where f names the variable or numbers alone. */
function sidesOf(quantity: Term, variable: string): [Term, Term] | null {
  if (quantity.kind !== 'sum' || quantity.terms.length < 2) return null;
  const [first, ...others] = quantity.terms;
  if (first.negative || first.term.kind !== 'entry' || first.term.name === variable) return null;
  return [first.term, sumOf(others.map(({ negative, term }) => ({ negative: !negative, term })))];
}

/** The entries below some leading indices, which may leave out axes of length 1. */
function part(
  all: readonly E.Expression[],
  shape: readonly number[],
  indices: readonly number[],
): readonly E.Expression[] {
  const long = shape.filter((size) => size !== 1);
  const axes = indices.length <= long.length ? long : shape;
  if (indices.length > axes.length) throw new InputError({ found: 'too many indices' });
  let [from, size] = [0, all.length];
  indices.forEach((index, k) => {
    size /= axes[k];
    from += (index - 1) * size;
  });
  return all.slice(from, from + size);
}
