import { type Region, signed, undefinedAt } from './bisection.js';
import { hold, spend } from './budget.js';
import { degreeOf, exactSum, inputJet, jetOfSum, type Smooth, valueOfSum } from './calculus.js';
import { around, exactly } from './floats.js';
import { Fraction } from './fraction.js';
import * as I from './interval.js';
import { hullOf, type Side } from './side.js';
import type { Vector, Vertex } from './triangulation.js';

const [HALF, QUARTER, FOUR] = [Fraction.of(1, 2n), Fraction.of(1, 4n), Fraction.of(4)];

/** The parts of u, an affine function on each of the simplices, less a smooth one. */
export function gapsOn(simplices: readonly (readonly Vertex[])[], names: readonly string[], smooth: Smooth): Region[] {
  const isQuadratic = smooth.every(([, e]) => degreeOf(e) <= 2) && exactSum(smooth, () => Fraction.one) !== null;
  const target = { names, smooth, isQuadratic, bends: new Map<string, Derivatives>() };
  const known = new Map<string, Corner>();
  const cornerAt = ({ x, value }: Vertex) => {
    const key = x.join();
    spend(50 + key.length);
    const corner = known.get(key) ?? new Corner(x, value, target);
    known.set(key, corner);
    return corner;
  };
  return simplices.map((vertices) => new Simplex(vertices.map(cornerAt), target));
}

/** Bytes for each corner of a simplex that is kept, with what is known of it. */
const PART = 1000;
/** Bytes of derivatives that are kept. */
const KEPT = 600;

/** A corner with the value of u there. */
class Corner {
  readonly value: { readonly lo: Fraction; readonly hi: Fraction };

  constructor(
    readonly x: Vector,
    readonly p: Fraction,
    { names, smooth }: Target,
  ) {
    spend(100 + 20 * smooth.length);
    const { lo, hi } = valueOfSum(smooth, valuesOf(names, x)) ?? undefinedAt(x);
    const least = p.sub(hi);
    this.value = { lo: least, hi: lo === hi ? least : p.sub(lo) };
  }
}

/** Bounds of the smooth part and of its derivatives along an edge, over the box around the simplex. */
interface Derivatives {
  readonly value: I.Interval | null;
  readonly slope: Side | null;
  readonly bend: Side | null;
}

type Edge = Derivatives & { readonly v: number; readonly w: number };

/** What is subtracted, and what is known of it: simplices in one box have edges of the same directions. */
interface Target {
  readonly names: readonly string[];
  readonly smooth: Smooth;
  readonly isQuadratic: boolean;
  readonly bends: Map<string, Derivatives>;
}

/**
 * A simplex on which u is affine minus a smooth t. For x = sum l_v v Taylor's theorem gives sum l_v t(v) - t(x) =
 * 1/2 sum_v l_v (v-x)^T H_v (v-x), H_v a value of t''. With q_vw(H) = (v-w)^T H (v-w) in [a_vw, b_vw], the identity
 * (v-x)^T H (v-x) = sum_w l_w q_vw(H) - sum_{w<w'} l_w l_w' q_ww'(H) bounds this by 1/2 sum_{v<w} l_v l_w (2 b_vw - a_vw)
 * from above, and with 2 a_vw - b_vw from below. Of two corners there is one q, and b in place of 2 b - a does: both terms hold it.
 */
class Simplex implements Region {
  private known: readonly Edge[] | undefined;
  private parts: readonly Simplex[] | undefined;

  constructor(
    private readonly corners: readonly Corner[],
    private readonly target: Target,
  ) {}

  attained(sign: 1 | -1): Fraction {
    return this.corners.map(({ value }) => (sign > 0 ? value.lo : value.hi.neg())).reduce((a, b) => a.max(b));
  }

