import { WriteStream } from 'node:tty';
import { inspect } from 'node:util';
import { isTerminal } from '../files/terminal.js';
import { marked } from './visible.js';

type Style = 'bold' | 'red' | 'green' | 'yellow' | 'cyan' | 'dim';

export type Painter = (style: Style, text: string) => string;

/**
 * Colours text for stdout or stderr when that is a terminal that wants them; NO_COLOR is honoured by `hasColors`. What it
 * gives is to be printed by `visible`. The stream of a thread does not know whether it is a terminal: the descriptor does.
 */
export function painter(descriptor: 1 | 2): Painter {
  const coloured = isTerminal(descriptor) && WriteStream.prototype.hasColors();
  return (style, text) => (coloured ? paint(style, text) : text);
}

/** The text with the escape sequences of a style. */
export function paint(style: Style, text: string): string {
  const [open, close] = inspect.colors[style]!;
  return `${marked(`\x1b[${open}m`)}${text}${marked(`\x1b[${close}m`)}`;
}
