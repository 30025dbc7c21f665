import type { FloatFormat } from '../numbers/format.js';
import { largestFinite } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import { isOp, Network, type Node } from './network.js';

/** A network in which some constants are multiplied by powers of two, and by which. */
export interface Rescaled {
  readonly network: Network;
  /** Exponents by the constant's name. */
  readonly exponents: ReadonlyMap<string, number>;
}

/** The exponent e of a node says that its copy computes 2^e times what the node computes; 0 where there is none. */
type Exponents = ReadonlyMap<Node, number>;

/**
 * The same function with weights within the range of a format: constants beyond it are divided by powers of two, and other
 * constants are multiplied so that inputs, logits of softmaxes and outputs stay as they are. Products add exponents;
 * sums, minima, relu and rearrangements keep them, as max(2^e x, 0) = 2^e max(x, 0). Null where no such exponents are
 * found, and where all weights are within the range already.
 *
 * The search decides nothing: what it finds is checked node by node against those rules, from which equality follows by
 * induction.
 */
export function rescaled(network: Network, format: FloatFormat): Rescaled | null {
  const search = new Search(network, format);
  let found: Map<Node, number> = new Map();
  for (const node of network.nodes) {
    const excess = isOp(node, 'constant') ? excessOf(node, format) : 0;
    if (excess === 0 || found.has(node)) continue;
    const next = search.require(found, node, -excess);
    if (!next) return null;
    found = next;
  }
  const exponents: Exponents = found;
  if (exponents.size === 0 || !isConsistent(network, exponents)) return null;
  const names = [...exponents].flatMap(([node, e]) =>
    isOp(node, 'constant') && e !== 0 ? [[node.name, e] as const] : [],
  );
  return { network: applied(network, exponents), exponents: new Map(names) };
}

/** Operations whose result takes the common exponent of all their arguments. */
const KEEPING: ReadonlySet<Node['op']> = new Set([
  ...(['add', 'sub', 'min', 'max', 'relu', 'concat'] as const),
  ...(['reduceSum', 'reduceMax', 'reduceMin', 'transpose', 'reshape', 'gather'] as const),
]);

/** Arguments whose exponents add up to that of the result; null for other operations. */
function factorsOf({ op, inputs }: Node): readonly Node[] | null {
  if (op === 'mul' || op === 'matmul') return inputs;
  return op === 'recurrence' ? [inputs[0], inputs[2]] : null;
}

function isConsistent(network: Network, exponents: Exponents): boolean {
  const of = (node: Node) => exponents.get(node) ?? 0;
  const follows = (node: Node): boolean => {
    if (isOp(node, 'constant')) return true;
    if (KEEPING.has(node.op)) return node.inputs.every((arg) => of(arg) === of(node));
    const factors = factorsOf(node);
    if (!factors) return of(node) === 0 && node.inputs.every((arg) => of(arg) === 0);
    const others = node.inputs.filter((arg) => !factors.includes(arg));
    return factors.reduce((sum, arg) => sum + of(arg), 0) === of(node) && others.every((arg) => of(arg) === 0);
  };
  return network.nodes.every(follows) && network.outputs.every(({ node }) => of(node) === 0);
}

function applied(network: Network, exponents: Exponents): Network {
  const copies = new Map<Node, Node>();
  for (const node of network.nodes) {
    const e = exponents.get(node) ?? 0;
    const copy: Node = { ...node, inputs: node.inputs.map((arg) => copies.get(arg)!) };
    copies.set(node, isOp(copy, 'constant') ? scaled(copy, e) : copy);
  }
  return new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
}

function scaled(node: Node<'constant'>, e: number): Node {
  const factor = Rational.pow2(e);
  const value = node.attributes.value.map((entry) => entry.mul(factor));
  return { ...node, attributes: { ...node.attributes, value } };
}

