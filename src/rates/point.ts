import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { readWhole, statusOf } from '../files/read.js';
import { readParameters } from '../instance/parameters.js';
import type { Raw } from '../instance/raw.js';
import { originOf } from '../library/library.js';
import type { Theorem } from '../proof/theorem.js';
import { deserialise, type Serialised, serialise } from './serialised.js';
import type { Sweep } from './sweep.js';

/** What determines a point's result, and nothing else does: the work that an engine is given. */
export interface Job {
  /** SHA-256 of the theorem, the parameters as they were understood, the files they name, seed, digits and version. */
  readonly key: string;
  /** Its id, or the path of the user's file that it was read from. */
  readonly theorem: string;
  readonly params: Readonly<Record<string, Serialised>>;
  readonly seed: number;
  readonly digits: number;
  /** The sweep's file: relative paths start from its folder. */
  readonly file?: string;
}

/** The settings that all points of a sweep share. */
export interface Settings {
  readonly seed: number;
  readonly digits: number;
  /** Of the program, down to its code. */
  readonly version: string;
}

/** A point of the grid of axes: the index of its value on each axis, the last axis running fastest. */
export interface Point {
  readonly index: number;
  /** Values on the axes as the theorem shows them. */
  readonly shown: Readonly<Record<string, string>>;
  /** All parameters, read. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly job: Job;
}

/** Point `index` of the grid. */
export function pointAt(sweep: Sweep, index: number, settings: Settings): Point {
  const { given, ...at } = parametersAt(sweep, index);
  const { theorem, file } = sweep;
  const job = {
    theorem: originOf(theorem) ?? theorem.id,
    params: Object.fromEntries([...given].map(([name, raw]) => [name, serialise(raw)])),
    seed: settings.seed,
    digits: settings.digits,
    file: file && resolve(file),
  };
  return { ...at, job: { ...job, key: keyOf(theorem, at.params, job, settings.version) } };
}

/** What distinguishes point `index` of the grid: all but its job. */
export function parametersAt(
  { theorem, axes, params: fixed, file }: Sweep,
  index: number,
): Omit<Point, 'job'> & { readonly given: ReadonlyMap<string, Raw> } {
  const chosen: [string, Raw][] = [];
  let rest = index;
  for (const { name, values } of [...axes].reverse()) {
    chosen.unshift([name, values[rest % values.length]]);
    rest = Math.floor(rest / values.length);
  }
  const given = new Map([...fixed, ...chosen]);
  const params = readParameters(theorem.id, theorem.parameters, given, file);
  const shown = chosen.map(([name]) => [name, textOf(theorem.parameters[name].show(params[name] as never))] as const);
  return { index, shown: Object.fromEntries(shown), params, given };
}

/** The key of a job as this program and these files have it. */
export function keyOfJob(job: Omit<Job, 'key'>, theorem: Theorem, version: string): string {
  const given = Object.entries(job.params).map(
    ([name, value]) => [name, deserialise(value, { file: job.file })] as const,
  );
  return keyOf(theorem, readParameters(theorem.id, theorem.parameters, new Map(given), job.file), job, version);
}

function keyOf(
  theorem: Theorem,
  params: Readonly<Record<string, unknown>>,
  { seed, digits, file }: Pick<Job, 'seed' | 'digits' | 'file'>,
  version: string,
): string {
  const shown = Object.entries(theorem.parameters).map(([name, parameter]) => [
    name,
    parameter.show(params[name] as never) ?? null,
  ]);
  const folder = file === undefined ? process.cwd() : dirname(file);
  const files = shown.map(([, value]) => (typeof value === 'string' ? fileHash(folder, value) : null));
  const origin = originOf(theorem);
  const own = [...(origin === null ? [] : [origin]), ...(theorem.files ?? [])];
  const code = own.length === 0 ? version : [version, ...own.map((path) => fileHash(folder, path))];
  return hash(JSON.stringify([theorem.id, shown, files, seed, digits, code]));
}

const LARGEST_FILE = 2 ** 30;
const hashes = new Map<string, string>();

/** The hash of the file that a parameter names, if it names one: its content is part of the point. */
function fileHash(folder: string, text: string): string | null {
  if (text.length > 4096 || text.includes('\0')) return null;
  const path = resolve(folder, text);
  const stats = statusOf(path);
  if (!stats?.isFile()) return null;
  const stamp = `${path} ${stats.mtimeMs} ${stats.size}`;
  const known = hashes.get(stamp);
  if (known) return known;
  const found = hash(readWhole(path, LARGEST_FILE));
  hashes.set(stamp, found);
  return found;
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function textOf(shown: unknown): string {
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}
