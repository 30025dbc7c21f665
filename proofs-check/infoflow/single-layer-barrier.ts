import { softMinimumNet } from '../../constructions/soft-min.js';
import {
  type Audit,
  atMost,
  ballIntervals,
  type Claim,
  compile,
  convert,
  gapConstant,
  InputError,
  integer,
  intervalAlgebra,
  type Network,
  Rational,
  rational,
  readSoftMinimum,
  roundedUp,
  type Step,
  type Theorem,
  tensor,
  toDecimal,
  undecided,
  type ValuesOf,
  withDefault,
} from '../../src/index.js';
import { certifiedSlope } from '../head-count/retrieval/certify.js';
import { closedBound, derivativeBound, temptingBound } from './barrier/derivative.js';
import { secondLargestText } from './two-layer/target.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 1 << 14 }),
  beta: rational('inverse temperature', { above: '0' }),
  gap: rational('g, the least gap between the two largest entries', { atLeast: '0', below: '1' }),
  eps: withDefault(rational('error allowed to a readout of the second largest entry', { atLeast: '0' }), '0'),
};

type Params = ValuesOf<typeof parameters>;
type BarrierClaim = Claim<Params, null>;

const METHOD = 'three levels, branch and bound, ball arithmetic';
const STEEPEST = Rational.of(500);
const SHOWN = 6;
const SHOWN_BITS = 64;
const LAMBDA_BITS = 128;
/** Beyond this many tokens the formula of the second largest entry is too long to be checked. */
const MOST_CERTIFIED = 512;

/** T and beta of the head y = sum_t p_t x_t, p = softmax(beta x), read off the weights. */
function readHead({ network }: Audit<Params, null>): { steps: readonly Step[]; T: number; beta: Rational } | string {
  const { steps, found } = readSoftMinimum(network, 'y');
  if (!found) return steps.find(({ difference }) => difference !== undefined)?.difference ?? 'no head';
  return found.beta.sign() < 0
    ? { steps, T: found.tokens, beta: found.beta.neg() }
    : `its logits are ${found.beta.neg()} x_t`;
}

const error: BarrierClaim = {
  id: 'error',
  kind: 'barrier',
  statement:
    'where the gap is at least g, |dy/dx_(2)| <= e^{-beta g} max(1 + max(0, W0((T-1)/e) - beta g), beta g - 1)',
  tex: '\\Big|\\frac{\\partial y}{\\partial x_{(2)}}\\Big| \\le e^{-\\beta g} \\max\\big(1 + \\max(0, W_0(\\tfrac{T-1}{e}) - \\beta g), \\beta g - 1\\big)',
  trust: 'proved',
  prove: (audit) => {
    const head = readHead(audit);
    if (typeof head === 'string') return undecided([], METHOD, head);
    const { T, beta, steps } = head;
    const { gap } = audit.params;
    const G = beta.mul(gap);
    const { range, u, w } = derivativeBound(T, G);
    const predicted = audit.stated ?? closedBound(audit.params.T, audit.params.beta.mul(gap));
    const step: Step = {
      id: 'supremum',
      rule: 'three-levels',
      statement: `sup |dy/dx_(2)| over all x in R^${T} with gap at least ${gap}`,
      verdict: range.hi ? 'proved' : 'undecided',
      enclosure: range,
    };
    const bound = roundedUp(closedBound(T, G), SHOWN_BITS);
    const shown = audit.stated ?? bound;
    const { hi: lambda } = gapConstant(T, LAMBDA_BITS);
    const evidence = { output: 'y', gap: gap.toString(), bound: shown.toString() };
    const closed: Step = {
      id: 'closed-form',
      rule: 'hidden-entry',
      statement: `e^-G max(1 + max(0, lambda - G), G - 1) with lambda = W0((T-1)/e), G = beta g`,
      verdict: 'proved',
      enclosure: { lo: null, hi: bound },
      data: () => ({ output: 'y', gap: evidence.gap, lambda: lambda.toString(), bound: evidence.bound }),
    };
    const level = (v: Rational) => toDecimal(v.div(beta), SHOWN, 'nearest');
    return {
      verdict: atMost(range, predicted),
      statement: audit.stated && `where the gap is at least ${gap}, |dy/dx_(2)| <= ${audit.stated}`,
      predicted,
      enclosure: range,
      witness: { x: '(0, -u, -w, ..., -w)', u: u.div(beta).toString(), w: w.div(beta).toString() },
      steps: [...steps, step, closed],
      ...(bound.le(shown) && { conclusion: () => ({ kind: 'derivative', ...evidence }) as const }),
      method: METHOD,
      facts: [`largest at x = (0, -${level(u)}, ${T - 2} x -${level(w)})`, temptation(T, G, range.lo)],
    };
  },
};

/** Whether the simpler e^{-G} (1 + G) bounds the derivative here. */
function temptation(T: number, G: Rational, attained: Rational): string {
  const { hi } = temptingBound(G);
  const shown = `e^{-beta g} (1 + beta g) = ${toDecimal(hi!, SHOWN, 'up')}`;
  return hi!.lt(attained)
    ? `the tempting ${shown} is false: ${toDecimal(attained, SHOWN, 'down')} is attained with ${T} tokens`
    : `the tempting ${shown} is not exceeded by it`;
}

