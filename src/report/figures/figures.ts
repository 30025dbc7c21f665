import { compile } from '../../evaluate/evaluate.js';
import { float64 } from '../../evaluate/float64.js';
import { isOp, type Network, type Node } from '../../network/network.js';
import { showShape, sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { approximate } from '../../numbers/convert.js';
import { type HeatMap, heatMapOf, rounded } from './heat-map.js';
import { type Quantity, quantityOf } from './quantity.js';
import { type Response, responseOf } from './response.js';
import { pointOf } from './witness.js';

/**
 * What a page draws of a result: all of it in doubles and sampled, for the eye. Nothing is concluded from it, and it is in
 * the result's JSON only when a page was asked for.
 */
export interface Figures {
  /** The claim whose quantity is drawn. */
  readonly claim: string | null;
  /** Along lines through the witness, in the direction of one entry each. */
  readonly slices: readonly Slice[];
  /** Over the whole box of two entries. */
  readonly field: Field | null;
  readonly graph: readonly Box[];
  readonly weights: readonly HeatMap[];
  /** The softmax weights at the witness. */
  readonly attention: readonly HeatMap[];
  readonly response: Response | null;
}

export interface Slice {
  readonly entry: string;
  /** Of the witness. */
  readonly at: number;
  readonly points: readonly {
    readonly x: number;
    readonly difference: number;
    readonly network?: number;
    readonly formula?: number;
  }[];
}

export interface Field {
  readonly entries: readonly [string, string];
  readonly box: readonly [readonly [number, number], readonly [number, number]];
  readonly at: readonly [number, number] | null;
  /** Rows from the top, where the second entry is largest. */
  readonly cells: HeatMap;
}

/** A tensor of the network that depends on the inputs, and the number of weights that enter it. */
export interface Box {
  readonly name: string;
  readonly op: string;
  readonly shape: string;
  readonly inputs: readonly number[];
  readonly weights: number;
}

/** What is drawn of a claim. */
export interface Drawn {
  readonly id: string;
  readonly statement: string;
  readonly witness: Readonly<Record<string, unknown>> | null;
}

/** Multiplications that the samples of a picture may cost together. */
const MOST_WORK = 3e8;
const [SLICE_POINTS, MOST_SLICES, FIELD_POINTS, MOST_BOXES, MOST_WEIGHTS] = [241, 6, 61, 80, 12];

/** The pictures of a network and of the first claim that has one. */
export function figuresOf(network: Network, claims: readonly Drawn[]): Figures {
  const work = workOf(network);
  const shown = claims.flatMap((claim) => {
    const quantity = work < MOST_WORK / 100 ? quantityOf(network, claim.statement) : null;
    return quantity ? [{ claim, quantity, point: pointOf(claim.witness, quantity.input) }] : [];
  });
  const best = shown.find(({ point }) => point) ?? shown[0];
  const [input, second] = network.inputs;
  const point = claims.map(({ witness }) => (input && !second ? pointOf(witness, input) : null)).find(Boolean) ?? null;
  return {
    claim: best?.claim.id ?? null,
    slices: best ? slicesOf(best.quantity, best.point, work) : [],
    field: best ? fieldOf(best.quantity, best.point, work) : null,
    graph: boxesOf(network),
    weights: weightsOf(network),
    attention: point && work < MOST_WORK ? attentionOf(network, input, point) : [],
    response: responseOf(network),
  };
}

/** How many products one evaluation takes, about. */
function workOf({ nodes }: Network): number {
  return nodes.reduce((total, node) => {
    const size = sizeOf(sizes(node.shape));
    return total + size * (node.op === 'matmul' ? (sizes(node.inputs[0].shape).at(-1) ?? 1) : 1);
  }, 1);
}

/** Where there is no witness, lines go through the middle. */
function slicesOf({ entries, at }: Quantity, witness: readonly number[] | null, work: number): Slice[] {
  const through = witness ?? entries.map(({ lo, hi }) => (lo + hi) / 2);
  const free = [...entries.keys()].filter((k) => entries[k].lo < entries[k].hi);
  const count = Math.min(SLICE_POINTS, Math.floor(MOST_WORK / work / Math.min(free.length || 1, MOST_SLICES)));
  if (count < 9) return [];
  return free.slice(0, MOST_SLICES).map((k) => {
    const { name, lo, hi } = entries[k];
    const places = Array.from({ length: count }, (_, i) => lo + ((hi - lo) * i) / (count - 1));
    if (witness) places.push(through[k]);
    const points = places
      .sort((a, b) => a - b)
      .flatMap((x) => {
        const { difference, ...sides } = at(through.toSpliced(k, 1, x));
        return Number.isFinite(difference)
          ? [{ x: rounded(x), difference: rounded(difference), ...finite(sides) }]
          : [];
      });
    return { entry: name, at: rounded(through[k]), points };
  });
}

/** Values that overflow in doubles, or have none there, have no place in a picture. */
function finite<T extends object>(values: T): T {
  const shown = Object.entries(values).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(shown.map(([name, value]) => [name, rounded(value)])) as T;
}

function fieldOf({ entries, at }: Quantity, witness: readonly number[] | null, work: number): Field | null {
  if (entries.length !== 2 || work * FIELD_POINTS ** 2 > MOST_WORK) return null;
  const [first, second] = entries;
  const place = ({ lo, hi }: { lo: number; hi: number }, k: number) => lo + ((hi - lo) * (k + 0.5)) / FIELD_POINTS;
  const cells = heatMapOf(
    'difference',
    FIELD_POINTS,
    FIELD_POINTS,
    (i, j) => at([place(first, j), place(second, FIELD_POINTS - 1 - i)]).difference,
  );
  return {
    entries: [first.name, second.name],
    box: [
      [first.lo, first.hi],
      [second.lo, second.hi],
    ],
    at: witness && [witness[0], witness[1]],
    cells,
  };
}

/** The graph without its constants; empty for networks with too many tensors to be drawn. */
function boxesOf({ nodes }: Network): Box[] {
  const drawn = nodes.filter(({ op }) => op !== 'constant');
  if (drawn.length > MOST_BOXES) return [];
  return drawn.map((node) => ({
    name: node.name,
    op: node.op,
    shape: showShape(node.shape),
    inputs: node.inputs.flatMap((input) => (drawn.includes(input) ? [drawn.indexOf(input)] : [])),
    weights: node.inputs.reduce(
      (total, input) => total + (isWeight(input) ? input.attributes.value.data.length : 0),
      0,
    ),
  }));
}

function isWeight(node: Node): node is Node<'constant'> {
  return isOp(node, 'constant') && node.attributes.role === 'weight';
}

/** The weights that have rows and columns, the largest first. */
function weightsOf({ nodes }: Network): HeatMap[] {
  return nodes
    .filter(isWeight)
    .filter(({ shape }) => shape.length > 0)
    .sort((a, b) => b.attributes.value.data.length - a.attributes.value.data.length)
    .slice(0, MOST_WEIGHTS)
    .map(({ name, shape, attributes: { value } }) => {
      const lengths = sizes(shape);
      const columns = lengths.at(-1)!;
      const entries = new Map<number, number>();
      value.forEach((entry, index) => {
        entries.set(index, approximate(entry));
      });
      return heatMapOf(name, sizeOf(lengths) / columns, columns, (i, j) => entries.get(i * columns + j) ?? 0);
    });
}

function attentionOf(network: Network, input: Node<'input'>, point: readonly number[]): HeatMap[] {
  const heads = network.nodes.filter((node) => isOp(node, 'softmax')).slice(0, MOST_WEIGHTS);
  if (heads.length === 0) return [];
  const value = new Tensor(sizes(input.shape), [...point]);
  const values = compile(network.upTo(...heads), float64)({ [input.attributes.name]: value });
  return heads.map((head) => {
    const entries = values[head.name].dense(0);
    const columns = sizes(head.shape).at(-1) ?? 1;
    return heatMapOf(head.name, entries.length / columns, columns, (i, j) => entries[i * columns + j]);
  });
}
