import type { Expression, Term } from './tree.js';
import { remembered } from './walk.js';

/** A map whose keys are equal when `sameExpression` says so; iterates in order of insertion. */
export class ExpressionMap<V> implements Iterable<readonly [Expression, V]> {
  private readonly buckets = new Map<number, { readonly key: Expression; value: V }[]>();
  private readonly entries: { readonly key: Expression; value: V }[] = [];

  get(key: Expression): V | undefined {
    return this.find(key)?.value;
  }

  set(key: Expression, value: V): void {
    const known = this.find(key);
    if (known) {
      known.value = value;
      return;
    }
    const entry = { key, value };
    this.entries.push(entry);
    const bucket = this.buckets.get(hash(key));
    if (bucket) bucket.push(entry);
    else this.buckets.set(hash(key), [entry]);
  }

  *[Symbol.iterator](): Iterator<readonly [Expression, V]> {
    for (const { key, value } of this.entries) yield [key, value];
  }

  private find(key: Expression) {
    return this.buckets.get(hash(key))?.find((entry) => sameExpression(entry.key, key));
  }
}

/**
 * Whether two expressions have the same structure up to the order of summands and factors; equal functions may differ in
 * it (`(x + 1)^2` and `x^2 + 2*x + 1` do).
 */
export function sameExpression(a: Expression, b: Expression): boolean {
  const [first, second] = [representative(a), representative(b)];
  if (first === second) return true;
  if (first.kind !== second.kind || hash(first) !== hash(second) || !sameParts(first, second)) return false;
  representatives.set(second, first);
  return true;
}

/** One of the expressions found equal to e: what was compared once is not walked through again. */
function representative(e: Expression): Expression {
  let top = e;
  for (let next = representatives.get(top); next; next = representatives.get(top)) top = next;
  if (top !== e) representatives.set(e, top);
  return top;
}

const representatives = new WeakMap<Expression, Expression>();

function sameParts(a: Expression, b: Expression): boolean {
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && a.value.equals(b.value);
    case 'variable':
      return b.kind === 'variable' && a.name === b.name;
    case 'sum':
      return b.kind === 'sum' && a.constant.equals(b.constant) && matched(a.terms, b.terms, sameTerm);
    case 'product':
      return b.kind === 'product' && matched(a.factors, b.factors, sameExpression);
    case 'power':
      return b.kind === 'power' && a.exponent.equals(b.exponent) && sameExpression(a.base, b.base);
    case 'application':
      return (
        b.kind === 'application' &&
        a.fn === b.fn &&
        a.args.length === b.args.length &&
        a.args.every((part, i) => sameExpression(part, b.args[i]))
      );
  }
}

function sameTerm(a: Term, b: Term): boolean {
  return a.coefficient.equals(b.coefficient) && sameExpression(a.of, b.of);
}

/** Whether the lists hold the same items in some order; most often it is the same order. */
function matched<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  const start = a.findIndex((x, i) => !isSame(x, b[i]));
  if (start < 0) return true;
  const rest = b.slice(start);
  return a.slice(start).every((x) => {
    const index = rest.findIndex((y) => isSame(x, y));
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
}

/** Equal for expressions that `sameExpression` holds equal. */
export const hash: (e: Expression) => number = remembered(computeHash);

function computeHash(e: Expression, hash: (part: Expression) => number): number {
  switch (e.kind) {
    case 'constant':
      return mix(1, ofText(e.value.toString()));
    case 'variable':
      return mix(2, ofText(e.name));
    case 'sum':
      return e.terms.reduce(
        (total, { coefficient, of }) => (total + mix(ofText(coefficient.toString()), hash(of))) >>> 0,
        mix(3, ofText(e.constant.toString())),
      );
    case 'product':
      return e.factors.reduce((total, factor) => (total + mix(8, hash(factor))) >>> 0, 4);
    case 'power':
      return mix(mix(5, hash(e.base)), ofText(e.exponent.toString()));
    case 'application':
      return e.args.reduce((seed, arg) => mix(seed, hash(arg)), mix(6, ofText(e.fn.name)));
  }
}

function ofText(text: string): number {
  let seed = 7;
  for (let i = 0; i < text.length; i++) seed = mix(seed, text.charCodeAt(i));
  return seed;
}

/** One step of the FNV-1a hash. */
function mix(seed: number, value: number): number {
  return Math.imul(seed ^ value, 0x01000193) >>> 0;
}
