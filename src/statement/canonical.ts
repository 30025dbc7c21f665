import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import { FUNCTIONS } from '../symbolic/functions.js';
import { rationalPower } from '../symbolic/roots.js';
import { call, type Entry, number, productOf, type Range, type Reduction, sumOf, type Term } from './ast.js';
import { SEQUENCE_ARITIES } from './functions.js';
import { indexName, isTotal, mentions, reindexed } from './names.js';
import {
  checkExponent,
  constantPower,
  limited,
  MINUS_ONE,
  type Power,
  Powers,
  powerOf,
  powerTerm,
  raised,
} from './powers.js';
import { printTerm } from './print.js';
import { integersOf } from './ranges.js';

/**
 * Terms in a form that different ways to write the same thing share: constants folded, sums and products flat, sorted
 * and collected, factors pulled out of sums, |u|, sum_ and min_, relu(u) as max(u, 0), the indices of reductions named by
 * their depth. Only what holds at every point is done, and nothing that may be undefined somewhere is dropped, even
 * times 0: equal forms mean equal functions with equal domains.
 */
export interface Linear {
  readonly constant: Rational;
  /** By the text of `term`, in the order in which they are written; no `term` is a number, a sum or scaled. */
  readonly parts: ReadonlyMap<string, Part>;
}

interface Part {
  readonly coefficient: Rational;
  readonly term: Term;
}

/** What the form depends on beside the term. */
export interface Surroundings {
  /** The variables of the prefix. What speaks of others, outputs and nodes, is written first. */
  readonly variables: ReadonlySet<string>;
}

/** Throws InputError for a division by 0, an exponent that is not constant, and numbers beyond what is computed exactly. */
export function canonical(term: Term, around: Surroundings): Linear {
  return new Canonical(around).linear(term, 0);
}

/** The form of a - b, from those of a and b. */
export function difference(a: Linear, b: Linear, around: Surroundings): Linear {
  return new Canonical(around).sum([a, scaled(b, MINUS_ONE)]);
}

/** The form as a term; `canonical` takes it to itself. */
export function termOf({ constant, parts }: Linear): Term {
  const terms = [...parts.values()].map(({ coefficient, term }) => {
    const magnitude = coefficient.abs();
    const isOne = magnitude.equals(Rational.one);
    return { negative: coefficient.sign() < 0, term: isOne ? term : scaledTerm(magnitude, term) };
  });
  if (!constant.isZero()) terms.push({ negative: constant.sign() < 0, term: number(constant.abs()) });
  return sumOf(terms);
}

/** The first coefficient that is not 0, or 0 where all are; undefined for a constant. */
export function leading({ parts }: Linear): Rational | undefined {
  const coefficients = [...parts.values()].map(({ coefficient }) => coefficient);
  return coefficients.find((coefficient) => !coefficient.isZero()) ?? coefficients[0];
}

export function scaled({ constant, parts }: Linear, factor: Rational): Linear {
  const entries = [...parts].map(
    ([key, { coefficient, term }]) => [key, { coefficient: coefficient.mul(factor), term }] as const,
  );
  return { constant: constant.mul(factor), parts: new Map(entries) };
}

class Canonical {
  /** Indices of the reductions around the term. */
  private readonly indices = new Set<string>();

  constructor(private readonly around: Surroundings) {}

  linear(term: Term, depth: number): Linear {
    switch (term.kind) {
      case 'number':
        return constantOf(term.value);
      case 'entry':
        return this.single(this.entry(term, depth));
      case 'sum':
        return this.sum(
          term.terms.map((part) => scaled(this.linear(part.term, depth), Rational.of(part.negative ? -1 : 1))),
        );
      case 'product':
        return this.product(
          term.factors.map((factor) => ({
            of: this.linear(factor.term, depth),
            exponent: Rational.of(factor.inverted ? -1 : 1),
          })),
        );
      case 'power':
        return this.power(this.linear(term.base, depth), this.exponent(term.exponent, depth));
      case 'call':
        return this.call(
          term.fn,
          term.args.map((arg) => this.linear(arg, depth)),
        );
      case 'reduction':
        return this.reduction(term, depth);
      case 'softmax': {
        const args = term.args.map((arg) => this.term(arg, depth));
        return this.single({ kind: 'softmax', args, index: this.term(term.index, depth) });
      }
      case 'argmax':
        return this.single({ kind: 'argmax', args: term.args.map((arg) => this.term(arg, depth)) });
      case 'slice':
        return this.single({ ...term, from: this.term(term.from, depth), to: this.term(term.to, depth) });
      case 'list':
        return this.single({ ...term, items: term.items.map((item) => this.term(item, depth)) });
    }
  }

