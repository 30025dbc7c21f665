/**
 * How far apart the rows of a tensor [n, w] can be at one and the same input, column by column, layer after layer.
 *   - Rows of X W: in column k at most sum_j s_j |W_jk| apart, whether W is constant or not.
 *   - Rows of P V for a stochastic matrix P: no farther apart than those of V (row i is v, when all rows of V are v: equal tokens stay
 *     equal), and tanh(S/2) as far for P = softmax(z), when the logits of each column of z are at most S apart. Differences of two
 *     rows of z then lie in an interval of the length D = 2 S (the lemma `attention-contraction`).
 *   - Sums add up; relu and tanh put nothing farther apart; what is made of equal rows, each by itself, are equal rows.
 * So, for values of max-norm omega and feed-forward layers with the constant Lambda, tokens within delta of each other end within
 * (Lambda (1 + omega tanh(S/2)))^L delta. And a column within s of a number u has a distance of at least (max f - min f - s)/2 from
 * targets f_i in the maximum norm, as the first and the last entry have.
 */
import { isOp, type Network, type Node } from '../../../network/network.js';
import type { OpName } from '../../../network/operations.js';
import { parseRational } from '../../../numbers/parse.js';
import { Rational } from '../../../numbers/rational.js';
import { printPrefix } from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { type Fact, mint } from '../../fact.js';
import type { InputDomain } from '../../propositions/approximation.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import type { Concluded } from '../lemma.js';
import { entriesOf, indices } from '../tensors.js';
import { type Lemma, shown } from './lemma.js';
import { asksFor, lengthsOf, onlyNetwork, pointOf, upTo, written } from './reading.js';
import { isStochastic } from './stochastic.js';

const rowSpread: Rule = {
  id: 'row-spread',
  tex: '\\max_{i,j} |y_{ik} - y_{jk}| \\le s_k,\\quad s(PV) \\le \\tanh(S/2)\\, s(V)',
};

const halfOscillation: Rule = {
  id: 'half-oscillation',
  tex: '\\max_i |u_i - f_i| \\ge \\tfrac12 (\\max_i f_i - \\min_i f_i - \\max_{i,j} |u_i - u_j|)',
};

/** max_i y[i, k] - min_i y[i, k] and max_i |y[i, k] - y[1, k]|; max_i |y[i, k] - i/n| from below. */
export const byRowSpread: Lemma = (question) => {
  const network = onlyNetwork(question);
  const domain = network && domainOf(question, network);
  if (!network || !domain) return null;
  const [{ name, node }] = network.outputs;
  const y = written(name);
  const [n, width] = lengthsOf(node);
  if (node.shape.length !== 2 || n < 2) return null;
  const all = (text: string) => `max_{i in 1..${n}}(${text})`;
  const kinds = [
    (k: number) => asksFor(question, `${all(`${y}[i, ${k}]`)} - min_{i in 1..${n}}(${y}[i, ${k}])`) && 'range',
    (k: number) => asksFor(question, all(`|${y}[i, ${k}] - ${y}[1, ${k}]|`)) && 'first',
    (k: number) => asksFor(question, all(`|${y}[i, ${k}] - i/${n}|`), 'lo') && 'targets',
  ];
  const [asked] = indices(width).flatMap((k) =>
    kinds.flatMap((kind) => [kind(k + 1)].flatMap((is) => (is ? [{ is, k }] : []))),
  );
  const most = asked && spreadOf(network, domain).get(node)!.spread[asked.k];
  if (!asked || !most) return null;
  const facts = indices(asked.is === 'range' ? n : 1).map((row): Fact<Concluded> => {
    const found = { node, entry: row * width + asked.k, lo: most.neg(), hi: most };
    const data = { node: network.nodes.indexOf(node), domain, row, column: asked.k };
    const says = `|${y}[i, ${asked.k + 1}] - ${y}[${row + 1}, ${asked.k + 1}]| <= ${most} for every i`;
    const about = { network, domain: printPrefix(question.names.prefix!) };
    return mint({ ...about, rule: rowSpread, id: `row${row + 1}`, says, found, evidence: () => data });
  });
  const points = ['lo', 'hi'].map((end) => cornerOf(question, end as 'lo' | 'hi'));
  if (asked.is !== 'targets') return shown(question, rowSpread, most, points, facts);
  const apart = Rational.of(n - 1, n)
    .sub(most)
    .div(Rational.of(2));
  // Of u_1, -u_1, ..., u_n, -u_n: y_1 - 1/n and 1 - y_n.
  return shown(question, halfOscillation, apart, points.slice(0, 1), facts, [0, 2 * n - 1]);
};

/** The interval that the entries of each input lie in; null for all real numbers, and for other questions. */
function domainOf({ names: { variables }, conditions }: Question, { inputs }: Network): InputDomain | null {
  const sides = inputs.map(({ attributes: { name } }) => {
    const sets = variables.find((variable) => variable.name === name)?.sets ?? [];
    const ends = sets.flatMap((set) => (set.kind === 'interval' ? [set] : []));
    if (ends.length < sets.length || ends.length === 0) return [name, null] as const;
    const lo = ends.map((end) => end.lo).reduce((a, b) => a.min(b));
    const hi = ends.map((end) => end.hi).reduce((a, b) => a.max(b));
    return [name, [lo.toString(), hi.toString()] as const] as const;
  });
  return variables.length === inputs.length && conditions.length === 0 ? Object.fromEntries(sides) : null;
}

