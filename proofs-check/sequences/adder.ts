import { ADDER_PARAMETERS, type AdderDesign, adderNet } from '../../constructions/adder.js';
import {
  type Count,
  countSentence,
  type Generation,
  generationSentence,
  integer,
  leadSentence,
  optional,
  type ProvedClaim,
  parameterClaim,
  proveCount,
  proveGeneration,
  Rational,
  rational,
  statedClaim,
  type Theorem,
  type ValuesOf,
} from '../../src/index.js';

const parameters = {
  n: integer('digits of each number', { min: 1, max: 16 }),
  beta: optional(
    rational('strength of the attention', { above: '0' }),
    'ln(1200 (n + 1))/(1 - cos(2 pi/(n + 1))), rounded up',
  ),
  saved: optional(integer('how many ways to save parameters are used', { min: 0, max: 6 }), '0'),
};

type Params = ValuesOf<typeof parameters>;
type Outcomes = ReturnType<typeof proveGeneration>;
type AdderClaim = ProvedClaim<Params, AdderDesign, Outcomes>;

/** start a_1 ... a_n + b_1 ... b_n =, digits least significant first, is continued by the digits of a + b. */
function task({ n }: Params): Generation {
  const carry = `carry(s[2..t], s[${n + 3}..${n + 1}+t])`;
  return {
    variable: 's',
    prompts: `{12} x {0..9}^${n} x {10} x {0..9}^${n} x {11}`,
    output: 'logits',
    text: [
      { places: `1..${n}`, token: `mod(s[t+1] + s[${n + 2}+t] + ${carry}, 10)` },
      { places: `${n + 1}`, token: carry },
    ],
  };
}

const METHOD =
  'dynamic programming over the digits, classes of sequences in outward-rounded doubles, and induction over the text';

const sum: AdderClaim = {
  id: 'sum',
  kind: 'identity',
  statement: 'the text behind every two numbers of n digits is their sum',
  says: ({ params }) => generationSentence(task(params)),
  prove: ({ examined }) => ({ outcomes: examined, method: METHOD }),
};

const lead: AdderClaim = {
  id: 'lead',
  kind: 'quantity',
  statement: 'how far the right token leads over all others, at least',
  limit: () => null,
  says: ({ params }, bound) => leadSentence(task(params), bound),
  prove: ({ examined }) => ({ outcomes: examined, method: METHOD }),
};

/** What onnxruntime may compute on a CPU, whatever the order of its sums. */
const FLOAT32 = { provider: 'cpu', dtype: 'float32' } as const;

const executed: AdderClaim = {
  id: 'float32',
  kind: 'identity',
  statement: 'the same when the network is executed in float32',
  says: ({ params }) => generationSentence({ ...task(params), execution: FLOAT32 }),
  prove: ({ network, params, deadline, progress }) => ({
    outcomes: proveGeneration(network, { ...task(params), execution: FLOAT32 }, { deadline, progress }),
    method: `${METHOD}, with bounds of all roundings`,
  }),
};

const counted = (id: Count, statement: string): AdderClaim => ({
  id,
  kind: 'quantity',
  statement,
  limit: () => null,
  says: (_, value) => countSentence(id, value),
  prove: ({ network }) => ({ outcomes: [proveCount(network, id)], method: 'counting' }),
});

const theorem: Theorem<typeof parameters, AdderDesign, Outcomes> = {
  id: 'adder',
  summary: 'a transformer with one layer of two heads adds all pairs of numbers of n digits, without error',
  statement:
    'Numbers of n digits, least significant digit first, in a text: start a + b = sum. A causal transformer with one layer of ' +
    'two heads with a rotary code of period n + 1 and two layers of two ReLUs writes the n + 1 digits of the sum, token by ' +
    'token, for each of the 10^(2n) pairs.',
  source: { paper: 'docs/sequences.md', theorem: 'the adder, explicit weights', trust: 'proved' },
  parameters,
  construct: (params) => adderNet(params),
  examine: ({ network, params, deadline, progress }) => proveGeneration(network, task(params), { deadline, progress }),
  claims: [
    sum,
    lead,
    executed,
    parameterClaim('57 (7 with all savings), whatever n is,', ({ saved = 0 }) => Rational.of(ADDER_PARAMETERS[saved])),
    statedClaim('nonzero', 'weights other than 0', () => 'nonzero <= ?'),
    counted('distinct', 'different weights'),
    counted('structural', 'numbers of position codes and masks'),
  ],
};

export default theorem;
