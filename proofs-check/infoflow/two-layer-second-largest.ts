import {
  gapOf,
  type SecondLargestDesign,
  secondLargestNet,
  secondLargestParameters,
} from '../../constructions/second-largest.js';
import {
  approximation,
  atMost,
  type Claim,
  type Conclusion,
  fromFloat,
  inputFacts,
  integer,
  maximumError,
  type Network,
  optional,
  parameterClaim,
  provePointwiseMinimum,
  Rational,
  rangesText,
  rational,
  readMaximumHead,
  type Step,
  sizes,
  stepOf,
  type Theorem,
  tiedLoss,
  tiedMaximum,
  toDecimal,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
import { compress } from '../head-count/retrieval/witness.js';
import { executionClaim } from './two-layer/execution.js';
import { secondLargestText } from './two-layer/target.js';
import { errorAt } from './two-layer/witness.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 512 }),
  eps: rational('error allowed', { above: '0', atMost: '1' }),
  beta: optional(
    rational('inverse temperature of both layers', { above: '0' }),
    '(8/7) (W0((T-2)/e) + W0((T-1)/e))/eps, rounded up',
  ),
  R: optional(rational('gate of a token against itself', { atLeast: '0' }), '1 + ln(8/eps)/beta, rounded up'),
};

type Params = ValuesOf<typeof parameters>;
type SecondClaim = Claim<Params, SecondLargestDesign>;

const METHOD = 'lemmas on the built weights; witness by interval arithmetic';

interface Range {
  readonly steps: readonly Step[];
  readonly above: Rational | null;
  readonly below: Rational | null;
  /** What both sides come to when the errors of the two layers are added, as a certificate does. */
  readonly sum: Rational | null;
}

/** Bounds of y - x_(2), from the heads that are read off the weights. */
function proveRange(network: Network): Range {
  const first = readMaximumHead(network, 'x', 'others');
  const smaller = provePointwiseMinimum(network, ['x', 'others'], 'smaller');
  const second = readMaximumHead(network, 'smaller', network.outputs.find(({ name }) => name === 'y')!.node.name);
  const inputs = inputFacts(network, [Rational.zero, Rational.one]).map(stepOf);
  const steps = [...inputs, ...withEvidence(network, [first.step, smaller, second.step])];
  const open = { steps, above: null, below: null, sum: null };
  if (!first.head || !second.head || smaller.verdict !== 'proved') return open;
  const T = first.head.tokens;
  let [above, below] = [Rational.zero, Rational.zero];
  for (let t = 0; t < T; t++) {
    const others = Array.from({ length: T }, (_, s) => s).filter((s) => s !== t);
    // The queries of the construction differ in the token that they leave out: one bound serves for all equal gates.
    if (t > 0 && sameGate(first.head.gates, t)) continue;
    const error = maximumError(first.head, t, { open: others, width: Rational.one });
    if (typeof error === 'string') return { ...open, steps: [...steps, failed('gates', error)] };
    [above, below] = [above.max(error.above), below.max(error.below)];
  }
  const all = Array.from({ length: T }, (_, t) => t);
  const last = maximumError(second.head, 0, { open: all, width: Rational.one });
  if (typeof last === 'string') return { ...open, steps: [...steps, failed('class', last)] };
  const statement = "m_t against max_{s != t} x_s: no gate on the others, the token's own is closed";
  steps.push(step('gates', 'soft-maximum', statement, below.neg(), above));
  const tied = tiedLoss(T, 2, second.head.beta);
  const pair = 'the two largest tokens both have min(x_t, m_t) >= x_(2) - the error of m: a tie of two';
  steps.push(step('tie', tiedMaximum.id, pair, tied.neg(), Rational.zero));
  const total = { above: above.add(last.above), below: below.add(last.below.min(tied)) };
  const added = 'min(x_t, .) and max are 1-Lipschitz: the errors of the two layers add up';
  steps.push(step('composition', 'lipschitz-composition', added, total.below.neg(), total.above));
  return { steps, ...total, sum: total.above.max(below.add(last.below)) };
}

