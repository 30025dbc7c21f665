import { InputError } from '../../src/errors.js';
import { compile, type Values } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { intervals } from '../../src/evaluate/intervals.js';
import type { Network } from '../../src/network/network.js';
import { readCanonical } from '../../src/network/read-canonical.js';
import { sizes } from '../../src/network/shape.js';
import { readStateSpace } from '../../src/network/state-space.js';
import { summarise } from '../../src/network/summary.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { readArchitecture } from '../../src/proof/rules/calculus/architecture.js';
import { flow } from '../../src/proof/rules/calculus/flow.js';
import { readFacts } from '../../src/proof/rules/calculus/task.js';
import { largestEntry } from '../../src/proof/rules/state-space/entries.js';
import { evaluateTerm, parseTermText } from '../../src/statement/index.js';
import { PlainNetwork } from './plain.js';
import { misstated, violation } from './sentence.js';
import { hankelValues, memoryValues, scaling } from './truth-memory.js';

/** Room for the rounding of doubles. */
const ROUNDING = 1e-9;
/** Of enclosures where doubles do not do. */
const EXACT_BITS = 256;
/** Of difference quotients. */
const STEP = 1e-5;

/** A network, also one that the rules of execution in batches refuse. */
type Readable = Network | PlainNetwork;

function readNetwork(text: string): Readable {
  try {
    return readCanonical(text);
  } catch (error) {
    if (error instanceof InputError && /batch axis|cannot be concatenated/.test(error.message))
      return new PlainNetwork(text);
    throw error;
  }
}

function running(net: Readable): (inputs: Readonly<Record<string, Tensor<number>>>) => Values<number> {
  return net instanceof PlainNetwork ? (inputs) => net.run(inputs) : compile(net, float64);
}

function executable(net: Readable): Network {
  if (net instanceof PlainNetwork) throw new Error('a conclusion about a network that is not executed in batches');
  return net;
}

type Conclusion = { readonly kind: string } & Readonly<Record<string, never>>;

/**
 * Tries to find the conclusions of a verified certificate false, by evaluating the network in doubles at many points;
 * the first one that is, or null. Shares nothing with the checker.
 */
export function counterexample(certificate: string, network: string): string | null {
  const { claims } = JSON.parse(certificate) as { claims: { conclusion: Conclusion; steps: { data: never }[] }[] };
  const net = readNetwork(network);
  for (const { conclusion, steps } of claims) {
    const found = TRIALS[conclusion.kind](net, conclusion, steps, network);
    if (found) return `${JSON.stringify(conclusion).slice(0, 200)} ${found}`;
  }
  return null;
}

type Trial = (
  net: Readable,
  conclusion: Conclusion,
  steps: readonly { readonly data: never }[],
  text: string,
) => string | null;

/** What the names of a sentence stand for at a point, in doubles. */
function valuesAt(net: Readable) {
  const shapes = new Map([...net.inputs].map(({ attributes: { name }, shape }) => [name, sizes(shape)]));
  const evaluate = running(net);
  return (given: Record<string, number[]>) => {
    const inputs = Object.entries(given).map(([name, x]) => [name, new Tensor(shapes.get(name)!, x)] as const);
    const outputs = evaluate(Object.fromEntries(inputs));
    const variables = inputs.map(([name, { shape, data }]) => [name, { shape, entries: [...data] }] as const);
    const found = Object.entries(outputs).map(([name, values]) => {
      return [name, { shape: values.shape, entries: values.dense(0) }] as const;
    });
    return Object.fromEntries([...found, ...variables]);
  };
}

