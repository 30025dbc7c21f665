import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import type { RationalMatrix } from '../../numbers/rational-matrix.js';
import { derive } from '../derivation.js';
import { mint, type Outcome, open } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import { deviationSentence, type Sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { proveAffineIdentity, proveSum, type StatedTensor } from './affine-identity.js';
import { attainedAt } from './input-value.js';
import { setText } from './inputs.js';
import { congruence, lemmaRule, proveByLemma } from './lemma.js';
import { seemingMaximum } from './maximum-head.js';
import { proveScoreHead } from './score-head.js';
import { gapOf } from './soft-minimum.js';
import { proveSquareSum } from './square-sum.js';
import { indices, numberNamed, tensorNamed } from './tensors.js';

/**
 * sum_i max_{s,t} x_s' A_i x_t for tokens in [-r, r]^d by two layers, ties included.
 *
 * In layer 1 token t averages all tokens by the scores x_s' A x_t, so that the product of the average with A x_t is a soft
 * maximum over s of its scores; squares multiply; in layer 2 a head takes the soft maximum over t. Maxima are 1-Lipschitz:
 * the errors of both layers and of the product add up, and so do those of the terms.
 */
const pairwiseMaximum: Rule = {
  id: 'lipschitz-composition',
  tex: '|y - \\sum_i \\max_{s,t} x_s^\\top A_i x_t| \\le \\sum_i (e_{1,i} + e_{2,i} + \\eta_i)',
};

/** One term: its form, the factors of its squares, and the names of its tensors. */
interface PairwiseTerm {
  readonly A: RationalMatrix;
  readonly kappa: readonly Rational[];
  readonly names: {
    readonly query: string;
    readonly mixed: string;
    readonly pair: string;
    readonly halves: string;
    readonly scores: string;
    readonly most: string;
  };
}

export interface PairwiseTask {
  readonly terms: readonly PairwiseTerm[];
  /** Entries of tokens lie in [-r, r]. */
  readonly r: Rational;
}

/** Products x_s x_t of all terms; a checker writes out more of them only for a long time. */
const MOST_CERTIFIED = 1 << 18;

/** sum_i max_{s,t} x_s' A_i x_t as certificates write it. */
function targetText(T: number, terms: readonly PairwiseTerm[]): string {
  const term = ({ A }: PairwiseTerm) => {
    const products = A.flatMap((row, k) =>
      row.flatMap((factor, j) => {
        if (factor.isZero()) return [];
        const number = factor.sign() > 0 && factor.isInteger() ? `${factor}` : `(${factor})`;
        const product = `x[s,${k + 1}]*x[t,${j + 1}]`;
        return [factor.equals(Rational.one) ? product : `${number}*${product}`];
      }),
    );
    return `max_{t in 1..${T}}(max_{s in 1..${T}}(${products.join(' + ')}))`;
  };
  return terms.map(term).join(' + ');
}

/** |y - sum_i max_{s,t} x_s' A_i x_t| <= most for all tokens in [-r, r]^d. */
export function pairwiseSentence(
  network: Network,
  output: string,
  { terms, r }: PairwiseTask,
  bounds: Parameters<typeof deviationSentence>[3],
): Sentence {
  const [input] = network.inputs;
  const domain = `${input.attributes.name} in ${setText(input, [r.neg().toString(), r.toString()])}`;
  return deviationSentence(domain, output, targetText(sizes(input.shape)[0], terms), bounds);
}

/** Applies the rule to a network of one input x [T, d]; with the error at the given inputs. */
export function provePairwiseMaximum(
  network: Network,
  output: string,
  task: PairwiseTask,
  points: readonly (readonly Rational[])[],
): readonly Outcome[] {
  const { terms, r } = task;
  const [input] = network.inputs;
  const y = network.outputs.find(({ name }) => name === output)?.node;
  if (input?.attributes.name !== 'x' || network.inputs.length > 1 || input.shape.length !== 2 || !y)
    return [open(pairwiseMaximum, 'sum', 'the terms', 'the network has not one input x [T, d]')];
  const [T, d] = sizes(input.shape);
  const ends = [r.neg().toString(), r.toString()] as const;
  const compared = {
    ...{ network, output, domain: { x: ends }, target: targetText(T, terms) },
    about: pairwiseSentence(network, output, task, null),
  };
  const attained = points.flatMap((x) => attainedAt(compared, x, pairwiseTarget(terms, x, d)));
  const domain = `x in ${setText(input, ends)}`;
  const derived = terms.map((term, i) => proveTerm(network, term, { T, d, r, domain, i }));
  const total = proveTotal(network, y.name, terms);
  const outcomes = [...derived.flatMap((one) => one.outcomes), total];
  const facts = derived.flatMap(({ result }) => result ?? []);
  if (facts.length < terms.length || total.kind === 'open') return [...outcomes, ...attained];
  const [lo, hi] = (['lo', 'hi'] as const).map((end) =>
    facts.map(({ found }) => found[end]).reduce((a, b) => a.add(b), Rational.zero),
  );
  const scores = terms.reduce((sum, { A }) => sum + T * T * A.flat().filter((entry) => !entry.isZero()).length, 0);
  const z = terms.map(({ names }) => [numberNamed(network, names.most), 0]);
  const readout = terms.map((_, i) => `z${i + 1}`).join(' + ');
  const sum = mint({
    ...{ rule: pairwiseMaximum, id: 'sum', network, domain, found: null, enclosure: { lo, hi } },
    says: pairwiseSentence(network, output, task, { lo, hi }),
    premises: [...facts, total],
    ...(terms.length > 1 && { evidence: () => ({ node: network.nodes.indexOf(y), readout, z }) }),
    withheld: `not put before the checker, which takes up to ${MOST_CERTIFIED} scores here`,
    ...(scores <= MOST_CERTIFIED && { conclusion: approximated(compared, { lo, hi }) }),
  });
  return [...outcomes, sum, ...attained];
}

interface Place {
  readonly T: number;
  readonly d: number;
  readonly r: Rational;
  readonly domain: string;
  readonly i: number;
}

/** Bounds of one term's soft maximum against max_{s,t} x_s' A x_t. */
function proveTerm(network: Network, { A, kappa, names }: PairwiseTerm, { T, d, r, domain, i }: Place) {
  const maximum = { id: `term${i + 1}.maximum`, says: `'${names.most}' is a soft maximum of the scores` };
  return derive({ rule: lemmaRule, id: maximum.id, statement: maximum.says }, (take) => {
    const scored = take(proveScoreHead(network, 'x', names.mixed, A));
    const joined = take(provePair(network, names, d, T));
    const product = take(proveSquareSum(network, { ...names, A, r, kappa }));
    const [column, node] = [names.scores, names.most].map((name) => tensorNamed(network, name));
    const { beta } = seemingMaximum(column, node);
    const lambda = gapOf(T);
    const inputs = { x: [r.neg().toString(), r.toString()] } as const;
    const most = take(
      proveByLemma(network, 'soft-maximum', {
        ...{ ...maximum, domain, inputs },
        sets: { I: indices(T).map((t) => t + 1) },
        functions: { psi: { node: column, first: 0, stride: 1 } },
        ...{ numbers: { beta, lambda }, entries: { y: [node, 0] } },
      }),
    );
    const hi = product.found.hi.max(Rational.zero);
    const lo = most.found.lo.sub(lambda.div(scored.found)).add(product.found.lo.min(Rational.zero));
    const number = (name: string) => numberNamed(network, name);
    const base = { network, domain, found: { lo, hi } };
    const scores = take(
      mint({
        ...{ ...base, rule: SCORES, id: `${names.scores}.target`, premises: [scored, joined, product] },
        says: `score t of term ${i + 1} against max_s x_s' A x_t`,
        evidence: () => ({
          ...{ domain: inputs, x: number('x'), query: number(names.query), mixed: number(names.mixed) },
          ...{ pair: number(names.pair), halves: number(names.halves), node: number(names.scores) },
          ...{ kappa: kappa.map(String), lambda: lambda.toString() },
        }),
      }),
    );
    return take(
      mint({
        ...{ ...base, rule: congruence, id: `term${i + 1}`, premises: [most, scores], enclosure: { lo, hi } },
        says: `term ${i + 1}: soft maxima of both layers and the product, against the largest score`,
        evidence: () => ({}),
      }),
    );
  });
}

const SCORES: Rule = { ...pairwiseMaximum, id: 'score-maximum' };

/** Row t of the pair holds x_t and the average of token t. */
function provePair(network: Network, { pair, mixed }: PairwiseTerm['names'], d: number, T: number): Outcome<null> {
  const sources = ['x', mixed].flatMap((name) => network.find(name) ?? []);
  const stated: StatedTensor = {
    shape: [T, 2 * d],
    entry: (index, input) => {
      const [t, k] = [Math.floor(index / (2 * d)), index % (2 * d)];
      return input(k < d ? 'x' : mixed, t * d + (k % d));
    },
  };
  return proveAffineIdentity(network, pair, stated, {
    ...{ id: pair, statement: `'${pair}' holds x_t and '${mixed}'_t`, from: sources },
  });
}

/** y is the sum of all terms. */
function proveTotal(network: Network, y: string, terms: readonly PairwiseTerm[]): Outcome<null> {
  const most = terms.map(({ names }) => [Rational.one, names.most] as const);
  return proveSum(network, y, most, { id: 'total', statement: 'y is the sum of the terms' });
}

/** The target at an input, exactly; equal tokens are compared once. */
export function pairwiseTarget(
  terms: readonly { readonly A: RationalMatrix }[],
  x: readonly Rational[],
  d: number,
): Rational {
  const tokens = new Map<string, readonly Rational[]>();
  for (let t = 0; t < x.length; t += d) tokens.set(x.slice(t, t + d).join(' '), x.slice(t, t + d));
  const distinct = [...tokens.values()];
  return terms.reduce((total, { A }) => {
    const scores = distinct.flatMap((s) => distinct.map((t) => bilinear(A, s, t)));
    return total.add(scores.reduce((a, b) => a.max(b)));
  }, Rational.zero);
}

export function bilinear(A: RationalMatrix, u: readonly Rational[], w: readonly Rational[]): Rational {
  let total = Rational.zero;
  for (const [a, row] of A.entries()) {
    for (const [b, entry] of row.entries()) if (!entry.isZero()) total = total.add(u[a].mul(entry).mul(w[b]));
  }
  return total;
}
