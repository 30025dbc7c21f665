import { Rational } from '../numbers/rational.js';
import { constant, type Expression, type FunctionRule, type Term } from './expression.js';
import { ExpressionMap } from './identity.js';
import { partsOf } from './walk.js';

/** The numbers that a program runs on, such as the intervals of an `Arithmetic`. */
export interface Calculus<S> {
  of(value: Rational): S;
  neg(x: S): S;
  add(a: S, b: S): S;
  sub(a: S, b: S): S;
  mul(a: S, b: S): S;
  div(a: S, b: S): S;
  /** x -> x^exponent. */
  pow(exponent: Rational): (x: S) => S;
  apply(fn: FunctionRule, args: readonly S[]): S;
}

/** Several expressions as one straight-line program in which every common part occurs once. */
export interface Program {
  readonly variables: readonly string[];
  readonly steps: readonly Step[];
  /** Slots of the values of the expressions, in the order given. */
  readonly outputs: readonly number[];
}

/** Slots 0, 1, ... hold the variables, then each step writes the next one. */
export type Step =
  | { readonly kind: 'constant'; readonly inputs: readonly []; readonly value: Rational }
  | {
      readonly kind: 'neg' | 'add' | 'sub' | 'mul' | 'div';
      readonly inputs: readonly number[];
      readonly of: Expression;
    }
  | { readonly kind: 'pow'; readonly inputs: readonly number[]; readonly exponent: Rational; readonly of: Expression }
  | { readonly kind: 'apply'; readonly inputs: readonly number[]; readonly fn: FunctionRule; readonly of: Expression };

/** Throws RangeError for a variable that is not listed. */
export function compile(expressions: readonly Expression[], variables: readonly string[]): Program {
  const compiler = new Compiler(variables);
  for (const part of partsOf(expressions)) {
    if (!inverse(part)) compiler.slotOf(part);
  }
  const outputs = expressions.map((e) => compiler.slotOf(e));
  return { variables, steps: compiler.steps, outputs };
}

/** The program on one kind of numbers: takes the variables' values, returns the values of the outputs. */
export function prepare<S>(program: Program, calculus: Calculus<S>): (point: readonly S[]) => S[] {
  const run = prepareSlots(program, calculus);
  const { outputs } = program;
  return (point) => {
    const slots = run(point);
    return outputs.map((slot) => slots[slot]);
  };
}

/**
 * As `prepare`, but returns all slots, in an array that the next run overwrites. Steps that depend on no variable are
 * taken once, here.
 */
export function prepareSlots<S>(program: Program, calculus: Calculus<S>): (point: readonly S[]) => readonly S[] {
  const { variables, steps } = program;
  const slots: S[] = new Array(variables.length + steps.length);
  const actions: ((slots: S[]) => void)[] = [];
  const fixed = new Set<number>();
  steps.forEach((step, i) => {
    const out = variables.length + i;
    const isFixed = step.inputs.every((slot) => fixed.has(slot));
    if (isFixed) fixed.add(out);
    if (step.kind === 'constant') slots[out] = calculus.of(step.value);
    else if (isFixed) action(step, out, calculus)(slots);
    else actions.push(action(step, out, calculus));
  });
  return (point) => {
    if (point.length !== variables.length) {
      throw new RangeError(`${point.length} values for the variables ${variables.join(', ')}`);
    }
    for (let i = 0; i < point.length; i++) slots[i] = point[i];
    for (let i = 0; i < actions.length; i++) actions[i](slots);
    return slots;
  };
}

export type Operation = Exclude<Step, { kind: 'constant' }>;

function action<S>(step: Operation, out: number, calculus: Calculus<S>): (slots: S[]) => void {
  const [a, b] = step.inputs;
  switch (step.kind) {
    case 'neg':
      return (slots) => {
        slots[out] = calculus.neg(slots[a]);
      };
    case 'pow': {
      const pow = calculus.pow(step.exponent);
      return (slots) => {
        slots[out] = pow(slots[a]);
      };
    }
    case 'apply': {
      const { fn, inputs } = step;
      return (slots) => {
        slots[out] = calculus.apply(
          fn,
          inputs.map((slot) => slots[slot]),
        );
      };
    }
    default: {
      const { kind } = step;
      return (slots) => {
        slots[out] = calculus[kind](slots[a], slots[b]);
      };
    }
  }
}

