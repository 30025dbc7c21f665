import { InputError } from '../../../errors.js';
import { isOp, type Network, type Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { ballIntervals } from '../../../numbers/balls.js';
import type { Rational } from '../../../numbers/rational.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import {
  nameAsWritten,
  normalForm,
  number,
  type Prefix,
  parseTermText,
  type Side,
  type Term,
} from '../../../statement/index.js';
import * as E from '../../../symbolic/index.js';
import { measuredOf } from '../../question/goal.js';
import type { Question } from '../../question/question.js';

/** Whether the question bounds this quantity, for the inputs of its own prefix, from above, or from below. */
export function asksFor({ goal, names: { prefix } }: Question, quantity: string, side: 'hi' | 'lo' = 'hi'): boolean {
  if ((goal.measure === 'inf') !== (side === 'lo') || prefix === null) return false;
  const asked = readable(quantity);
  return asked !== null && subjectOf(prefix, measuredOf(goal)) === subjectOf(prefix, asked);
}

/** What a lemma asks about a tensor, unless its name, from a file, is no word of the language: then nobody asked in this form. */
function readable(quantity: string): Term | null {
  try {
    return parseTermText(quantity);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** A tensor's name in what a lemma asks; where none can write it, what is no term, so that nobody asked. */
export function written(name: string): string {
  return nameAsWritten(name) ?? '""';
}

/** Whether the question, which has no conditions, bounds this quantity or its modulus, from any side. */
export function isAbout({ goal, names: { prefix }, conditions }: Question, quantity: string): boolean {
  if (prefix === null || conditions.length > 0) return false;
  const asked = readable(quantity);
  return asked !== null && boundsOf(prefix, goal.quantity).subject === boundsOf(prefix, asked).subject;
}

/** What a quantity is in normal form, and where its constants go; any bound will do. */
function subjectOf(prefix: Prefix, quantity: Term): string {
  const { subject, lo, hi } = boundsOf(prefix, quantity);
  return `${subject} ${lo} ${hi}`;
}

function boundsOf(prefix: Prefix, quantity: Term) {
  return normalForm({ prefix, relations: [{ sides: [quantity, number(1)], comparisons: ['<='] }] })[0];
}

/** Whether a side of a condition is this quantity. */
export function isSameTerm(prefix: Prefix, side: Side, text: string): boolean {
  const bare = { ...prefix, conditions: [] };
  const asked = readable(text);
  return side.kind !== 'unknown' && asked !== null && subjectOf(bare, side) === subjectOf(bare, asked);
}

/** A closed formula from below, in 64 significant bits. */
export function downTo(formula: E.Expression): Rational {
  return roundedTo(E.valueBounds(formula, new Map(), ballIntervals(192)).lo, 64, 'down');
}

/** A closed formula from above, in 64 significant bits. */
export function upTo(formula: E.Expression): Rational {
  return roundedTo(E.valueBounds(formula, new Map(), ballIntervals(192)).hi, 64, 'up');
}

/** The network of a question about one network with one output; null for others. */
export function onlyNetwork({ names: { about } }: Question): Network | null {
  return 'inputs' in about && about.outputs.length === 1 ? (about as Network) : null;
}

/** The input that a softmax along the last axis is applied to directly. */
export function softmaxOfInput(node: Node): Node<'input'> | null {
  if (!isOp(node, 'softmax') || node.attributes.axis !== node.shape.length - 1) return null;
  const [argument] = node.inputs;
  return isOp(argument, 'input') ? argument : null;
}

/** lo and hi when all entries of a variable lie in one interval. */
export function boxOf({ names: { variables } }: Question, name: string): { lo: Rational; hi: Rational } | null {
  const sets = variables.find((variable) => variable.name === name)?.sets ?? [];
  const [first] = sets;
  if (first?.kind !== 'interval') return null;
  const { lo, hi } = first;
  const isOne = sets.every((set) => set.kind === 'interval' && set.lo.equals(lo) && set.hi.equals(hi));
  return isOne ? { lo, hi } : null;
}

/** The softmax along the last axis of an input x whose entries all lie in one interval, and that for no other variable. */
export function softmaxOverBox(question: Question) {
  const network = onlyNetwork(question);
  const output = network?.outputs[0];
  const input = output && softmaxOfInput(output.node);
  const box = input && boxOf(question, input.attributes.name);
  const { names, conditions } = question;
  if (!network || !output || !input || !box || names.variables.length !== 1 || conditions.length > 0) return null;
  return {
    network,
    y: written(output.name),
    node: output.node,
    input,
    x: input.attributes.name,
    box,
    shape: lengthsOf(input),
  };
}

/** A point of the domain from rows of values by variable, in the order of its entries. */
export function pointOf({ names: { variables } }: Question, values: ReadonlyMap<string, readonly Rational[]>) {
  return new Map(
    variables.flatMap(({ name, entries }) => entries.map((entry, i) => [entry, values.get(name)![i]] as const)),
  );
}

export function lengthsOf(node: Node): readonly number[] {
  return sizes(node.shape);
}

/** Tokens from 1 on. */
export const tokensTo = (L: number) => Array.from({ length: L }, (_, j) => j + 1);
