import { hold, spend } from './budget.js';
import { outer } from './calculus.js';
import { above, below, between, near, outward, size } from './floats.js';
import { type Atom, type Atoms, argumentsOf, equal, type Form } from './forms.js';
import * as I from './interval.js';

/** constant + sum of weight * atom, in doubles that are off by at most the errors. */
interface Affine {
  readonly constant: number;
  readonly slack: number;
  readonly atoms: Int32Array;
  readonly weights: Float64Array;
  readonly errors: Float64Array;
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

/** A softmax: the bounds of its shares over the box and at the middle of its logits, once they are asked for. */
interface Row {
  readonly of: readonly number[];
  isFresh: boolean;
  shares: readonly Ends[];
  middles: readonly Ends[];
}

type Ends = readonly [lo: number, hi: number];

/** A box of doubles, by the places of its sides. */
export interface Box {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/** What is known of a form on a box: it lies between lo and hi, and within `radius` of middle + sum slope_i e_i, |e_i| <= 1. */
interface Known {
  lo: number;
  hi: number;
  middle: number;
  radius: number;
  readonly slopes: Float64Array;
}

/**
 * Bounds of forms over boxes, in doubles with outward rounding. Every atom lies between two affine functions of the forms
 * that it is made of; put into a form from its last atom to its first these bound the form by an affine function of the
 * inputs. (For networks of ReLUs this is CROWN, Zhang et al. 2018, with bounds of the units by affine forms.)
 */
export class Lines {
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
  private readonly planes: Plane[];
  private readonly inputs: Int32Array;

