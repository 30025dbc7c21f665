import { COMMANDS } from './commands.js';
import { runInThread } from './listen.js';
import { runCommand } from './program.js';

const words = process.argv.slice(2);
const row = COMMANDS.find(({ name }) => name.split(' ')[0] === words[0]);
process.exitCode = row?.searches ? await runInThread(words) : await runCommand(words);
