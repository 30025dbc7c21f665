/** Claims about the number of layers that entries of a given size need. */
import { MOST_POLES } from '../../../constructions/ssm-target.js';
import {
  layersSentence,
  leastDepthSentence,
  leastPower,
  type ProvedClaim,
  proveEntries,
  proveLeastDepth,
  Rational,
} from '../../../src/index.js';
import type { Response, Targeted } from './identity.js';

interface DepthParams {
  readonly m: number;
  readonly c1: Rational;
  readonly c2: Rational;
}

interface DepthDesign extends Targeted {
  readonly l: number;
}

const METHOD = 'comparison of powers of exact numbers';
const LARGEST_DEPTH = 1 << 15;

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

/** The least number of layers of width m with entries at most c2, for this target, between two bounds. */
export const depthClaim: ProvedClaim<DepthParams, DepthDesign, Response> = {
  id: 'depth',
  kind: 'quantity',
  statement:
    'l layers of width m with entries at most c2 realise the target, l = ceil((2 ln c1 - ln 2 - ln c2)/(ln c2 - ln 2))',
  limit: ({ design: { l } }) => Rational.of(l),
  says: ({ params: { m, c2 } }, bound) => leastDepthSentence(m, c2, bound),
  prove: ({ network, design: { target }, params: { m, c1, c2 }, examined }) => {
    const outcome = proveLeastDepth(network, examined, target, { m, c: c2 });
    const worst = worstCase(target.C.length, m, c1, c2);
    const lower = outcome.kind === 'fact' ? [`fewer than ${outcome.found} layers cannot realise this target`] : [];
    return {
      outcomes: [outcome],
      method: METHOD,
      notes: [
        ...lower,
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
export const reportedDepthClaim: ProvedClaim<DepthParams, DepthDesign, Response> = {
  id: 'reported-depth',
  kind: 'bound',
  statement: 'the network has at most ceil(2 ln c1/ln(c2/2)) - 1 layers, the bound as reported',
  trust: 'paper',
  limit: ({ params: { c1, c2 } }) => Rational.of(reportedDepth(c1, c2, MOST_POLES) ?? MOST_POLES),
  says: (_, bound) => layersSentence(bound),
  prove: ({ network }) => ({ outcomes: proveEntries(network), method: METHOD }),
};
