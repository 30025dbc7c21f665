import type { Atoms } from './atoms.js';
import { hold, spend } from './budget.js';
import { demand, demandShown } from './failure.js';
import { type Form, isConstant } from './forms.js';
import { Fraction, Total } from './fraction.js';
import type { Side } from './side.js';

/** A continuous piecewise linear function by its corners, from the left end of its interval to the right one. */
type Curve = readonly (readonly [x: Fraction, y: Fraction])[];

const MOST_CORNERS = 1 << 20;

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