const slope: BarrierClaim = {
  id: 'slope',
  kind: 'barrier',
  statement: 'a readout of y that gives x_(2) up to eps has at least this Lipschitz constant',
  tex: "\\mathrm{Lip}(f) \\ge \\frac{|x_{(2)} - x_{(2)}'| - 2\\varepsilon}{|y(x) - y(x')|}",
  trust: 'proved',
  prove: (audit) => {
    const { params, network, stated } = audit;
    const pairs = candidates(params).map((pair) => ({ pair, slope: forcedSlope(network, params, pair) }));
    const best = pairs.reduce((most, next) => (most.slope.lt(next.slope) ? next : most));
    const head = readHead(audit);
    const sup = typeof head === 'string' ? null : derivativeBound(head.T, head.beta.mul(params.gap)).range.hi;
    const [from, to] = best.pair;
    const lo = best.slope;
    const shown = stated ?? certifiedSlope(lo);
    const isCertified = params.T <= MOST_CERTIFIED;
    const evidence = {
      output: 'y',
      inputs: best.pair.map((second) => ({ x: pairInput(params.T, second).map(String) })),
      target: secondLargestText(params.T),
      eps: params.eps.toString(),
      slope: shown.toString(),
    };
    const step: Step = {
      id: 'collision',
      rule: 'collision',
      statement: "(|x_(2) - x_(2)'| - 2 eps)/|y(x) - y(x')| at two inputs",
      verdict: lo.sign() > 0 ? 'proved' : 'undecided',
      enclosure: { lo, hi: null },
      ...(isCertified && { data: () => evidence }),
    };
    return {
      verdict: stated ? (stated.le(lo) ? 'proved' : 'undecided') : lo.sign() > 0 ? 'proved' : 'undecided',
      statement: stated && `a readout of y that gives x_(2) up to eps has a Lipschitz constant of at least ${stated}`,
      predicted: stated ?? null,
      enclosure: { lo, hi: null },
      witness: { x: `(1, ${from}, 0, ...)`, "x'": `(1, ${to}, 0, ...)` },
      steps: [step],
      ...(isCertified && { conclusion: () => ({ kind: 'collision', ...evidence }) as const }),
      method: 'two inputs, interval arithmetic',
      facts: [
        ...(sup
          ? [`at the gap g itself: at least ${toDecimal(sup.inverse(), SHOWN, 'down')}, one over the derivative`]
          : []),
        'as reported (paper): one layer needs Omega(eps^{-(k-1)/n}) parameters for the k-th largest entry; here k = 2, n = 1',
      ],
    };
  },
};

/** Values of x_(2) in two inputs (1, x_2, 0, ..., 0). */
function candidates({ gap, eps }: Params): [Rational, Rational][] {
  const top = Rational.one.sub(gap);
  const starts = [Rational.zero, top.div(Rational.of(2)), top.sub(eps.mul(Rational.of(4))).max(Rational.zero)];
  return starts.flatMap((from): [Rational, Rational][] => [
    [from, top],
    [
      from,
      from
        .add(eps.mul(Rational.of(4)))
        .max(from.add(top).div(Rational.of(2)))
        .min(top),
    ],
  ]);
}

/** (1, x_2, 0, ..., 0). */
function pairInput(T: number, second: Rational): Rational[] {
  return Array.from({ length: T }, (_, t) => (t === 0 ? Rational.one : t === 1 ? second : Rational.zero));
}

const BITS = 1024;

function forcedSlope(network: Network, { T, eps }: Params, [from, to]: readonly [Rational, Rational]): Rational {
  const A = ballIntervals(BITS);
  const algebra = intervalAlgebra(A);
  const value = compile(network, algebra);
  const at = (second: Rational) => {
    return value({ x: convert(tensor([T, 1], pairInput(T, second)), algebra) }).y.dense(A.zero)[0];
  };
  const distance = A.abs(A.sub(at(to), at(from)));
  const upper = A.upper(distance);
  const least = to.sub(from).sub(eps.add(eps));
  return upper && upper.sign() > 0 && least.sign() > 0 ? least.div(upper) : Rational.zero;
}

const theorem: Theorem<typeof parameters, null> = {
  id: 'single-layer-barrier',
  summary: 'one soft maximum hides the second largest entry: its derivative there falls like e^{-beta g}',
  statement:
    'Let y = sum_t p_t x_t with p = softmax(beta x). Where the two largest entries are at least g apart, |dy/dx_(2)| <= ' +
    'e^{-beta g} max(1 + max(0, W0((T-1)/e) - beta g), beta g - 1). A feed-forward net that reads x_(2) off y needs at ' +
    'least the inverse as its slope.',
  source: {
    paper: 'arXiv:2605.17930',
    theorem: 'one layer retrieves only the largest, made explicit',
    trust: 'proved',
  },
  parameters,
  construct: ({ T, beta, gap }) => {
    if (STEEPEST.lt(beta.mul(gap))) {
      throw new InputError({ field: 'beta', found: `beta g = ${beta.mul(gap)}`, allowed: `at most ${STEEPEST}` });
    }
    return { network: softMinimumNet(T, beta.neg()), design: null };
  },
  claims: [error, slope],
};

export default theorem;
