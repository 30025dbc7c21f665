import { compile, convert } from '../../../evaluate/evaluate.js';
import { intervals } from '../../../evaluate/intervals.js';
import type { Network } from '../../../network/network.js';
import { tensor } from '../../../network/tensor.js';
import type { Arithmetic } from '../../../numbers/arithmetic.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { doubleIntervals } from '../../../numbers/doubles.js';
import { Rational } from '../../../numbers/rational.js';
import { enclose } from '../../../symbolic/enclosure.js';
import type { Fact } from '../../fact.js';
import { mintAttained } from '../evaluation.js';
import {
  interfaceProblem,
  RETRIEVAL_DOMAIN,
  type RetrievalTarget,
  retrievalSentence,
  retrievalText,
  tokenNames,
} from './task.js';

interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

const BITS = 256;
/** Bounds of a modulus that are closer together than this part are not sought again in balls. */
const SHARP = Rational.pow2(-26);

/** Bounds of y - H at one input [T, d], with all roundings outward; null where there are none. */
export function retrievalError(network: Network, target: RetrievalTarget, x: readonly Rational[]): Ends | null {
  const first = errorIn(doubleIntervals, network, target, x);
  const isSharp = first?.hi.sub(first.lo).le(modulus(first).mul(SHARP));
  return isSharp ? first : (errorIn(ballIntervals(BITS), network, target, x) ?? first);
}

/** The fact that y - H is what it is at one input; none where it has no finite bounds. */
export function attainRetrieval(network: Network, target: RetrievalTarget, x: readonly Rational[]): readonly Fact[] {
  const value = interfaceProblem(network, target) === null ? retrievalError(network, target, x) : null;
  if (!value) return [];
  const about = retrievalSentence(network, target, null);
  const compared = { output: network.outputs[0].name, domain: RETRIEVAL_DOMAIN, target: retrievalText(target), about };
  return [mintAttained({ network, ...compared }, { x }, value)];
}

/** A lower bound of the modulus of a number between two others. */
export function modulus({ lo, hi }: Ends): Rational {
  return lo.max(hi.neg()).max(Rational.zero);
}

function errorIn<I>(A: Arithmetic<I>, network: Network, target: RetrievalTarget, x: readonly Rational[]): Ends | null {
  const { T, d, features, positions, readout } = target;
  const algebra = intervals(A);
  const input = convert(tensor([T, d], x), algebra);
  const [output] = network.outputs;
  const y = compile(network, algebra)({ x: input })[output.name].dense(A.zero)[0];
  const names = tokenNames(d);
  const kinds = kindsOf(x, d);
  const values = features.map((feature, i) => {
    const at = (t: number) => enclose(feature, A, new Map(names.map((name, j) => [name, input.data[t * d + j]])));
    const seen = new Map<number, I>();
    for (const t of positions[i]) if (!seen.has(kinds[t])) seen.set(kinds[t], at(t));
    return [...seen.values()].reduce((a, b) => A.min(a, b));
  });
  const error = A.sub(y, enclose(readout, A, new Map(values.map((z, i) => [`z${i + 1}`, z]))));
  const [lo, hi] = [A.lower(error), A.upper(error)];
  return A.mark(error) === 0 && lo && hi ? { lo, hi } : null;
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
