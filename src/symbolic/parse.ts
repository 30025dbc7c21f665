import { InputError, quote } from '../errors.js';
import { bitLength } from '../numbers/bits.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import { constant, div, type Expression, neg, one, power, product, sum, variable } from './expression.js';
import { apply, FUNCTIONS, type FunctionName } from './functions.js';
import { parseSyntax, type SyntaxNode } from './syntax.js';

const LONGEST_TEXT = 10_000;
const DEEPEST_NESTING = 100;
/**
 * Limit of the weight of an expression: literals weigh their bits, variables and functions 1, sums and products the
 * sum of their parts, and a power multiplies. So it bounds the degree and the size of every folded constant.
 */
const LARGEST_WEIGHT = 50_000;

/** A letter or digit of a name or number, an operator, a bracket, a blank. */
const FORBIDDEN = /[^\p{L}\p{Nd}_.+\-*/^(),\s]/u;

const NAMES = Object.values(FUNCTIONS).filter((fn) => !fn.internal);
const ALLOWED_FUNCTIONS = [...NAMES.filter((fn) => fn.arity[1] > 0).map((fn) => fn.name), 'sqrt'];

/**
 * Reads an expression such as `((x1 - 0.3)^2 + exp(-x2))/2` in the given variables, exactly: numbers become rationals.
 *
 * Allowed are + - * / ^, parentheses, the functions of functions.ts, sqrt and pi; an exponent is a constant. Throws
 * InputError that names the offending piece for everything else, for a text of more than 10,000 characters, nesting
 * deeper than 100 levels, and powers so large that exact arithmetic with them would be slow.
 */
export function parseExpression(text: string, variables: readonly string[]): Expression {
  if (text.length > LONGEST_TEXT) {
    throw new InputError({ found: `an expression of ${text.length} characters`, allowed: `at most ${LONGEST_TEXT}` });
  }
  const stray = FORBIDDEN.exec(text);
  if (stray) throw fault(`${quote(stray[0])} in ${quote(text)}`, variables);
  if (text.trim() === '') throw fault('an empty expression', variables);
  return translate(parseSyntax(text.replaceAll(/\s+/g, ' ')), { text, variables }, 0).expression;
}

interface Context {
  readonly text: string;
  readonly variables: readonly string[];
}

interface Weighted {
  readonly expression: Expression;
  readonly weight: number;
}

type Reader = (node: SyntaxNode, context: Context, depth: number) => Weighted;

const READERS: Readonly<Record<string, Reader>> = {
  ConstantNode: ({ value }, { text, variables }) => {
    if (value?.literal === undefined) throw fault(`${quote(String(value))} in ${quote(text)}`, variables);
    const number = parseRational(value.literal);
    return { expression: constant(number), weight: bits(number) };
  },
  SymbolNode: ({ name = '' }, { text, variables }) => {
    if (variables.includes(name)) return { expression: variable(name), weight: 1 };
    if (name === 'pi') return { expression: apply('pi'), weight: 1 };
    throw fault(`${quote(name)} in ${quote(text)} is not a variable here`, variables, hintFor(name));
  },
  ParenthesisNode: ({ content }, context, depth) => translate(content!, context, depth),
  OperatorNode: (node, context, depth) => {
    if (node.implicit) {
      throw new InputError({ found: `${quote(context.text)} leaves out an operator`, mend: 'write * between factors' });
    }
    const chain = CHAINS[node.fn as string];
    if (chain) return readChain(node, chain, context, depth);
    const operator = OPERATORS[node.fn as string];
    if (!operator) throw fault(`the operator ${quote(node.op!)} in ${quote(context.text)}`, context.variables);
    return operator(
      node.args!.map((arg) => translate(arg, context, depth + 1)),
      context,
    );
  },
  FunctionNode: (node, context, depth) => {
    const name = String(node.fn);
    const args = node.args!.map((arg) => translate(arg, context, depth + 1));
    if (!ALLOWED_FUNCTIONS.includes(name)) {
      throw fault(`the function ${quote(name)} in ${quote(context.text)}`, context.variables, hintFor(name));
    }
    const [least, most] = name === 'sqrt' ? [1, 1] : FUNCTIONS[name as FunctionName].arity;
    if (args.length < least || args.length > most) {
      const allowed = least === most ? `${least}` : `${least} or more`;
      throw new InputError({ found: `${name} with ${args.length} arguments in ${quote(context.text)}`, allowed });
    }
    const parts = args.map((arg) => arg.expression);
    return {
      expression: name === 'sqrt' ? power(parts[0], HALF) : apply(name as FunctionName, ...parts),
      weight: 1 + totalWeight(args),
    };
  },
};

