import { squareNet, squareParameters, toothName } from '../../constructions/tooth-net.js';
import {
  type Audit,
  approximation,
  atMost,
  Builder,
  type Claim,
  counterexample,
  inputSteps,
  integer,
  outputFormula,
  overall,
  parameterClaim,
  parseExpression,
  point,
  proveByExactEvaluation,
  proveCount,
  proveInterpolatedSquare,
  proveSupNorm,
  Rational,
  type Step,
  type Theorem,
  tensor,
  undecided,
  unitBox,
  type ValuesOf,
  variable,
  weightClaim,
} from '../../src/index.js';

const parameters = { m: integer('number of layers', { min: 1, max: 256 }) };

type Params = ValuesOf<typeof parameters>;
type SquareClaim = Claim<Params, null>;

const OUTPUT = 'y';
/** Layers up to which the pieces of a net without the stated structure are enumerated. */
const MOST_ENUMERATED = 6;

function prediction({ m }: Params): Rational {
  return Rational.pow2(-2 * m - 2);
}

function structure({ network, params: { m } }: Audit<Params, null>) {
  const output = network.outputs.find(({ name }) => name === OUTPUT)?.node.name ?? OUTPUT;
  const layers = Array.from({ length: m }, (_, k) => toothName(OUTPUT, k + 1));
  return proveInterpolatedSquare(network, [network.inputs[0]?.name ?? 'x', ...layers], output);
}

/** The error at x = 2^(-m-1), exactly. */
function atWitness({ network, params: { m } }: Audit<Params, null>, bound: Rational) {
  const x = Rational.pow2(-m - 1);
  const samples = [{ inputs: { x: tensor([1], [x]) }, expected: x.pow(2) }];
  const statement = `|f_m(x) - x^2| at x = 2^(-m-1)`;
  return { x, ...proveByExactEvaluation(network, OUTPUT, samples, bound, 'witness', statement) };
}

const UNIT = [Rational.zero, Rational.one] as const;

/** lo <= y - x^2 <= hi for all x in [0, 1]. */
function closed(lo: Rational, hi: Rational) {
  return approximation(OUTPUT, { x: ['0', '1'] }, 'x^2', { above: hi, below: lo.neg() });
}

const error: SquareClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sup over [0,1] of |f_m(x) - x^2| is at most 2^(-2m-2)',
  tex: '\\max_{[0,1]} |f_m(x) - x^2| \\le 2^{-2m-2}',
  trust: 'proved',
  prove: (audit) => {
    const predicted = audit.stated ?? prediction(audit.params);
    const { x, step: witness, worst } = atWitness(audit, predicted);
    const { steps, error } = structure(audit);
    const base = {
      statement: audit.stated && `sup over [0,1] of |f_m(x) - x^2| is at most ${audit.stated}`,
      predicted,
      witness: { x: x.toString(), output: worst.value.toString() },
    };
    if (error?.hi?.equals(worst.error)) {
      const enclosure = point(worst.error);
      const all = [...inputSteps(audit.network.nodes, audit.network.inputs[0], UNIT), ...steps, witness];
      const conclusion = () => closed(Rational.zero, predicted);
      const verdict = atMost(enclosure, predicted);
      const fails = counterexample(conclusion(), { x: [x] }, { lo: worst.error, bound: predicted });
      const proof = verdict === 'proved' ? { steps: all, conclusion } : { ...fails, steps: [...all, ...fails.steps] };
      return { ...base, verdict, enclosure, ...proof, method: 'self-similarity' };
    }
    const other = enumerated(audit, predicted);
    if (other && !other.supremum.lo.lt(worst.error)) {
      const { step, supremum } = other;
      const attained = { x: supremum.witness[0].toString() };
      const all = [...steps, step];
      return {
        ...base,
        verdict: step.verdict,
        enclosure: step.enclosure,
        witness: attained,
        steps: all,
        method: 'knots',
      };
    }
    const enclosure = { lo: worst.error, hi: null };
    return {
      ...base,
      verdict: atMost(enclosure, predicted),
      enclosure,
      steps: [...steps, witness],
      method: 'one point',
    };
  },
};

