import { type Arithmetic, PARTIAL } from '../numbers/arithmetic.js';
import { DomainError } from './domain.js';
import type { Expression } from './expression.js';
import { type Calculus, compile, type Program, prepare, prepareSlots } from './program.js';

/** Programs on the intervals of an arithmetic: natural interval extensions. */
export function intervals<I>(arithmetic: Arithmetic<I>): Calculus<I> {
  return {
    of: (value) => arithmetic.of(value),
    neg: (x) => arithmetic.neg(x),
    add: (a, b) => arithmetic.add(a, b),
    sub: (a, b) => arithmetic.sub(a, b),
    mul: (a, b) => arithmetic.mul(a, b),
    div: (a, b) => arithmetic.div(a, b),
    pow: (exponent) => {
      if (!exponent.isInteger()) {
        const isRoot = exponent.den === 2n && exponent.num === 1n;
        return isRoot ? (x) => arithmetic.sqrt(x) : (x) => arithmetic.pow(x, exponent);
      }
      const n = Number(exponent.num);
      return n === 2 ? (x) => arithmetic.sqr(x) : (x) => arithmetic.pown(x, n);
    },
    apply: (fn, args) => fn.enclose(arithmetic, args),
  };
}

/**
 * The expressions as one function from boxes (one interval per variable, in the order given) to enclosures of their
 * values over the box. It never throws for a box: where an expression may be undefined, its mark has PARTIAL.
 */
export function toIntervals<I>(
  expressions: readonly Expression[],
  variables: readonly string[],
  arithmetic: Arithmetic<I>,
): (box: readonly I[]) => I[] {
  return prepare(compile(expressions, variables), intervals(arithmetic));
}

/**
 * An enclosure of the range over a box, where the expression is defined on all of it. Throws DomainError with the first
 * part that is not known to be.
 */
export function enclose<I>(e: Expression, arithmetic: Arithmetic<I>, box: ReadonlyMap<string, I>): I {
  const program = programOf(e, [...box.keys()]);
  const slots = prepareSlots(program, intervals(arithmetic))([...box.values()]);
  const value = slots[program.outputs[0]];
  if (!(arithmetic.mark(value) & PARTIAL)) return value;
  throw domainError(program, arithmetic, slots);
}

const programs = new WeakMap<Expression, Program>();

/** An expression is often asked for at one point after the other: its latest program is kept. */
function programOf(e: Expression, variables: readonly string[]): Program {
  const known = programs.get(e);
  if (known && known.variables.join() === variables.join()) return known;
  const program = compile([e], variables);
  programs.set(e, program);
  return program;
}

function domainError<I>(program: Program, arithmetic: Arithmetic<I>, slots: readonly I[]): Error {
  const isPartial = (slot: number) => (arithmetic.mark(slots[slot]) & PARTIAL) !== 0;
  for (const [i, step] of program.steps.entries()) {
    const slot = program.variables.length + i;
    if (step.kind === 'constant' || !isPartial(slot) || step.inputs.some(isPartial)) continue;
    const argument = step.inputs[step.kind === 'div' ? 1 : 0];
    return new DomainError(step.of, arithmetic.isEmpty(slots[slot]), arithmetic.outer(slots[argument]));
  }
  return new RangeError('the box itself is marked as partly undefined');
}
