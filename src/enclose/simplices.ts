import TinyQueue from 'tinyqueue';
import { isPast } from '../deadline.js';
import { fromFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { Rational } from '../numbers/rational.js';
import { addUp, mulUp } from '../numbers/rounding.js';
import * as E from '../symbolic/index.js';
import type { Domain } from './box.js';
import { undefinedAt } from './objective.js';
import { type SecondDerivatives, secondDerivativesOf } from './second-derivatives.js';
import type { Stop, Supremum } from './supremum.js';

/** A function that is affine on every simplex of Kuhn's triangulation of a grid of equal cells, by its values there. */
export interface GridFunction {
  readonly domain: Domain;
  /** Cells along each axis. */
  readonly cells: readonly number[];
  /** The value at the grid point lo + index * side. */
  value(index: readonly number[]): Rational;
}

const D = doubleIntervals;
const MOST_SIMPLICES = 2_000_000;
/** Halvings of an edge: coordinates in units of cells stay exact doubles, and so do products of two differences. */
const FINEST = 2 ** -20;

/** A point in units of cells from the lower corner, p there, and p - f. */
interface Vertex {
  readonly s: readonly number[];
  readonly p: Interval;
  readonly error: Interval;
}

interface Simplex {
  readonly vertices: readonly Vertex[];
  readonly second: SecondDerivatives;
  /** Of |p - f|. */
  readonly upper: number;
  /** The edge to halve next. */
  readonly edge: readonly [number, number];
}

/**
 * sup |p - f| over the domain, for f twice differentiable on it; hi is null where its second derivatives are not bounded.
 *
 * On a simplex with vertices v where p is affine, x = sum l_v v, Taylor's theorem around x gives
 *   (p - f)(x) = sum_v l_v (p - f)(v) + 1/2 sum_v l_v (v - x)^T H_v (v - x),   H_v a value of f''.
 * With H_v = C + (at most R, entry by entry) the second part is at most 1/2 sum_{v<w} l_v l_w (v-w)^T C (v-w) + 1/8 sum_ij
 * R_ij w_i w_j: for the first term by the identity for variances, and sum_{v<w} l_v l_w <= d/(2(d+1)); for the second as
 * a variable in an interval of length w_i has variance at most w_i^2/4 (Popoviciu). So a simplex has an upper bound by
 * its vertices; the one with the largest is halved along the edge that bends most.
 *
 * Throws InputError where f is undefined at a vertex.
 */
export function supNormOnGrid(p: GridFunction, f: E.Expression, stop: Stop): Supremum {
  const search = new Search(p, f);
  const queue = new TinyQueue<Simplex>([...search.start()], (a, b) => b.upper - a.upper);
  let count = queue.length;
  for (;;) {
    const top = queue.pop()!;
    const hi = Number.isFinite(top.upper) ? fromFloat(top.upper).max(search.best) : null;
    const stopped = hi ? reason(search.best, hi, stop, count) : 'precision';
    if (stopped || isFine(top)) {
      const at = search.witness;
      const end = { witness: at, boxes: count, arithmetic: D.name, stopped: stopped ?? 'precision' } as const;
      return { lo: search.best, hi, ...end };
    }
    if (count % 4096 < 2) stop.progress?.(count, search.best, hi);
    for (const half of search.halves(top)) queue.push(half);
    count += 2;
  }
}

function isFine({ vertices, edge: [i, j] }: Simplex): boolean {
  return vertices[i].s.every((x, k) => Math.abs(x - vertices[j].s[k]) <= FINEST);
}

function reason(lo: Rational, hi: Rational, stop: Stop, count: number): Supremum['stopped'] | null {
  const { bound, relativeWidth, absoluteWidth, deadline, mostBoxes = MOST_SIMPLICES } = stop;
  if (bound && (bound.lt(lo) || hi.le(bound))) return 'bound';
  const width = hi.sub(lo);
  if (width.isZero()) return 'exact';
  if (relativeWidth && width.le(relativeWidth.mul(hi))) return 'width';
  if (absoluteWidth && width.le(absoluteWidth)) return 'width';
  if (isPast(deadline)) return 'time';
  return count >= mostBoxes ? 'boxes' : null;
}

class Search {
  best = Rational.zero;
  private bestDouble = -1;
  private bestAt: readonly number[] = [];
  private readonly value: (box: readonly Interval[]) => Interval[];
  private readonly offsets: readonly Interval[];
  private readonly sides: readonly Interval[];

  constructor(
    private readonly p: GridFunction,
    private readonly f: E.Expression,
  ) {
    const { domain, cells } = p;
    this.value = E.toIntervals([f], domain.variables, D);
    this.offsets = domain.lo.map(D.of);
    this.sides = domain.lo.map((lo, i) => D.of(this.side(lo, i, cells[i])));
  }

  get witness(): Rational[] {
    const { domain, cells } = this.p;
    return domain.lo.map((lo, i) => lo.add(this.side(lo, i, cells[i]).mul(fromFloat(this.bestAt[i]))));
  }

  private side(lo: Rational, i: number, cells: number): Rational {
    return this.p.domain.hi[i].sub(lo).div(Rational.of(cells));
  }

  /** All simplices of the grid. */
  *start(): Generator<Simplex> {
    const { cells, domain } = this.p;
    const derivatives = secondDerivativesOf(this.f, domain.variables);
    const paths = permutations(cells.length);
    const known = new Map<string, Vertex>();
    const vertexAt = (index: readonly number[]): Vertex => {
      const key = index.join();
      const found = known.get(key) ?? this.vertex(index, D.of(this.p.value(index)));
      known.set(key, found);
      return found;
    };
    for (const corner of indices(cells)) {
      const box = corner.map((k, i) => this.coordinate(D.fromDoubles(k, k + 1), i));
      const second = derivatives(box, this.sides);
      for (const path of paths) {
        const index = [...corner];
        const vertices = [vertexAt(index)];
        for (const axis of path) {
          index[axis] += 1;
          vertices.push(vertexAt(index));
        }
        yield this.simplex(vertices, second);
      }
    }
  }

  *halves({ vertices, second, edge: [i, j] }: Simplex): Generator<Simplex> {
    const [v, w] = [vertices[i], vertices[j]];
    const s = v.s.map((x, k) => (x + w.s[k]) / 2);
    const middle = this.vertex(s, D.mul(D.add(v.p, w.p), HALF));
    yield this.simplex(vertices.with(i, middle), second);
    yield this.simplex(vertices.with(j, middle), second);
  }

  private coordinate(s: Interval, i: number): Interval {
    return D.add(this.offsets[i], D.mul(this.sides[i], s));
  }

  private vertex(s: readonly number[], p: Interval): Vertex {
    const [value] = this.value(s.map((x, i) => this.coordinate(D.fromDoubles(x, x), i)));
    const at = [...s];
    if (D.isEmpty(value)) {
      this.bestAt = at;
      throw undefinedAt(this.f, this.p.domain.variables, this.witness);
    }
    const error = D.sub(p, value);
    const attained = Math.max(error.lo, -error.hi, 0);
    if (error.mark === 0 && attained > this.bestDouble) {
      [this.best, this.bestDouble, this.bestAt] = [fromFloat(attained), attained, at];
    }
    return { s: at, p, error };
  }

  private simplex(vertices: readonly Vertex[], second: SecondDerivatives): Simplex {
    const d = vertices.length - 1;
    let [above, below] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { error } of vertices) {
      if (error.mark !== 0) return { vertices, second, upper: Number.POSITIVE_INFINITY, edge: [0, d] };
      above = Math.max(above, error.hi);
      below = Math.max(below, -error.lo);
    }
    let [rise, fall, most] = [0, 0, -1];
    let edge: readonly [number, number] = [0, d];
    for (let i = 0; i < d; i++) {
      for (let j = i + 1; j <= d; j++) {
        const q = second.along(vertices[i].s, vertices[j].s);
        rise = Math.max(rise, q.hi);
        fall = Math.max(fall, -q.lo);
        const size = Math.max(q.hi, -q.lo) + q.blur;
        if (size > most) [edge, most] = [[i, j], size];
      }
    }
    const share = addUp(d / (4 * (d + 1)), Number.EPSILON / 4);
    const blur = second.blur(vertices.map(({ s }) => s));
    const upper = Math.max(addUp(above, mulUp(share, rise)), addUp(below, mulUp(share, fall)));
    return { vertices, second, upper: addUp(upper, blur), edge };
  }
}

const HALF = D.of(Rational.of(1, 2));

function* indices(cells: readonly number[]): Generator<number[]> {
  const index = cells.map(() => 0);
  for (;;) {
    yield index;
    let axis = 0;
    while (axis < cells.length && ++index[axis] === cells[axis]) index[axis++] = 0;
    if (axis === cells.length) return;
  }
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, k) => [...rest.slice(0, k), n - 1, ...rest.slice(k)]),
  );
}
