import {
  Builder,
  type Claim,
  InputError,
  integer,
  point,
  Rational,
  type Step,
  type Theorem,
  texts,
  type ValuesOf,
} from '../../src/index.js';
import { type Head, readArchitecture } from './calculus/architecture.js';
import { type Flow, flow } from './calculus/flow.js';
import { type Fact, readFacts, wanted } from './calculus/task.js';

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

interface Design {
  readonly architecture: readonly (readonly Head[])[];
  readonly task: readonly Fact[];
  readonly flow: Flow;
}

type CalculusClaim = Claim<Params, Design>;

const METHOD = 'the rules of the calculus, over all uses of the heads';

/** I(t, l) in the calculus' words. */
function informationSet(held: readonly string[], everything: boolean): string {
  const name = (fact: string) => {
    if (fact === 'self') return 't';
    if (fact.startsWith('offset ')) return `t${fact.slice(7).startsWith('-') ? '' : '+'}${fact.slice(7)}`;
    return /^argmax_(\d+)/.exec(fact)![0];
  };
  return everything ? '[T]' : `{${held.map(name).join(', ')}}`;
}

function sets({ architecture, flow: { layers } }: Design): string[] {
  return layers.map((held, l) =>
    informationSet(
      held,
      architecture.slice(0, l).some((heads) => heads.some(({ mode }) => mode === 'average')),
    ),
  );
}

function steps(design: Design): Step[] {
  return sets(design).map((set, l) => ({
    id: `layer${l}`,
    rule: 'information-flow',
    statement: `I(t, ${l}) = ${set}`,
    verdict: 'proved',
    enclosure: null,
  }));
}

/** For each argmax, in the order of their numbers, the first layer after which it is held. */
function layersOf(task: readonly Fact[], layers: Flow['layers']): number[] {
  return wanted(task)
    .flatMap((fact) => (fact.kind === 'argmax' ? [fact] : []))
    .sort((a, b) => a.number - b.number)
    .map(({ text }) => layers.findIndex((held) => held.includes(text)));
}

const reach: CalculusClaim = {
  id: 'reach',
  kind: 'barrier',
  statement: 'by the calculus, heads that select bring all facts of the task to the output',
  tex: '\\text{task} \\subseteq I(T, L)',
  trust: 'paper',
  prove: ({ params, design }) => {
    const { missing, forced, layers } = design.flow;
    const stated = { layers: params.layers.map(({ text }) => text), task: params.task.map(({ text }) => text) };
    const evidence: Step = {
      id: 'plan',
      rule: 'information-flow',
      statement: 'the layer in which each argmax of the task is brought',
      verdict: 'proved',
      enclosure: null,
      data: () => ({ ...stated, brought: layersOf(design.task, layers) }),
    };
    return {
      verdict: missing.length === 0 ? 'proved' : 'refuted',
      predicted: null,
      enclosure: null,
      witness: {
        sets: sets(design),
        wanted: wanted(design.task).map(({ text }) => text),
        missing: missing.map(({ text }) => text),
        rule: forced,
      },
      steps: missing.length === 0 ? [...steps(design), evidence] : steps(design),
      conclusion: () => ({ kind: 'flow', ...stated }),
      method: METHOD,
      facts: [
        ...sets(design).map((set, l) => `I(t, ${l}) = ${set}`),
        ...(forced ? [`forced by ${forced}`] : []),
        'as reported (paper): the rules are those of the calculus',
      ],
    };
  },
};

const cost: CalculusClaim = {
  id: 'cost',
  kind: 'barrier',
  statement: 'the exponent of 1/eps that the calculus predicts for what selection does not bring: |I| d/E',
  tex: '\\varepsilon^{-|I| d/E}',
  trust: 'paper',
  prove: ({ params: { T, d, E }, design, stated }) => {
    const { missing, averaged } = design.flow;
    const exponent = missing.length === 0 ? Rational.zero : Rational.of(T * d, E);
    const rule =
      missing.length === 0
        ? 'rule 1: every set is reached by selection; what remains is the rate of the feed-forward nets, free of T'
        : averaged
          ? `rule 2: the averaged state holds I = [T], ${T} tokens of dimension ${d} in ${E} numbers`
          : `rule 2: what is missing takes an averaging head, whose state would hold I = [T]`;
    const holds = stated === undefined || exponent.le(stated);
    return {
      verdict: holds ? 'proved' : 'refuted',
      statement: stated && `the predicted exponent of 1/eps is at most ${stated}`,
      predicted: stated ?? null,
      enclosure: point(exponent),
      witness: { rule },
      steps: [],
      method: METHOD,
      facts: [rule],
    };
  },
};

const theorem: Theorem<typeof parameters, Design> = {
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
    const architecture = readArchitecture(layers);
    const facts = readFacts(task);
    if (facts.length === 0) throw new InputError({ field: 'task', found: 'no facts', allowed: 'at least one' });
    const size = wanted(facts).length;
    if (size > MOST_FACTS || architecture.length > MOST_LAYERS) {
      const found = `${size} facts, ${architecture.length} layers`;
      throw new InputError({ field: 'task', found, allowed: `at most ${MOST_FACTS} facts and ${MOST_LAYERS} layers` });
    }
    // The calculus is about architectures, not weights: the network is the residual alone.
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: d });
    const y = b.gather(x, 0, [T - 1], 'y');
    return { network: b.network({ y }), design: { architecture, task: facts, flow: flow(architecture, facts) } };
  },
  claims: [reach, cost],
};

const MOST_FACTS = 12;
const MOST_LAYERS = 12;

export default theorem;
