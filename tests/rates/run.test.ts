import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadTheorem } from '../../src/library/package.js';
import { type Answer, computePoint } from '../../src/rates/compute.js';
import type { Engine } from '../../src/rates/engine.js';
import { keepPoints } from '../../src/rates/keep-point.js';
import { keyOfJob, pointAt } from '../../src/rates/point.js';
import { runSweep } from '../../src/rates/run.js';
import { Store } from '../../src/rates/store.js';
import { countPoints, readSweep, type Sweep } from '../../src/rates/sweep.js';
import { scratch } from '../cli/exhibit.js';
import { plantedSweep } from './planted.js';

const SETTINGS = { seed: 0, digits: 17, version: 'test' };
const folder = scratch();
/** W0(1/e)/10, from W0(1/e) = 0.278464542761073795109358739022980155... */
const GAP_OF_TWO = 0.02784645427610738;
const GAP = 'theorem: softmin-gap\nparams: {T: 8}\nrecord: [error]\n';

/** Computes in this thread, and counts. */
class Counting implements Engine {
  readonly width = 4;
  computed = 0;
  inWork = 0;
  most = 0;
  closed = false;
  constructor(
    readonly answer: (job: Parameters<Engine['compute']>[0]) => Promise<Answer> = (job) => computePoint(job, 'test'),
  ) {}

