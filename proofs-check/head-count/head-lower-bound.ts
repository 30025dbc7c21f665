import { fewHeadsNet } from '../../constructions/few-heads.js';
import { type RetrievalTask, readTask } from '../../constructions/retrieval-task.js';
import {
  type CollisionTarget,
  InputError,
  integer,
  isExact,
  type Located,
  numberSentence,
  optional,
  type ProvedClaim,
  proveArithmetic,
  proveCollision,
  proveNumber,
  Rational,
  rational,
  readoutSentence,
  relationsText,
  roundedTo,
  type Theorem,
  text,
  texts,
  toDecimal,
  upperBound,
  type ValuesOf,
  withDefault,
} from '../../src/index.js';
import { findCollisions } from './lower-bound/collision.js';
import { checkRanges, paperHypotheses } from './retrieval/hypotheses.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 1024 }),
  D: integer('number of features', { min: 2, max: 16 }),
  s: integer('number of heads, fewer than D', { min: 1, max: 15 }),
  n: integer('dimension of a head', { min: 1, max: 256 }),
  eps: withDefault(rational('error allowed', { above: '0', atMost: '1' }), '1/100'),
  beta: optional(
    rational('inverse temperature of the attention that is examined', { above: '0' }),
    '4 ln(T)/eps, rounded up',
  ),
  features: optional(
    texts('f_1, ..., f_D', 'a list of D expressions in x1, rational at rational points'),
    '(x1 - i/(D+1))^2',
  ),
  positions: optional(texts('S_1, ..., S_D', 'a list of D position sets'), 'D blocks of equal length'),
  readout: optional(text('F_0', 'an expression in z1, ..., zD, rational at rational points'), 'z1 + ... + zD'),
};

type Params = ValuesOf<typeof parameters>;

interface Design {
  readonly task: RetrievalTask;
  readonly beta: Rational;
}

type LowerClaim = ProvedClaim<Params, Design>;

/** Pieces of the feature nets: inputs are drawn from their knots, where the nets are exact. */
const PIECES = 16;

/** k = (T/4 - s - D + 1)/((n + 1) s + 1) - 1. */
function exponentText(T: number, { D, s, n }: Params): string {
  return `(${T}/4 - ${s} - ${D} + 1)/((${n} + 1)*${s} + 1) - 1`;
}

const exponentClaim: LowerClaim = {
  id: 'exponent',
  kind: 'barrier',
  statement: 'the reported bound M = Omega(eps^-k), k = (T/4 - s - D + 1)/((n+1)s + 1) - 1, is not vacuous: k > 0',
  trust: 'paper',
  limit: () => Rational.zero,
  says: ({ params, stated }, bound) =>
    numberSentence(exponentText(params.T, params), { lo: bound, strict: stated === undefined }),
  prove: ({ params }) => {
    const fact = proveNumber(exponentText(params.T, params));
    const k = fact.found;
    return {
      outcomes: [fact],
      method: 'exact arithmetic on the exponent; the bound itself as the paper reports it',
      notes: [
        `as reported (paper): M = Omega(eps^-k) with k = ${k}${k.sign() > 0 ? '' : ': vacuous'}`,
        `k is positive from T = ${leastLength(params)} on`,
      ],
    };
  },
};

/** k > 0 says T/4 > (n + 2) s + D. */
function leastLength({ n, s, D }: Params): number {
  return 4 * ((n + 2) * s + D) + 1;
}

/** k is 0 one token earlier and positive from there on, as it rises with T. */
const threshold: LowerClaim = {
  id: 'threshold',
  kind: 'quantity',
  statement: 'k > 0 exactly for T > 4 ((n + 2) s + D)',
  limit: ({ params }) => Rational.of(leastLength(params)),
  says: ({ params }, bound) => relationsText(thresholdRelations(params, bound)),
  prove: ({ params, bound }) => ({
    outcomes: [proveArithmetic(thresholdRelations(params, bound))],
    method: 'exact arithmetic',
  }),
};

function thresholdRelations(params: Params, bound: Rational | null) {
  const T = leastLength(params);
  return [
    [`${T}`, '<=', `${bound}`],
    [exponentText(T - 1, params), '=', '0'],
    [exponentText(T, params), '>', '0'],
  ] as const;
}

function targetOf({ features, positions, readout }: RetrievalTask): CollisionTarget {
  return { kind: 'retrieval', features, positions, readout };
}

