import { CONES, DISTANCES, type Extension, extension, mcshaneNet, OFFSETS } from '../../constructions/mcshane-net.js';
import {
  type Approximation,
  type Audit,
  approximation,
  atMost,
  type Claim,
  compile,
  counterexample,
  DomainError,
  exact,
  InputError,
  inputEntry,
  integer,
  isExact,
  lipschitzConstant,
  optional,
  outputFormula,
  parameterClaim,
  parseExpression,
  placed,
  proveMcShane,
  proveSupNorm,
  Rational,
  rational,
  roundedUp,
  type Step,
  supremumNorm,
  type Theorem,
  tensor,
  text,
  toText,
  undecided,
  unitBox,
  type ValuesOf,
  valueBounds,
  variable,
  weightClaim,
  withoutData,
} from '../../src/index.js';

const parameters = {
  F: text('the function on [0,1]^D', 'an expression in z1, ..., zD'),
  D: integer('dimension', { min: 1, max: 6 }),
  N: integer('cells along each axis', { min: 1, max: 4096 }),
  L: optional(rational('slope of the cones', { above: '0' }), "F's Lipschitz constant in the max-norm, rounded up"),
};

type Params = ValuesOf<typeof parameters>;
type McShaneAudit = Audit<Params, Extension>;
type McShaneClaim = Claim<Params, Extension>;

const MOST_CELLS = 1 << 13;
const SIGNIFICANT_BITS = 40;
const ROOM = Rational.pow2(-30);
const METHOD = 'minimum of cones';
const UNIT = { x: ['0', '1'] } as const;
/** Cells up to which the error is also bounded by search, in one dimension and in two. */
const MOST_SEARCHED = [512, 9];
/** Points at which the error is evaluated, for its lower end. */
const MOST_SAMPLED = 9;

function mcshaneRange({ network, design }: McShaneAudit) {
  const names = { offsets: OFFSETS, distances: DISTANCES, cones: CONES };
  return proveMcShane(network, 'y', { ...design, names });
}

/** What is known of the error beside the rule's bound. */
interface Searched {
  readonly step: Step | null;
  readonly lo: Rational;
  readonly hi: Rational | null;
  readonly point: readonly Rational[];
}

/** Both ends by search where that is cheap; otherwise the largest error at some corners of cells. */
function search({ network, design, deadline }: McShaneAudit, bound: Rational): Searched {
  const { F, variables, grid, N } = design;
  if (grid.length <= (MOST_SEARCHED[variables.length - 1] ?? 0)) {
    const formula = outputFormula(network, 'y', variables.map(variable));
    const problem = { formula, target: F, box: unitBox(variables) };
    const { step, supremum } = proveSupNorm(problem, bound, { deadline }, 'search', 'sup |Fhat - F|');
    return { step, lo: supremum.lo, hi: supremum.hi, point: supremum.witness };
  }
  const evaluate = compile(network, exact);
  let best: Searched = { step: null, lo: Rational.zero, hi: null, point: corners(N, variables.length)[0] };
  for (const point of corners(N, variables.length)) {
    const value = evaluate({ x: tensor([variables.length], point) }).y.dense(Rational.zero)[0];
    const { lo, hi } = valueBounds(F, new Map(variables.map((name, d) => [name, point[d]])));
    const least = value.sub(hi).max(lo.sub(value));
    if (best.lo.lt(least)) best = { ...best, lo: least, point };
  }
  return best;
}

/** Corners of cells next to the diagonal and along the first axis. */
function corners(N: number, D: number): Rational[][] {
  const count = Math.min(N, MOST_SAMPLED - 1);
  return Array.from({ length: count + 1 }, (_, i) => Rational.of(Math.round((i * N) / count), N)).flatMap((x) => [
    new Array<Rational>(D).fill(x),
    [x, ...new Array<Rational>(D - 1).fill(Rational.zero)],
  ]);
}

const error: McShaneClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sup over [0,1]^D of |Fhat - F| is at most L/N',
  tex: '\\max_{[0,1]^D} |\\hat F - F| \\le \\frac{L}{N}',
  trust: 'proved',
  prove: (audit) => {
    const { L, N, variables } = audit.design;
    const predicted = audit.stated ?? L.div(Rational.of(N));
    const { steps, error } = mcshaneRange(audit);
    const found = search(audit, predicted);
    const byRule = error ? error.hi!.max(error.lo!.neg()) : null;
    const hi = byRule && found.hi ? byRule.min(found.hi) : (byRule ?? found.hi);
    const enclosure = { lo: found.lo, hi };
    const all: readonly Step[] = found.step ? [...steps, found.step] : steps;
    const verdict = atMost(enclosure, predicted);
    const claim = approximation('y', UNIT, targetText(audit.design), { above: predicted, below: predicted });
    const refutation = counterexample(claim, { x: found.point }, { lo: found.lo, bound: predicted });
    const isByRule = byRule?.le(predicted) ?? false;
    const evidence = isByRule ? coneEvidence(audit, claim) : searchEvidence(audit, claim);
    const proof = verdict === 'proved' ? { steps: [evidence], conclusion: () => claim } : refutation;
    return {
      verdict,
      statement: audit.stated && `sup over [0,1]^D of |Fhat - F| is at most ${audit.stated}`,
      predicted,
      enclosure,
      witness: Object.fromEntries(variables.map((name, d) => [name, found.point[d].toString()])),
      ...proof,
      steps: [...withoutData(all), ...proof.steps],
      method: METHOD,
    };
  },
};

