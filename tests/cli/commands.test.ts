import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { SEARCHING } from '../../src/cli/searching.js';
import { answer } from './answer.js';
import { exhibit, INSTANCES, launch, MAIN, ROOT, scratch } from './exhibit.js';

const instance = (name: string) => join(INSTANCES, `${name}.yaml`);
const SMALL = instance('memorize-duplicates');
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe.concurrent('help', () => {
  test('without arguments is the help', async () => {
    const [bare, asked] = await Promise.all([exhibit([]), exhibit(['--help'])]);
    expect(bare).toMatchObject({ code: 0, stderr: '' });
    expect(bare.stdout).toBe(asked.stdout);
    for (const command of ['list', 'show', 'verify', 'build', 'run', 'audit', 'capabilities'])
      expect(bare.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test('commands that run in a thread are commands', () => {
    const names = COMMANDS.map(({ name }) => name.split(' ')[0]);
    expect(SEARCHING.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('what npm links as the command runs it', async () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const { code, stdout } = await launch(join(ROOT, bin.exhibit), ['--version'], {});
    expect([code, stdout]).toEqual([0, (await exhibit(['--version'])).stdout]);
  });

  test('of a command names its flags', async () => {
    const { code, stdout } = await exhibit(['verify', '--help']);
    expect(code).toBe(0);
    for (const flag of ['--param', '--network', '--provider', '--dtype', '--json', '--quiet', '--seed', '--digits'])
      expect(stdout).toContain(flag);
  });

  test('the version is the one of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect((await exhibit(['--version'])).stdout).toBe(`${version}\n`);
  });

  test('starts within three times as long as node does nothing', async () => {
    const fastest = (args: readonly string[]) =>
      Math.min(...Array.from({ length: 7 }, () => timeOf(() => spawnSync(process.execPath, args))));
    const ratio = fastest([MAIN, '--help']) / fastest(['-e', '0']);
    expect(ratio).toBeLessThan(3);
  });
});

describe.concurrent('list and show', () => {
  test('every theorem of the list can be shown', async () => {
    const { code, stdout, stderr } = await exhibit(['list', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const theorems = JSON.parse(stdout) as { id: string; summary: string; source: { paper: string } }[];
    expect(theorems.map(({ id }) => id)).toContain('single-head-memorization');
    for (const { id, summary, source } of theorems) {
      expect([summary, source.paper].every((text) => text.length > 0 && !text.includes('\n'))).toBe(true);
      expect((await answer(['show', id])).stdout).toContain(summary);
    }
  });

  test('show names parameters, ranges, claims, source and its mark', async () => {
    const { code, stdout } = await answer(['show', 'single-head-memorization', '--json']);
    expect(code).toBe(0);
    const shown = JSON.parse(stdout);
    expect(shown.parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['T', 'd', 'data']),
    );
    expect(shown.parameters[0]).toMatchObject({ range: 'an integer from 1 to 16384', default: null });
    expect(shown.claims.map(({ id }: { id: string }) => id)).toContain('error');
    expect(shown.source).toMatchObject({ paper: 'arXiv:2510.06662', trust: 'proved' });
  });

  test('show defines the names in the claims of a theorem file', async () => {
    const { stdout } = await answer(['show', 'attention-contraction']);
    expect(stdout).toMatch(/\ndefinitions \(\S+attention-contraction\.yaml\)\n {2}# Two rows/);
    expect(stdout).toContain('\n    once: up(2*tanh(B), bits=60)\n');
    expect(stdout).toContain('  execution (observed): ');
    const { definitions } = JSON.parse((await answer(['show', 'birkhoff', '--json'])).stdout);
    expect(definitions).toContain('  gap: max(abs(w @ P - D))');
    expect((await answer(['show', 'delay-memory'])).stdout).toContain('  error ~ a constant as m -> infinity\n');
    expect((await answer(['verify', 'qr-squares', '-p', 'scores=[[1, 2], [3, 1/2]]', '--no-check'])).stdout).toContain(
      '\n  scores = [[1, 2], [3, 1/2]]\n\n',
    );
  });

  test('show states the predicted rates', async () => {
    const lines = (await exhibit(['show', 'softmin-gap'])).stdout.split('\n');
    expect(lines).toContain('  error ~ beta^(-1) as beta -> infinity');
    expect(lines).toContain('  logarithm ~ log(T)^1 as T -> infinity');
    const { rates } = JSON.parse((await answer(['show', 'multi-head-retrieval', '--json'])).stdout);
    expect(rates).toContainEqual({
      quantity: 'parameters',
      against: 'eps',
      toward: 'zero',
      exponent: '-1/2',
      log: '0',
    });
  });
});

describe.concurrent('verdicts', () => {
  const root = ['verify', 'hat-interpolation', '-p', 'f=sqrt(x)', '-p', 'a=0', '-p', 'b=1', '-p', 'N=8'];

  test.each([
    ['proved', 0, ['verify', SMALL]],
    ['refuted', 1, ['verify', instance('memorize-separation-too-large')]],
    ['undecided', 2, root],
  ] as const)('%s exits %i and is the last line', async (verdict, code, args) => {
    const outcome = await exhibit(args);
    expect(outcome.code).toBe(code);
    expect(lastLine(outcome.stdout)).toBe(`s ${verdict.toUpperCase()}`);
    expect(outcome.stderr).toBe('');
    const json = await answer([...args, '--json']);
    expect(json).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(json.stdout).verdict).toBe(verdict);
  });

  test('the JSON of verify has the fields that scripts rely on', async () => {
    const result = JSON.parse((await answer(['verify', SMALL, '--json', '--seed', '5'])).stdout);
    expect(result).toMatchObject({
      tool: { name: 'exhibit', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      theorem: 'single-head-memorization',
      params: { T: '2', d: '1', data: 'duplicates.csv' },
      seed: 5,
      network: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), parameters: 18, nonzero: 17, maxAbsWeight: '64' },
      seconds: expect.any(Number),
    });
    expect(result.network.layers.length).toBeGreaterThan(0);
    for (const claim of result.claims) {
      expect(Object.keys(claim)).toEqual(
        expect.arrayContaining([
          'id',
          'kind',
          'statement',
          'tex',
          'verdict',
          'predicted',
          'enclosure',
          'witness',
          'steps',
        ]),
      );
      expect(Object.keys(claim)).toEqual(expect.arrayContaining(['method', 'source', 'seconds']));
      expect(claim.verdict).toBe(claim.kind === 'execution' ? 'observed' : 'proved');
    }
    const error = result.claims.find(({ id }: { id: string }) => id === 'error');
    expect(error).toMatchObject({ predicted: '0', enclosure: ['0', '0'], kind: 'identity' });
  });

  test('bounds in JSON are decimals rounded outward to --digits', async () => {
    const args = ['verify', instance('memorize-separation-too-large'), '-p', 'data=duplicates.csv', '--json'];
    const separation = async (digits: string) => {
      const { claims } = JSON.parse((await answer([...args, '--digits', digits])).stdout);
      return claims.find(({ id }: { id: string }) => id === 'separation').enclosure;
    };
    expect(await separation('3')).toEqual(['0.333', '0.334']);
    expect(await separation('20')).toEqual([`0.${'3'.repeat(20)}`, `0.${'3'.repeat(19)}4`]);
  });

  test('parameters of the command line win over the file', async () => {
    const { code, stdout } = await answer(['verify', SMALL, '-p', 'd=2', '--param', 'T=1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).params).toMatchObject({ T: '1', d: '2' });
  });

  test('a theorem by its id takes all parameters from the command line', async () => {
    const params = ['-p', 'T=1', '-p', 'd=1', '-p', 'data=one-sequence.csv'];
    const { code, stdout } = await answer(['verify', 'single-head-memorization', ...params], { cwd: INSTANCES });
    expect([code, lastLine(stdout)]).toEqual([0, 's PROVED']);
  });

  test('--dtype asks for one execution', async () => {
    const { stdout } = await answer(['verify', SMALL, '--dtype', 'float32', '--json']);
    const executions = JSON.parse(stdout).claims.filter(({ kind }: { kind: string }) => kind === 'execution');
    expect(executions.map(({ id }: { id: string }) => id)).toEqual(['execution.cpu.float32']);
  });
});

describe.concurrent('audit', () => {
  const small = ['memorize-duplicates', 'memorize-ragged', 'memorize-separation-too-large'].map(instance);

  test('compares each verdict with what the instance expects', async () => {
    const { code, stdout, stderr } = await exhibit(['audit', ...small]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout.split('\n').filter((line) => /^(ok|FAIL)/.test(line));
    expect(rows.map((row) => row.split(/\s+/)[1])).toEqual(['proved', 'bad-input', 'refuted']);
    expect(lastLine(stdout)).toBe('s PROVED');
  });

  test('--json is one document with a result per instance', async () => {
    const { code, stdout } = await answer(['audit', ...small, '--json']);
    expect(code).toBe(0);
    const { verdict, instances } = JSON.parse(stdout);
    expect(verdict).toBe('proved');
    expect(instances).toHaveLength(3);
    expect(instances[0]).toMatchObject({ expect: 'proved', verdict: 'proved', asExpected: true });
    expect(instances[0].result.network.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(instances[1]).toMatchObject({ verdict: 'bad-input', result: null });
    expect(instances[1].message).toMatch(/ragged\.csv:3/);
  });
});

test('capabilities tries each provider and format', async () => {
  const { code, stdout } = await exhibit(['capabilities', '--json']);
  expect(code).toBe(0);
  const { libraries, providers, node } = JSON.parse(stdout);
  expect(node).toBe(process.version);
  expect(libraries['onnxruntime-node']).toMatch(/^\d/);
  expect(providers).toHaveLength(9);
  for (const { provider, works, reason } of providers) {
    if (provider === 'cpu') expect(works).toBe(true);
    if (!works) expect(reason).toMatch(/^[^\n]{10,400}$/);
  }
});

const folder = scratch();

describe.concurrent('streams', () => {
  test('notes go to stderr and --quiet silences them', async () => {
    const build = ['build', SMALL, '-o', join(folder, 'noted.json')];
    const noted = await exhibit(build);
    expect(noted.stderr.split('\n')[0]).toMatch(/^note: 2 duplicate sequences/);
    const quiet = await exhibit([...build, '--quiet']);
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
  });

  test('a reader that closes the pipe ends the program quietly', async () => {
    const line = `'${process.execPath}' '${MAIN}' list | head -c 1`;
    const { stdout, stderr } = await launch('/bin/sh', ['-c', line], {});
    expect([stdout.length, stderr]).toEqual([1, '']);
  });

  const terminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
  test.skipIf(!terminal)('colours and progress are for terminals, and NO_COLOR is honoured', async () => {
    const line = `env -u CI '${process.execPath}' '${MAIN}' verify '${SMALL}' --dtype float64`;
    const onTerminal = (extra: string, env: Record<string, string>) =>
      launch('script', ['-qec', line + extra, '/dev/null'], { env: { TERM: 'xterm-256color', ...env } });
    const [coloured, plain, quiet] = await Promise.all([
      onTerminal('', {}),
      onTerminal('', { NO_COLOR: '1' }),
      onTerminal(' --quiet', { NO_COLOR: '1' }),
    ]);
    expect(coloured.stdout).toContain('\x1b[32m');
    expect(plain.stdout).not.toContain('\x1b[32m');
    expect(plain.stdout).toContain('\x1b[K');
    expect(quiet.stdout).not.toContain('\x1b');
    for (const { stdout } of [coloured, plain, quiet]) expect(stdout).toContain('s PROVED');
  });
});

function timeOf(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}