/** What a checker needs to redo the three steps: heads over the others, minima of pairs, a head over all. */
function withEvidence(network: Network, [first, smaller, second]: readonly Step[]): Step[] {
  const [input] = network.inputs;
  const number = (name: string) => network.nodes.findIndex((node) => node.name === name);
  const y = network.nodes.indexOf(network.outputs.find(({ name }) => name === 'y')!.node);
  const [others, least] = [number('others'), number('smaller')];
  const tokens = Array.from({ length: sizes(input.shape)[0] }, (_, t) => t);
  const [T, all] = [tokens.length, rangesText(tokens)];
  const of = network.nodes.indexOf(input);
  const heads = tokens.map((t) => [t, rangesText(tokens.filter((s) => s !== t))]);
  const rows = tokens.map((t) => [
    t,
    [
      [of, t],
      [others, t],
    ],
  ]);
  return [
    {
      ...first,
      premises: ['input', 'input-range'],
      data: () => ({ node: others, of, entries: all, heads, lambda: gapOf(T - 1).toString() }),
    },
    { ...smaller, premises: ['input', first.id], data: () => ({ node: least, readout: 'min(z1, z2)', rows }) },
    {
      ...second,
      premises: [smaller.id],
      data: () => ({ node: y, of: least, entries: all, heads: [[0, all]], lambda: gapOf(T).toString() }),
    },
  ];
}

/** |y - x_(2)| <= bound, x_(2) = max_t min(x_t, max_{s != t} x_s). */
function closed({ inputs: [input] }: Network, T: number, bound: Rational): Conclusion {
  return approximation('y', { [input.attributes.name]: ['0', '1'] }, secondLargestText(T), {
    above: bound,
    below: bound,
  });
}

/** Whether query t has the gates of query 0, each with its own token in place of the other's. */
function sameGate(gates: readonly (readonly Rational[])[], t: number): boolean {
  const [first, row] = [gates[0], gates[t]];
  return row.every((gate, s) => (s === t ? gate.equals(first[0]) : gate.isZero()));
}

function step(id: string, rule: string, statement: string, lo: Rational, hi: Rational): Step {
  return { id, rule, statement, verdict: 'proved', enclosure: { lo, hi } };
}

function failed(id: string, difference: string): Step {
  return { id, rule: 'soft-maximum', statement: 'the gates', verdict: 'undecided', enclosure: null, difference };
}

const error: SecondClaim = {
  id: 'error',
  kind: 'bound',
  statement: '|y - x_(2)| <= eps for every x in [0,1]^T, ties included',
  tex: '\\sup_{x \\in [0,1]^T} |y(x) - x_{(2)}| \\le \\varepsilon',
  trust: 'proved',
  prove: ({ network, design, stated, params }) => {
    const bound = stated ?? params.eps;
    const { steps, above, below, sum } = proveRange(network);
    const { x, lo } = worst(network, design);
    const hi = above && below && above.max(below);
    const enclosure = { lo, hi };
    const ratio = hi && lo.sign() > 0 ? toDecimal(hi.div(lo), 3, 'up') : 'unbounded';
    return {
      verdict: atMost(enclosure, bound),
      predicted: bound,
      enclosure,
      witness: { x: compress(x, 1), error: lo.toString() },
      steps,
      ...(sum?.le(bound) && { conclusion: () => closed(network, params.T, bound) }),
      method: METHOD,
      facts: [
        `proved bound over verified witness: ${ratio}`,
        `beta = ${toDecimal(design.beta, 6, 'nearest')}, R = ${toDecimal(design.R, 6, 'nearest')}`,
      ],
    };
  },
};

/** The worse of two inputs: where both layers lose most, and where a token could take its own value for another's. */
function worst(network: Network, design: SecondLargestDesign): { x: readonly Rational[]; lo: Rational } {
  const alone = Array.from({ length: design.T }, (_, t) => (t === 0 ? Rational.one : Rational.zero));
  const found = [extremal(design), alone].map((x) => ({ x, lo: errorAt(network, x, 1, secondOf(x)) }));
  return found.reduce((best, next) => (best.lo.lt(next.lo) ? next : best));
}

