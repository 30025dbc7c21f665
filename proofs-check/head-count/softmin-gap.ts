import { softMinimumNet } from '../../constructions/soft-min.js';
import {
  type Audit,
  approximation,
  atMost,
  ballIntervals,
  type Claim,
  entryOfToken,
  type Finding,
  gapConstant,
  inputFacts,
  integer,
  type Network,
  parameterClaim,
  Rational,
  rational,
  readSoftMinimum,
  type Step,
  softMinimum,
  softMinimumGap,
  stepOf,
  type Theorem,
  toDecimal,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
import { softMinimumExecution } from './soft-minimum/execution.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 10 ** 8 }),
  beta: rational('inverse temperature', { above: '0' }),
};

type Params = ValuesOf<typeof parameters>;
type SoftMinClaim = Claim<Params, null>;

const METHOD = 'two-level reduction, ball arithmetic';

/** The largest gap of the built network, by the steps that read T and beta off its weights. */
function examine({ network, digits }: Audit<Params, null>) {
  const bits = Math.max(128, Math.ceil(digits * 3.33) + 64);
  const { steps: read, found } = readSoftMinimum(network, 'y');
  const steps = [...read];
  if (!found) return { bits, steps, found, gap: null, level: null, isInside: undefined };
  const { gap, level, isInside } = softMinimumGap(found, bits);
  const isSmall = found.tokens <= MOST_CERTIFIED;
  const step: Step = {
    id: 'supremum',
    rule: softMinimum.id,
    statement: `sup of the gap over [0,1]^${found.tokens} with beta = ${found.beta}`,
    verdict: 'proved',
    enclosure: gap,
    ...(isSmall && { premises: ['input', 'input-range'], data: () => softMinimumData(network, found.tokens, bits) }),
  };
  if (isSmall) steps.unshift(...inputFacts(network, [Rational.zero, Rational.one]).map(stepOf));
  return { bits, steps: [...steps, step], found, gap, level, isInside };
}

/** Beyond this many tokens the entries are too many to be written out one by one. */
const MOST_CERTIFIED = 4096;

function softMinimumData({ nodes, outputs, inputs }: Network, T: number, bits: number) {
  const [node, of] = [outputs.find(({ name }) => name === 'y')!.node, inputs[0]].map((tensor) => nodes.indexOf(tensor));
  const all = `0..${T - 1}`;
  return { node, entry: 0, of, entries: all, inside: all, lambda: gapConstant(T, bits).hi.toString() };
}

/** For many tokens: what a checker needs to read beta off one of them; null for bounds that hold in [0, 1] only. */
function alikeStep({ tokens, beta }: { tokens: number; beta: Rational }, bits: number, bound: Rational): Step | null {
  const lambda = gapConstant(tokens, bits).hi;
  if (bound.mul(beta).lt(lambda)) return null;
  const data = { output: 'y', lambda: lambda.toString(), hi: bound.toString() };
  const statement = 'sup of the gap over all tokens, which are alike';
  return { id: 'alike', rule: 'alike-tokens', statement, verdict: 'proved', enclosure: null, data: () => data };
}

/** 0 <= y - min a_t <= bound for all a in [0, 1]^T, or in R^T. */
function closed({ inputs: [input] }: Network, T: number, bound: Rational, range: readonly [string, string] | null) {
  const target = `min_{t in 1..${T}}(${entryOfToken(input)})`;
  const domain = { [input.attributes.name]: range };
  return approximation('y', domain, target, { above: bound, below: Rational.zero });
}

/** A finding about "the gap is at most `bound`". */
function upperBound(audit: Audit<Params, null>, bound: (bits: number) => Rational): Finding {
  const { bits, steps, found, gap, level, isInside } = examine(audit);
  const predicted = audit.stated ?? bound(bits);
  const isSmall = found !== null && found.tokens <= MOST_CERTIFIED;
  const alike = found && !isSmall ? alikeStep(found, bits, predicted) : null;
  if (alike) steps.push(alike);
  const shown = (v: Rational) => toDecimal(v, audit.digits, 'nearest');
  return {
    verdict: gap ? atMost(gap, predicted) : 'undecided',
    statement: audit.stated && `the soft minimum exceeds the minimum by at most ${audit.stated}`,
    predicted,
    enclosure: gap,
    witness: level && { a: `(0, v, ..., v)`, T: String(found?.tokens), v: level.toString() },
    steps,
    ...((isSmall || alike) && {
      conclusion: () => closed(audit.network, found!.tokens, predicted, isSmall ? ['0', '1'] : null),
    }),
    method: METHOD,
    facts: level
      ? [
          `v = ${shown(level)}${isInside === true ? ', inside [0, 1]: no larger gap on R^T' : ''}`,
          'one weight is shared by all tokens: the checks cost the same for every T',
        ]
      : [],
  };
}

