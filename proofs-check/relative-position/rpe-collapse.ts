import { relativeTransformer } from '../../constructions/relative-transformer.js';
import {
  InputError,
  integer,
  optional,
  type ProvedClaim,
  parseRational,
  placed,
  Rational,
  statedClaim,
  type Theorem,
  texts,
  withDefault,
} from '../../src/index.js';

const flag = (meaning: string) => withDefault(integer(meaning, { min: 0, max: 1 }), '0');

const parameters = {
  n: integer('number of tokens', { min: 2, max: 64 }),
  d: withDefault(integer('width', { min: 1, max: 16 }), '2'),
  depth: withDefault(integer('number of layers', { min: 1, max: 16 }), '2'),
  H: withDefault(integer('number of heads of a layer', { min: 1, max: 8 }), '1'),
  bias: optional(
    texts('relative bias b_(i-j) for i - j from -(n-1) to n - 1', 'a list of 2 n - 1 numbers'),
    'drawn from the seed',
  ),
  mask: flag('1 for a causal mask'),
  start: flag('1 for a start token in front: the tokens are not all equal any more'),
};

type Collapse = ProvedClaim<{ readonly n: number; readonly start: number; readonly d: number }, null>;

const domain = (d: number) => (d === 1 ? 'for all c in [0, 1]' : `for all c in [0, 1]^${d}`);

const rows: Collapse = statedClaim(
  'rows',
  'for n equal tokens all rows of the output are equal, whatever the bias, the mask, the width and the depth',
  ({ params: { n, d } }) => `${domain(d)}: max_{i in 1..${n}}(|y[i, 1] - y[1, 1]|) <= 0`,
);

const error: Collapse = statedClaim(
  'error',
  'a target with rows i/n is missed by at least (1 - 1/n)/2, half its oscillation',
  ({ params: { n, d } }) => `${domain(d)}: max_{i in 1..${n}}(|y[i, 1] - i/${n}|) >= ${Rational.of(n - 1, 2 * n)}`,
  ({ start }) => start === 0,
);

const theorem: Theorem<typeof parameters, null> = {
  id: 'rpe-collapse',
  summary: 'a transformer whose positions are a relative bias inside the softmax cannot tell equal tokens apart',
  statement:
    'Softmax attention is right-stochastic: A 1 = 1. For n equal tokens every layer X + sum_h A_h X W_h + FFN keeps all rows equal, for ' +
    'every bias, mask, width, number of heads and depth. A target with rows f_i then has an error of at least half of max f - min f.',
  source: {
    paper: 'arXiv:2205.13401',
    theorem: 'relative positional encoding alone is not universal',
    trust: 'proved',
  },
  parameters,
  construct: ({ n, d, depth, H, bias, mask, start }, { seed }) => {
    if (bias && bias.length !== 2 * n - 1)
      throw new InputError({ field: 'bias', found: `${bias.length} numbers`, allowed: `2 n - 1 = ${2 * n - 1}` });
    const settings = {
      n,
      d,
      depth,
      heads: H,
      bias: bias?.map(({ text, place }) => placed(place, () => parseRational(text))),
      isCausal: mask === 1,
      hasStart: start === 1,
    };
    return { network: relativeTransformer(settings, seed), design: null };
  },
  claims: [rows, error],
};

export default theorem;
