import { spend } from './budget.js';
import { demand } from './failure.js';
import type { Atoms, Form } from './forms.js';
import type { Fraction } from './fraction.js';
import type { Interval } from './interval.js';
import * as I from './interval.js';

/** Encloses forms where the inputs are the given numbers. */
export class Point {
  private readonly known = new Map<number, Interval>();
  private readonly rows = new Map<readonly Form[], readonly Interval[]>();

  constructor(
    private readonly atoms: Atoms,
    private readonly inputs: ReadonlyMap<string, Fraction>,
  ) {}

  enclose({ constant, terms }: Form): Interval {
    spend(20 + 10 * terms.size);
    const parts = [...terms].map(([atom, factor]) => I.mul(I.interval(factor), this.value(atom)));
    return parts.reduce(I.add, I.interval(constant));
  }

  private value(number: number): Interval {
    const value = this.known.get(number) ?? this.evaluated(number);
    this.known.set(number, value);
    return value;
  }

  private evaluated(number: number): Interval {
    const atom = this.atoms.get(number);
    switch (atom.kind) {
      case 'input': {
        const value = this.inputs.get(atom.name);
        demand(value !== undefined, `${atom.name} has no value`);
        return I.interval(value);
      }
      case 'relu':
        return I.max(this.enclose(atom.of), NOTHING);
      case 'product':
        return I.mul(this.enclose(atom.of[0]), this.enclose(atom.of[1]));
      case 'softmax':
        return this.shares(atom.row)[atom.index];
    }
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
