import { InputError, quote } from '../errors.js';
import { didYouMean } from '../nearest.js';
import { lehmer } from '../numbers/random.js';
import { COLOURINGS } from './colourings.js';
import { DOUBLY_STOCHASTIC } from './doubly-stochastic.js';
import type { FunctionOfTensors } from './function-of-tensors.js';
import type { Graph } from './graph.js';
import { LINEAR_ALGEBRA } from './linear-algebra.js';
import { negate, reshape } from './operators.js';
import { concat, flatten, mean, reduce, softmax, transpose } from './rearrange.js';
import type { Scalar } from './scalar.js';
import * as S from './scalar.js';
import { SUBSET_TREE } from './subset-tree.js';
import { constantOf, constantValue, describe, integerValue, number, shapeOf, type TensorValue } from './value.js';

/** Longest axis of a tensor that is made by eye, zeros, ones. */
const LONGEST = 2 ** 20;
/** Significant binary digits of up and down, which make short weights, and of near, which makes close ones. */
const SHORT_BITS = 16;
const CLOSE_BITS = 53;

/** Every function of the network language. To add one: a row here. */
export const FUNCTIONS: Readonly<Record<string, FunctionOfTensors>> = {
  relu: entrywise('relu(x)', (graph, x) => graph.operate('relu', {}, [x])),
  abs: entrywise('abs(x)', (graph, x) => graph.operate('max', {}, [x, negate(graph, x)])),
  softmax: along('softmax(x, axis=-1)', softmax),
  sum: along('sum(x, axis=k)', (graph, x, axis) => reduce(graph, 'reduceSum', x, axis)),
  mean: along('mean(x, axis=k)', mean),
  max: extremum('max', 'reduceMax'),
  min: extremum('min', 'reduceMin'),
  transpose: {
    signature: 'transpose(x), transpose(x, [2, 1, 3]), x.T',
    arity: [1, 2],
    run: (graph, [x, order]) => transpose(graph, x, order && integers(order, 'the order of the axes')),
  },
  reshape: {
    signature: 'reshape(x, [n, m])',
    arity: [2, 2],
    run: (graph, [x, lengths]) => reshape(graph, x, integers(lengths, 'a shape')),
  },
  flatten: entrywise('flatten(x)', flatten),
  concat: {
    signature: 'concat(x, y, ..., axis=1)',
    arity: [1, 1000],
    named: ['axis'],
    run: (graph, parts, named) => concat(graph, parts, axisOf(named, parts[0]) ?? 0),
  },
  recurrence: {
    signature: 'recurrence(u, A, B)',
    arity: [3, 3],
    run: (graph, args) => graph.operate('recurrence', {}, args),
  },
  eye: {
    signature: 'eye(n), eye(n, m)',
    arity: [1, 2],
    run: (graph, lengths) => {
      const [n, m = n] = lengths.map((length) => integerValue(length, 'the order', 1, LONGEST));
      return filled(graph, [n, m], (k) => S.of(Math.floor(k / m) === k % m ? 1 : 0));
    },
  },
  zeros: { signature: 'zeros(n, ...)', arity: [1, 8], run: (graph, lengths) => full(graph, lengths, S.of(0)) },
  ones: { signature: 'ones(n, ...)', arity: [1, 8], run: (graph, lengths) => full(graph, lengths, S.of(1)) },
  incidence: {
    signature: 'incidence([[rows of column 1], ...], m)',
    arity: [2, 2],
    run: (graph, [x, rows]) => {
      const { shape, data } = constantValue(x, 'the places of ones');
      const [n, k] = shape;
      const m = integerValue(rows, 'the number of rows', 1, LONGEST);
      if (shape.length !== 2) throw new InputError({ found: describe(x), allowed: 'a list of places for each column' });
      const ones = new Set(
        data.map((entry, at) => (integerValue(number(entry), 'a row', 1, m) - 1) * n + Math.floor(at / k)),
      );
      return filled(graph, [m, n], (at) => S.of(ones.has(at) ? 1 : 0));
    },
  },
  subsets: {
    signature: 'subsets(n, k)',
    arity: [2, 2],
    run: (graph, args) => {
      const [n, k] = args.map((arg) => integerValue(arg, 'a number of elements', 1, LONGEST));
      if (k > n) throw new InputError({ found: `subsets of ${k} of ${n} elements`, allowed: `at most ${n}` });
      const rows: number[][] = [];
      const visit = (chosen: readonly number[], from: number) => {
        if (chosen.length === k) {
          graph.charge(4 * k);
          rows.push([...chosen]);
        } else for (let next = from; next <= n - k + chosen.length + 1; next++) visit([...chosen, next], next + 1);
      };
      visit([], 1);
      return constantOf([rows.length, k], rows.flat().map(S.of));
    },
  },
  draw: {
    signature: 'draw([n, m, ...])',
    arity: [1, 1],
    run: (graph, [x]) => {
      const random = lehmer(graph.seed);
      const counts = integers(x, 'how many numbers each is drawn from');
      graph.charge(4 * counts.length);
      return constantOf(
        [counts.length],
        counts.map((n) => S.of(Math.floor(random() * n))),
      );
    },
  },
  diag: {
    signature: 'diag([a, b, ...])',
    arity: [1, 1],
    run: (graph, [x]) => {
      const { shape, data } = constantValue(x, 'a diagonal');
      if (shape.length !== 1) throw new InputError({ found: `a diagonal of ${shape.length} axes`, allowed: 'a list' });
      const n = shape[0];
      return filled(graph, [n, n], (k) => (Math.floor(k / n) === k % n ? data[k % n] : S.of(0)));
    },
  },
  size: along('size(x, axis=1)', (_, x, axis) => {
    const shape = shapeOf(x);
    if (shape.length === 0) throw new InputError({ found: 'the size of a number', allowed: 'a tensor' });
    return number(S.of(shape[axis ?? 0]));
  }),
  mod: {
    signature: 'mod(a, b)',
    arity: [2, 2],
    run: (_, [a, b]) => {
      const [x, y] = [a, b].map((value) => constantValue(value, 'mod').data[0]);
      return number(S.minus(x, S.times(y, S.floor(S.over(x, y)))));
    },
  },
  exp: elementary('exp'),
  log: elementary('log'),
  sin: elementary('sin'),
  cos: elementary('cos'),
  tanh: elementary('tanh'),
  sqrt: elementary('sqrt'),
  log2: exact('log2', S.log2),
  floor: exact('floor', S.floor),
  ceil: exact('ceil', S.ceil),
  denominator: exact('denominator', S.denominator),
  up: rounding('up', SHORT_BITS),
  down: rounding('down', SHORT_BITS),
  near: rounding('near', CLOSE_BITS, 'nearest'),
  ...LINEAR_ALGEBRA,
  ...COLOURINGS,
  ...SUBSET_TREE,
  ...DOUBLY_STOCHASTIC,
};

