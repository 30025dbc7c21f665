import { type InductionDesign, inductionNet, inductionParameters } from '../../constructions/induction.js';
import {
  atMost,
  type Claim,
  integer,
  type Network,
  optional,
  parameterClaim,
  Rational,
  rational,
  roundedUp,
  type Step,
  type Theorem,
  toDecimal,
  undecided,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
import { proveMargin } from './induction/margin.js';
import { executionOn, worstSequence } from './induction/sequences.js';

const strength = (meaning: string, prescription: string) =>
  optional(rational(meaning, { above: '0' }), `${prescription}, rounded up`);

const parameters = {
  n: integer('length of the sequence', { min: 2, max: 1024 }),
  m: integer('number of symbols', { min: 2, max: 64 }),
  b1: strength('strength of layer 1', 'L/(1 - cos(2 pi/(n+1))), L = ln(32 n^2/min(1, 1 - cos(2 pi/m)))'),
  b2: strength('strength of the match in layer 2', '2 b3/min(1, 1 - cos(2 pi/m))'),
  b3: strength('strength of the position in layer 2', 'n L'),
};

type Params = ValuesOf<typeof parameters>;
type InductionClaim = Claim<Params, InductionDesign>;

const METHOD = 'gaps of inner products on the built codes, exactly and in outward-rounded doubles';
/** Sequences up to this length are also evaluated. */
const EVALUATED = 256;
const MARGIN_BITS = 24;

/** The step that a checker redoes from the weights, and what it says. */
function certified(network: Network, bound: { readonly margin: string } | { readonly absent: string }) {
  const [before, answer] = ['before', 'answer'].map((name) => network.nodes.findIndex((node) => node.name === name));
  const step: Step = {
    id: 'continuation',
    rule: 'induction-head',
    statement: 'all of this together',
    verdict: 'proved',
    enclosure: null,
    data: () => ({ output: 'y', before, answer, ...bound }),
  };
  return { step, conclusion: () => ({ kind: 'continuation', output: 'y', ...bound }) as const };
}

const error: InductionClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'the symbol that followed the latest earlier occurrence of the last one has the largest score, always',
  tex: '\\min_\\sigma \\big(y_{a(\\sigma)} - \\max_{s \\ne a(\\sigma)} y_s\\big) > 0',
  trust: 'proved',
  prove: ({ network, params, stated, progress, seed }) => {
    progress('comparing all pairs of positions');
    const found = proveMargin(network, params.n);
    if (!found.margin) return undecided(found.steps, METHOD, 'a step failed');
    const { margin, stray } = found;
    const tried = params.n <= EVALUATED ? worstSequence(network, params, seed) : null;
    const hi = tried?.margin ?? null;
    const holds = stated ? stated.le(margin) : margin.sign() > 0;
    const shown = stated ?? (margin.sign() > 0 ? roundedUp(margin.inverse(), MARGIN_BITS).inverse() : margin);
    const { step, conclusion } = certified(network, { margin: shown.toString() });
    const fails = hi && (stated ? hi.lt(stated) : hi.sign() <= 0);
    return {
      verdict: holds ? 'proved' : fails ? 'refuted' : 'undecided',
      statement: stated && `the right score is above all others by at least ${stated}`,
      predicted: stated ?? null,
      enclosure: { lo: margin, hi },
      witness: tried && { sequence: tried.symbols.join(' '), margin: toDecimal(tried.margin, 12, 'up') },
      steps: [...found.steps, step],
      conclusion,
      method: METHOD,
      facts: [
        `the right score is above all others by at least ${toDecimal(margin, 6, 'down')}`,
        `at most ${toDecimal(stray, 3, 'up')} of the attention of layer 2 goes astray`,
      ],
    };
  },
};

const absent: InductionClaim = {
  id: 'absent',
  kind: 'bound',
  statement: 'where the last symbol did not occur before, the start token is returned: all |scores| are at most this',
  tex: '\\max_s |y_s| \\le \\mu \\max_{a,s} |\\langle c_a, c_s\\rangle|',
  trust: 'proved',
  prove: ({ network, params, stated }) => {
    const found = proveMargin(network, params.n);
    if (!found.margin) return undecided(found.steps, METHOD, 'a step failed');
    const enclosure = { lo: Rational.zero, hi: found.absent };
    const bound = stated ?? found.margin.div(Rational.of(2));
    const shown = stated ?? roundedUp(found.absent, MARGIN_BITS);
    const { step, conclusion } = certified(network, { absent: shown.toString() });
    return {
      verdict: atMost({ lo: null, hi: found.absent }, bound),
      statement: stated
        ? `all |scores| are at most ${stated}`
        : 'all |scores| are below half the margin: it can be told apart',
      predicted: bound,
      enclosure,
      witness: null,
      steps: [...found.steps, step],
      conclusion,
      method: METHOD,
    };
  },
};

const theorem: Theorem<typeof parameters, InductionDesign> = {
  id: 'induction-heads',
  summary:
    'two layers of one head each continue a text of n symbols as it went on before, in dimension 7, without error',
  statement:
    'For every sequence of n symbols out of m, behind a start token: the output of the last token scores highest, among ' +
    'all symbols, the one that followed the latest earlier occurrence of the last symbol. Where there is none the start ' +
    'token is returned: all scores are near 0. Residual dimension 7, 16 weights beside the codes; logits of size O(n^2 ' +
    'log n), so O(log n) bits suffice. One layer needs heads x dimension x bits = Omega(n), as reported in ' +
    'arXiv:2408.14332.',
  source: { paper: 'arXiv:2408.14332', theorem: 'induction heads, explicit weights', trust: 'proved' },
  parameters,
  construct: (params) => inductionNet(params),
  claims: [
    error,
    absent,
    parameterClaim({ statement: '16 + the nonzero entries of the codes, twice', tex: '16 + 2 |C|_0' }, ({ m }) =>
      Rational.of(inductionParameters(m)),
    ),
    weightClaim({ statement: 'the larger of b_1 and b_2', tex: '\\max(b_1, b_2)' }, (_, { b1, b2, b3 }) =>
      b1.max(b2).max(b3),
    ),
    executionOn,
  ],
};

export default theorem;
