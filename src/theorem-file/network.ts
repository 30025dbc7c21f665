import { InputError, type Place, placed, quote } from '../errors.js';
import { Network } from '../network/network.js';
import { evaluate, type Scope } from './evaluate.js';
import { FUNCTIONS } from './functions.js';
import { Graph } from './graph.js';
import { type Declaration, prescribed } from './parameters.js';
import { RESERVED } from './parse.js';
import type { Syntax } from './syntax.js';
import { describe, integerValue, type TensorValue, tensorOf, type Value } from './value.js';

const LONGEST_AXIS = 2 ** 24;

/** A name and what stands after it in a theorem file. */
export interface Definition {
  readonly name: string;
  readonly text: string;
  readonly syntax: Syntax;
  readonly place: Place;
}

/** What the names of a theorem file stand for in one instance: its parameters, then its constants. */
export type Environment = ReadonlyMap<string, Value>;

/** The values of parameters and constants, each of which may use those before it. */
export function environmentOf(
  declarations: readonly Declaration[],
  constants: readonly Definition[],
  given: Readonly<Record<string, unknown>>,
  directory: string,
): Environment {
  const graph = new Graph();
  const names = new Map<string, Value>();
  for (const declaration of declarations) {
    const { name, prescription } = declaration;
    const value = given[name];
    const scope = { graph, names, text: prescription?.text ?? '' };
    names.set(
      name,
      placed({ field: name }, () =>
        value === undefined && prescription
          ? prescribed(declaration, evaluate(prescription.syntax, scope), directory)
          : declaration.value(value, directory),
      ),
    );
  }
  for (const { name, text, syntax, place } of constants) {
    names.set(
      name,
      placed(place, () => {
        const value = evaluate(syntax, { graph, names, text });
        if (value.kind !== 'computed') return value;
        throw new InputError({ found: describe(value), allowed: 'a constant' });
      }),
    );
  }
  return names;
}

/** Whether the tensors have no input: an exact object, all of whose named tensors are its outputs. */
export function isObject(tensors: readonly Definition[]): boolean {
  return tensors.every(({ syntax }) => syntax.kind !== 'input');
}

/**
 * The network of a theorem file for one instance. The outputs are the tensors of the given names.
 * Throws InputError with the place of the tensor that was at fault.
 */
export function networkOf(
  tensors: readonly Definition[],
  outputs: readonly { readonly name: string; readonly place: Place }[],
  environment: Environment,
): Network {
  const keep = isObject(tensors)
    ? (graph: Graph, value: TensorValue) => graph.kept(value)
    : (_: Graph, value: TensorValue) => value;
  const graph = new Graph();
  const names = new Map(environment);
  for (const [name, value] of environment) if (value.kind === 'constant') graph.label(value.tensor, name);
  for (const { name, syntax, text, place } of tensors) {
    const scope: Scope = { graph, text, names };
    names.set(
      name,
      placed(place, () =>
        keep(
          graph,
          graph.named(name, () =>
            syntax.kind === 'input' ? input(name, syntax.shape, scope) : tensorOf(evaluate(syntax, scope)),
          ),
        ),
      ),
    );
  }
  return new Network(
    outputs.map(({ name, place }) => {
      const value = names.get(name);
      if (value?.kind === 'computed') return { name, node: value.node };
      const found = value ? `the output ${quote(name)}, which depends on no input` : `no tensor ${quote(name)}`;
      throw new InputError({ ...place, found, allowed: `tensors that depend on an input: ${computed(names)}` });
    }),
  );
}

/** Throws InputError for a name that is no name, or that means something else. */
export function checkName(name: string, place: Place, taken: ReadonlySet<string>): void {
  const allowed = 'a letter, then letters, digits and _';
  if (!/^\p{L}[\p{L}\p{Nd}_]*$/u.test(name))
    throw new InputError({ ...place, found: `the name ${quote(name)}`, allowed });
  const isWord = RESERVED.includes(name) || Object.hasOwn(FUNCTIONS, name) || name === 'pi';
  if (isWord) throw new InputError({ ...place, found: `the name ${quote(name)}, a word of the language`, allowed });
  if (taken.has(name)) throw new InputError({ ...place, found: `the name ${quote(name)} twice`, allowed: 'each once' });
}

function input(name: string, lengths: readonly Syntax[], scope: Scope) {
  const shape = lengths.map((length) => integerValue(evaluate(length, scope), 'a length', 1, LONGEST_AXIS));
  return scope.graph.input(name, shape);
}

function computed(names: Environment): string {
  return [...names].flatMap(([name, { kind }]) => (kind === 'computed' ? [name] : [])).join(', ') || 'none';
}
