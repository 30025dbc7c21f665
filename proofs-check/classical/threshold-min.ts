import { thresholdMin } from '../../constructions/min-nets.js';
import {
  type Audit,
  approximation,
  atMost,
  Builder,
  type Claim,
  entryOfToken,
  type Finding,
  INPUT_STEPS,
  InputError,
  inputSteps,
  integer,
  type Network,
  parameterClaim,
  proveByExactEvaluation,
  proveMonotoneMinimum,
  Rational,
  type Step,
  sizeClaim,
  type Theorem,
  tensor,
  undecided,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  S: integer('number of values', { min: 1, max: 1 << 16 }),
  M: integer('number of levels', { min: 1, max: 1 << 12 }),
};

type Params = ValuesOf<typeof parameters>;
type MinClaim = Claim<Params, null>;

const METHOD = 'monotone in every value: two functions of one variable, exact knots';
/** Units up to which the network itself is evaluated at the witness, beside the proof. */
const MOST_EVALUATED = 1 << 16;

/** (1 - 1/S)/M. */
function prediction({ S, M }: Params): Rational {
  return Rational.of(S - 1, S).div(Rational.of(M));
}

/** The network at (mu, ..., mu), where the minimum is mu. */
function evaluated({ network, params: { S } }: Audit<Params, null>, mu: Rational, bound: Rational) {
  const samples = [{ inputs: { x: tensor([S], new Array<Rational>(S).fill(mu)) }, expected: mu }];
  return proveByExactEvaluation(network, 'y', samples, bound, 'witness', `min a - y at (mu, ..., mu), mu = ${mu}`);
}

const error: MinClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sup over [0,1]^S of |min a - y| is at most (1 - 1/S)/M',
  tex: '\\max_{a \\in [0,1]^S} |\\min_t a_t - y(a)| \\le \\frac{1 - 1/S}{M}',
  trust: 'proved',
  prove: (audit): Finding => {
    const { S, M } = audit.params;
    const predicted = audit.stated ?? prediction(audit.params);
    const statement = audit.stated && `sup over [0,1]^S of |min a - y| is at most ${audit.stated}`;
    const { steps, gap } = proveMonotoneMinimum(audit.network, 'y');
    const level = gap?.level ?? Rational.of(S - 1, S * M);
    const isSmall = S * M <= MOST_EVALUATED;
    if (!gap && !isSmall) return undecided(steps, METHOD, 'the network has another structure');
    const sample = isSmall ? evaluated(audit, level, predicted) : null;
    const proof = gap ? withEvidence(audit.network, steps, gap.sum) : steps;
    const all: readonly Step[] = sample ? [...proof, sample.step] : proof;
    const enclosure = gap ? absolute(gap.range) : { lo: sample!.worst.error, hi: null };
    const witness = {
      x: '(mu, ..., mu)',
      mu: level.toString(),
      ...(sample && { output: sample.worst.value.toString() }),
    };
    return {
      verdict: atMost(enclosure, predicted),
      statement,
      predicted,
      enclosure,
      witness,
      steps: all,
      conclusion: () => closed(audit, { above: predicted, below: predicted }),
      method: METHOD,
    };
  },
};

/** The steps with the input's, and with what a checker needs to redo the last one. */
function withEvidence({ nodes, inputs, outputs }: Network, steps: readonly Step[], sum: string): readonly Step[] {
  const [node, of] = [outputs.find(({ name }) => name === 'y')!.node, inputs[0]].map((tensor) => nodes.indexOf(tensor));
  const data = () => ({ node, of, sum: nodes.findIndex(({ name }) => name === sum) });
  const last = { ...steps[steps.length - 1], premises: INPUT_STEPS, data };
  return [...inputSteps(nodes, inputs[0], [Rational.zero, Rational.one]), ...steps.slice(0, -1), last];
}

