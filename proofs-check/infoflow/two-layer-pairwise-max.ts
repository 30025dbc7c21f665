import {
  type PairwiseDesign,
  pairwiseMaxNet,
  pairwiseNames,
  pairwiseParameters,
  readMatrix,
} from '../../constructions/pairwise-max.js';
import { gapOf } from '../../constructions/second-largest.js';
import {
  addForms,
  approximation,
  atMost,
  type Claim,
  type Conclusion,
  InputError,
  integer,
  maximumError,
  type Network,
  optional,
  parameterClaim,
  point,
  proveAffineIdentity,
  proveSize,
  proveSquareSum,
  Rational,
  rational,
  readMaximumHead,
  readScoreHead,
  type StatedTensor,
  type Step,
  stepOf,
  type Theorem,
  texts,
  toDecimal,
  type ValuesOf,
  weightClaim,
  withDefault,
} from '../../src/index.js';
import { compress } from '../head-count/retrieval/witness.js';
import { executionClaim } from './two-layer/execution.js';
import { pairwiseWitness } from './two-layer/pairwise-witness.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 1024 }),
  d: integer('dimension of a token', { min: 1, max: 16 }),
  A: texts('A_1, ..., A_D', 'a list of d x d matrices such as "1 0; 0 1/2"'),
  r: withDefault(rational('tokens lie in [-r, r]^d', { above: '0' }), '1'),
  eps: rational('error allowed', { above: '0' }),
  beta: optional(rational('inverse temperature of both layers', { above: '0' }), '8 D W0((T-1)/e)/(3 eps), rounded up'),
  N: optional(
    integer('pieces of each square', { min: 1, max: 1 << 12 }),
    'the least with r sum_j U_j/N^2 <= eps/(4 D)',
  ),
};

type Params = ValuesOf<typeof parameters>;
type PairwiseClaim = Claim<Params, PairwiseDesign>;

const METHOD = 'lemmas on the built weights; witness by interval arithmetic';

interface Range {
  readonly steps: readonly Step[];
  /** -below <= y - F <= above, when every step is proved. */
  readonly above: Rational | null;
  readonly below: Rational | null;
}

/** Bounds of one term's soft maximum against max_{s,t} x_s' A x_t. */
function proveTerm(network: Network, design: PairwiseDesign, i: number): Range {
  const { d, T, A, r, squares } = design;
  const names = pairwiseNames(i);
  const scored = readScoreHead(network, 'x', names.mixed, A[i]);
  const joined = provePair(network, names, d, T);
  const { kappa } = squares[i];
  const product = proveSquareSum(network, { ...names, A: A[i], r, kappa });
  const last = readMaximumHead(network, names.scores, names.most);
  const steps = [scored.step, joined, ...product.steps, last.step];
  const open = { steps, above: null, below: null };
  if (!scored.beta || joined.verdict !== 'proved' || !product.error || !last.head) return open;
  const all = Array.from({ length: T }, (_, t) => t);
  const second = maximumError(last.head, 0, { open: all, width: Rational.one });
  if (typeof second === 'string') return open;
  const gates = all.map(() => all.map(() => Rational.zero));
  const first = maximumError({ tokens: T, beta: scored.beta, gates }, 0, { open: all, width: Rational.one });
  if (typeof first === 'string') return open;
  const above = product.error.hi!.max(Rational.zero);
  const below = first.below.add(second.below).add(product.error.lo!.neg().max(Rational.zero));
  const statement = `term ${i + 1}: soft maxima of both layers and the product, against the largest score`;
  const enclosure = { lo: below.neg(), hi: above };
  const total: Step = { id: `term${i + 1}`, rule: 'soft-maximum', statement, verdict: 'proved', enclosure };
  const evidence = termEvidence(network, design, i);
  return { steps: [...steps, evidence.scores, { ...total, ...evidence.total }], above, below };
}

/** What a checker needs to redo a term: the score of every token, and the head over them. */
function termEvidence(network: Network, { T, r, squares }: PairwiseDesign, i: number) {
  const names = pairwiseNames(i);
  const number = (name: string) => network.nodes.findIndex((node) => node.name === name);
  const [of, node] = [names.scores, names.most].map(number);
  const [lambda, all] = [gapOf(T).toString(), `0..${T - 1}`];
  const scores: Step = {
    id: `${names.scores}.target`,
    rule: 'score-maximum',
    statement: `score t of term ${i + 1} against max_s x_s' A x_t`,
    verdict: 'proved',
    enclosure: null,
    data: () => ({
      domain: domainOf(r),
      x: number('x'),
      query: number(`query${i + 1}`),
      mixed: number(names.mixed),
      pair: number(names.pair),
      halves: number(names.halves),
      node: of,
      kappa: squares[i].kappa.map(String),
      lambda,
    }),
  };
  const data = () => ({ node, of, entries: all, heads: [[0, all]], lambda });
  return { scores, total: { premises: [scores.id], data } };
}