/** F in the entries of the input. */
function targetText({ F, variables }: Extension): string {
  return toText(F).replaceAll(/\bz(\d+)\b/g, (_, k) => inputEntry('x', [variables.length], Number(k) - 1));
}

/** What the checker needs to examine the cones. */
function coneEvidence({ network, design }: McShaneAudit, { domain, target, lo, hi }: Approximation): Step {
  const [node, cones] = [network.outputs[0].node, network.find(CONES)!].map((tensor) => network.nodes.indexOf(tensor));
  const data = { node, cones, domain, cells: design.N, slope: design.L.toString(), target, lo, hi };
  return evidenceStep('cones', 'mcshane', data);
}

/** What the checker needs to bound the difference once more. */
function searchEvidence({ network }: McShaneAudit, { domain, target, lo, hi }: Approximation): Step {
  const node = network.nodes.indexOf(network.outputs[0].node);
  return evidenceStep('bound', supremumNorm.id, { node, domain, entries: '0', target, lo, hi });
}

function evidenceStep(id: string, rule: string, data: Readonly<Record<string, unknown>>): Step {
  const statement = 'the bounds of the output against F';
  return { id: `${id}.output`, rule, statement, verdict: 'proved', enclosure: null, data: () => data };
}

const oneSided: McShaneClaim = {
  id: 'one-sided',
  kind: 'bound',
  statement: 'Fhat is never below F',
  tex: '\\hat F \\ge F',
  trust: 'proved',
  prove: (audit) => {
    const { steps, error } = mcshaneRange(audit);
    if (!error) return undecided(steps, METHOD, 'a hypothesis failed');
    const base = { predicted: null, enclosure: { lo: error.lo, hi: null }, witness: null, method: METHOD };
    if (error.lo!.sign() < 0) return { ...base, verdict: 'undecided', steps };
    const range = { above: error.hi!.add(ROOM), below: Rational.zero };
    const claim = approximation('y', UNIT, targetText(audit.design), range);
    return {
      ...base,
      verdict: 'proved',
      steps: [...withoutData(steps), coneEvidence(audit, claim)],
      conclusion: () => claim,
    };
  },
};

const theorem: Theorem<typeof parameters, Extension> = {
  id: 'mcshane-extension',
  summary: 'a minimum of N^D cones follows a Lipschitz function on [0,1]^D from above, up to L/N',
  statement:
    'Let F on [0,1]^D have Lipschitz constant L in the max-norm and let G be the N^D cell centres. Then Fhat(z) = ' +
    'min over g in G of F(g) + L |z - g| satisfies F <= Fhat <= F + L/N, and it is a ReLU net of size O(D N^D).',
  source: {
    paper: 'E. J. McShane, Bull. AMS 40 (1934)',
    theorem: 'extension of Lipschitz functions, on a grid',
    trust: 'proved',
  },
  parameters,
  construct: ({ F, D, N, L }) => {
    if (N ** D > MOST_CELLS) {
      throw new InputError({ field: 'N', found: `N^D = ${N ** D} cells`, allowed: `at most ${MOST_CELLS}` });
    }
    const variables = Array.from({ length: D }, (_, d) => `z${d + 1}`);
    const design = placed(F.place, () => {
      const expression = parseExpression(F.text, variables);
      return extension(expression, variables, N, L ?? prescribedSlope(expression, variables));
    });
    return { network: mcshaneNet(design), design };
  },
  claims: [
    error,
    oneSided,
    parameterClaim({ statement: '(D + 1) N^D + 1', tex: '(D+1) N^D + 1' }, ({ D, N }) =>
      Rational.of((D + 1) * N ** D + 1),
    ),
    weightClaim({ statement: 'max(1, L, |F|)', tex: '\\max(1, L, |F|)' }, (_, { L, values }) =>
      values.reduce((most, value) => most.max(value.abs()), L.max(Rational.one)),
    ),
  ],
  rates: [
    { quantity: 'error', against: 'N', exponent: '-1', formula: () => 'K/N', constants: ['K'] },
    { quantity: 'parameters', against: 'N', exponent: 'D', formula: ({ D }) => `${D + 1}*N^${D} + 1` },
  ],
};

/** F's Lipschitz constant; a little more, with a short binary form, where rounded values of F need room. */
function prescribedSlope(F: Extension['F'], variables: readonly string[]): Rational {
  const unit = { lo: Rational.zero, hi: Rational.one };
  try {
    const { upper } = lipschitzConstant(F, new Map(variables.map((name) => [name, unit])));
    if (upper.isZero()) return Rational.one;
    return isExact(F) ? upper : roundedUp(upper.mul(Rational.one.add(ROOM)), SIGNIFICANT_BITS);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new InputError({ found: error.message, allowed: 'F with a bounded gradient on [0,1]^D' });
  }
}

export default theorem;
