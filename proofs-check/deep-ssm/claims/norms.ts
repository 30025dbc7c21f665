/** Claims about the size of the weights: the proved and the reported bound, and what no weights can go below. */
import {
  type Claim,
  type Finding,
  largestEntry,
  modulus,
  proveEntryBound,
  Rational,
  readStateSpace,
  rootBounds,
  type StateSpace,
  toDecimal,
} from '../../../src/index.js';
import { type Targeted, transferIdentityOf, unreadable, withForm } from './identity.js';

/** What these claims need to know of an instance. */
export interface NormParams {
  readonly l: number;
  readonly m: number;
  readonly c1: Rational;
}

export interface Normed extends Targeted {
  /** The bound that the construction is made for. */
  readonly bound: Rational;
}

const BITS = 64;
const METHOD = 'comparison of powers of exact numbers';

/** (value)^(1/degree), enclosed; 0 for 0. */
function root(value: Rational, degree: number): { lo: Rational; hi: Rational } {
  return value.isZero() ? { lo: Rational.zero, hi: Rational.zero } : rootBounds(value, degree, BITS);
}

/** The closed statement that the model's entries have |b|^(2 power) <= value. */
function formOf({ layers }: StateSpace, power: number, value: Rational) {
  const width = layers.reduce((most, { poles }) => Math.max(most, poles.length), 0);
  return withForm({ layers: layers.length, width, power, value });
}

/** The constant as reported, 2 c1^(2/(l+1)). */
export function reportedConstant(l: number, c1: Rational): { lo: Rational; hi: Rational } {
  return root(Rational.pow2(l + 1).mul(c1.mul(c1)), l + 1);
}

/** The constant proved here, 2^((l-1)/(l+1)) c1^(2/(l+1)). */
export function provedConstant(l: number, c1: Rational): { lo: Rational; hi: Rational } {
  return root(Rational.pow2(l - 1).mul(c1.mul(c1)), l + 1);
}

/** Every entry of B_1, ..., B_l, C is at most tau (or the stated c2) in modulus. */
export const normClaim: Claim<NormParams, Normed> = {
  id: 'norm',
  kind: 'bound',
  statement: 'every entry of B_1, ..., B_l and C is at most tau in modulus',
  tex: '|b| \\le \\tau = 2^{(l-1)/(l+1)} c_1^{2/(l+1)}',
  trust: 'proved',
  prove: ({ network, design, params: { l, c1 }, stated }) => {
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, METHOD);
    const bound = stated ?? design.bound;
    const statement = `every entry of B_1, ..., B_${l} and C is at most ${bound} in modulus`;
    const step = proveEntryBound(model, bound, 'entries', statement);
    const largest = largestEntry(model);
    return {
      verdict: step.verdict,
      statement,
      predicted: bound,
      enclosure: step.enclosure,
      witness: { entry: largest.place, value: largest.entry?.toString() ?? '0' },
      ...(step.verdict === 'proved' ? formOf(model, 1, bound.mul(bound)) : { steps: [step] }),
      method: METHOD,
      facts: [
        `constant as reported 2 c1^(2/(l+1)) = ${decimal(reportedConstant(l, c1).hi)}, ` +
          `proved here 2^((l-1)/(l+1)) c1^(2/(l+1)) = ${decimal(provedConstant(l, c1).hi)}, ` +
          `their ratio 4^(1/(l+1)) = ${decimal(root(Rational.of(4), l + 1).hi)}`,
      ],
    };
  },
};

/** The paper's constant holds for the built weights. */
export const reportedNormClaim: Claim<NormParams, unknown> = {
  id: 'reported-norm',
  kind: 'bound',
  statement: 'every entry is at most 2 c1^(2/(l+1)) in modulus, the constant as reported',
  tex: '|b| \\le 2 c_1^{2/(l+1)}',
  trust: 'paper',
  prove: ({ network, params: { l, c1 } }) => {
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, METHOD);
    const largest = largestEntry(model);
    const power = Rational.of(4)
      .pow(l + 1)
      .mul(c1.pow(4));
    const holds = largest.squared.pow(l + 1).le(power);
    return {
      verdict: holds ? 'proved' : 'refuted',
      predicted: reportedConstant(l, c1).hi,
      enclosure: modulus(largest),
      witness: { entry: largest.place, value: largest.entry?.toString() ?? '0' },
      ...(holds ? formOf(model, l + 1, power) : { steps: [] }),
      method: METHOD,
    };
  },
};

/**
 * The least c2 with which l layers of width m realise this target: at most the largest entry of the network, which
 * realises it, and at least (|rho(0)|/m^l)^(1/(l+1)), since rho(0) = C' B_l ... B_1 is a sum of m^l products of l + 1
 * entries.
 */
export const leastNormClaim: Claim<NormParams, Targeted> = {
  id: 'least-norm',
  kind: 'quantity',
  statement: 'the least c2 with rho in H^m_{c2,l} is at least (|rho(0)|/m^l)^(1/(l+1)) and at most the largest entry',
  tex: '\\left(\\frac{|\\rho(0)|}{m^l}\\right)^{1/(l+1)} \\le c_2 \\le \\max |b|',
  trust: 'proved',
  prove: ({ network, design: { target }, params: { l, m, c1 } }): Finding => {
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, METHOD);
    const identity = transferIdentityOf(network, model, target);
    const lo = lowerBound(target, l, m);
    const largest = modulus(largestEntry(model));
    const worst = root(Rational.of(target.C.length).mul(c1.mul(c1)).div(Rational.of(m).pow(l)), l + 1);
    const upper = provedConstant(l, c1).hi;
    const isRealised = identity.step.verdict === 'proved';
    return {
      verdict: isRealised ? 'proved' : 'undecided',
      predicted: null,
      enclosure: { lo, hi: isRealised ? largest.hi : null },
      witness: null,
      steps: [identity.step],
      method: METHOD,
      facts: [
        ...(lo.isZero() ? [] : [`upper over lower bound for this target: ${decimal(largest.hi!.div(lo))}`]),
        `for every target with |alpha_i| <= c1^2 at once, c2 lies between (N c1^2/m^l)^(1/(l+1)) = ${toDecimal(worst.lo, 6, 'down')} ` +
          `and ${decimal(upper)}: ratio ${decimal(upper.div(worst.lo))}`,
      ],
    };
  },
};

/** (|rho(0)|/m^l)^(1/(l+1)) rounded down, from the target's rho(0) = sum alpha_i. */
function lowerBound(target: StateSpace, l: number, m: number): Rational {
  return root(squaredStart(target).div(Rational.of(m).pow(2 * l)), 2 * (l + 1)).lo;
}

/** |rho(0)|^2 of a one-layer model. */
export function squaredStart({ layers: [{ B }], C }: StateSpace): Rational {
  const weights = new Map(C);
  const terms = B.flatMap((row, i) => row.map(([, b]) => weights.get(i)?.mul(b)));
  let [re, im] = [Rational.zero, Rational.zero];
  for (const term of terms) if (term) [re, im] = [re.add(term.re), im.add(term.im)];
  return re.mul(re).add(im.mul(im));
}

function decimal(value: Rational): string {
  return toDecimal(value, 6, 'up');
}