function domainOf(r: Rational) {
  return { x: [r.neg().toString(), r.toString()] } as const;
}

/** The terms, added up. */
function sumEvidence(network: Network, D: number): Pick<Step, 'premises' | 'data'> {
  const terms = Array.from({ length: D }, (_, i) => i);
  const node = network.nodes.indexOf(network.outputs[0].node);
  const z = terms.map((i) => [network.nodes.findIndex(({ name }) => name === pairwiseNames(i).most), 0]);
  const readout = terms.map((i) => `z${i + 1}`).join(' + ');
  return { premises: terms.map((i) => `term${i + 1}`), data: () => ({ node, readout, z }) };
}

/** |y - sum_i max_{s,t} x_s' A_i x_t| <= bound. */
function closed({ T, A, r }: PairwiseDesign, bound: Rational): Conclusion {
  const term = (matrix: PairwiseDesign['A'][number]) => {
    const products = matrix.flatMap((row, k) =>
      row.flatMap((factor, j) => {
        if (factor.isZero()) return [];
        const number = factor.sign() > 0 && factor.isInteger() ? `${factor}` : `(${factor})`;
        const product = `x[s,${k + 1}]*x[t,${j + 1}]`;
        return [factor.equals(Rational.one) ? product : `${number}*${product}`];
      }),
    );
    return `max_{t in 1..${T}}(max_{s in 1..${T}}(${products.join(' + ')}))`;
  };
  return approximation('y', domainOf(r), A.map(term).join(' + '), { above: bound, below: bound });
}

/** Token t of `pair` is (x_t, mixed_t). */
function provePair(network: Network, names: ReturnType<typeof pairwiseNames>, d: number, T: number): Step {
  const sources = ['x', names.mixed].flatMap((name) => network.find(name) ?? []);
  const stated: StatedTensor = {
    shape: [T, 2 * d],
    entry: (index, input) => {
      const [t, k] = [Math.floor(index / (2 * d)), index % (2 * d)];
      return input(k < d ? 'x' : names.mixed, t * d + (k % d));
    },
  };
  return stepOf(
    proveAffineIdentity(network, names.pair, stated, {
      id: names.pair,
      statement: `'${names.pair}' holds x_t and '${names.mixed}'_t`,
      from: sources,
    }),
  );
}

/** y is the sum of all terms. */
function proveTotal(network: Network, D: number): Step {
  const terms = Array.from({ length: D }, (_, i) => pairwiseNames(i).most);
  const nodes = terms.flatMap((name) => network.find(name) ?? []);
  const y = network.outputs.find(({ name }) => name === 'y')!.node;
  const stated: StatedTensor = {
    shape: [],
    entry: (_, input) => terms.slice(1).reduce((total, name) => addForms(total, input(name, 0)), input(terms[0], 0)),
  };
  return stepOf(
    proveAffineIdentity(network, y.name, stated, { id: 'sum', statement: 'y is the sum of the terms', from: nodes }),
  );
}

function countStep(network: Network, M: number): Step {
  const step = stepOf(proveSize(network, 'parameters'));
  return step.enclosure!.lo!.equals(Rational.of(M)) ? step : { ...step, verdict: 'refuted' };
}

/** Products x_s x_t of all terms; a checker writes out more of them only for a long time. */
function scoresOf({ T, A }: PairwiseDesign): number {
  return A.reduce((total, matrix) => total + T * T * matrix.flat().filter((entry) => !entry.isZero()).length, 0);
}

const MOST_CERTIFIED = 1 << 18;

