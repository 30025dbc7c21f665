import { type Atom, type Atoms, argumentsOf, valueAt } from './atoms.js';
import { spend } from './budget.js';
import { outer } from './calculus.js';
import { demand, demandShown } from './failure.js';
import type { Form } from './forms.js';
import { Fraction, Total } from './fraction.js';
import type { Interval } from './interval.js';
import * as I from './interval.js';

/** Encloses forms where the inputs are the given numbers. */
export class Point {
  private readonly known = new Map<number, Interval>();
  private readonly rows = new Map<readonly Form[], readonly Interval[]>();

  constructor(
    private readonly atoms: Atoms,
    private readonly inputs: ReadonlyMap<string, Fraction>,
    /** What atoms of no input are, which several points may share. */
    private readonly constants?: Point,
  ) {}

  enclose({ constant, terms }: Form): Interval {
    spend(20 + 10 * terms.size);
    const parts = [...terms].map(([atom, factor]) => I.mul(I.interval(factor), this.value(atom)));
    return parts.reduce(I.add, I.interval(constant));
  }

  /** The value itself where it is rational, in the same time; null where functions are not. */
  exact({ constant, terms }: Form): Fraction | null {
    spend(20 + 10 * terms.size);
    const total = new Total();
    total.add(constant);
    for (const [atom, factor] of terms) {
      const value = this.exactly.has(atom) ? this.exactly.get(atom)! : this.exactAtom(atom);
      this.exactly.set(atom, value);
      if (value === null) return null;
      total.add(value, factor);
    }
    return total.value();
  }

  private readonly exactly = new Map<number, Fraction | null>();

  private exactAtom(number: number): Fraction | null {
    const atom = this.atoms.get(number);
    if (atom.kind === 'input') return this.inputs.get(atom.name) ?? null;
    if (atom.kind === 'relu') return this.exact(atom.of)?.max(Fraction.zero) ?? null;
    if (atom.kind === 'apply') {
      const x = this.exact(atom.of);
      return x && valueAt(atom.fn, x, atom.exponent);
    }
    if (atom.kind !== 'product') return null;
    const [a, b] = atom.of.map((form) => this.exact(form));
    return a && b ? a.mul(b) : null;
  }

  /** The value of an atom. */
  value(number: number): Interval {
    const known = this.known.get(number);
    if (known) return known;
    const isShared = this.constants && this.atoms.inputsOf(number).size === 0;
    const value = isShared ? this.constants.value(number) : this.evaluated(number);
    this.known.set(number, value);
    return value;
  }

  private evaluated(number: number): Interval {
    const atom = this.atoms.get(number);
    if (atom.kind === 'input') {
      const value = this.inputs.get(atom.name);
      demandShown(value !== undefined, `${atom.name} has no value`);
      return I.interval(value);
    }
    if (atom.kind === 'softmax') return this.shares(atom.row)[atom.index];
    return operated(
      atom,
      argumentsOf(atom).map((form) => this.enclose(form)),
    );
  }

  private shares(row: readonly Form[]): readonly Interval[] {
    let shares = this.rows.get(row);
    if (!shares) {
      const logits = row.map((logit) => this.enclose(logit));
      const top = I.upper(logits.reduce(I.max));
      const powers = logits.map((logit) => I.exp(I.add(logit, I.interval(top.neg()))));
      const total = powers.reduce((sum, power) => sum && power && I.add(sum, power), NOTHING);
      const inverse = total && I.inverse(total);
      demand(inverse !== null, 'a softmax could not be enclosed');
      this.rows.set(row, (shares = powers.map((power) => I.mul(power!, inverse))));
    }
    return shares;
  }
}

const NOTHING: Interval = { lo: 0n, hi: 0n };

/** An atom that is no input, where its arguments lie in intervals. */
export function operated(atom: Atom, args: readonly Interval[]): Interval {
  const [a, b] = args;
  switch (atom.kind) {
    case 'relu':
      return I.max(a, NOTHING);
    case 'product':
      return atom.of[0] === atom.of[1] ? I.power(a, 2) : I.mul(a, b);
    default: {
      demandShown(atom.kind === 'apply', 'an input has no value');
      const { value } = outer(atom.fn, atom.exponent, a);
      demandShown(value !== null, `${atom.fn} could not be enclosed`);
      return value;
    }
  }
}
