import { InputError } from '../errors.js';
import { ACCURACY, type Accuracy } from '../evaluate/accuracy.js';
import type { Target } from '../evaluate/target.js';
import type { Network } from '../network/network.js';
import { type Rescaled, rescaled } from '../network/rescaled.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { toDecimal } from '../numbers/decimal.js';
import { type FloatFormat, FORMATS } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import type { Step } from '../proof/step.js';
import type { Finding } from '../proof/theorem.js';
import type { Enclosure } from '../proof/verdict.js';
import { tool } from '../version.js';
import {
  type ExecutionBounds,
  type Expectation,
  executionBounds,
  expectedEntries,
  quantisationError,
} from './bounds.js';

export { type Expectation, quantisationError } from './bounds.js';

/** Largest number of entries of one tensor in one call. */
const LARGEST_BATCH = 1 << 22;

/** What an execution is set beside. */
export interface ExecutionContext {
  readonly theorem: string;
  /** The error that is proved of the exact network, if there is one. */
  readonly approximation?: Enclosure | null;
  progress(message: string, done?: number, total?: number): void;
}

/**
 * Runs the network through onnxruntime on every sample and compares the outputs with the exact expected values.
 *
 * The finding is `observed` when every output lies in the range that `rounded` computes for it in the format, and
 * `refuted` when one does not: then the bound or the device is wrong. Where the format cannot hold the weights or may
 * overflow there is no bound, and the measured error is a reported fact. The steps set side by side where the error
 * comes from: approximation (of the target by the exact network), quantisation (of weights and inputs), rounding (of
 * the execution), and what was measured against the exact network.
 */
export async function runSamples(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  target: Target,
  context: ExecutionContext,
): Promise<Finding> {
  const suffix = `${target.provider}.${target.dtype}`;
  const bounds = executionBounds(network, output, samples, target);
  const measured = await measure(network, output, samples, target, bounds, context);
  const bound = bounds.total;
  const base = {
    suffix,
    predicted: bound,
    method: `onnxruntime, ${target.provider} provider, graph optimisation off`,
  };
  if (measured.kind === 'refused') {
    const other = measured.what === 'network' ? rescaled(network, FORMATS[target.dtype]) : null;
    const again = other && (await runSamples(other.network, output, samples, target, context));
    return {
      ...base,
      verdict: again?.verdict ?? 'observed',
      statement: `${target.dtype} cannot hold ${measured.what === 'network' ? 'this network' : 'its inputs'}`,
      enclosure: null,
      witness: null,
      steps: [],
      facts: [measured.reason, ...(again ? rescalingFacts(other, again, target) : [])],
    };
  }
  const { worst, nonFinite, outside } = measured;
  const entries = samples.reduce((sum, sample) => sum + expectedEntries(sample).length, 0);
  return {
    ...base,
    verdict: bounds.ranges === null || outside === 0 ? 'observed' : 'refuted',
    statement:
      bound === null
        ? `on ${target.provider} in ${target.dtype} values may overflow: no error bound`
        : `on ${target.provider} in ${target.dtype} the error is at most ${toDecimal(bound, 3, 'up')}`,
    enclosure: { lo: worst.error, hi: bound },
    witness: { sample: worst.index, output: worst.output },
    steps: termSteps(network, target, bounds, worst.error, context.approximation),
    facts: [
      nonFinite > 0
        ? `${nonFinite} of ${entries} outputs are not finite`
        : `measured error ${toDecimal(worst.error, 3, 'up')} over ${samples.length} inputs${slack(bound, worst.error)}`,
      ...termFact(bounds, context.approximation),
      ...(target.dtype === 'float32' ? [storedFact(network, output, samples)] : []),
      ...(bounds.ranges && outside > 0 ? [`${outside} of ${entries} outputs lie outside their bounds`] : []),
    ],
  };
}

/** That an equivalent network fits the format, and what its execution came to. */
function rescalingFacts({ exponents }: Rescaled, { statement, facts }: Finding, { dtype }: Target): string[] {
  const scales = [...exponents].map(([name, e]) => `${name} by 2^${e}`).join(', ');
  return [`rescaled weights of the same function fit ${dtype} (${scales}): ${[statement, ...facts!].join('; ')}`];
}

function slack(bound: Rational | null, measured: Rational): string {
  return bound && measured.sign() > 0 ? `, slack factor ${toDecimal(bound.div(measured), 3, 'up')}` : '';
}

/** No provider computes in bfloat16, but weights are stored so and computed with in float32. */
function storedFact(network: Network, output: string, samples: readonly Expectation[]): string {
  const error = quantisationError(network, output, samples, FORMATS.bfloat16);
  return error
    ? `weights stored in bfloat16 would move the output by up to ${toDecimal(error, 3, 'up')}`
    : 'a weight is beyond the range of bfloat16';
}

function termFact({ quantisation, rounding }: ExecutionBounds, approximation?: Enclosure | null): string[] {
  const terms = { approximation: approximation?.hi, quantisation, rounding };
  const known = Object.entries(terms).flatMap(([name, value]) =>
    value ? [`${name} ${toDecimal(value, 3, 'up')}`] : [],
  );
  return known.length > 0 ? [`bounds: ${known.join(' + ')}`] : [];
}