/** -below <= y - min a <= above for all a in [0, 1]^S. */
function closed({ network, params: { S } }: Audit<Params, null>, bounds: { above: Rational; below: Rational }) {
  const [input] = network.inputs;
  const domain = { [input.attributes.name]: ['0', '1'] } as const;
  return approximation('y', domain, `min_{t in 1..${S}}(${entryOfToken(input)})`, bounds);
}

/** The largest |z| of an interval whose ends are attained. */
function absolute({ lo, hi }: { readonly lo: Rational; readonly hi: Rational }) {
  const most = lo.abs().max(hi.abs());
  return { lo: most, hi: most };
}

const oneSided: MinClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'y never exceeds the minimum',
  tex: 'y(a) \\le \\min_t a_t',
  trust: 'proved',
  prove: (audit) => {
    const { network } = audit;
    const { steps, gap } = proveMonotoneMinimum(network, 'y');
    if (!gap) return undecided(steps, METHOD, 'the network has another structure');
    const { lo, hi } = gap.range;
    return {
      verdict: lo.sign() < 0 ? 'refuted' : 'proved',
      predicted: null,
      enclosure: { lo, hi: lo },
      witness: null,
      steps: withEvidence(network, steps, gap.sum),
      conclusion: () => closed(audit, { above: Rational.zero, below: hi }),
      method: METHOD,
    };
  },
};

const rate: MinClaim = {
  id: 'rate',
  kind: 'rate',
  statement: 'the error times M is 1 - 1/S exactly: order 1 in 1/M, and the plain 1/M is never reached',
  tex: '\\max_a |\\min_t a_t - y(a)| = \\big(1 - \\tfrac{1}{S}\\big) M^{-1}',
  trust: 'proved',
  prove: ({ network, params }) => {
    const { steps, gap } = proveMonotoneMinimum(network, 'y');
    if (!gap) return undecided(steps, METHOD, 'the network has another structure');
    const constant = absolute(gap.range).lo.mul(Rational.of(params.M));
    const predicted = Rational.of(params.S - 1, params.S);
    return {
      verdict: constant.equals(predicted) ? 'proved' : 'refuted',
      predicted,
      enclosure: { lo: constant, hi: constant },
      witness: null,
      steps,
      method: METHOD,
    };
  },
};

const theorem: Theorem<typeof parameters, null> = {
  id: 'threshold-min',
  summary: 'two ReLU layers find the minimum of S numbers in [0,1] up to (1 - 1/S)/M, with M levels',
  statement:
    'With u_j = j/M and a in [0,1]^S let s_j = relu(1 - M sum_t relu(u_j - a_t)) and y = (1/M) sum_j s_j. Then ' +
    '0 <= min a - y <= (1 - 1/S)/M, and both bounds are attained. S M + M ReLUs in two layers.',
  source: {
    paper: 'arXiv:2510.06662',
    theorem: 'the minimum in the feed-forward net of Theorem 2 (3)',
    trust: 'proved',
  },
  parameters,
  construct: ({ S, M }) => {
    if (S * M > 1 << 24) throw new InputError({ found: `S M = ${S * M} units`, allowed: `at most ${1 << 24}` });
    const b = new Builder();
    return { network: b.network({ y: thresholdMin(b, b.input('x', { token: S }), M, 'y') }), design: null };
  },
  claims: [
    error,
    oneSided,
    rate,
    sizeClaim(
      { id: 'units', quantity: 'number of ReLUs', statement: 'S M + M', tex: '\\#\\mathrm{ReLU} \\le SM + M' },
      ({ units }) => Rational.of(units),
      ({ S, M }) => Rational.of(S * M + M),
    ),
    parameterClaim({ statement: '3M + 1', tex: '3M + 1' }, ({ M }) => Rational.of(3 * M + 1)),
    weightClaim({ statement: 'M', tex: 'M' }, ({ M }) => Rational.of(M)),
  ],
  rates: [{ quantity: 'error', against: 'M', exponent: '-1', formula: () => '(1 - 1/S)/M' }],
};

export default theorem;
