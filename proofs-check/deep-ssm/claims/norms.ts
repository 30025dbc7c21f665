/** Claims about the size of the weights: the proved and the reported bound, and what no weights can go below. */
import {
  entriesSentence,
  leastNormSentence,
  type ProvedClaim,
  proveEntries,
  proveLeastNorm,
  Rational,
  root,
  toDecimal,
} from '../../../src/index.js';
import type { Response, Targeted } from './identity.js';

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

const METHOD = 'comparison of powers of exact numbers';

/** The constant as reported, 2 c1^(2/(l+1)). */
export function reportedConstant(l: number, c1: Rational): { lo: Rational; hi: Rational } {
  return root(Rational.pow2(l + 1).mul(c1.mul(c1)), l + 1);
}

/** The constant proved here, 2^((l-1)/(l+1)) c1^(2/(l+1)). */
export function provedConstant(l: number, c1: Rational): { lo: Rational; hi: Rational } {
  return root(Rational.pow2(l - 1).mul(c1.mul(c1)), l + 1);
}

/** Every entry of B_1, ..., B_l, C is at most tau (or the stated c2) in modulus. */
export function normClaim<V, D extends Normed>(
  shape: (params: V, design: D) => { readonly l: number; readonly c1: Rational },
): ProvedClaim<V, D, Response> {
  return {
    id: 'norm',
    kind: 'bound',
    statement: 'every entry of B_1, ..., B_l and C is at most tau in modulus',
    limit: ({ design }) => design.bound,
    says: (_, bound) => entriesSentence(bound),
    prove: ({ network, params, design }) => {
      const { l, c1 } = shape(params, design);
      const note =
        `constant as reported 2 c1^(2/(l+1)) = ${decimal(reportedConstant(l, c1).hi)}, ` +
        `proved here 2^((l-1)/(l+1)) c1^(2/(l+1)) = ${decimal(provedConstant(l, c1).hi)}, ` +
        `their ratio 4^(1/(l+1)) = ${decimal(root(Rational.of(4), l + 1).hi)}`;
      return { outcomes: proveEntries(network), method: METHOD, notes: [note] };
    },
  };
}

/** The paper's constant holds for the built weights. */
export const reportedNormClaim: ProvedClaim<NormParams, Normed, Response> = {
  id: 'reported-norm',
  kind: 'bound',
  statement: 'every entry is at most 2 c1^(2/(l+1)) in modulus, the constant as reported',
  trust: 'paper',
  limit: ({ params: { l, c1 } }) => {
    const { lo, hi } = reportedConstant(l, c1);
    return { lower: lo, upper: hi };
  },
  says: (_, bound) => entriesSentence(bound),
  prove: ({ network }) => ({ outcomes: proveEntries(network), method: METHOD }),
};

/** The least c2 with which l layers of width m realise this target. */
export const leastNormClaim: ProvedClaim<NormParams, Normed, Response> = {
  id: 'least-norm',
  kind: 'quantity',
  statement: 'the least c2 with rho in H^m_{c2,l} is at least (|rho(0)|/m^l)^(1/(l+1)) and at most the largest entry',
  says: ({ params: { l, m } }) => leastNormSentence(l, m, {}),
  prove: ({ network, design: { target }, params: { l, m, c1 }, examined }) => {
    const outcome = proveLeastNorm(network, examined, target, l, m);
    const worst = root(Rational.of(target.C.length).mul(c1.mul(c1)).div(Rational.of(m).pow(l)), l + 1);
    const upper = provedConstant(l, c1).hi;
    const { lo = null, hi = null } = outcome.enclosure ?? {};
    const ratio = lo && hi && !lo.isZero() ? [`upper over lower bound for this target: ${decimal(hi.div(lo))}`] : [];
    return {
      outcomes: [outcome],
      method: METHOD,
      notes: [
        ...ratio,
        `for every target with |alpha_i| <= c1^2 at once, c2 lies between (N c1^2/m^l)^(1/(l+1)) = ${toDecimal(worst.lo, 6, 'down')} ` +
          `and ${decimal(upper)}: ratio ${decimal(upper.div(worst.lo))}`,
      ],
    };
  },
};

function decimal(value: Rational): string {
  return toDecimal(value, 6, 'up');
}
