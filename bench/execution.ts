import { fileURLToPath } from 'node:url';
import { memorizationFromData } from '../constructions/single-head.js';
import { readSequences } from '../src/data/sequences.js';
import { compile } from '../src/evaluate/evaluate.js';
import { float64 } from '../src/evaluate/float64.js';
import { Tensor } from '../src/network/tensor.js';
import { encode, openSession } from '../src/onnx/index.js';
import { type Row, show } from './row.js';

const SHAPE = { T: 16, d: 2 };
const ENTRIES = SHAPE.T * SHAPE.d;
const SEQUENCES = 100;
const BATCHES = [1, 16, 256, 4096];
/** Where to run; a provider that does not work here is left out. */
const TARGETS = [
  ['cpu', 'float64'],
  ['cpu', 'float32'],
  ['webgpu', 'float32'],
  ['cuda', 'float32'],
] as const;
/** Seconds to measure for at each batch size. */
const LONG_ENOUGH = 1;
/** Seconds of one call after which no larger batch is tried, on a GPU in software. */
const TOO_LONG = 2;
const DATA = fileURLToPath(
  new URL('../../proofs-check/head-count/instances/seattle-temperatures.csv', import.meta.url),
);

/** Inputs per second of a memorising transformer through onnxruntime and through the float64 interpreter. */
export async function rows(): Promise<Row[]> {
  const sequences = readSequences(DATA, SHAPE).slice(0, SEQUENCES);
  const { network } = memorizationFromData(sequences, SHAPE);
  const inputs = sequences.map(({ values }) => values.map((value) => Number(value.num)));
  const evaluate = compile(network, float64);
  const own = await perSecond(1, async (k) => {
    evaluate({ x: new Tensor([SHAPE.T, SHAPE.d], inputs[k % inputs.length]) });
  });
  const result: Row[] = [{ name: 'float64 interpreter, one input at a time', value: show(own, 'inputs per second') }];
  for (const [provider, dtype] of TARGETS) {
    const session = await openSession(encode(network, { dtype }).model, { provider }).catch(() => null);
    if (!session) continue;
    for (const batch of BATCHES) {
      const data = Float64Array.from({ length: batch * ENTRIES }, (_, k) => {
        return inputs[Math.floor(k / ENTRIES) % inputs.length][k % ENTRIES];
      });
      const rate = await perSecond(batch, async () => {
        await session.run({ x: { dims: [batch, SHAPE.T, SHAPE.d], data } });
      });
      const value = `${show(rate, 'inputs per second')}, ${show(rate / own, 'times the interpreter')}`;
      result.push({ name: `onnxruntime, ${provider} in ${dtype}, batches of ${batch}`, value });
      if (batch / rate > TOO_LONG) break;
    }
    await session.release();
  }
  return result;
}

async function perSecond(batch: number, run: (k: number) => Promise<void>): Promise<number> {
  await run(0);
  const start = performance.now();
  let runs = 0;
  while (performance.now() - start < 1000 * LONG_ENOUGH) await run(runs++);
  return (1000 * batch * runs) / (performance.now() - start);
}
