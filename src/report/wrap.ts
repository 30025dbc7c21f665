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
