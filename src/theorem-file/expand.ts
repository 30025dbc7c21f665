import { InputError } from '../errors.js';
import type { Names } from './evaluate.js';
import type { Callable } from './value.js';

/** Longest text of a statement with the functions written out. */
const LONGEST = 100_000;

/**
 * The text of a statement with calls of parameters that are functions written out: f(f(x)) for f = x^2 becomes
 * ((((x)^2))^2). Throws InputError for a wrong number of arguments and for a text that becomes too long.
 */
export function expandFunctions(text: string, names: Names): string {
  const functions = new Map<string, Callable>();
  for (const name of names.keys()) {
    const value = names.get(name);
    if (value?.kind === 'function') functions.set(name, value);
  }
  return functions.size === 0 ? text : expanded(text, functions);
}

function expanded(text: string, functions: ReadonlyMap<string, Callable>): string {
  let result = '';
  let position = 0;
  for (const match of text.matchAll(/[\p{L}_][\p{L}\p{Nd}_]*(?=\()/gu)) {
    const fn = functions.get(match[0]);
    if (!fn || match.index < position) continue;
    const { args, end } = argumentsAt(text, match.index + match[0].length);
    if (args.length !== fn.variables.length) {
      const found = `${fn.name} with ${args.length} arguments`;
      throw new InputError({ found, allowed: `${fn.name}(${fn.variables.join(', ')})` });
    }
    const values = new Map(fn.variables.map((name, k) => [name, `(${expanded(args[k], functions)})`]));
    const body = fn.text.replace(/[A-Za-z]\w*/g, (word) => values.get(word) ?? word);
    result += `${text.slice(position, match.index)}(${body})`;
    position = end;
    if (result.length > LONGEST)
      throw new InputError({ found: `a statement of more than ${LONGEST} characters`, allowed: 'shorter functions' });
  }
  return result + text.slice(position);
}

/** The arguments between the bracket at `start` and the one that closes it. */
export function argumentsAt(text: string, start: number): { readonly args: readonly string[]; readonly end: number } {
  const args: string[] = [];
  let open = 0;
  let from = start + 1;
  for (let k = start; k < text.length; k++) {
    if ('([{'.includes(text[k])) open += 1;
    else if (')]}'.includes(text[k])) open -= 1;
    const isEnd = open === 0;
    if (!isEnd && !(text[k] === ',' && open === 1)) continue;
    args.push(text.slice(from, k).trim());
    from = k + 1;
    if (isEnd) return { args, end: from };
  }
  throw new InputError({ found: 'an open bracket in a statement', allowed: "')'" });
}
