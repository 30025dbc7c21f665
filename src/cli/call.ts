import type { CommonFlags } from './flags.js';

/**
 * The flags that a result depends on, in the order in which a call shows them, with the values that are the defaults. What
 * is written where, and how much is said meanwhile, changes no result.
 */
const FLAGS: readonly (readonly [flag: string, name: keyof CommonFlags, usual?: string | boolean])[] = [
  ['-p', 'param'],
  ['--library', 'library'],
  ['--network', 'network'],
  ['--width', 'width'],
  ['--provider', 'provider'],
  ['--dtype', 'dtype'],
  ['--seed', 'seed', '0'],
  ['--digits', 'digits', '17'],
  ['--time-limit', 'timeLimit'],
  ['--no-check', 'check', true],
  ['--yes', 'yes'],
];

/** The command line that gives the result again in the folder where it was given, quoted for a POSIX shell. */
export function callOf(command: string, args: readonly string[], flags: CommonFlags): string {
  const given = FLAGS.flatMap(([flag, name, usual]) => {
    const value = flags[name];
    if (value === undefined || value === usual) return [];
    if (typeof value === 'boolean') return [flag];
    return [value].flat().flatMap((each) => [flag, String(each)]);
  });
  // An argument that looks like a flag is an argument behind `--`.
  const separated = args.some((arg) => arg.startsWith('-')) ? [...given, '--', ...args] : [...args, ...given];
  return ['exhibit', command, ...separated].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
