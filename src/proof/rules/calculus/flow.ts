import type { Head } from './architecture.js';
import { type Fact, wanted } from './task.js';

/**
 * Which facts every token can hold after each layer, by the rules of the calculus:
 * 1. the residual keeps what a token holds, and a head of mode `argmax` adds the content of one token: one more fact
 *    `argmax(...)` whose needs all tokens hold before the layer;
 * 2. a head of mode `average` makes all positions available in one state: everything, at a cost of decoding;
 * 3. a head of mode `select K` adds the content of the token K places away.
 *
 * Which arg-max a head is used for is free, so the layers are searched over all choices; a fact once held is kept, so only
 * choices of as many facts as there are heads need to be tried. Equal sets are followed once: at most 2^facts of them.
 */
export interface Flow {
  /** The facts that are held after each layer in the best choice, the first entry before any layer. */
  readonly layers: readonly (readonly string[])[];
  /** Facts of the task that do not reach the output. */
  readonly missing: readonly Fact[];
  /** Whether an averaging head supplies what is missing. */
  readonly averaged: boolean;
  /** What stopped the first missing fact. */
  readonly forced: string | null;
}

type Held = ReadonlySet<string>;

export function flow(architecture: readonly (readonly Head[])[], task: readonly Fact[]): Flow {
  const facts = wanted(task);
  let states: readonly (readonly Held[])[] = [[new Set(['self'])]];
  for (const heads of architecture) {
    const next = new Map<string, readonly Held[]>();
    for (const path of states) {
      for (const held of after(path[path.length - 1], heads, facts))
        next.set([...held].sort().join(';'), [...path, held]);
    }
    states = [...next.values()];
  }
  const lacking = (path: readonly Held[]) => task.filter(({ text }) => !path[path.length - 1].has(text));
  const best = states.reduce((a, b) => (lacking(b).length < lacking(a).length ? b : a));
  const missing = lacking(best);
  return {
    layers: best.map((held) => [...held]),
    missing,
    averaged: architecture.some((heads) => heads.some(({ mode }) => mode === 'average')),
    forced: missing.length === 0 ? null : reason(architecture, best, facts, missing),
  };
}

function after(held: Held, heads: readonly Head[], facts: readonly Fact[]): Held[] {
  const shifts = new Set(heads.flatMap((head) => (head.mode === 'select' ? [head.by] : [])));
  const fixed = facts.filter((fact) => fact.kind === 'offset' && shifts.has(fact.by));
  const base = new Set([...held, ...fixed.map(({ text }) => text)]);
  const ready = facts.filter(
    (fact) => fact.kind === 'argmax' && !held.has(fact.text) && fact.needs.every(({ text }) => held.has(text)),
  );
  const count = heads.filter(({ mode }) => mode === 'argmax').length;
  return choices(ready, Math.min(count, ready.length)).map(
    (chosen) => new Set([...base, ...chosen.map(({ text }) => text)]),
  );
}

function choices<X>(list: readonly X[], size: number): X[][] {
  if (size === 0) return [[]];
  return list.flatMap((first, i) => choices(list.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}

function reason(
  architecture: readonly (readonly Head[])[],
  path: readonly Held[],
  facts: readonly Fact[],
  missing: readonly Fact[],
): string {
  const absent = facts.find((fact) => {
    const isHeld = path[path.length - 1].has(fact.text);
    return !isHeld && (fact.kind !== 'argmax' || fact.needs.every(({ text }) => path[path.length - 1].has(text)));
  });
  const fact = absent ?? missing[0];
  if (fact.kind === 'offset')
    return `rule 3: no head selects ${fact.text}, and an arg-max does not find a fixed position`;
  if (fact.kind !== 'argmax') return `rule 1: ${fact.text} is held by no token`;
  const since = path.findIndex((held) => fact.needs.every(({ text }) => held.has(text)));
  if (since === architecture.length) {
    return `rule 1: the score of ${fact.text} can be computed after layer ${since} only, and no layer follows`;
  }
  const heads = architecture
    .slice(since)
    .flat()
    .filter(({ mode }) => mode === 'argmax').length;
  const left = facts.filter(({ kind, text }) => kind === 'argmax' && !path[since].has(text)).length;
  return `rule 1: every arg-max needs a head of its own; from layer ${since + 1} on there are ${heads} for ${left}, and ${fact.text} gets none`;
}
