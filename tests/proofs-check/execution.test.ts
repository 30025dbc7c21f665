import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DTYPES } from '../../src/cli/flags.js';
import { readInstanceFile, resolveInstance } from '../../src/cli/instance.js';
import { UnsupportedOperation } from '../../src/evaluate/algebra.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import type { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { sizeOf, Tensor } from '../../src/network/tensor.js';
import { dyadicFraction, lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import { runSamples } from '../../src/proof/execution.js';
import { construct, verify } from '../../src/proof/verify.js';
import { ROOT } from '../cli/exhibit.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';
const FOLDER = join(ROOT, 'proofs-check');
const ALL = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /instances\/[^/]+\.yaml$/.test(name))
  .map((name) => join(FOLDER, name))
  .filter((file) => readInstanceFile(file).expect !== 'bad-input')
  .sort();
/** Names and files of the instances to run. */
const chosen = (names: readonly string[]) =>
  ALL.map((file) => [basename(file, '.yaml'), file] as const).filter(([name]) => NIGHTLY || names.includes(name));
const LONG = NIGHTLY ? 600_000 : 60_000;

describe('every execution claim holds in every format on the CPU', () => {
  const targets = DTYPES.map((dtype) => ({ provider: 'cpu', dtype }) as const);

  test.each(
    chosen(['softmin-gap-small-beta', 'memorize-one-sequence', 'task-one-head', 'retrieval-sharp', 'norm-small-tau']),
  )(
    '%s',
    async (_, file) => {
      const { theorem, instance } = await resolveInstance(file);
      const { claims } = await verify(theorem, instance, {
        seed: 3,
        digits: 17,
        execution: targets,
        progress: () => {},
      });
      for (const { id, claim, verdict, enclosure, facts } of claims.filter(
        (found) => found.claim.kind === 'execution',
      )) {
        expect(verdict, `${id}: ${facts?.join('; ')}`).toBe('observed');
        if (enclosure?.lo && enclosure.hi) expect(enclosure.lo.le(enclosure.hi), `${claim.id}`).toBe(true);
      }
    },
    LONG,
  );
});

const MOST_WEIGHTS = 200_000;

describe('networks without attention stay within their bounds at random inputs', () => {
  test.each(
    chosen(['hat-interpolation-square', 'yarotsky-square-20-layers', 'threshold-min-thousand', 'relu-product-pieces']),
  )(
    '%s',
    async (_, file) => {
      const { theorem, instance } = await resolveInstance(file);
      const network = await construct(theorem, instance, 0).then(({ construction }) => construction.network);
      const weights = network.nodes.reduce((total, { shape }) => total + sizeOf(sizes(shape)), 0);
      if (weights > MOST_WEIGHTS) return;
      const samples = samplesOf(network, 5);
      if (!samples) return;
      for (const dtype of DTYPES) {
        for (const { name } of network.outputs.slice(0, 1)) {
          const target = { provider: 'cpu', dtype } as const;
          const finding = await runSamples(network, name, samples, target, { theorem: theorem.id, progress: () => {} });
          expect(finding.verdict, finding.facts?.join('; ')).toBe('observed');
        }
      }
    },
    LONG,
  );
});

/** Random inputs of [0, 1] with the exact outputs; null where these are irrational. */
function samplesOf(network: Network, count: number) {
  const random = lehmer(9);
  const evaluate = compile(network, exact);
  const output = network.outputs[0].name;
  try {
    return Array.from({ length: count }, () => {
      const entries = network.inputs.map((node) => {
        const shape = sizes(node.shape);
        return [
          node.name,
          new Tensor(
            shape,
            Array.from({ length: sizeOf(shape) }, () => dyadicFraction(random, 8)),
          ),
        ] as const;
      });
      const inputs = Object.fromEntries(entries);
      return { inputs, expected: evaluate(inputs)[output].dense(Rational.zero) };
    });
  } catch (error) {
    if (error instanceof UnsupportedOperation) return null;
    throw error;
  }
}
