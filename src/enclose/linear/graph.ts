import { Rational } from '../../numbers/rational.js';
import { type Curve, powerCurve } from './curves.js';

/**
 * constant + sum of coefficient * symbol with exact coefficients. Symbols: 0 .. d-1 are the coordinates of the box,
 * d + k is the value of atom k.
 */
export interface Form {
  readonly constant: Rational;
  readonly terms: ReadonlyMap<number, Rational>;
}

/** A nonlinear function of forms in the coordinates and in earlier atoms. */
export type Atom =
  | { readonly kind: 'relu'; readonly of: readonly [Form] }
  | { readonly kind: 'product'; readonly of: readonly [Form, Form] }
  | { readonly kind: 'curve'; readonly curve: Curve; readonly of: readonly [Form] };

const NONE: ReadonlyMap<number, Rational> = new Map();
const ZERO: Form = { constant: Rational.zero, terms: NONE };
const MINUS_ONE = Rational.of(-1);

export function constantForm(constant: Rational): Form {
  return constant.isZero() ? ZERO : { constant, terms: NONE };
}

/** constant + sum of factor * form. */
export function combine(constant: Rational, parts: readonly (readonly [factor: Rational, form: Form])[]): Form {
  let offset = constant;
  const terms = new Map<number, Rational>();
  for (const [factor, form] of parts) {
    if (factor.isZero()) continue;
    if (!form.constant.isZero()) offset = offset.add(times(factor, form.constant));
    for (const [symbol, coefficient] of form.terms) {
      const term = times(factor, coefficient);
      const known = terms.get(symbol);
      if (!known) terms.set(symbol, term);
      else {
        const total = known.add(term);
        if (total.isZero()) terms.delete(symbol);
        else terms.set(symbol, total);
      }
    }
  }
  return terms.size === 0 ? constantForm(offset) : { constant: offset, terms };
}

/**
 * Functions of a point of the unit box as forms over atoms: networks and formulas beside each other in one graph, so
 * that what they have in common cancels.
 */
export class Graph {
  readonly atoms: Atom[] = [];
  /** Numbers of atoms by a digest of their forms. */
  private readonly known = new Map<number, number[]>();

  constructor(readonly dimension: number) {}

  /** from + s width in coordinate s number i. */
  coordinate(i: number, from: Rational, width: Rational): Form {
    return width.isZero() ? constantForm(from) : { constant: from, terms: new Map([[i, width]]) };
  }

  relu(of: Form): Form {
    return isConstant(of) ? constantForm(of.constant.max(Rational.zero)) : this.push({ kind: 'relu', of: [of] });
  }

  max(a: Form, b: Form): Form {
    return add(b, this.relu(sub(a, b)));
  }

  min(a: Form, b: Form): Form {
    return sub(a, this.relu(sub(a, b)));
  }

  abs(of: Form): Form {
    return sub(scale(TWO, this.relu(of)), of);
  }

  product(a: Form, b: Form): Form {
    if (isConstant(a)) return scale(a.constant, b);
    if (isConstant(b)) return scale(b.constant, a);
    return a === b ? this.curve(SQUARE, a) : this.push({ kind: 'product', of: [a, b] });
  }

  curve(curve: Curve, of: Form): Form {
    return this.push({ kind: 'curve', curve, of: [of] });
  }

  /** The atom as a form; one that is there already is used again, so that equal parts of two networks cancel. */
  private push(atom: Atom): Form {
    const key = atom.of.reduce((sum, form) => sum / 3 + digest(form), 0);
    const alike = this.known.get(key) ?? [];
    this.known.set(key, alike);
    const found = alike.find((number) => sameAtom(this.atoms[number], atom));
    const number = found ?? this.atoms.push(atom) - 1;
    if (found === undefined) alike.push(number);
    return { constant: Rational.zero, terms: new Map([[this.dimension + number, Rational.one]]) };
  }
}

/** Equal for equal forms whose terms stand in one order. */
function digest({ constant, terms }: Form): number {
  let sum = roughly(constant);
  for (const [symbol, coefficient] of terms) sum += (symbol + 1.25) * roughly(coefficient);
  return sum;
}

function roughly({ num, den }: Rational): number {
  return Number(num) / Number(den);
}

function sameAtom(a: Atom, b: Atom): boolean {
  if (a.kind !== b.kind || (a.kind === 'curve' && b.kind === 'curve' && a.curve.name !== b.curve.name)) return false;
  return a.of.every((form, i) => sameForm(form, b.of[i] as Form));
}

function sameForm(a: Form, b: Form): boolean {
  if (a.terms.size !== b.terms.size || !a.constant.equals(b.constant)) return false;
  for (const [symbol, coefficient] of a.terms) if (!b.terms.get(symbol)?.equals(coefficient)) return false;
  return true;
}

const TWO = Rational.of(2);
const SQUARE = powerCurve(TWO);

export function isConstant(form: Form): boolean {
  return form.terms.size === 0;
}

export function add(a: Form, b: Form): Form {
  if (a === ZERO) return b;
  return b === ZERO
    ? a
    : combine(Rational.zero, [
        [Rational.one, a],
        [Rational.one, b],
      ]);
}

export function sub(a: Form, b: Form): Form {
  return b === ZERO
    ? a
    : combine(Rational.zero, [
        [Rational.one, a],
        [MINUS_ONE, b],
      ]);
}

export function scale(factor: Rational, form: Form): Form {
  return factor === Rational.one ? form : combine(Rational.zero, [[factor, form]]);
}

function times(a: Rational, b: Rational): Rational {
  return a === Rational.one ? b : b === Rational.one ? a : a.mul(b);
}
