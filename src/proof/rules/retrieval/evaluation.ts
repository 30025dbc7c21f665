import type { Network } from '../../../network/network.js';
import type { Arithmetic } from '../../../numbers/arithmetic.js';
import type { Rational } from '../../../numbers/rational.js';
import { enclose } from '../../../symbolic/enclosure.js';
import type { Fact } from '../../fact.js';
import { attainedAt } from '../input-value.js';
import {
  interfaceProblem,
  RETRIEVAL_DOMAIN,
  type RetrievalTarget,
  retrievalSentence,
  retrievalText,
  tokenNames,
} from './task.js';

/** The fact that y - H is what it is at one input; none where it has no finite bounds. */
export function attainRetrieval(network: Network, target: RetrievalTarget, x: readonly Rational[]): readonly Fact[] {
  if (interfaceProblem(network, target) !== null) return [];
  const about = retrievalSentence(network, target, null);
  const compared = { output: network.outputs[0].name, domain: RETRIEVAL_DOMAIN, target: retrievalText(target), about };
  return attainedAt({ network, ...compared }, x, (A) => targetIn(A, target, x));
}

/** H at an input. */
export function targetIn<I>(
  A: Arithmetic<I>,
  { d, features, positions, readout }: RetrievalTarget,
  x: readonly Rational[],
): I {
  const names = tokenNames(d);
  const kinds = kindsOf(x, d);
  const values = features.map((feature, i) => {
    const at = (t: number) => enclose(feature, A, new Map(names.map((name, j) => [name, A.of(x[t * d + j])])));
    const seen = new Map<number, I>();
    for (const t of positions[i]) if (!seen.has(kinds[t])) seen.set(kinds[t], at(t));
    return [...seen.values()].reduce((a, b) => A.min(a, b));
  });
  return enclose(readout, A, new Map(values.map((z, i) => [`z${i + 1}`, z])));
}

/** Numbers for the tokens; equal ones have the same. Those beside each other mostly are the same objects. */
function kindsOf(x: readonly Rational[], d: number): number[] {
  const known = new Map<string, number>();
  const kinds: number[] = [];
  for (let t = 0; t * d < x.length; t++) {
    const token = x.slice(t * d, (t + 1) * d);
    if (t > 0 && token.every((entry, j) => entry === x[(t - 1) * d + j])) {
      kinds.push(kinds[t - 1]);
      continue;
    }
    const key = token.join(' ');
    if (!known.has(key)) known.set(key, t);
    kinds.push(known.get(key)!);
  }
  return kinds;
}
