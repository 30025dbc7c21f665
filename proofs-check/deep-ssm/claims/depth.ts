/** Claims about the number of layers that entries of a given size need. */
import { MOST_POLES } from '../../../constructions/ssm-target.js';
import {
  type Claim,
  largestEntry,
  point,
  Rational,
  readStateSpace,
  type StateSpace,
  toDecimal,
} from '../../../src/index.js';
import { type Targeted, transferIdentityOf, unreadable, withForm, withModes } from './identity.js';
import { squaredStart } from './norms.js';

interface DepthParams {
  readonly m: number;
  readonly c1: Rational;
  readonly c2: Rational;
}

interface DepthDesign extends Targeted {
  readonly l: number;
}

const METHOD = 'comparison of powers of exact numbers';

/** The least l >= 1 with (c2/2)^l >= c1^2/(2 c2), that is 2^(l-1) c1^2 <= c2^(l+1); null when above `most`. */
export function leastDepth(c1: Rational, c2: Rational, most: number): number | null {
  const half = c2.div(Rational.of(2));
  return leastPower(half, c1.mul(c1).div(Rational.of(2).mul(c2)), most);
}

/** As reported: the least l >= 1 with 2 c1^(2/(l+1)) <= c2, that is (c2/2)^(l+1) >= c1^2. */
export function reportedDepth(c1: Rational, c2: Rational, most: number): number | null {
  const half = c2.div(Rational.of(2));
  return leastPower(half, c1.mul(c1).div(half), most);
}

/** The least l from 1 to `most` with base^l >= value, for a base above 1, by bisection; null when there is none. */
function leastPower(base: Rational, value: Rational, most: number): number | null {
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

/** The least l >= 1 that |rho(0)| <= m^l c2^(l+1) and l m >= (number of poles) leave possible for the target. */
export function depthLowerBound(target: StateSpace, m: number, c2: Rational): number {
  const byPoles = Math.max(1, Math.ceil(poleCount(target) / m));
  const byStart = leastPower(Rational.of(m * m).mul(c2.mul(c2)), squaredStart(target).div(c2.mul(c2)), LARGEST_DEPTH);
  return Math.max(byPoles, byStart ?? LARGEST_DEPTH);
}

/** Depths that are told apart; a lower bound beyond it is reported as this. */
const LARGEST_DEPTH = 1 << 15;

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

/** The least number of layers of width m with entries at most c2, for this target, between two bounds. */
export const depthClaim: Claim<DepthParams, DepthDesign> = {
  id: 'depth',
  kind: 'quantity',
  statement: 'the least number of layers of width m with entries at most c2 that realise the target',
  tex: 'l \\le \\left\\lceil \\frac{2 \\ln c_1 - \\ln 2 - \\ln c_2}{\\ln c_2 - \\ln 2} \\right\\rceil',
  trust: 'proved',
  prove: ({ network, design: { target, l }, params: { m, c1, c2 }, stated }) => {
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, METHOD);
    const identity = transferIdentityOf(network, model, target);
    const fits = largestEntry(model).squared.le(c2.mul(c2)) && model.layers.every(({ poles }) => poles.length <= m);
    const isRealised = identity.step.verdict === 'proved' && fits;
    const built = model.layers.length;
    const lower = depthLowerBound(target, m, c2);
    const bound = stated ?? Rational.of(l);
    const holds = isRealised && Rational.of(built).le(bound);
    const isImpossible = bound.lt(Rational.of(lower));
    const worst = worstCase(target.C.length, m, c1, c2);
    return {
      verdict: holds ? 'proved' : isImpossible ? 'refuted' : 'undecided',
      statement: `${bound} layers of width ${m} with entries at most ${toDecimal(c2, 6, 'up')} realise the target`,
      predicted: bound,
      enclosure: { lo: Rational.of(lower), hi: isRealised ? Rational.of(built) : null },
      witness: null,
      ...(holds
        ? withForm(
            { layers: Number(bound.floor()), width: m, power: 1, value: c2.mul(c2) },
            withModes(identity.step, target),
          )
        : { steps: [identity.step] }),
      method: METHOD,
      facts: [
        `fewer than ${lower} layers cannot realise this target: gap of ${built - lower} layers`,
        `fewer than ${worst} layers cannot realise the target with the same number of residues, all equal to c1^2`,
      ],
    };
  },
};

/** The least l >= 1 with N c1^2 <= m^l c2^(l+1). */
function worstCase(N: number, m: number, c1: Rational, c2: Rational): number {
  const value = Rational.of(N).mul(c1.mul(c1)).div(c2);
  return leastPower(Rational.of(m).mul(c2), value, LARGEST_DEPTH) ?? LARGEST_DEPTH;
}

/** The built depth is at most the reported bound. */
export const reportedDepthClaim: Claim<DepthParams, DepthDesign> = {
  id: 'reported-depth',
  kind: 'bound',
  statement: 'the network has at most ceil(2 ln c1/ln(c2/2)) - 1 layers, the bound as reported',
  tex: 'l \\le \\left\\lceil \\frac{2 \\ln c_1}{\\ln (c_2/2)} \\right\\rceil - 1',
  trust: 'paper',
  prove: ({ network, params: { c1, c2 } }) => {
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, METHOD);
    const built = model.layers.length;
    const bound = reportedDepth(c1, c2, built);
    const predicted = reportedDepth(c1, c2, MOST_POLES);
    const holds = bound === null || bound === built;
    const width = model.layers.reduce((most, { poles }) => Math.max(most, poles.length), 0);
    return {
      verdict: holds ? 'proved' : 'refuted',
      predicted: predicted === null ? null : Rational.of(predicted),
      enclosure: point(Rational.of(built)),
      witness: null,
      ...(holds
        ? withForm({ layers: predicted ?? built, width, power: 1, value: largestEntry(model).squared })
        : { steps: [] }),
      method: METHOD,
    };
  },
};
