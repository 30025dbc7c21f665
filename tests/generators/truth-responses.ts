import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { evaluateTerm, parseTermText } from '../../src/statement/index.js';
import { hankelValues, memoryValues, scaling } from './truth-memory.js';
import { executable, number, outputsOfImpulse, type Readable, ROUNDING, running, type Trial } from './truth-network.js';

/** What a number that is computed may be off by: far less than 2^-60 of the bounds that are stated. */
const SLACK = Rational.pow2(-120);
const BITS = 256;

/** Trials of what is said of responses of recurrences, of memory functions, and of singular values. */
export const RESPONSE_TRIALS: Readonly<Record<string, Trial>> = {
  'singular-value': (net, { output, k, lo, hi }) => {
    const entries = constantEntries(net, output);
    const [rows, columns] = entries.shape;
    const gram = square(columns, (p, q) =>
      range(rows).reduce(
        (sum, i) => sum.add(entries.data[i * columns + p].mul(entries.data[i * columns + q])),
        Rational.zero,
      ),
    );
    return outside(k, lo, hi, columns, (s) => (s.sign() < 0 ? columns : exceeding(gram, s.mul(s))));
  },
  'hankel-value': (_, conclusion) => {
    const { target, n, k, lo, hi } = conclusion;
    const value = hankelValues(target, n)[k - 1];
    if (!isNear(value, lo, hi)) return `is ${value}`;
    if (!isExact(target)) return null;
    const H = square(n, (i, j) => memoryAt(target, i + j));
    const negated = H.map((row) => row.map((entry) => entry.neg()));
    return outside(k, lo, hi, n, (s) => (s.sign() < 0 ? n : exceeding(H, s) + exceeding(negated, s)));
  },
  'response-distance': (net, { target, at, lo, hi, states }) => {
    const { y } = outputsOfImpulse(net);
    const rho = memoryValues(target, y.length);
    const off = y.map((value, t) => Math.abs(value - rho[t]));
    const isFar = Number(at) >= y.length || off[Number(at)] >= number(lo) - ROUNDING;
    if (!isFar || off.some((one) => one > number(hi) + ROUNDING)) return `is ${off}`;
    if (orderOf(net) > states) return `has order ${orderOf(net)}`;
    return isExact(target) ? exactFault(net, target, at, lo, hi) : null;
  },
  'order-barrier': (net, { target, order, lo, hi, horizon, norm }) => {
    // The least H-infinity error is a singular value of the whole Hankel matrix (Adamjan, Arov, Krein 1971).
    if (norm) return number(lo) <= hankelValues(target, 20)[order] + ROUNDING ? null : 'is attained';
    const count = Number(horizon) + 1;
    const rho = memoryValues(target, count);
    const farthest = (response: readonly number[]) =>
      response.reduce((most, value, t) => Math.max(most, Math.abs(value - rho[t])), 0);
    const own = outputsOfImpulse(net).y.slice(0, count);
    const rivals = fits(rho, order).map(farthest);
    const isOfOrder = orderOf(net) <= order;
    if (own.length === count && isOfOrder) rivals.push(farthest(own));
    const nearest = Math.min(...rivals);
    if (number(lo) > nearest + ROUNDING) return `a model of that order is off by ${nearest}`;
    const isKept = hi === undefined || (farthest(own) <= number(hi) + ROUNDING && isOfOrder);
    return isKept ? null : `the network is off by ${farthest(own)}`;
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
    return isNear(found, lo, hi) ? null : `is ${found}`;
  },
};

const isNear = (value: number, lo: string, hi: string) =>
  number(lo) - ROUNDING <= value && value <= number(hi) + ROUNDING;

/** Memory functions whose values are known to many places. */
const isExact = ({ family }: Memory) => family === 'exponential' || family === 'polynomial';

/** Why |r(t) - rho(t)| is not what is stated, in fractions. */
function exactFault(net: Readable, target: Memory, at: string, lo: string, hi: string): string | null {
  const off = exactResponse(net).map((value, t) => value.sub(memoryAt(target, t)).abs());
  const far = off.findIndex((one) => parseRational(hi).add(SLACK).lt(one));
  if (far >= 0) return `is ${approximate(off[far])} at ${far}`;
  const isClose = Number(at) < off.length && off[Number(at)].add(SLACK).lt(parseRational(lo));
  return isClose ? `is ${approximate(off[Number(at)])} at ${at}` : null;
}

/** Why singular value k is not in [lo, hi], by how many exceed a number. */
function outside(k: number, lo: string, hi: string, n: number, above: (s: Rational) => number): string | null {
  if (k < 1 || k > n) return 'there is none';
  const [least, most] = [parseRational(lo), parseRational(hi)];
  if (above(least.sub(SLACK)) < k) return `is below ${lo}`;
  return above(most.add(SLACK)) >= k ? `exceeds ${hi}` : null;
}

