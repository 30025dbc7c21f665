import { demand } from './failure.js';
import type { Fraction } from './fraction.js';
import { fraction, list, type Network, record, sizeOf } from './network.js';
import type { Session } from './session.js';

/** Numbers for the entries of every input, by its node. */
export type Numbers = ReadonlyMap<number, readonly Fraction[]>;

/** Reads numbers for every input, `{x: [numbers in row-major order]}`. */
export function numbersOf({ nodes }: Network, inputs: unknown): Numbers {
  const places = nodes.flatMap((node, k) => (node.op === 'input' ? [[k, node] as const] : []));
  const names = places.map(([, { name }]) => name);
  const values = record(inputs, 'inputs', names);
  return new Map(
    places.map(([k, { name, shape }]) => {
      const numbers = list(values[name], `input ${name}`).map((text) => fraction(text, `input ${name}`));
      demand(numbers.length === sizeOf(shape), `${numbers.length} numbers for the input ${name}`);
      return [k, numbers];
    }),
  );
}

/** The same numbers by the names of the inputs' entries. */
export function byName(session: Session, numbers: Numbers): ReadonlyMap<string, Fraction> {
  return new Map(
    [...numbers].flatMap(([node, values]) =>
      session.entries(node).map((form, k) => [session.atoms.nameOf(form), values[k]] as const),
    ),
  );
}
