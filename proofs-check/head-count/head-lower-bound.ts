import { fewHeadsNet } from '../../constructions/few-heads.js';
import { type RetrievalTask, readTask } from '../../constructions/retrieval-task.js';
import {
  type Claim,
  type Conclusion,
  InputError,
  integer,
  isExact,
  type Located,
  optional,
  point,
  Rational,
  rational,
  roundedUp,
  type Step,
  type Theorem,
  text,
  texts,
  toDecimal,
  undecided,
  upperBound,
  type ValuesOf,
  withDefault,
} from '../../src/index.js';
import { findCollision } from './lower-bound/collision.js';
import { certifiedSlope, retrievalText } from './retrieval/certify.js';
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

type LowerClaim = Claim<Params, Design>;

/** Pieces of the feature nets: inputs are drawn from their knots, where the nets are exact. */
const PIECES = 16;

/** The same in numbers. */
function exponentText(T: number, { D, s, n }: Params): string {
  return `(${T}/4 - ${s} - ${D} + 1)/((${n} + 1)*${s} + 1) - 1`;
}

/** A step that is arithmetic alone, and what it says. */
function arithmetic(...relations: Extract<Conclusion, { kind: 'arithmetic' }>['relations']) {
  return { data: () => ({ relations }), conclusion: () => ({ kind: 'arithmetic', relations }) as const };
}

/** k = (T/4 - s - D + 1)/((n + 1) s + 1) - 1. */
function exponent(T: number, { D, s, n }: Params): Rational {
  return Rational.of(T, 4)
    .sub(Rational.of(s + D - 1))
    .div(Rational.of((n + 1) * s + 1))
    .sub(Rational.one);
}

const exponentClaim: LowerClaim = {
  id: 'exponent',
  kind: 'barrier',
  statement: 'the reported bound M = Omega(eps^-k), k = (T/4 - s - D + 1)/((n+1)s + 1) - 1, is not vacuous: k > 0',
  tex: 'M = \\Omega(\\varepsilon^{-k}),\\quad k = \\frac{T/4 - s - D + 1}{(n+1)s + 1} - 1 > 0',
  trust: 'paper',
  prove: ({ params, stated }) => {
    const k = exponent(params.T, params);
    const holds = stated ? stated.le(k) : k.sign() > 0;
    const text = exponentText(params.T, params);
    const { data, conclusion } = arithmetic(stated ? [text, '>=', stated.toString()] : [text, '>', '0']);
    const statement = `k = ${text}`;
    return {
      verdict: holds ? 'proved' : 'refuted',
      statement: stated && `the reported exponent k is at least ${stated}`,
      predicted: stated ?? null,
      enclosure: point(k),
      witness: null,
      steps: [
        {
          id: 'exponent',
          rule: 'arithmetic',
          statement,
          verdict: holds ? 'proved' : 'refuted',
          enclosure: point(k),
          data,
        },
      ],
      conclusion,
      method: 'exact arithmetic on the exponent; the bound itself as the paper reports it',
      facts: [
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

const threshold: LowerClaim = {
  id: 'threshold',
  kind: 'quantity',
  statement: 'k > 0 exactly for T > 4 ((n + 2) s + D)',
  tex: 'k > 0 \\iff T > 4((n+2)s + D)',
  trust: 'proved',
  prove: ({ params, stated }) => {
    const T = leastLength(params);
    const [before, at] = [exponent(T - 1, params), exponent(T, params)];
    const step = (id: string, statement: string, holds: boolean, value: Rational): Step => ({
      id,
      rule: 'arithmetic',
      statement,
      verdict: holds ? 'proved' : 'refuted',
      enclosure: point(value),
    });
    const { data, conclusion } = arithmetic(
      [exponentText(T - 1, params), '=', '0'],
      [exponentText(T, params), '>', '0'],
      ...(stated ? [[`${T}`, '<=', stated.toString()] as const] : []),
    );
    const steps = [
      step('zero', `k = 0 at T = ${T - 1}`, before.isZero(), before),
      { ...step('positive', `k > 0 at T = ${T}, and k rises with T`, at.sign() > 0, at), data },
    ];
    const value = point(Rational.of(T));
    const holds = steps.every(({ verdict }) => verdict === 'proved') && (!stated || value.hi!.le(stated));
    return {
      verdict: holds ? 'proved' : 'refuted',
      statement: stated && `k > 0 for some T of at most ${stated}`,
      predicted: stated ?? value.hi,
      enclosure: value,
      witness: null,
      steps,
      conclusion,
      method: 'exact arithmetic',
    };
  },
};

const collision: LowerClaim = {
  id: 'collision',
  kind: 'barrier',
  statement: 'two inputs whose targets are 3 eps apart force this many units on a readout of these heads',
  tex: "N \\ge \\frac{|H(X) - H(X')| - 2\\varepsilon}{E\\, \\|y(X) - y(X')\\|_\\infty}",
  trust: 'proved',
  prove: ({ network, design: { task }, params, stated }) => {
    const { eps, n, s } = params;
    const method = 'search on doubles; the pair verified in ball arithmetic';
    const found = findCollision(network, task, PIECES, eps.mul(Rational.of(3)));
    if (!found) return undecided([], method, 'no two fillings of the grid have targets 3 eps apart');
    const slope = found.gap.sub(eps.add(eps)).div(found.distance);
    const units = slope.div(Rational.of(n * s));
    const E = Rational.of(n * s);
    const certain = stated?.mul(E) ?? certifiedSlope(slope);
    const evidence = {
      output: 'y',
      inputs: [found.x, found.other].map((x) => ({ x: x.map(String) })),
      target: retrievalText(task),
      eps: eps.toString(),
      slope: certain.toString(),
    };
    const step: Step = {
      id: 'collision',
      rule: 'collision',
      statement: "(|H(X) - H(X')| - 2 eps)/|y(X) - y(X')|",
      verdict: slope.sign() > 0 ? 'proved' : 'undecided',
      enclosure: { lo: slope, hi: null },
      data: () => evidence,
    };
    const k = exponent(params.T, params);
    const predicted =
      k.sign() > 0 ? `eps^-k = ${toDecimal(upperBound('exp(-k*log(eps))', { k, eps }), 4, 'up')}` : 'nothing';
    return {
      verdict: stated ? (stated.le(units) ? 'proved' : 'undecided') : units.sign() > 0 ? 'proved' : 'undecided',
      statement: stated && `a two-layer readout of these heads with weights of at most 1 has at least ${stated} units`,
      predicted: stated ?? null,
      enclosure: { lo: units, hi: null },
      witness: { x: shown(task, found.x), "x'": shown(task, found.other), gap: found.gap.toString() },
      steps: [step],
      conclusion: () => ({ kind: 'collision', ...evidence }),
      method,
      facts: [
        `targets ${toDecimal(found.gap, 4, 'down')} apart, heads at most ${toDecimal(found.distance, 4, 'up')}: slope at least ${toDecimal(slope, 4, 'down')}`,
        `the reported bound asks for ${predicted} up to a constant`,
      ],
    };
  },
};

/** The value on each S_i. */
function shown({ positions }: RetrievalTask, x: readonly Rational[]): string[] {
  return positions.map((S, i) => `S_${i + 1}: ${x[S[0]]}`);
}

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
      params.beta ?? roundedUp(upperBound('4*log(T)/eps', { T: Rational.of(T), eps: params.eps }), SIGNIFICANT_BITS);
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
