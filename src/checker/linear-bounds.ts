import { type Atom, type Atoms, argumentsOf } from './atoms.js';
import { hold, spend } from './budget.js';
import { outer } from './calculus.js';
import { above, below, between, type Ends, near, size } from './floats.js';
import type { Form } from './forms.js';
import { Fraction } from './fraction.js';
import * as I from './interval.js';
import { curvePlane, type Known, type Plane, productPlane, reluPlane, squarePlane } from './planes.js';
import { type Shares, sharePlane, shareSlope, sharesAt } from './shares.js';

/** constant + sum of weight * atom, in doubles that are off by at most the errors. */
interface Affine {
  readonly constant: number;
  readonly slack: number;
  readonly atoms: Int32Array;
  readonly weights: Float64Array;
  readonly errors: Float64Array;
}

/** A softmax: its shares on the box at hand, once they are asked for. */
interface Row {
  at: Shares | null;
}

/** An atom and the forms that it is a function of, all by their places. */
interface Part {
  readonly atom: Atom;
  readonly of: readonly number[];
  /** Of an input: its side of boxes. */
  readonly side: number;
  /** Of a share: its softmax. */
  readonly row: Row | null;
  /** Of a product: whether its factors are one. */
  readonly isSquare: boolean;
}

/** A box of doubles, by the places of its sides. */
export interface Box {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/**
 * Bounds of forms over boxes, in doubles with outward rounding. Every atom lies between two affine functions of the forms
 * that it is made of; put into a form from its last atom to its first these bound the form by an affine function of the
 * inputs. (For networks of ReLUs this is CROWN, Zhang et al. 2018, with bounds of the units by affine forms.)
 */
export class LinearBounds {
  private readonly parts: Part[] = [];
  private readonly forms: Affine[] = [];
  private readonly places = new Map<number, number>();
  private readonly formPlaces = new Map<Form, number>();
  private readonly rows = new Map<readonly Form[], Row>();

  private readonly wanted: readonly number[];
  private cost = 0;

  /** What is known of atoms and of forms on the box at hand, and the planes that bound each atom. */
  private readonly atom: Known[];
  private readonly form: Known[];
  /** The atoms of each form. */
  private readonly summands: (readonly Known[])[];
  private readonly planes: Plane[];
  private readonly inputs: Int32Array;

  constructor(
    private readonly atoms: Atoms,
    /** The names of the sides of boxes. */
    readonly names: readonly string[],
    private readonly given: readonly Form[],
  ) {
    this.wanted = given.map((form) => this.placeOf(form));
    const known = (): Known => ({ lo: 0, hi: 0, middle: 0, radius: 0, slopes: new Float64Array(names.length) });
    this.atom = this.parts.map(known);
    this.form = this.forms.map(known);
    this.summands = this.forms.map(({ atoms: terms }) => Array.from(terms, (j) => this.atom[j]));
    this.planes = this.parts.map(({ of }) => ({ tilts: new Float64Array(of.length), low: 0, lo: 0, hi: 0 }));
    this.inputs = new Int32Array(names.length).fill(-1);
    this.parts.forEach(({ side }, j) => {
      if (side >= 0) this.inputs[side] = j;
    });
    const edges = this.forms.reduce((sum, { atoms: terms }) => sum + terms.length, 0);
    this.cost = 2 * edges * (4 + names.length) + 40 * (this.parts.length + this.forms.length);
    hold(100 * edges + 8 * (names.length + 12) * (this.parts.length + this.forms.length));
  }

  private placeOf(form: Form): number {
    const found = this.formPlaces.get(form);
    if (found !== undefined) return found;
    const terms = [...form.terms].map(([number, weight]) => [this.placeOfAtom(number), near(weight)] as const);
    const constant = near(form.constant);
    this.forms.push({
      constant: constant.value,
      slack: constant.error,
      atoms: Int32Array.from(terms, ([place]) => place),
      weights: Float64Array.from(terms, ([, { value }]) => value),
      errors: Float64Array.from(terms, ([, { error }]) => error),
    });
    this.formPlaces.set(form, this.forms.length - 1);
    return this.forms.length - 1;
  }

  private placeOfAtom(number: number): number {
    const found = this.places.get(number);
    if (found !== undefined) return found;
    const atom = this.atoms.get(number);
    const of = argumentsOf(atom).map((form) => this.placeOf(form));
    const side = atom.kind === 'input' ? this.names.indexOf(atom.name) : -1;
    const isSquare = atom.kind === 'product' && atom.of[0] === atom.of[1];
    const row = atom.kind === 'softmax' ? (this.rows.get(atom.row) ?? { at: null }) : null;
    if (atom.kind === 'softmax' && row) this.rows.set(atom.row, row);
    this.parts.push({ atom, of, side, row, isSquare });
    this.places.set(number, this.parts.length - 1);
    return this.parts.length - 1;
  }

