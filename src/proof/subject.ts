import type { Network } from '../network/network.js';

/** What a fact is about: one network, or several by the names that statements call them. Compared by identity. */
export type Subject = Network | Networks;

/** Networks that one statement speaks of, `a.y <= b.y`. */
export class Networks {
  readonly #named: ReadonlyMap<string, Network>;

  constructor(named: ReadonlyMap<string, Network>) {
    this.#named = new Map(named);
    Object.freeze(this);
  }

  get names(): readonly string[] {
    return [...this.#named.keys()];
  }
}
