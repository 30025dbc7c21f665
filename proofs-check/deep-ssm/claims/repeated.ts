/** Claims about deep models as one-layer models: partial fractions where poles are simple, a witness where not. */
import {
  type Claim,
  divideByRoot,
  Gaussian,
  type GaussianPolynomial,
  hankelDeterminant,
  impulseResponse,
  minimalRecurrence,
  multiplicity,
  proveTransferIdentity,
  Rational,
  readStateSpace,
  type StateSpace,
  type Step,
  toDecimal,
  gaussianIntegers as Z,
} from '../../../src/index.js';
import { unreadable, withModes } from './identity.js';

const RULE = 'minimal-polynomial';
const METHOD = 'minimal polynomial of the exact impulse response';

/**
 * A sum of exponentials sum_i alpha_i lam_i^t with distinct lam_i has the minimal polynomial prod (z - lam_i): simple
 * roots, and Hankel matrices whose rank is the number of terms. So a model equals a one-layer model exactly when the
 * minimal polynomial of its impulse response has simple roots. A model with n states obeys a recurrence of order n, so
 * its first 2 n values determine that polynomial, and 3 n values verify it for all times.
 */
export const inclusionClaim: Claim<{ l: number; m: number }, unknown> = {
  id: 'inclusion',
  kind: 'identity',
  statement: 'the deep model equals a one-layer model with diagonal A of width at most l m',
  tex: 'H^m_{\\infty,l} \\subseteq H^{lm}_{\\infty,1}',
  trust: 'paper',
  prove: ({ network, params: { l, m } }) => {
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, METHOD);
    const states = model.layers.reduce((sum, { poles }) => sum + poles.length, 0);
    const values = take(model, 3 * states);
    const polynomial = minimalRecurrence(values.slice(0, 2 * states));
    const roots = distinct(model.layers.flatMap(({ poles }) => poles));
    const repeated = roots.find((root) => multiplicity(polynomial, root) > 1);
    const base = { predicted: null, enclosure: null, method: METHOD };
    if (repeated) {
      const steps = refutation(values, polynomial, repeated, states);
      const holds = steps.every(({ verdict }) => verdict === 'proved');
      return {
        ...base,
        verdict: holds ? 'refuted' : 'undecided',
        witness: {
          pole: repeated.toString(),
          multiplicity: multiplicity(polynomial, repeated),
          minimalPolynomial: show(polynomial),
          hankelRank: polynomial.length - 1,
          impulseResponse: values.slice(0, Math.min(8, values.length)).map(String),
        },
        steps,
      };
    }
    const shallow = partialFractions(values, polynomial, roots);
    const statement = `a one-layer model with ${shallow.C.length} states has the network's transfer function`;
    const { step } = proveTransferIdentity(model, shallow, 'partial-fractions', statement);
    const isProved = step.verdict === 'proved' && shallow.C.length <= l * m;
    return {
      ...base,
      verdict: isProved ? 'proved' : 'undecided',
      witness: {
        poles: shallow.layers[0].poles.map(String),
        residues: shallow.C.map(([, residue]) => residue.toString()),
      },
      ...withModes(step, shallow),
    };
  },
};

function refutation(values: readonly Gaussian[], p: GaussianPolynomial, root: Gaussian, states: number): Step[] {
  const rank = p.length - 1;
  const step = (id: string, statement: string, holds: boolean): Step => ({
    id,
    rule: RULE,
    statement,
    verdict: holds ? 'proved' : 'undecided',
    enclosure: null,
  });
  const determinant = hankelDeterminant(values, rank);
  const isAnnihilated = Array.from({ length: values.length - rank }, (_, t) =>
    p.reduce((sum, c, i) => sum.add(c.mul(values[t + i])), Gaussian.zero),
  ).every((value) => value.isZero());
  return [
    step('hankel-rank', `the Hankel matrix of order ${rank} has the determinant ${determinant}`, !determinant.isZero()),
    step(
      'recurrence',
      `${show(p)} annihilates the impulse response: at ${values.length - rank} >= ${states} times, so always`,
      isAnnihilated && values.length - rank >= states,
    ),
    step(
      'double-root',
      `(z - (${root}))^2 divides it: no sum of exponentials obeys it minimally`,
      multiplicity(p, root) > 1,
    ),
  ];
}

