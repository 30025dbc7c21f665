import { formOf, valueOfSum } from '../calculus.js';
import { entry } from '../evaluate.js';
import type { Expression } from '../expression.js';
import { closed, type Rule } from '../fact.js';
import { brief, demand, Rejected, Unfinished } from '../failure.js';
import { constantForm, isConstant } from '../forms.js';
import { Fraction } from '../fraction.js';
import { list, record, sizeOf, string } from '../network.js';
import { compared } from '../relations.js';
import type { Session } from '../session.js';
import type { Side } from '../side.js';
import type { Names } from '../term-expressions.js';

/**
 * Data: `relations` [[left, relation, right], ...] between formulas in entries of outputs that no input changes, `r[3]`,
 * and whether all of them hold (`holds`) or one of them fails. Both sides are worked out exactly where they are rational,
 * else enclosed in interval arithmetic.
 */
export const values: Rule = (session, data) => {
  const { relations, holds } = record(data, 'the data', ['relations', 'holds']);
  demand(typeof holds === 'boolean', `${brief(holds)} is neither true nor false`);
  const known = new Map<string, Fraction>();
  const text = judged(session, relations, holds, known, namesOf(session, known));
  return closed({ kind: 'values', relations, holds }, holds ? text : `not: ${text}`);
};

/** Data: `relations` between numbers, as formulas without names, all of which hold. */
export const arithmetic: Rule = (session, data) => {
  const { relations } = record(data, 'the data', ['relations']);
  const text = judged(session, relations, true, new Map(), () => undefined);
  return closed({ kind: 'arithmetic', relations }, `${text} (arithmetic, not about the network)`);
};

/** Relations in words, once it is seen that all of them hold, or that one of them fails; names get `known` values. */
function judged(
  session: Session,
  relations: unknown,
  holds: boolean,
  known: ReadonlyMap<string, Fraction>,
  names: Names,
): string {
  const ends = (text: unknown): Side => {
    const e = session.expressions.parse(text, names);
    const form = formOf(e, session.atoms, (name) => constantForm(known.get(name)!));
    if (form && isConstant(form)) return { lo: form.constant, hi: form.constant };
    const value = enclosed(e, known);
    demand(value !== null, `${brief(text)} is not defined`);
    return value;
  };
  demand(list(relations, 'relations').length > 0, 'there are no relations');
  const parts = list(relations, 'relations').map((relation) => {
    const [left, sign, right] = list(relation, 'a relation').map((text) => string(text, 'a part of a relation'));
    return { text: `${left} ${sign} ${right}`, found: compared(ends(left), sign, ends(right)) };
  });
  const isFalse = parts.some(({ found }) => found === false);
  const isTrue = parts.every(({ found }) => found === true);
  const [isShown, isContrary] = holds ? [isTrue, isFalse] : [isFalse, isTrue];
  const text = parts.map((part) => part.text).join(' and ');
  demand(!isContrary, () => `it is ${holds ? 'not ' : ''}true that ${brief(text)}`);
  if (!isShown) throw new Unfinished(`whether ${brief(text)} is hidden by the rounding of intervals`);
  return text;
}

/** In interval arithmetic, which numbers that are too large for it leave undecided. */
function enclosed(e: Expression, known: ReadonlyMap<string, Fraction>): Side | null {
  try {
    return valueOfSum([[Fraction.one, e]], (name) => known.get(name)!);
  } catch (error) {
    if (error instanceof Rejected) throw new Unfinished(error.message);
    throw error;
  }
}

/** `r[3]`, `A[1,2]`, or the name alone for an output of one entry: a variable whose value is then in `known`. */
function namesOf(session: Session, known: Map<string, Fraction>): Names {
  const { network, expressions } = session;
  return (name, indices) => {
    const node = network.outputs.get(name);
    if (node === undefined) return undefined;
    const { shape } = network.nodes[node];
    const isWhole = indices.length === 0 && sizeOf(shape) === 1;
    const fits = indices.length === shape.length && indices.every((i, k) => 1 <= i && i <= shape[k]);
    demand(isWhole || fits, () => `the output ${name} of shape [${shape}] has no entry [${indices}]`);
    const at = indices.reduce((flat, i, k) => flat * shape[k] + i - 1, 0);
    const form = entry(session.value(node), at);
    demand(isConstant(form), () => `${name}[${indices}] depends on an input`);
    const variable = isWhole ? name : `${name}[${indices}]`;
    known.set(variable, form.constant);
    return expressions.variable(variable);
  };
}
