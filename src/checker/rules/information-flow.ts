import { spend } from '../budget.js';
import type { Rule } from '../fact.js';
import { brief, demand } from '../failure.js';
import { index, list, record, string } from '../network.js';

const MOST_LAYERS = 64;
const LONGEST = 10_000;
const DEEPEST = 32;

/**
 * Data: an architecture, one text for each of its `layers` such as "2 x argmax, select -1", a `task` of facts "self",
 * "offset K" and "argmax(FACT, ...)", and for each argmax of the task, in the order of their closing parentheses, the layer
 * (from 1) in which a head is to bring it. A token holds itself from the start and keeps what it holds; a head "select K" brings
 * "offset K"; a head "argmax" brings one argmax whose needs are held before its layer. Each argmax is a fact of its own.
 */
export const informationFlow: Rule = (_, data) => {
  const { layers, task, brought } = record(data, 'the data', ['layers', 'task', 'brought']);
  const heads = list(layers, 'layers').map(readLayer);
  demand(heads.length <= MOST_LAYERS, `${heads.length} layers`);
  const times = list(brought, 'brought').map((layer) => index(layer, heads.length + 1, 'a layer'));
  const busy = heads.map(() => 0);
  let next = 0;
  /** The number of layers before which a fact is not held. */
  const since = (fact: Fact): number => {
    if (fact.kind === 'self') return 0;
    if (fact.kind === 'offset') {
      const layer = heads.findIndex(({ shifts }) => shifts.has(fact.by));
      demand(layer >= 0, `no head selects offset ${fact.by}`);
      return layer + 1;
    }
    const needed = fact.needs.map(since).reduce((a, b) => Math.max(a, b));
    const layer = times[next++];
    demand(
      layer !== undefined && layer > needed,
      `an argmax is to be brought in layer ${layer}, after layer ${needed}`,
    );
    busy[layer - 1] += 1;
    return layer;
  };
  for (const text of list(task, 'task')) since(readFact(string(text, 'a fact')));
  demand(next === times.length && next > 0, `${times.length} layers for ${next} facts`);
  busy.forEach((count, l) => {
    demand(count <= heads[l].argmax, `layer ${l + 1} is to bring ${count} facts with ${heads[l].argmax} heads`);
  });
  return {
    kind: 'closed',
    conclusion: { kind: 'flow', layers, task },
    statement:
      `in an architecture of the layers ${JSON.stringify(layers)}, if a token keeps what it holds, a head "select K" brings ` +
      `it the token K places away, and a head "argmax" one argmax(...) whose needs it held before the layer, then a ` +
      `token can come to hold all of ${JSON.stringify(task)} (about the architecture, not about the network)`,
  };
};

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

type Fact =
  | { readonly kind: 'self' }
  | { readonly kind: 'offset'; readonly by: number }
  | { readonly kind: 'argmax'; readonly needs: readonly Fact[] };

function readFact(text: string): Fact {
  demand(text.length < LONGEST, 'a fact is too long');
  spend(20 * text.length);
  let rest = text;
  const take = (pattern: RegExp) => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match;
  };
  const read = (depth: number): Fact => {
    if (take(/^ *self\b/)) return { kind: 'self' };
    const offset = take(/^ *offset +([+-]?\d{1,4})\b/);
    if (offset) return { kind: 'offset', by: Number(offset[1]) };
    demand(depth < DEEPEST && take(/^ *argmax *\(/) !== null, `${brief(text)} is no fact`);
    const needs: Fact[] = [];
    do needs.push(read(depth + 1));
    while (take(/^ *,/));
    demand(take(/^ *\)/) !== null, `${brief(text)} is no fact`);
    return { kind: 'argmax', needs };
  };
  const fact = read(0);
  demand(rest.trim() === '', `${brief(text)} is no fact`);
  return fact;
}