/** A net of another structure (read from a file, edited): its pieces one by one, when there are few. */
function enumerated({ network, params, deadline }: Audit<Params, null>, bound: Rational) {
  if (params.m > MOST_ENUMERATED) return null;
  const problem = {
    formula: outputFormula(network, OUTPUT, [variable('x')]),
    target: parseExpression('x^2', ['x']),
    box: unitBox(['x']),
  };
  return proveSupNorm(problem, bound, { deadline }, 'pieces', 'sup |f_m(x) - x^2| over [0, 1]');
}

const oneSided: SquareClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'f_m is never below x^2 on [0,1]',
  tex: 'f_m(x) \\ge x^2',
  trust: 'proved',
  prove: (audit) => {
    const { steps, error } = structure(audit);
    const method = 'self-similarity';
    if (!error) return undecided(steps, method, 'the layers are not those of the theorem');
    const base = { verdict: 'proved', predicted: null, enclosure: point(Rational.zero), witness: { x: '0' } } as const;
    const all = [...inputSteps(audit.network.nodes, audit.network.inputs[0], UNIT), ...steps];
    return { ...base, steps: all, method, conclusion: () => closed(Rational.zero, error.hi!) };
  },
};

const rate: SquareClaim = {
  id: 'rate',
  kind: 'rate',
  statement: 'the error is 2^(-2m-2) with 7m + 1 parameters: at most 7/2 log2(1/error) of them',
  tex: 'M = 7m + 1 \\le \\tfrac{7}{2} \\log_2 \\frac{1}{\\varepsilon}, \\quad \\varepsilon = 2^{-2m-2}',
  trust: 'proved',
  prove: (audit) => {
    const { steps, error } = structure(audit);
    const method = 'exact comparison of 2^(2M) with error^-7';
    if (!error) return undecided(steps, method, 'the layers are not those of the theorem');
    const { m } = audit.params;
    const M = squareParameters(m);
    const count = proveCount(audit.network, Rational.of(M), 'count', `7 ${m} + 1 = ${M}`);
    const holds = Rational.pow2(2 * M).le(error.hi!.pow(-7));
    const step: Step = {
      id: 'size',
      rule: 'counting',
      statement: `2^(2 ${M}) <= error^-7`,
      verdict: holds ? 'proved' : 'refuted',
      enclosure: null,
    };
    const verdict = overall([count.verdict, step.verdict]);
    return { verdict, predicted: null, enclosure: null, witness: null, steps: [...steps, count, step], method };
  },
};

const theorem: Theorem<typeof parameters, null> = {
  id: 'yarotsky-square',
  summary: 'm layers of two ReLUs interpolate x^2 on 2^m pieces, with error 2^(-2m-2) exactly',
  statement:
    'Let g(x) = 2 min(x, 1-x) and f_m(x) = x - sum_{s=1..m} g^(s)(x)/4^s on [0,1]. Then f_m >= x^2 and ' +
    'max |f_m(x) - x^2| = 2^(-2m-2), attained at x = 2^(-m-1). Depth m, 7m + 1 parameters.',
  source: { paper: 'arXiv:1610.01145', theorem: 'Proposition 2, with its constant', trust: 'proved' },
  parameters,
  construct: ({ m }) => {
    const b = new Builder();
    return { network: b.network({ y: squareNet(b, b.input('x', { coordinate: 1 }), m, OUTPUT) }), design: null };
  },
  claims: [
    error,
    oneSided,
    rate,
    parameterClaim({ statement: '7m + 1', tex: '7m + 1' }, ({ m }) => Rational.of(squareParameters(m))),
    weightClaim({ statement: '4', tex: '4' }, () => Rational.of(4)),
  ],
  rates: [{ quantity: 'error', against: '2^m', exponent: '-2', formula: () => '1/(4*x^2)' }],
};

export default theorem;
