import { randomBytes } from 'node:crypto';

/**
 * Text from files, names and parameters may hold characters that act on a terminal: they move the cursor, hide what was
 * printed, or turn the direction of reading. Everything that is printed goes through `visible`, which shows them as
 * escapes. Colours of our own are marked by a word that nobody else knows and become escape sequences only there.
 */
let mark: string | undefined;

/** A control sequence of our own, to be put into text that is printed by `visible`. */
export function marked(sequence: string): string {
  mark ??= `\u0001${randomBytes(8).toString('hex')}`;
  return sequence.replaceAll('\x1b', mark);
}

/** Control characters but the line feed, characters of direction and format, surrogates without a partner. */
const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with line feeds and otherwise only characters that show. */
export function visible(text: string): string {
  const parts = mark === undefined ? [text] : text.split(mark);
  return parts.map((part) => part.replaceAll('\r\n', '\n').replaceAll('\t', ' ').replace(ACTING, escaped)).join('\x1b');
}

/** The text on one line: lines that it holds must not look like lines of ours. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\n\u2028\u2029]\s*/g, ' ');
}

/** A document as JSON of the same value, with the same characters escaped. */
export function jsonText(document: unknown, indent = 2): string {
  return JSON.stringify(document, null, indent).replace(ACTING, escaped);
}

function escaped(character: string): string {
  const units = [...Array(character.length).keys()].map((k) => character.charCodeAt(k));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