/** How many eigenvalues of a symmetric matrix exceed s: Sylvester's law of inertia, by elimination in fractions. */
function exceeding(matrix: readonly (readonly Rational[])[], s: Rational): number {
  let rest = matrix.map((row, i) => row.map((entry, j) => (i === j ? entry.sub(s) : entry)));
  let count = 0;
  while (rest.length > 0) {
    let k = rest.findIndex((row, i) => !row[i].isZero());
    if (k < 0) {
      k = rest.findIndex((row) => row.some((entry) => !entry.isZero()));
      if (k < 0) return count;
      // All diagonal entries are 0: row and column j, added to those of k, put 2 a_kj there.
      const j = rest[k].findIndex((entry) => !entry.isZero());
      const added = rest.with(
        k,
        rest[k].map((entry, i) => entry.add(rest[j][i])),
      );
      rest = added.map((row) => row.with(k, row[k].add(row[j])));
    }
    const pivot = rest[k];
    count += Number(pivot[k].sign() > 0);
    rest = rest
      .filter((_, i) => i !== k)
      .map((row) => {
        const factor = row[k].div(pivot[k]);
        return row.map((entry, j) => entry.sub(factor.mul(pivot[j]))).filter((_, j) => j !== k);
      });
  }
  return count;
}

interface Memory {
  readonly family: string;
  readonly alpha?: string;
  readonly p?: string;
}

const KNOWN = new Map<string, Rational>();

/** e^(-alpha t) or (1 + t)^(-p), within 2^-200 or so. */
function memoryAt({ family, alpha, p }: Memory, t: number): Rational {
  const text = family === 'exponential' ? `exp(-(${alpha})*${t})` : `exp(-(${p})*log(${1 + t}))`;
  let found = KNOWN.get(text);
  if (!found) {
    const { lo, hi } = evaluateTerm(parseTermText(text), () => [], BITS);
    // The middle, cut to 2^-240, so that fractions stay short.
    const middle = lo.add(hi).div(Rational.of(2)).mul(Rational.pow2(240));
    KNOWN.set(text, (found = Rational.of(middle.num / middle.den).div(Rational.pow2(240))));
  }
  return found;
}

function constantEntries(net: Readable, output: string) {
  const inputs = [...net.inputs].map(({ attributes: { name }, shape }) => {
    return [name, new Tensor(sizes(shape), new Array<Rational>(sizeOf(sizes(shape))).fill(Rational.zero))] as const;
  });
  const values = compile(executable(net), exact)(Object.fromEntries(inputs))[output];
  return { shape: values.shape, data: values.dense(Rational.zero) };
}

/** As many entries as the input of the network has. */
function exactResponse(net: Readable): readonly Rational[] {
  const [{ attributes, shape }] = net.inputs;
  const length = sizes(shape)[0];
  const impulse = range(length).map((t) => (t === 0 ? Rational.one : Rational.zero));
  const values = compile(executable(net), exact)({ [attributes.name]: new Tensor([length], impulse) });
  return values.y.dense(Rational.zero);
}

/** The rank of the Hankel matrix of as much of the response as the input is long: at most the order of the model. */
function orderOf(net: Readable): number {
  const response = exactResponse(net);
  const n = (response.length + 1) >> 1;
  let rest = square(n, (i, j) => response[i + j]);
  let rank = 0;
  for (; rest.length > 0 && rest[0].length > 0; rank++) {
    const [i, j] = rest.flatMap((row, i) =>
      row.flatMap((entry, j) => (entry.isZero() ? [] : [[i, j] as const])),
    )[0] ?? [-1];
    if (i < 0) break;
    const pivot = rest[i];
    rest = rest
      .filter((_, k) => k !== i)
      .map((row) => row.map((entry, l) => entry.sub(row[j].div(pivot[j]).mul(pivot[l]))).filter((_, l) => l !== j));
  }
  return rank;
}

/** Responses of models of an order: least squares with many choices of poles. */
function fits(wanted: readonly number[], order: number): number[][] {
  const found = [wanted.map(() => 0)];
  let state = 7;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let trial = 0; trial < (order === 0 ? 0 : 300); trial++) {
    const poles = range(order).map(() => Math.exp(-(10 ** (1 - 4 * random()))));
    const weights = leastSquares(
      wanted.map((_, t) => poles.map((pole) => pole ** t)),
      wanted,
    );
    found.push(wanted.map((_, t) => poles.reduce((sum, pole, k) => sum + weights[k] * pole ** t, 0)));
  }
  return found;
}

function leastSquares(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = rows[0].length;
  const A = range(n).map((p) => [
    ...range(n).map((q) => rows.reduce((sum, row) => sum + row[p] * row[q], p === q ? 1e-12 : 0)),
    rows.reduce((sum, row, t) => sum + row[p] * right[t], 0),
  ]);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = A[i][k] / A[k][k];
      for (let j = k; j <= n; j++) A[i][j] -= factor * A[k][j];
    }
  }
  return A.map((row, k) => row[n] / row[k]);
}

const range = (n: number) => Array.from({ length: n }, (_, k) => k);

function square(n: number, entry: (i: number, j: number) => Rational): Rational[][] {
  return range(n).map((i) => range(n).map((j) => entry(i, j)));
}
