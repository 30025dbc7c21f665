import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exhibit, ROOT } from './exhibit.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY !== undefined;
/** Wall time of a call with a limit of a second, on a machine that does other things as well. */
const LONGEST = 30_000;

describe('verify --time-limit 1', () => {
  test.each([
    ['a kink inside smooth functions', 'log(1/2+exp(max(x,1-2*x)))', '0'],
    ['sin nested 90 times', `${'sin('.repeat(90)}x${')'.repeat(90)}`, '0'],
    ['values that cancel', '(x-sin(x))/x^3', '1e-6'],
  ])('ends for %s, undecided or proved', async (_, f, a) => {
    const start = performance.now();
    const params = ['-p', `f=${f}`, '-p', `a=${a}`, '-p', 'b=1', '-p', 'N=4'];
    const outcome = await exhibit([
      'verify',
      'hat-interpolation',
      ...params,
      '--time-limit',
      '1',
      '--dtype',
      'float64',
    ]);
    expect([0, 2]).toContain(outcome.code);
    expect(outcome.stdout).toMatch(/^s (PROVED|UNDECIDED)$/m);
    expect(performance.now() - start).toBeLessThan(LONGEST);
  });

  test('ends prove while it looks for high points', async () => {
    const start = performance.now();
    const model = join(ROOT, 'tests/onnx/fixtures/others/batch1-mlp.onnx');
    const statement = 'for all x in [0,1]: max_{i in 1..2000}(sin(i*x+y)) <= 1';
    const { code, stdout } = await exhibit(['prove', model, statement, '--time-limit', '1']);
    expect([code, stdout.split('\n').at(-2)]).toEqual([2, 's UNDECIDED']);
    expect(performance.now() - start).toBeLessThan(LONGEST);
  });

  test('does not wait for the network either', async () => {
    const f = `${'tanh('.repeat(90)}x${')'.repeat(90)}`;
    const params = ['-p', `f=${f}`, '-p', 'a=0', '-p', 'b=1', '-p', 'N=16384'];
    const outcome = await exhibit(['verify', 'hat-interpolation', ...params, '--time-limit', '0.1']);
    expect([outcome.code, outcome.stdout]).toEqual([3, '']);
    expect(outcome.stderr).toMatch(/^error: field '--time-limit': 0.1 s, over before the network was built; [^\n]*\n$/);
  });

  test.runIf(NIGHTLY)(
    'ends for every instance',
    async () => {
      const folders = readdirSync(join(ROOT, 'proofs-check'), { recursive: true, encoding: 'utf8' });
      for (const file of folders.filter((name) => /instances[/\\][^/\\]+\.yaml$/.test(name))) {
        const start = performance.now();
        await exhibit(['verify', join('proofs-check', file), '--time-limit', '1', '--dtype', 'float64']);
        expect(performance.now() - start, file).toBeLessThan(LONGEST);
      }
    },
    3_600_000,
  );
});
