import { jetOf, type Parabola, parabolaOf, valueAt } from './calculus.js';
import type { Expression } from './expression.js';
import { demand, Rejected, spend } from './failure.js';
import { type Atoms, type Form, isConstant } from './forms.js';
import { Fraction, Total } from './fraction.js';
import * as I from './interval.js';

/** A continuous piecewise linear function by its corners, from the left end of its interval to the right one. */
type Curve = readonly (readonly [x: Fraction, y: Fraction])[];

/** A closed interval of one input. */
export interface Side {
  readonly lo: Fraction;
  readonly hi: Fraction;
}

const MOST_CORNERS = 1 << 20;
const HALF = Fraction.of(1, 2n);

/** The functions of one input, over an interval of it, that forms stand for. */
export class Line {
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
      demand(atom.kind === 'input' || atom.kind === 'relu', 'a product or softmax is not piecewise linear');
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
  spend(bends.length);
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

function rectified(curve: Curve): Curve {
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

/** u(x) = curve(x) - sum of factor * expression, one summand of a difference that is to be bounded. */
export class Gap {
  private readonly parabola: Parabola | null;

  constructor(
    private readonly curve: Curve,
    private readonly smooth: readonly (readonly [Fraction, Expression])[],
  ) {
    const parts = smooth.map(([factor, e]) => parabolaOf(e)?.map((c) => c.mul(factor)));
    this.parabola = parts.every((part) => part !== undefined)
      ? ([0, 1, 2].map((k) => parts.reduce((sum, part) => sum.add(part[k]), Fraction.zero)) as unknown as Parabola)
      : null;
  }

  /**
   * Bounds of sup sign * u that are at most `tolerance` apart: between corners u is a chord minus something smooth, and
   *   u(x) <= u(p)(1 - s) + u(q) s + k s (1 - s),  k = (q - p)^2/2 * max(0, - min u''),  x = p + s (q - p),
   * exactly so for parabolas. Pieces on which that leaves more room are halved.
   */
  supremum(sign: 1 | -1, tolerance: Fraction | null): { readonly lo: Fraction; readonly hi: Fraction } {
    const pieces = this.curve.slice(1).map((to, k) => ({ from: this.curve[k], to, depth: 0 }));
    let lo: Fraction | null = null;
    const bounds: Fraction[] = [];
    for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
      const { from, to, depth } = piece;
      spend(20 + 30 * this.smooth.length);
      const { attained, bound } = this.bound(from, to, sign);
      lo = lo ? lo.max(attained) : attained;
      if (depth > DEEPEST || !tolerance || bound.le(lo.add(tolerance))) {
        bounds.push(bound);
        continue;
      }
      const middle = [from[0].add(to[0]).mul(HALF), from[1].add(to[1]).mul(HALF)] as const;
      pieces.push({ from, to: middle, depth: depth + 1 }, { from: middle, to, depth: depth + 1 });
    }
    return { lo: lo!, hi: bounds.reduce((a, b) => a.max(b)) };
  }

  private bound([p, yp]: Curve[number], [q, yq]: Curve[number], sign: 1 | -1) {
    const width = q.sub(p);
    const square = width.mul(width).mul(HALF);
    if (this.parabola) {
      const [c0, c1, c2] = this.parabola;
      const at = (x: Fraction, y: Fraction) => signed(sign, y.sub(c0.add(x.mul(c1.add(x.mul(c2))))));
      const [a, b] = [at(p, yp), at(q, yq)];
      return { attained: a.max(b), bound: peak(a, b, signed(sign, c2.add(c2)).mul(square)) };
    }
    const a = this.valueAt(p, yp, sign);
    const b = this.valueAt(q, yq, sign);
    const attained = I.lower(a).max(I.lower(b));
    const [top, other] = [I.upper(a), I.upper(b)];
    const x = I.between(p, q);
    const jets = this.smooth.map(([factor, e]) => ({ factor: I.interval(signed(sign, factor)), jet: jetOf(e, x) }));
    const total = (pick: 'value' | 'slope' | 'bend') =>
      jets.reduce<I.Interval | null>((sum, { factor, jet }) => {
        const part = jet[pick];
        return sum && part && I.add(sum, I.mul(factor, part));
      }, I.interval(Fraction.zero));
    const bend = total('bend');
    if (bend) return { attained, bound: peak(top, other, I.upper(bend).mul(square)) };
    const slope = total('slope');
    if (slope && width.n > 0n) {
      const chord = signed(sign, yq.sub(yp).div(width));
      const steepest = chord.sub(I.lower(slope)).max(I.upper(slope).sub(chord));
      return { attained, bound: top.add(other).add(steepest.mul(width)).mul(HALF) };
    }
    const value = total('value');
    if (!value) throw new Rejected('a target is undefined somewhere, or too steep to bound');
    return { attained, bound: signed(sign, yp).max(signed(sign, yq)).sub(I.lower(value)) };
  }

  private valueAt(x: Fraction, y: Fraction, sign: 1 | -1): I.Interval {
    return this.smooth.reduce(
      (sum, [factor, e]) => I.add(sum, I.mul(I.interval(signed(-sign as 1 | -1, factor)), valueAt(e, x))),
      I.interval(signed(sign, y)),
    );
  }
}

const DEEPEST = 60;

function signed(sign: 1 | -1, value: Fraction): Fraction {
  return sign > 0 ? value : value.neg();
}

/** max over s in [0, 1] of a (1 - s) + b s + k s (1 - s); for k <= 0 that is at an end. */
function peak(a: Fraction, b: Fraction, k: Fraction): Fraction {
  const rise = b.sub(a);
  if (k.n <= 0n || k.le(rise.abs())) return a.max(b);
  return a
    .add(b)
    .mul(HALF)
    .add(k.mul(Fraction.of(1, 4n)))
    .add(rise.mul(rise).div(k.mul(Fraction.of(4))));
}
