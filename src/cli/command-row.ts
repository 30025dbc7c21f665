import type { Option } from 'commander';
import type { CommonFlags } from './flags.js';

/** One command: its synopsis, its own flags, and the code behind it, loaded when it is used. */
export interface CommandRow {
  /** With its arguments, in commander's notation. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Option[];
  run(args: readonly (string | readonly string[] | undefined)[], flags: CommonFlags): Promise<number>;
}
