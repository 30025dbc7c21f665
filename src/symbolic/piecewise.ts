import { Rational } from '../numbers/rational.js';
import { type Application, children, combination, type Expression, type Sum, type Term } from './expression.js';
import { type Affine, affineOf } from './polynomial.js';
import { fold } from './walk.js';

/** A point of the graph of a function of one variable. */
export interface Knot {
  readonly x: Rational;
  readonly y: Rational;
}

/** Whether the expression is built from affine ones by sums, scaling, abs, min and max alone. */
export function isPiecewiseLinear(e: Expression, variables: readonly string[]): boolean {
  return fold<boolean>(e, (part, below) => {
    if (affineOf(part, variables)) return true;
    if (part.kind !== 'sum') return isBent(part) && part.args.every(below);
    const { smooth, bent } = separate(part);
    return affineOf(smooth, variables) !== undefined && bent.every(({ of }) => below(of));
  });
}

/**
 * A piecewise linear expression in one variable over [lo, hi], exactly: the ends and the kinks between them, in
 * increasing order; it is affine from each knot to the next. undefined when the expression is not piecewise linear.
 */
export function knotsOf(e: Expression, variable: string, lo: Rational, hi: Rational): readonly Knot[] | undefined {
  if (!isPiecewiseLinear(e, [variable])) return undefined;
  return withoutStraight(fold<Curve>(e, (part, below) => curveOf(part, below, variable, lo, hi)));
}

type Curve = readonly Knot[];

/** Of parts that are not piecewise linear, which may stand where squares cancel, nothing is used. */
function curveOf(
  e: Expression,
  below: (part: Expression) => Curve,
  variable: string,
  lo: Rational,
  hi: Rational,
): Curve {
  const affine = affineOf(e, [variable]);
  if (affine) return straight(affine, lo, hi);
  if (e.kind === 'sum') {
    const { smooth, bent } = separate(e);
    const rest = affineOf(smooth, [variable]);
    const curves = bent.map(({ coefficient, of }) => ({ coefficient, curve: below(of) }));
    return rest ? total(straight(rest, lo, hi), curves) : [];
  }
  const curves = children(e).map(below);
  if (!isBent(e) || curves.some((curve) => curve.length === 0)) return [];
  const value = (args: readonly Rational[]) => e.fn.exact(args)!;
  if (curves.length > 1) return pairwise(curves, (a, b) => combine(a, b, value, crossing));
  const axis = [lo, hi].map((x) => ({ x, y: Rational.zero }));
  return combine(curves[0], axis, ([y]) => value([y]), crossing);
}

function straight({ constant, coefficients: [slope] }: Affine, lo: Rational, hi: Rational): Curve {
  return [lo, hi].map((x) => ({ x, y: constant.add(slope.mul(x)) }));
}

function isBent(e: Expression): e is Application {
  return e.kind === 'application' && e.fn.piecewiseLinear === true;
}

/** The terms that bend, and the sum of the others, where squares may cancel. */
function separate({ constant, terms }: Sum): { readonly smooth: Expression; readonly bent: readonly Term[] } {
  return {
    smooth: combination(
      constant,
      terms.filter(({ of }) => !isBent(of)),
    ),
    bent: terms.filter(({ of }) => isBent(of)),
  };
}