function termSteps(
  network: Network,
  { provider, dtype }: Target,
  { quantisation, rounding }: ExecutionBounds,
  measured: Rational,
  approximation?: Enclosure | null,
): Step[] {
  const bounded = (id: string, rule: string, statement: string, hi: Rational | null | undefined): Step[] =>
    hi ? [{ id, rule, statement, verdict: 'proved', enclosure: { lo: null, hi } }] : [];
  const { assumed: unpublished }: Accuracy = ACCURACY[provider];
  const hasPowers = network.nodes.some(({ op }) => op === 'softmax');
  const assumed = hasPowers && unpublished[dtype] ? ` (assumed: ${unpublished[dtype]})` : '';
  return [
    ...bounded('approximation', 'earlier-claim', 'the exact network against its target', approximation?.hi),
    ...bounded(
      'quantisation',
      'enclosed-evaluation',
      `weights and inputs rounded to ${dtype}, against the exact network`,
      quantisation,
    ),
    ...bounded(
      'rounding',
      'a-priori-rounding',
      `any execution in ${dtype} by operations as accurate as those of ${provider}${assumed}, against the rounded weights`,
      rounding,
    ),
    {
      id: 'measured',
      rule: 'measurement',
      statement: 'the largest error against the exact network',
      verdict: 'observed',
      enclosure: { lo: measured, hi: measured },
    },
  ];
}

type Measured =
  | { readonly kind: 'refused'; readonly what: 'network' | 'inputs'; readonly reason: string }
  | {
      readonly kind: 'run';
      readonly worst: { index: number; error: Rational; output: string };
      readonly nonFinite: number;
      /** Outputs that are not in their ranges, among them those that are not finite. */
      readonly outside: number;
    };

async function measure(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  target: Target,
  { ranges }: ExecutionBounds,
  { theorem, progress }: ExecutionContext,
): Promise<Measured> {
  const beyond = inputBeyond(network, samples, FORMATS[target.dtype]);
  if (beyond) return { kind: 'refused', what: 'inputs', reason: beyond };
  const [{ encode }, { openSession }] = await Promise.all([import('../onnx/encode.js'), import('../onnx/session.js')]);
  let model: Uint8Array;
  try {
    model = encode(network, { dtype: target.dtype, metadata: { theorem, version: tool().version } }).model;
  } catch (error) {
    if (error instanceof InputError) return { kind: 'refused', what: 'network', reason: error.message };
    throw error;
  }
  // One thread: those that wait for work spin, which takes longer than most networks do.
  const session = await openSession(model, { provider: target.provider, threads: 1 });
  try {
    // An output that no input reaches comes once for the whole batch.
    const depends = network.outputs.find(({ name }) => name === output)!.node.batched;
    const perCall = Math.max(1, Math.floor(LARGEST_BATCH / largestTensor(network)));
    let worst = { index: 0, error: Rational.of(-1), output: '' };
    let [nonFinite, outside] = [0, 0];
    for (let start = 0; start < samples.length; start += perCall) {
      progress(`running ${target.dtype} on ${target.provider}`, start, samples.length);
      const batch = samples.slice(start, start + perCall);
      const feeds = stack(network, batch, FORMATS[target.dtype]);
      const outputs = (await session.run(feeds))[output].data;
      const size = depends ? outputs.length / batch.length : 0;
      batch.forEach((sample, k) => {
        expectedEntries(sample).forEach((entry, i) => {
          const float = outputs[k * size + i];
          if (!Number.isFinite(float)) {
            nonFinite += 1;
            outside += 1;
            return;
          }
          const found = fromFloat(float);
          const range = ranges?.[start + k][i];
          if (range && (found.lt(range.lo) || range.hi.lt(found))) outside += 1;
          const error = found.sub(entry).abs();
          if (worst.error.lt(error)) worst = { index: start + k, error, output: String(float) };
        });
      });
    }
    return { kind: 'run', worst: { ...worst, error: worst.error.max(Rational.zero) }, nonFinite, outside };
  } finally {
    await session.release();
  }
}

/** Where an input leaves the range of a format; null where none does. */
function inputBeyond({ inputs }: Network, samples: readonly Expectation[], format: FloatFormat): string | null {
  for (const { attributes } of inputs) {
    const isBeyond = (value: Rational) => !Number.isFinite(toFloat(value, format, 'nearest'));
    for (const sample of samples) {
      const entry = sample.inputs[attributes.name]?.data.find(isBeyond);
      if (!entry) continue;
      return `input '${attributes.name}' has an entry ${toDecimal(entry, 6, 'nearest')}, beyond the range of ${format.name}`;
    }
  }
  return null;
}

/** The inputs one after the other, each number rounded once to the format that it is fed in. */
function stack(
  network: Network,
  batch: readonly Expectation[],
  format: FloatFormat,
): Record<string, { dims: number[]; data: Float64Array }> {
  return Object.fromEntries(
    network.inputs.map((node) => {
      const { name } = node.attributes;
      const shape = sizes(node.shape);
      const data = Float64Array.from(
        batch.flatMap(({ inputs }) =>
          inputs[name].dense(Rational.zero).map((entry) => toFloat(entry, format, 'nearest')),
        ),
      );
      return [name, { dims: [batch.length, ...shape], data }];
    }),
  );
}

function largestTensor(network: Network): number {
  return network.nodes.reduce((most, node) => Math.max(most, sizeOf(sizes(node.shape))), 1);
}
