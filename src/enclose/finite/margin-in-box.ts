import { doubleIntervals as A } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import type { Atom, Form } from './form.js';
import { operate } from './operate.js';
import { type Arithmetic, EXACT } from './rounding.js';

type Tables = Form['tables'];

/** constant + sum of coefficient times symbol; symbols are sums over tokens, and atoms that were enclosed. */
interface Linear {
  readonly constant: Interval;
  readonly terms: ReadonlyMap<number, Interval>;
}

/**
 * What remains to be done once the sums over tokens are known: the atoms that outputs need, each after its arguments.
 * A relu whose argument does not change sign, and a minimum that is decided, stay linear, so that what cancels does.
 */
export class Program {
  /** The sums over tokens that are asked for, in the order of the boxes that `evaluate` takes. */
  readonly components: readonly Tables[];
  private readonly steps: readonly Atom[];
  private readonly places = new Map<Tables, number>();

  constructor(
    private readonly outputs: readonly Form[],
    private readonly arithmetic: Arithmetic = EXACT,
  ) {
    const components: Tables[] = [];
    const order: Atom[] = [];
    const seen = new Set<Atom>();
    const visit = (form: Form): void => {
      if (form.tables.size > 0 && !this.places.has(form.tables)) {
        this.places.set(form.tables, components.length);
        components.push(form.tables);
      }
      for (const atom of form.atoms.keys()) {
        if (seen.has(atom)) continue;
        seen.add(atom);
        atom.args.forEach(visit);
        order.push(atom);
      }
    };
    outputs.forEach(visit);
    this.components = components;
    this.steps = order;
  }

  /** Sums over tokens that are divided by others, by their places. */
  get quotients(): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (const { op, args } of this.steps) {
      const [above, below] = args.map(({ tables, atoms }) => (atoms.size === 0 ? this.places.get(tables) : undefined));
      if (op === 'mean' && above !== undefined && below !== undefined) found.set(above, below);
    }
    return found;
  }

  /** The atoms that are asked for, each after its arguments. */
  get atoms(): readonly Atom[] {
    return this.steps;
  }

  /** The outputs where each sum over tokens lies in its interval. */
  evaluate(box: readonly Interval[]): Outcome {
    const ranges = [...box];
    const known = new Map<Atom, Linear>();
    const vectors = new Map<readonly Form[], readonly Interval[]>();
    const { numbers } = this.arithmetic;
    const linear = ({ constant, tables, atoms, error }: Form): Linear => {
      const terms = new Map<number, Interval>();
      let total = constant;
      if (tables.size > 0) terms.set(this.places.get(tables)!, A.one);
      for (const [atom, factor] of atoms) {
        const value = known.get(atom)!;
        total = A.add(total, A.mul(factor, value.constant));
        for (const [symbol, coefficient] of value.terms) {
          const own = A.mul(factor, coefficient);
          const before = terms.get(symbol);
          terms.set(symbol, before ? A.add(before, own) : own);
        }
      }
      if (error > 0) terms.set(ranges.push(A.fromDoubles(-error, error)) - 1, A.one);
      return { constant: total, terms };
    };
    const range = ({ constant, terms }: Linear): Interval => {
      let total = constant;
      for (const [symbol, coefficient] of terms) total = A.add(total, A.mul(coefficient, ranges[symbol]));
      return total;
    };
    const symbol = (value: Interval): Linear => {
      ranges.push(value);
      return { constant: A.zero, terms: new Map([[ranges.length - 1, A.one]]) };
    };
    for (const atom of this.steps) known.set(atom, enclosed(atom));
    return {
      values: this.outputs.map(linear),
      difference: (a, b) => range(minus(a, b)),
      range,
    };

    function enclosed(atom: Atom): Linear {
      const { op, args } = atom;
      if (op === 'relu' || op === 'min' || op === 'max') return decided(atom) ?? symbol(plain(atom));
      return symbol(plain({ ...atom, op, args }));
    }

    function decided({ op, args }: Atom): Linear | null {
      const a = linear(args[0]);
      const b = op === 'relu' ? NOTHING : linear(args[1]);
      const gap = range(op === 'relu' ? a : minus(a, b));
      if (gap.mark !== 0 || (gap.lo < 0 && gap.hi > 0)) return null;
      return gap.lo >= 0 === (op !== 'min') ? a : b;
    }

    function plain(atom: Atom): Interval {
      const value = (form: Form): Interval => range(linear(form));
      return operate(atom, value, numbers, vectors);
    }
  }
}

export interface Outcome {
  readonly values: readonly Linear[];
  /** Bounds of the difference of two outputs. */
  difference(a: Linear, b: Linear): Interval;
  range(value: Linear): Interval;
}

/** The least lead of the target over the other outputs in a box; -Infinity without a target, or where a lead is not bounded. */
export function marginOf(program: Program, box: readonly Interval[], target: number | null): number {
  if (target === null) return Number.NEGATIVE_INFINITY;
  const { values, difference } = program.evaluate(box);
  let least = Number.POSITIVE_INFINITY;
  values.forEach((value, k) => {
    if (k === target) return;
    const gap = difference(values[target], value);
    least = Math.min(least, gap.mark === 0 && gap.lo <= gap.hi ? gap.lo : Number.NEGATIVE_INFINITY);
  });
  return least;
}

const NOTHING: Linear = { constant: A.zero, terms: new Map() };

function minus(a: Linear, b: Linear): Linear {
  const terms = new Map(a.terms);
  for (const [symbol, coefficient] of b.terms) {
    const before = terms.get(symbol);
    terms.set(symbol, before ? A.sub(before, coefficient) : A.neg(coefficient));
  }
  return { constant: A.sub(a.constant, b.constant), terms };
}