const collision: LowerClaim = {
  id: 'collision',
  kind: 'barrier',
  statement: 'two inputs whose targets are 3 eps apart force this many units on a readout of these heads',
  limit: () => Rational.zero,
  says: ({ design: { task }, params: { eps }, stated }, bound) =>
    readoutSentence('y', targetOf(task), eps, 'units', bound, stated === undefined),
  prove: ({ network, design: { task }, params }) => {
    const { eps } = params;
    const method = 'search on doubles; the pair verified in ball arithmetic';
    const target = targetOf(task);
    const tried = findCollisions(network, task, target, PIECES, eps.mul(Rational.of(3))).map((pair) => ({
      pair,
      outcomes: proveCollision(network, 'y', target, eps, pair),
    }));
    if (tried.length === 0)
      return { outcomes: [], method, notes: ['no two fillings of the grid have targets 3 eps apart'] };
    const slopeOf = ({ outcomes: [first] }: (typeof tried)[number]) => first.enclosure?.lo ?? Rational.zero;
    const best = tried.reduce((most, next) => (slopeOf(most).lt(slopeOf(next)) ? next : most));
    const [first] = best.outcomes;
    const k = proveNumber(exponentText(params.T, params)).found;
    const predicted =
      k.sign() > 0 ? `eps^-k = ${toDecimal(upperBound('exp(-k*log(eps))', { k, eps }), 4, 'up')}` : 'nothing';
    const forced = first.kind === 'fact' ? first.found : null;
    return {
      outcomes: best.outcomes,
      method,
      notes: [
        ...(forced
          ? [
              `targets ${toDecimal(forced.gap, 4, 'down')} apart, heads at most ${toDecimal(forced.distance, 4, 'up')}: slope at least ${toDecimal(forced.slope, 4, 'down')}`,
            ]
          : []),
        `the reported bound asks for ${predicted} up to a constant`,
      ],
    };
  },
};

const theorem: Theorem<typeof parameters, Design> = {
  id: 'head-lower-bound',
  summary:
    'with s < D heads of dimension n the paper reports M = Omega(eps^-k); the exponent, its vacuity and a collision',
  statement:
    'With s < D heads of dimension n and feed-forward weights of at most 1 the paper reports M = Omega(eps^-k) with k = ' +
    '(T/4 - s - D + 1)/((n+1)s + 1) - 1. The audit says where k > 0, and shows the mechanism on one attention with s ' +
    'heads: two inputs whose targets are 3 eps apart and whose head outputs nearly agree, so that a two-layer readout ' +
    'needs at least (gap - 2 eps)/(E distance) units.',
  source: { paper: 'arXiv:2510.06662', theorem: 'Theorem 2 (2), as reported', trust: 'paper' },
  parameters,
  construct: (params) => {
    const { T, D, s, n } = params;
    if (s >= D)
      throw new InputError({ field: 's', found: `${s} heads for ${D} features`, allowed: 'fewer heads than features' });
    if (T < D) throw new InputError({ field: 'T', found: `${T} tokens for ${D} sets`, allowed: 'at least D tokens' });
    const given = { features: params.features, positions: params.positions, readout: params.readout };
    const texts = { ...defaults(T, D), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) };
    if (texts.features.length !== D)
      throw new InputError({ field: 'features', found: `${texts.features.length} features`, allowed: `D = ${D}` });
    const task = readTask({ T, d: 1 }, texts);
    checkRational(task, texts);
    checkRanges(task, texts.features);
    const beta =
      params.beta ??
      roundedTo(upperBound('4*log(T)/eps', { T: Rational.of(T), eps: params.eps }), SIGNIFICANT_BITS, 'up');
    return { network: fewHeadsNet(task, { s, n, beta, pieces: PIECES }), design: { task, beta } };
  },
  claims: [exponentClaim, threshold, collision],
  hypotheses: (_, { task }) => paperHypotheses(task),
};

/** The search compares targets exactly. */
function checkRational(
  { features, readout }: RetrievalTask,
  texts: { features: readonly Located[]; readout: Located },
) {
  [...features, readout].forEach((expression, i) => {
    const { text, place } = texts.features[i] ?? texts.readout;
    if (!isExact(expression))
      throw new InputError({ ...place, found: text, allowed: 'expressions that are rational at rational points' });
  });
}

const SIGNIFICANT_BITS = 24;

function defaults(T: number, D: number) {
  const located = (text: string, field: string): Located => ({ kind: 'text', text, place: { field } });
  const block = (i: number) => Math.floor((i * T) / D);
  const indices = Array.from({ length: D }, (_, i) => i);
  return {
    features: indices.map((i) => located(`(x1 - ${i + 1}/${D + 1})^2`, 'features')),
    positions: indices.map((i) => located(`${block(i) + 1}..${block(i + 1)}`, 'positions')),
    readout: located(indices.map((i) => `z${i + 1}`).join(' + '), 'readout'),
  };
}

export default theorem;
