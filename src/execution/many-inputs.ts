import { compile, type Values } from '../evaluate/evaluate.js';
import { beside, inLanes, type Lanes, lane } from '../evaluate/lanes.js';
import type { ExecutionModel, Held } from '../evaluate/rounded.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import type { Interval } from '../numbers/interval.js';

/** Fewer inputs are evaluated one by one. */
const FEWEST = 4;
const MOST_LANES = 64;
/** Numbers of all lanes together that are kept at once. */
const MOST_NUMBERS = 1 << 21;
/** How many times as many numbers lanes may hold as inputs one by one, of which each repeats what it likes. */
const MOST_MORE = 4;

/**
 * What a model of executions says of an output at many inputs, several of them at once. Null where there are few, or where
 * their entries repeat, each input's in places of its own: then what is the same is computed once for each.
 */
export function atManyInputs(
  network: Network,
  output: string,
  inputs: readonly Values<Held>[],
  model: ExecutionModel,
): (readonly Interval[])[] | null {
  if (inputs.length < FEWEST) return null;
  const algebra = inLanes(model);
  const evaluate = compile(network, algebra);
  const entries = network.nodes.reduce((sum, { shape }) => sum + sizeOf(sizes(shape)), 1);
  const width = Math.max(FEWEST, Math.min(MOST_LANES, Math.floor(MOST_NUMBERS / entries)));
  const results: (readonly Interval[])[] = [];
  for (let start = 0; start < inputs.length; start += width) {
    const own = inputs.slice(start, start + width);
    const values = packed(own, model.algebra.zero);
    if (!values) return null;
    const found = evaluate(values)[output].dense(algebra.zero);
    own.forEach((_, i) => {
      results.push(found.map((x) => lane(x, i)));
    });
  }
  return results;
}

/** Entry by entry the inputs beside each other, equal ones as one object; null where single inputs repeat much more. */
function packed(inputs: readonly Values<Held>[], zero: Held): Values<Lanes> | null {
  const known = new Map<string, Lanes[]>();
  let kinds = 0;
  const pack = (column: readonly Held[]): Lanes => {
    const lanes = beside(column);
    const key = lanes.list.subarray(0, FEWEST).join();
    const alike = known.get(key) ?? [];
    const found = alike.find(({ list }) => list.every((end, k) => end === lanes.list[k]));
    if (found) return found;
    known.set(key, [...alike, lanes]);
    kinds += 1;
    return lanes;
  };
  let different = 0;
  const names = Object.keys(inputs[0]);
  const dense = inputs.map((values) => names.map((name) => values[name].dense(zero)));
  for (const tensors of dense) different += new Set(tensors.flatMap((entries) => entries.map(({ lo }) => lo))).size;
  const values = names.map((name, n) => {
    const entries = dense[0][n].map((_, k) => pack(dense.map((tensors) => tensors[n][k])));
    return [name, new Tensor(inputs[0][name].shape, entries)] as const;
  });
  return kinds * inputs.length > MOST_MORE * different ? null : Object.fromEntries(values);
}
