import { compile, type Values } from '../evaluate/evaluate.js';
import { float64 } from '../evaluate/float64.js';
import { prime, residues } from '../evaluate/residues.js';
import type { Network, Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { lehmer } from '../numbers/random.js';

/** The residues of a model's formula, and its numbers, which nobody can have made the same by a factor that is 0 in residues. */
const WAYS = [
  { algebra: residues, drawn: (random: number) => Math.floor(random * prime()), isSame: Object.is },
  { algebra: float64, drawn: (random: number) => 2 * random - 1, isSame: isNear },
];
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
 * Whether each example of a batch gives what it gives alone: a model that mixes the examples of a batch, as a softmax over that
 * axis does, or that knows how many there are, is no function of one of them. At a random input an output has to be made of the
 * numbers of its own example as it is made alone. `batch` has the axis of examples, of length `batchBeside(one)`, in front of its
 * inputs, and somewhere in its outputs.
 */
export function keepsExamplesApart(one: Network, batch: Network): boolean {
  const count = batchBeside(one);
  const random = lehmer(20261129);
  return WAYS.every(({ algebra, drawn, isSame }) => {
    const [alone, together] = [one, batch].map((network) => compile(network, algebra));
    const numbers = one.inputs.map(({ shape }) =>
      Array.from({ length: count }, () => Array.from({ length: sizeOf(sizes(shape)) }, () => drawn(random()))),
    );
    const given = (
      of: (examples: readonly (readonly number[])[]) => readonly number[],
      network: Network,
    ): Values<number> =>
      Object.fromEntries(
        network.inputs.map(({ attributes: { name }, shape }, k) => [name, new Tensor(sizes(shape), of(numbers[k]))]),
      );
    const found = together(given((examples) => examples.flat(), batch));
    return Array.from({ length: count }).every((_, example) => {
      const expected = alone(given((examples) => examples[example], one));
      return one.outputs.every(({ name, node }, k) => {
        const parts = byExample(count, batch.outputs[k].node, found[name].dense(0), sizeOf(sizes(node.shape)));
        return parts?.[example].every((value, i) => isSame(value, expected[name].dense(0)[i])) ?? false;
      });
    });
  });
}

/** The entries of each example, those with its index along the axis of examples; null where there is no such axis. */
function byExample(
  count: number,
  { shape }: Node,
  values: readonly number[],
  size: number,
): readonly (readonly number[])[] | null {
  const lengths = sizes(shape);
  const axis = lengths.indexOf(count);
  if (axis < 0 || values.length !== count * size) return null;
  const inner = lengths.slice(axis + 1).reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, example) =>
    values.filter((_, i) => Math.floor(i / inner) % count === example),
  );
}

function isNear(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= NEARLY * (1 + Math.abs(a));
}
