import { Rational } from '../../../numbers/rational.js';
import { certified, type Fact as Minted, mint, type Outcome } from '../../fact.js';
import { attained, exactly, qualitative, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { point } from '../../verdict.js';
import { type Head, readArchitecture } from './architecture.js';
import { type Flow, flow } from './flow.js';
import { type Fact, readFacts, wanted } from './task.js';

/** The rules of the information-flow calculus, applied over all uses of the heads of an architecture. */
const informationFlow: Rule = { id: 'information-flow', tex: '\\text{task} \\subseteq I(T, L)' };

type Located = Parameters<typeof readArchitecture>[0];

/** An architecture and a task in words, read, with what the calculus makes of them. */
export interface Calculus {
  readonly layers: readonly string[];
  readonly task: readonly string[];
  readonly architecture: readonly (readonly Head[])[];
  readonly facts: readonly Fact[];
  readonly flow: Flow;
}

/** Reads both; throws InputError for a head or a fact that is none. */
export function readCalculus(layers: Located, task: Located): Calculus {
  const [architecture, facts] = [readArchitecture(layers), readFacts(task)];
  const texts = (located: Located) => located.map(({ text }) => text);
  return { layers: texts(layers), task: texts(task), architecture, facts, flow: flow(architecture, facts) };
}

/** By the calculus, heads that select bring all facts of the task to the output. */
export function reachSentence({ layers, task }: Pick<Calculus, 'layers' | 'task'>): Sentence {
  return qualitative(
    `by the information-flow calculus, selection in the layers [${layers.join('; ')}] brings to the output the facts ${task.join('; ')}`,
    informationFlow.tex,
  );
}

/** Which sets the tokens hold, layer by layer, and whether the task is among the last. */
export function proveReach(calculus: Calculus): Outcome<null> {
  const { layers, task, facts } = calculus;
  const { missing, forced } = calculus.flow;
  const says = reachSentence(calculus);
  const base = { rule: informationFlow, id: 'plan', network: null, domain: null, found: null };
  const stated = { kind: 'flow', layers: [...layers], task: [...task] } as const;
  if (missing.length === 0) return mint({ ...base, says, ...certified(() => stated) });
  const texts = (list: readonly Fact[]) => list.map(({ text }) => text);
  const at = { sets: informationSets(calculus), wanted: texts(wanted(facts)), missing: texts(missing), rule: forced };
  return mint({
    ...{ ...base, says: attained(says, point(Rational.one), 'the best use of the heads'), at },
    evidence: certified(() => stated).evidence,
    conclusion: () => ({ ...stated, missing: true }),
  });
}

/** I(t, l) after each layer, in the calculus' words. */
export function informationSets({ architecture, flow: { layers } }: Calculus): string[] {
  return layers.map((held, l) => {
    const everything = architecture.slice(0, l).some((heads) => heads.some(({ mode }) => mode === 'average'));
    return everything ? '[T]' : `{${held.map(nameOf).join(', ')}}`;
  });
}

function nameOf(fact: string): string {
  if (fact === 'self') return 't';
  if (fact.startsWith('offset ')) return `t${fact.slice(7).startsWith('-') ? '' : '+'}${fact.slice(7)}`;
  return /^argmax_(\d+)/.exec(fact)![0];
}

/** The exponent of 1/eps that the calculus predicts for what selection does not bring: |I| d/E. */
export function costSentence(
  { layers, task }: Pick<Calculus, 'layers' | 'task'>,
  { T, d, E }: Sizes,
  most: Rational | null,
): Sentence {
  const subject = `the exponent of 1/eps that the information-flow calculus predicts for ${task.join('; ')} by the layers [${layers.join('; ')}] with T = ${T}, d = ${d}, E = ${E}`;
  return special(subject, { hi: most, asked: most === null }, '\\varepsilon^{-|I| d/E}');
}

interface Sizes {
  readonly T: number;
  readonly d: number;
  readonly E: number;
}

/** It is 0 where selection brings all, T d/E otherwise. */
export function proveCost(calculus: Calculus, sizes: Sizes): Minted<null> {
  const { T, d, E } = sizes;
  const exponent = calculus.flow.missing.length === 0 ? Rational.zero : Rational.of(T * d, E);
  const base = { rule: informationFlow, id: 'cost', network: null, domain: null, found: null };
  const stated = { layers: [...calculus.layers], task: [...calculus.task], sizes: { T, d, E } };
  return mint({
    ...{ ...base, says: exactly(costSentence(calculus, sizes, null), exponent), enclosure: point(exponent) },
    evidence: () => stated,
    conclusion: () => ({ kind: 'flow-cost', ...stated, exponent: `${exponent}` }),
  });
}

export { wanted };
