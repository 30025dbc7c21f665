import type { Network, Node } from '../../network/network.js';

/** A network that a statement speaks of. */
export interface Model {
  /** What it goes by in the statement, `a.y`; null when it is the only one. */
  readonly name: string | null;
  readonly file: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly network: Network;
  /**
   * Whether the statement is a theorem's and the network one whose inner tensors are not the theorem's: what a file calls them
   * must not change what the theorem says, so that it names inputs and outputs alone.
   */
  readonly hasForeignNames?: boolean;
}

/** The name without the model's in front; undefined for a name of another model. */
export function ownName({ name: model }: Model, name: string): string | undefined {
  if (model === null) return name;
  return name.startsWith(`${model}.`) ? name.slice(model.length + 1) : undefined;
}

/** The input that a variable is a point of: by its name, or as the only one, x. */
export function inputOf(network: Network, variable: string) {
  const name = base(variable);
  const { inputs } = network;
  return (
    inputs.find(({ attributes }) => attributes.name === name) ??
    (name === 'x' && inputs.length === 1 ? inputs[0] : undefined)
  );
}

/** How a statement calls a point of an input. */
export function variableName(network: Network, input: Node<'input'>): string {
  return network.inputs.length === 1 ? 'x' : input.attributes.name;
}

/** The name of a variable without the primes of a second point. */
export function base(name: string): string {
  return name.replace(/'+$/, '');
}

/** The output of that name, or the only one, y. */
export function outputNamed({ outputs }: Network, name: string): Network['outputs'][number] | undefined {
  return outputs.find((one) => one.name === name) ?? (name === 'y' && outputs.length === 1 ? outputs[0] : undefined);
}
