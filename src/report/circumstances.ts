import type { ReadFile } from '../files/record.js';

/** Everything beside the program that determined a result, so that it can be had again. */
export interface Circumstances {
  /** The complete command line, for the folder in which it was given. */
  readonly call: string;
  /** Bounds that were stated for claims in place of the theorem's, exact, by the claims' ids. */
  readonly bounds?: Readonly<Record<string, string>>;
  /** Parameters set on the command line, NAME=VALUE. */
  readonly overrides?: readonly string[];
  /** The networks that were read rather than built. */
  readonly models?: readonly (ReadFile & { readonly name?: string })[];
  /** Every file that was read. */
  readonly files?: readonly ReadFile[];
  readonly seed: number;
  readonly digits: number;
}

/** The fields that every result has. */
export function circumstancesJson({ call, bounds, overrides, models, files, seed, digits }: Circumstances) {
  return {
    format: 1,
    call,
    bounds: bounds ?? {},
    overrides: overrides ?? [],
    models: models ?? [],
    files: files ?? [],
    seed,
    digits,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}
