import { isOver, Unfinished } from '../deadline.js';
import { children, type Expression } from './tree.js';

/**
 * Every part of the expressions once, what is below a part before it: expressions are graphs with shared parts, of which
 * a walk over them as trees could take for ever. Without recursion, so that depth is no limit either. Parts that are
 * known already are left out with all that is below them alone. Throws Unfinished when the time of the work around is over.
 */
export function partsOf(roots: readonly Expression[], isKnown = (_: Expression) => false): Expression[] {
  const done = new Set<Expression>();
  const open = new Set<Expression>();
  const stack = [...roots].reverse();
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    visited += 1;
    if (visited % UNCHECKED_VISITS === 0 && isOver()) throw outOfTime();
    if (open.has(top) || done.has(top) || isKnown(top)) {
      stack.pop();
      if (open.delete(top)) done.add(top);
      continue;
    }
    open.add(top);
    const below = children(top);
    for (let i = below.length - 1; i >= 0; i--) {
      if (!done.has(below[i])) stack.push(below[i]);
    }
  }
  return [...done];
}

/** Parts that were visited by all walks together: many small ones take as long as a large one. */
let visited = 0;
const UNCHECKED_VISITS = 10_000;

function outOfTime(): Unfinished {
  return new Unfinished('the time limit ended the work on one expression');
}

/** What `combine` makes of a part, given what it made of the parts directly below. */
export type Combine<T> = (part: Expression, below: (part: Expression) => T) => T;

/**
 * What `combine` makes of the expression; each part once. `cost` says how much work a part is, its number of parts unless
 * given. Throws Unfinished when the time is over, unless little work is left, and for more work than any use repays.
 */
export function fold<T>(root: Expression, combine: Combine<T>, cost = (part: Expression) => children(part).length): T {
  const known = new Map<Expression, T>();
  const below = (part: Expression) => known.get(part)!;
  let [work, checked] = [0, 0];
  for (const part of partsOf([root])) {
    work += cost(part);
    if (work > MOST_WORK) throw new Unfinished('an expression too large to work with');
    if (work > checked + UNCHECKED_WORK && isOver()) throw outOfTime();
    if (work > checked + UNCHECKED_WORK) checked = work;
    known.set(part, combine(part, below));
  }
  return below(root);
}

const MOST_WORK = 20_000_000;
/** Work between two looks at the clock. */
const UNCHECKED_WORK = 10_000;

/** As `fold`, for what depends on the part alone, remembered as long as the part lives. */
export function remembered<T>(combine: Combine<T>): (root: Expression) => T {
  const known = new WeakMap<Expression, { readonly value: T }>();
  const below = (part: Expression) => known.get(part)!.value;
  return (root) => {
    for (const part of partsOf([root], (other) => known.has(other))) known.set(part, { value: combine(part, below) });
    return below(root);
  };
}
