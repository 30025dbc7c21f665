import type { Redis } from 'ioredis';
import { brief, InputError, quote } from '../errors.js';
import { importRedis } from '../imports.js';
import { optionalPackage } from '../optional.js';

const CONNECT_SECONDS = 4;

/** How long a server is waited for. */
export interface Patience {
  /** Times that a lost connection is tried again, at most 2 s apart, before the queue counts as lost. */
  readonly attempts: number;
  /** Events can be missed and jobs can vanish: so often the waiting points are looked up. */
  readonly lookupSeconds: number;
}

export const PATIENCE: Patience = { attempts: 15, lookupSeconds: 3 };

/**
 * A connection to the Redis server at `redis://[user:password@]host[:port][/db]`, or `rediss://` for TLS, once it has
 * answered and has the database. Throws InputError with the address when it does not within four seconds.
 */
export async function connect(url: string, { attempts } = PATIENCE): Promise<Redis> {
  const address = addressOf(url);
  const { Redis } = await optionalPackage('ioredis', 'connects to Redis', importRedis, 'npm install bullmq ioredis');
  const limits = { connectTimeout: CONNECT_SECONDS * 1000, disconnectTimeout: 500, maxRetriesPerRequest: null };
  let isUp = false;
  const redis = new Redis(url, {
    ...limits,
    lazyConnect: true,
    retryStrategy: (times) => (isUp && times <= attempts ? Math.min(100 * times, 2000) : null),
  });
  let cause: Error | undefined;
  redis.on('error', (error) => {
    cause = error;
  });
  try {
    await within(
      CONNECT_SECONDS,
      redis.connect().then(() => redis.select(redis.options.db ?? 0)),
    );
    isUp = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw queueFault(address, isReply(error) || !cause ? (error as Error) : cause);
  }
}

/** What an error on the way to the queue means for the user: the server is not there, or it refuses. */
export function queueFault(address: string, cause: Error): InputError {
  if (cause instanceof InputError) return cause;
  if (isReply(cause)) {
    const found = `the Redis server at ${address} refuses: ${brief(cause.message)}`;
    return new InputError({ field: '--queue', found, allowed: remedyFor(cause.message) });
  }
  const { code } = cause as NodeJS.ErrnoException;
  return new InputError({
    field: '--queue',
    found: `no Redis server answers at ${address} (${code ?? cause.message})`,
    allowed: 'the address of a running Redis server, redis://host:port',
  });
}

/** Errors that a server gives while it starts or after its keys were deleted, and that pass. */
const PASSING = /^(LOADING|NOSCRIPT|BUSY|UNBLOCKED|TRYAGAIN)/;

/** Whether the server answered, with an error that stays. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && !PASSING.test(error.message);
}

const REMEDIES: readonly [RegExp, string][] = [
  [/^WRONGTYPE|wrong kind of value/, 'a database where nothing else uses the keys bull:exhibit-*'],
  [/DB index/, 'the number of a database that the server has, usually 0 to 15'],
  [/^(NOAUTH|WRONGPASS|NOPERM)/, 'a user that may read and write there: redis://user:password@host:port'],
  [/^OOM/, "a server with memory left: raise its 'maxmemory'"],
];

function remedyFor(message: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(message))?.[1] ?? 'a server that takes reads and writes';
}

/** The address without its password, as messages show it. */
export function addressOf(url: string): string {
  try {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const isRedis = ['redis:', 'rediss:'].includes(protocol) && hostname !== '' && search === '';
    if (!isRedis || !/^(\/\d{0,9})?$/.test(pathname)) throw new TypeError();
    return `${protocol}//${hostname}:${port || 6379}${pathname === '/' ? '' : pathname}`;
  } catch {
    const allowed = 'redis://host:port or rediss://host:port, with /NUMBER for another database';
    throw new InputError({ field: '--queue', found: quote(withoutPassword(url)), allowed });
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}

async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
