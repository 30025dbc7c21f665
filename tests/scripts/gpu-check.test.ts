import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, ROOT, scratch } from '../cli/exhibit.js';
import { hasVulkan } from '../onnx/gpu.js';

const folder = scratch();
const CHECK = join(ROOT, 'scripts/gpu-check');

describe('scripts/gpu-check', () => {
  test.skipIf(!hasVulkan)('runs the execution claims on WebGPU and writes one JSON', async () => {
    const file = join(folder, 'software.json');
    const { code, stdout } = await launch('/bin/sh', [CHECK, '--only', 'memorize-one-sequence', '-o', file], {});
    const report = JSON.parse(readFileSync(file, 'utf8'));
    expect(code).toBe(0);
    expect(stdout).toContain('"observed":1');
    expect(report.date).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(report).toMatchObject({ node: process.version, counts: { observed: 1, refuted: 0 } });
    expect(report.onnxruntime).toMatch(/^\d+\.\d+/);
    const [float32] = report.results;
    expect(float32).toMatchObject({ provider: 'webgpu', dtype: 'float32', verdict: 'observed' });
    expect(Number(float32.terms.measured)).toBeLessThanOrEqual(Number(float32.enclosure[1]));
  });

  test.runIf(process.platform === 'linux')('exits 3 where no GPU answers, and says why for each claim', async () => {
    const file = join(folder, 'nothing.json');
    const env = { VK_DRIVER_FILES: join(folder, 'missing.json') };
    const { code } = await launch('/bin/sh', [CHECK, '--only', 'memorize-one-sequence', '-o', file], { env });
    const { results } = JSON.parse(readFileSync(file, 'utf8'));
    expect(code).toBe(3);
    for (const { verdict, reason } of results) {
      expect(verdict).toBe('refused');
      expect(reason).toMatch(/no Vulkan driver|shared library/);
    }
  });
});
