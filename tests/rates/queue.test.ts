import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/rates/compute.js';
import type { Engine } from '../../src/rates/engine.js';
import type { Job } from '../../src/rates/point.js';
import { nameOf, queueEngine } from '../../src/rates/queue.js';
import { type QueueWorker, startWorker } from '../../src/rates/queue-worker.js';
import { rechecked } from '../../src/rates/recheck.js';
import { scratch } from '../cli/exhibit.js';
import { hasRedis, RedisServer, until } from './redis-server.js';

const folder = scratch();
/** Less than a user's sweep has; the waits are the same otherwise. */
const PATIENCE = { attempts: 8, lookupSeconds: 0.5 };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const NETWORK = { sha256: sha256(''), parameters: '4', nonzero: '4', maxAbsWeight: '1', depth: '1', width: '2' };

/** The answer of an honest worker: the point's number is its error. */
function honest({ params }: Pick<Job, 'params'>): Answer {
  const n = String(params.n);
  const claims = { error: { verdict: 'proved', predicted: null, enclosure: [n, n] } } as const;
  return { outcome: { verdict: 'proved', claims, network: NETWORK } };
}

const job = (n: number): Job => ({
  key: sha256(String(n)),
  theorem: 'none',
  params: { n: String(n) },
  seed: 0,
  digits: 17,
});
const jobs = (count: number) => Array.from({ length: count }, (_, n) => job(n));

