import { compile, type Values } from '../evaluate/evaluate.js';
import { float64 } from '../evaluate/float64.js';
import type { Network, Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { lehmer } from '../numbers/random.js';

/** Of random inputs. */
const TRIALS = 3;
/** Sums in another order round otherwise. */
const NEARLY = 1e-6;

/** A length of the batch that no axis of the outputs of one example has. */
export function batchBeside({ outputs }: Network): number {
  const lengths = new Set(outputs.flatMap(({ node }) => sizes(node.shape)));
  let count = 2;
  while (lengths.has(count)) count += 1;
  return count;
}

/**
 * Whether the first example of a batch seems to give what it gives alone, tried at a few random inputs: a model that mixes the
 * examples of a batch, as a softmax over that axis does, is no function of one of them. `batch` has the axis of examples, of
 * length `batchBeside(one)`, in front of its inputs, and somewhere in its outputs.
 */
export function keepsExamplesApart(one: Network, batch: Network): boolean {
  const random = lehmer(20261129);
  const count = batchBeside(one);
  const [alone, together] = [one, batch].map((network) => compile(network, float64));
  return Array.from({ length: TRIALS }).every(() => {
    const numbers = one.inputs.map(({ shape }) =>
      Array.from({ length: count }, () => Array.from({ length: sizeOf(sizes(shape)) }, () => 2 * random() - 1)),
    );
    const given = (
      of: (examples: readonly (readonly number[])[]) => readonly number[],
      network: Network,
    ): Values<number> =>
      Object.fromEntries(
        network.inputs.map(({ attributes: { name }, shape }, k) => [name, new Tensor(sizes(shape), of(numbers[k]))]),
      );
    const expected = alone(given(([first]) => first, one));
    const found = together(given((examples) => examples.flat(), batch));
    return one.outputs.every(({ name, node }, k) => {
      const values = firstOf(count, batch.outputs[k].node, found[name].dense(0), sizeOf(sizes(node.shape)));
      return values?.every((value, i) => isNear(value, expected[name].dense(0)[i])) ?? false;
    });
  });
}

/** The entries with index 0 along the axis of examples; null where there is none. */
function firstOf(count: number, { shape }: Node, values: readonly number[], size: number): readonly number[] | null {
  const lengths = sizes(shape);
  const axis = lengths.indexOf(count);
  if (axis < 0 || values.length !== count * size) return null;
  const inner = lengths.slice(axis + 1).reduce((product, length) => product * length, 1);
  return values.filter((_, i) => Math.floor(i / inner) % count === 0);
}

function isNear(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= NEARLY * (1 + Math.abs(a));
}