const TRIALS: Readonly<Record<string, Trial>> = {
  approximation: (net, conclusion) => {
    const { output, domain, target, lo, hi } = conclusion;
    const [node] = net.inputs;
    const name = node.attributes.name;
    const shape = sizes(node.shape);
    const [from, to] = domain[name] === null ? [-3, 3] : (domain[name] as string[]).map(number);
    const evaluate = running(net);
    const stated = formula(target as string, name, shape);
    const extremes: { difference: number; point: readonly number[] }[] = [];
    for (const point of points(sizeOf(shape))) {
      const x = point.map((s) => from + (to - from) * s);
      const y = evaluate({ [name]: new Tensor(shape, x) })[output as string].dense(0)[0];
      const difference = y - stated(x);
      if (!(number(lo) - ROUNDING <= difference && difference <= number(hi) + ROUNDING))
        return `fails at ${x}: ${difference}`;
      if (!extremes[0] || difference < extremes[0].difference) extremes[0] = { difference, point };
      if (!extremes[1] || difference > extremes[1].difference) extremes[1] = { difference, point };
    }
    const isNear = [extremes[0].difference < number(lo) + ROUNDING, extremes[1].difference > number(hi) - ROUNDING];
    for (const { point } of extremes.filter((_, k) => isNear[k])) {
      const gap = exactGap(net, conclusion, shape, point);
      if (gap && (gap.hi.lt(parseRational(lo)) || parseRational(hi).lt(gap.lo))) return `fails at ${point}, exactly`;
    }
    return null;
  },
  statement: (net, { text }) => violation(text, points, valuesAt(net)),
  instance: (net, { text, point, holds }) => {
    const given = Object.entries(point as Record<string, string[]>).map(([name, x]) => [name, x.map(number)] as const);
    return misstated(text as string, valuesAt(net)(Object.fromEntries(given)), holds as boolean);
  },
  all: (net, { of }, steps, text) => {
    const found = (of as readonly Conclusion[]).map((one) => TRIALS[one.kind](net, one, steps, text));
    return found.find((fault) => fault !== null) ?? null;
  },
  identity: (_, { node, entries }, __, text) => {
    const part = readNetwork(JSON.stringify({ ...JSON.parse(text), outputs: [{ name: 'entries', node }] }));
    const [input] = part.inputs;
    const name = input.attributes.name;
    const shape = sizes(input.shape);
    const evaluate = running(part);
    for (const point of points(sizeOf(shape))) {
      const values = evaluate({ [name]: new Tensor(shape, [...point]) })['entries'].dense(0);
      const stated = (entries as string[]).map((text) => formula(text, name, shape)(point));
      if (values.length !== stated.length || values.some((v, k) => !(Math.abs(v - stated[k]) <= ROUNDING)))
        return `fails at ${point}`;
    }
    return null;
  },
  samples: (net, { output, bound, count }, steps) => {
    const { samples } = steps
      .map(({ data }) => data as { samples?: { inputs: Record<string, string[]>; expected: string }[] })
      .find((data) => data.samples)!;
    const evaluate = running(net);
    const fails = samples!.some(({ inputs, expected }) => {
      const values = net.inputs.map(({ attributes: { name }, shape }) => [
        name,
        new Tensor(sizes(shape), inputs[name].map(number)),
      ]);
      const y = evaluate(Object.fromEntries(values))[output as string].dense(0)[0];
      return !(Math.abs(y - number(expected)) <= number(bound) + ROUNDING);
    });
    return fails || samples!.length !== count ? 'fails at a sample' : null;
  },
  derivative: (net, { output, gap, bound }) => {
    const [input] = net.inputs;
    const [name, shape] = [input.attributes.name, sizes(input.shape)];
    const T = sizeOf(shape);
    const evaluate = running(net);
    const value = (x: number[]) => evaluate({ [name]: new Tensor(shape, x) })[output as string].dense(0)[0];
    for (let k = 0; k < 400; k++) {
      const second = 1 - number(gap) - 0.4 * ((k % 20) / 20) ** 3;
      const x = (h: number) =>
        Array.from({ length: T }, (_, t) => (t === 0 ? 1 : t === 1 ? second + h : second - 2 * (k / 400) ** 2));
      const slope = (value(x(STEP)) - value(x(-STEP))) / (2 * STEP);
      if (!(Math.abs(slope) <= number(bound) * (1 + STEP) + STEP)) return `fails at ${x(0)}: ${slope}`;
    }
    return null;
  },
  collision: (net, { output, inputs, target, eps, slope }) => {
    const [input] = net.inputs;
    if (!input) return null;
    const { attributes, shape } = input;
    const lengths = sizes(shape);
    const stated = formula(target as string, attributes.name, lengths);
    const [a, b] = (inputs as Record<string, string[]>[]).map((point) => {
      const x = point[attributes.name].map(number);
      const y = running(net)({ [attributes.name]: new Tensor(lengths, x) })[output as string].dense(0);
      return { y, H: stated(x) };
    });
    const distance = Math.max(...a.y.map((value, k) => Math.abs(value - b.y[k])));
    const needed = number(slope) * (distance - ROUNDING) + 2 * number(eps);
    return needed <= Math.abs(a.H - b.H) * (1 + ROUNDING) ? null : `asks for a gap of ${needed}`;
  },
  continuation: (net, { output, margin, absent }) => {
    const [{ attributes, shape }] = net.inputs;
    const [rows, m] = sizes(shape);
    const evaluate = running(net);
    for (let code = 0; code < Math.min(m ** (rows - 1), 512); code++) {
      const symbols = Array.from({ length: rows - 1 }, (_, t) => Math.floor(code / m ** t) % m);
      const earlier = symbols.lastIndexOf(symbols[rows - 2], rows - 3);
      if (earlier < 0 === (absent === undefined)) continue;
      const x = [-1, ...symbols].flatMap((symbol) => Array.from({ length: m }, (_, s) => (s === symbol ? 1 : 0)));
      const y = evaluate({ [attributes.name]: new Tensor([rows, m], x) })[output as string].dense(0);
      if (absent !== undefined) {
        if (!y.every((score) => Math.abs(score) <= number(absent) + ROUNDING)) return `fails at ${symbols}`;
        continue;
      }
      const right = symbols[earlier + 1];
      if (!y.every((score, s) => s === right || y[right] - score >= number(margin) - ROUNDING))
        return `fails at ${symbols}`;
    }
    return null;
  },
  arithmetic: (_, { relations }) => {
    for (const [left, sign, right] of relations as [string, string, string][]) {
      const [a, b] = [left, right].map((text) => new Function(`return ${text.replaceAll('^', '**')}`)() as number);
      const difference = a - b;
      const isFalse = { '=': Math.abs(difference), '<=': difference, '>=': -difference, '>': -difference }[sign]!;
      if (!(isFalse <= ROUNDING)) return `${left} ${sign} ${right} is false`;
    }
    return null;
  },
  flow: (_, { layers, task }) => {
    const located = (texts: string[]) =>
      texts.map((text) => ({ kind: 'text' as const, text, place: { field: 'text' } }));
    try {
      const found = flow(readArchitecture(located(layers)), readFacts(located(task)));
      return found.missing.length === 0 ? null : `lacks ${found.missing[0].text}`;
    } catch (error) {
      if (error instanceof InputError) return null;
      throw error;
    }
  },
  parameters: (_, { dense, sparse, count }, __, text) => {
    const { nodes } = JSON.parse(text) as {
      nodes: { shape: number[]; dense?: string[]; sparse?: [number, string][] }[];
    };
    const all = (dense as number[]).reduce((total, k) => total + sizeOf(nodes[k].shape), 0);
    const some = (sparse as number[]).reduce((total, k) => {
      const values = nodes[k].dense ?? nodes[k].sparse!.map(([, value]) => value);
      return total + values.filter((value) => value !== '0').length;
    }, all);
    return `${some}` === count ? null : `is ${some}`;
  },
  weight: (_, { constants, bound }, __, text) => {
    const { nodes } = JSON.parse(text) as { nodes: { dense?: string[]; sparse?: [number, string][] }[] };
    const values = (constants as number[]).flatMap((k) => nodes[k].dense ?? nodes[k].sparse!.map(([, value]) => value));
    const most = values.reduce((top, value) => Math.max(top, Math.abs(number(value))), 0);
    return most <= number(bound) * (1 + ROUNDING) ? null : `is ${most}`;
  },
  size: (net, { quantity, bound }) => {
    const found = summarise(executable(net))[quantity as 'units' | 'depth'];
    return found <= number(bound) ? null : `is ${found}`;
  },
  evaluation: (net, { output, domain, inputs, target, least, bound }) => {
    const [node] = net.inputs;
    if (!node) return null;
    const { attributes, shape } = node;
    const x = (inputs[attributes.name] as string[]).map(number);
    const [from, to] = (domain[attributes.name] ?? ['-Infinity', 'Infinity']) as string[];
    const y = running(net)({ [attributes.name]: new Tensor(sizes(shape), x) })[output as string].dense(0)[0];
    const error = Math.abs(y - formula(target, attributes.name, sizes(shape))(x));
    const isInside = x.every((entry) => number(from) <= entry && entry <= number(to));
    return isInside && error >= number(least) - ROUNDING && number(bound) < number(least) ? null : `is ${error}`;
  },
  sawtooth: (net, { output, depth, norm, breakpoints, distance }) => {
    const evaluate = running(net);
    const [{ attributes, shape }] = net.inputs;
    for (const [x] of points(1)) {
      const y = evaluate({ [attributes.name]: new Tensor(sizes(shape), [x]) })[output as string].dense(0)[0];
      let u = x;
      for (let k = 0; k < (depth as number); k++) u = 2 * Math.min(u, 1 - u);
      if (!(Math.abs(y - u) <= ROUNDING)) return `fails at ${x}`;
    }
    const teeth = 2 ** ((depth as number) - 1);
    const least = norm === 'L1' ? (1 - breakpoints / teeth) / 4 : breakpoints < teeth ? 1 / 2 : 0;
    return norm === undefined || number(distance) <= least ? null : `is ${least}`;
  },
  'state-space': (net, { layers, width, power, value, least, response }, steps, text) => {
    const model = readStateSpace(executable(net));
    if (typeof model === 'string') return model;
    const largest = number(largestEntry(model).squared.toString());
    const isStable = model.layers.every(({ poles }) =>
      poles.every((pole) => number(pole.squaredModulus().toString()) < 1),
    );
    const fits = model.layers.length <= layers && model.layers.every(({ poles }) => poles.length <= width);
    if (!fits || !isStable || !(largest ** power <= number(value) * (1 + ROUNDING))) return `largest entry ${largest}`;
    const start = Math.hypot(...Object.values(outputsOfImpulse(net)).map(([first]) => first));
    const isReached = number(least ?? '0') ** (layers + 1) * width ** layers <= start * (1 + ROUNDING);
    if (!isReached || (least && model.layers.length !== layers)) return `starts with ${start}`;
    return response === undefined ? null : TRIALS.response(net, response, steps, text);
  },
  'response-sum': (net, { target, lo, hi, bound }) => {
    const values = outputsOfImpulse(net).y;
    const stated = new Map(target as [number, string][]);
    const sum = values.reduce((total, y, t) => total + Math.abs(y - number(stated.get(t) ?? '0')), 0);
    const fails = sum > number(hi) + ROUNDING || sum < number(lo) - 0.01 || number(bound ?? '-1') >= number(lo);
    return fails ? `is ${sum}` : null;
  },
  'response-distance': (net, { target, at, lo, hi }) => {
    const { y } = outputsOfImpulse(net);
    const rho = memoryValues(target, y.length);
    const off = y.map((value, t) => Math.abs(value - rho[t]));
    const isFar = Number(at) >= y.length || off[Number(at)] >= number(lo) - ROUNDING;
    return isFar && off.every((one) => one <= number(hi) + ROUNDING) ? null : `is ${off}`;
  },
  'hankel-value': (_, { target, n, k, lo, hi }) => {
    const value = hankelValues(target, n)[k - 1];
    return number(lo) - ROUNDING <= value && value <= number(hi) + ROUNDING ? null : `is ${value}`;
  },
  'order-barrier': (net, { target, order, lo, hi, horizon, norm }) => {
    // The least H-infinity error is a singular value of the whole Hankel matrix (Adamjan, Arov, Krein 1971).
    if (norm) return number(lo) <= hankelValues(target, 20)[order] + ROUNDING ? null : 'is attained';
    const count = Number(horizon) + 1;
    const rho = memoryValues(target, count);
    const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (number(lo) > largest(rho) + ROUNDING) return 'is not kept by the output 0';
    if (hi === undefined) return null;
    const { y } = outputsOfImpulse(net);
    const off = largest(y.slice(0, count).map((value, t) => value - rho[t]));
    const isBeyond = off > number(hi) + ROUNDING || (y.length >= count && number(lo) > off + ROUNDING);
    return isBeyond ? `is ${off}` : null;
  },
  'scaling-limit': (net, { matrix, quantity, place, of, lo, hi }) => {
    const outputs = running(net)({});
    const rows = (name: string) => {
      const { shape, data } = { shape: outputs[name].shape, data: outputs[name].dense(0) };
      return Array.from({ length: shape[0] }, (_, i) => data.slice(i * shape[1], (i + 1) * shape[1]));
    };
    const limit = scaling(rows(matrix));
    const pairs = of === undefined ? [] : rows(of).flatMap((row, i) => row.map((b, j) => [b, limit[i][j]]));
    const apart = pairs.map(([a, b]) => (quantity === 'factor' ? Math.max(a / b, b / a) : Math.abs(a - b)));
    const [i, j] = (place ?? [1, 1]) as number[];
    const found = of === undefined ? limit[i - 1][j - 1] : Math.max(...apart);
    return number(lo) - ROUNDING <= found && found <= number(hi) + ROUNDING ? null : `is ${found}`;
  },
  response: (net, { modes, cycle, length: stated }) => {
    const outputs = outputsOfImpulse(net);
    if (cycle) {
      const [m, a, r, g] = (cycle as string[]).map((one) => number(String(one)));
      const isOff = outputs.y.findIndex((y, t) => !(Math.abs(y - (t % m === a ? g * r ** t : 0)) <= ROUNDING));
      return isOff < 0 ? null : `fails at t = ${isOff}`;
    }
    for (const [name, part] of [
      ['y', 0],
      ['y_imag', 1],
    ] as const) {
      if (!outputs[name]) continue;
      let terms = (modes as [string[], string[]][]).map(([residue]) => residue.map(number));
      for (const [t, y] of outputs[name].slice(0, stated).entries()) {
        const rho = terms.reduce((total, term) => total + term[part], 0);
        if (!(Math.abs(y - rho) <= ROUNDING * (1 + Math.abs(rho)))) return `${name} fails at t = ${t}: ${y} and ${rho}`;
        terms = terms.map(([a, b], i) => {
          const [c, d] = (modes as [string[], string[]][])[i][1].map(number);
          return [a * c - b * d, a * d + b * c];
        });
      }
    }
    return null;
  },
};