/** Rows of an input that are as far apart as the domain has them, the first one at its lower or upper end. */
function cornerOf(question: Question, first: 'lo' | 'hi') {
  const values = question.names.variables.map(({ name, entries, sets, shape }) => {
    const at = (i: number) => {
      const set = sets[i];
      const end = shape.length < 2 || i < shape[shape.length - 1] ? first : first === 'lo' ? 'hi' : 'lo';
      return set.kind === 'interval' ? set[end] : set.kind === 'finite' ? set.values[0] : Rational.zero;
    };
    return [name, entries.map((_, i) => at(i))] as const;
  });
  return pointOf(question, new Map(values));
}

/** At least a number that is not negative; null where nothing is known. */
type Most = Rational | null;

interface Extent {
  /** The modulus of each entry. */
  readonly size: readonly Most[];
  /** How far apart the entries of each column of a matrix are; of a vector, or a number, that is one row for all. */
  readonly spread: readonly Most[];
}

const plus = (a: Most, b: Most): Most => a && b && a.add(b);
const times = (a: Most, b: Most): Most => (a?.isZero() || b?.isZero() ? Rational.zero : a && b && a.mul(b));
const largest = (list: readonly Most[]) => list.reduce((a, b) => a && b && a.max(b));

function spreadOf({ nodes }: Network, domain: InputDomain): ReadonlyMap<Node, Extent> {
  const known = new Map<Node, Extent>();
  for (const node of nodes) known.set(node, extentOf(node, domain, known));
  return known;
}

function extentOf(node: Node, domain: InputDomain, known: ReadonlyMap<Node, Extent>): Extent {
  const shape = lengthsOf(node);
  const [rows, w] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const inputs: readonly Node[] = node.inputs;
  const [a, b] = inputs.map((input) => known.get(input)!);
  const isProduct = isOp(node, 'matmul') && inputs.every((input) => input.shape.length === 2);
  const inner = isProduct ? lengthsOf(inputs[0])[1] : 1;
  const factor = isProduct ? contraction(inputs[0], known) : null;
  const isSum = (isOp(node, 'add') || isOp(node, 'sub')) && shape.length <= 2;
  const constants = isOp(node, 'constant') ? node.attributes.value.dense(Rational.zero) : [];
  const side = isOp(node, 'input') ? (domain[node.attributes.name] ?? null) : null;
  const ends: readonly Rational[] = side ? side.map(parseRational) : [];
  /** An entry of a matrix, a vector or a number that is broadcast. */
  const stretched = (list: readonly Most[], argument: number, i: number, j: number) => {
    const [n, width] = [2, 1].map((place) => lengthsOf(inputs[argument]).at(-place) ?? 1);
    return list[(n === 1 || list.length === width ? 0 : i) * width + (width === 1 ? 0 : j)];
  };
  const modulus = (at: number): Most => {
    const [i, j] = [Math.floor(at / w), at % w];
    if (isOp(node, 'input')) return ends.length > 0 ? ends[0].abs().max(ends[1].abs()) : null;
    if (isOp(node, 'constant')) return constants[at].abs();
    if (isOp(node, 'reshape') || isOp(node, 'relu')) return a.size[at];
    if (isOp(node, 'tanh') || isOp(node, 'softmax')) return Rational.one;
    if (isOp(node, 'transpose') && shape.length === 2 && node.attributes.perm[0] === 1) return a.size[j * rows + i];
    if (isSum) return plus(stretched(a.size, 0, i, j), stretched(b.size, 1, i, j));
    if (!isProduct) return null;
    const column = indices(inner).map((l) => b.size[l * w + j]);
    return factor ? largest(column) : column.map((most, l) => times(a.size[i * inner + l], most)).reduce(plus);
  };
  const size = indices(entriesOf(node)).map(modulus);
  const apart = (j: number): Most => {
    if (isOp(node, 'input')) return ends.length > 0 ? ends[1].sub(ends[0]) : null;
    if (isOp(node, 'constant')) {
      const column = indices(rows).map((i) => constants[i * w + j]);
      return column.reduce((x, y) => x.max(y)).sub(column.reduce((x, y) => x.min(y)));
    }
    if (isOp(node, 'relu') || isOp(node, 'tanh')) return a.spread[j];
    if (isSum) return plus(stretched(a.spread, 0, 0, j), stretched(b.spread, 1, 0, j));
    if (factor) return times(factor, b.spread[j]);
    if (isProduct) return a.spread.map((most, l) => times(most, b.size[l * w + j])).reduce(plus);
    const areEqual = inputs.every((input) => known.get(input)!.spread.every((most) => most?.isZero()));
    if (isByRow(node) && areEqual) return Rational.zero;
    return times(Rational.of(2), largest(indices(rows).map((i) => size[i * w + j])));
  };
  if (shape.length > 2) return { size, spread: [null] };
  return { size, spread: indices(w).map((j) => (rows === 1 ? Rational.zero : apart(j))) };
}

/** Of a stochastic matrix: how far apart it leaves averages of numbers that are 1 apart; null for others. */
function contraction(P: Node, known: ReadonlyMap<Node, Extent>): Most {
  if (!isStochastic(P)) return null;
  const S = isOp(P, 'softmax') ? largest(known.get(P.inputs[0])!.spread) : null;
  if (!S || LARGE.le(S)) return Rational.one;
  return S.isZero() ? S : upTo(E.apply('tanh', E.constant(S.div(Rational.of(2)))));
}

/** Whether every row of a matrix is made of those rows of its arguments alone, or of what is no matrix. */
function isByRow(node: Node): boolean {
  if (isOp(node, 'softmax') || isOp(node, 'concat')) return node.attributes.axis === 1;
  return ENTRYWISE.includes(node.op);
}

/** Beyond this, tanh(S/2) is next to 1. */
const LARGE = Rational.of(100);
const ENTRYWISE: readonly OpName[] = ['mul', 'min', 'max', 'exp', 'sigmoid', 'erf', 'sin', 'cos', 'power'];
