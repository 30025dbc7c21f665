import { type AutomatonDesign, automatonNet } from '../../constructions/automaton.js';
import {
  InputError,
  integer,
  lehmer,
  optional,
  type ProvedClaim,
  placed,
  proveScan,
  quote,
  Rational,
  rational,
  refuteScan,
  roundedTo,
  scanSentence,
  type Theorem,
  texts,
  upperBound,
  type ValuesOf,
} from '../../src/index.js';

const parameters = {
  T: integer('number of tokens, the start token included', { min: 2, max: 1024 }),
  states: integer('number of states', { min: 1, max: 8 }),
  symbols: integer('number of letters', { min: 1, max: 64 }),
  table: optional(
    texts('the automaton', 'a row of next states, counted from 1, for each letter: ["2, 1, 3", ...]'),
    'drawn at random',
  ),
  start: optional(integer('the state at the start', { min: 1, max: 8 }), '1'),
  beta: optional(rational('strength of the attention', { above: '0' }), 'ln(7(T - 1)), rounded up'),
  depth: optional(integer('number of layers', { min: 1, max: 10 }), 'ceil(log2 T)'),
};

type Params = ValuesOf<typeof parameters>;
type Claim = ProvedClaim<Params, AutomatonDesign>;

/** Sequences up to this length are also evaluated. */
const EVALUATED = 64;

/** The letters' maps, from 0; the start token's is the identity. */
function tableOf({ states, symbols, table }: Params, seed: number): number[][] {
  const identity = Array.from({ length: states }, (_, q) => q);
  const random = lehmer(seed + 1);
  const drawn = () => identity.map(() => Math.min(states - 1, Math.floor(random() * states)));
  if (!table) return [identity, ...Array.from({ length: symbols }, drawn)];
  const allowed = `${symbols} rows of ${states} numbers from 1 to ${states}`;
  if (table.length !== symbols) throw new InputError({ field: 'table', found: `${table.length} rows`, allowed });
  const rows = table.map(({ text, place }) =>
    placed(place, () => {
      const row = text.split(',').map((cell) => Number(cell) - 1);
      const isMap = row.length === states && row.every((q) => Number.isInteger(q) && q >= 0 && q < states);
      if (!isMap) throw new InputError({ found: quote(text), allowed });
      return row;
    }),
  );
  return [identity, ...rows];
}

const error: Claim = {
  id: 'error',
  kind: 'identity',
  statement: 'every token holds the state after its letter, exactly',
  says: ({ design: { T, table, start } }) => scanSentence('y', T, table, start),
  prove: ({ network, design }) => {
    const proved = proveScan(network, 'y');
    const refuted = proved.kind === 'open' && design.T <= EVALUATED ? refuteScan(network, 'y', design) : null;
    return {
      outcomes: refuted ? [proved, refuted] : [proved],
      method: 'maps composed layer by layer, read off the weights',
    };
  },
};

const theorem: Theorem<typeof parameters, AutomatonDesign> = {
  id: 'automaton-log-depth',
  summary: 'ceil(log2 T) layers run any automaton on T tokens, with zero error at every position',
  statement:
    'For every automaton, given as a table, ceil(log2 T) layers of one head each with |Q|^2 channels and |Q|^3 pairs of ReLUs ' +
    'hold the state after every letter exactly, for all sequences of T - 1 letters, when beta >= ln(7(T - 1)).',
  source: { paper: 'arXiv:2210.10749', theorem: 'shortcuts of logarithmic depth', trust: 'proved' },
  parameters,
  construct: (params, { seed }) => {
    const { T, states, start = 1, depth = Math.ceil(Math.log2(T)) } = params;
    if (start > states)
      throw new InputError({ field: 'start', found: `${start}`, allowed: `a state from 1 to ${states}` });
    const beta = params.beta ?? roundedTo(upperBound('log(7*n)', { n: Rational.of(T - 1) }), 16, 'up');
    const design = { T, table: tableOf(params, seed), start: start - 1, beta, depth };
    return { network: automatonNet(design), design };
  },
  claims: [error],
};

export default theorem;
