import { stripVTControlCharacters } from 'node:util';
import { visible } from './visible.js';

/** Lines of at most so many columns, broken at blanks; later lines begin with `indent`. A longer word stays whole. */
export function wrapped(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  const [start] = /^\s*/.exec(text)!;
  let line = start;
  for (const word of text.trim().split(/\s+/)) {
    const isFirst = line.trim() === '';
    const longer = isFirst ? `${line}${word}` : `${line} ${word}`;
    if (!isFirst && widthOf(longer) > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}

function widthOf(text: string): number {
  return stripVTControlCharacters(visible(text)).length;
}

/**
 * Text for a terminal of so many columns: longer lines are broken at blanks. What follows is indented as far as the line
 * itself, or as far as its second column, where a gap of
 * blanks begins one in the left half.
 */
export function laidOut(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => (widthOf(line) > columns ? broken(line, columns) : line))
    .join('\n');
}

function broken(line: string, columns: number): string {
  const [margin] = /^\s*/.exec(line)!;
  const [column] = /^\s*(?:\S+(?: \S+)*\s{2,}(?=\S))?/.exec(line)!;
  const isNarrow = widthOf(column) > columns / 2;
  const head = isNarrow ? margin : column;
  const indent = ' '.repeat(Math.min(widthOf(head) + (isNarrow ? 4 : 0), columns >> 1));
  const lines: string[] = [];
  let current = '';
  for (const piece of line.slice(head.length).match(/\s*\S+/g) ?? []) {
    const start = lines.length === 0 ? head : indent;
    const isFirst = current === '' || current === start;
    if (current === '') current = start;
    if (!isFirst && widthOf(current + piece) > columns) {
      lines.push(current);
      current = `${indent}${piece.trimStart()}`;
    } else current += isFirst ? piece.trimStart() : piece;
  }
  return [...lines, current].join('\n');
}
