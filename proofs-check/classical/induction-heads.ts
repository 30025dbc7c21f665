import { type InductionDesign, inductionNet, inductionParameters } from '../../constructions/induction.js';
import {
  absentSentence,
  integer,
  marginSentence,
  optional,
  type ProvedClaim,
  parameterClaim,
  proveContinuation,
  proveMarginAt,
  Rational,
  rational,
  type Theorem,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
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
type Outcomes = ReturnType<typeof proveContinuation>;
type InductionClaim = ProvedClaim<Params, InductionDesign, Outcomes>;

const METHOD = 'gaps of inner products on the built codes, exactly and in outward-rounded doubles';
/** Sequences up to this length are also evaluated. */
const EVALUATED = 256;

const error: InductionClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'the symbol that followed the latest earlier occurrence of the last one has the largest score, always',
  limit: () => Rational.zero,
  says: ({ stated }, bound) => marginSentence('y', bound, stated === undefined),
  prove: ({ network, params, seed, examined }) => {
    const tried = params.n <= EVALUATED ? worstSequence(network, params, seed) : null;
    const witness = tried ? proveMarginAt(network, 'y', tried, params.m) : [];
    return { outcomes: [...examined, ...witness], method: METHOD };
  },
};

const absent: InductionClaim = {
  id: 'absent',
  kind: 'bound',
  statement:
    'where the last symbol did not occur before, the start token is returned: all |scores| are below half the margin',
  limit: ({ examined }) => marginOf(examined)?.div(Rational.of(2)) ?? null,
  says: (_, bound) => absentSentence('y', bound),
  prove: ({ examined }) => ({ outcomes: examined, method: METHOD }),
};

/** The margin that was proved: what is far below it can be told apart. */
function marginOf(outcomes: Outcomes): Rational | null {
  return outcomes.find(({ id }) => id === 'margin')?.enclosure?.lo ?? null;
}

const theorem: Theorem<typeof parameters, InductionDesign, Outcomes> = {
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
  examine: ({ network, progress }) => {
    progress('comparing all pairs of positions');
    return proveContinuation(network, 'y', { before: 'before', answer: 'answer' });
  },
  claims: [
    error,
    absent,
    parameterClaim('16 + the nonzero entries of the codes, twice', ({ m }) => Rational.of(inductionParameters(m))),
    weightClaim('the larger of b_1 and b_2', (_, { b1, b2, b3 }) => b1.max(b2).max(b3)),
    executionOn,
  ],
};

export default theorem;
