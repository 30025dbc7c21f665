import type { Atoms } from './atoms.js';
import { type Region, signed, undefinedAt } from './bisection.js';
import { borrow, hold, spend } from './budget.js';
import { inputJet, type Jet, jetOfSum, type Parabola, parabolaOfSum, type Smooth } from './calculus.js';
import { demand, demandShown } from './failure.js';
import { type Form, isConstant } from './forms.js';
import { Fraction, Total } from './fraction.js';
import * as I from './interval.js';
import type { Side } from './side.js';

/** A continuous piecewise linear function by its corners, from the left end of its interval to the right one. */
type Curve = readonly (readonly [x: Fraction, y: Fraction])[];

const MOST_CORNERS = 1 << 20;
const HALF = Fraction.of(1, 2n);

/** The functions of one input, over an interval of it, that forms stand for. */
export class Univariate {
  private readonly curves = new Map<number, Curve>();

  constructor(
    private readonly atoms: Atoms,
    private readonly side: Side,
  ) {}

  /** The curve of a form all of whose atoms are functions of the one input. */
  curveOf(form: Form): Curve {
    const { lo, hi } = this.side;
    if (isConstant(form)) return [lo, hi].map((x) => [x, form.constant]);
    const parts = [...form.terms].map(([atom, factor]) => [this.atomCurve(atom), factor] as const);
    const [start, slope] = [new Total(), new Total()];
    start.add(form.constant);
    const bends: (readonly [Fraction, Fraction])[] = [];
    for (const [curve, factor] of parts) {
      start.add(curve[0][1], factor);
      const slopes = slopesOf(curve);
      slope.add(slopes[0], factor);
      for (let k = 1; k < slopes.length; k++) bends.push([curve[k][0], slopes[k].sub(slopes[k - 1]).mul(factor)]);
    }
    return trace(lo, hi, start.value(), slope.value(), bends);
  }

  private atomCurve(number: number): Curve {
    let curve = this.curves.get(number);
    if (!curve) {
      const atom = this.atoms.get(number);
      demandShown(atom.kind === 'input' || atom.kind === 'relu', 'a product or softmax is not piecewise linear');
      curve =
        atom.kind === 'input' ? [this.side.lo, this.side.hi].map((x) => [x, x]) : rectified(this.curveOf(atom.of));
      this.curves.set(number, curve);
    }
    return curve;
  }
}

function slopesOf(curve: Curve): Fraction[] {
  if (curve[0][0].equals(curve[1][0])) return [Fraction.zero];
  return curve.slice(1).map(([x, y], k) => y.sub(curve[k][1]).div(x.sub(curve[k][0])));
}

/** The curve that starts at (lo, start) with a slope that changes at the given points. */
function trace(lo: Fraction, hi: Fraction, start: Fraction, first: Fraction, bends: (readonly [Fraction, Fraction])[]) {
  spend(60 * bends.length);
  bends.sort(([a], [b]) => a.compare(b));
  const curve: (readonly [Fraction, Fraction])[] = [[lo, start]];
  let [x, y, slope] = [lo, start, first];
  for (let k = 0; k < bends.length; ) {
    const at = bends[k][0];
    const change = new Total();
    for (; k < bends.length && bends[k][0].equals(at); k++) change.add(bends[k][1]);
    const bend = change.value();
    if (bend.isZero) continue;
    y = y.add(slope.mul(at.sub(x)));
    x = at;
    slope = slope.add(bend);
    curve.push([x, y]);
  }
  demand(curve.length < MOST_CORNERS, 'a piecewise linear function has too many corners');
  curve.push([hi, y.add(slope.mul(hi.sub(x)))]);
  return curve;
}

/** Bytes of a corner of a curve that is kept. */
const CORNER = 200;
/** Bytes of a piece with its jet. */
const PIECE = 1000;

function rectified(curve: Curve): Curve {
  spend(20 * curve.length);
  hold(CORNER * curve.length);
  const result: (readonly [Fraction, Fraction])[] = [];
  for (const [k, [x, y]] of curve.entries()) {
    const [before, height] = curve[k - 1] ?? [x, y];
    if (height.n * y.n < 0n) {
      const share = height.div(height.sub(y));
      result.push([before.add(x.sub(before).mul(share)), Fraction.zero]);
    }
    result.push([x, y.max(Fraction.zero)]);
  }
  return result;
}

/** The pieces of u(x) = curve(x) - smooth(x) on which the curve is a chord. */
export function chords(curve: Curve, smooth: Smooth): Region[] {
  borrow(PIECE * curve.length);
  const parabola = parabolaOfSum(smooth, () => IDENTITY);
  const ends = curve.map(([x, y]) => new End(x, y, smooth, parabola));
  return ends.slice(1).map((to, k) => new Piece(ends[k], to, smooth, parabola));
}

const IDENTITY: Parabola = [Fraction.zero, Fraction.one, Fraction.zero];

