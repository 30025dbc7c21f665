import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import type { Knot } from '../../symbolic/piecewise.js';
import { attempt, demand } from '../derivation.js';
import { mint, type Outcome } from '../fact.js';
import { qualitative, type Sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';
import { type Enclosure, point } from '../verdict.js';
import { teethFrom } from './iterated-tooth.js';
import { numberNamed, outputNode } from './tensors.js';

/**
 * How far every function with few breakpoints is from the sawtooth g^(k), which has 2^(k-1) teeth on [0, 1].
 *
 * A net with one hidden layer of N ReLUs has at most N breakpoints, so at least 2^(k-1) - N teeth have none inside. On
 * such a tooth, of width w, the net is affine: l. With c its value in the middle, the two halves of the tooth together
 * give |t - l(z)| + |t - l(z')| >= 2 |t - c| for the two points z, z' of equal height t, as l(z) + l(z') = 2 c. So the
 * L1 distance there is at least that of a constant, whose best is the median 1/2: w/4. The sum over these teeth, w =
 * 2^(1-k), is (1 - N/2^(k-1))/4. For the sup norm: c <= 1/2 misses the peak, c >= 1/2 the mean of the two ends, by 1/2.
 */
export const sawtoothBarrier: Rule = {
  id: 'sawtooth-barrier',
  tex: '\\|g^{(k)} - \\varphi\\|_{L^1[0,1]} \\ge \\tfrac14 \\big(1 - N / 2^{k-1}\\big)',
};

/** The output is g^(k) of the only input on [0, 1]. */
export function sawtoothSentence(output: string, k: number): Sentence {
  return qualitative(
    `for all inputs in [0, 1]: '${output}' is g applied ${k} times, g(u) = 2 min(u, 1 - u)`,
    `${output} = g^{(${k})}`,
  );
}

export type Norm = 'L1' | 'sup';

const NORMS: Readonly<Record<Norm, { readonly words: string; readonly tex: string }>> = {
  L1: { words: 'L1', tex: '\\|g^{(k)} - \\varphi\\|_{L^1[0,1]}' },
  sup: { words: 'sup', tex: '\\max_{[0,1]} |g^{(k)} - \\varphi|' },
};

/** The least distance of the output from nets with one hidden layer of N ReLUs lies between two numbers. */
export function distanceSentence(
  output: string,
  k: number,
  N: number,
  norm: Norm,
  bounds: Partial<Enclosure>,
): Sentence {
  return special(
    `the least ${NORMS[norm].words} distance on [0, 1] of '${output}', g applied ${k} times, from nets with one hidden layer of ${N} ReLUs`,
    bounds,
    `\\inf_\\varphi ${NORMS[norm].tex}`,
  );
}

/** The layers, from the only input to the output, are teeth of each other: the output is the sawtooth g^(depth). */
export function proveSawtooth(network: Network, output: string): Outcome<{ depth: number; layers: readonly number[] }> {
  const statement = `'${output}' is a tooth of a tooth, and so on, of the input`;
  return attempt({ rule: SAWTOOTH, id: 'layers', statement }, () => {
    const [input] = network.inputs;
    const node = outputNode(network, output);
    demand(input, 'the network has no input');
    const { names, facts } = teethFrom({ network, name: input.attributes.name });
    const depth = names.indexOf(node.name);
    demand(depth >= 1, `'${names[names.length - 1]}' has no tooth, or it has another`);
    const layers = names.slice(0, depth + 1).map((name) => numberNamed(network, name));
    return mint({
      ...{ rule: SAWTOOTH, id: 'layers', network, domain: null, premises: facts.slice(0, depth) },
      ...{ found: { depth, layers }, says: sawtoothSentence(output, depth), enclosure: point(Rational.zero) },
      evidence: () => ({ output, layers }),
      conclusion: () => ({ kind: 'sawtooth', depth, output }),
    });
  });
}

const SAWTOOTH: Rule = { ...sawtoothBarrier, id: 'sawtooth' };

/** A competitor with one hidden layer, by its knots on [0, 1]; it has at most as many ReLUs as breakpoints. */
export interface Competitor {
  readonly text: string;
  readonly knots: readonly Knot[];
}

/** Depth up to which the distance to a given competitor is integrated tooth by tooth. */
const DEEPEST_INTEGRAL = 14;

/** How far every net with one hidden layer of N ReLUs is from the output, from both sides; the constant 1/2 is one. */
export function proveSawtoothBarrier(
  network: Network,
  output: string,
  { N, norm, competitor }: { readonly N: number; readonly norm: Norm; readonly competitor: Competitor | null },
): readonly Outcome[] {
  const sawtooth = proveSawtooth(network, output);
  if (sawtooth.kind === 'open') return [sawtooth];
  const { depth: k, layers } = sawtooth.found;
  const isBelow = Rational.of(N).lt(Rational.pow2(k - 1));
  const constant = { distance: Rational.of(1, norm === 'L1' ? 4 : 2), text: '1/2' };
  if (competitor) checkKnots(competitor.knots);
  const own =
    norm === 'L1' && competitor && competitor.knots.length - 1 <= N && k <= DEEPEST_INTEGRAL
      ? { distance: distanceInL1(k, competitor.knots), text: competitor.text }
      : null;
  const nearest = own?.distance.lt(constant.distance) ? own : constant;
  const lo = norm === 'L1' ? barrierInL1(k, N) : isBelow ? Rational.of(1, 2) : Rational.zero;
  const enclosure = { lo, hi: nearest.distance };
  const fields = ({ lo: least }: Enclosure) => {
    return { output, norm, breakpoints: N, distance: `${least && !lo.lt(least) ? least : lo}` };
  };
  return [
    sawtooth,
    mint({
      ...{ rule: SAWTOOTH, id: 'distance', network, domain: null, found: nearest, premises: [sawtooth], enclosure },
      says: distanceSentence(output, k, N, norm, enclosure),
      evidence: (_, claimed) => ({ layers, ...fields(claimed) }),
      conclusion: (claimed) => ({ kind: 'sawtooth', depth: k, ...fields(claimed) }),
    }),
  ];
}

/** Throws RangeError for knots that do not run through [0, 1] from left to right: between two at one place is a jump. */
function checkKnots(knots: readonly Knot[]): void {
  const [first, last] = [knots[0], knots.at(-1)];
  const runs = knots.every(({ x }, k) => k === 0 || knots[k - 1].x.lt(x));
  if (!runs || !first?.x.isZero() || !last?.x.equals(Rational.one))
    throw new RangeError('the knots of a competitor do not run from 0 to 1');
}

/** max(0, (1 - N/2^(k-1))/4). */
export function barrierInL1(k: number, N: number): Rational {
  return Rational.one
    .sub(Rational.of(N).mul(Rational.pow2(1 - k)))
    .div(Rational.of(4))
    .max(Rational.zero);
}

/** The L1 distance of g^(k) and a piecewise linear function on [0, 1] by its knots, exactly. */
export function distanceInL1(k: number, phi: readonly Knot[]): Rational {
  const unit = Rational.pow2(-k);
  let total = Rational.zero;
  let j = 1;
  for (let piece = 0; piece < 2 ** k; piece++) {
    const [from, to] = [unit.mul(Rational.of(piece)), unit.mul(Rational.of(piece + 1))];
    while (phi[j].x.le(from)) j += 1;
    const cuts = [from];
    for (let i = j; phi[i].x.lt(to); i++) cuts.push(phi[i].x);
    cuts.push(to);
    const tooth = (x: Rational) => (piece % 2 === 0 ? x.sub(from) : to.sub(x)).div(unit);
    let at = j;
    for (let i = 1; i < cuts.length; i++, at += 1) {
      const [a, b] = [cuts[i - 1], cuts[i]];
      const line = (x: Rational) => valueOn(phi[at - 1], phi[at], x);
      total = total.add(areaBetween(tooth(a).sub(line(a)), tooth(b).sub(line(b)), b.sub(a)));
    }
  }
  return total;
}

function valueOn(from: Knot, to: Knot, x: Rational): Rational {
  return from.y.add(to.y.sub(from.y).mul(x.sub(from.x)).div(to.x.sub(from.x)));
}

/** The integral of |linear| over a width, by its values at the ends. */
function areaBetween(left: Rational, right: Rational, width: Rational): Rational {
  const half = width.div(Rational.of(2));
  if (left.sign() * right.sign() >= 0) return left.abs().add(right.abs()).mul(half);
  return left.mul(left).add(right.mul(right)).div(left.abs().add(right.abs())).mul(half);
}
