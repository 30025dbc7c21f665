import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fastest, type Row, show } from './row.js';

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const RUNS = 9;

/** The start of the command against the start of node. */
export async function rows(): Promise<Row[]> {
  const seconds = (args: readonly string[]) => fastest(RUNS, () => spawnSync(process.execPath, args));
  const [nothing, help, list] = [
    ['-e', '0'],
    [MAIN, '--help'],
    [MAIN, 'list'],
  ].map(seconds);
  const row = (name: string, value: number) => ({
    name,
    value: `${show(1000 * value, 'ms')}, ${show(value / nothing, 'times node -e 0')}`,
  });
  return [row('exhibit --help', help), row('exhibit list', list)];
}
