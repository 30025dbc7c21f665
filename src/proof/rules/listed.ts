import { createHash } from 'node:crypto';
import type { Values } from '../../evaluate/evaluate.js';
import { Rational } from '../../numbers/rational.js';

type Listed = Readonly<Record<string, readonly string[]>>;

const texts = new WeakMap<Values<Rational>, Listed>();

/** Inputs as certificates write them, once for all claims about them. */
export function listed(inputs: Values<Rational>): Listed {
  let found = texts.get(inputs);
  if (!found) {
    const entries = Object.entries(inputs).map(([name, value]) => [name, value.dense(Rational.zero).map(String)]);
    texts.set(inputs, (found = Object.fromEntries(entries) as Listed));
  }
  return found;
}

const hashes = new WeakMap<readonly unknown[], string>();

/** The SHA-256 that a list of such texts is known by: of its JSON. */
export function hashOfList<T>(list: readonly T[], text: (item: T) => unknown): string {
  let found = hashes.get(list);
  if (!found) {
    found = createHash('sha256')
      .update(JSON.stringify(list.map(text)))
      .digest('hex');
    hashes.set(list, found);
  }
  return found;
}