/** An enclosure of output - target where doubles cannot tell it from a bound; null for a target with `except`. */
function exactGap(net: Readable, { output, domain, target }: Conclusion, shape: number[], point: readonly number[]) {
  if (/except/.test(target) || net instanceof PlainNetwork) return null;
  const [{ attributes }] = net.inputs;
  const [from, to] = (domain[attributes.name] ?? ['-3', '3']) as [string, string];
  const [a, b] = [parseRational(from), parseRational(to)];
  const x = point.map((s) => a.add(b.sub(a).mul(fromFloat(s))));
  const arithmetic = ballIntervals(EXACT_BITS);
  const values = compile(net, intervals(arithmetic))({ [attributes.name]: new Tensor(shape, x.map(arithmetic.of)) });
  const y = values[output as string].dense(arithmetic.zero)[0];
  const at = (indices: readonly number[]) => indices.reduce((flat, i, k) => flat * shape[k] + i - 1, 0);
  const t = evaluateTerm(parseTermText(target), (_, indices) => [{ lo: x[at(indices)], hi: x[at(indices)] }]);
  return { lo: arithmetic.lower(y)!.sub(t.hi!), hi: arithmetic.upper(y)!.sub(t.lo!) };
}

/** The outputs of a network with one input [time] for the input 1, 0, 0, ... */
function outputsOfImpulse(net: Readable): Readonly<Record<string, readonly number[]>> {
  const [{ attributes, shape }] = net.inputs;
  const length = sizes(shape)[0];
  const impulse = new Tensor(
    [length],
    Array.from({ length }, (_, t) => (t === 0 ? 1 : 0)),
  );
  const outputs = running(net)({ [attributes.name]: impulse });
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.dense(0)]));
}