const HALF = Rational.of(1, 2);

/** Left-associative operators by what they chain with: a - b + c is one sum. */
const CHAINS: Readonly<Record<string, Chain>> = {
  add: additive(),
  subtract: additive(),
  multiply: multiplicative(),
  divide: multiplicative(),
};

interface Chain {
  readonly members: readonly string[];
  join(parts: readonly Expression[]): Expression;
  invert(part: Expression): Expression;
}

function additive(): Chain {
  return { members: ['add', 'subtract'], join: sum, invert: neg };
}

function multiplicative(): Chain {
  return { members: ['multiply', 'divide'], join: product, invert: inverse };
}

const OPERATORS: Readonly<Record<string, (args: readonly Weighted[], context: Context) => Weighted>> = {
  unaryMinus: ([arg]) => ({ ...arg, expression: neg(arg.expression) }),
  unaryPlus: ([arg]) => arg,
  pow: ([base, exponent], { text, variables }) => {
    if (exponent.expression.kind !== 'constant') {
      throw fault(`an exponent in ${quote(text)} that is not a rational constant`, variables, HINTS.exponent);
    }
    const value = exponent.expression.value;
    const weight = limited(base.weight * Math.max(1, Math.abs(Number(value.num)) / Number(value.den)) + bits(value));
    return { expression: power(base.expression, value), weight };
  },
};

function inverse(part: Expression): Expression {
  if (part.kind === 'constant' && part.value.isZero())
    throw new InputError({ found: 'a division by 0', allowed: 'a divisor that is not 0' });
  return div(one, part);
}

/** Reads a whole left-nested chain without recursion along it. */
function readChain(root: SyntaxNode, { members, join, invert }: Chain, context: Context, depth: number): Weighted {
  const parts: { readonly node: SyntaxNode; readonly inverted: boolean }[] = [];
  let node = root;
  while (node.type === 'OperatorNode' && members.includes(node.fn as string) && !node.implicit) {
    parts.push({ node: node.args![1], inverted: node.fn === members[1] });
    node = node.args![0];
  }
  parts.push({ node, inverted: false });
  const read = parts.reverse().map((part) => ({ ...translate(part.node, context, depth + 1), ...part }));
  const weight = totalWeight(read);
  return { expression: join(read.map((part) => (part.inverted ? invert(part.expression) : part.expression))), weight };
}

function translate(node: SyntaxNode, context: Context, depth: number): Weighted {
  if (depth > DEEPEST_NESTING) {
    throw new InputError({ found: `${quote(context.text)} nests deeper`, allowed: `${DEEPEST_NESTING} levels` });
  }
  const reader = READERS[node.type];
  if (!reader) throw fault(`a '.' outside a number in ${quote(context.text)}`, context.variables);
  return reader(node, context, depth);
}

function totalWeight(parts: readonly Weighted[]): number {
  return limited(parts.reduce((total, part) => total + part.weight, 0));
}

function limited(weight: number): number {
  if (weight <= LARGEST_WEIGHT) return weight;
  throw new InputError({
    found: 'an expression whose powers and numbers are too large for exact arithmetic',
    allowed: `degree times digits up to about ${LARGEST_WEIGHT}`,
  });
}

function bits({ num, den }: Rational): number {
  return bitLength(num === 0n ? 1n : num < 0n ? -num : num) + bitLength(den) - 1;
}

const HINTS: Readonly<Record<string, string>> = {
  e: 'write exp(1)',
  ln: 'write log, the natural logarithm',
  exponent: 'write exp(y*log(x)) for x^y with x above 0',
};

function hintFor(name: string): string | undefined {
  return Object.hasOwn(HINTS, name) ? HINTS[name] : undefined;
}

function fault(found: string, variables: readonly string[], mend?: string): InputError {
  const names = variables.length > 0 ? `the variables ${variables.join(', ')}, ` : '';
  const allowed = `numbers, ${names}pi, + - * / ^ ( ), ${ALLOWED_FUNCTIONS.join(', ')}`;
  return new InputError({ found, allowed, mend });
}