/** A straight line and multiples of curves over the same interval, by where the slopes change. */
function total(line: Curve, parts: readonly { readonly coefficient: Rational; readonly curve: Curve }[]): Curve {
  if (parts.some(({ curve }) => curve.length === 0)) return [];
  let { x, y } = line[0];
  const last = line[1];
  if (x.equals(last.x)) {
    for (const { coefficient, curve } of parts) y = y.add(curve[0].y.mul(coefficient));
    return [x, last.x].map((end) => ({ x: end, y }));
  }
  let slope = slopesOf(line)[0];
  const bends: { readonly x: Rational; readonly change: Rational }[] = [];
  for (const { coefficient, curve } of parts) {
    y = y.add(curve[0].y.mul(coefficient));
    const slopes = slopesOf(curve);
    slope = slope.add(slopes[0].mul(coefficient));
    for (let k = 1; k < slopes.length; k++)
      bends.push({ x: curve[k].x, change: slopes[k].sub(slopes[k - 1]).mul(coefficient) });
  }
  bends.sort((a, b) => a.x.compare(b.x));
  const sum = [{ x, y }];
  const goTo = (to: Rational) => {
    if (to.equals(x)) return;
    y = y.add(slope.mul(to.sub(x)));
    x = to;
    sum.push({ x, y });
  };
  for (const { x: at, change } of bends) {
    goTo(at);
    slope = slope.add(change);
  }
  goTo(last.x);
  return sum;
}

/** The slopes of the pieces of a curve. */
function slopesOf(curve: Curve): Rational[] {
  return curve.slice(1).map(({ x, y }, k) => y.sub(curve[k].y).div(x.sub(curve[k].x)));
}

/** Joins neighbours until one is left, so that long lists cost n log n. */
function pairwise(curves: readonly Curve[], join: (a: Curve, b: Curve) => Curve): Curve {
  if (curves.length === 1) return curves[0];
  const half = curves.length >> 1;
  return join(pairwise(curves.slice(0, half), join), pairwise(curves.slice(half), join));
}

/** The curve of value([a, b]), with knots where a or b has one, and where they meet if the value may bend there. */
function combine(
  a: Curve,
  b: Curve,
  value: (args: readonly [Rational, Rational]) => Rational,
  meet?: (from: Pair, to: Pair) => Pair | undefined,
): Curve {
  const pairs: Pair[] = [];
  for (const pair of aligned(withoutStraight(a), withoutStraight(b))) {
    const between = pairs.length > 0 ? meet?.(pairs[pairs.length - 1], pair) : undefined;
    if (between) pairs.push(between);
    pairs.push(pair);
  }
  return pairs.map(({ x, ys }) => ({ x, y: value(ys) }));
}

interface Pair {
  readonly x: Rational;
  readonly ys: readonly [Rational, Rational];
}

/** Both curves at every knot of either. */
function aligned(a: Curve, b: Curve): Pair[] {
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const order = a[i].x.compare(b[j].x);
    const x = order <= 0 ? a[i].x : b[j].x;
    pairs.push({ x, ys: [valueAt(a, i, x), valueAt(b, j, x)] });
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return pairs;
}

/** The curve at x, which lies in the piece that ends at knot `index`. */
function valueAt(curve: Curve, index: number, x: Rational): Rational {
  const to = curve[index];
  if (to.x.equals(x)) return to.y;
  const from = curve[index - 1];
  const slope = to.y.sub(from.y).div(to.x.sub(from.x));
  return from.y.add(slope.mul(x.sub(from.x)));
}

/** The point strictly between where the two curves change their order. */
function crossing(from: Pair, to: Pair): Pair | undefined {
  const before = from.ys[0].sub(from.ys[1]);
  const after = to.ys[0].sub(to.ys[1]);
  if (before.sign() * after.sign() >= 0) return undefined;
  const share = before.div(before.sub(after));
  const at = (p: Rational, q: Rational) => p.add(share.mul(q.sub(p)));
  return { x: at(from.x, to.x), ys: [at(from.ys[0], to.ys[0]), at(from.ys[1], to.ys[1])] };
}

function withoutStraight(curve: Curve): Curve {
  const kept: Knot[] = [];
  for (const knot of curve) {
    while (kept.length > 1 && isStraight(kept[kept.length - 2], kept[kept.length - 1], knot)) kept.pop();
    kept.push(knot);
  }
  return kept;
}

function isStraight(a: Knot, b: Knot, c: Knot): boolean {
  return b.y
    .sub(a.y)
    .mul(c.x.sub(b.x))
    .equals(c.y.sub(b.y).mul(b.x.sub(a.x)));
}
