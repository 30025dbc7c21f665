import { InputError, quote } from '../../errors.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { EntrySet } from '../../statement/index.js';
import { namesOf, squeezed } from './entries.js';
import { base, inputOf, type Model } from './model.js';

/** A variable of the prefix: a point of an input, entry by entry. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  /** The names of its entries in expressions: `x[1,2]`, `x'`. */
  readonly entries: readonly string[];
  readonly sets: readonly EntrySet[];
}

/** What may be asked where an input holds a unit vector for each token, as an input of integers is read. */
const OF_TOKENS =
  'of sequences of tokens, one variable over finite sets, ask argmax(y[t]) = f(s), margin(y[t], f(s)) >= c or ... >= ?';

function mayBeTokens(shape: readonly number[], sets: readonly EntrySet[], own: readonly number[]): boolean {
  const [tokens] = squeezed(own).length > 1 ? squeezed(own) : [1];
  return shape.length <= 1 && sets.length === tokens && sets.every(({ kind }) => kind === 'finite');
}

function showInputs({ inputs }: Network): string {
  return inputs
    .map(({ attributes, shape }) => `${quote(attributes.name)} of shape [${sizes(shape).join(', ')}]`)
    .join(', ');
}

function exampleBox(shape: readonly number[]): string {
  const dims = squeezed(shape);
  return dims.length === 0 ? '[0, 1]' : dims.length === 1 ? `[0, 1]^${dims[0]}` : `[0, 1]^(${dims.join('x')})`;
}

/** The variable of a prefix: a point of the input of that name, of its shape. Throws InputError where the models have no such input. */
export function variableOf(
  name: string,
  shape: readonly number[],
  sets: readonly EntrySet[],
  models: readonly Model[],
): Variable {
  const inputs = models.flatMap(({ network, file }) => {
    const input = inputOf(network, name);
    return input ? [{ shape: sizes(input.shape), file }] : [];
  });
  if (inputs.length === 0 && models.length > 0) {
    const allowed = models.map(({ file, network }) => `${file} has ${showInputs(network)}`).join('; ');
    throw new InputError({ found: `'for all ${name}': no input is called ${quote(base(name))}`, allowed });
  }
  const [first, ...others] = inputs;
  if (!first) return { name, shape, entries: namesOf(name, shape), sets };
  for (const other of others) {
    if (squeezed(other.shape).join() === squeezed(first.shape).join()) continue;
    throw new InputError({
      found: `${quote(name)} is of shape [${first.shape}] in ${first.file}, of shape [${other.shape}] in ${other.file}`,
    });
  }
  const isFlat = shape.length <= 1 && sets.length === sizeOf(first.shape);
  if (!isFlat && squeezed(first.shape).join() !== squeezed(shape).join()) {
    throw new InputError({
      found: `a set of shape [${shape.join(', ')}] for ${quote(name)}`,
      allowed: `the shape of the input of ${first.file}: [${first.shape.join(', ')}], such as ${exampleBox(first.shape)}`,
      ...(mayBeTokens(shape, sets, first.shape) && { mend: OF_TOKENS }),
    });
  }
  return { name, shape: first.shape, entries: namesOf(name, first.shape), sets };
}
