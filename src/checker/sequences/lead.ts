import { Atoms } from '../atoms.js';
import { spend } from '../budget.js';
import { dense, evaluate } from '../evaluate.js';
import { brief, demand, demandEach, demandShown } from '../failure.js';
import { constantForm, difference, type Form } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { index, list, type Network, sizeOf } from '../network.js';
import { Point } from '../point.js';
import type { Residual } from './residual.js';
import { type Class, classes, type Task } from './scan.js';
import { type Input, Sums } from './sums.js';

/** How the one input of a network holds a sequence: unit vectors, token k the (k+1)-th, or the tokens themselves. */
export interface Holder {
  readonly node: number;
  readonly length: number;
  /** The length of the unit vectors; null where the tokens are the entries. */
  readonly symbols: number | null;
}

/** The input of the network, when it holds sequences of `length` tokens, or of its first axis where none is given. */
export function holderOf({ nodes }: Network, variable: string, length?: number): Holder {
  const inputs = nodes.flatMap(({ op, shape }, node) => (op === 'input' ? [{ node, shape }] : []));
  demand(inputs.length === 1, `${brief(variable)} is not the one input`);
  const [{ node, shape }] = inputs;
  const axes = shape.filter((size) => size !== 1);
  const tokens = length ?? axes[0] ?? 1;
  if (sizeOf(shape) === tokens && (shape.at(-1) === tokens || axes.length < 2))
    return { node, length: tokens, symbols: null };
  const symbols = sizeOf(shape) / tokens;
  const expected = [tokens, symbols].filter((size) => size !== 1);
  demand(Number.isInteger(symbols) && `${axes}` === `${expected}`, 'the input holds no such sequences');
  return { node, length: tokens, symbols };
}

/** Demands that tokens of unit vectors have one. */
export function demandUnits({ symbols }: Holder, alphabets: Task['alphabets']): void {
  const fits = (value: bigint) => symbols === null || (value >= 0n && value < BigInt(symbols));
  demandEach(alphabets.flat(), fits, 'there are tokens without unit vectors');
}

/** What is to be shown of the entry that a target means: it exceeds the others by more than `least`, or by at least that. */
export interface Claim {
  /** The target that means the first entry. */
  readonly first: bigint;
  readonly least: Fraction;
  readonly strict: boolean;
}

/** The sequences over alphabets that a holder of a network holds, and the entries of one of its nodes. */
export class Leads {
  constructor(
    private readonly network: Network,
    private readonly holder: Holder,
    private readonly output: number,
    private readonly alphabets: Task['alphabets'],
  ) {}

  /**
   * Demands the claim of `count` entries from `from` on for all sequences of a task. Data: `pins`, tokens that are pinned to each of their
   * values first, `order`, in which the other free ones are read, and how `fine` classes are told apart.
   */
  demand(from: number, count: number, claim: Claim, task: Omit<Task, 'alphabets'>, { pins, order, fine }: Hints): void {
    demand(new Set(pins).size === pins.length, 'a token is pinned twice');
    const cases = pins.reduce((product, token) => product * this.alphabets[token].length, 1);
    demandShown(cases <= MOST_CASES, 'too many tokens are pinned');
    for (let which = 0; which < cases; which++) {
      const pinned = [...this.alphabets];
      let rest = which;
      for (const token of pins) {
        const values = this.alphabets[token];
        pinned[token] = [values[rest % values.length]];
        rest = Math.floor(rest / values.length);
      }
      const others = order.filter((token) => !pins.includes(token));
      const isEmpty = classes({ ...task, alphabets: pinned }, [], others, 0).length === 0;
      if (!isEmpty) this.scoresOf(pinned).demandLead([from, from + count], claim, task, others, fine);
    }
  }

  /** Demands that a sequence of the task does not satisfy the claim. */
  demandFailure(from: number, count: number, claim: Claim, task: Omit<Task, 'alphabets'>, at: readonly bigint[]): void {
    const fits = at.length === this.alphabets.length && at.every((token, k) => this.alphabets[k].includes(token));
    demand(fits, 'the sequence is not one of the sequences');
    this.scoresOf(at.map((token) => [token])).demandFailure([from, from + count], claim, task);
  }

  private latest: { readonly text: string; readonly scores: Scores } | null = null;

  /** The entries of the output over some alphabets; all rows of them, as tasks about other rows may follow. */
  private scoresOf(alphabets: Task['alphabets']): Scores {
    const text = alphabets.join(' ');
    if (this.latest?.text !== text)
      this.latest = { text, scores: new Scores(this.network, this.holder, this.output, alphabets) };
    return this.latest.scores;
  }
}

export interface Hints {
  readonly pins: readonly number[];
  readonly order: readonly number[];
  readonly fine: number;
}

