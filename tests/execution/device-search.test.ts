import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FEATURES, RETRIEVED, type RetrievalDesign } from '../../constructions/multi-head.js';
import { coordinateNames, readoutNames } from '../../constructions/retrieval-task.js';
import { headHints } from '../../proofs-check/head-count/retrieval/hints.js';
import { retrievalDeviation } from '../../proofs-check/head-count/retrieval/precision.js';
import { limitsOf } from '../../proofs-check/head-count/retrieval/worst-points.js';
import { construct, verify } from '../../src/audit/verify.js';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import type { Target } from '../../src/evaluate/target.js';
import { searchDevice } from '../../src/execution/device-search.js';
import { domainDeviation } from '../../src/execution/precision.js';
import { resolveInstance } from '../../src/library/instance.js';
import type { Network } from '../../src/network/network.js';
import { approximate } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { type NetBounds, proveRetrieval } from '../../src/proof/rules/retrieval/index.js';
import { toFloat64 } from '../../src/symbolic/float64.js';
import { INSTANCES } from '../cli/exhibit.js';
import { hasVulkan } from '../onnx/gpu.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';

describe('retrieval over 64 tokens, on inputs drawn at random and on inputs that climb', () => {
  let network: Network;
  let design: RetrievalDesign;
  let approximation: number;
  let bounds: readonly NetBounds[];

  beforeAll(async () => {
    const { theorem, instance } = await resolveInstance(join(INSTANCES, 'retrieval-two-heads.yaml'));
    const { construction } = await construct(theorem, instance, 0);
    ({ network, design } = construction as { network: Network; design: RetrievalDesign });
    const limits = { ...limitsOf(design, Number.POSITIVE_INFINITY), progress: () => {} };
    bounds = proveRetrieval(network, design.task, headHints(design), limits).features!.map((one) => one.bounds);
    const result = await verify(theorem, instance, { seed: 0, digits: 17, execution: [], progress: () => {} });
    approximation = approximate(result.claims.find(({ id }) => id === 'error')!.enclosure!.hi!);
  }, 60_000);

  /** H at each row, in doubles. */
  function targets(rows: Float64Array): number[] {
    const { T, d, features, positions, readout } = design.task;
    const values = features.map((feature) => toFloat64([feature], coordinateNames(d)));
    const F = toFloat64([readout], readoutNames(features.length));
    return Array.from({ length: rows.length / (T * d) }, (_, k) => {
      const at = (i: number, t: number) =>
        values[i](Array.from(rows.subarray((k * T + t) * d, (k * T + t + 1) * d)))[0];
      return F(positions.map((S, i) => S.reduce((least, t) => Math.min(least, at(i, t)), 1)))[0];
    });
  }

  const cases: readonly (readonly [Target['provider'], Target['dtype'], number, boolean])[] = [
    ['cpu', 'float32', NIGHTLY ? 1_000_000 : 2_048, true],
    ['cpu', 'float16', NIGHTLY ? 100_000 : 256, true],
    ['webgpu', 'float32', NIGHTLY ? 20_000 : 64, hasVulkan],
  ];
  for (const [provider, dtype, inputs, isHere] of cases) {
    test.skipIf(!isHere)(
      `${inputs} inputs never exceed the proved error and the proved deviation of ${dtype} on ${provider}`,
      async () => {
        const tensors = { features: FEATURES, retrieved: RETRIEVED };
        const deviationOf = retrievalDeviation(network, tensors, design.task, bounds);
        const own = approximate(domainDeviation(deviationOf, { provider, dtype })!.execution);
        const wide = { format: FORMATS.float64, device: ACCURACY.cpu };
        const reference = deviationOf({ weights: FORMATS.float64, execution: wide })!;
        let farthest = 0;
        const visit = (rows: Float64Array, outputs: Float64Array) => {
          targets(rows).forEach((target, k) => {
            farthest = Math.max(farthest, Math.abs(outputs[k] - target));
          });
        };
        const found = await searchDevice(network, { provider, dtype }, { inputs, seed: 5, batch: 512, visit });
        if (NIGHTLY) console.log(provider, dtype, { ...found, input: undefined }, { farthest, own, approximation });
        expect(found.inputs).toBe(inputs);
        expect(found.error).toBeLessThanOrEqual(own + reference);
        expect(found.error).toBeGreaterThan(0);
        expect(farthest).toBeLessThanOrEqual(approximation + own);
      },
      NIGHTLY ? 1_800_000 : 60_000,
    );
  }

  test('climbing finds larger errors than drawing', async () => {
    const target = { provider: 'cpu', dtype: 'float32' } as const;
    const drawn = await searchDevice(network, target, { inputs: 1024, seed: 1, batch: 256, coverage: 1 });
    const climbed = await searchDevice(network, target, { inputs: 1024, seed: 1, batch: 256, coverage: 1 / 8 });
    expect(climbed.error).toBeGreaterThan(drawn.error);
  });
});
