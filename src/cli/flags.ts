import { InputError, quote } from '../errors.js';
import { DTYPES, PROVIDERS, type Target } from '../evaluate/target.js';
import { isInstalled, RUNTIME_INSTALL } from '../optional.js';
import { say } from './output.js';

/** What commander hands over: texts as the user wrote them. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed: string;
  readonly digits: string;
  readonly timeLimit?: string;
  readonly param?: readonly string[];
  readonly library?: readonly string[];
  readonly network?: string;
  readonly certificate?: string;
  readonly renew?: string;
  readonly coq?: string;
  readonly report?: string;
  readonly latex?: string;
  readonly provider?: string;
  readonly dtype?: string;
  readonly output?: string;
  readonly input?: string;
  readonly exact?: boolean;
  readonly enclose?: boolean;
  readonly jobs?: string;
  readonly resume?: boolean;
  readonly queue?: string;
  readonly recheck?: string;
  readonly yes?: boolean;
  readonly width?: string;
  /** False after --no-check. */
  readonly check?: boolean;
  readonly vnnlib?: boolean;
  readonly export?: string;
  readonly data?: boolean;
}

/** Reads a flag that must be one of a few words; undefined when it is not given. */
export function oneOf<W extends string>(flag: string, words: readonly W[], text: string | undefined): W | undefined {
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (!word) throw new InputError({ field: flag, found: quote(text), allowed: words.join(', ') });
  return word;
}

/** Reads a flag that must be a whole number. */
export function wholeNumber(flag: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new InputError({ field: flag, found: quote(text), allowed: `a whole number from ${min} to ${max}` });
  }
  return value;
}

/** Reads the flags that mean the same for every command. */
export function common(flags: CommonFlags): { seed: number; digits: number; timeLimit: number | undefined } {
  return {
    seed: wholeNumber('--seed', flags.seed, { min: 0, max: 2 ** 31 - 2 }),
    digits: wholeNumber('--digits', flags.digits, { min: 1, max: 1000 }),
    timeLimit: flags.timeLimit === undefined ? undefined : seconds(flags.timeLimit),
  };
}

/**
 * The executions asked for: one with --provider or --dtype, all formats on the CPU otherwise, and then none where
 * onnxruntime is not installed.
 */
export function targets(flags: CommonFlags): readonly Target[] {
  if (lacksRuntime(flags)) return [];
  const provider = oneOf('--provider', PROVIDERS, flags.provider) ?? 'cpu';
  const dtype = oneOf('--dtype', DTYPES, flags.dtype);
  if (dtype) return [{ provider, dtype }];
  return (provider === 'cpu' ? DTYPES : (['float32'] as const)).map((each) => ({ provider, dtype: each }));
}

/** Says why nothing was run, when nobody asked for a run and onnxruntime is not installed. */
export function noteMissingRuntime(flags: CommonFlags): void {
  if (lacksRuntime(flags))
    say(flags, `note: onnxruntime-node is not installed, so nothing is run; install it: ${RUNTIME_INSTALL}`);
}

function lacksRuntime({ provider, dtype }: CommonFlags): boolean {
  return provider === undefined && dtype === undefined && !isInstalled('onnxruntime-node');
}

function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0))
    throw new InputError({ field: '--time-limit', found: quote(text), allowed: 'a positive number of seconds' });
  return value;
}
