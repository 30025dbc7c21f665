import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brief, InputError, quote } from '../errors.js';
import { CODE, EXTENSION } from '../root.js';

/** What is read of a node of mathjs' syntax tree; `toString` prints it with every operator. */
export interface SyntaxNode {
  readonly type: string;
  readonly value?: { readonly literal?: string };
  readonly name?: string;
  readonly op?: string;
  readonly fn?: string | SyntaxNode;
  readonly implicit?: boolean;
  readonly args?: readonly SyntaxNode[];
  readonly content?: SyntaxNode;
  toString(): string;
}

/** The syntax tree of a text by the parser of mathjs, with numbers kept as text. Throws InputError for bad syntax. */
export function parseSyntax(text: string): SyntaxNode {
  try {
    return parser()(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InputError({ found: `${quote(text)} is no expression: ${brief(error.message)}` });
    if (error instanceof RangeError)
      throw new InputError({ found: `${quote(text)} nests too deep`, allowed: '100 levels' });
    throw error;
  }
}

/** The build puts what the parser needs of mathjs into one file. */
const PARSER = EXTENSION === '.ts' ? 'mathjs/number' : fileURLToPath(new URL('vendor/mathjs.cjs', CODE));

let loaded: ((text: string) => SyntaxNode) | undefined;

/** Loaded at the first use, since mathjs takes a third of a second, its parser in one file 15 milliseconds. */
function parser(): (text: string) => SyntaxNode {
  loaded ??= loadParser();
  return loaded;
}

function loadParser(): (text: string) => SyntaxNode {
  const { create, factory, parseDependencies } = createRequire(import.meta.url)(PARSER);
  const createNumeric = factory('numeric', [], () => (literal: string) => ({ literal }));
  return create({ ...parseDependencies, numericDependencies: { createNumeric } }).parse;
}
