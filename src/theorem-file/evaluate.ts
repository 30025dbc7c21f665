import { InputError, quote } from '../errors.js';
import { didYouMean } from '../nearest.js';
import { Rational } from '../numbers/rational.js';
import { apply } from '../symbolic/functions.js';
import { call, FUNCTIONS } from './functions.js';
import type { Graph } from './graph.js';
import { negate, OPERATORS, power, reshape } from './operators.js';
import { gather, stack } from './rearrange.js';
import { compare, of } from './scalar.js';
import type { Clause, Comparison, Condition, Index, Syntax } from './syntax.js';
import {
  constantOf,
  describe,
  integerValue,
  number,
  scalarValue,
  shapeOf,
  type TensorValue,
  tensorOf,
  type Value,
} from './value.js';

/** Longest range, and largest number in one. */
const LONGEST_RANGE = 2 ** 20;
const LARGEST_INTEGER = 2 ** 40;
/** What a round of a comprehension counts for, as much as an entry that is kept. */
const STEPS_OF_ROUND = 4;

/** What names stand for: parameters, earlier tensors, and the variables of comprehensions around. */
export interface Scope {
  readonly graph: Graph;
  readonly text: string;
  readonly names: Names;
}

/** A map of names, of which a comprehension makes one for each of its rounds. */
export type Names = Pick<ReadonlyMap<string, Value>, 'get' | 'has' | 'keys'>;

function withName(names: Names, name: string, value: Value): Names {
  return {
    get: (asked) => (asked === name ? value : names.get(asked)),
    has: (asked) => asked === name || names.has(asked),
    keys: () => new Set([...names.keys(), name]).values(),
  };
}

/**
 * The value of an expression. Throws InputError that quotes the part of the text which was at fault.
 */
export function evaluate(syntax: Syntax, scope: Scope): Value {
  try {
    return evaluateKind(syntax, scope);
  } catch (error) {
    throw error instanceof InputError && !located.has(error) ? quoting(error, syntax, scope.text) : error;
  }
}

/** Whether a condition holds. */
export function holds(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, scope));
    case 'or':
      return condition.parts.some((part) => holds(part, scope));
    case 'not':
      return !holds(condition.of, scope);
    case 'comparison': {
      let left = evaluate(condition.first, scope);
      return condition.rest.every(({ comparison, operand }) => {
        const right = evaluate(operand, scope);
        const order = compare(scalarValue(left, 'a comparison'), scalarValue(right, 'a comparison'));
        left = right;
        return COMPARISONS[comparison](order);
      });
    }
  }
}

const COMPARISONS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Errors that already say which part of the text they are about. */
const located = new WeakSet<InputError>();

function quoting(error: InputError, { span }: Syntax, text: string): InputError {
  const part = text.slice(...span).replaceAll(/\s+/g, ' ');
  const { found, ...rest } = error.fault;
  const placed = new InputError({ ...rest, found: found.includes(part) ? found : `${quote(part)}: ${found}` });
  located.add(placed);
  return placed;
}

function evaluateKind(syntax: Syntax, scope: Scope): Value {
  const { graph } = scope;
  const tensor = (part: Syntax): TensorValue => tensorOf(evaluate(part, scope));
  switch (syntax.kind) {
    case 'number':
      return number(of(syntax.value));
    case 'name':
      return named(syntax.name, scope);
    case 'input':
      throw new InputError({ found: 'an input inside an expression', allowed: 'a tensor of its own' });
    case 'list':
      return stack(graph, syntax.items.map(tensor));
    case 'comprehension':
      return stack(graph, comprehended(syntax.body, syntax.clauses, scope));
    case 'range': {
      const [from, to] = [syntax.from, syntax.to].map((end) => integerOf(evaluate(end, scope), 'an end of a range'));
      return rangeOf(graph, from, to);
    }
    case 'call': {
      const own = scope.names.get(syntax.name);
      const args = syntax.args.map(tensor);
      if (own && (own.kind === 'function' || !Object.hasOwn(FUNCTIONS, syntax.name)))
        return called(own, syntax.name, args);
      return call(graph, syntax.name, args, new Map([...syntax.named].map(([name, part]) => [name, tensor(part)])));
    }
    case 'index':
      return indexed(tensor(syntax.of), syntax.indices, scope);
    case 'negation':
      return negate(graph, tensor(syntax.of));
    case 'power':
      return power(graph, tensor(syntax.base), tensor(syntax.exponent));
    case 'chain':
      return syntax.rest.reduce(
        (left, { operator, operand }) => OPERATORS[operator](graph, left, tensor(operand)),
        tensor(syntax.first),
      );
    case 'conditional':
      return evaluate(holds(syntax.test, scope) ? syntax.then : syntax.otherwise, scope);
  }
}

function named(name: string, { names }: Scope): Value {
  const value = names.get(name);
  if (value) return value;
  if (name === 'pi') return number(apply('pi'));
  if (Object.hasOwn(FUNCTIONS, name))
    throw new InputError({ found: `the function ${name} without arguments`, allowed: FUNCTIONS[name].signature });
  const known = [...names.keys(), 'pi'];
  const found = `nothing is called ${quote(name)} here`;
  throw new InputError({ found, allowed: known.join(', '), ...didYouMean(name, known) });
}