const error: SoftMinClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'the soft minimum exceeds the minimum by at most W0((T-1)/e)/beta',
  tex: '\\sum_t p_t a_t - \\min_t a_t \\le \\frac{1}{\\beta} W_0\\!\\left(\\frac{T-1}{e}\\right)',
  trust: 'proved',
  prove: (audit) => upperBound(audit, (bits) => gapConstant(audit.params.T, bits).hi.div(audit.params.beta)),
};

const logarithm: SoftMinClaim = {
  id: 'logarithm',
  kind: 'bound',
  statement: 'the soft minimum exceeds the minimum by at most ln(T)/beta',
  tex: '\\sum_t p_t a_t - \\min_t a_t \\le \\frac{\\ln T}{\\beta}',
  trust: 'proved',
  prove: (audit) =>
    upperBound(audit, (bits) => {
      const A = ballIntervals(bits);
      return A.lower(A.log(A.of(Rational.of(audit.params.T))))!.div(audit.params.beta);
    }),
};

const oneSided: SoftMinClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'the soft minimum is never below the minimum, and equal to it where all a_t are equal',
  tex: '\\sum_t p_t a_t \\ge \\min_t a_t',
  trust: 'proved',
  prove: ({ network }) => {
    const { steps, found } = readSoftMinimum(network, 'y');
    return {
      verdict: found ? 'proved' : 'undecided',
      predicted: null,
      enclosure: found && { lo: Rational.zero, hi: Rational.zero },
      witness: found && { a: '(0, ..., 0)' },
      steps,
      method: 'a weighted mean with positive weights',
    };
  },
};

const rate: SoftMinClaim = {
  id: 'rate',
  kind: 'rate',
  statement: 'sup gap = W0((T-1)/e) beta^-1 exactly, for every beta >= 1 + W0((T-1)/e)',
  tex: '\\sup_{a \\in [0,1]^T} \\Big(\\sum_t p_t a_t - \\min_t a_t\\Big) = W_0\\!\\left(\\frac{T-1}{e}\\right) \\beta^{-1}',
  trust: 'proved',
  applies: ({ T, beta }) => gapConstant(T, 128).hi.add(Rational.one).le(beta),
  prove: (audit) => {
    const { bits, steps, found, gap, isInside } = examine(audit);
    const { lo, hi } = gapConstant(audit.params.T, bits);
    const isSame = found?.beta.equals(audit.params.beta) && found.tokens === audit.params.T;
    return {
      verdict: isSame && isInside ? 'proved' : 'undecided',
      predicted: hi,
      enclosure: gap && { lo: gap.lo.mul(audit.params.beta), hi: gap.hi!.mul(audit.params.beta) },
      witness: null,
      steps,
      method: METHOD,
      facts: [
        `W0((T-1)/e) in [${toDecimal(lo, 20, 'down')}, ${toDecimal(hi, 20, 'up')}], ln T = ${logOf(audit.params.T)}`,
      ],
    };
  },
};

function logOf(T: number): string {
  const A = ballIntervals(128);
  return toDecimal(A.lower(A.log(A.of(Rational.of(T))))!, 6, 'nearest');
}

const theorem: Theorem<typeof parameters, null> = {
  id: 'softmin-gap',
  summary: 'a softmax over T tokens finds the minimum up to W0((T-1)/e)/beta, and no constant is smaller',
  statement:
    'For a in R^T, T >= 2, beta > 0 and p = softmax(-beta a): 0 <= sum_t p_t a_t - min_t a_t <= W0((T-1)/e)/beta <= ' +
    'ln(T)/beta. The middle bound is attained at a = (0, v, ..., v) with v = (1 + W0((T-1)/e))/beta, which lies in ' +
    '[0,1]^T when beta >= 1 + W0((T-1)/e).',
  source: {
    paper: 'arXiv:2510.06662',
    theorem: 'Theorem 2, the step from softmax to minimum, made sharp',
    trust: 'proved',
  },
  parameters,
  construct: ({ T, beta }) => ({ network: softMinimumNet(T, beta), design: null }),
  claims: [
    error,
    logarithm,
    oneSided,
    rate,
    parameterClaim('1', () => Rational.one),
    weightClaim('beta', ({ beta }) => beta),
    softMinimumExecution,
  ],
  rates: [
    { quantity: 'error', against: 'beta', exponent: '-1', formula: () => 'W/beta', constants: ['W'] },
    { quantity: 'logarithm', against: 'T', exponent: '0', log: '1', formula: () => 'log(T)/beta' },
  ],
};

export default theorem;
