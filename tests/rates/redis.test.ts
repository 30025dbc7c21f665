import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exhibit, MAIN, ROOT, scratch } from '../cli/exhibit.js';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;
const folder = scratch();
const POINTS = 16;
const FILE = join(folder, 'hat.yaml');

describe.skipIf(!isInstalled)('a sweep on Redis', () => {
  const started: ChildProcess[] = [];
  let url = '';
  let redis: Redis;

  const start = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'ignore' });
    started.push(child);
    return child;
  };
  const worker = () => start(process.execPath, [MAIN, 'worker', '--queue', url, '--jobs', '1']);

  beforeAll(async () => {
    writeFileSync(
      FILE,
      `theorem: hat-interpolation
params: {f: "sin(3*x)", a: 0, b: 2}
axes: {N: {range: [400, ${400 + 10 * (POINTS - 1)}, 10]}}
rate: {quantity: error, against: N, exponent: -2}
`,
    );
    const port = await freePort();
    start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]);
    url = `redis://127.0.0.1:${port}`;
    redis = new Redis(url, { retryStrategy: () => 50 });
    redis.on('error', () => {});
    await redis.ping();
  });

  afterAll(async () => {
    redis?.disconnect();
    await Promise.all(started.map((child) => ended(child, 'SIGKILL')));
  });

  /** The one queue's key of that name. */
  const key = async (name: string) => (await redis.keys(`bull:*:${name}`))[0] ?? 'none';
  const active = async () => redis.lrange(await key('active'), 0, -1);

  test('two workers, one killed while it works: every point is done once', async () => {
    const sweep = exhibit(['sweep', FILE, '-o', join(folder, 'queue'), '--queue', url, '--json']);
    const finished = async () => redis.zcard(await key('completed'));
    const first = worker();
    await until(async () => (await finished()) >= 2);
    const held = await freeze(first, active);
    const second = worker();
    const before = await finished();
    await until(async () => (await finished()) > before);
    await ended(first, 'SIGKILL');

    const outcome = await sweep;
    expect(outcome.code).toBe(0);
    const { points, rates, complete } = JSON.parse(outcome.stdout);
    expect(complete).toBe(true);
    const sizes = points.map(({ params }: { params: { N: string } }) => Number(params.N));
    expect(sizes).toEqual(Array.from({ length: POINTS }, (_, k) => 400 + 10 * k));
    expect(rates[0].verdict).toBe('proved');

    // In the queue: as many finished jobs as points, none left, and the killed worker's job was begun twice.
    expect(await redis.zcard(await key('completed'))).toBe(POINTS);
    expect(await active()).toEqual([]);
    const queue = (await key('completed')).replace(/:completed$/, '');
    expect(Number(await redis.hget(`${queue}:${held}`, 'ats'))).toBe(2);
    expect(
      readdirSync(join(folder, 'queue', 'points'), { recursive: true }).filter((name) => /json$/.test(String(name))),
    ).toHaveLength(POINTS);

    // The same bytes as without a queue; and a second sweep finds the finished jobs in Redis, with no worker there.
    await ended(second, 'SIGTERM');
    expect(second.exitCode).toBe(0);
    const again = exhibit(['sweep', FILE, '-o', join(folder, 'again'), '--queue', url, '--json']);
    const direct = exhibit(['sweep', FILE, '-o', join(folder, 'direct'), '--json']);
    expect((await again).stdout).toBe(outcome.stdout);
    expect((await direct).stdout).toBe(outcome.stdout);
    expect((await again).stderr).toMatch(/no worker of version .* is at redis:\/\/127\.0\.0\.1:\d+ yet/);
    const bytes = (out: string) => readFileSync(join(folder, out, 'hat.csv'), 'utf8');
    expect(bytes('queue')).toBe(bytes('direct'));
  }, 120_000);

  test('a fault that a worker finds is the bad input of the sweep', async () => {
    const file = join(folder, 'fault.yaml');
    writeFileSync(
      file,
      'theorem: hat-interpolation\nparams: {f: x, a: 0, N: 2}\nrecord: [error]\naxes: {b: [1, -1]}\n',
    );
    const child = worker();
    const outcome = await exhibit(['sweep', file, '-o', join(folder, 'fault'), '--queue', url, '--quiet']);
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    expect(outcome.stderr).toMatch(/fault\.yaml, field 'b': at b = -1: b = -1 with a = 0; allowed: a < b/);
    await ended(child, 'SIGTERM');
  }, 120_000);
});

/** Stops the only worker there is while it holds a job; that job. */
async function freeze(child: ChildProcess, active: () => Promise<string[]>): Promise<string> {
  for (;;) {
    child.kill('SIGSTOP');
    await pause(50);
    const [held] = await active();
    if (held) return held;
    child.kill('SIGCONT');
    await pause(50);
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  child.kill(signal);
  return new Promise((done) => child.on('exit', () => done()));
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
