import { compareTransfer } from '../../../evaluate/same-response.js';
import type { Network } from '../../../network/network.js';
import { readStateSpace, type StateSpace } from '../../../network/state-space.js';
import { toDecimal } from '../../../numbers/decimal.js';
import { Gaussian } from '../../../numbers/gaussian.js';
import {
  divideByRoot,
  type GaussianPolynomial,
  hankelDeterminant,
  minimalRecurrence,
  multiplicity,
} from '../../../numbers/minimal-recurrence.js';
import { Rational } from '../../../numbers/rational.js';
import { certified, type Fact, mint, type Outcome, open } from '../../fact.js';
import { attained, exactly, qualitative, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { point } from '../../verdict.js';
import { firstValues, modesOf } from './transfer-identity.js';

/**
 * A sum of exponentials sum_i alpha_i lam_i^t with distinct lam_i has the minimal polynomial prod (z - lam_i): simple
 * roots, and Hankel matrices whose rank is the number of terms. So a model equals a one-layer model exactly when the
 * minimal polynomial of its impulse response has simple roots. A model with n states obeys a recurrence of order n, so
 * its first 2 n values determine that polynomial, and 3 n values verify it for all times.
 */
export const minimalPolynomial: Rule = {
  id: 'minimal-polynomial',
  tex: '\\rho(t) = \\sum_i \\alpha_i \\lambda_i^t \\iff \\text{the minimal polynomial has simple roots}',
};

/** The model equals a one-layer model with diagonal A of at most `width` states. */
export function inclusionSentence(width: number): Sentence {
  return qualitative(
    `the network equals, for all inputs, a one-layer state-space model with diagonal A of at most ${width} states`,
    `H^m_{\\infty,l} \\subseteq H^{lm}_{\\infty,1}`,
  );
}

/** What the response is made of, for the reader. */
export type Inclusion = Readonly<Record<string, unknown>>;

/** Applies the rule: a fact that it does, by partial fractions, or that it does not, by a double root. */
export function proveInclusion(network: Network, width: number): readonly Outcome<Inclusion | null>[] {
  const says = inclusionSentence(width);
  const model = readStateSpace(network);
  if (typeof model === 'string') return [open(minimalPolynomial, 'inclusion', says.text, model)];
  const states = model.layers.reduce((sum, { poles }) => sum + poles.length, 0);
  const values = firstValues(model, 3 * states);
  const polynomial = minimalRecurrence(values.slice(0, 2 * states));
  const roots = distinct(model.layers.flatMap(({ poles }) => poles));
  const repeated = roots.find((root) => multiplicity(polynomial, root) > 1);
  const base = { rule: minimalPolynomial, network, domain: null };
  if (repeated) {
    const outcomes = refutation(network, values, polynomial, repeated, states);
    const premises = outcomes.filter((outcome) => outcome.kind === 'fact');
    if (premises.length < outcomes.length) return outcomes;
    const at = {
      pole: repeated.toString(),
      multiplicity: multiplicity(polynomial, repeated),
      minimalPolynomial: show(polynomial),
      hankelRank: polynomial.length - 1,
      impulseResponse: values.slice(0, Math.min(8, values.length)).map(String),
    };
    const violated = attained(says, point(Rational.one), `the pole ${repeated}`);
    return [...outcomes, mint({ ...base, id: 'inclusion', says: violated, at, found: null, premises })];
  }
  const shallow = partialFractions(values, polynomial, roots);
  if (shallow.C.length > width || compareTransfer(model, shallow).disagreement) {
    return [open(minimalPolynomial, 'partial-fractions', says.text, 'partial fractions do not give the response')];
  }
  const modes = modesOf(shallow)!;
  const found = {
    poles: shallow.layers[0].poles.map(String),
    residues: shallow.C.map(([, residue]) => residue.toString()),
  };
  return [
    mint({
      ...{ ...base, rule: PARTIAL_FRACTIONS, id: 'partial-fractions', says, found },
      ...certified(() => ({ kind: 'response', modes })),
    }),
  ];
}

const PARTIAL_FRACTIONS: Rule = { ...minimalPolynomial, id: 'transfer-identity' };

function refutation(
  network: Network,
  values: readonly Gaussian[],
  p: GaussianPolynomial,
  root: Gaussian,
  states: number,
): Outcome<null>[] {
  const rank = p.length - 1;
  const step = (id: string, says: string, holds: boolean): Outcome<null> =>
    holds
      ? mint({ rule: minimalPolynomial, id, network, domain: null, says, found: null })
      : open(minimalPolynomial, id, says, 'it does not hold');
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
export const closure: Rule = { id: 'closure', tex: '\\sup_t |\\rho_e(t) - (t+1) 2^{-t}| \\approx \\tfrac52 e^2' };

/** How far the poles 1/2 +- 1/1000 are from the double pole 1/2. */
export function closureSentence(most: Rational | null): Sentence {
  return special(
    'the largest distance over all t of (t + 1) 2^-t from the response of the poles 1/2 +- 1/1000 with residues of modulus about 250',
    { hi: most },
    '\\sup_t |\\rho_e(t) - (t+1) 2^{-t}|',
  );
}

/** The distance, exactly, with the time where it is largest. */
export function proveClosure(): Fact<string> {
  const [half, e] = [Rational.of(1, 2), Rational.of(1, 1000)];
  const [high, low] = [half.add(e), half.sub(e)];
  let [worst, at, last] = [Rational.zero, 0, 0];
  for (let t = 0; ; t++) {
    const approximation = high
      .pow(t + 1)
      .sub(low.pow(t + 1))
      .div(e.add(e));
    const difference = approximation.sub(Rational.of(t + 1).mul(half.pow(t)));
    if (worst.lt(difference)) [worst, at] = [difference, t];
    const times = Rational.of(t + 1);
    const isDecreasing = times.add(Rational.one).mul(high).le(times);
    last = t;
    if (isDecreasing && times.mul(high.pow(t)).le(worst)) break;
  }
  const texts = [high, low, e.add(e)].map((number) => `(${number})`);
  /** The distances before the time behind which both responses are small, and that they only become smaller. */
  const relations = (most: Rational) => [
    ...Array.from({ length: last }, (_, t) => {
      const distance = `(${texts[0]}^${t + 1} - ${texts[1]}^${t + 1})/${texts[2]} - ${t + 1}/2^${t}`;
      return [[distance, '<=', `${most}`] as const, [distance, '>=', '0'] as const];
    }).flat(),
    [`${last + 1}*${texts[0]}^${last}`, '<=', `${most}`] as const,
    [`${last + 2}*${texts[0]}`, '<=', `${last + 1}`] as const,
  ];
  return mint({
    ...{ rule: { ...closure, id: 'arithmetic' }, id: 'closure', network: null, domain: null, enclosure: point(worst) },
    says: exactly(closureSentence(null), worst),
    ...certified(({ hi }) => ({ kind: 'arithmetic', relations: relations(hi && worst.lt(hi) ? hi : worst) })),
    found: `largest at t = ${at}; the two residues are about +-1/(4e), here ${toDecimal(high.div(e.add(e)), 6, 'nearest')}`,
  });
}

function distinct(poles: readonly Gaussian[]): Gaussian[] {
  return [...new Map(poles.map((pole) => [pole.toString(), pole])).values()];
}

function show(p: GaussianPolynomial): string {
  const terms = p.map((c, k) => (c.isZero() ? '' : k === 0 ? `(${c})` : `(${c}) z^${k}`));
  return terms.filter(Boolean).reverse().join(' + ');
}
