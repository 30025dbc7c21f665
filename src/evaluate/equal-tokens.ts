import { Network, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { Tensor } from '../network/tensor.js';
import { tokenWiseStretches } from '../network/token-wise.js';
import type { Algebra, Values } from './algebra.js';

/** What is the same for every token, computed once for equal ones: null where most tokens differ. */
export interface Shortcut<S> {
  readonly from: Node;
  run(x: Tensor<S>): Done<S> | null;
}

interface Done<S> {
  /** Nodes that need not be computed. */
  readonly done: Iterable<Node>;
  /** Their values, of those that others read. */
  readonly values: ReadonlyMap<Node, Tensor<S>>;
}

/** Shorter axes are not worth the look. */
const FEWEST = 16;
/** At most one in so many tokens may be another one than those before. */
const REPEATS = 4;

/**
 * The parts of a network that treat all tokens of one tensor alike. Witnesses have two or three kinds of tokens, and every
 * token of a box lies in the same intervals. Tokens are equal when their entries are the same objects.
 */
export function shortcuts<S>(
  network: Network,
  algebra: Algebra<S>,
  constantAt: (node: Node) => Tensor<S>,
  compile: (network: Network, algebra: Algebra<S>) => (inputs: Values<S>) => Values<S>,
): Shortcut<S>[] {
  if (!algebra.sharesResults) return [];
  const results = new Set(network.outputs.map(({ node }) => node));
  const read = (node: Node, within: ReadonlyMap<Node, Node>) =>
    results.has(node) || network.nodes.some((reader) => reader.inputs.includes(node) && !within.has(reader));
  const alike = (from: Node, beside: readonly Node[], slices: ReadonlyMap<Node, Node>): Shortcut<S>['run'] => {
    const seen = [...slices.keys()].filter((node) => read(node, slices));
    let evaluate: ((inputs: Values<S>) => Values<S>) | undefined;
    return (x) => {
      const parts = [x, ...beside.map(constantAt)];
      const kinds = kindsOf(parts, algebra.zero);
      if (!kinds) return null;
      evaluate ??= compile(new Network(seen.map((node) => ({ name: node.name, node: slices.get(node)! }))), algebra);
      const names = [from, ...beside].map(({ name }) => name);
      const found = kinds.tokens.map((token) => {
        return evaluate!(Object.fromEntries(token.map((value, k) => [names[k], value] as const)));
      });
      const expanded = new Map(
        seen.map((node): [Node, Tensor<S>] => [
          node,
          placed(
            found.map((outputs) => outputs[node.name]),
            kinds.places,
            sizes(node.shape),
            algebra.zero,
          ),
        ]),
      );
      return { done: slices.keys(), values: expanded };
    };
  };
  return tokenWiseStretches(network, FEWEST).map(({ from, beside, slices }): Shortcut<S> => {
    const whole = alike(from, beside, slices);
    const first = before(slices, beside);
    // Where each token has constants of its own beside it, what comes before these may still be the same for many.
    const some = first.size > 0 && first.size < slices.size ? alike(from, [], first) : null;
    return { from, run: (x) => whole(x) ?? some?.(x) ?? null };
  });
}

/** The tensor of a shape that has one of these slices in each place: sparse, where all of them are. */
function placed<S>(slices: readonly Tensor<S>[], places: Uint32Array, shape: readonly number[], zero: S): Tensor<S> {
  const isSparse = slices.every(({ support }) => support !== null);
  const parts = isSparse ? slices : slices.map((slice) => new Tensor(slice.shape, slice.dense(zero)));
  const entries: S[] = [];
  const support: number[] = [];
  places.forEach((kind, place) => {
    const { data, size, support: stored } = parts[kind];
    for (const entry of data) entries.push(entry);
    for (const at of stored ?? []) support.push(place * size + at);
  });
  return new Tensor(shape, entries, isSparse ? Uint32Array.from(support) : null);
}

/** The slices that depend on none of these constants. */
function before(slices: ReadonlyMap<Node, Node>, beside: readonly Node[]): ReadonlyMap<Node, Node> {
  const after = new Set(beside);
  for (const node of slices.keys()) if (node.inputs.some((arg) => after.has(arg))) after.add(node);
  return new Map([...slices].filter(([node]) => !after.has(node)));
}

interface Kinds<S> {
  /** The different tokens: a slice of every tensor. */
  readonly tokens: readonly (readonly Tensor<S>[])[];
  /** Which of them stands in each place. */
  readonly places: Uint32Array;
}

function kindsOf<S>(tensors: readonly Tensor<S>[], zero: S): Kinds<S> | null {
  const [count] = tensors[0].shape;
  // Rows of a sparse tensor, such as codes of positions, are told apart by their stored entries.
  const labels = tensors.map((x) => (x.support ? rowLabels(x) : null));
  if (labels.some((numbers) => numbers && REPEATS * new Set(numbers).size > count)) return null;
  const parts = tensors.map((x, k) => ({
    entries: labels[k] ?? x.data,
    length: labels[k] ? 1 : x.size / count,
  }));
  const number = numbering<S | number>();
  const firsts: number[] = [];
  const places = new Uint32Array(count);
  const row: (S | number)[] = [];
  for (let t = 0; t < count; t++) {
    let place = 0;
    for (const { entries, length } of parts) for (let k = 0; k < length; k++) row[place++] = entries[t * length + k];
    places[t] = number(row);
    if (places[t] === firsts.length && REPEATS * firsts.push(t) > count) return null;
  }
  const all = tensors.map((x) => x.dense(zero));
  const tokens = firsts.map((t) =>
    tensors.map((x, k) => {
      const length = x.size / count;
      return new Tensor([1, ...x.shape.slice(1)], all[k].slice(t * length, (t + 1) * length));
    }),
  );
  return { tokens, places };
}

/** Numbers for the rows of a sparse tensor: rows with the same objects in the same places have the same. */
function rowLabels<S>({ shape, size, data, support }: Tensor<S>): number[] {
  const width = size / shape[0];
  const ids = new Map<S, number>();
  const rows = Array.from({ length: shape[0] }, () => '');
  data.forEach((entry, k) => {
    const id = ids.get(entry) ?? ids.size;
    ids.set(entry, id);
    const at = support![k];
    rows[Math.floor(at / width)] += `${at % width} ${id},`;
  });
  const known = new Map<string, number>();
  return rows.map((row) => {
    const label = known.get(row) ?? known.size;
    known.set(row, label);
    return label;
  });
}

/** Rows that begin alike: one row, or, by the entry that follows, those that go on with it. */
type Branch<S> = { readonly row: readonly S[]; readonly kind: number } | Map<S, Branch<S>>;

/** Numbers from 0 on for rows of one length: rows of the same objects have the same. The argument may be used again. */
export function numbering<S>(): (row: readonly S[]) => number {
  const root = new Map<S, Branch<S>>();
  let kinds = 0;
  return (row) => {
    let branch = root;
    for (let k = 0; ; k++) {
      const next = branch.get(row[k]);
      if (next instanceof Map) {
        branch = next;
        continue;
      }
      if (next && row.every((entry, j) => entry === next.row[j])) return next.kind;
      if (!next) {
        branch.set(row[k], { row: row.slice(), kind: kinds });
        return kinds++;
      }
      const further = new Map<S, Branch<S>>([[next.row[k + 1], next]]);
      branch.set(row[k], further);
      branch = further;
    }
  };
}