  async compute(job: Parameters<Engine['compute']>[0]): Promise<Answer> {
    this.computed += 1;
    this.inWork += 1;
    this.most = Math.max(this.most, this.inWork);
    const answer = await this.answer(job);
    this.inWork -= 1;
    return answer;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

let engine: Counting;
let store: Store;
let count = 0;
beforeEach(() => {
  engine = new Counting();
  store = new Store(join(folder, String(count++)));
});

function run(sweep: Sweep, options: object = {}) {
  const total = countPoints(sweep, false);
  return runSweep(sweep, total, () => engine, { ...SETTINGS, store, progress: () => {}, ...options });
}

const read = (yaml: string) => readSweep(yaml, loadTheorem);

describe('a run', () => {
  test('gives every point of the grid, the last axis running fastest', async () => {
    const sweep = await read('theorem: softmin-gap\nrecord: [error]\naxes: {T: [2, 8], beta: [10, 20, 40]}');
    const results = await run(sweep);
    expect(results.map((result) => Object.values(result!.params).join())).toEqual([
      '2,10',
      '2,20',
      '2,40',
      '8,10',
      '8,20',
      '8,40',
    ]);
    const [lo, hi] = results[0]!.values.error as [string, string];
    expect(Number(lo)).toBeLessThanOrEqual(GAP_OF_TWO * (1 + 2 ** -52));
    expect(Number(hi)).toBeGreaterThanOrEqual(GAP_OF_TWO * (1 - 2 ** -52));
    expect(Number(hi)).toBeCloseTo(GAP_OF_TWO, 15);
    expect(engine).toMatchObject({ computed: 6, closed: true });
  });

  test('shares points with another sweep, however their numbers are written', async () => {
    await run(await read(`${GAP}axes: {beta: [10, 1/4, 1000]}`));
    const first = engine.computed;
    const steps: [number, number][] = [];
    const other = await read('theorem: softmin-gap\nparams: {beta: 0.25}\nrecord: [one-sided]\naxes: {T: [4, 8]}');
    const [, shared] = await run(other, { progress: (done: number, stored: number) => steps.push([done, stored]) });
    expect([first, engine.computed]).toEqual([3, 4]);
    expect(shared!.values).toMatchObject({ 'one-sided': ['0', '0'] });
    expect(steps.at(-1)).toEqual([2, 1]);
    await run(await read(`${GAP}axes: {beta: [1e1, 2.5e-1, 1e3]}`));
    expect(engine.computed).toBe(4);
  });

  test('does not take another seed, precision or version for the same', async () => {
    const sweep = await read(`${GAP}axes: {beta: [10]}`);
    await run(sweep);
    for (const other of [{ seed: 1 }, { digits: 20 }]) await run(sweep, other);
    engine = new Counting((job) => computePoint(job, 'later'));
    await run(sweep, { version: 'later' });
    expect(engine.computed).toBe(1);
    expect(filesOf(store)).toHaveLength(4);
  });

  test('computes a damaged file once more, to the same bytes', async () => {
    const sweep = await read(`${GAP}axes: {beta: [10, 20]}`);
    await run(sweep);
    const [path] = filesOf(store);
    const bytes = readFileSync(path, 'utf8');
    const entry = JSON.parse(bytes);
    const damages = ['', bytes.slice(0, 50), '{}', 'null', '[]', '\ufffd', JSON.stringify({ ...entry, outcome: {} })];
    damages.push(bytes.replace('"proved"', '"refuted"'), bytes.replace(/"enclosure":\["\d/, '"enclosure":["7'));
    damages.push(bytes.replace(/"sha256":"\w+"}\n$/, '"sha256":null}'), bytes.replace('{"key"', '{"key":"a","key"'));
    const notices: string[] = [];
    const noting = new Store(store.folder, (message) => notices.push(message));
    for (const damage of damages) {
      expect(damage).not.toBe(bytes);
      writeFileSync(path, damage);
      await run(sweep, { store: noting });
      expect(readFileSync(path, 'utf8')).toBe(bytes);
    }
    expect(engine.computed).toBe(2 + damages.length);
    expect(notices).toHaveLength(damages.length);
    for (const notice of notices) expect(notice).toContain(path);

    // A pipe is replaced, a folder stays, and its point is not kept.
    rmSync(path);
    spawnSync('mkfifo', [path]);
    await run(sweep, { store: noting });
    expect(readFileSync(path, 'utf8')).toBe(bytes);
    rmSync(path);
    mkdirSync(path);
    const results = await run(sweep, { store: noting });
    expect(results.every((result) => result !== undefined)).toBe(true);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(notices.slice(damages.length).join('\n')).toMatch(/no plain file.*\n.*no plain file.*\n.*a folder where/);
  });

  test('keeps no more points in work than the engine is wide', async () => {
    const sweep = await plantedSweep('axes: {N: {range: [1, 2000, 1]}}\nrecord: [error]');
    const claims = { error: { verdict: 'proved', predicted: null, enclosure: ['1', '2'] } };
    engine = new Counting(async () => ({ outcome: { verdict: 'proved', claims, network: {} } as never }));
    const results = await run(sweep, { store: { read: () => undefined, write: () => {} } });
    expect(results.every((result, i) => result!.params.N === String(i + 1))).toBe(true);
    expect(engine).toMatchObject({ computed: 2000, most: 4 });
  });

  test('ends early when it is told to, and keeps what is done', async () => {
    const stop = new AbortController();
    const sweep = await read(`${GAP}axes: {beta: {range: [1, 50, 1]}}`);
    const progress = (done: number) => done === 10 && stop.abort();
    const results = await run(sweep, { signal: stop.signal, progress });
    const done = results.filter((result) => result !== undefined).length;
    expect(done).toBeGreaterThanOrEqual(10);
    expect(done).toBeLessThan(20);
    expect(filesOf(store)).toHaveLength(done);
    const again = new Counting();
    engine = again;
    expect((await run(sweep)).every((result) => result !== undefined)).toBe(true);
    expect(again.computed).toBe(50 - done);
  });

  test('names the point of a fault that only building it brought to light', async () => {
    const sweep = await read(
      'theorem: hat-interpolation\nparams: {f: x^2, a: 0, N: 4}\nrecord: [error]\naxes: {b: [1, -1]}',
    );
    await expect(run(sweep)).rejects.toThrow(/field 'b': at b = -1: b = -1 with a = 0; allowed: a < b/);
    expect(engine.closed).toBe(true);
  });

  test('passes a defect on, and stops', async () => {
    engine = new Counting(() => Promise.reject(new Error('broken')));
    await expect(run(await read(`${GAP}axes: {beta: {range: [1, 50, 1]}}`))).rejects.toThrow('broken');
    expect(engine.computed).toBeLessThanOrEqual(4);
    expect(engine.closed).toBe(true);
  });
});

test('a thread keeps the points before a defect, which then fails alone', async () => {
  const sweep = await read(`${GAP}axes: {beta: [10, 20, 30]}`);
  const [first, second, third] = [0, 1, 2].map((index) => pointAt(sweep, index, SETTINGS).job);
  const broken = { ...second, params: null as never };
  const task = { version: 'test', folder: store.folder };
  expect(await keepPoints({ ...task, jobs: [first, broken, third] })).toMatchObject([{ isKept: true }]);
  expect(filesOf(store)).toHaveLength(1);
  await expect(keepPoints({ ...task, jobs: [broken, third] })).rejects.toThrow(TypeError);
  expect(await keepPoints({ ...task, jobs: [third, first] })).toHaveLength(2);
  expect([first, second, third].map((job) => store.read(job)?.verdict)).toEqual(['proved', undefined, 'proved']);
});

test('the content of a file that a parameter names is part of the point', async () => {
  const yaml = 'theorem: single-head-memorization\nparams: {T: 1, d: 1}\nrecord: [error]\naxes: {data: [data.csv]}';
  const sweep = await readSweep(yaml, loadTheorem, join(folder, 'sweep.yaml'));
  const csv = join(folder, 'data.csv');
  writeFileSync(csv, 'x,label\n1,2\n3,4\n');
  const { job } = pointAt(sweep, 0, SETTINGS);
  writeFileSync(csv, 'x,label\n1,2\n3,40\n');
  expect(pointAt(sweep, 0, SETTINGS).job.key).not.toBe(job.key);
  expect(keyOfJob(job, sweep.theorem, 'test')).not.toBe(job.key);
  expect(await computePoint(job, 'test')).toMatchObject({ fault: { found: /data files are not those/ } });
  writeFileSync(csv, 'x,label\n1,2\n3,4\n');
  expect(keyOfJob(job, sweep.theorem, 'test')).toBe(job.key);
  expect(await computePoint(job, 'test')).toMatchObject({ outcome: { verdict: 'proved' } });
});

function filesOf({ folder }: Store): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
