import { ACCURACY, type Accuracy } from '../evaluate/accuracy.js';
import type { Algebra } from '../evaluate/algebra.js';
import { compile, convert, type Values } from '../evaluate/evaluate.js';
import { type Ends, onGrid } from '../evaluate/grid.js';
import { intervals } from '../evaluate/intervals.js';
import { recurrenceRounding } from '../evaluate/recurrence-rounding.js';
import { type States, statesAt } from '../evaluate/recurrence-sizes.js';
import { executionModel, unlessOverflow } from '../evaluate/rounded.js';
import { directSampler } from '../evaluate/samples.js';
import type { Target } from '../evaluate/target.js';
import type { Network } from '../network/network.js';
import { quantisedNetwork, quantisedTensor } from '../network/quantised.js';
import { REAL_OUTPUT, type RecurrenceChain, readRecurrences, readStateSpace } from '../network/state-space.js';
import type { Arithmetic } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { fromFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { type FloatFormat, FORMATS } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import { atManyInputs } from './many-inputs.js';

/** Inputs and what the output should be there: all its entries, or the one that it has. */
export interface Expectation {
  readonly inputs: Values<Rational>;
  readonly expected: Rational | readonly Rational[];
  /** How far `expected` may be from the exact values, when these are irrational; 0 when absent. */
  readonly uncertainty?: Rational;
}

export function expectedEntries({ expected }: Expectation): readonly Rational[] {
  return expected instanceof Rational ? [expected] : expected;
}

/** Entry by entry, a range of the output at one input. */
type Ranges = readonly Ends[];

/** What the output may be at given inputs. */
export interface ExecutionBounds {
  /** For each input, where every entry of any execution in the format lies; null when a value may overflow. */
  readonly ranges: readonly Ranges[] | null;
  /** The largest distance of these ranges' ends from the expected values. */
  readonly total: Rational | null;
  /** How far rounding weights and inputs alone moves the output; null when a number is beyond the format. */
  readonly quantisation: Rational | null;
  /** How far the execution may be from the network with rounded weights. */
  readonly rounding: Rational | null;
}

/** Bounds of the execution of a network at given inputs, and their parts. */
export function executionBounds(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  { provider, dtype }: Target,
): ExecutionBounds {
  const format = FORMATS[dtype];
  const held = inFormat(network, output, samples, format, true);
  const moved = held && quantised(network, output, samples, held);
  // Where the exact states leave the range of the format, so may those of the device.
  if (held && leavesRange(held)) {
    return { ranges: null, total: null, quantisation: moved && largest(samples, moved, distance), rounding: null };
  }
  const isFollowed = held !== null && isLinear(held, provider);
  const linear = moved && isFollowed ? unlessOverflow(() => propagated(held, moved, provider)) : null;
  const each =
    moved && isFollowed && isLarge(held)
      ? null
      : unlessOverflow(() => entrywise(network, output, samples, format, ACCURACY[provider]));
  const ranges =
    linear && each ? linear.map((sets, k) => sets.map((range, i) => common(range, each[k][i]))) : (linear ?? each);
  const quantisation = moved && largest(samples, moved, distance);
  const total = ranges && largest(samples, ranges, distance);
  const rounding =
    ranges && moved && maximum(ranges.flatMap((entries, k) => entries.map((range, i) => apart(range, moved[k][i]))));
  return { ranges, total, quantisation, rounding };
}

/** What the device may hold, entry by entry. */
function entrywise(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  format: FloatFormat,
  device: Accuracy,
): readonly Ranges[] {
  const model = executionModel(format, device);
  const inputs = samples.map((sample) => converted(sample.inputs, model.algebra));
  const oneByOne = () => {
    const evaluate = compile(network, model.algebra);
    return inputs.map((values) => evaluate(values)[output].dense(model.algebra.zero));
  };
  const all = atManyInputs(network, output, inputs, model) ?? oneByOne();
  return all.map((entries) => entries.map(({ lo, hi }) => ({ lo: fromFloat(lo), hi: fromFloat(hi) })));
}

/** A network and its inputs as a format holds them. */
interface InFormat {
  readonly format: FloatFormat;
  readonly network: Network;
  readonly inputs: readonly Values<Rational>[];
  /** The network as a chain of recurrences, with the states at each input, if it is one. */
  readonly recurrence: Recurrence | null;
}

interface Recurrence {
  readonly chain: RecurrenceChain<Rational>;
  readonly inputs: readonly (readonly Rational[])[];
  readonly states: readonly States[];
}

/** Null when a number is beyond the format; states are kept where that is asked for. */
function inFormat(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  format: FloatFormat,
  keeps: boolean,
): InFormat | null {
  const held = quantisedNetwork(network, format);
  const inputs = samples.map((sample) => roundedInputs(sample, format));
  if (!held || inputs.some((values) => values === null)) return null;
  const own = { format, network: held, inputs: inputs as Values<Rational>[] };
  const read = readRecurrences(held);
  if (typeof read === 'string') return { ...own, recurrence: null };
  const chain = { layers: read.chain.layers, C: read.rows[output === REAL_OUTPUT ? 0 : 1] };
  const sequences = own.inputs.map((values) => Object.values(values)[0].dense(Rational.zero));
  const states = statesAt(chain, sequences, keeps);
  return { ...own, recurrence: { chain, inputs: sequences, states } };
}

/** Steps of states beyond which intervals are not followed entry by entry: they are no sharper by more than a ten-thousandth. */
const MANY_STATES = 1 << 14;

function isLarge({ recurrence }: InFormat): boolean {
  const states = recurrence?.chain.layers.reduce((total, { A }) => total + A.length, 0) ?? 0;
  return states * (recurrence?.inputs[0]?.length ?? 0) > MANY_STATES;
}

function common(a: Ends, b: Ends): Ends {
  return { lo: a.lo.max(b.lo), hi: a.hi.min(b.hi) };
}

function leavesRange({ recurrence, format }: InFormat): boolean {
  const most = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;
  return recurrence?.states.some(({ layers }) => layers.some(({ largest }) => largest.size > most)) ?? false;
}

/** Whether roundings propagate linearly: in recurrences none of whose numbers the device takes for 0. */
function isLinear(held: InFormat, provider: Target['provider']): held is InFormat & { recurrence: Recurrence } {
  const { format, recurrence } = held;
  if (!recurrence || !ACCURACY[provider].flushes) return recurrence !== null;
  const { chain, inputs } = recurrence;
  const { layers, C } = chain;
  const weights = [C, ...layers.flatMap(({ A, B }) => [...A, ...B])].flatMap((row) => row.map(([, entry]) => entry));
  const least = Rational.pow2(format.minExponent);
  const isSubnormal = (x: Rational) => !x.isZero() && x.abs().lt(least);
  return ![weights, ...inputs].some((entries) => entries.some(isSubnormal));
}

/** Ranges of the output of recurrences, by how their roundings propagate. */
function propagated(
  { network: held, format, recurrence: { chain, inputs, states } }: InFormat & { recurrence: Recurrence },
  moved: readonly Ranges[],
  provider: Target['provider'],
): readonly Ranges[] {
  const complex = readStateSpace(held);
  const model = typeof complex === 'string' ? null : complex;
  const errorsAt = recurrenceRounding(chain, model, inputs[0].length, format, ACCURACY[provider]);
  return errorsAt(inputs, states).map((errors, k) =>
    moved[k].map(({ lo, hi }, t) => ({ lo: lo.sub(fromFloat(errors[t])), hi: hi.add(fromFloat(errors[t])) })),
  );
}

/** How far rounding weights and inputs to a format moves the output at most; null when a number is beyond the format. */
export function quantisationError(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  format: FloatFormat,
): Rational | null {
  const held = inFormat(network, output, samples, format, false);
  const moved = held && quantised(network, output, samples, held);
  return moved && largest(samples, moved, distance);
}

/** The exact outputs of the network with rounded weights and inputs: the expected ones, where rounding changes nothing. */
function quantised(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  { network: moved, inputs, format, recurrence }: InFormat,
): readonly Ranges[] | null {
  if (moved === network && samples.every((sample, k) => sample.inputs === inputs[k])) {
    return samples.map((sample) => {
      const { uncertainty = Rational.zero } = sample;
      return expectedEntries(sample).map((entry) => ({ lo: entry.sub(uncertainty), hi: entry.add(uncertainty) }));
    });
  }
  const direct = directSampler(moved, output);
  if (direct) return inputs.map((values) => direct(values).map((value) => ({ lo: value, hi: value })));
  const known = recurrence?.states.flatMap((states) => (states.output ? [states.output] : []));
  if (known?.length === samples.length && isSharp(known, format)) return known;
  /** Null where an output has no finite bounds, such as values beyond all doubles. */
  const evaluated = <I>(A: Arithmetic<I>): readonly Ranges[] | null => {
    const evaluate = compile(moved, intervals(A));
    const found = inputs.map((values) =>
      evaluate(converted(values, A))
        [output].dense(A.zero)
        .map((x) => [A.lower(x), A.upper(x)] as const),
    );
    const isBounded = found.every((entries) => entries.every(([lo, hi]) => lo !== undefined && hi !== undefined));
    return isBounded ? found.map((entries) => entries.map(([lo, hi]) => onGrid(lo!, hi!))) : null;
  };
  const isCoarse = format.precision < FORMATS.float64.precision;
  let found = isCoarse ? evaluated(doubleIntervals) : evaluated(ballIntervals(128));
  for (const bits of [256, 1024]) {
    if (found && isSharp(found, format)) break;
    found = evaluated(ballIntervals(bits));
  }
  return found;
}

/** Whether enclosures are far narrower than what the format resolves of the largest of them. */
function isSharp(found: readonly Ranges[], format: FloatFormat): boolean {
  const entries = found.flat();
  const largest = maximum(entries.map(({ lo, hi }) => lo.abs().max(hi.abs())));
  const resolved = largest.mul(Rational.pow2(-format.precision - 6));
  return entries.every(({ lo, hi }) => hi.sub(lo).le(resolved));
}

/** The inputs rounded to a format: the same object where it holds them, null where one is beyond it. */
function roundedInputs({ inputs }: Expectation, format: FloatFormat): Values<Rational> | null {
  const rounded = Object.entries(inputs).map(([name, value]) => [name, quantisedTensor(value, format)] as const);
  if (rounded.some(([, value]) => value === null)) return null;
  return rounded.every(([name, value]) => value === inputs[name])
    ? inputs
    : (Object.fromEntries(rounded) as Values<Rational>);
}

function converted<S>(inputs: Values<Rational>, algebra: Pick<Algebra<S>, 'of'>): Values<S> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, convert(value, algebra)]));
}

function largest(
  samples: readonly Expectation[],
  ranges: readonly Ranges[],
  measure: (range: Ends, expected: Rational) => Rational,
): Rational {
  return maximum(
    samples.flatMap((sample, k) =>
      expectedEntries(sample).map((entry, i) => measure(ranges[k][i], entry).add(sample.uncertainty ?? Rational.zero)),
    ),
  );
}

/** The distance of the farther end. */
function distance({ lo, hi }: Ends, from: Rational): Rational {
  return from.sub(lo).max(hi.sub(from));
}

/** The largest distance of a number in one range from one in the other. */
function apart(a: Ends, b: Ends): Rational {
  return a.hi.sub(b.lo).max(b.hi.sub(a.lo));
}

function maximum(values: readonly Rational[]): Rational {
  return values.reduce((a, b) => a.max(b), Rational.zero);
}
