import { type HopDesign, hopNet } from '../../constructions/k-hop.js';
import {
  hopSentence,
  integer,
  optional,
  type ProvedClaim,
  pointerSentence,
  proveHops,
  provePointers,
  Rational,
  rational,
  refuteHops,
  refutePointers,
  roundedTo,
  type Theorem,
  upperBound,
  type ValuesOf,
} from '../../src/index.js';

const parameters = {
  n: integer('number of places, or letters of the text', { min: 2, max: 512 }),
  k: integer('number of hops', { min: 1, max: 4096 }),
  beta: optional(rational('strength of the attention', { above: '0' }), 'ln(3(n - 1)), rounded up'),
  letters: optional(
    integer('size of the alphabet: the input is a text, and hops lead behind earlier occurrences of letters', {
      min: 1,
      max: 512,
    }),
    'the input is the map of pointers',
  ),
  hops: optional(integer('number of hops that are claimed', { min: 1, max: 4096 }), 'k'),
};

type Params = ValuesOf<typeof parameters>;
type Claim = ProvedClaim<Params, HopDesign>;

/** Maps of so many places are also evaluated. */
const EVALUATED = 32;

const error: Claim = {
  id: 'error',
  kind: 'identity',
  statement: 'the output is the matrix of the map applied k times, or the letters k hops away, exactly',
  says: ({ params: { n, k, letters, hops = k } }) =>
    letters === undefined ? pointerSentence('y', n, hops) : hopSentence('y', n, letters, hops),
  prove: ({ network, params: { n, k, letters, hops = k } }) => {
    const [prove, refute] = letters === undefined ? [provePointers, refutePointers] : [proveHops, refuteHops];
    const proved = prove(network, 'y');
    const isShown = proved.kind === 'fact' && k === hops;
    const refuted = !isShown && n <= EVALUATED ? refute(network, 'y', hops) : null;
    return {
      outcomes: refuted ? [proved, refuted] : [proved],
      method: 'powers put together layer by layer, read off the weights',
    };
  },
};

const theorem: Theorem<typeof parameters, HopDesign> = {
  id: 'k-hop',
  summary: 'about log2 k layers follow pointers k times, with zero error',
  statement:
    'For the matrix of any map p of n places, heads with logits beta X and values Y, clipped, put powers of p together exactly ' +
    'when beta >= ln(3(n - 1)): floor(log2 k) squares and the binary digits of k give p^k. Two more layers find the map in a text: ' +
    'from a place behind the latest earlier occurrence of its letter.',
  source: { paper: 'arXiv:2402.09268', theorem: 'k-hop in logarithmic depth', trust: 'proved' },
  parameters,
  construct: ({ n, k, beta, letters = null }) => {
    const others = letters === null ? n - 1 : n;
    const least = () => roundedTo(upperBound('log(3*n)', { n: Rational.of(others) }), 16, 'up');
    const design = { n, k, letters, beta: beta ?? least() };
    return { network: hopNet(design), design };
  },
  claims: [error],
};

export default theorem;
