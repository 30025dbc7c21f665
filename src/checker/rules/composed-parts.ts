import { spend } from '../budget.js';
import { formOf, inputJet, jetOfSum, variablesOf } from '../calculus.js';
import type { Expression } from '../expression.js';
import { brief, demand } from '../failure.js';
import { equal, type Form } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { index, list, record, sizeOf } from '../network.js';
import { samePolynomial } from '../polynomial.js';
import type { Session } from '../session.js';
import type { Side } from '../side.js';
import { enclose, separate } from './enclosure.js';

const MOST_PARTS = 200;
export const NOTHING = I.interval(Fraction.zero);
const ONE = I.interval(Fraction.one);

/** An entry of a node, where it lies, and how far it is from the number that it stands for. */
export interface Value {
  readonly node: number;
  readonly name: string;
  readonly symbol: Form;
  readonly range: I.Interval;
  readonly error: I.Interval;
}

/** The entries of a node as forms in those of others. */
export type Read = (to: number, others: readonly number[]) => readonly Form[];

/**
 * Bounds of the last of the `parts` [{node, target, through, within}, ...], each a node of one entry with a target text in
 * z1, z2, ..., the given values and the parts before. With F for what the network computes of these, v^ for the values
 * there and v for the ones they stand for, F(v^) - g(v) = (F - g)(v^) + (g(v^) - g(v)): the first is bounded over the
 * ranges, the second by the errors times the slopes of g (Lebourg's mean value theorem). A part that is read `through`
 * affine nodes [[node, text], ...] is held against the text `within` in these, which must be the same polynomial as g.
 */
export function follow(session: Session, given: readonly Value[], parts: readonly unknown[], read: Read): Value {
  const values = [...given];
  demand(parts.length > 0 && parts.length <= MOST_PARTS, `there are ${parts.length} parts`);
  for (const part of parts) values.push(partOf(session, values, part, read));
  demand(new Set(values.map(({ name }) => name)).size === values.length, 'a part or a value is named twice');
  return values[values.length - 1];
}

function partOf(session: Session, values: readonly Value[], data: unknown, read: Read): Value {
  const fields = record(data, 'a part', ['node', 'target', 'through', 'within']);
  const node = session.node(fields.node);
  spend(session.network.nodes.length);
  const target = textIn(session, fields.target, values);
  const nodes = values.map((value) => value.node);
  const stages =
    fields.through === undefined ? [] : list(fields.through, 'through').map((stage) => list(stage, 'a stage'));
  const texts = stages.map(([, text]) => textIn(session, text, values));
  const inner = stages.map(([at, text], k) => {
    const stage = session.node(at);
    const form = formOf(texts[k], session.atoms, (name) => named(values, name).symbol);
    demand(form !== null && equal(form, only(read(stage, nodes))), () => `node ${stage} is not ${brief(text)}`);
    return entryValue(session, stage, 0, valueOver(texts[k], values), NOTHING);
  });
  const known = [...values, ...inner];
  const form = only(
    read(
      node,
      known.map((value) => value.node),
    ),
  );
  const local = stages.length === 0 ? target : textIn(session, fields.within, inner);
  const whole = stages.length === 0 ? target : session.expressions.parse(fields.within, (name) => pick(texts, name));
  demand(samePolynomial(whole, target), () => `the parts of node ${node} do not come to ${brief(fields.target)}`);
  const against = (e: Expression) => {
    const domain = new Map(known.map(({ name, range }) => [name, sideOf(range)]));
    const { lo, hi } = enclose(
      session,
      separate(session.atoms, form, e, (name) => named(known, name).symbol),
      domain,
    );
    return I.between(lo, hi);
  };
  const miss = against(local);
  const [own, near] = [against(session.expressions.number(Fraction.zero)), I.add(valueOver(target, values), miss)];
  const error = values.reduce((sum, value) => I.add(sum, carried(target, value, values)), miss);
  return entryValue(session, node, 0, I.meet(own, near), error);
}

/** How far the error of one value moves g, at most: between the values in the network and those they stand for. */
function carried(g: Expression, by: Value, values: readonly Value[]): I.Interval {
  if (!variablesOf(g).has(by.name) || (by.error.lo === 0n && by.error.hi === 0n)) return NOTHING;
  const { slope } = jetOfSum([[Fraction.one, g]], (name) => {
    const { range, error } = named(values, name);
    return inputJet(I.hull(range, I.add(range, I.neg(error))), name === by.name ? ONE : NOTHING);
  });
  demand(slope !== null, 'the slope of a part is not bounded');
  return I.mul(slope, by.error);
}

function valueOver(e: Expression, values: readonly Value[]): I.Interval {
  const { value } = jetOfSum([[Fraction.one, e]], (name) => inputJet(named(values, name).range));
  demand(value !== null, 'a part is not bounded');
  return value;
}

export function entryValue(session: Session, node: number, at: number, range: I.Interval, error: I.Interval): Value {
  const symbol = session.atoms.given(node, at);
  return { node, name: session.atoms.nameOf(symbol), symbol, range, error };
}

export function textIn(session: Session, text: unknown, values: readonly Value[]): Expression {
  return session.expressions.parse(text, (name) => {
    const value = pick(values, name);
    return value && session.expressions.variable(value.name);
  });
}

function named(values: readonly Value[], name: string): Value {
  return values.find((value) => value.name === name)!;
}

export function only(forms: readonly Form[]): Form {
  demand(forms.length === 1, 'a part is not one number');
  return forms[0];
}

export function sideOf(x: I.Interval): Side {
  return { lo: I.lower(x), hi: I.upper(x) };
}

/** Entries of nodes, listed as [[node, entry], ...]. */
export function placesOf(session: Session, z: unknown): (readonly [node: number, entry: number])[] {
  return list(z, 'z').map((place) => {
    const [of, at] = list(place, 'a place');
    const node = session.node(of);
    return [node, index(at, sizeOf(session.network.nodes[node].shape), 'an entry')];
  });
}

/** The item that z1, z2, ... stands for. */
export function pick<T>(items: readonly T[], name: string): T | undefined {
  return items[Number(/^z(\d{1,6})$/.exec(name)?.[1] ?? 0) - 1];
}

/** The function that the parts come to, of the given expressions. */
export function compositeOf(session: Session, given: readonly Expression[], parts: readonly unknown[]): Expression {
  const values = [...given];
  for (const part of parts) {
    const { target } = part as { readonly target: unknown };
    values.push(session.expressions.parse(target, (name) => pick(values, name)));
  }
  return values[values.length - 1];
}
