import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { NIGHTLY, share } from '../generators/thinned.js';
import { exhibit, INSTANCES, launch, MAIN, scratch } from './exhibit.js';

/** In its nightly form 200 kills of each command. */
const KILLS = NIGHTLY ? share(200) : 2;
const folder = scratch();
const SMALL = join(INSTANCES, 'memorize-duplicates.yaml');
const SEATTLE = join(INSTANCES, 'memorize-seattle.yaml');
const SWEEP = join(folder, 'hat.yaml');
writeFileSync(
  SWEEP,
  `theorem: hat-interpolation
params: {f: "sin(3*x)", a: 0, b: 2}
axes: {N: {range: [60, 130, 10]}}
rate: {quantity: error, against: N, exponent: -2}
`,
);
const RESULT = join(folder, 'result.json');
const isPage = (text: string) => /^<!doctype html>[\s\S]*<\/html>\n$/.test(text);
const isJson = (text: string) => JSON.parse(text) !== undefined;

function start(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.on('exit', (code) => done(code)));
}

/** Until a process has worked for so long; on a busy machine that is later than by the clock. */
async function busy({ pid }: ChildProcess, seconds: number): Promise<void> {
  if (!existsSync(`/proc/${pid}/stat`)) return pause(1500 * seconds);
  // Fields 14 and 15: user and system time in hundredths of a second; the second, the name, is in parentheses.
  const worked = () => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  while (worked() < seconds) await pause(20);
}

describe('kill -9 at any moment leaves each file whole or absent:', () => {
  test.each<[string, readonly string[], Readonly<Record<string, (text: string) => boolean>>]>([
    [
      'verify',
      ['verify', SMALL, '--dtype', 'float64', '--report', 'r.html', '--certificate', 'c.json', '--coq', 'c.v'],
      { 'r.html': isPage, 'c.json': isJson, 'c.network.json': isJson, 'c.v': (text) => text.endsWith('\n') },
    ],
    ['build', ['build', SEATTLE, '-o', 'n.json'], { 'n.json': isJson }],
    [
      'sweep',
      ['sweep', SWEEP, '-o', '.', '--jobs', '1'],
      { 'hat.json': isJson, 'hat.csv': (text) => text.split('\n').length === 10 },
    ],
    ['report', ['report', RESULT, '-o', 'p.html'], { 'p.html': isPage }],
  ])(
    '%s',
    async (name, args, files) => {
      if (name === 'report') {
        const { stdout } = await exhibit(['verify', SMALL, '--dtype', 'float64', '--json', '--quiet']);
        writeFileSync(RESULT, stdout);
      }
      const whole = join(folder, `${name}-whole`);
      mkdirSync(whole);
      const begun = performance.now();
      expect(await ended(start(args, whole))).toBe(0);
      const duration = performance.now() - begun;
      const killed = join(folder, `${name}-killed`);
      mkdirSync(killed);
      for (let k = 0; k < KILLS; k++) {
        const child = start(args, killed);
        const end = ended(child);
        await pause((duration * (k + Math.random())) / KILLS);
        child.kill('SIGKILL');
        await end;
        for (const [file, isWhole] of Object.entries(files)) {
          const path = join(killed, file);
          if (existsSync(path)) expect(isWhole(readFileSync(path, 'utf8')), file).toBe(true);
        }
        if (name !== 'sweep') for (const file of readdirSync(killed)) rmSync(join(killed, file));
      }
      expect(await ended(start(args, killed))).toBe(0);
      for (const file of ['n.json', 'hat.json', 'hat.csv', 'c.network.json', 'p.html'].filter((each) => each in files))
        expect(readFileSync(join(killed, file), 'utf8')).toBe(readFileSync(join(whole, file), 'utf8'));
    },
    (KILLS + 1) * 20_000,
  );
});

