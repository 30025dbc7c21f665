import { InputError, type Place, placed, quote } from '../errors.js';
import { Network } from '../network/network.js';
import type { Surroundings } from '../proof/theorem.js';
import { ARITIES } from '../statement/index.js';
import { evaluate, holds, type Scope } from './evaluate.js';
import { FUNCTIONS } from './functions.js';
import { Graph } from './graph.js';
import { type Declaration, prescribed } from './parameters.js';
import { RESERVED } from './parse.js';
import { of, rationalOf } from './scalar.js';
import type { Syntax } from './syntax.js';
import { type Constant, describe, integerValue, number, showSizes, tensorOf, type Value } from './value.js';

const LONGEST_AXIS = 2 ** 24;

/** A name and what stands after it in a theorem file. */
export interface Definition {
  readonly name: string;
  readonly text: string;
  readonly syntax: Syntax;
  readonly place: Place;
}

/** Lines that are carried out for each integer of a range, in order; what they define goes on to the next round. */
export interface Loop {
  readonly index: string;
  readonly range: Definition;
  readonly body: readonly Line[];
}

/** A line of `network:` or `constants:`. */
export type Line = Definition | Loop;

/** What the lines define, each name once, where it is defined last. */
export function definitionsOf(lines: readonly Line[]): readonly Definition[] {
  const all = lines.flatMap((line) => ('body' in line ? definitionsOf(line.body) : [line]));
  return all.filter(({ name }, k) => all.findLastIndex((other) => other.name === name) === k);
}

/** What the names of a theorem file stand for in one instance: its parameters, then its constants. */
export type Environment = ReadonlyMap<string, Value>;

/** The values of parameters, weights and constants, each of which may use those before it. */
export function environmentOf(
  declarations: readonly Declaration[],
  constants: readonly Line[],
  given: Readonly<Record<string, unknown>>,
  { directory, seed }: Surroundings,
  weights: ReadonlyMap<string, Value> = new Map(),
): Environment {
  const graph = new Graph(seed);
  const names = new Map<string, Value>();
  for (const declaration of declarations) {
    const { name, prescription } = declaration;
    const value = given[name];
    const scope = { graph, names, text: prescription?.text ?? '' };
    if (value === undefined && !prescription) {
      names.set(name, ABSENT);
      continue;
    }
    names.set(
      name,
      placed({ field: name }, () =>
        value === undefined && prescription
          ? prescribed(declaration, evaluate(prescription.syntax, scope), directory)
          : declaration.value(value, directory),
      ),
    );
  }
  for (const declaration of declarations) demandMet(declaration, { graph, names, text: '' });
  for (const [name, value] of weights) names.set(name, value);
  carryOut(constants, names, graph, ({ syntax, text }) => {
    const value = evaluate(syntax, { graph, names, text });
    if (value.kind !== 'computed') return value;
    throw new InputError({ found: describe(value), allowed: 'a constant' });
  });
  return names;
}

/** What a parameter is in expressions that the instance need not give, and does not: 0. */
export const ABSENT = number(of(0));

/** Throws InputError for a parameter that does not fit the others. */
function demandMet({ name, where }: Declaration, scope: Scope): void {
  for (const { words, text, condition } of where) {
    placed({ field: name }, () => {
      if (holds(condition, { ...scope, text })) return;
      const value = scope.names.get(name)!;
      throw new InputError({ found: shown(value), allowed: words });
    });
  }
}

/** The value of a parameter in a message: a number itself, of tables how many numbers or which shape. */
function shown(value: Value): string {
  if (value.kind !== 'constant') return describe(value);
  const { shape, data } = value.tensor;
  if (shape.length === 0) return String(rationalOf(data[0]));
  return shape.length === 1 ? `a list of ${shape[0]} numbers` : `a matrix of shape ${showSizes(shape)}`;
}

