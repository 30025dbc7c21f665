import { Command, CommanderError, Option } from 'commander';
import { isInterrupted } from '../deadline.js';
import { InputError } from '../errors.js';
import { tool } from '../version.js';
import { COMMANDS } from './commands.js';
import { EXIT, reportFailure } from './exit.js';
import { print, talk } from './output.js';

/** Flags that every command takes; `--json` and the rest mean the same everywhere. */
const COMMON = [
  new Option('--json', 'one JSON document on stdout and nothing else there'),
  new Option('--quiet', 'no progress and no notes on stderr'),
  new Option('--seed <n>', 'seed of every random choice').default('0'),
  new Option('--digits <P>', 'significant digits of printed bounds').default('17'),
  new Option('--time-limit <seconds>', 'return the enclosures reached after so long'),
] as const;

/** Runs the command that the words of a command line ask for; returns the exit code and throws nothing. */
export async function runCommand(words: readonly string[]): Promise<number> {
  try {
    refuseLong(words);
    const code = { value: EXIT.proved as number };
    await program(code).parseAsync(asked(words), { from: 'user' });
    return isInterrupted() ? EXIT.interrupted : code.value;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.proved;
    const failure = reportFailure(error, words.includes('--json'));
    return isInterrupted() && failure === EXIT.badInput ? EXIT.interrupted : failure;
  }
}

/** Help for a command that there is not would be the help of all: its name alone is an error that names the nearest one. */
function asked(words: readonly string[]): readonly string[] {
  const [first = '--help'] = words;
  const isKnown =
    first.startsWith('-') || first === 'help' || COMMANDS.some(({ name }) => name.split(' ')[0] === first);
  return isKnown && words.length > 0 ? words : [first];
}

/** Where a process has more than about 24,000 characters of arguments, onnxruntime 1.30 ends it without a word. */
const LONGEST_LINE = 20_000;

function refuseLong(words: readonly string[]): void {
  const length = words.reduce((total, word) => total + Buffer.byteLength(word) + 1, 0);
  if (length <= LONGEST_LINE) return;
  throw new InputError({
    found: `a command line of ${length} characters`,
    allowed: `at most ${LONGEST_LINE}`,
    mend: 'put parameters and statements into an instance file',
  });
}

function program(code: { value: number }): Command {
  const root = new Command('exhibit')
    .description(
      'Builds the networks that approximation theorems promise, proves the claims about those very weights, and runs them',
    )
    .version(tool().version)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: talk, outputError: () => {} });
  for (const { name, summary, options, run } of COMMANDS) {
    const command = root.command(name).description(summary);
    for (const option of [...options, ...COMMON]) command.addOption(option);
    command.action(async (...args: unknown[]) => {
      const flags = args[args.length - 2] as Record<string, unknown>;
      code.value = await run(args.slice(0, -2) as never, flags as never);
    });
  }
  return root;
}