  constructor(
    private readonly atoms: Atoms,
    /** The names of the sides of boxes. */
    readonly names: readonly string[],
    forms: readonly Form[],
  ) {
    this.wanted = forms.map((form) => this.placeOf(form));
    const known = (): Known => ({ lo: 0, hi: 0, middle: 0, radius: 0, slopes: new Float64Array(names.length) });
    this.atom = this.parts.map(known);
    this.form = this.forms.map(known);
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
    const isSquare = atom.kind === 'product' && equal(atom.of[0], atom.of[1]);
    const row =
      atom.kind === 'softmax' ? (this.rows.get(atom.row) ?? { of, isFresh: false, shares: [], middles: [] }) : null;
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
    for (const row of this.rows.values()) row.isFresh = false;
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

  /** Bounds of the generalised derivatives of the form by each side, on the box. */
  slopes(k: number): readonly Ends[] {
    const known: Ends[][] = [];
    const ofForm = (f: number): Ends[] => {
      const { atoms, weights, errors } = this.forms[f];
      const total = this.names.map((): Ends => [0, 0]);
      atoms.forEach((j, t) => {
        const [w, error] = [weights[t], errors[t]];
        const weight: Ends = error === 0 ? [w, w] : [below(w - error), above(w + error)];
        for (const [i, slope] of (known[j] ??= ofAtom(j)).entries()) total[i] = plus(total[i], times(weight, slope));
      });
      spend(20 * atoms.length * total.length);
      return total;
    };
    const ofAtom = (j: number): Ends[] => {
      const { atom, of, side, row } = this.parts[j];
      if (side >= 0) return this.names.map((_, i): Ends => (i === side ? [1, 1] : [0, 0]));
      const factors = of.map((f, k): Ends => {
        const { lo, hi } = this.form[f];
        if (atom.kind === 'relu') return [lo > 0 ? 1 : 0, hi < 0 ? 0 : 1];
        if (atom.kind === 'product') return ends(this.form[of[1 - k]]);
        if (atom.kind === 'softmax') return shareSlope(row!.shares, atom.index, k);
        const slope = atom.kind === 'apply' && lo <= hi ? outer(atom.fn, atom.exponent, between(lo, hi)).slope : null;
        return slope ? outward(slope) : [Number.NaN, Number.NaN];
      });
      const slopes = of.map(ofForm);
      return this.names.map((_, i) =>
        slopes.reduce<Ends>((sum, slope, k) => plus(sum, times(factors[k], slope[i])), [0, 0]),
      );
    };
    return ofForm(this.wanted[k]);
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
    const { constant, slack, atoms, weights, errors } = this.forms[f];
    const known = this.form[f];
    const { slopes } = known;
    slopes.fill(0);
    let [middle, lo, hi, radius, mass, far] = [constant, constant, constant, 0, size(constant), size(constant)];
    let inexact = slack;
    for (let k = 0; k < atoms.length; k++) {
      const [w, part] = [weights[k], this.atom[atoms[k]]];
      const weight = size(w);
      middle += w * part.middle;
      mass += weight * size(part.middle);
      radius += weight * part.radius;
      const most = Math.max(-part.lo, part.hi);
      far += weight * most;
      inexact += errors[k] * most;
      lo += w >= 0 ? w * part.lo : w * part.hi;
      hi += w >= 0 ? w * part.hi : w * part.lo;
      for (let i = 0; i < slopes.length; i++) {
        const slope = w * part.slopes[i];
        slopes[i] += slope;
        mass += size(slope);
      }
    }
    const rounding = (atoms.length + slopes.length + 4) * PER_TERM;
    let reach = 0;
    for (let i = 0; i < slopes.length; i++) reach += size(slopes[i]);
    known.middle = middle;
    known.radius = (radius + inexact + mass * rounding) * (1 + rounding) + LEAST;
    reach = (reach + known.radius) * (1 + rounding) + size(middle) * PER_TERM + LEAST;
    const error = (far * rounding + inexact) * (1 + rounding) + LEAST;
    known.lo = below(Math.max(lo - error, middle - reach));
    known.hi = above(Math.min(hi + error, middle + reach));
    if (!(known.lo <= known.hi && known.lo > -FARTHEST && known.hi < FARTHEST)) known.lo = known.hi = Number.NaN;
  }

  private relax(j: number, { atom, of, row, isSquare }: Part): void {
    const plane = this.planes[j];
    const known = this.atom[j];
    const [first, second] = [this.form[of[0]], this.form[of[1]]];
    if (atom.kind === 'relu') reluPlane(plane, known, first);
    else if (atom.kind === 'apply') curvePlane(plane, known, first, atom);
    else if (atom.kind === 'softmax') this.sharePlane(plane, known, atom.index, row!);
    else if (isSquare) squarePlane(plane, known, first);
    else productPlane(plane, known, first, second);
    // The affine form of the atom: the plane's middle, with its height and what the arguments leave open in the radius.
    const { slopes } = known;
    slopes.fill(0);
    let [middle, radius, mass] = [
      plane.lo / 2 + plane.hi / 2,
      plane.hi / 2 - plane.lo / 2,
      size(plane.lo) + size(plane.hi),
    ];
    for (let k = 0; k < of.length; k++) {
      const [tilt, arg] = [plane.tilts[k], this.form[of[k]]];
      if (tilt === 0) continue;
      middle += tilt * arg.middle;
      mass += size(tilt * arg.middle);
      radius += size(tilt) * arg.radius;
      for (let i = 0; i < slopes.length; i++) {
        const slope = tilt * arg.slopes[i];
        slopes[i] += slope;
        mass += size(slope);
      }
    }
    const rounding = (of.length + 4) * PER_TERM;
    known.middle = middle;
    known.radius = (radius + mass * rounding) * (1 + rounding) + LEAST;
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

  /** Share `i` of a softmax by its tangent plane at the middle of the logits; what they may differ from it is height. */
  private sharePlane(plane: Plane, known: Known, i: number, row: Row): void {
    if (!row.isFresh) this.share(row);
    const { of, shares, middles } = row;
    const [own, at] = [shares[i], middles[i]];
    let rest = 0;
    let [least, most] = at;
    of.forEach((f, k) => {
      const { lo, hi } = this.form[f];
      const m = inside(this.form[f]);
      const tilt = k === i ? at[0] * (1 - at[0]) : -at[0] * middles[k][0];
      const [slow, fast] = shareSlope(shares, i, k);
      const off = above(Math.max(above(fast - tilt), above(tilt - slow)));
      rest = above(rest + above(off * above(Math.max(hi - m, m - lo))));
      least = below(least - above(tilt * m));
      most = above(most - below(tilt * m));
      plane.tilts[k] = tilt;
    });
    [known.lo, known.hi] = own;
    plane.lo = below(least - rest);
    plane.hi = above(most + rest);
    flatten(plane, known);
  }

  private share(row: Row): void {
    const forms = row.of.map((f) => this.form[f]);
    const top = Math.max(...forms.map(({ hi }) => hi));
    const powers = (ends: readonly Ends[]) =>
      ends.map(([lo, hi]): Ends => {
        const [a, b] = [below(lo - top), above(hi - top)];
        const value = a <= b ? I.exp(between(a, b)) : null;
        return value ? outward(value) : [Number.NaN, Number.NaN];
      });
    row.shares = sharesOf(powers(forms.map(({ lo, hi }) => [lo, hi])));
    row.middles = sharesOf(powers(forms.map((form) => [inside(form), inside(form)])));
    row.isFresh = true;
  }
}

const NOWHERE = { lo: 0, hi: 0 };

function ends({ lo, hi }: Known): Ends {
  return [lo, hi];
}

/** Sums and products of derivatives; those with 0 and 1 are exact, so that signs and slopes of 1 are not lost to rounding. */
function plus(a: Ends, b: Ends): Ends {
  const sum = (x: number, y: number, rounded: (x: number) => number) => (x === 0 ? y : y === 0 ? x : rounded(x + y));
  return [sum(a[0], b[0], below), sum(a[1], b[1], above)];
}

function times(a: Ends, b: Ends): Ends {
  const product = (x: number, y: number, rounded: (x: number) => number) =>
    x === 0 || y === 0 ? 0 * (x + y) : x === 1 ? y : y === 1 ? x : rounded(x * y);
  const [low, high] = [below, above].map((rounded) => a.flatMap((x) => b.map((y) => product(x, y, rounded))));
  return [Math.min(...low), Math.max(...high)];
}

/** The derivative of share i by logit k: s_i (1 - s_i), or -s_i s_k. */
function shareSlope(shares: readonly Ends[], i: number, k: number): Ends {
  const [own, other] = [shares[i], shares[k]];
  return k === i ? quarter(own) : [-above(own[1] * other[1]), -below(own[0] * other[0])];
}

/** A number between the ends, near the middle. */
function inside({ lo, hi, middle }: Known): number {
  return Math.min(Math.max(middle, lo), hi);
}

/** p_i / sum p where each power lies between two ends. */
function sharesOf(powers: readonly Ends[]): Ends[] {
  return powers.map(([lo, hi], i) => {
    let [least, most] = [0, 0];
    powers.forEach(([a, b], k) => {
      if (k === i) return;
      least = below(least + Math.max(a, 0));
      most = above(most + b);
    });
    const floor = Math.max(lo, 0);
    const all = below(hi + Math.max(least, 0));
    return [
      Math.max(0, below(floor / above(floor + most))),
      all > 0 ? Math.min(1, above(hi / all)) : all <= 0 ? 1 : Number.NaN,
    ];
  });
}

/** Bounds of s (1 - s) on an interval. */
function quarter([lo, hi]: Ends): Ends {
  const ends = [lo, hi].map((s): Ends => [below(s * below(1 - s)), above(s * above(1 - s))]);
  const most = lo <= 0.5 && hi >= 0.5 ? 0.25 : Math.max(ends[0][1], ends[1][1]);
  return [Math.min(ends[0][0], ends[1][0]), most];
}

/** An atom lies between sum tilt * form + lo and + hi; a relu also above low * form. */
interface Plane {
  readonly tilts: Float64Array;
  low: number;
  lo: number;
  hi: number;
}

/** What one operation may be off by, relative to its result, with room to spare; and where results are tiny. */
const PER_TERM = 2 ** -52;
const LEAST = 2 ** -900;
/** Sums of errors are rounded, too; no form has 2^20 terms. */
const SURE = 1 + 2 ** -24;

/** Bounds that are no further apart than those of the plane serve better, as they do not lean on the arguments. */
function flatten(plane: Plane, { lo, hi }: Known): void {
  if (!(hi - lo < plane.hi - plane.lo)) return;
  plane.tilts.fill(0);
  plane.lo = lo;
  plane.hi = hi;
}

function reluPlane(plane: Plane, known: Known, { lo, hi }: Known): void {
  known.lo = Math.max(lo, 0);
  known.hi = Math.max(hi, 0);
  plane.lo = 0;
  const isOn = lo >= 0;
  if (isOn || hi <= 0) {
    plane.tilts[0] = isOn ? 1 : 0;
    plane.low = plane.tilts[0];
    plane.hi = 0;
    return;
  }
  const tilt = hi / (hi - lo);
  plane.tilts[0] = Math.min(tilt, 1);
  plane.low = hi > -lo ? 1 : 0;
  plane.hi = Math.max(above(-plane.tilts[0] * lo), above(hi - below(plane.tilts[0] * hi)));
}

/** u v = u v_m + v u_m - u_m v_m + (u - u_m)(v - v_m). */
function productPlane(plane: Plane, known: Known, u: Known, v: Known): void {
  const ends = [u.lo * v.lo, u.lo * v.hi, u.hi * v.lo, u.hi * v.hi];
  known.lo = below(Math.min(...ends));
  known.hi = above(Math.max(...ends));
  const corner = above(reachOf(u) * reachOf(v));
  plane.tilts[0] = v.middle;
  plane.tilts[1] = u.middle;
  plane.lo = below(below(-u.middle * v.middle) - corner);
  plane.hi = above(above(-u.middle * v.middle) + corner);
  flatten(plane, known);
}

/** u^2 = 2 u u_m - u_m^2 + (u - u_m)^2. */
function squarePlane(plane: Plane, known: Known, u: Known): void {
  const ends = [u.lo * u.lo, u.hi * u.hi];
  known.lo = u.lo <= 0 && u.hi >= 0 ? 0 : Math.max(below(Math.min(...ends)), 0);
  known.hi = above(Math.max(...ends));
  const square = u.middle * u.middle;
  plane.tilts[0] = 2 * u.middle;
  plane.tilts[1] = 0;
  plane.lo = -above(square);
  plane.hi = above(above(reachOf(u) * reachOf(u)) - below(square));
  flatten(plane, known);
}

/** How far the form may be from its middle. */
function reachOf({ lo, hi, middle }: Known): number {
  return above(Math.max(hi - middle, middle - lo));
}

/** A function by its tangent at the middle: f(m) + f'(m) (t - m) + f''/2 (t - m)^2, or by bounds of its slope. */
function curvePlane(plane: Plane, known: Known, { lo, hi, middle }: Known, atom: Atom & { kind: 'apply' }): void {
  const over = lo <= hi ? outer(atom.fn, atom.exponent, between(lo, hi)) : null;
  const value = over?.value ? outward(over.value) : null;
  [known.lo, known.hi] = value ?? [Number.NaN, Number.NaN];
  plane.tilts[0] = 0;
  plane.lo = known.lo;
  plane.hi = known.hi;
  const m = Math.min(Math.max(middle, lo), hi);
  const at = over && value && outer(atom.fn, atom.exponent, between(m, m));
  if (!at?.value || !at.slope || !(over?.bend || over?.slope)) return;
  const [start, slope] = [outward(at.value), outward(at.slope)];
  const tilt = slope[0];
  const half = above(Math.max(hi - m, m - lo));
  const [down, up] = over.bend ? bent(outward(over.bend), half) : leaning(outward(over.slope!), tilt, half);
  const lean = over.bend ? above(above(slope[1] - tilt) * half) : 0;
  const base = tilt * m;
  plane.tilts[0] = tilt;
  plane.lo = below(below(below(start[0] - above(base)) - lean) + down);
  plane.hi = above(above(above(start[1] - below(base)) + lean) + up);
  flatten(plane, known);
}

/** f''/2 (t - m)^2 for |t - m| <= half. */
function bent([least, most]: Ends, half: number): Ends {
  const square = above(half * half) / 2;
  return [Math.min(below(least * square), 0), Math.max(above(most * square), 0)];
}

/** (f' - tilt) (t - m) for |t - m| <= half. */
function leaning([least, most]: Ends, tilt: number, half: number): Ends {
  const off = above(Math.max(above(most - tilt), above(tilt - least)) * half);
  return [-off, off];
}

/** Numbers beyond this are as good as unbounded. */
const FARTHEST = 2 ** 100;
