import {
  Builder,
  type Calculus,
  costSentence,
  InputError,
  informationSets,
  integer,
  type ProvedClaim,
  proveCost,
  proveReach,
  reachSentence,
  readCalculus,
  type Theorem,
  texts,
  type ValuesOf,
  wantedFacts,
} from '../../src/index.js';

const parameters = {
  T: integer('number of tokens', { min: 2, max: 10 ** 6 }),
  d: integer('dimension of a token', { min: 1, max: 10 ** 4 }),
  E: integer('embedding dimension', { min: 1, max: 10 ** 6 }),
  layers: texts(
    'the heads of each layer',
    'a list with one text per layer such as "2 x argmax, select -1" or "average"',
  ),
  task: texts(
    'what must reach the output token',
    'a list of facts such as "argmax(self)" or "argmax(self, offset -1)"',
  ),
};

type Params = ValuesOf<typeof parameters>;

type CalculusClaim = ProvedClaim<Params, Calculus>;

const METHOD = 'the rules of the calculus, over all uses of the heads';

const reach: CalculusClaim = {
  id: 'reach',
  kind: 'barrier',
  statement: 'by the calculus, heads that select bring all facts of the task to the output',
  trust: 'paper',
  says: ({ design }) => reachSentence(design),
  prove: ({ design }) => {
    const { forced } = design.flow;
    return {
      outcomes: [proveReach(design)],
      method: METHOD,
      notes: [
        ...informationSets(design).map((set, l) => `I(t, ${l}) = ${set}`),
        ...(forced ? [`forced by ${forced}`] : []),
        'as reported (paper): the rules are those of the calculus',
      ],
    };
  },
};

const cost: CalculusClaim = {
  id: 'cost',
  kind: 'quantity',
  statement: 'the exponent of 1/eps that the calculus predicts for what selection does not bring: |I| d/E',
  trust: 'paper',
  limit: () => null,
  says: ({ params, design }, bound) => costSentence(design, params, bound),
  prove: ({ params, design }) => {
    const { T, d, E } = params;
    const { missing, averaged } = design.flow;
    const rule =
      missing.length === 0
        ? 'rule 1: every set is reached by selection; what remains is the rate of the feed-forward nets, free of T'
        : averaged
          ? `rule 2: the averaged state holds I = [T], ${T} tokens of dimension ${d} in ${E} numbers`
          : `rule 2: what is missing takes an averaging head, whose state would hold I = [T]`;
    return { outcomes: [proveCost(design, params)], method: METHOD, notes: [rule] };
  },
};

const theorem: Theorem<typeof parameters, Calculus> = {
  id: 'infoflow-calculus',
  summary: 'which positions can reach the output of an architecture, layer by layer, and the cost when they do not',
  statement:
    'Every token t has an information set I(t, l). The residual keeps it; a head adds the position of its largest score ' +
    '(rule 1), all positions by averaging, at a cost of eps^{-|I| d/E} for decoding them (rule 2), or a fixed position ' +
    "(rule 3). A task is reachable when its facts can be brought to the output by selection. The rules are the paper's; " +
    'the audit applies them over all uses of the heads.',
  source: { paper: 'arXiv:2605.17930', theorem: 'InfoFlow calculus, as reported', trust: 'paper' },
  parameters,
  construct: ({ T, d, layers, task }) => {
    const calculus = readCalculus(layers, task);
    const { architecture, facts } = calculus;
    if (facts.length === 0) throw new InputError({ field: 'task', found: 'no facts', allowed: 'at least one' });
    const size = wantedFacts(facts).length;
    if (size > MOST_FACTS || architecture.length > MOST_LAYERS) {
      const found = `${size} facts, ${architecture.length} layers`;
      throw new InputError({ field: 'task', found, allowed: `at most ${MOST_FACTS} facts and ${MOST_LAYERS} layers` });
    }
    // The calculus is about architectures, not weights: the network is the residual alone.
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: d });
    const y = b.gather(x, 0, [T - 1], 'y');
    return { network: b.network({ y }), design: calculus };
  },
  claims: [reach, cost],
};

const MOST_FACTS = 12;
const MOST_LAYERS = 12;

export default theorem;
