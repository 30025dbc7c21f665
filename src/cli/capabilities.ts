import { createRequire } from 'node:module';
import { DTYPES, PROVIDERS } from '../evaluate/target.js';
import { Builder } from '../network/builder.js';
import { tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import { encode, openSession } from '../onnx/index.js';
import { tool } from '../version.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common } from './flags.js';
import { emit } from './output.js';

const LIBRARIES = ['onnxruntime-node', 'bullmq'] as const;

/** `exhibit capabilities`: what works here, tried and not guessed. */
export async function capabilities(flags: CommonFlags): Promise<number> {
  common(flags);
  const providers: Trial[] = [];
  for (const provider of PROVIDERS) {
    for (const dtype of DTYPES) providers.push(await trial(provider, dtype));
  }
  const libraries = Object.fromEntries(LIBRARIES.map((name) => [name, versionOf(name)]));
  const numbers = ['exact rationals (BigInt)', 'float64 intervals', 'arbitrary-precision balls (BigInt)', 'decimal.js'];
  emit(
    flags,
    () => ({ tool: tool(), node: process.version, libraries, numbers, providers }),
    () =>
      [
        `exhibit ${tool().version}, node ${process.version}`,
        ...Object.entries(libraries).map(([name, version]) => `  ${name} ${version}`),
        `numbers: ${numbers.join(', ')}`,
        'execution:',
        ...PROVIDERS.flatMap((provider) => providerLines(providers.filter((trial) => trial.provider === provider))),
        '',
      ].join('\n'),
  );
  return EXIT.proved;
}

interface Trial {
  readonly provider: string;
  readonly dtype: string;
  readonly works: boolean;
  readonly reason?: string;
}

/** `cpu: float64, float32` for the formats that work, and each reason once, with the formats where others do work. */
function providerLines(trials: readonly Trial[]): string[] {
  const isNone = trials.every(({ works }) => !works);
  return [...new Set(trials.map(({ reason }) => reason))].map((reason) => {
    const group = trials.filter((trial) => trial.reason === reason);
    const dtypes = group.map(({ dtype }) => dtype);
    if (reason === undefined) return `  ${group[0].provider}: ${dtypes.join(', ')}`;
    const missing = isNone && group.length === trials.length ? '' : `${dtypes.join(' and ')} `;
    return `  ${group[0].provider}: ${missing}not available: ${reason}`;
  });
}

/** Runs a network of two weights; it works when the result is right. */
async function trial(provider: (typeof PROVIDERS)[number], dtype: (typeof DTYPES)[number]): Promise<Trial> {
  const target = { provider, dtype };
  const b = new Builder();
  const x = b.input('x', { entry: 2 });
  const y = b.relu(b.matmul(x, b.constant(tensor([2, 1], [Rational.of(2), Rational.of(-1)]))));
  try {
    const session = await openSession(encode(b.network({ y }), { dtype }).model, { provider });
    try {
      const { y: result } = await session.run({ x: { dims: [1, 2], data: Float64Array.of(3, 1) } });
      const works = result.data[0] === 5;
      return works ? { ...target, works } : { ...target, works, reason: `computed ${result.data[0]} for 5` };
    } finally {
      await session.release();
    }
  } catch (error) {
    return { ...target, works: false, reason: (error as Error).message };
  }
}

function versionOf(library: string): string {
  const require = createRequire(import.meta.url);
  try {
    return require(`${library}/package.json`).version;
  } catch {
    return 'not installed';
  }
}