  /** Whether the term is known to be defined at every point: of variables and indices, as networks may have logarithms. */
  private isTotal(term: Term): boolean {
    return isTotal(term) && !mentions(term, (name) => !this.around.variables.has(name) && !this.indices.has(name));
  }

  private term(term: Term, depth: number): Term {
    return termOf(this.linear(term, depth));
  }

  private single(term: Term): Linear {
    return { constant: Rational.zero, parts: new Map([[printTerm(term), { coefficient: Rational.one, term }]]) };
  }

  /** With one point of every input, y(x) is y. */
  private entry({ name, at, indices }: Entry, depth: number): Entry {
    const isOnlyPoint = at?.every((point) => !point.endsWith("'"));
    return {
      kind: 'entry',
      name,
      at: isOnlyPoint ? null : at,
      indices: indices.map((index) => this.term(index, depth)),
    };
  }

  sum(summands: readonly Linear[]): Linear {
    let constant = Rational.zero;
    const parts = new Map<string, Part>();
    for (const summand of summands) {
      constant = constant.add(summand.constant);
      for (const [key, { coefficient, term }] of summand.parts) {
        const known = parts.get(key);
        parts.set(key, { coefficient: known ? known.coefficient.add(coefficient) : coefficient, term });
      }
    }
    const kept = [...parts].filter(([, { coefficient, term }]) => !coefficient.isZero() || !this.isTotal(term));
    return { constant: limited(constant), parts: new Map(this.ordered(kept, ([key, { term }]) => [key, term])) };
  }

  /** Sorted by rank, then by text; items of equal text stay in their order. */
  private ordered<T>(items: readonly T[], keyOf: (item: T) => readonly [text: string, term: Term]): T[] {
    const keyed = items.map((item) => {
      const [text, term] = keyOf(item);
      return { item, text, rank: this.rank(term) };
    });
    keyed.sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    return keyed.map(({ item }) => item);
  }

  private rank(term: Term): number {
    if (term.kind === 'entry' || term.kind === 'slice') return this.around.variables.has(term.name) ? 2 : 0;
    return mentions(term, (name) => !this.around.variables.has(name)) ? 1 : 2;
  }

  private product(factors: readonly { readonly of: Linear; readonly exponent: Rational }[]): Linear {
    let scale = Rational.one;
    const powers = new Powers();
    const isConstant = ({ of, exponent }: { readonly of: Linear; readonly exponent: Rational }) =>
      of.parts.size === 0 || (exponent.isZero() && [...of.parts.values()].every(({ term }) => this.isTotal(term)));
    const varying = factors.filter((factor) => !isConstant(factor));
    if (varying.length === 1 && varying[0].exponent.equals(Rational.one)) {
      const constants = factors.filter((factor) => factor !== varying[0]);
      return this.sum([scaled(varying[0].of, this.product(constants).constant)]);
    }
    for (const { of, exponent } of factors) {
      if (isConstant({ of, exponent }) && of.parts.size > 0) continue;
      const first = leading(of);
      const factor = first && !first.isZero() ? first : first ? Rational.one : of.constant;
      scale = limited(scale.mul(constantPower(factor, exponent)));
      if (first) for (const power of powersOf(scaled(of, factor.inverse()))) powers.collect(raised(power, exponent));
    }
    return this.collected(scale, powers.list());
  }

  private collected(scale: Rational, powers: readonly Power[]): Linear {
    if (powers.length === 0) return constantOf(scale);
    const sorted = [...powers].sort((a, b) => b.exponent.compare(a.exponent));
    const factors = this.ordered(sorted, ({ base }) => [printTerm(base), base]).map(({ base, exponent }) =>
      exponent.equals(MINUS_ONE)
        ? { inverted: true, term: base }
        : { inverted: false, term: powerTerm(base, exponent) },
    );
    const term = productOf(factors.sort((a, b) => Number(a.inverted) - Number(b.inverted)));
    if (scale.isZero() && this.isTotal(term)) return constantOf(Rational.zero);
    return { constant: Rational.zero, parts: new Map([[printTerm(term), { coefficient: scale, term }]]) };
  }

  private exponent(term: Term, depth: number): Rational {
    const { constant, parts } = this.linear(term, depth);
    if (parts.size === 0) return constant;
    throw new InputError({
      found: `the exponent ${printTerm(term)}, which is no rational constant`,
      mend: 'write exp(u) for e^u, and exp(y*log(x)) for x^y with x above 0',
    });
  }

