import type { Network } from '../../../network/network.js';
import { readStateSpace, type StateSpace } from '../../../network/state-space.js';
import { Gaussian } from '../../../numbers/gaussian.js';
import { Rational } from '../../../numbers/rational.js';
import { rootBounds } from '../../../numbers/root.js';
import { attempt, demand, found } from '../../derivation.js';
import { type Fact, mint, type Outcome } from '../../fact.js';
import type { Proposition } from '../../proposition.js';
import { qualitative, type Sentence, special, within } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Enclosure } from '../../verdict.js';
import { largestEntry, modulus } from './entries.js';
import { modesOf, responseSentence } from './transfer-identity.js';

/**
 * What no weights can go below. If l layers of width m with entries of at most c in modulus have the response rho, then
 * rho(0) = C' B_l ... B_1 is a sum of m^l products of l + 1 entries: |rho(0)| <= m^l c^(l+1). And every pole of rho is one
 * of the l m states: l m is at least the number of poles whose residues do not cancel.
 */
export const startBound: Rule = { id: 'start-bound', tex: '|\\rho(0)| \\le m^l c^{l+1}' };

const BITS = 64;

/** (value)^(1/degree), enclosed; 0 for 0. */
export function root(value: Rational, degree: number): { readonly lo: Rational; readonly hi: Rational } {
  return value.isZero() ? { lo: Rational.zero, hi: Rational.zero } : rootBounds(value, degree, BITS);
}

/** The least c with which l layers of width m realise the response of the network. */
export function leastNormSentence(
  l: number,
  m: number,
  bounds: { lo?: Rational | null; hi?: Rational | null },
): Sentence {
  return special(
    `the least bound of entries with which ${l} layers of width ${m} have the impulse response of the network`,
    { ...bounds, asked: bounds.lo === undefined && bounds.hi === undefined },
    `\\min \\{c : \\rho \\in H^{${m}}_{c,${l}}\\}`,
  );
}

/** It is at most the largest entry of the network, and at least (|rho(0)|/m^l)^(1/(l+1)). */
export function proveLeastNorm(network: Network, response: Outcome, target: StateSpace, l: number, m: number): Outcome {
  const says = leastNormSentence(l, m, {});
  return attempt({ rule: startBound, id: 'least-norm', statement: says.text }, () => {
    const model = found(readStateSpace(network));
    // A model of fewer layers is none of l layers with entries of that size.
    const isRight = isOf(response, target) && model.layers.length === l && isSmall(model, l, m);
    demand(isRight, 'the network is no such model of the target');
    const { lo } = root(squaredStart(target).div(Rational.of(m).pow(2 * l)), 2 * (l + 1));
    const hi = modulus(largestEntry(model)).hi!;
    const form = { layers: l, width: m, power: 1, value: hi.pow(2).toString(), least: lo.toString() };
    return mint({
      ...{ rule: STATE_SPACE, id: 'least-norm', network, domain: null, found: null, premises: [response as Fact] },
      ...{ says: within(says, { lo, hi }), enclosure: { lo, hi } },
      ...certifiedForm(target, () => form),
    });
  });
}

/** Such a form with the response of a target, as certificates state it; nothing where they have no words for that. */
function certifiedForm(target: StateSpace, form: (claimed: Enclosure) => object) {
  const modes = modesOf(target);
  type Form = Extract<Proposition, { readonly kind: 'state-space' }>;
  return (
    modes && {
      evidence: (_: Network, claimed: Enclosure) => ({ ...form(claimed) }),
      conclusion: (claimed: Enclosure) =>
        ({ kind: 'state-space', ...form(claimed), response: { kind: 'response', modes } }) as Form,
    }
  );
}

/** The least number of layers of width m with entries of at most c that have the response of the network. */
export function leastDepthSentence(m: number, c: Rational, most: Rational | null): Sentence {
  return special(
    `the least number of layers of width ${m} with entries of at most ${c} that have the impulse response of the network`,
    { hi: most },
    'l',
  );
}

/** It is at most that of the network, if that is of the form, and at least what the start and the poles leave possible. */
export function proveLeastDepth(
  network: Network,
  response: Outcome,
  target: StateSpace,
  { m, c }: { readonly m: number; readonly c: Rational },
): Outcome<number> {
  if (c.sign() <= 0) throw new RangeError(`entries of at most ${c}`);
  const lower = depthLowerBound(target, m, c);
  const says = leastDepthSentence(m, c, null);
  return attempt({ rule: startBound, id: 'depth', statement: says.text }, () => {
    const model = found(readStateSpace(network));
    demand(isOf(response, target), 'the network has not the response of the target');
    const built = Rational.of(model.layers.length);
    const fits = largestEntry(model).squared.le(c.mul(c)) && isSmall(model, model.layers.length, m);
    const enclosure = { lo: Rational.of(lower), hi: fits ? built : null };
    const layers = ({ hi }: Enclosure) => Number((hi ?? built).floor());
    return mint({
      ...{ rule: STATE_SPACE, id: 'depth', network, domain: null, found: lower, premises: [response] },
      ...{ says: within(says, enclosure), enclosure },
      ...(fits &&
        certifiedForm(target, (claimed) => ({
          ...{ layers: layers(claimed), width: m, power: 1, value: c.mul(c).toString() },
        }))),
    });
  });
}

/** Whether an outcome says that the network has the response of this very target. */
function isOf(response: Outcome, target: StateSpace): response is Fact {
  const [{ subject }] = responseSentence(target).bounds;
  return response.kind === 'fact' && response.at === null && response.sentence?.bounds[0].subject === subject;
}