describe('Ctrl-C', () => {
  const LONG = ['f=sin(30*x)*exp(-x)*cos(17*x^2)', 'a=0', 'b=9', 'N=3000'].flatMap((text) => ['-p', text]);

  test.each([
    ['verify', ['verify', 'hat-interpolation', ...LONG, '--dtype', 'float64'], 's UNDECIDED'],
    ['audit', ['audit', 'long.yaml', 'other.yaml'], 's (REFUTED|UNDECIDED)'],
  ])(
    'ends %s with what is known and 130',
    async (_, args, verdict) => {
      const yaml = 'theorem: hat-interpolation\nparams: {f: "sin(30*x)*exp(-x)*cos(17*x^2)", a: 0, b: 9, N: 3000}\n';
      for (const name of ['long', 'other']) writeFileSync(join(folder, `${name}.yaml`), yaml);
      const child = start(args, folder);
      let stdout = '';
      child.stdout!.on('data', (chunk) => {
        stdout += chunk;
      });
      const end = ended(child);
      await busy(child, 1);
      child.kill('SIGINT');
      expect(await end).toBe(130);
      expect(stdout).toMatch(new RegExp(`\n${verdict}\n$`));
    },
    60_000,
  );

  test('twice ends at once', async () => {
    const child = start(['verify', 'hat-interpolation', ...LONG, '--dtype', 'float64'], folder);
    const end = ended(child);
    await busy(child, 0.6);
    child.kill('SIGINT');
    await pause(50);
    child.kill('SIGINT');
    expect(await end).toBe(130);
  });

  test('ends a sweep with the points it has, which a second run completes', async () => {
    const out = join(folder, 'interrupted');
    const child = start(['sweep', SWEEP, '-o', out, '--jobs', '1'], folder);
    const end = ended(child);
    while (!existsSync(join(out, 'points'))) await pause(10);
    child.kill('SIGINT');
    expect(await end).toBe(130);
    expect(JSON.parse(readFileSync(join(out, 'hat.json'), 'utf8')).complete).toBe(false);
    const { code, stdout } = await exhibit(['sweep', SWEEP, '-o', out, '--resume', '--json', '--quiet']);
    expect([code, JSON.parse(stdout).complete]).toEqual([0, true]);
  }, 60_000);
});

test('two sweeps on one folder do not disturb each other', async () => {
  const out = join(folder, 'shared');
  const [a, b] = await Promise.all([1, 2].map(() => exhibit(['sweep', SWEEP, '-o', out, '--jobs', '1', '--json'])));
  expect([a.code, b.code, a.stderr, b.stderr]).toEqual([0, 0, '', '']);
  expect(a.stdout).toBe(b.stdout);
  expect(readFileSync(join(out, 'hat.json'), 'utf8')).toBe(a.stdout);
}, 60_000);

/** A small file system of its own; null where this user may not mount one. */
function tmpfs(): string | null {
  const path = join(folder, 'tmpfs');
  mkdirSync(path);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status === 0 ? path : null;
}

const small = tmpfs();
describe.skipIf(small === null)('a full disk', () => {
  afterAll(() => void spawnSync('umount', [small!]));

  test.each([
    ['a page', (path: string) => `verify '${SMALL}' --dtype float64 --report ${path}/r.html`],
    ['a network', (path: string) => `build '${SEATTLE}' -o ${path}/n.json`],
    ['stdout', (path: string) => `list --json > ${path}/out.json`],
    ['points', (path: string) => `sweep '${SWEEP}' -o ${path}/s --jobs 1`],
  ])(
    'that does not take %s is exit 4 and one message',
    async (_, words) => {
      for (const name of readdirSync(small!)) rmSync(join(small!, name), { recursive: true });
      writeFileSync(join(small!, 'ballast'), Buffer.alloc(58 * 1024));
      const { code, stderr } = await launch('/bin/sh', ['-c', `'${process.execPath}' '${MAIN}' ${words(small!)}`], {});
      expect(stderr).toMatch(/^error: [^\n]*no space left on device\n$/);
      expect(code).toBe(4);
      expect(
        readdirSync(small!, { recursive: true, encoding: 'utf8' }).filter((name) => /(^|\/)\./.test(name)),
      ).toEqual([]);
    },
    60_000,
  );
});

test.skipIf(process.getuid?.() === 0)('a folder that may not be written is one message', async () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  const outcome = await exhibit(['build', SMALL, '-o', join(closed, 'n.json')]);
  expect(outcome).toMatchObject({ code: 3, stdout: '' });
  expect(outcome.stderr).toMatch(/n\.json: cannot be written: permission denied/);
});
