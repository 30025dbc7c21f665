import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { evaluateTerm, parseStatement, parseTermText, setsOf } from '../../src/statement/index.js';
import { followsPointers, followsText, runsAutomaton } from './one-hot.js';
import { executable, number, type Readable, ROUNDING, running, type Trial } from './truth-network.js';

/** Of enclosures of outputs that no input changes. */
const BITS = 256;
/** Sequences that are tried, all of them where there are no more. */
const MOST = 1500;

/** Trials of what is said of finitely many things: constants, points, maps, sequences. */
export const FINITE_TRIALS: Readonly<Record<string, Trial>> = {
  values: (net, { relations, holds }) => {
    const stands = [0, 1].map((share) => {
      const look = entriesOf(net, share);
      return (relations as [string, string, string][]).map(([left, sign, right]) => {
        const [a, b] = [left, right].map((text) => evaluateTerm(parseTermText(text), look, BITS));
        return standing(sign, a, b);
      });
    });
    const isFalse = stands.some((all) => (holds ? all.includes(false) : all.every((one) => one === true)));
    return isFalse ? `${JSON.stringify(stands)}` : null;
  },
  'box-counting': (net, { output, value }) => {
    const { shape, data } = compile(executable(net), exact)(zeros(net, Rational.zero))[output as string] as never as {
      shape: readonly number[];
      data: readonly Rational[];
    };
    const rows = Array.from({ length: shape[0] }, (_, i) => [data[2 * i], data[2 * i + 1]] as const);
    const found = starDiscrepancy(rows);
    return found.toString() === value ? null : `is ${found}`;
  },
  'pointer-composition': (net, { output, power }) => {
    const [{ shape }] = net.inputs;
    const n = sizes(shape)[0];
    return n ** n > MOST || followsPointers(executable(net), n, power, output) ? null : 'fails at a map';
  },
  'token-hops': (net, { output, power }) => {
    const [rows, letters] = sizes(net.inputs[0].shape);
    return followsText(executable(net), rows - 1, power, letters, output) ? null : 'fails at a text';
  },
  'map-composition': (net, { output, table, start }) => {
    const [{ shape }] = net.inputs;
    return runsAutomaton(executable(net), sizes(shape)[0], table, output, start) ? null : 'fails at a sequence';
  },
  generation: (net, { variable, prompts, text, output, first }) => {
    const { run, length, symbols } = onSequences(net, output);
    const tokens = (text as [string, string][]).flatMap(([places, token]) => {
      const [from, to = from] = places.split('..').map(Number);
      return Array.from({ length: to - from + 1 }, (_, k) => [token, from + k] as const);
    });
    for (const prompt of sequencesIn(variable, prompts)) {
      const s = [...prompt];
      for (const [token, t] of tokens) {
        const expected = valueAt(token, variable, s, t);
        for (const rest of [0, symbols - 1]) {
          const filled = [...s, ...new Array<number>(length - s.length).fill(rest)];
          const scores = run(filled, [s.length]);
          const lead = leadOf(scores, expected - first);
          if (!(lead > 0)) return `fails at ${filled}: ${lead}`;
        }
        s.push(expected);
      }
    }
    return null;
  },
  'sequence-margin': (net, { variable, sequences, conditions, output, indices, place, least, strict, at }) => {
    const { run } = onSequences(net, output);
    const excess = (s: readonly number[]) => leadOf(run(s, indices), valueAt(place, variable, s) - 1) - number(least);
    const isMeant = (s: readonly number[]) =>
      (conditions as [string, string, string][]).every(([left, sign, right]) =>
        standsIn(sign, valueAt(left, variable, s), valueAt(right, variable, s)),
      );
    if (at !== undefined) {
      const s = (at as string[]).map(number);
      const isFailure = isMeant(s) && excess(s) <= (strict ? ROUNDING : 0);
      return isFailure ? null : `does not fail at ${s}`;
    }
    for (const s of sequencesIn(variable, sequences)) {
      if (isMeant(s) && !(excess(s) >= -ROUNDING)) return `fails at ${s}: ${excess(s)}`;
    }
    return null;
  },
};

type Ends = { readonly lo: Rational; readonly hi: Rational };

/** Whether a relation holds between two numbers, of which enclosures are known; null where these do not say. */
function standing(sign: string, a: Ends, b: Ends): boolean | null {
  if (sign === '>' || sign === '>=') return standing(sign.replace('>', '<'), b, a);
  if (sign === '=')
    return a.hi.lt(b.lo) || b.hi.lt(a.lo) ? false : a.lo.equals(b.hi) && a.hi.equals(b.lo) ? true : null;
  const [surely, never] = sign === '<' ? [a.hi.lt(b.lo), b.hi.le(a.lo)] : [a.hi.le(b.lo), b.hi.lt(a.lo)];
  return surely ? true : never ? false : null;
}

