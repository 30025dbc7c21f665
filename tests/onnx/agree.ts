import { ACCURACY } from '../../src/evaluate/accuracy.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { OverflowPossible, rounded } from '../../src/evaluate/rounded.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { lehmer } from '../../src/numbers/random.js';
import type { DecodedModel } from '../../src/onnx/decode.js';
import { openSession } from '../../src/onnx/session.js';

/** How a decoded network and onnxruntime on the file itself compare over random inputs. */
export interface Agreement {
  readonly inputs: number;
  /** The largest difference as a share of what rounding the network's own operations may do. */
  readonly worst: number;
}

/** Where values may leave the range of the format there is no bound, and the comparison is a coarse one. */
const WITHOUT_BOUND = 2 ** -10;

/**
 * Runs the model on one example at a time, with entries between -span and span, in onnxruntime and in the network that
 * was read from it. A file may round in other places than the network does, so `worst` may exceed 1 a little.
 */
export async function agreement(
  model: Uint8Array,
  { network, dtype }: DecodedModel,
  count: number,
  span = 2,
): Promise<Agreement> {
  const session = await openSession(model, { provider: 'cpu', threads: 1 });
  const format = FORMATS[dtype];
  const evaluate = compile(network, float64);
  const bound = compile(network, rounded(format, ACCURACY.cpu));
  const random = lehmer(20261129);
  let worst = 0;
  for (let example = 0; example < count; example++) {
    const numbers = network.inputs.map((node) =>
      Array.from({ length: sizeOf(sizes(node.shape)) }, () => Math.round((2 * random() - 1) * span * 1024) / 1024),
    );
    const fed = network.inputs.map(({ attributes: { name } }, k) => {
      const { dims } = session.inputs.find((input) => input.name === name)!;
      return [name, { dims: dims.map((length) => length ?? 1), data: Float64Array.from(numbers[k]) }] as const;
    });
    const given = await session.run(Object.fromEntries(fed));
    const inputs = <S>(of: (x: number) => S) =>
      Object.fromEntries(
        network.inputs.map((node, k) => [node.attributes.name, new Tensor(sizes(node.shape), numbers[k].map(of))]),
      );
    const expected = evaluate(inputs((x) => x));
    const enclosed = enclosures(() => bound(inputs((x) => rounded(format, ACCURACY.cpu).of(fromFloat(x)))));
    for (const { name } of network.outputs) {
      const values = expected[name].dense(0);
      const actual = given[name].data;
      if (actual.length !== values.length) throw new Error(`${name}: ${actual.length} entries for ${values.length}`);
      values.forEach((value, k) => {
        // Undefined in both: a root of a negative number, say.
        if ((Number.isNaN(value) && Number.isNaN(actual[k])) || value === actual[k]) return;
        const held = enclosed?.[name].data[k];
        const allowed = held ? Math.max(held.hi - value, value - held.lo) : WITHOUT_BOUND * (1 + Math.abs(value));
        const off = Math.abs(actual[k] - value);
        if (off > 0) worst = Math.max(worst, off / Math.max(allowed, 2 ** -format.precision * Math.abs(value)));
        if (Number.isNaN(off)) worst = Number.POSITIVE_INFINITY;
      });
    }
  }
  await session.release();
  return { inputs: count, worst };
}

function enclosures<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof OverflowPossible) return null;
    throw error;
  }
}