/** Reads hints about sequences of `length` tokens. */
export function hintsOf(pins: unknown, order: unknown, fine: unknown, length: number): Hints {
  const tokens = (value: unknown, what: string) => list(value, what).map((place) => index(place, length, 'a token'));
  return { pins: tokens(pins, 'the pins'), order: tokens(order, 'the order'), fine: index(fine, FINEST, 'fine') };
}

const MOST_CASES = 1 << 12;

/** Entries of an output by places. */
type Row = readonly [from: number, to: number];

/** The entries of an output as functions of the tokens of a sequence; a token with one value is known. */
class Scores {
  private readonly atoms = new Atoms(true);
  private readonly inputs: ReadonlyMap<string, Input>;
  private readonly entries: readonly Form[];

  constructor(
    network: Network,
    { node, symbols }: Holder,
    output: number,
    private readonly alphabets: Task['alphabets'],
  ) {
    const entries = new Map<number, Form>();
    const inputs = new Map<string, Input>();
    const { shape } = network.nodes[node];
    spend(100 * sizeOf(shape));
    for (const [token, values] of alphabets.entries()) {
      for (let k = 0; k < (symbols ?? 1); k++) {
        const at = token * (symbols ?? 1) + k;
        const numbers = values.map((value) => Fraction.of(symbols === null ? value : BigInt(value === BigInt(k))));
        if (numbers.every((number) => number.equals(numbers[0]))) {
          if (!numbers[0].isZero) entries.set(at, constantForm(numbers[0]));
          continue;
        }
        const name = `entry ${k} of token ${token}`;
        entries.set(at, this.atoms.input(name));
        inputs.set(name, { token, values: numbers });
      }
    }
    this.inputs = inputs;
    const given = new Map([[node, { shape, entries }]]);
    this.entries = dense(evaluate(network, this.atoms, given, [output])[0]);
    this.demandDefined();
  }

  /** Demands the claim for all sequences of a task. */
  demandLead(
    row: Row,
    { first, least, strict }: Claim,
    task: Omit<Task, 'alphabets'>,
    order: readonly number[],
    fine: number,
  ): void {
    const sums = this.sums();
    const forms = this.entries.slice(...row);
    const gaps = forms.map((form, place) =>
      forms.map((other, k) => (k === place ? null : sums.enclosure(difference(form, other)))),
    );
    const limit = I.interval(least);
    const isShown = ({ target, box }: Class): boolean => {
      return gaps[meant(target, first, gaps.length)].every((gap) => {
        if (gap === null) return true;
        const { lo } = gap(box);
        return strict ? lo > limit.hi : lo >= limit.hi;
      });
    };
    const whole = { ...task, alphabets: this.alphabets };
    const looks = [fine, fine + CLOSER, fine + 2 * CLOSER];
    const shown = looks.some((look) => classes(whole, sums.sums, order, look).every(isShown));
    demandShown(shown, 'the entry that is meant is not shown to lead over all others');
  }

  /** Demands that the one sequence there is belongs to the task and that the claim fails. */
  demandFailure(row: Row, { first, least, strict }: Claim, task: Omit<Task, 'alphabets'>): void {
    const [found] = classes({ ...task, alphabets: this.alphabets }, [], [], 0);
    demand(found !== undefined, 'the sequence does not satisfy the conditions');
    const [forms, point, limit] = [this.entries.slice(...row), new Point(this.atoms, new Map()), I.interval(least)];
    const place = meant(found.target, first, forms.length);
    const isBelow = forms.some((other, k) => {
      const { hi } = point.enclose(difference(forms[place], other));
      return k !== place && (strict ? hi <= limit.lo : hi < limit.lo);
    });
    demandShown(isBelow, 'no entry is shown to come so close at the sequence');
  }

  private sums(): Sums {
    return new Sums(this.atoms, this.inputs, this.alphabets);
  }

  /** Demands that roots, logarithms and quotients have values, whatever the tokens are. */
  private demandDefined(): void {
    const sums = this.sums();
    const values = this.atoms.partial.map((form) => sums.enclosure(form));
    const box = sums.sums.map(({ table }) =>
      [...table.values()].map((entries) => entries.reduce(I.hull)).reduce(I.add),
    );
    for (const value of values) value(box);
  }
}

/** The place among `count` entries that a target means. */
function meant(target: Residual, first: bigint, count: number): number {
  demand(typeof target === 'bigint', 'the target depends on tokens that nobody reads');
  const place = Number(target - first);
  demand(place >= 0 && place < count, `no entry is meant by the target ${target}`);
  return place;
}

/** Classes are told apart by at most so many binary places. */
const FINEST = 100;
/** How many binary places more a second look has. */
const CLOSER = 6;
