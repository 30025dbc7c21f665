import type { Atoms } from './atoms.js';
import { hold, spend } from './budget.js';
import { demand, demandShown } from './failure.js';
import { type Form, single } from './forms.js';
import { Fraction, Total } from './fraction.js';
import { Point } from './point.js';
import type { Side } from './side.js';
import { affineSimplices, type Vertex } from './triangulation.js';

/** A continuous piecewise linear function by its corners, from the left end of its interval to the right one. */
export type Curve = readonly (readonly [x: Fraction, y: Fraction])[];

/** Bytes of a corner of a curve. */
const CORNER = 200;

/** The piecewise linear function of one input that a form is, where that ranges over a side. */
export function curveOf(atoms: Atoms, form: Form, side: Side): Curve {
  const numbers = [...form.terms.keys()];
  const isLinear = numbers.every((number) => atoms.isPiecewiseLinear(number));
  demandShown(isLinear, 'a product or softmax is not piecewise linear');
  const [name, ...others] = new Set(numbers.flatMap((number) => [...atoms.inputsOf(number)]));
  demand(others.length === 0, 'it is no function of one input');
  const { lo, hi } = side;
  const { first, bends } =
    ofPlainRelus(atoms, form, side) ?? ofPieces(affineSimplices(atoms, form, new Map([[name, side]])));
  spend(60 * bends.length);
  hold(CORNER * bends.length);
  bends.sort(([a], [b]) => a.compare(b));
  const curve = [[lo, new Point(atoms, new Map([[name, lo]])).exact(form)!] as const];
  let slope = first;
  let change = new Total();
  for (const [k, [at, own]] of bends.entries()) {
    change.add(own);
    // Where a relu bends and another one bends back there is no corner.
    if (bends[k + 1]?.[0].equals(at) || change.value().isZero) continue;
    curve.push(next(curve, at, slope));
    slope = slope.add(change.value());
    change = new Total();
  }
  return [...curve, next(curve, hi, slope)];
}

function next(curve: Curve, at: Fraction, slope: Fraction) {
  const [x, y] = curve[curve.length - 1];
  return [at, y.add(slope.mul(at.sub(x)))] as const;
}

type Bend = readonly [x: Fraction, change: Fraction];

/** The slope where the side begins, and where it changes inside, of a form each of whose relus is relu(x + b); null for others. */
function ofPlainRelus(atoms: Atoms, { terms }: Form, { lo, hi }: Side) {
  const first = new Total();
  const bends: Bend[] = [];
  for (const [number, factor] of lo.lt(hi) ? terms : []) {
    const atom = atoms.get(number);
    const inner = atom.kind === 'relu' ? single({ ...atom.of, constant: Fraction.zero }) : number;
    if (inner < 0 || atoms.get(inner).kind !== 'input') return null;
    const kink = atom.kind === 'relu' ? atom.of.constant.neg() : lo;
    if (kink.le(lo)) first.add(factor);
    else if (kink.lt(hi)) bends.push([kink, factor]);
  }
  return { first: first.value(), bends };
}

/** The same of a function by its pieces. */
function ofPieces(simplices: readonly (readonly Vertex[])[]) {
  const pieces = simplices.map(([v, w]) => (v.x[0].lt(w.x[0]) ? ([v, w] as const) : ([w, v] as const)));
  pieces.sort(([a], [b]) => a.x[0].compare(b.x[0]));
  const slopes = pieces.map(([v, w]) => w.value.sub(v.value).div(w.x[0].sub(v.x[0])));
  return {
    first: slopes[0],
    bends: slopes.slice(1).map((slope, k): Bend => [pieces[k + 1][0].x[0], slope.sub(slopes[k])]),
  };
}