/** A target as a function on doubles. */
export function formula(text: string, name: string, shape: readonly number[]): (x: readonly number[]) => number {
  let code = text.replaceAll('^', '**').replaceAll(/\b(exp|log|sin|cos|tanh|abs|sqrt|min|max)\(/g, 'Math.$1(');
  code = code.replaceAll(new RegExp(`\\b${name}\\[([^\\]]*)\\]`, 'g'), 'at($1)');
  if (sizeOf(shape) === 1) code = code.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'x[0]');
  for (let start = code.search(/(min|max)_\{/); start >= 0; start = code.search(/(min|max)_\{/)) {
    const [, kind, index, ranges, left = 'undefined'] = /^(min|max)_\{(\w) in ([^}]*?)(?: except (\w+))?\}/.exec(
      code.slice(start),
    )!;
    const open = code.indexOf('(', start);
    let [end, depth] = [open, 0];
    do depth += code[end] === '(' ? 1 : code[end] === ')' ? -1 : 0;
    while (depth > 0 && ++end);
    const body = code.slice(open, end + 1);
    code = `${code.slice(0, start)}over(Math.${kind}, '${ranges}', (${index}) => ${body}, ${left})${code.slice(end + 1)}`;
  }
  type Reduction = (...values: number[]) => number;
  const over = (kind: Reduction, ranges: string, body: (t: number) => number, left: number | undefined) => {
    const values = ranges.split(',').flatMap((range) => {
      const [first, last = first] = range.split('..').map(Number);
      return Array.from({ length: last - first + 1 }, (_, k) => first + k);
    });
    return kind(...values.filter((value) => value !== left).map(body));
  };
  const run = new Function(
    'x',
    'at',
    'over',
    `return ${code.replaceAll(/(?<![\w)])-(\w+(?:\([^()]*\))?\*\*)/g, '-1*$1')};`,
  );
  return (x) => {
    const at = (...indices: number[]) => {
      const flat = indices.reduce((total, i, k) => total * shape[k] + i - 1, 0);
      return x[flat];
    };
    return run(x, at, over) as number;
  };
}

const LONGEST = 40;

function number(text: unknown): number {
  const [p, q = '1'] = String(text).split('/');
  // Fractions of more than 308 digits on either side.
  if (p.length > LONGEST && q.length > LONGEST) {
    const cut = Math.min(p.length, q.length) - LONGEST;
    return Number(p.slice(0, -cut)) / Number(q.slice(0, -cut));
  }
  return Number(p) / Number(q);
}

/** Corners, the diagonal, points with one coordinate apart from the others, and a fixed sequence of others. */
function* points(n: number): Generator<number[]> {
  for (let k = 0; k <= 96; k++) yield new Array<number>(n).fill(k / 96);
  for (let i = 0; i < n && n > 1; i++) {
    for (let k = 0; k < 16; k++)
      for (const rest of [0, 0.3, 1]) yield Array.from({ length: n }, (_, j) => (j === i ? k / 15 : rest));
  }
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let k = 0; k < 150; k++) yield Array.from({ length: n }, () => Math.min(1, Math.max(0, random() * 1.2 - 0.1)));
}