const STATE_SPACE: Rule = { ...startBound, id: 'state-space' };

function isSmall({ layers }: StateSpace, l: number, m: number): boolean {
  return layers.length <= l && layers.every(({ poles }) => poles.length <= m);
}

/** The least l from 1 to `most` with base^l >= value, for a base above 1, by bisection; null when there is none. */
export function leastPower(base: Rational, value: Rational, most: number): number | null {
  const reaches = (l: number) => value.le(base.pow(l));
  let high = 1;
  while (high < most && !reaches(high)) high = Math.min(2 * high, most);
  if (!reaches(high)) return null;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The least l >= 1 that |rho(0)| <= m^l c^(l+1) and l m >= (number of poles) leave possible for the target. */
export function depthLowerBound(target: StateSpace, m: number, c: Rational): number {
  const byPoles = Math.max(1, Math.ceil(poleCount(target) / m));
  const byStart = leastPower(Rational.of(m * m).mul(c.mul(c)), squaredStart(target).div(c.mul(c)), LARGEST_DEPTH);
  return Math.max(byPoles, byStart ?? LARGEST_DEPTH);
}

/** Depths that are told apart; a lower bound beyond it is reported as this. */
export const LARGEST_DEPTH = 1 << 15;

/** Distinct nonzero poles whose residues do not cancel: every model of the target has them. */
export function poleCount({ layers: [{ poles, B }], C }: StateSpace): number {
  const weights = new Map(C);
  const residues = new Map<string, [Rational, Rational]>();
  poles.forEach((pole, i) => {
    const residue = weights.get(i)?.mul(B[i][0]?.[1] ?? pole);
    if (pole.isZero() || !residue || B[i].length === 0) return;
    const [re, im] = residues.get(pole.toString()) ?? [Rational.zero, Rational.zero];
    residues.set(pole.toString(), [re.add(residue.re), im.add(residue.im)]);
  });
  return [...residues.values()].filter(([re, im]) => !re.isZero() || !im.isZero()).length;
}

/** |rho(0)|^2 of a one-layer model. */
export function squaredStart({ layers: [{ B }], C }: StateSpace): Rational {
  const weights = new Map(C);
  const terms = B.flatMap((row, i) => row.map(([, b]) => weights.get(i)?.mul(b)));
  let [re, im] = [Rational.zero, Rational.zero];
  for (const term of terms) if (term) [re, im] = [re.add(term.re), im.add(term.im)];
  return re.mul(re).add(im.mul(im));
}

/**
 * No l-layer model of width m has a response with so many poles.
 *
 * Let G = sum_i alpha_i/(1 - lam_i w) have no pole 0 and lim w G(w) = - sum alpha_i/lam_i not 0: it decays exactly like
 * 1/w. A layer of a deep model without a pole 0 contributes a factor O(1/w), so in l layers at least l - 1 have a pole 0, which
 * leaves l m - (l - 1) others: fewer than the distinct nonzero poles of G.
 */
export const poleCounting: Rule = { id: 'pole-counting', tex: '\\rho \\notin H^m_{\\infty,l}' };

export function depthBarrierSentence(l: number, m: number): Sentence {
  return qualitative(
    `no ${l}-layer state-space model of width ${m}, with weights of any size, has the impulse response of the network`,
    `\\rho \\notin H^{${m}}_{\\infty,${l}}`,
  );
}

/** What was counted. */
export interface Counted {
  readonly poles: number;
  readonly room: number;
  readonly limit: string;
}

/** Applies the rule to the target that the network was shown to have the response of. */
export function proveDepthBarrier(
  network: Network,
  response: Outcome,
  target: StateSpace,
  l: number,
  m: number,
): Outcome<Counted> {
  const says = depthBarrierSentence(l, m);
  return attempt({ rule: poleCounting, id: 'pole-count', statement: says.text }, () => {
    demand(isOf(response, target), 'the network has not the response of the target');
    const [poles, room] = [poleCount(target), l * m - (l - 1)];
    demand(poles > room, `G has ${poles} distinct nonzero poles, and there is room for ${room}`);
    demand(!target.layers[0].poles.some((pole) => pole.isZero()), 'a pole is 0');
    const limit = limitAtInfinity(target);
    demand(!limit.isZero(), 'lim w G(w) = - sum alpha_i/lam_i is 0');
    const modes = modesOf(target);
    const fields = { layers: l, width: m };
    return mint({
      ...{ rule: poleCounting, id: 'pole-count', network, domain: null, says, premises: [response] },
      found: { poles, room, limit: limit.toString() },
      // The checker adds up no residues of coinciding poles.
      ...(modes?.length === poles && {
        evidence: () => fields,
        conclusion: () => ({ kind: 'pole-count', ...fields, response: { kind: 'response', modes } }),
      }),
    });
  });
}

/** w G(w) at infinity, for G = sum_i alpha_i/(1 - lam_i w) without zero poles: - sum alpha_i/lam_i. */
function limitAtInfinity({ layers: [{ poles, B }], C }: StateSpace): Gaussian {
  const weights = new Map(C);
  return poles.reduce((sum, pole, i) => {
    const residue = (weights.get(i) ?? Gaussian.zero).mul(B[i][0]?.[1] ?? Gaussian.zero);
    return residue.isZero() ? sum : sum.sub(residue.div(pole));
  }, Gaussian.zero);
}
