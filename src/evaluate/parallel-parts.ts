import type { StateSpace } from '../network/state-space.js';

/** Parts of two models, and the places of their entries of C among those of the models. */
export interface Parts {
  readonly models: readonly [StateSpace, StateSpace];
  readonly entries: readonly [readonly number[], readonly number[]];
}

/**
 * Two models as sums of models that share no nonzero pole: the entries of C whose states have met poles in common
 * belong together. Where every pair of parts has one transfer function, so have the two models; the numbers of a part are
 * as much shorter as it is smaller. A difference of parts may be one of constants that the others make up for.
 */
export function parallelParts(a: StateSpace, b: StateSpace): readonly Parts[] {
  const models = [a, b].map((model) => model.C.map((entry) => partOf(model, entry)));
  const groups = new Groups();
  for (const { poles } of models.flat()) for (const pole of poles) groups.join(poles[0], pole);
  const wholes = [...new Set(models.flat().map(({ poles }) => groups.of(poles[0])))];
  return wholes.map((whole) => {
    const [left, right] = models.map((parts) =>
      parts.flatMap((part, place) => (groups.of(part.poles[0]) === whole ? [{ ...part, place }] : [])),
    );
    return {
      models: [restricted(a, left), restricted(b, right)],
      entries: [left.map(({ place }) => place), right.map(({ place }) => place)],
    };
  });
}

/** An entry of C, the states of each layer that it depends on, and their nonzero poles; '' where there is none. */
interface Part {
  readonly entry: StateSpace['C'][number];
  readonly states: readonly ReadonlySet<number>[];
  readonly poles: readonly string[];
}

function partOf({ layers }: StateSpace, entry: StateSpace['C'][number]): Part {
  const states = layers.map(() => new Set<number>());
  states.at(-1)!.add(entry[0]);
  for (let k = layers.length - 1; k > 0; k--) {
    for (const i of states[k]) for (const [j] of layers[k].B[i]) states[k - 1].add(j);
  }
  const poles = layers.flatMap((layer, k) => [...states[k]].map((i) => layer.poles[i]));
  const texts = poles.filter((pole) => !pole.isZero()).map(String);
  return { entry, states, poles: texts.length > 0 ? texts : [''] };
}

/** The model with only some entries of C, and of its states those that they depend on. */
function restricted({ layers }: StateSpace, parts: readonly Part[]): StateSpace {
  const kept = layers.map((_, k) => [...new Set(parts.flatMap(({ states }) => [...states[k]]))].sort((i, j) => i - j));
  const places = kept.map((states) => new Map(states.map((i, place) => [i, place])));
  return {
    layers: layers.map(({ poles, B }, k) => ({
      poles: kept[k].map((i) => poles[i]),
      B: kept[k].map((i) => (k === 0 ? B[i] : B[i].map(([j, weight]) => [places[k - 1].get(j)!, weight] as const))),
    })),
    C: parts.map(({ entry: [j, weight] }) => [places.at(-1)!.get(j)!, weight] as const),
  };
}

/** Disjoint sets of words, each known by one of its words. */
class Groups {
  private readonly leaders = new Map<string, string>();

  of(word: string): string {
    const leader = this.leaders.get(word) ?? word;
    if (leader === word) return word;
    const first = this.of(leader);
    this.leaders.set(word, first);
    return first;
  }

  join(a: string, b: string): void {
    this.leaders.set(this.of(b), this.of(a));
  }
}
