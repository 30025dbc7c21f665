import type { Target } from '../evaluate/target.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import { lehmer } from '../numbers/random.js';

export interface DeviceSearch {
  /** How many inputs to try in all. */
  readonly inputs: number;
  readonly seed: number;
  /** Inputs per call; default 1024. */
  readonly batch?: number;
  /** The part of the inputs that are drawn at random, before the others climb; default 1/2. */
  readonly coverage?: number;
  progress?(message: string, done: number, total: number): void;
  /** Sees every batch: the inputs row by row and the outputs of the device. */
  visit?(rows: Float64Array, outputs: Float64Array): void;
}

/** The input at which a device was found farthest from float64, and by how much. */
export interface DeviceError {
  readonly input: Float64Array;
  readonly error: number;
  readonly inputs: number;
  readonly seconds: number;
}

const ELITE = 16;
const BATCH = 1024;

/**
 * Looks for the input in [0, 1]^n at which a device's output is farthest from what onnxruntime computes in float64 on
 * the CPU: random inputs first, then mutations of the worst so far, judged by the device's own outputs. What it finds is
 * an observation; a bound for all inputs must be above it, up to float64's own error. The network has one input and one
 * output with a single entry.
 */
export async function searchDevice(network: Network, target: Target, search: DeviceSearch): Promise<DeviceError> {
  const { encode, openSession } = await import('../onnx/index.js');
  const { inputs, seed, batch = BATCH, coverage = 1 / 2 } = search;
  const [input] = network.inputs;
  const shape = sizes(input.shape);
  const size = sizeOf(shape);
  const { name } = input.attributes;
  const output = network.outputs[0].name;
  const device = await openSession(encode(network, { dtype: target.dtype }).model, { provider: target.provider });
  const reference = await openSession(encode(network, { dtype: 'float64' }).model, { provider: 'cpu' });
  const random = lehmer(seed);
  const started = performance.now();
  const held = rounding(target.dtype);
  let elite: { row: Float64Array; error: number }[] = [];
  try {
    for (let done = 0; done < inputs; done += batch) {
      search.progress?.(`searching on ${target.provider} in ${target.dtype}`, done, inputs);
      const count = Math.min(batch, inputs - done);
      const climbs = done >= inputs * coverage && elite.length > 0;
      const rows = Array.from({ length: count }, (_, k) =>
        climbs
          ? mutated(elite[k % elite.length].row, elite[Math.floor(random() * elite.length)].row, random, held)
          : Float64Array.from({ length: size }, () => held(random())),
      );
      const data = new Float64Array(count * size);
      for (const [k, row] of rows.entries()) data.set(row, k * size);
      const feed = { [name]: { dims: [count, ...shape], data } };
      const found = (await device.run(feed))[output].data;
      const expected = (await reference.run(feed))[output].data;
      search.visit?.(data, found);
      const errors = rows.map((row, k) => ({ row, error: difference(found[k], expected[k]) }));
      elite = [...elite, ...errors].sort((a, b) => b.error - a.error).slice(0, ELITE);
    }
  } finally {
    await device.release();
    await reference.release();
  }
  const seconds = (performance.now() - started) / 1000;
  return { input: elite[0].row, error: elite[0].error, inputs, seconds };
}

function difference(found: number, expected: number): number {
  return Number.isFinite(found) ? Math.abs(found - expected) : Number.POSITIVE_INFINITY;
}

function rounding(dtype: Target['dtype']): (x: number) => number {
  if (dtype === 'float64') return (x) => x;
  return dtype === 'float32' ? Math.fround : (x) => toFloat(fromFloat(x), FORMATS[dtype], 'nearest');
}

/** Another input near one of the worst: some entries drawn anew, moved a little, or taken from another of the worst. */
function mutated(
  row: Float64Array,
  other: Float64Array,
  random: () => number,
  held: (x: number) => number,
): Float64Array {
  const share = random() ** 3;
  const kind = Math.floor(random() * 3);
  const scale = 2 ** (-24 * random());
  return row.map((x, k) => {
    if (random() > share) return x;
    if (kind === 0) return held(random());
    return kind === 1 ? other[k] : held(Math.min(1, Math.max(0, x + scale * (2 * random() - 1))));
  });
}
