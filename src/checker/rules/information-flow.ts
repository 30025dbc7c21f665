import { hold, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { brief, demand, demandShown } from '../failure.js';
import { Fraction } from '../fraction.js';
import { index, list, record, string } from '../network.js';

const MOST_LAYERS = 64;
const MOST_FACTS = 24;
const LARGEST_SIZE = 2 ** 40;
const LONGEST = 10_000;
const DEEPEST = 32;

/**
 * Data: an architecture, one text for each of its `layers` such as "2 x argmax, select -1", and a `task` of facts "self",
 * "offset K" and "argmax(FACT, ...)". A token holds itself from the start and keeps what it holds; a head "select K" brings
 * "offset K"; a head "argmax" brings one argmax whose needs are held before its layer. Each argmax is a fact of its own. All
 * uses of the heads are tried; files that name a plan (`brought`) are not believed. With `sizes` {T, d, E}: the exponent that
 * the calculus predicts, 0 where the task is reached and T d/E where it is not.
 */
export const informationFlow: Rule = (_, data) => {
  const { layers, task, sizes } = record(data, 'the data', ['layers', 'task', 'brought', 'sizes']);
  const heads = list(layers, 'layers').map(readLayer);
  demand(heads.length <= MOST_LAYERS, `${heads.length} layers`);
  const facts: Argmax[] = [];
  demand(list(task, 'task').length > 0, 'there is no fact');
  const wanted = together(list(task, 'task').map((text) => readFact(string(text, 'a fact'), facts)));
  const isReached = reaches(heads, facts, wanted);
  const words = `the layers ${JSON.stringify(layers)}`;
  const rules =
    'if a token keeps what it holds, a head "select K" brings it the token K places away, and a head "argmax" one ' +
    'argmax(...) whose needs it held before the layer';
  if (sizes === undefined) {
    return closed(
      { kind: 'flow', layers, task, ...(isReached ? {} : { missing: true }) },
      `in an architecture of ${words}, ${rules}, then ${isReached ? 'a token can' : 'no token can'} come to hold all ` +
        `of ${JSON.stringify(task)} (about the architecture, not about the network)`,
    );
  }
  const stated = record(sizes, 'sizes', ['T', 'd', 'E']);
  const [T, d, E] = ['T', 'd', 'E'].map((name) => Fraction.of(index(stated[name], LARGEST_SIZE, name)));
  demand(E.n > 0n, 'E is not positive');
  const exponent = isReached ? Fraction.zero : T.mul(d).div(E);
  return closed(
    { kind: 'flow-cost', layers, task, sizes, exponent: `${exponent}` },
    `in an architecture of ${words}, ${rules}, a token ${isReached ? 'can' : 'cannot'} come to hold all of ` +
      `${JSON.stringify(task)}: the exponent, 0 if it can and T d/E = (${T})(${d})/(${E}) if not, is ${exponent}`,
  );
};

/** The offsets and, as bits, the argmaxes among some facts. */
interface Needs {
  readonly offsets: readonly number[];
  readonly argmaxes: number;
}

/** An argmax with what it needs; its bit is that of its place in the list of all. */
type Argmax = Needs;

/** Whether some use of the heads brings all that is wanted. More facts never hurt, so each layer brings as many as it can. */
function reaches(heads: readonly Layer[], facts: readonly Argmax[], wanted: Needs): boolean {
  let states: ReadonlySet<number> = new Set([0]);
  const shifts = new Set<number>();
  const isHeld = (needs: Needs, state: number) =>
    (needs.argmaxes & ~state) === 0 && needs.offsets.every((by) => shifts.has(by));
  for (const layer of heads) {
    const next = new Set<number>();
    for (const state of states) {
      spend(20 * (1 + facts.length));
      const ready = facts.flatMap((fact, k) => (((state >> k) & 1) === 0 && isHeld(fact, state) ? [1 << k] : []));
      for (const chosen of choices(ready, Math.min(layer.argmax, ready.length))) next.add(state | chosen);
    }
    hold(40 * next.size);
    for (const by of layer.shifts) shifts.add(by);
    states = next;
  }
  return [...states].some((state) => isHeld(wanted, state));
}

/** The sums of so many of the bits, in all ways. */
function choices(bits: readonly number[], count: number): number[] {
  spend(20);
  if (count === 0) return [0];
  return bits.flatMap((bit, k) => choices(bits.slice(k + 1), count - 1).map((rest) => bit | rest));
}

function together(all: readonly Needs[]): Needs {
  return {
    offsets: all.flatMap(({ offsets }) => offsets),
    argmaxes: all.reduce((bits, { argmaxes }) => bits | argmaxes, 0),
  };
}

interface Layer {
  readonly argmax: number;
  readonly shifts: ReadonlySet<number>;
}

function readLayer(value: unknown): Layer {
  const text = string(value, 'a layer');
  let argmax = 0;
  const shifts = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:(\d{1,3}) *x *)?(?:(argmax|average)|select +([+-]?\d{1,4}))$/.exec(part.trim());
    demand(match !== null, `${brief(text)} is no layer`);
    const count = Number(match[1] ?? 1);
    if (match[2] === 'argmax') argmax += count;
    if (match[3] !== undefined && count > 0) shifts.add(Number(match[3]));
  }
  return { argmax, shifts };
}

/** Reads a fact; its argmaxes are added to `facts`. */
function readFact(text: string, facts: Argmax[]): Needs {
  demand(text.length < LONGEST, 'a fact is too long');
  spend(20 * text.length);
  let rest = text;
  const take = (pattern: RegExp) => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match;
  };
  const read = (depth: number): Needs => {
    if (take(/^ *self\b/)) return { offsets: [], argmaxes: 0 };
    const offset = take(/^ *offset +([+-]?\d{1,4})\b/);
    if (offset) return { offsets: [Number(offset[1])], argmaxes: 0 };
    demand(depth < DEEPEST && take(/^ *argmax *\(/) !== null, `${brief(text)} is no fact`);
    const needs: Needs[] = [];
    do needs.push(read(depth + 1));
    while (take(/^ *,/));
    demand(take(/^ *\)/) !== null, `${brief(text)} is no fact`);
    demandShown(facts.length < MOST_FACTS, `there are more than ${MOST_FACTS} facts`);
    return { offsets: [], argmaxes: 1 << (facts.push(together(needs)) - 1) };
  };
  const fact = read(0);
  demand(rest.trim() === '', `${brief(text)} is no fact`);
  return fact;
}
