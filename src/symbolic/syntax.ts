import { brief, InputError, quote } from '../errors.js';
import { vendored } from '../vendored.js';

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

const mathjs = vendored<typeof import('mathjs/number')>('mathjs', 'mathjs/number');

let loaded: ((text: string) => SyntaxNode) | undefined;

/** Loaded at the first use, since mathjs takes a third of a second, its parser in one file 15 milliseconds. */
function parser(): (text: string) => SyntaxNode {
  loaded ??= loadParser();
  return loaded;
}

function loadParser(): (text: string) => SyntaxNode {
  const { create, factory, parseDependencies } = mathjs();
  const createNumeric = factory('numeric', [], () => (literal: string) => ({ literal }));
  return create({ ...parseDependencies, numericDependencies: { createNumeric } }).parse;
}