const error: PairwiseClaim = {
  id: 'error',
  kind: 'bound',
  statement: "|y(X) - sum_i max_{s,t} x_s' A_i x_t| <= eps for every X in [-r,r]^{dT}, ties included",
  tex: '\\sup_{X \\in [-r,r]^{dT}} \\Big|y(X) - \\sum_i \\max_{s,t} x_s^\\top A_i x_t\\Big| \\le \\varepsilon',
  trust: 'proved',
  prove: ({ network, design, stated, params, progress }) => {
    const bound = stated ?? params.eps;
    progress('reading the two layers');
    const terms = design.A.map((_, i) => proveTerm(network, design, i));
    const total = proveTotal(network, design.A.length);
    const sum = design.A.length > 1 ? sumEvidence(network, design.A.length) : {};
    const steps = [...terms.flatMap((term) => term.steps), { ...total, rule: 'lipschitz-composition', ...sum }];
    const holds = total.verdict === 'proved' && terms.every(({ above }) => above !== null);
    const add = (side: (range: Range) => Rational | null) =>
      terms.reduce((sum, term) => sum.add(side(term) ?? Rational.zero), Rational.zero);
    const hi = holds ? add(({ above }) => above).max(add(({ below }) => below)) : null;
    progress('verifying a witness');
    const witness = pairwiseWitness(network, design);
    const enclosure = { lo: witness.error, hi };
    const ratio = hi && witness.error.sign() > 0 ? toDecimal(hi.div(witness.error), 3, 'up') : 'unbounded';
    return {
      verdict: atMost(enclosure, bound),
      predicted: bound,
      enclosure,
      witness: { x: compress(witness.x, design.d), error: witness.error.toString() },
      steps,
      ...(scoresOf(design) <= MOST_CERTIFIED && { conclusion: () => closed(design, bound) }),
      method: METHOD,
      facts: [
        `proved bound over verified witness: ${ratio}`,
        `beta = ${toDecimal(design.beta, 6, 'nearest')}, pieces ${design.squares.map(({ N }) => N).join(', ')}`,
      ],
    };
  },
};

const rate: PairwiseClaim = {
  id: 'rate',
  kind: 'rate',
  statement: "the number of parameters is c + c' N with (N - 1)^2 < C/eps: O(eps^(-1/2))",
  tex: 'M = O(\\varepsilon^{-1/2})',
  trust: 'proved',
  applies: ({ N }) => N === undefined,
  prove: ({ network, design }) => {
    const { squares, eta } = design;
    const M = pairwiseParameters(design);
    const count = countStep(network, M);
    const pieces = squares.map(({ kappa, N }, i): Step => {
      const scale = kappa.reduce((total, factor) => total.add(factor.max(Rational.zero)), Rational.zero);
      const isLeast = Rational.of((N - 1) ** 2)
        .mul(eta)
        .lt(scale);
      const statement = `(${N} - 1)^2 eta < r sum_j U_j = ${scale}, eta = eps/(4 D)`;
      return {
        id: `pieces${i + 1}`,
        rule: 'counting',
        statement,
        verdict: isLeast ? 'proved' : 'refuted',
        enclosure: null,
      };
    });
    const steps = [count, ...pieces];
    const holds = steps.every(({ verdict }) => verdict === 'proved');
    const exponent = Rational.of(-1, 2);
    return {
      verdict: holds ? 'proved' : 'refuted',
      predicted: exponent,
      enclosure: holds ? point(exponent) : null,
      witness: null,
      steps,
      method: 'exact comparison',
    };
  },
};

const theorem: Theorem<typeof parameters, PairwiseDesign> = {
  id: 'two-layer-pairwise-max',
  summary: "two layers with D heads each compute sum_i max_{s,t} x_s' A_i x_t up to eps with O(eps^(-1/2)) parameters",
  statement:
    "For tokens in [-r,r]^d, ties included: in layer 1 token t averages all tokens by the scores x_s' A x_t, so that its " +
    'product with A x_t is a soft maximum of its scores; squares of N pieces multiply; in layer 2 the class token takes ' +
    'the soft maximum over t. Each term is off by at most 2 W0((T-1)/e)/beta + eta downwards and eta upwards, eta = ' +
    'r sum_j U_j/N^2 with U_j = r sum_k |A_kj|: with eps fixed, O(eps^(-1/2)) parameters.',
  source: { paper: 'arXiv:2605.17930', theorem: 'two-layer retrieval, explicit weights', trust: 'proved' },
  parameters,
  construct: ({ A, d, ...params }) => {
    if (A.length === 0 || A.length > 16)
      throw new InputError({ field: 'A', found: `${A.length} matrices`, allowed: '1 to 16' });
    return pairwiseMaxNet({ ...params, d, A: A.map((matrix) => readMatrix(matrix, d)) });
  },
  claims: [
    error,
    parameterClaim('D (d^2 + 2) + the halves + 3 per unit', (_, design) => Rational.of(pairwiseParameters(design))),
    rate,
    weightClaim('as reported', () => null),
    executionClaim(({ params: { T, d, r } }) => ({
      T,
      d,
      place: (u) => u.add(u).sub(Rational.one).mul(r),
    })),
  ],
  rates: [
    { quantity: 'error', against: 'eps', toward: 'zero', exponent: '1', formula: () => 'eps' },
    { quantity: 'parameters', against: 'eps', toward: 'zero', exponent: '-1/2', applies: ({ N }) => N === undefined },
  ],
};

export default theorem;
