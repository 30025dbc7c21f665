import type { Rational } from '../numbers/rational.js';

/** Where a piece of an expression stands in its text. */
export type Span = readonly [start: number, end: number];

/**
 * The syntax of the network language. Chains of equal precedence are one node, so that a long sum does not nest.
 *
 *     h: relu(x @ [[1, 1]] + [0, -1])
 *     A: [[1/(i + j) for j in 1..m] for i in 1..n]
 *     y: h[2..T, 1] @ (1 if T > 2 else 1/2)*eye(n)
 */
export type Syntax = { readonly span: Span } & (
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'name'; readonly name: string }
  /** `input [T, d]`, alone on the right-hand side of a tensor. */
  | { readonly kind: 'input'; readonly shape: readonly Syntax[] }
  | { readonly kind: 'list'; readonly items: readonly Syntax[] }
  /** `body for k in 1..n if k != 3`, in brackets or as the only argument of a function. */
  | { readonly kind: 'comprehension'; readonly body: Syntax; readonly clauses: readonly Clause[] }
  /** `from..to`, both ends included. */
  | { readonly kind: 'range'; readonly from: Syntax; readonly to: Syntax }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Syntax[]; readonly named: Named }
  | { readonly kind: 'index'; readonly of: Syntax; readonly indices: readonly Index[] }
  | { readonly kind: 'negation'; readonly of: Syntax }
  | { readonly kind: 'power'; readonly base: Syntax; readonly exponent: Syntax }
  | { readonly kind: 'chain'; readonly first: Syntax; readonly rest: readonly Link[] }
  | { readonly kind: 'conditional'; readonly test: Condition; readonly then: Syntax; readonly otherwise: Syntax }
);

export interface Clause {
  readonly name: string;
  readonly in: Syntax;
  readonly tests: readonly Condition[];
}

export type Named = ReadonlyMap<string, Syntax>;

/** One operand of a sum or product and the operator before it. */
export interface Link {
  readonly operator: '+' | '-' | '*' | '/' | '@';
  readonly operand: Syntax;
}

/** An index that counts from 1 and drops its axis, or a part of the axis, `2..T`, `..3`, `..`. */
export type Index =
  | { readonly kind: 'at'; readonly of: Syntax }
  | { readonly kind: 'part'; readonly from: Syntax | null; readonly to: Syntax | null };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What stands after `if`: comparisons of exact numbers, chained as in 1 <= i < j, joined by and, or, not. */
export type Condition = { readonly span: Span } & (
  | { readonly kind: 'comparison'; readonly first: Syntax; readonly rest: readonly Compared[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
);

export interface Compared {
  readonly comparison: Comparison;
  readonly operand: Syntax;
}
