import { UnsupportedOperation } from '../evaluate/algebra.js';
import { compile, convert, type Values } from '../evaluate/evaluate.js';
import { exact } from '../evaluate/exact.js';
import { intervals } from '../evaluate/intervals.js';
import type { Network } from '../network/network.js';
import { FUNCTIONS } from '../network/operations.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import type { Arithmetic } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { dyadicFraction, lehmer } from '../numbers/random.js';
import { Rational } from '../numbers/rational.js';
import type { Audit, Claim, ProvedClaim, Theorem } from '../proof/theorem.js';
import { executionClaim } from './claim.js';
import type { Expectation } from './execution.js';

/** The claims of a theorem. One about a network that says nothing of executions gets a claim about drawn inputs. */
export function claimsOf(theorem: Theorem): readonly (Claim<never, never> | ProvedClaim<never, never>)[] {
  const claims: readonly (Claim<never, never> | ProvedClaim<never, never>)[] = theorem.claims;
  if (theorem.isObject || claims.some(({ kind }) => kind === 'execution')) return claims;
  const drawn: Claim<never, unknown> = executionClaim(null, (audit) => drawnSamples(theorem, audit));
  return [...claims, drawn];
}

const SAMPLE_BITS = 8;
const MOST_SAMPLES = 8;
/** Entries of tensors that may be analysed for all samples of one format. */
const SAMPLED_ENTRIES = 40_000;
/** Entries that may be analysed for a single sample. */
const MOST_ENTRIES = 500_000;
const BITS = 256;

/** Inputs with dyadic entries from the theorem's range, and what the exact network is there. */
function drawnSamples(theorem: Theorem, { network, params, seed }: Audit<never, unknown>): Expectation[] | string {
  const entries = network.nodes.reduce((sum, node) => sum + (node.batched ? sizeOf(sizes(node.shape)) : 0), 0);
  if (entries > MOST_ENTRIES) {
    return `${entries} entries to analyse, more than ${MOST_ENTRIES}`;
  }
  const { lo, hi } = theorem.inputs?.(params) ?? { lo: Rational.zero, hi: Rational.one };
  const random = lehmer(seed);
  const value = expectation(network);
  // Equal entries are one object, so that they are looked at once.
  const places = new Map<string, Rational>();
  const place = (u: Rational) => {
    const name = `${u}`;
    const found = places.get(name) ?? lo.add(hi.sub(lo).mul(u));
    places.set(name, found);
    return found;
  };
  return Array.from({ length: Math.max(1, Math.min(MOST_SAMPLES, Math.floor(SAMPLED_ENTRIES / entries))) }, () => {
    const draw = () => place(dyadicFraction(random, SAMPLE_BITS));
    const inputs = Object.fromEntries(
      network.inputs.map(({ attributes, shape }) => {
        const size = sizes(shape);
        return [attributes.name, new Tensor(size, Array.from({ length: sizeOf(size) }, draw))] as const;
      }),
    );
    return value(inputs);
  });
}

/** Operations whose results need not be rational, and recurrences, whose numbers grow long. */
const IRRATIONAL: ReadonlySet<string> = new Set(['softmax', 'recurrence', 'normalise', ...FUNCTIONS]);

/** The first output: exactly where it is rational and its numbers stay short, by balls otherwise. */
function expectation(network: Network): (inputs: Values<Rational>) => Expectation {
  const [{ name }] = network.outputs;
  if (network.nodes.some(({ op }) => IRRATIONAL.has(op))) return enclosedExpectation(ballIntervals(BITS), network);
  const evaluate = compile(network, exact);
  return (inputs) => ({ inputs, expected: evaluate(inputs)[name].dense(Rational.zero) });
}

/** Inputs with the first output there, as closely as these intervals enclose it. Throws UnsupportedOperation where they do not. */
export function enclosedExpectation<I>(A: Arithmetic<I>, network: Network): (inputs: Values<Rational>) => Expectation {
  const [{ name }] = network.outputs;
  const evaluate = compile(network, intervals(A));
  return (inputs) => {
    const values = Object.entries(inputs).map(([input, value]) => [input, convert(value, A)] as const);
    const found = evaluate(Object.fromEntries(values))[name].dense(A.zero);
    const ends = found.map((y) => [A.lower(y), A.upper(y)] as const);
    const expected = ends.map(([lo, hi]) => {
      if (lo && hi) return lo;
      throw new UnsupportedOperation('an output is too large to be enclosed at a drawn input');
    });
    const uncertainty = ends.reduce((most, [lo, hi]) => most.max(hi!.sub(lo!)), Rational.zero);
    return { inputs, expected, uncertainty };
  };
}

/** What is drawn for the only input x, of tokens, and how many entries of attention its analysis visits; or why nothing runs. */
type Drawn = { readonly entries: number; readonly draw: (random: () => number) => Tensor<Rational> } | string;

/** Entries of attention matrices that may be analysed for all samples of one format. */
const ATTENDED_ENTRIES = 20_000;

/** The claim `execution` about drawn inputs of the kind that a theorem is about, enclosed in doubles. */
export function drawnExecution<V, D>(of: (audit: Audit<V, D>) => Drawn): Claim<V, D> {
  return executionClaim(null, (audit) => {
    const drawn = of(audit);
    if (typeof drawn === 'string') return drawn;
    const [random, expected] = [lehmer(audit.seed), enclosedExpectation(doubleIntervals, audit.network)];
    const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(ATTENDED_ENTRIES / drawn.entries)));
    return Array.from({ length: count }, () => expected({ x: drawn.draw(random) }));
  });
}

/** Different tokens of an input: what a long one takes of time and memory is that of so many. */
const MOST_TOKENS = 16;

/** T tokens of d dyadic numbers of [0, 1] each, moved by `place`. */
export function drawnTokens(
  random: () => number,
  [T, d]: readonly [number, number],
  place = (u: Rational) => u,
): Tensor<Rational> {
  const token = () => Array.from({ length: d }, () => place(dyadicFraction(random, SAMPLE_BITS)));
  const kinds = Array.from({ length: Math.min(T, MOST_TOKENS) }, token);
  const tokens = Array.from({ length: T }, (_, t) => kinds[t] ?? kinds[Math.floor(random() * kinds.length)]);
  return new Tensor([T, d], tokens.flat());
}
