import { Command, CommanderError, Option } from 'commander';
import { tool } from '../version.js';
import { COMMANDS } from './commands.js';
import { EXIT, reportFailure } from './exit.js';

/** Flags that every command takes; `--json` and the rest mean the same everywhere. */
const COMMON = [
  new Option('--json', 'one JSON document on stdout and nothing else there'),
  new Option('--quiet', 'no progress and no notes on stderr'),
  new Option('--seed <n>', 'seed of every random choice').default('0'),
  new Option('--digits <P>', 'significant digits of printed bounds').default('17'),
  new Option('--time-limit <seconds>', 'return the enclosures reached after so long'),
] as const;

function program(): Command {
  const root = new Command('exhibit')
    .description(
      'Builds the networks that approximation theorems promise, proves the claims about those very weights, and runs them',
    )
    .version(tool().version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\n`) });
  for (const { name, summary, options, run } of COMMANDS) {
    const command = root.command(name).description(summary);
    for (const option of [...options, ...COMMON]) command.addOption(option);
    command.action(async (...args: unknown[]) => {
      const flags = args[args.length - 2] as Record<string, unknown>;
      process.exitCode = await run(args.slice(0, -2) as never, flags as never);
    });
  }
  return root;
}

/** A reader that has seen enough, such as `head`, closes the pipe: nothing is left to say. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const words = process.argv.slice(2);
  await program().parseAsync(words.length > 0 ? words : ['--help'], { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.proved : EXIT.badInput;
  else process.exitCode = reportFailure(error);
}
