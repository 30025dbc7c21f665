import { sawtooth, toothName } from '../../constructions/tooth-net.js';
import {
  type Audit,
  Builder,
  barrierInL1,
  type Claim,
  distanceInL1,
  InputError,
  integer,
  type Knot,
  knotsOf,
  optional,
  parameterClaim,
  parseExpression,
  placed,
  point,
  proveTeeth,
  Rational,
  type Step,
  sawtoothBarrier,
  type Theorem,
  text,
  undecided,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  k: integer('depth of the sawtooth', { min: 1, max: 256 }),
  N: integer('units of a competing net with one hidden layer', { min: 0, max: 10 ** 9 }),
  phi: optional(text('a competitor', 'a piecewise linear expression in x'), 'the constant 1/2'),
};

/** The exact knots of the competitor over [0, 1]. */
interface Design {
  readonly phi: readonly Knot[];
}

type Params = ValuesOf<typeof parameters>;
type SawtoothClaim = Claim<Params, Design>;

/** Depth up to which the distance to a given competitor is integrated tooth by tooth. */
const DEEPEST_INTEGRAL = 14;
const METHOD = 'layers compared with the tooth; counting of breakpoints';

function teeth({ network, params: { k } }: Audit<Params, Design>): readonly Step[] {
  const output = network.outputs.find(({ name }) => name === 'y')?.node.name ?? 'y';
  const hidden = Array.from({ length: k - 1 }, (_, s) => toothName('y', s + 1));
  return proveTeeth(network, [network.inputs[0]?.name ?? 'x', ...hidden, output]);
}

/** The closed statement that the output is the sawtooth, and how far nets with one hidden layer are from it. */
function proof(
  { network, params: { N } }: Audit<Params, Design>,
  steps: readonly Step[],
  barrier?: { readonly norm: 'L1' | 'sup'; readonly distance: Rational },
) {
  const { name, node } = network.outputs.find((output) => output.name === 'y')!;
  const tensors = [network.inputs[0], ...steps.flatMap(({ id }) => network.find(id) ?? [])];
  const layers = [...new Set([...tensors, node])].map((tensor) => network.nodes.indexOf(tensor));
  const bound = barrier && { norm: barrier.norm, breakpoints: N, distance: barrier.distance.toString() };
  const fields = { output: name, ...bound };
  const statement = 'the layers are teeth of each other';
  const rule = { id: 'layers', rule: 'sawtooth', verdict: 'proved', enclosure: null } as const;
  const step: Step = { ...rule, statement, data: () => ({ output: name, layers, ...bound }) };
  const conclusion = () => ({ kind: 'sawtooth' as const, depth: layers.length - 1, ...fields });
  return { steps: [...steps, step], conclusion };
}

function holds(steps: readonly Step[]): boolean {
  return steps.every(({ verdict }) => verdict === 'proved');
}

const sawtoothClaim: SawtoothClaim = {
  id: 'sawtooth',
  kind: 'identity',
  statement: 'the output is g^(k) exactly: 2^(k-1) teeth with k layers of two ReLUs',
  tex: 'y = g^{(k)}',
  trust: 'proved',
  prove: (audit) => {
    const steps = teeth(audit);
    const base = { predicted: Rational.zero, witness: null, method: METHOD };
    if (!holds(steps)) return { ...base, verdict: 'undecided', enclosure: null, steps };
    return { ...base, verdict: 'proved', enclosure: point(Rational.zero), ...proof(audit, steps) };
  },
};

const error: SawtoothClaim = {
  id: 'error',
  kind: 'barrier',
  statement: 'every net with one hidden layer of N ReLUs is at least (1 - N/2^(k-1))/4 away in L1',
  tex: '\\inf_\\varphi \\|g^{(k)} - \\varphi\\|_{L^1[0,1]} \\ge \\frac14 \\Big(1 - \\frac{N}{2^{k-1}}\\Big)',
  trust: 'proved',
  prove: (audit) => {
    const { k, N } = audit.params;
    const steps = teeth(audit);
    if (!holds(steps)) return undecided(steps, METHOD, 'the network is not the sawtooth');
    const lo = barrierInL1(k, N);
    const predicted = audit.stated ?? lo;
    const { distance, competitor } = nearest(audit);
    const all = [...steps, { ...barrierStep('L1 distance of every such net'), enclosure: { lo, hi: null } }];
    return {
      verdict: predicted.le(lo) ? 'proved' : distance.lt(predicted) ? 'refuted' : 'undecided',
      statement: audit.stated && `every net with one hidden layer of ${N} ReLUs is at least ${audit.stated} away in L1`,
      predicted,
      enclosure: { lo, hi: distance },
      witness: { phi: competitor, distance: distance.toString() },
      ...(predicted.le(lo) ? proof(audit, all, { norm: 'L1', distance: predicted }) : { steps: all }),
      method: METHOD,
      facts:
        k < 2 ? [] : [`${2 * k} ReLUs in ${k} layers against more than 2^${k - 2} in one, for a distance below 1/8`],
    };
  },
};

