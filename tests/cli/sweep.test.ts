import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { barLine } from '../../src/cli/progress-bar.js';
import { answer } from './answer.js';
import { exhibit, MAIN, ROOT, scratch } from './exhibit.js';

const folder = scratch();
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

function sweepFile(name: string, yaml: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, yaml);
  return file;
}

/** The error (1 - 1/2)/M of a minimum by M thresholds. */
const MINIMUM = (rate: string) => `theorem: threshold-min
params: {S: 2}
axes: {M: {geometric: [1, 64, 7]}}
record: [error, network.parameters]
rate: ${rate}
`;

/** Points that take about a tenth of a second each. */
const SLOW = sweepFile(
  'slow',
  `theorem: hat-interpolation
params: {f: "sin(3*x)", a: 0, b: 2}
axes: {N: {range: [200, 310, 10]}}
rate: {quantity: error, against: N, exponent: -2}
`,
);

describe.concurrent('a sweep', () => {
  test.each([
    ['proved', 0, '{quantity: error, against: M, exponent: -1}'],
    ['suspicious', 1, '{quantity: error, against: M, exponent: -4/5}'],
    ['inconsistent', 1, '{quantity: error, against: M, exponent: -6/5}'],
  ] as const)('%s exits %i and is the last line', async (verdict, code, rate) => {
    const file = sweepFile(verdict, MINIMUM(rate));
    const out = join(folder, `out-${verdict}`);
    const outcome = await exhibit(['sweep', file, '-o', out]);
    expect(outcome).toMatchObject({ code, stderr: '' });
    expect(lastLine(outcome.stdout)).toBe(`s ${verdict.toUpperCase()}`);
    const json = await answer(['sweep', file, '-o', out, '--json']);
    expect(json).toMatchObject({ code, stderr: '' });
    const document = JSON.parse(json.stdout);
    expect(document.points).toHaveLength(7);
    expect(document.points[0].params).toEqual({ M: '1' });
    expect(Object.keys(document.points[0].values)).toEqual(['error', 'network.parameters']);
    const [found] = document.rates;
    expect(found).toMatchObject({ quantity: 'error', against: 'M', verdict });
    expect(found.slope).toBeCloseTo(-1, 9);
    expect(found.interval[0]).toBeLessThanOrEqual(-1);
    expect(found.interval[1]).toBeGreaterThanOrEqual(-1);
    expect(readFileSync(join(out, `${verdict}.json`), 'utf8')).toBe(json.stdout);
    const [header, ...rows] = readFileSync(join(out, `${verdict}.csv`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(header).toBe('M,error.lo,error.hi,network.parameters');
    expect(rows).toHaveLength(7);
    expect(rows[0]).toBe('1,0.5,0.5,4');
  });

  test('with three values has too few points', async () => {
    const yaml =
      'theorem: hat-interpolation\nparams: {f: "sqrt(x)", a: 0, b: 1}\naxes: {N: [1, 2, 4]}\nrate: {quantity: error, against: N, exponent: -1/2}\n';
    const outcome = await answer(['sweep', sweepFile('three', yaml), '-o', join(folder, 'three')]);
    expect(outcome.code).toBe(2);
    expect(lastLine(outcome.stdout)).toBe('s TOO-FEW-POINTS');
  });

  test('with a time limit ends early, says so, and is not decided', async () => {
    const out = join(folder, 'limited');
    const outcome = await exhibit(['sweep', SLOW, '-o', out, '--time-limit', '0.05', '--jobs', '1']);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toMatch(/ended early: \d+ of 12 points/);
  });
});

describe.concurrent('bad input of sweep and worker', () => {
  const rate = '{quantity: error, against: M, exponent: -1}';
  const run = (name: string, yaml: string, ...flags: string[]) =>
    answer(['sweep', sweepFile(name, yaml), '-o', join(folder, name), ...flags]);

  test.each([
    ['empty', MINIMUM(rate).replace(/M: \{.*?\}/, 'M: []'), /empty\.yaml:3, field 'axes\.M': an empty axis/],
    ['quantity', MINIMUM(rate).replace('[error,', '[eror,'), /quantity\.yaml:4.*unknown quantity 'eror'/],
    [
      'product',
      MINIMUM(rate)
        .replace(/M: \{.*?\}/, 'M: {range: [1, 4096, 1]}')
        .replace('params: {S: 2}\naxes: {', 'axes: {S: [1, 2, 3], '),
      /12288 points \(3 \* 4096\).*without --yes/,
    ],
    ['malformed', 'axes: [', /malformed\.yaml:1: malformed YAML/],
  ])('%s', async (name, yaml, message) => {
    const outcome = await run(name, yaml);
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, name))).toBe(false);
  });

  test.each([
    [['--jobs', '0'], /--jobs.*'0'; allowed: a whole number from 1/],
    [['--queue', 'http://localhost'], /--queue.*'http:\/\/localhost'; allowed: redis:\/\//],
    [['--resume'], /--resume.*no results to resume/],
  ])('%j', async (flags, message) => {
    const outcome = await run(`flags${flags.length}${flags[0]}`, MINIMUM(rate), ...flags);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(message);
  });

  test.each([
    ['sweep', ['sweep', SLOW, '-o', join(folder, 'no-redis')]],
    ['worker', ['worker']],
  ])('%s with a Redis that is not there names its address within ten seconds', async (_, args) => {
    const outcome = await exhibit([...args, '--queue', 'redis://user:secret@127.0.0.1:1/3']);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(/no Redis server answers at redis:\/\/127\.0\.0\.1:1\/3 \(ECONNREFUSED\)/);
    expect(outcome.stderr).not.toContain('secret');
    expect(outcome.seconds).toBeLessThan(10);
  });

  test('a server that accepts and never answers is no Redis either', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const outcome = await exhibit(['worker', '--queue', `redis://127.0.0.1:${port}`]);
    silent.close();
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain(`no Redis server answers at redis://127.0.0.1:${port} (no answer within 4 s)`);
    expect(outcome.seconds).toBeLessThan(30);
  });

  test('a file that is no sweep is not created anywhere', async () => {
    const outcome = await answer(['sweep', join(folder, 'none.yaml'), '-o', join(folder, 'none')]);
    expect(outcome.code).toBe(3);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('a sweep that was killed', () => {
  test('goes on with --resume, and ends with the same bytes', async () => {
    const [whole, killed] = ['whole', 'killed'].map((name) => join(folder, name));
    mkdirSync(killed);
    const child = spawn(process.execPath, [MAIN, 'sweep', SLOW, '-o', killed], { cwd: ROOT, stdio: 'ignore' });
    while (pointsIn(killed).size < 3) await pause(5);
    child.kill('SIGKILL');
    await new Promise((done) => child.on('exit', done));
    const early = pointsIn(killed);
    expect(early.size).toBeLessThan(12);
    expect(existsSync(join(killed, 'slow.json'))).toBe(false);

    const resumed = await exhibit(['sweep', SLOW, '-o', killed, '--resume', '--json']);
    const direct = await answer(['sweep', SLOW, '-o', whole, '--json', '--jobs', '1']);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toBe(direct.stdout);
    for (const name of ['slow.json', 'slow.csv'])
      expect(readFileSync(join(killed, name), 'utf8')).toBe(readFileSync(join(whole, name), 'utf8'));
    const [after, reference] = [pointsIn(killed), pointsIn(whole)];
    expect([...after.keys()].sort()).toEqual([...reference.keys()].sort());
    for (const [name, { text }] of after) expect(text).toBe(reference.get(name)!.text);
    for (const [name, { written }] of early) expect(after.get(name)!.written).toBe(written);
  }, 120_000);
});

test('the progress bar shows rate and time left', () => {
  expect(barLine(50, 0, 200, 4)).toBe('[######------------------] 50/200  13/s  12 s left');
  expect(barLine(150, 100, 200, 100)).toBe('[##################------] 150/200  0.5/s  1 min 40 s left');
  expect(barLine(100, 100, 200, 1)).toBe('[############------------] 100/200');
});

/** The finished points below a results folder: their bytes and when they were written. */
function pointsIn(out: string): Map<string, { text: string; written: number }> {
  const root = join(out, 'points');
  if (!existsSync(root)) return new Map();
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^\w\w\/\w+\.json$/.test(name),
  );
  return new Map(
    names.map((name) => {
      const path = join(root, name);
      return [name, { text: readFileSync(path, 'utf8'), written: statSync(path).mtimeMs }];
    }),
  );
}
