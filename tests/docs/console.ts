import { answer } from '../cli/answer.js';
import { launch, MAIN } from '../cli/exhibit.js';

/** The fenced blocks of one language in a page. */
export function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, body]) => body);
}

/** A command of the tour and what it printed. */
export interface Snippet {
  readonly command: string;
  readonly output: string;
}

export function snippets(block: string): Snippet[] {
  return block
    .split(/^\$ /m)
    .filter(Boolean)
    .map((part) => {
      const [command, ...output] = part.split('\n');
      return { command, output: output.join('\n') };
    });
}

/** A line that starts the program alone, with some words. */
const ALONE = /^npx exhibit (?:[^'"|<>;&$`\\]|'[^']*')*$/;

/** What a line of the tour prints in a folder, `npx exhibit` being this build. */
export async function printed(line: string, cwd: string): Promise<string> {
  if (ALONE.test(line)) {
    const { stdout: words } = await launch('/bin/sh', ['-c', line.replace('npx exhibit', "printf '%s\\n'")], { cwd });
    const { stdout, stderr } = await answer(words.trimEnd().split('\n'), { cwd });
    return stderr + stdout;
  }
  const command = line.replace(/npx exhibit/g, `'${process.execPath}' '${MAIN}'`);
  return (await launch('/bin/sh', ['-c', `exec 2>&1; ${command}`], { cwd })).stdout;
}

/** Times, measured errors and last digits differ between machines, the width of a column between sets of theorems. */
export function normalised(output: string): string {
  return output
    .replace(/\b\d+\.\d\d s\b/g, '# s')
    .replace(/"seconds":[\d.e-]+/g, '"seconds":#')
    .replace(/-?\d+\.\d{7,}/g, (number) => Number(number).toPrecision(5))
    .replace(/(measured error|memory: error|slack factor) [^ ,]+/g, '$1 #')
    .replace(/(OBSERVED .*\n +in )[[{].*?[\]}]/g, '$1#')
    .replace(/(\S) {2,}/g, '$1 ')
    .trim();
}

/** The expected output as a pattern: a line `...` stands for any lines, none included. */
export function pattern(output: string): RegExp {
  const lines = normalised(output).split('\n');
  const parts = lines.map((line) =>
    line === '...' ? '(?:.*\\n)*?' : `${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\n`,
  );
  return new RegExp(`^${parts.join('')}$`);
}
