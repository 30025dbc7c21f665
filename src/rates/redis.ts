import type { Redis } from 'ioredis';
import { InputError, quote } from '../errors.js';
import { optionalPackage } from '../optional.js';

const CONNECT_SECONDS = 4;
/** Times that a lost connection is tried again, at most 2 s apart, before the queue counts as lost. */
const MOST_ATTEMPTS = 15;

/**
 * A connection to the Redis server at `redis://[user:password@]host[:port][/db]`, or `rediss://` for TLS, once it has
 * answered. Throws InputError with the address when it does not within four seconds.
 */
export async function connect(url: string): Promise<Redis> {
  const address = addressOf(url);
  const { Redis } = await optionalPackage(
    'ioredis',
    'connects to Redis',
    () => import('ioredis'),
    'npm install bullmq ioredis',
  );
  const patience = { connectTimeout: CONNECT_SECONDS * 1000, disconnectTimeout: 500, maxRetriesPerRequest: null };
  let isUp = false;
  const redis = new Redis(url, {
    ...patience,
    lazyConnect: true,
    retryStrategy: (times) => (isUp && times <= MOST_ATTEMPTS ? Math.min(100 * times, 2000) : null),
  });
  let cause: Error | undefined;
  redis.on('error', (error) => {
    cause = error;
  });
  try {
    await within(
      CONNECT_SECONDS,
      redis.connect().then(() => redis.ping()),
    );
    isUp = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw lost(address, cause ?? (error as Error));
  }
}

/** Bad input: the queue's server does not answer. */
export function lost(address: string, cause: Error): InputError {
  const { code } = cause as NodeJS.ErrnoException;
  return new InputError({
    field: '--queue',
    found: `no Redis server answers at ${address} (${code ?? cause.message})`,
    allowed: 'the address of a running Redis server, redis://host:port',
  });
}

/** The address without its password, as messages show it. */
export function addressOf(url: string): string {
  try {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    if (!['redis:', 'rediss:'].includes(protocol) || hostname === '' || search !== '') throw new TypeError();
    return `${protocol}//${hostname}:${port || 6379}${pathname === '/' ? '' : pathname}`;
  } catch {
    throw new InputError({ field: '--queue', found: quote(url), allowed: 'redis://host:port or rediss://host:port' });
  }
}

async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
