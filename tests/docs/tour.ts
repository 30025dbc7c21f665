/** The fenced blocks of one language in a page. */
export function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, body]) => body);
}

/** A command of a page and what it printed. */
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