  bound(sign: 1 | -1, enough: Fraction | null): Fraction {
    const tops = this.corners.map(({ value }) => (sign > 0 ? value.hi : value.lo.neg()));
    const top = tops.reduce((a, b) => a.max(b));
    if (this.isMonotone) return top;
    const bends = this.edges.flatMap(({ v, w, bend }) => {
      if (!bend) return [];
      const [near, far] = sign > 0 ? [bend.hi, bend.lo] : [bend.lo.neg(), bend.hi.neg()];
      return [{ v, w, k: this.edges.length === 1 ? near : near.add(near).sub(far) }];
    });
    if (bends.length < this.edges.length) return this.byRange(sign);
    const up = bends.filter(({ k }) => k.n > 0n);
    if (up.length === 0) return top;
    // Products of two of the weights, which have the sum 1, add up to less than 1/2.
    const most = up.map(({ k }) => k).reduce((a, b) => a.max(b));
    const rough = top.add(most.mul(QUARTER));
    if (enough && rough.le(enough)) return rough;
    if (this.edges.every(({ value }) => value === null)) return summit(tops, up);
    // Enclosures have long ends; numbers that are a little larger bound the same.
    return summit(
      tops.map(above),
      up.map(({ v, w, k }) => ({ v, w, k: above(k) })),
    );
  }

  /** Whether u is a function of one number that nowhere rises, or nowhere falls. */
  private get isMonotone(): boolean {
    const [{ slope }, ...others] = this.edges;
    if (!slope || others.length > 0) return false;
    const rise = this.corners[1].p.sub(this.corners[0].p);
    return rise.le(slope.lo) || slope.hi.le(rise);
  }

  /** By the range of the smooth part over the box around the simplex. */
  private byRange(sign: 1 | -1): Fraction {
    const range = this.edges[0].value ?? undefinedAt(this.corners[0].x);
    const least = sign > 0 ? I.lower(range) : I.upper(range).neg();
    return this.corners.map(({ p }) => signed(sign, p).sub(least)).reduce((a, b) => a.max(b));
  }

  private get edges(): readonly Edge[] {
    this.known ??= this.corners.flatMap((_, v) => this.corners.slice(v + 1).map((__, k) => this.edge(v, v + 1 + k)));
    return this.known;
  }

  private edge(v: number, w: number): Edge {
    const { names, smooth, isQuadratic, bends } = this.target;
    spend(20 + 60 * smooth.length);
    const [from, to] = [this.corners[v].x, this.corners[w].x];
    const steps = to.map((end, i) => end.sub(from[i]));
    // A quadratic function bends alike along all edges of one direction and length.
    const sides = isQuadratic ? [] : names.map((_, i) => hullOf(this.corners.map(({ x }) => ({ lo: x[i], hi: x[i] }))));
    const key = [steps, ...sides.map(({ lo, hi }) => [lo, hi])].join();
    spend(key.length);
    let found = bends.get(key);
    if (!found) {
      found = isQuadratic ? this.quadratic(v, w) : alongEdge(this.target, sides, steps);
      hold(KEPT + key.length);
      bends.set(key, found);
    }
    return { v, w, ...found };
  }

  /** The second derivative of a quadratic function of s in [0, 1] is 4 (t(0) - 2 t(1/2) + t(1)). */
  private quadratic(v: number, w: number): Derivatives {
    const [from, to] = [this.corners[v], this.corners[w]];
    const middle = exactSum(this.target.smooth, valuesOf(this.target.names, halfway(from.x, to.x)))!;
    const [first, last] = [from, to].map(({ p, value }) => p.sub(value.lo).sub(middle));
    const bend = first.add(last).mul(FOUR);
    return { value: null, slope: null, bend: { lo: bend, hi: bend } };
  }

  /** Halves the edge along which u may bend most, or the longest one. */
  halves(): readonly Region[] {
    if (!this.parts) {
      hold(2 * PART * this.corners.length);
      const size = ({ v, w, bend }: Edge) => {
        if (this.edges.every((edge) => edge.bend)) return bend!.lo.abs().max(bend!.hi.abs());
        const steps = this.corners[v].x.map((x, i) => x.sub(this.corners[w].x[i]));
        return steps.reduce((sum, step) => sum.add(step.mul(step)), Fraction.zero);
      };
      const { v, w } = this.edges.reduce((a, b) => (size(a).lt(size(b)) ? b : a));
      const [from, to] = [this.corners[v], this.corners[w]];
      const middle = new Corner(halfway(from.x, to.x), from.p.add(to.p).mul(HALF), this.target);
      this.parts = [v, w].map((k) => new Simplex(this.corners.with(k, middle), this.target));
    }
    return this.parts;
  }
}

