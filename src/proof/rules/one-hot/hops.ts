import { isOp, type Network, type Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { sparse } from '../../../network/tensor.js';
import { lehmer } from '../../../numbers/random.js';
import { Rational } from '../../../numbers/rational.js';
import { demand } from '../../derivation.js';
import type { Fact, Outcome } from '../../fact.js';
import { qualitative, type Sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { differing } from './differing.js';
import { attended, clipped, demandGap, isClipping, powerOf, scoresOf } from './pointers.js';
import { argumentsOf, constantOf, numberOf, recognised } from './reading.js';

/**
 * Hops through a text. The input has a row of zeros for the start and a unit vector for each letter. A head on the place before
 * gives every place the letter there, exactly after clipping: u_s = x_{s-1}. The scores b <x_t, u_s> + C_ts are largest, by a gap, at the
 * latest s <= t with x_{s-1} = x_t, and at the start where there is none, if
 *     C_{t,s+1} - C_ts, b + C_t1 - C_t0, C_t0 - C_tt  (1 <= s < t)  and  C_t0 - b - C_ts  (s > t)
 * are at least the gap and b > 0; so that the clipped shares are the matrix of the map p from a place to the one behind the latest earlier
 * occurrence of its letter. Its powers are put together by `pointer-composition`, and p^k x holds the letters there.
 */
const tokenHops: Rule = {
  id: 'token-hops',
  tex: 'y_t = x_{p^k(t)}, \\quad p(t) = \\max \\{s \\le t : x_{s-1} = x_t\\}, \\text{ or the start}',
};

export function hopSentence(output: string, n: number, m: number, k: number): Sentence {
  return qualitative(
    `for all texts of ${n} letters of ${m}, unit vectors behind a start of zeros: row t of '${output}' is the input's row ${k} hops ` +
      'from t, a hop leading behind the latest earlier occurrence of the letter at a place, and to the start without one',
  );
}

/** That rows of the output are the letters so many hops away as the network's layers come to. */
export function proveHops(network: Network, output: string): Outcome {
  const statement = `rows of '${output}' are the letters some hops away`;
  return recognised({ rule: tokenHops, id: 'hops', network, statement }, () => {
    demand(network.inputs.length === 1, `there are ${network.inputs.length} inputs, and not one text`);
    const [x] = network.inputs;
    demand(x.shape.length === 2, 'the input is no matrix');
    const [T, m] = sizes(x.shape);
    demand(T > 1, 'there is no letter');
    const [power, letters] = argumentsOf(network.outputs.find(({ name }) => name === output)!.node, 'matmul');
    demand(letters === x, `'${letters.name}' are not the letters`);
    const isFound = (node: Node) => {
      const shares = isClipping(node) ? clipped(node) : null;
      if (shares?.op !== 'softmax') return false;
      readFinding(scoresOf(shares), x, T);
      return true;
    };
    const k = powerOf(network, power, T, isFound);
    const says = hopSentence(output, T - 1, m, k);
    return { says, found: k, conclusion: { kind: 'token-hops', output, power: k } };
  });
}

/** The fact that the output is not what is k hops away, by a text that was drawn; null where that shows nothing. */
export function refuteHops(network: Network, output: string, k: number): Fact | null {
  const random = lehmer(1);
  for (let tried = 0; tried < MOST_TEXTS; tried++) {
    const fact = refuteAt(network, output, k, random);
    if (fact) return fact;
  }
  return null;
}

const MOST_TEXTS = 64;

function refuteAt(network: Network, output: string, k: number, random: () => number): Fact | null {
  const [T, m] = sizes(network.inputs[0].shape);
  const text = Array.from({ length: T }, () => Math.floor(random() * m));
  const latest = new Map<number, number>();
  const hop = text.map((letter, t) => {
    const behind = t === 0 ? 0 : (latest.get(letter) ?? 0);
    if (t > 0) latest.set(letter, t + 1);
    return behind;
  });
  const ends = text.map((_, t) => Array.from({ length: k }).reduce<number>((at) => hop[at], t));
  return differing(network, output, hopSentence(output, T - 1, m, k), {
    input: sparse(
      [T, m],
      text.slice(1).map((letter, t) => [(t + 1) * m + letter, Rational.one] as const),
    ),
    expected: ends.flatMap((end) => Array.from({ length: m }, (_, a) => (end > 0 && text[end] === a ? 1 : 0))),
    at: { text: text.slice(1).map((letter) => letter + 1) },
  });
}

/** That scores are largest, by a gap that suffices, at the place that a hop leads to. */
function readFinding(scores: Node, x: Node, T: number): void {
  const [weighted, offsets] = argumentsOf(scores, 'add');
  const [strength, matches] = argumentsOf(weighted, 'mul');
  const [own, turned] = argumentsOf(matches, 'matmul');
  const [before] = argumentsOf(turned, 'transpose');
  demand(isOp(turned, 'transpose') && turned.attributes.perm.join() === '1,0', `'${turned.name}' is not turned`);
  demand(own === x, `'${own.name}' are not the letters`);
  readShift(clipped(before), x, T);
  const b = numberOf(strength);
  demand(b.sign() > 0, `the strength ${b} is not positive`);
  const C = constantOf(offsets);
  demand(C.shape.join() === `${T},${T}`, `'${offsets.name}' has another shape than that of places`);
  const entries = C.dense(Rational.zero);
  const at = (t: number, s: number) => entries[t * T + s];
  let gap: Rational | null = null;
  for (let t = 0; t < T; t++) {
    const leads = [];
    for (let s = 1; s < t; s++) leads.push(at(t, s + 1).sub(at(t, s)));
    if (t > 0) leads.push(b.add(at(t, 1)).sub(at(t, 0)), at(t, 0).sub(at(t, t)));
    for (let s = t + 1; s < T; s++) leads.push(at(t, 0).sub(b).sub(at(t, s)));
    for (const lead of leads) if (gap === null || lead.lt(gap)) gap = lead;
  }
  demandGap(gap!, T);
}

/** That every place attends to the one before it, and the start to itself, for the letter there. */
function readShift(mean: Node, x: Node, T: number): void {
  const { keys, values } = attended(mean, T);
  demand(values === x, `'${values.name}' are not the letters`);
  const shift = constantOf(keys);
  demand(shift.shape.join() === `${T},${T}`, `'${keys.name}' has another shape than that of places`);
  shift.forEach((entry, place) => {
    const isBefore = place % T === Math.max(0, Math.floor(place / T) - 1);
    demand(entry.equals(isBefore ? Rational.one : Rational.zero), `'${keys.name}' is not about the place before`);
  });
}