  /** Looks at a box: what `below` and `above` say is about it. */
  enter(box: Box): void {
    spend(this.cost);
    const ready = new Uint8Array(this.forms.length);
    const use = (f: number) => {
      if (ready[f] === 0) this.spread(f);
      ready[f] = 1;
    };
    for (const row of this.rows.values()) row.at = null;
    this.parts.forEach((part, j) => {
      part.of.forEach(use);
      if (part.side >= 0) this.side(j, part.side, box);
      else this.relax(j, part);
    });
    this.wanted.forEach(use);
  }

  /** An upper bound of the form, given by its place among those of the constructor, on the box. */
  above(k: number, box: Box, blame?: Float64Array): number {
    const f = this.wanted[k];
    return Math.min(this.form[f].hi, this.substituted(f, 1, box, blame));
  }

  /** An upper bound of minus the form. */
  aboveNegative(k: number, box: Box, blame?: Float64Array): number {
    const f = this.wanted[k];
    return Math.min(-this.form[f].lo, this.substituted(f, -1, box, blame));
  }

  /** Whether every input is a side of the boxes. */
  get isBounded(): boolean {
    return this.parts.every(({ atom, side }) => atom.kind !== 'input' || side >= 0);
  }

  /** How many kinks there are on the box. */
  get kinks(): number {
    return this.parts.filter(({ atom, of }) => {
      const { lo, hi } = this.form[of[0]] ?? NOWHERE;
      return atom.kind === 'relu' && lo < 0 && hi > 0;
    }).length;
  }

  /** Whether the form is defined on the box, and bounded. */
  isDefined(k: number): boolean {
    const { lo, hi } = this.form[this.wanted[k]];
    return lo <= hi;
  }

  /** Bounds of the generalised derivatives of the form by each side, on the box; null where it has none. */
  slopes(k: number): Slopes | null {
    const known = new Map<number, Slopes | null>();
    const nothing: Slopes = this.names.map(() => ZERO);
    const ofForm = ({ terms }: Form) =>
      [...terms].reduce<Slopes | null>(
        (sum, [number, factor]) => plus(sum, I.interval(factor), slopeOf(number)),
        nothing,
      );
    const slopeOf = (number: number): Slopes | null => {
      const found = known.get(number) ?? ofAtom(this.atoms.get(number), this.parts[this.places.get(number)!]);
      known.set(number, found);
      return found;
    };
    const ofAtom = (atom: Atom, part: Part): Slopes | null => {
      if (atom.kind === 'input') return nothing.with(part.side, ONE);
      return argumentsOf(atom).reduce<Slopes | null>(
        (sum, form, place) => plus(sum, this.derivative(part, place), ofForm(form)),
        nothing,
      );
    };
    return ofForm(this.given[k]);
  }

  /** Bounds of the derivative of an atom by one of the forms that it is made of. */
  private derivative({ atom, of, row }: Part, place: number): I.Interval | null {
    const range = (f: number) => finite([this.form[f].lo, this.form[f].hi]);
    const u = range(of[place]);
    switch (atom.kind) {
      case 'relu':
        return { lo: u && u.lo > 0n ? ONE.lo : 0n, hi: u && u.hi < 0n ? 0n : ONE.hi };
      case 'product':
        return range(of[1 - place]);
      case 'softmax':
        return finite(shareSlope(row!.at!.shares, atom.index, place));
      case 'apply':
        return u && outer(atom.fn, atom.exponent, u).slope;
      case 'input':
        return null;
    }
  }

  private side(j: number, i: number, { lo, hi }: Box): void {
    const known = this.atom[j];
    known.lo = lo[i];
    known.hi = hi[i];
    known.middle = lo[i] / 2 + hi[i] / 2;
    known.radius = 0;
    known.slopes.fill(0);
    known.slopes[i] = above(Math.max(hi[i] - known.middle, known.middle - lo[i]));
  }

  /** A form from its atoms: by intervals, and as an affine form whose radius holds all errors. */
  private spread(f: number): void {
    const { constant, slack, weights, errors } = this.forms[f];
    const [known, parts] = [this.form[f], this.summands[f]];
    let [lo, hi, far, inexact] = [constant, constant, size(constant), slack];
    for (let k = 0; k < parts.length; k++) {
      const [w, part] = [weights[k], parts[k]];
      const most = Math.max(-part.lo, part.hi);
      far += size(w) * most;
      inexact += errors[k] * most;
      lo += w >= 0 ? w * part.lo : w * part.hi;
      hi += w >= 0 ? w * part.hi : w * part.lo;
    }
    const rounding = mix(known, weights, parts, { constant, open: inexact, mass: size(constant) });
    const { middle, slopes } = known;
    let reach = 0;
    for (let i = 0; i < slopes.length; i++) reach += size(slopes[i]);
    reach = (reach + known.radius) * (1 + rounding) + size(middle) * PER_TERM + LEAST;
    const error = (far * rounding + inexact) * (1 + rounding) + LEAST;
    known.lo = below(Math.max(lo - error, middle - reach));
    known.hi = above(Math.min(hi + error, middle + reach));
    if (!(known.lo <= known.hi && known.lo > -FARTHEST && known.hi < FARTHEST)) known.lo = known.hi = Number.NaN;
  }