/** The nearest known net of N units: the constant 1/2, at distance 1/4, or the given one. */
function nearest({ params: { k, N, phi }, design }: Audit<Params, Design>) {
  const constant = { distance: Rational.of(1, 4), competitor: '1/2' };
  const isSmall = design.phi.length - 1 <= N;
  if (!phi || !isSmall || k > DEEPEST_INTEGRAL) return constant;
  const distance = distanceInL1(k, design.phi);
  return distance.lt(constant.distance) ? { distance, competitor: phi.text } : constant;
}

function barrierStep(statement: string): Step {
  return { id: 'barrier', rule: sawtoothBarrier.id, statement, verdict: 'proved', enclosure: null };
}

const uniform: SawtoothClaim = {
  id: 'uniform',
  kind: 'barrier',
  statement: 'every net with one hidden layer of N < 2^(k-1) ReLUs is at least 1/2 away in the sup norm',
  tex: '\\inf_\\varphi \\max_{[0,1]} |g^{(k)} - \\varphi| = \\tfrac12',
  trust: 'proved',
  applies: ({ k, N }) => Rational.of(N).lt(Rational.pow2(k - 1)),
  prove: (audit) => {
    const steps = teeth(audit);
    if (!holds(steps)) return undecided(steps, METHOD, 'the network is not the sawtooth');
    const half = Rational.of(1, 2);
    const all = [...steps, barrierStep('sup distance of every such net')];
    const predicted = audit.stated ?? half;
    return {
      verdict: predicted.le(half) ? 'proved' : 'refuted',
      predicted,
      enclosure: point(half),
      witness: { phi: '1/2' },
      ...(predicted.le(half) ? proof(audit, all, { norm: 'sup', distance: predicted }) : { steps: all }),
      method: METHOD,
    };
  },
};

const theorem: Theorem<typeof parameters, Design> = {
  id: 'telgarsky-sawtooth',
  summary: 'k layers of two ReLUs make 2^(k-1) teeth that one hidden layer of N ReLUs misses by (1 - N/2^(k-1))/4',
  statement:
    'The k-fold iterate g^(k) of g(x) = 2 min(x, 1-x) is computed exactly by k layers of two ReLUs. Every net phi with one ' +
    'hidden layer of N ReLUs has L1 distance at least (1 - N/2^(k-1))/4 from it, and sup distance at least 1/2 when ' +
    'N < 2^(k-1).',
  source: {
    paper: 'arXiv:1509.08101',
    theorem: 'Theorem 1.1, with sharp constants for one hidden layer',
    trust: 'proved',
  },
  parameters,
  construct: ({ k, phi }) => {
    const b = new Builder();
    const layers = sawtooth(b, b.input('x', { coordinate: 1 }), k, 'y');
    return { network: b.network({ y: layers[k - 1] }), design: { phi: readCompetitor(phi) } };
  },
  claims: [
    sawtoothClaim,
    error,
    uniform,
    parameterClaim({ statement: '6k', tex: '6k' }, ({ k }) => Rational.of(6 * k)),
    weightClaim({ statement: '4', tex: '4' }, () => Rational.of(4)),
  ],
};

function readCompetitor(phi: Params['phi']): readonly Knot[] {
  if (!phi) return [];
  return placed(phi.place, () => {
    const knots = knotsOf(parseExpression(phi.text, ['x']), 'x', Rational.zero, Rational.one);
    if (!knots) throw new InputError({ found: phi.text, allowed: 'a piecewise linear expression in x' });
    return knots;
  });
}

export default theorem;
