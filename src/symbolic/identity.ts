import type { Expression } from './expression.js';

/** A map whose keys are equal when the expressions have equal structure; iterates in order of insertion. */
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

/** Whether two expressions have the same structure; equal functions may differ in it (`x*y` and `y*x` do). */
export function sameExpression(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || hash(a) !== hash(b)) return false;
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && a.value.equals(b.value);
    case 'variable':
      return b.kind === 'variable' && a.name === b.name;
    case 'sum':
      return (
        b.kind === 'sum' &&
        a.constant.equals(b.constant) &&
        a.terms.length === b.terms.length &&
        a.terms.every((term, i) => term.coefficient.equals(b.terms[i].coefficient)) &&
        a.terms.every((term, i) => sameExpression(term.of, b.terms[i].of))
      );
    case 'product':
      return b.kind === 'product' && sameList(a.factors, b.factors);
    case 'power':
      return b.kind === 'power' && a.exponent.equals(b.exponent) && sameExpression(a.base, b.base);
    case 'application':
      return b.kind === 'application' && a.fn === b.fn && sameList(a.args, b.args);
  }
}

function sameList(a: readonly Expression[], b: readonly Expression[]): boolean {
  return a.length === b.length && a.every((part, i) => sameExpression(part, b[i]));
}

const hashes = new WeakMap<Expression, number>();

function hash(e: Expression): number {
  const known = hashes.get(e);
  if (known !== undefined) return known;
  const value = computeHash(e);
  hashes.set(e, value);
  return value;
}

function computeHash(e: Expression): number {
  switch (e.kind) {
    case 'constant':
      return mix(1, ofText(e.value.toString()));
    case 'variable':
      return mix(2, ofText(e.name));
    case 'sum':
      return e.terms.reduce(
        (seed, { coefficient, of }) => mix(mix(seed, ofText(coefficient.toString())), hash(of)),
        mix(3, ofText(e.constant.toString())),
      );
    case 'product':
      return e.factors.reduce((seed, factor) => mix(seed, hash(factor)), 4);
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