  private relax(j: number, { atom, of, row, isSquare }: Part): void {
    const plane = this.planes[j];
    const known = this.atom[j];
    const args = of.map((f) => this.form[f]);
    const [first, second] = args;
    if (atom.kind === 'relu') reluPlane(plane, known, first);
    else if (atom.kind === 'apply') curvePlane(plane, known, first, atom);
    else if (atom.kind === 'softmax') sharePlane(plane, known, atom.index, args, (row!.at ??= sharesAt(args)));
    else if (isSquare) squarePlane(plane, known, first);
    else productPlane(plane, known, first, second);
    // The affine form of the atom: the plane's middle, with its height and what the arguments leave open in the radius.
    const { lo, hi, tilts } = plane;
    mix(known, tilts, args, { constant: lo / 2 + hi / 2, open: hi / 2 - lo / 2, mass: size(lo) + size(hi) });
  }

  /** An upper bound of sign * form by planes in the places of atoms. `blame` gathers what their heights cost, by side. */
  private substituted(f: number, sign: 1 | -1, { lo, hi }: Box, blame?: Float64Array): number {
    const factors = new Float64Array(this.parts.length);
    let [total, error] = [0, 0];
    const add = (place: number, by: number) => {
      const { constant, slack, atoms, weights, errors } = this.forms[place];
      total += by * constant;
      error += (size(total) + size(by * constant)) * PER_TERM + size(by) * slack;
      for (let k = 0; k < atoms.length; k++) {
        const j = atoms[k];
        const step = by * weights[k];
        factors[j] += step;
        const { lo: least, hi: most } = this.atom[j];
        error += ((size(step) + size(factors[j])) * PER_TERM + size(by) * errors[k]) * Math.max(-least, most);
      }
    };
    add(f, sign);
    for (let j = this.parts.length - 1; j >= 0; j--) {
      const factor = factors[j];
      const { atom, of } = this.parts[j];
      if (factor === 0 || atom.kind === 'input') continue;
      const plane = this.planes[j];
      const isLow = factor < 0 && atom.kind === 'relu';
      const height = factor < 0 ? (isLow ? 0 : plane.lo) : plane.hi;
      total += factor * height;
      error += (size(total) + size(factor * height)) * PER_TERM;
      for (let k = 0; k < of.length; k++) {
        const tilt = isLow ? plane.low : plane.tilts[k];
        if (tilt === 0) continue;
        const by = factor * tilt;
        const arg = this.form[of[k]];
        error += size(by) * PER_TERM * Math.max(-arg.lo, arg.hi);
        add(of[k], by);
        if (blame) {
          const cost = size(factor) * (plane.hi - plane.lo);
          for (let i = 0; i < blame.length; i++) blame[i] += cost * size(arg.slopes[i]);
        }
      }
    }
    for (let i = 0; i < lo.length; i++) {
      const j = this.inputs[i];
      if (j < 0) continue;
      const term = Math.max(factors[j] * lo[i], factors[j] * hi[i]);
      total += term;
      error += (size(total) + size(term)) * PER_TERM;
    }
    return above(total + error * SURE) + LEAST;
  }
}

/**
 * Gives a sum the affine form of constant + sum of weight * part. Its radius holds what is `open` besides, and rounding: `mass` bounds
 * the terms that came to the constant. The result is what rounding takes of all terms together, relative to them.
 */
function mix(
  sum: Known,
  weights: Float64Array,
  parts: readonly Known[],
  { constant, open, mass }: Readonly<Record<'constant' | 'open' | 'mass', number>>,
): number {
  const { slopes } = sum;
  slopes.fill(0);
  let middle = constant;
  let radius = open;
  let total = mass;
  for (let k = 0; k < parts.length; k++) {
    const w = weights[k];
    const part = parts[k];
    if (w === 0) continue;
    middle += w * part.middle;
    radius += size(w) * part.radius;
    total += size(w * part.middle);
    for (let i = 0; i < slopes.length; i++) {
      const slope = w * part.slopes[i];
      slopes[i] += slope;
      total += size(slope);
    }
  }
  const rounding = (parts.length + slopes.length + 4) * PER_TERM;
  sum.middle = middle;
  sum.radius = (radius + total * rounding) * (1 + rounding) + LEAST;
  return rounding;
}

const NOWHERE = { lo: 0, hi: 0 };

type Slopes = readonly I.Interval[];

const [ZERO, ONE] = [I.interval(Fraction.zero), I.interval(Fraction.one)];

function plus(sum: Slopes | null, factor: I.Interval | null, slopes: Slopes | null): Slopes | null {
  const added = (slope: I.Interval, i: number) =>
    slopes![i] === ZERO ? slope : I.add(slope, I.mul(factor!, slopes![i]));
  return sum && factor && slopes && sum.map(added);
}

function finite([lo, hi]: Ends): I.Interval | null {
  return lo <= hi ? between(lo, hi) : null;
}

/** What one operation may be off by, relative to its result, with room to spare; and where results are tiny. */
const PER_TERM = 2 ** -52;
const LEAST = 2 ** -900;
/** Sums of errors are rounded, too; no form has 2^20 terms. */
const SURE = 1 + 2 ** -24;

/** Numbers beyond this are as good as unbounded. */
const FARTHEST = 2 ** 100;