/** The least e >= 0 for which 2^-e times a constant lies within the range of the format. */
function excessOf(node: Node<'constant'>, format: FloatFormat): number {
  const largest = largestFinite(format);
  const size = node.attributes.value.data.reduce((most, entry) => most.max(entry.abs()), Rational.zero);
  let e = 0;
  while (e <= MOST_HALVINGS && largest.lt(size.mul(Rational.pow2(-e)))) e += 1;
  return e;
}

const MOST_HALVINGS = 4096;
const MOST_STEPS = 20_000;

/** Exponents that satisfy the rules, from a required one: depth first, constants before what is computed. */
class Search {
  private readonly readers = new Map<Node, Node[]>();
  private readonly outputs: ReadonlySet<Node>;
  private steps = 0;

  constructor(
    network: Network,
    private readonly format: FloatFormat,
  ) {
    for (const node of network.nodes) {
      for (const arg of new Set(node.inputs)) this.readers.set(arg, [...(this.readers.get(arg) ?? []), node]);
    }
    this.outputs = new Set(network.outputs.map(({ node }) => node));
  }

  /** The exponents with that of `node` set to e and all that follows from it; null when that is impossible. */
  require(known: Map<Node, number>, node: Node, e: number): Map<Node, number> | null {
    const present = known.get(node);
    if (present !== undefined) return present === e ? known : null;
    this.steps += 1;
    if (this.steps > MOST_STEPS || !this.admits(node, e)) return null;
    const above = this.fromArguments(new Map(known).set(node, e), node, e);
    return (this.readers.get(node) ?? []).reduce<Map<Node, number> | null>(
      (found, reader) => found && this.inReader(found, reader, node, e),
      above,
    );
  }

  private admits(node: Node, e: number): boolean {
    if (this.outputs.has(node) || node.op === 'input' || node.op === 'softmax') return e === 0;
    if (!isOp(node, 'constant')) return true;
    const sizes = node.attributes.value.data.filter((entry) => !entry.isZero()).map((entry) => entry.abs());
    const factor = Rational.pow2(e);
    const [largest, least] = [largestFinite(this.format), Rational.pow2(this.format.minExponent)];
    return sizes.every((size) => size.mul(factor).le(largest) && (e >= 0 || least.le(size.mul(factor))));
  }

  private fromArguments(known: Map<Node, number>, node: Node, e: number): Map<Node, number> | null {
    if (KEEPING.has(node.op)) return this.all(known, node.inputs, e);
    const factors = factorsOf(node);
    if (!factors) return known;
    const given = factors.reduce((sum, arg) => sum + (known.get(arg) ?? 0), 0);
    return given === e ? known : this.any(known, factors, (arg) => (known.get(arg) ?? 0) + e - given);
  }

  private inReader(known: Map<Node, number>, reader: Node, node: Node, e: number): Map<Node, number> | null {
    if (KEEPING.has(reader.op)) return this.require(known, reader, e);
    const factors = factorsOf(reader);
    if (!factors?.includes(node)) return e === 0 ? known : null;
    const product = factors.reduce((sum, arg) => sum + (known.get(arg) ?? 0), 0);
    const wanted = known.get(reader) ?? 0;
    if (product === wanted) return known;
    const others = factors.filter((arg) => arg !== node);
    const compensated = this.any(known, others, (arg) => (known.get(arg) ?? 0) + wanted - product);
    return compensated ?? this.require(known, reader, product);
  }

  private all(known: Map<Node, number>, nodes: readonly Node[], e: number): Map<Node, number> | null {
    return nodes.reduce<Map<Node, number> | null>((found, node) => found && this.require(found, node, e), known);
  }

  /** The first of the nodes, constants first, that can take its exponent. */
  private any(known: Map<Node, number>, nodes: readonly Node[], exponent: (node: Node) => number) {
    const ordered = [...nodes].sort((a, b) => Number(a.batched) - Number(b.batched));
    for (const node of ordered) {
      const found = this.require(known, node, exponent(node));
      if (found) return found;
    }
    return null;
  }
}
