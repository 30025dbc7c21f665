import { InputError } from '../errors.js';
import { ACCURACY } from '../evaluate/accuracy.js';
import { compile, type Values } from '../evaluate/evaluate.js';
import { OverflowPossible, rounded } from '../evaluate/rounded.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { toDecimal } from '../numbers/decimal.js';
import { type FloatFormat, FORMATS } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import { tool } from '../version.js';
import type { Finding, Target } from './theorem.js';

/** Largest number of entries of one tensor in one call. */
const LARGEST_BATCH = 1 << 22;

/** Inputs and what the output should be there: all its entries, or the one that it has. */
export interface Expectation {
  readonly inputs: Values<Rational>;
  readonly expected: Rational | readonly Rational[];
  /** How far `expected` may be from the exact values, when these are irrational; 0 when absent. */
  readonly uncertainty?: Rational;
}

/**
 * Runs the network through onnxruntime on every sample and compares the outputs with the exact expected values.
 *
 * The finding is `observed` when the measured error is within the bound that `rounded` computes for the format, and
 * `refuted` when it is not: then the bound or the device is wrong. Where the format cannot hold the weights or may
 * overflow there is no bound, and the measured error is a reported fact.
 */
export async function runSamples(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  target: Target,
  context: { theorem: string; progress(message: string, done?: number, total?: number): void },
): Promise<Finding> {
  const suffix = `${target.provider}.${target.dtype}`;
  const bound = executionBound(network, output, samples, target);
  const measured = await measure(network, output, samples, target, context);
  const base = {
    suffix,
    predicted: bound,
    steps: [],
    method: `onnxruntime, ${target.provider} provider, graph optimisation off`,
  };
  if (measured.kind === 'refused') {
    return {
      ...base,
      verdict: 'observed',
      statement: `${target.dtype} cannot hold this network`,
      enclosure: null,
      witness: null,
      facts: [measured.reason],
    };
  }
  const { worst, nonFinite } = measured;
  const within = bound === null || (nonFinite === 0 && worst.error.le(bound));
  return {
    ...base,
    verdict: within ? 'observed' : 'refuted',
    statement:
      bound === null
        ? `on ${target.provider} in ${target.dtype} values may overflow: no error bound`
        : `on ${target.provider} in ${target.dtype} the error is at most ${toDecimal(bound, 3, 'up')}`,
    enclosure: { lo: worst.error, hi: bound },
    witness: { sample: worst.index, output: worst.output },
    facts: [
      nonFinite > 0
        ? `${nonFinite} of ${samples.reduce((sum, { expected }) => sum + entriesOf(expected).length, 0)} outputs are not finite`
        : `measured error ${toDecimal(worst.error, 3, 'up')} over ${samples.length} inputs`,
    ],
  };
}

/** The largest error of any execution in the format, over the samples; null when a value may overflow. */
export function executionBound(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  target: Target,
): Rational | null {
  try {
    const algebra = rounded(FORMATS[target.dtype], ACCURACY[target.provider]);
    const evaluate = compile(network, algebra);
    let bound = Rational.zero;
    for (const { inputs, expected, uncertainty = Rational.zero } of samples) {
      const floats = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value.map(algebra.of)]));
      const enclosures = evaluate(floats)[output].dense(algebra.zero);
      entriesOf(expected).forEach((entry, k) => {
        const { lo, hi } = enclosures[k];
        bound = bound.max(entry.sub(fromFloat(lo)).add(uncertainty)).max(fromFloat(hi).sub(entry).add(uncertainty));
      });
    }
    return bound;
  } catch (error) {
    if (error instanceof OverflowPossible) return null;
    throw error;
  }
}

type Measured =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'run';
      readonly worst: { index: number; error: Rational; output: string };
      readonly nonFinite: number;
    };

async function measure(
  network: Network,
  output: string,
  samples: readonly Expectation[],
  target: Target,
  { theorem, progress }: { theorem: string; progress(message: string, done?: number, total?: number): void },
): Promise<Measured> {
  const { encode, openSession } = await import('../onnx/index.js');
  let model: Uint8Array;
  try {
    model = encode(network, { dtype: target.dtype, metadata: { theorem, version: tool().version } }).model;
  } catch (error) {
    if (error instanceof InputError) return { kind: 'refused', reason: error.message };
    throw error;
  }
  const session = await openSession(model, { provider: target.provider });
  try {
    const perCall = Math.max(1, Math.floor(LARGEST_BATCH / largestTensor(network)));
    let worst = { index: 0, error: Rational.of(-1), output: '' };
    let nonFinite = 0;
    for (let start = 0; start < samples.length; start += perCall) {
      progress(`running ${target.dtype} on ${target.provider}`, start, samples.length);
      const batch = samples.slice(start, start + perCall);
      const inputs = batch.map((sample) => sample.inputs);
      const outputs = (await session.run(stack(network, inputs, FORMATS[target.dtype])))[output].data;
      const size = outputs.length / batch.length;
      batch.forEach(({ expected }, k) => {
        entriesOf(expected).forEach((entry, i) => {
          const found = outputs[k * size + i];
          if (!Number.isFinite(found)) nonFinite += 1;
          else {
            const error = fromFloat(found).sub(entry).abs();
            if (worst.error.lt(error)) worst = { index: start + k, error, output: String(found) };
          }
        });
      });
    }
    return { kind: 'run', worst: { ...worst, error: worst.error.max(Rational.zero) }, nonFinite };
  } finally {
    await session.release();
  }
}

function entriesOf(expected: Rational | readonly Rational[]): readonly Rational[] {
  return expected instanceof Rational ? [expected] : expected;
}

/** The inputs one after the other, each number rounded once to the format that it is fed in. */
function stack(
  network: Network,
  batch: readonly Values<Rational>[],
  format: FloatFormat,
): Record<string, { dims: number[]; data: Float64Array }> {
  return Object.fromEntries(
    network.inputs.map((node) => {
      const { name } = node.attributes;
      const shape = sizes(node.shape);
      const data = Float64Array.from(
        batch.flatMap((inputs) => inputs[name].dense(Rational.zero).map((entry) => toFloat(entry, format, 'nearest'))),
      );
      return [name, { dims: [batch.length, ...shape], data }];
    }),
  );
}

function largestTensor(network: Network): number {
  return network.nodes.reduce((most, node) => Math.max(most, sizeOf(sizes(node.shape))), 1);
}