/**
 * The one-layer model of a response with a minimal polynomial c of simple roots: with c_i = c/(z - lam_i), applying
 * c_i(shift) to the response leaves alpha_i c_i(lam_i).
 */
function partialFractions(values: readonly Gaussian[], p: GaussianPolynomial, roots: readonly Gaussian[]): StateSpace {
  const poles = roots.filter((root) => multiplicity(p, root) === 1);
  const residues = poles.map((pole) => {
    const { quotient } = divideByRoot(p, pole);
    const applied = quotient.reduce((sum, c, t) => sum.add(c.mul(values[t])), Gaussian.zero);
    return applied.div(divideByRoot(quotient, pole).remainder);
  });
  return {
    layers: [{ poles, B: poles.map(() => [[0, Gaussian.one] as const]) }],
    C: residues.map((residue, i) => [i, residue] as const),
  };
}

/**
 * The witness lies in the closure of one-layer models: two poles lam +- e with residues (1 +- lam/e)/2 have the response
 * ((lam + e)^(t+1) - (lam - e)^(t+1))/(2 e), which exceeds (t + 1) lam^t by sum_{j >= 1} C(t+1, 2j+1) lam^(t-2j) e^(2j).
 * For lam > 0 and e < lam that is positive and below (t + 1) (lam + e)^t, which decreases once (t + 2)(lam + e) <= t + 1.
 */
export const closureClaim: Claim<{ l: number; m: number; poles: readonly { value: Gaussian }[] | undefined }, unknown> =
  {
    id: 'closure',
    kind: 'quantity',
    statement: 'poles 1/2 +- 1/1000 come within 2.51e-6 of (t + 1) 2^-t for every t',
    tex: '\\sup_t |\\rho_e(t) - (t+1) 2^{-t}| \\approx \\tfrac52 e^2',
    trust: 'proved',
    applies: ({ l, m, poles }) => l === 2 && m === 1 && poles === undefined,
    prove: ({ stated }) => {
      const [half, e] = [Rational.of(1, 2), Rational.of(1, 1000)];
      const bound = stated ?? Rational.of(251, 10 ** 8);
      const [high, low] = [half.add(e), half.sub(e)];
      let [worst, at] = [Rational.zero, 0];
      for (let t = 0; ; t++) {
        const approximation = high
          .pow(t + 1)
          .sub(low.pow(t + 1))
          .div(e.add(e));
        const difference = approximation.sub(Rational.of(t + 1).mul(half.pow(t)));
        if (worst.lt(difference)) [worst, at] = [difference, t];
        const isDecreasing = Rational.of(t + 2)
          .mul(high)
          .le(Rational.of(t + 1));
        if (
          isDecreasing &&
          Rational.of(t + 1)
            .mul(high.pow(t))
            .le(worst)
        )
          break;
      }
      return {
        verdict: worst.le(bound) ? 'proved' : 'refuted',
        predicted: bound,
        enclosure: { lo: worst, hi: worst },
        witness: { t: at },
        steps: [],
        method: 'exact evaluation with a bound of the tail',
        facts: [`the two residues are about +-1/(4e), here ${toDecimal(high.div(e.add(e)), 6, 'nearest')}`],
      };
    },
  };

function take(model: StateSpace, count: number): Gaussian[] {
  const response = impulseResponse(model);
  return Array.from({ length: count }, () => {
    const { numerator, denominator } = response.next().value;
    return Z.quotient(numerator, { re: denominator, im: 0n });
  });
}

function distinct(poles: readonly Gaussian[]): Gaussian[] {
  return [...new Map(poles.map((pole) => [pole.toString(), pole])).values()];
}

function show(p: GaussianPolynomial): string {
  const terms = p.map((c, k) => (c.isZero() ? '' : k === 0 ? `(${c})` : `(${c}) z^${k}`));
  return terms.filter(Boolean).reverse().join(' + ');
}