/** Calls a function by its name. Throws InputError for an unknown one and for arguments that it does not take. */
export function call(
  graph: Graph,
  name: string,
  args: readonly TensorValue[],
  named: ReadonlyMap<string, TensorValue>,
): TensorValue {
  if (!Object.hasOwn(FUNCTIONS, name)) {
    const allowed = Object.keys(FUNCTIONS).join(', ');
    throw new InputError({ found: `no function ${quote(name)}`, allowed, ...didYouMean(name, Object.keys(FUNCTIONS)) });
  }
  const { signature, arity, named: names = [], run } = FUNCTIONS[name];
  const stray = [...named.keys()].find((key) => !names.includes(key));
  if (stray !== undefined) throw new InputError({ found: `${name} with ${quote(`${stray}=`)}`, allowed: signature });
  if (args.length < arity[0] || args.length > arity[1])
    throw new InputError({ found: `${name} with ${args.length} arguments`, allowed: signature });
  return run(graph, args, named);
}

function entrywise(signature: string, run: (graph: Graph, x: TensorValue) => TensorValue): FunctionOfTensors {
  return { signature, arity: [1, 1], run: (graph, [x]) => run(graph, x) };
}

function along(
  signature: string,
  run: (graph: Graph, x: TensorValue, axis: number | undefined) => TensorValue,
): FunctionOfTensors {
  return { signature, arity: [1, 1], named: ['axis'], run: (graph, [x], named) => run(graph, x, axisOf(named, x)) };
}