/** Sets each name to its value, line by line. `round` tells the rounds of loops around apart. */
function carryOut(
  lines: readonly Line[],
  names: Map<string, Value>,
  graph: Graph,
  evaluated: (definition: Definition, round: string) => Value,
  round = '',
): void {
  for (const line of lines) {
    if (!('body' in line)) {
      names.set(
        line.name,
        placed(line.place, () => evaluated(line, round)),
      );
      continue;
    }
    const { index, range, body } = line;
    const values = placed(range.place, () => rangeValues(evaluate(range.syntax, { graph, names, text: range.text })));
    for (const value of values) {
      names.set(index, value);
      const label = String(rationalOf(value.tensor.data[0]));
      carryOut(body, names, graph, evaluated, round === '' ? label : `${round}, ${label}`);
    }
    names.delete(index);
  }
}

function rangeValues(value: Value): Constant[] {
  if (value.kind === 'constant' && value.tensor.shape.length === 1) return value.tensor.data.map(number);
  throw new InputError({ found: `for ... in ${describe(value)}`, allowed: 'a range such as 1..n' });
}

/** Whether the tensors have no input: an exact object, all of whose named tensors are its outputs. */
export function isObject(lines: readonly Line[]): boolean {
  return definitionsOf(lines).every(({ syntax }) => syntax.kind !== 'input');
}

/**
 * The network of a theorem file for one instance. The outputs are the tensors of the given names.
 * Throws InputError with the place of the tensor that was at fault.
 */
export function networkOf(
  lines: readonly Line[],
  outputs: readonly { readonly name: string; readonly place: Place }[],
  environment: Environment,
  seed: number,
): Network {
  const graph = new Graph(seed);
  const names = new Map(environment);
  const isWhole = isObject(lines);
  const labels = new Set<string>();
  for (const [name, value] of environment) if (value.kind === 'constant') graph.label(value.tensor, name);
  carryOut(lines, names, graph, ({ name, syntax, text }, round) => {
    const scope: Scope = { graph, text, names };
    let label = round === '' ? name : `${name}[${round}]`;
    while (labels.has(label)) label += "'";
    labels.add(label);
    const value = graph.named(label, () =>
      syntax.kind === 'input' ? input(name, syntax.shape, scope) : tensorOf(evaluate(syntax, scope)),
    );
    return isWhole ? graph.kept(value) : value;
  });
  return new Network(
    outputs.map(({ name, place }) => {
      const value = names.get(name);
      if (value?.kind === 'computed') return { name, node: value.node };
      const found = value ? `the output ${quote(name)}, which depends on no input` : `no tensor ${quote(name)}`;
      throw new InputError({ ...place, found, allowed: `tensors that depend on an input: ${computed(names)}` });
    }),
  );
}

/** Functions whose name a number may have as well: `size` is the order of a matrix, `size(x)` a length. */
const SHARED = ['size', 'draw', 'drawnmean', 'sinkhorn', 'birkhoff', 'truncation'];

/** Throws InputError for a name that is no name, or that means something else. */
export function checkName(name: string, place: Place, taken: ReadonlySet<string>): void {
  const allowed = 'a letter, then letters, digits and _';
  if (!/^\p{L}[\p{L}\p{Nd}_]*$/u.test(name))
    throw new InputError({ ...place, found: `the name ${quote(name)}`, allowed });
  const isFunction = (Object.hasOwn(FUNCTIONS, name) && !SHARED.includes(name)) || ARITIES.has(name);
  const isWord = RESERVED.includes(name) || isFunction;
  if (isWord)
    throw new InputError({
      ...place,
      found: `the name ${quote(name)}, a word of the language`,
      allowed: `another name, such as ${name}0 or its_${name}`,
    });
  if (taken.has(name)) throw new InputError({ ...place, found: `the name ${quote(name)} twice`, allowed: 'each once' });
}

function input(name: string, lengths: readonly Syntax[], scope: Scope) {
  const shape = lengths.map((length) => integerValue(evaluate(length, scope), 'a length', 1, LONGEST_AXIS));
  return scope.graph.input(name, shape);
}

function computed(names: Environment): string {
  return [...names].flatMap(([name, { kind }]) => (kind === 'computed' ? [name] : [])).join(', ') || 'none';
}