/** A parameter that is a function, at exact numbers; a tensor is no function. */
function called(value: Value, name: string, args: readonly TensorValue[]): Value {
  if (value.kind !== 'function')
    throw new InputError({
      found: `${name}, which is ${describe(value)}, as a function`,
      mend: 'write * for a product',
    });
  if (args.length !== value.variables.length)
    throw new InputError({ found: `${name} with ${args.length} arguments`, allowed: `${value.variables.length}` });
  return number(value.apply(args.map((arg) => scalarValue(arg, `an argument of ${name}`))));
}

function comprehended(body: Syntax, clauses: readonly Clause[], scope: Scope): TensorValue[] {
  const [clause, ...inner] = clauses;
  if (!clause) return [tensorOf(evaluate(body, scope))];
  if (scope.names.has(clause.name))
    throw new InputError({
      found: `the name ${quote(clause.name)} for a variable, which is taken`,
      allowed: 'a new name',
    });
  return itemsOf(evaluate(clause.in, scope)).flatMap((item) => {
    const inside = { ...scope, names: withName(scope.names, clause.name, item) };
    scope.graph.charge(STEPS_OF_ROUND);
    return clause.tests.every((test) => holds(test, inside)) ? comprehended(body, inner, inside) : [];
  });
}

/** What a comprehension runs through: the entries of a list, the rows of a matrix. */
function itemsOf(value: Value): Value[] {
  if (value.kind !== 'constant' || value.tensor.shape.length === 0)
    throw new InputError({
      found: `for ... in ${describe(value)}`,
      allowed: 'a range 1..n or a list of exact numbers',
    });
  const [count, ...shape] = value.tensor.shape;
  if (shape.length === 0) return value.tensor.data.map(number);
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, k) => constantOf(shape, value.tensor.data.slice(k * size, (k + 1) * size)));
}

function rangeOf(graph: Graph, from: number, to: number): TensorValue {
  const count = Math.max(0, to - from + 1);
  if (count > LONGEST_RANGE)
    throw new InputError({ found: `a range of ${count} numbers`, allowed: `at most ${LONGEST_RANGE}` });
  graph.charge(count);
  return constantOf(
    [count],
    Array.from({ length: count }, (_, k) => of(Rational.of(from + k))),
  );
}

/** x[i, 2..T]: each index is about one axis; axes without one are kept whole. */
function indexed(x: TensorValue, indices: readonly Index[], scope: Scope): TensorValue {
  const shape = shapeOf(x);
  if (indices.length > shape.length)
    throw new InputError({ found: `${indices.length} indices of ${describe(x)}`, allowed: `at most ${shape.length}` });
  if (x.kind === 'constant' && indices.length === shape.length && indices.every(({ kind }) => kind === 'at'))
    return entryOf(x, indices, scope) ?? general(x, indices, scope);
  return general(x, indices, scope);
}

/** The most frequent case by itself: one entry of a table. Null when an index is a list. */
function entryOf(x: TensorValue & { kind: 'constant' }, indices: readonly Index[], scope: Scope): TensorValue | null {
  const { shape, data } = x.tensor;
  let flat = 0;
  for (const [axis, index] of indices.entries()) {
    const value = evaluate((index as Index & { kind: 'at' }).of, scope);
    if (value.kind !== 'constant' || value.tensor.shape.length > 0) return null;
    flat = flat * shape[axis] + placeOf(value, shape[axis]);
  }
  scope.graph.charge(1);
  return number(data[flat]);
}

function general(x: TensorValue, indices: readonly Index[], scope: Scope): TensorValue {
  const kept: number[] = [];
  let result = x;
  for (const [axis, length] of shapeOf(x).entries()) {
    const places = placesOf(indices[axis], length, scope);
    if (places !== 'all') result = gather(scope.graph, result, axis, typeof places === 'number' ? [places] : places);
    if (typeof places !== 'number') kept.push(shapeOf(result)[axis]);
  }
  return reshape(scope.graph, result, kept);
}

function placesOf(index: Index | undefined, length: number, scope: Scope): number | readonly number[] | 'all' {
  if (!index) return 'all';
  if (index.kind === 'at') {
    const value = evaluate(index.of, scope);
    if (value.kind !== 'constant' || value.tensor.shape.length !== 1) return placeOf(value, length);
    return value.tensor.data.map((entry) => placeOf(number(entry), length));
  }
  const ends = [index.from, index.to].map((end) => end && integerOf(evaluate(end, scope), 'an index'));
  const [from, to] = [ends[0] ?? 1, ends[1] ?? length];
  if (from === 1 && to === length) return 'all';
  if (!(from >= 1 && to <= length && from <= to + 1))
    throw new InputError({ found: `the part ${from}..${to}`, allowed: `places from 1 to ${length}` });
  return Array.from({ length: to - from + 1 }, (_, k) => from - 1 + k);
}

function placeOf(value: Value, length: number): number {
  return integerValue(value, 'an index', 1, length) - 1;
}

function integerOf(value: Value, use: string): number {
  return integerValue(value, use, -LARGEST_INTEGER, LARGEST_INTEGER);
}