describe.skipIf(!hasRedis)('the queue', () => {
  let server: RedisServer;
  let version = '';
  let engine: Engine | undefined;
  let notices: string[] = [];
  const workers: (QueueWorker | Worker)[] = [];
  const begun = new Map<string, number>();
  let count = 0;

  beforeAll(async () => {
    server = await RedisServer.start(folder);
  });
  afterAll(() => server.end());
  beforeEach(async () => {
    version = `test-${count++}`;
    notices = [];
    begun.clear();
    await server.client.flushall();
  });
  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    await Promise.all(workers.splice(0).map((worker) => ('stop' in worker ? worker.stop() : worker.close(true))));
  });

  const submitTo = async () => {
    engine = await queueEngine(server.url, version, (message) => notices.push(message), PATIENCE);
    return engine;
  };
  const work = async (milliseconds: number) => {
    const compute = async (taken: Job) => {
      begun.set(taken.key, (begun.get(taken.key) ?? 0) + 1);
      await pause(milliseconds);
      return honest(taken);
    };
    const worker = await startWorker(server.url, version, { width: 1, compute, close: async () => {} }, 2, PATIENCE);
    workers.push(worker);
    return worker;
  };
  const liar = (answer: (taken: Job) => unknown) => {
    const connection = { host: '127.0.0.1', port: server.port };
    workers.push(new Worker(nameOf(version), async ({ data }) => answer(data), { connection }));
  };
  const all = async (points: readonly Job[]) => {
    const { compute } = engine ?? (await submitTo());
    return Promise.all(points.map(compute));
  };
  const key = (name: string) => `bull:${nameOf(version)}:${name}`;

  test('gives each point its own answer', async () => {
    await work(0);
    expect(await all(jobs(40))).toEqual(jobs(40).map(honest));
    expect([...begun.values()].every((times) => times === 1)).toBe(true);
  });

  test.each([
    ['flushed', async () => void (await server.client.flushall())],
    ['restarted empty', () => server.restart()],
    ['robbed of its waiting list', async () => void (await server.client.del(key('wait')))],
    ['robbed of half its jobs', async () => void (await server.client.del(...jobs(30).map((each) => key(each.key))))],
  ])(
    'whose server is %s submits again what has vanished',
    async (_, harm) => {
      await work(30);
      const answers = all(jobs(60));
      await until(() => begun.size > 5);
      await harm();
      expect(await answers).toEqual(jobs(60).map(honest));
      expect(notices.join('\n')).toMatch(
        /submitted again: a point of the sweep at redis:\/\/127.0.0.1:\d+ has vanished/,
      );
    },
    60_000,
  );

  test('notices a job that vanished while no worker was there', async () => {
    const answers = all(jobs(3));
    await until(async () => (await server.client.llen(key('wait'))) === 3);
    await server.client.flushall();
    await until(() => notices.some((notice) => notice.includes('vanished')));
    await work(0);
    expect(await answers).toEqual(jobs(3).map(honest));
  }, 30_000);

  test.each<[string, unknown]>([
    ['null', null],
    ['a number', 3],
    ['an empty outcome', { outcome: {} }],
    [
      'a proof of nothing',
      {
        outcome: {
          verdict: 'proved',
          claims: { error: { verdict: 'refuted', predicted: null, enclosure: null } },
          network: NETWORK,
        },
      },
    ],
    [
      'crossed ends',
      {
        outcome: {
          verdict: 'proved',
          claims: { error: { verdict: 'proved', predicted: null, enclosure: ['2', '1'] } },
          network: NETWORK,
        },
      },
    ],
    ['a fault without a text', { fault: {} }],
  ])('takes %s for no answer, and ends when no better one comes', async (_, answer) => {
    liar(() => answer);
    await expect(all([job(1)])).rejects.toThrow(/came back from the queue at .* 10 times: had an answer that is none/);
  });

  test('believes no event', async () => {
    const answers = all([job(1)]);
    await until(async () => (await server.client.llen(key('wait'))) === 1);
    const forged = JSON.stringify({ outcome: { ...(honest(job(7)) as { outcome: object }).outcome } });
    await server.client.xadd(key('events'), '*', 'event', 'completed', 'jobId', job(1).key, 'returnvalue', forged);
    await pause(200);
    await work(0);
    expect(await answers).toEqual([honest(job(1))]);
  });

  test('computes a sample again, and tells an answer that differs', async () => {
    liar((taken) => honest({ params: { n: taken.params.n === '3' ? '4' : taken.params.n } }));
    const local: Engine = { width: 1, compute: async (each) => honest(each), close: async () => {} };
    const strict = rechecked(await submitTo(), () => local, 1);
    expect(await Promise.all([1, 2].map((n) => strict.compute(job(n))))).toEqual([1, 2].map((n) => honest(job(n))));
    await expect(strict.compute(job(3))).rejects.toThrow(
      /answer differs from what this machine computes for \{"n":"3"\}/,
    );
    const lenient = rechecked(engine!, () => local, 0);
    expect(await lenient.compute(job(3))).toEqual(honest(job(4)));
  });

  test('with something else under its keys says so once', async () => {
    await server.client.set(key('wait'), 'text');
    await expect(all(jobs(5))).rejects.toThrow(
      /refuses: .*; allowed: a database where nothing else uses the keys bull:exhibit-\*/,
    );
    const worker = work(0).then(({ ended }) => ended);
    await expect(worker).rejects.toThrow(/a database where nothing else uses the keys/);
  });

  test.each([
    ['/99', /DB index is out of range; allowed: the number of a database/],
    ['/one', /'redis:\/\/127.0.0.1:\d+\/one'; allowed: .* with \/NUMBER for another database/],
  ])('in the database %s is refused', async (path, message) => {
    await expect(queueEngine(`${server.url}${path}`, version, () => {})).rejects.toThrow(message);
    await expect(startWorker(`${server.url}${path}`, version, {} as Engine, 1)).rejects.toThrow(message);
  });

  test('whose server is gone for good says so once', async () => {
    const worker = await work(30);
    const answers = all(jobs(60));
    await until(() => begun.size > 5);
    await server.kill();
    await expect(answers).rejects.toThrow(
      /no Redis server answers at redis:\/\/127.0.0.1:\d+ \(the connection was lost\)/,
    );
    await expect(worker.ended).rejects.toThrow(/no Redis server answers/);
    workers.length = 0;
    await server.restart();
  }, 60_000);

  /** In its nightly form: 10,000 points, 20 workers that die one after the other. */
  const [points, deaths] = process.env.EXHIBIT_NIGHTLY === undefined ? [300, 2] : [10_000, 20];
  test(`counts each of ${points} points once while workers die`, async () => {
    const doomed = () => {
      const connection = { host: '127.0.0.1', port: server.port };
      // A point may go down with several of them, as with the package's own workers.
      const patience = { lockDuration: 1000, stalledInterval: 500, maxStalledCount: deaths };
      const options = { connection, concurrency: 4, ...patience };
      return new Worker(nameOf(version), ({ data }) => pause(5, honest(data)), options);
    };
    let worker = doomed();
    const { compute, width } = await submitTo();
    const queue = jobs(points);
    const got: Answer[] = [];
    const lanes = Array.from({ length: width }, async () => {
      for (let next = queue.pop(); next; next = queue.pop()) got.push(await compute(next));
    });
    for (let death = 1; death <= deaths; death++) {
      await until(() => got.length > (points * death) / (deaths + 2));
      await worker.close(true);
      worker = doomed();
    }
    workers.push(worker);
    await Promise.all(lanes);
    const numbers = got.map((answer) => Number('outcome' in answer && answer.outcome.claims.error.enclosure![0]));
    expect(numbers.sort((a, b) => a - b)).toEqual([...Array(points).keys()]);
  }, 600_000);
});