function standsIn(sign: string, a: number, b: number): boolean {
  return { '=': a === b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[sign]!;
}

function zeros<T>(net: Readable, value: T): Record<string, Tensor<T>> {
  return Object.fromEntries(
    [...net.inputs].map(({ attributes: { name }, shape }) => {
      return [name, new Tensor(sizes(shape), new Array<T>(sizeOf(sizes(shape))).fill(value))];
    }),
  );
}

/** Enclosures of the entries of outputs, at an input whose entries are all the same. */
function entriesOf(net: Readable, share: number) {
  const A = ballIntervals(BITS);
  const atShare = () => compile(executable(net), intervals(A))(zeros(net, A.of(Rational.of(share, 3))));
  let found: ReturnType<typeof atShare> | undefined;
  return ({ name }: { readonly name: string }, indices: readonly number[]): Ends[] => {
    // Numbers alone say nothing of the network, which may be none that is executed.
    found ??= atShare();
    const outputs = found;
    const { shape } = outputs[name];
    const axes = indices.length === shape.length ? shape : shape.filter((size) => size !== 1);
    const value = outputs[name].dense(A.zero)[indices.reduce((flat, i, k) => flat * axes[k] + i - 1, 0)];
    return [{ lo: A.lower(value)!, hi: A.upper(value)! }];
  };
}

/** The supremum over boxes [0, a) x [0, b) of the unit square of |share of the points inside - a b|, by its definition. */
function starDiscrepancy(rows: readonly (readonly [Rational, Rational])[]): Rational {
  const sides = [0, 1].map((axis) => [...rows.map((row) => row[axis]), Rational.one]);
  let best = Rational.zero;
  for (const a of sides[0]) {
    for (const b of sides[1]) {
      const area = a.mul(b);
      const shareOf = (isIn: (x: Rational, end: Rational) => boolean) =>
        Rational.of(rows.filter(([x, y]) => isIn(x, a) && isIn(y, b)).length, rows.length);
      const open = shareOf((x, end) => x.lt(end));
      const closed = shareOf((x, end) => x.le(end));
      best = best.max(area.sub(open)).max(closed.sub(area));
    }
  }
  return best;
}

/**
 * A network of one input, whatever its name, as a function of sequences: numbers, or unit vectors of tokens that count from 0. A change
 * may have left the input without a use.
 */
function onSequences(net: Readable, output: string) {
  const [input] = [...net.inputs];
  const shape = input ? sizes(input.shape) : [];
  const [length = 0, symbols = 1] = shape;
  const evaluate = running(net);
  const run = (s: readonly number[], indices: readonly number[]) => {
    const data =
      symbols === 1 ? s : s.flatMap((token) => Array.from({ length: symbols }, (_, k) => Number(k === token)));
    const values = input ? { [input.attributes.name]: new Tensor(shape, [...data]) } : {};
    const { shape: of, dense } = entriesAt(evaluate(values)[output]);
    const axes = of.length === indices.length + 1 ? of : of.filter((size) => size !== 1);
    const width = axes.slice(indices.length).reduce((a, b) => a * b, 1);
    const row = indices.reduce((flat, i, k) => flat * axes[k] + i - 1, 0);
    return dense.slice(row * width, (row + 1) * width);
  };
  return { run, length, symbols };
}

function entriesAt(values: { readonly shape: readonly number[]; dense(zero: number): readonly number[] }) {
  return { shape: values.shape, dense: values.dense(0) };
}

function leadOf(scores: readonly number[], place: number): number {
  return scores[place] - Math.max(...scores.filter((_, k) => k !== place));
}

/** All sequences of finite sets, or a fixed choice of them. */
function* sequencesIn(variable: string, sets: string): Generator<number[]> {
  const { prefix } = parseStatement(`for all ${variable} in ${sets}: 0 <= 1`);
  const alphabets = setsOf(prefix!.groups[0].domain).map((set) => {
    if (set.kind !== 'finite') throw new Error(`no finite sets: ${sets}`);
    return set.values.map(approximate);
  });
  const all = alphabets.reduce((count, { length }) => count * length, 1);
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let code = 0; code < Math.min(all, MOST); code++) {
    let left = code;
    yield alphabets.map((values) => {
      if (all > MOST) return values[Math.floor(random() * values.length)];
      const value = values[left % values.length];
      left = Math.floor(left / values.length);
      return value;
    });
  }
}

/** A function of a sequence as its text says, in the same words as the language. */
function valueAt(text: string, variable: string, s: readonly number[], t?: number): number {
  const code = text
    .replaceAll('^', '**')
    .replaceAll(new RegExp(`\\b${variable}\\[([^\\[\\].]+)\\.\\.([^\\[\\]]+)\\]`, 'g'), 'part($1, $2)')
    .replaceAll(new RegExp(`\\b${variable}\\[([^\\[\\]]+)\\]`, 'g'), 'at($1)');
  const names = Object.keys(FUNCTIONS);
  const part = (from: number, to: number) => s.slice(from - 1, to);
  const run = new Function('t', 'at', 'part', ...names, `return ${code};`);
  return run(t, (i: number) => s[i - 1], part, ...names.map((name) => FUNCTIONS[name])) as number;
}

const FUNCTIONS: Readonly<Record<string, (...args: never[]) => number>> = {
  mod: (a: number, m: number) => a - m * Math.floor(a / m),
  quotient: (a: number, m: number) => Math.floor(a / m),
  max: Math.max as (...args: never[]) => number,
  min: Math.min as (...args: never[]) => number,
  count: (s: number[], a: number) => s.filter((b) => b === a).length,
  /** Digits from the last place on. */
  carry: (a: number[], b: number[], base = 10) =>
    a.reduce((carry, digit, k) => Number(digit + b[k] + carry >= base), 0),
};