  private power(base: Linear, exponent: Rational): Linear {
    if (exponent.isInteger()) return this.product([{ of: base, exponent }]);
    if (base.parts.size > 0) return this.collected(Rational.one, [{ base: termOf(base), exponent }]);
    checkExponent(exponent);
    const value = rationalPower(base.constant, exponent);
    if (value) return constantOf(value);
    if (base.constant.sign() <= 0)
      throw new InputError({ found: `${base.constant}^(${exponent}), which is undefined` });
    return this.collected(Rational.one, [{ base: number(base.constant), exponent }]);
  }

  private call(fn: string, args: readonly Linear[]): Linear {
    if (fn === 'sqrt') return this.power(args[0], HALF);
    if (fn === 'relu') return this.call('max', [args[0], constantOf(Rational.zero)]);
    if (fn === 'min' || fn === 'max') return this.extremum(fn, args);
    if (SEQUENCE_ARITIES.has(fn)) return this.single(call(fn, ...args.map(termOf)));
    if (args.every(({ parts }) => parts.size === 0)) {
      const rule = Object.values(FUNCTIONS).find(({ name }) => name === fn)!;
      const value = rule.exact(args.map(({ constant }) => constant));
      if (value) return constantOf(value);
    }
    const first = leading(args[0] ?? constantOf(Rational.zero));
    if (fn !== 'abs' || !first || first.isZero()) return this.single(call(fn, ...args.map(termOf)));
    return scaled(this.single(call('abs', termOf(scaled(args[0], first.inverse())))), first.abs());
  }

  private extremum(fn: 'min' | 'max', args: readonly Linear[]): Linear {
    let best: Rational | undefined;
    const terms = new Map<string, Term>();
    const take = (arg: Term): void => {
      if (arg.kind === 'call' && arg.fn === fn) arg.args.forEach(take);
      else if (arg.kind === 'number') best = best ? best[fn](arg.value) : arg.value;
      else terms.set(printTerm(arg), arg);
    };
    args.map(termOf).forEach(take);
    if (terms.size === 0) return constantOf(best!);
    if (!best && terms.size === 1) return args[0];
    const sorted = this.ordered([...terms], (pair) => pair).map(([, term]) => term);
    return this.single(call(fn, ...sorted, ...(best ? [number(best)] : [])));
  }

  private reduction({ op, index, over, body }: Reduction, depth: number): Linear {
    const renamed = indexName(body, index, depth);
    const isNew = !this.indices.has(renamed);
    this.indices.add(renamed);
    const inner = this.linear(reindexed(body, index, renamed), depth + 1);
    if (isNew) this.indices.delete(renamed);
    const first = leading(inner);
    const factor = !first || first.isZero() ? Rational.one : op === 'sum' ? first : first.abs();
    const unit = termOf(scaled(inner, factor.inverse()));
    return scaled(
      this.single({ kind: 'reduction', op, index: renamed, over: this.ranges(over, depth), body: unit }),
      factor,
    );
  }

  private ranges(over: readonly Range[], depth: number): Range[] {
    const ranges = over.map(({ from, to }) => ({ from: this.term(from, depth), to: to && this.term(to, depth) }));
    const isClosed = ranges.every(({ from, to }) => from.kind === 'number' && (!to || to.kind === 'number'));
    return isClosed ? integersOf(ranges).ranges : ranges;
  }
}

function constantOf(constant: Rational): Linear {
  return { constant: limited(constant), parts: new Map() };
}

/** A form with leading coefficient 1 (or 0) as powers: those of its only part, or itself. */
function powersOf(unit: Linear): Power[] {
  if (unit.parts.size > 1 || !unit.constant.isZero()) return [{ base: termOf(unit), exponent: Rational.one }];
  const [{ coefficient, term }] = unit.parts.values();
  if (coefficient.isZero()) return [{ base: termOf(unit), exponent: Rational.one }];
  if (term.kind !== 'product') return [powerOf(term, false)];
  const isOne = (factor: Term) => factor.kind === 'number' && factor.value.equals(Rational.one);
  return term.factors.filter((part) => !isOne(part.term)).map((part) => powerOf(part.term, part.inverted));
}

function scaledTerm(factor: Rational, term: Term): Term {
  const rest = term.kind === 'product' ? term.factors : [{ inverted: false, term }];
  return productOf([{ inverted: false, term: number(factor) }, ...rest]);
}

const HALF = Rational.of(1, 2);
