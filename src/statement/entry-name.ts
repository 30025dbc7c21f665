import { InputError } from '../errors.js';
import { entry } from './ast.js';
import { parseTermText } from './parse.js';
import { printTerm } from './print.js';

/**
 * A tensor's name as statements write it, in quotes where it is no plain one; null where they cannot. A name from a file may hold
 * anything: `p" + 0*"q`, or `q - 5`, in the place of a name would be read as terms about others.
 */
export function nameAsWritten(name: string): string | null {
  try {
    const text = printTerm(entry(name));
    const term = parseTermText(text);
    return term.kind === 'entry' && term.name === name && term.at === null && term.indices.length === 0 ? text : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The name of an entry of an input in texts of the language: `x[3,2]`, or `x` where there is only one. */
export function inputEntry(name: string, shape: readonly number[], index: number): string {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((product, size) => product * size, 1));
  const indices = strides.map((stride, k) => (Math.floor(index / stride) % shape[k]) + 1);
  return shape.every((size) => size === 1) ? name : `${name}[${indices.join(',')}]`;
}