function alongEdge({ names, smooth }: Target, sides: readonly Side[], steps: Vector): Derivatives {
  const { value, slope, second } = jetOfSum(smooth, (name) => {
    const i = names.indexOf(name);
    return inputJet(I.between(sides[i].lo, sides[i].hi), I.interval(steps[i]));
  });
  return { value, slope: slope && I.sideOf(slope), bend: second && I.sideOf(second) };
}

function valuesOf(names: readonly string[], x: Vector): (name: string) => Fraction {
  return (name) => x[names.indexOf(name)];
}

function halfway(from: Vector, to: Vector): Vector {
  return from.map((start, i) => start.add(to[i]).mul(HALF));
}

/** A number of few digits that is not smaller. */
function above(x: Fraction): Fraction {
  const end = around(x)[1];
  return Number.isFinite(end) ? exactly(end) : x;
}

/**
 * The maximum of sum l_v a_v + 1/2 sum_{v<w} l_v l_w k_vw over the simplex, where only pairs with k_vw > 0 are given (others
 * count as 0): over all faces on which it may be strictly concave, that is, with all their pairs among these, the value
 * where its derivatives vanish. A maximum inside a face where it is not strictly concave is taken on the boundary too.
 */
function summit(
  a: Vector,
  pairs: readonly { readonly v: number; readonly w: number; readonly k: Fraction }[],
): Fraction {
  const bend = (v: number, w: number) => pairs.find((pair) => pair.v === v && pair.w === w)?.k;
  let best = a.reduce((x, y) => x.max(y));
  const grow = (face: readonly number[]) => {
    for (let w = face[face.length - 1] + 1; w < a.length; w++) {
      if (!face.every((v) => bend(v, w))) continue;
      const larger = [...face, w];
      best = best.max(stationary(larger, a, bend) ?? best);
      grow(larger);
    }
  };
  for (const { v, w, k } of pairs) {
    best = best.max(peak(a[v], a[w], k.mul(HALF)));
    grow([v, w]);
  }
  return best;
}

/** max over s in [0, 1] of a (1 - s) + b s + k s (1 - s) for k > 0; where k <= |b - a|, that is at an end. */
function peak(a: Fraction, b: Fraction, k: Fraction): Fraction {
  const rise = b.sub(a);
  if (k.le(rise.abs())) return a.max(b);
  return a
    .add(b)
    .mul(HALF)
    .add(k.mul(QUARTER))
    .add(rise.mul(rise).div(k.mul(FOUR)));
}

/** The value where a_v + 1/2 sum_w l_w k_vw = c on a face for weights l >= 0 with the sum 1: (c + sum l_v a_v)/2. */
function stationary(face: readonly number[], a: Vector, bend: (v: number, w: number) => Fraction | undefined) {
  const row = (v: number) => face.map((w) => (bend(v, w) ?? bend(w, v) ?? Fraction.zero).mul(HALF));
  const equations = face.map((v) => [...row(v), Fraction.of(-1), a[v].neg()]);
  const solution = solve([...equations, [...face.map(() => Fraction.one), Fraction.zero, Fraction.one]]);
  if (!solution || solution.slice(0, -1).some(({ n }) => n < 0n)) return null;
  const rest = face.reduce((sum, v, k) => sum.add(solution[k].mul(a[v])), solution[face.length]);
  return rest.mul(HALF);
}

/** The solution of linear equations, given as the coefficients and the right side of each; null unless it is unique. */
export function solve(equations: readonly Vector[]): Vector | null {
  spend(20 * equations.length ** 3);
  let rows = equations;
  for (const k of equations.keys()) {
    const pivot = rows.findIndex((row, i) => i >= k && !row[k].isZero);
    if (pivot < 0) return null;
    const leading = rows[pivot].map((entry) => entry.div(rows[pivot][k]));
    const others = rows.with(pivot, rows[k]).with(k, leading);
    rows = others.map((row, i) => (i === k ? row : row.map((entry, j) => entry.sub(row[k].mul(leading[j])))));
  }
  return rows.map((row) => row[row.length - 1]);
}