/** With one argument the extremal entry, of all or along an axis; with several the extremum entry by entry. */
function extremum(name: 'min' | 'max', reduction: 'reduceMin' | 'reduceMax'): FunctionOfTensors {
  return {
    signature: `${name}(x, axis=k), ${name}(x, y, ...)`,
    arity: [1, 1000],
    named: ['axis'],
    run: (graph, [first, ...others], named) => {
      if (others.length === 0) return reduce(graph, reduction, first, axisOf(named, first));
      if (named.has('axis'))
        throw new InputError({ found: `${name} of several tensors along an axis`, allowed: `one tensor` });
      return others.reduce((a, b) => graph.operate(name, {}, [a, b]), first);
    },
  };
}

/** A function that exact numbers have and networks may have. */
function elementary(name: 'exp' | 'log' | 'sin' | 'cos' | 'tanh' | 'sqrt'): FunctionOfTensors {
  const value = (x: Scalar) => (name === 'sqrt' ? S.raised(x, S.over(S.of(1), S.of(2))) : S.applied(name, x));
  const { signature, arity, run } = exact(name, value);
  return {
    signature,
    arity,
    run: (graph, args, named) =>
      args[0].kind === 'computed' ? graph.elementwise(name, args) : run(graph, args, named),
  };
}

/** A function of exact numbers alone, entry by entry. */
function exact(name: string, of: (x: Scalar) => Scalar): FunctionOfTensors {
  return {
    signature: `${name}(x)`,
    arity: [1, 1],
    run: (graph, [x]) => {
      const { shape, data } = constantValue(x, name);
      graph.charge(data.length);
      return constantOf(shape, data.map(of));
    },
  };
}

function rounding(
  name: string,
  defaultBits: number,
  direction: 'up' | 'down' | 'nearest' = name as 'up',
): FunctionOfTensors {
  return {
    signature: `${name}(x, bits=${defaultBits})`,
    arity: [1, 1],
    named: ['bits'],
    run: (graph, [x], named) => {
      const given = named.get('bits');
      const bits = given ? integerValue(given, 'bits', 1, 4096) : defaultBits;
      return exact(name, (entry) => S.rounded(entry, bits, direction)).run(graph, [x], named);
    },
  };
}

function full(graph: Graph, lengths: readonly TensorValue[], entry: Scalar): TensorValue {
  const shape = lengths.map((length) => integerValue(length, 'a length', 1, LONGEST));
  return filled(graph, shape, () => entry);
}

function filled(graph: Graph, shape: readonly number[], entry: (k: number) => Scalar): TensorValue {
  const size = shape.reduce((product, length) => product * length, 1);
  graph.charge(4 * size);
  return constantOf(
    shape,
    Array.from({ length: size }, (_, k) => entry(k)),
  );
}

/** The axis that was asked for, counted from 0; in files they count from 1, or from the last one by -1. */
function axisOf(named: ReadonlyMap<string, TensorValue>, x: TensorValue): number | undefined {
  const given = named.get('axis');
  if (!given) return undefined;
  const rank = shapeOf(x).length;
  const axis = integerValue(given, `an axis of a tensor of ${rank} axes`, -rank, rank);
  if (axis === 0) throw new InputError({ found: 'axis 0', allowed: `axes from 1 to ${rank}, or -1 for the last` });
  return axis > 0 ? axis - 1 : rank + axis;
}

function integers(value: TensorValue, use: string): readonly number[] {
  const { data } = constantValue(value, use);
  return data.map((entry) => integerValue(number(entry), use, 1, LONGEST));
}