/** A point with the value of u there. */
class End {
  readonly value: { readonly lo: Fraction; readonly hi: Fraction };

  constructor(
    readonly x: Fraction,
    readonly y: Fraction,
    smooth: Smooth,
    parabola: Parabola | null,
  ) {
    spend(20);
    if (parabola) {
      const exact = y.sub(parabola[0].add(x.mul(parabola[1].add(x.mul(parabola[2])))));
      this.value = { lo: exact, hi: exact };
    } else {
      const at = I.add(I.interval(y), I.neg(jetOver(smooth, I.interval(x)).value ?? undefinedAt(x)));
      this.value = { lo: I.lower(at), hi: I.upper(at) };
    }
  }
}

/**
 * The interval between two ends, on which the curve is a chord. With x = p + s (q - p),
 *   u(x) <= u(p) (1 - s) + u(q) s + k s (1 - s),  k = (q - p)^2/2 * max(0, - min u''),
 * exactly so for parabolas. Where u is monotone, or concave and falling at p (rising at q), an end is the best point.
 */
class Piece implements Region {
  private jet: Jet | undefined;
  private parts: readonly Piece[] | undefined;

  constructor(
    private readonly from: End,
    private readonly to: End,
    private readonly smooth: Smooth,
    private readonly parabola: Parabola | null,
  ) {}

  attained(sign: 1 | -1): Fraction {
    const values = [this.from.value, this.to.value];
    return sign > 0 ? values[0].lo.max(values[1].lo) : values[0].hi.neg().max(values[1].hi.neg());
  }

  bound(sign: 1 | -1): Fraction {
    const [a, b] = [this.from, this.to].map(({ value }) => (sign > 0 ? value.hi : value.lo.neg()));
    const width = this.to.x.sub(this.from.x);
    if (width.isZero) return a.max(b);
    const area = width.mul(width).mul(HALF);
    if (this.parabola) return peak(a, b, signed(sign, this.parabola[2].add(this.parabola[2])).mul(area));
    this.jet ??= jetOver(this.smooth, I.between(this.from.x, this.to.x));
    const { second, slope, value } = this.jet;
    const chord = this.to.y.sub(this.from.y).div(width);
    const slopes = slope && this.slopes(sign, chord, slope);
    if (slopes && (slopes.lo.n >= 0n || slopes.hi.n <= 0n)) return a.max(b);
    if (second) {
      const [least, most] = [I.lower(second), I.upper(second)];
      const isConcave = sign > 0 ? least.n >= 0n : most.n <= 0n;
      if (isConcave && this.fallsFrom(this.from, sign, chord)) return a;
      if (isConcave && this.fallsFrom(this.to, -sign as 1 | -1, chord)) return b;
      return peak(a, b, (sign > 0 ? most : least.neg()).mul(area));
    }
    if (slopes) return a.add(b).add(slopes.lo.neg().max(slopes.hi).mul(width)).mul(HALF);
    const top = signed(sign, this.from.y).max(signed(sign, this.to.y));
    return top.sub(
      signed(sign, sign > 0 ? I.lower(value ?? undefinedAt(this.from.x)) : I.upper(value ?? undefinedAt(this.from.x))),
    );
  }

  halves(): readonly Piece[] {
    if (!this.parts) {
      hold(2 * PIECE);
      const [x, y] = [this.from.x.add(this.to.x).mul(HALF), this.from.y.add(this.to.y).mul(HALF)];
      const middle = new End(x, y, this.smooth, this.parabola);
      const part = (from: End, to: End) => new Piece(from, to, this.smooth, this.parabola);
      this.parts = [part(this.from, middle), part(middle, this.to)];
    }
    return this.parts;
  }

  private fallsFrom({ x }: End, sign: 1 | -1, chord: Fraction): boolean {
    const { slope } = jetOver(this.smooth, I.interval(x));
    return slope !== null && this.slopes(sign, chord, slope).hi.n <= 0n;
  }

  /** Bounds of the derivative of sign * u. */
  private slopes(sign: 1 | -1, chord: Fraction, slope: I.Interval) {
    const [lo, hi] = [chord.sub(I.upper(slope)), chord.sub(I.lower(slope))];
    return sign > 0 ? { lo, hi } : { lo: hi.neg(), hi: lo.neg() };
  }
}

function jetOver(smooth: Smooth, x: I.Interval): Jet {
  return jetOfSum(smooth, () => inputJet(x));
}

/** max over s in [0, 1] of a (1 - s) + b s + k s (1 - s); for k <= |b - a| that is at an end. */
function peak(a: Fraction, b: Fraction, k: Fraction): Fraction {
  const rise = b.sub(a);
  if (k.n <= 0n || k.le(rise.abs())) return a.max(b);
  const middle = a.add(b).mul(HALF).add(k.mul(HALF).mul(HALF));
  return middle.add(rise.mul(rise).div(k.mul(Fraction.of(4))));
}