function secondOf(x: readonly Rational[]): Rational {
  return [...x].sort((a, b) => b.compare(a))[1];
}

/** Grid of levels, in units of 1/beta, on which the worst input of three levels is searched. */
const LEVELS = 24;
const HIGHEST_LEVEL = 12;

/** (1, 1 - u/beta, 1 - v/beta, ..., 1 - v/beta) with u <= v where both layers together lose most. */
function extremal({ T, beta }: SecondLargestDesign): Rational[] {
  let best = { loss: -1, u: 0, v: 0 };
  for (let i = 0; i <= LEVELS; i++) {
    for (let j = i; j <= LEVELS; j++) {
      const [u, v] = [(i * HIGHEST_LEVEL) / LEVELS, (j * HIGHEST_LEVEL) / LEVELS];
      const loss = lossOf(T, u, v);
      if (loss > best.loss) best = { loss, u, v };
    }
  }
  const level = (w: number) => Rational.one.sub(fromFloat(w).div(beta)).max(Rational.zero);
  return Array.from({ length: T }, (_, t) => (t === 0 ? Rational.one : level(t === 1 ? best.u : best.v)));
}

/** What the two layers lose, in units of 1/beta, at the levels 0, -u and T - 2 times -v; the gate is closed. */
function lossOf(T: number, u: number, v: number): number {
  const mean = (entries: readonly (readonly [level: number, count: number])[]) => {
    const weight = entries.reduce((sum, [a, n]) => sum + n * Math.exp(a), 0);
    return entries.reduce((sum, [a, n]) => sum + n * a * Math.exp(a), 0) / weight;
  };
  const rest = T - 2;
  const g1 = Math.min(
    0,
    mean([
      [-u, 1],
      [-v, rest],
    ]),
  );
  const g2 = Math.min(
    -u,
    mean([
      [0, 1],
      [-v, rest],
    ]),
  );
  const g3 =
    rest > 0
      ? Math.min(
          -v,
          mean([
            [0, 1],
            [-u, 1],
            [-v, rest - 1],
          ]),
        )
      : 0;
  return (
    -u -
    mean([
      [g1, 1],
      [g2, 1],
      [g3, rest],
    ])
  );
}

const theorem: Theorem<typeof parameters, SecondLargestDesign> = {
  id: 'two-layer-second-largest',
  summary:
    'two layers with one head each find the second largest of T numbers, with parameters that do not depend on eps',
  statement:
    'For x in [0,1]^T, ties allowed: layer 1 gives every token the soft maximum m_t of the others, a feed-forward net ' +
    'min(x_t, m_t) exactly, layer 2 the soft maximum of these. The output differs from the second largest entry by at ' +
    'most (W0((T-2)/e) + W0((T-2)/(2e)))/beta + e^{-beta(R-1)}/(T-1). Only beta depends on eps: there are 2 T + 4 ' +
    'parameters for every eps.',
  source: { paper: 'arXiv:2605.17930', theorem: 'two-layer retrieval, explicit weights', trust: 'proved' },
  parameters,
  construct: (params) => secondLargestNet(params),
  claims: [
    error,
    parameterClaim('2 T + 4 (for every eps)', ({ T }) => Rational.of(secondLargestParameters(T))),
    weightClaim('max(1, R) beta', (_, { beta, R }) => beta.mul(R.max(Rational.one))),
    executionClaim(({ params }) => ({ T: params.T, d: 1, place: (u) => u })),
  ],
  rates: [
    { quantity: 'error', against: 'eps', toward: 'zero', exponent: '1', formula: () => 'eps' },
    { quantity: 'parameters', against: 'eps', toward: 'zero', exponent: '0', formula: () => '2*T + 4' },
  ],
};

export default theorem;