class Compiler {
  readonly steps: Step[] = [];
  private readonly slots = new ExpressionMap<number>();
  /** Slots of intermediate sums and products, by operation and operands. */
  private readonly partial = new Map<string, number>();

  constructor(private readonly variables: readonly string[]) {}

  slotOf(e: Expression): number {
    const known = this.slots.get(e);
    if (known !== undefined) return known;
    const slot = this.compute(e);
    this.slots.set(e, slot);
    return slot;
  }

  private compute(e: Expression): number {
    switch (e.kind) {
      case 'constant':
        return this.push({ kind: 'constant', inputs: [], value: e.value });
      case 'variable': {
        const index = this.variables.indexOf(e.name);
        if (index < 0) throw new RangeError(`${e.name} is not one of the variables ${this.variables.join(', ')}`);
        return index;
      }
      case 'sum':
        return this.sum(e, e.constant, e.terms);
      case 'product': {
        const above = e.factors.filter((factor) => !inverse(factor)).map((factor) => this.slotOf(factor));
        const below = e.factors.flatMap((factor) => inverse(factor) ?? []).map((base) => this.slotOf(base));
        const numerator = above.length > 0 ? this.chain('mul', above, e) : this.constant(Rational.one);
        return below.length > 0 ? this.binary('div', numerator, this.chain('mul', below, e), e) : numerator;
      }
      case 'power': {
        const divisor = inverse(e);
        if (divisor) return this.binary('div', this.constant(Rational.one), this.slotOf(divisor), e);
        return this.push({ kind: 'pow', inputs: [this.slotOf(e.base)], exponent: e.exponent, of: e });
      }
      case 'application':
        return this.push({ kind: 'apply', inputs: e.args.map((arg) => this.slotOf(arg)), fn: e.fn, of: e });
    }
  }

  /** The terms to be added, less those to be subtracted. */
  private sum(e: Expression, offset: Rational, terms: readonly Term[]): number {
    const added: number[] = [];
    const subtracted: number[] = [];
    for (const { coefficient, of } of terms) {
      const magnitude = coefficient.abs();
      const value = this.slotOf(of);
      const slot = magnitude.equals(Rational.one) ? value : this.binary('mul', this.constant(magnitude), value, e);
      (coefficient.sign() < 0 ? subtracted : added).push(slot);
    }
    if (!offset.isZero()) (offset.sign() < 0 ? subtracted : added).push(this.constant(offset.abs()));
    if (added.length === 0) return this.push({ kind: 'neg', inputs: [this.chain('add', subtracted, e)], of: e });
    return subtracted.reduce((a, b) => this.binary('sub', a, b, e), this.chain('add', added, e));
  }

  private chain(kind: 'add' | 'mul', slots: readonly number[], of: Expression): number {
    return slots.reduce((a, b) => this.binary(kind, a, b, of));
  }

  private binary(kind: 'add' | 'sub' | 'mul' | 'div', a: number, b: number, of: Expression): number {
    const key = `${kind} ${a} ${b}`;
    const known = this.partial.get(key);
    if (known !== undefined) return known;
    const slot = this.push({ kind, inputs: [a, b], of });
    this.partial.set(key, slot);
    return slot;
  }

  private constant(value: Rational): number {
    return this.slotOf(constant(value));
  }

  private push(step: Step): number {
    this.steps.push(step);
    return this.variables.length + this.steps.length - 1;
  }
}

/** b for e = 1/b. */
function inverse(e: Expression): Expression | undefined {
  return e.kind === 'power' && e.exponent.equals(MINUS_ONE) ? e.base : undefined;
}

const MINUS_ONE = Rational.of(-1);
