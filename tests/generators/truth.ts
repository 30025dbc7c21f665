import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { sizes } from '../../src/network/shape.js';
import { readStateSpace } from '../../src/network/state-space.js';
import { summarise } from '../../src/network/summary.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { readArchitecture } from '../../src/proof/rules/calculus/architecture.js';
import { flow } from '../../src/proof/rules/calculus/flow.js';
import { readFacts } from '../../src/proof/rules/calculus/task.js';
import { largestEntry } from '../../src/proof/rules/state-space/entries.js';
import { evaluateTerm, parseTermText } from '../../src/statement/index.js';
import { PlainNetwork } from './plain.js';
import { misstated, violation } from './sentence.js';
import { FINITE_TRIALS } from './truth-finite.js';
import {
  type Conclusion,
  executable,
  number,
  outputsOfImpulse,
  points,
  type Readable,
  ROUNDING,
  readNetwork,
  running,
  type Trial,
  valuesAt,
} from './truth-network.js';
import { RESPONSE_TRIALS } from './truth-responses.js';

/** Of enclosures where doubles do not do. */
const EXACT_BITS = 256;
/** Of difference quotients. */
const STEP = 1e-5;

/**
 * Tries to find the conclusions of a verified certificate false, by evaluating the network in doubles at many points;
 * the first one that is, or null. Shares nothing with the checker.
 */
export function counterexample(certificate: string, network: string): string | null {
  const { claims } = JSON.parse(certificate) as { claims: { conclusion: Conclusion; steps: { data: never }[] }[] };
  const net = readNetwork(network);
  for (const { conclusion, steps } of claims) {
    const trial = TRIALS[conclusion.kind];
    if (!trial) throw new Error(`no trial of a conclusion of kind ${conclusion.kind}`);
    const found = trial(net, conclusion, steps, network);
    if (found) return `${JSON.stringify(conclusion).slice(0, 200)} ${found}`;
  }
  return null;
}

type Inputs = Record<string, string[]>;
type Samples = { inputs: Inputs; expected: string }[] | { inputs: Inputs[]; expected: string[] };

const TRIALS: Readonly<Record<string, Trial>> = {
  ...FINITE_TRIALS,
  ...RESPONSE_TRIALS,
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
    return misstated(text as string, Object.fromEntries(given), valuesAt(net), holds as boolean);
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
      const values = evaluate({ [name]: new Tensor(shape, [...point]) }).entries.dense(0);
      const stated = (entries as string[]).map((text) => formula(text, name, shape)(point));
      if (values.length !== stated.length || values.some((v, k) => !(Math.abs(v - stated[k]) <= ROUNDING)))
        return `fails at ${point}`;
    }
    return null;
  },
  samples: (net, { output, bound, count }, steps) => {
    const { samples: stated } = steps.map(({ data }) => data as { samples?: Samples }).find((data) => data.samples)!;
    const samples = Array.isArray(stated)
      ? stated
      : stated!.inputs.map((inputs, k) => ({ inputs, expected: stated!.expected[k] }));
    const evaluate = running(net);
    const fails = samples.some(({ inputs, expected }) => {
      const values = net.inputs.map(({ attributes: { name }, shape }) => [
        name,
        new Tensor(sizes(shape), inputs[name].map(number)),
      ]);
      const y = evaluate(Object.fromEntries(values))[output as string].dense(0)[0];
      return !(Math.abs(y - number(expected)) <= number(bound) + ROUNDING);
    });
    return fails || samples.length !== count ? 'fails at a sample' : null;
  },
  separation: (_, { node, count, least }, steps, text) => {
    const part = readNetwork(JSON.stringify({ ...JSON.parse(text), outputs: [{ name: 'entries', node }] }));
    const evaluate = valuesAt(part);
    const given = steps.map(({ data }) => (data as { inputs?: Record<string, string[]>[] }).inputs).find(Boolean)!;
    const found = given.map((inputs) => {
      const numbers = Object.entries(inputs).map(([name, x]) => [name, x.map(number)] as const);
      return evaluate(Object.fromEntries(numbers)).entries.entries;
    });
    const distances = found.flatMap((a, k) =>
      found.slice(0, k).map((b) => Math.max(...a.map((x, i) => Math.abs(x - b[i])))),
    );
    const nearest = Math.min(...distances);
    return found.length === count && Math.abs(nearest - number(least)) <= ROUNDING ? null : `is ${nearest}`;
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
  flow: (_, { layers, task, missing }) => {
    const isMissing = lacks(layers, task);
    return isMissing === null || isMissing === (missing === true) ? null : `${isMissing ? 'lacks' : 'has'} facts`;
  },
  'flow-cost': (_, { layers, task, sizes: { T, d, E }, exponent }) => {
    const isMissing = lacks(layers, task);
    const found = isMissing ? Rational.of(T).mul(Rational.of(d)).div(Rational.of(E)) : Rational.zero;
    return isMissing === null || `${found}` === exponent ? null : `the exponent is ${found}`;
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
  'pole-count': (net, { layers, width, response }, steps, text) => {
    const { modes: listed } = response as unknown as { readonly modes: readonly (readonly [string[], string[]])[] };
    const modes = listed.map(([residue, pole]) => [...residue, ...pole].map(number));
    const distinct = new Set(
      modes.flatMap(([a, b, p, q]) => (Math.hypot(a, b) > 0 && Math.hypot(p, q) > 0 ? [`${p} ${q}`] : [])),
    );
    const [re, im] = modes.reduce(
      ([x, y], [a, b, p, q]) => [x + (a * p + b * q) / (p * p + q * q), y + (b * p - a * q) / (p * p + q * q)],
      [0, 0],
    );
    const isShown = layers > 0 && distinct.size > layers * width - (layers - 1) && Math.hypot(re, im) > 0;
    return isShown ? TRIALS.response(net, response, steps, text) : `${distinct.size} poles, ${re} + ${im} i`;
  },
  'response-sum': (net, { target, lo, hi, bound }) => {
    const values = outputsOfImpulse(net).y;
    const stated = new Map(target as [number, string][]);
    const sum = values.reduce((total, y, t) => total + Math.abs(y - number(stated.get(t) ?? '0')), 0);
    const fails = sum > number(hi) + ROUNDING || sum < number(lo) - 0.01 || number(bound ?? '-1') >= number(lo);
    return fails ? `is ${sum}` : null;
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

/** Whether the heads cannot bring the facts; null where the words are none of the calculus. */
function lacks(layers: readonly string[], task: readonly string[]): boolean | null {
  const located = (texts: readonly string[]) =>
    texts.map((text) => ({ kind: 'text' as const, text, place: { field: 'text' } }));
  try {
    return flow(readArchitecture(located(layers)), readFacts(located(task))).missing.length > 0;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
