import { gcd } from '../../numbers/gcd.js';

/** An affine function of the coordinates times a positive number: coefficients, then the constant, and doubles near them. */
export interface AffineFunction {
  readonly exact: readonly bigint[];
  readonly near: readonly number[];
}

export function affineFunctionOf(exact: readonly bigint[]): AffineFunction {
  return { exact, near: exact.map(Number) };
}

/** A corner of a polytope in homogeneous integers, the last of which is positive. */
export interface Corner {
  readonly exact: readonly bigint[];
  /** The coordinates and 1, each off by a relative error of at most 2^-51; null where doubles are too coarse for that. */
  readonly near: readonly number[] | null;
  /** The numbers of the hyperplanes around the polytope that it lies on. */
  readonly on: ReadonlySet<number>;
}

/** A convex polytope by its corners. */
export type Polytope = readonly Corner[];

/** [0, 1]^d; its hyperplanes have the numbers 0 to 2 d - 1. */
export function unitCube(dimension: number): Polytope {
  let corners: { x: bigint[]; on: number[] }[] = [{ x: [], on: [] }];
  for (let axis = 0; axis < dimension; axis++) {
    corners = corners.flatMap(({ x, on }) =>
      [0, 1].map((end) => ({ x: [...x, BigInt(end)], on: [...on, 2 * axis + end] })),
    );
  }
  return corners.map(({ x, on }) => cornerOf([...x, 1n], new Set(on)));
}

/** Quotients of doubles below this size might lose digits at the lower end of the format. */
const TINY = 2 ** -500;

function cornerOf(exact: readonly bigint[], on: ReadonlySet<number>): Corner {
  const weight = Number(exact.at(-1));
  const near = exact.map((x) => Number(x) / weight);
  const isCoarse = near.some((x, i) => !Number.isFinite(x) || (Math.abs(x) < TINY && exact[i] !== 0n));
  return { exact, near: isCoarse ? null : near, on };
}

/** Thirty times the rounding of a sum of seven products of numbers that are known to 2^-51. */
const SLACK = 2 ** -46;

/** The sign of the function at the corner: by doubles where they are sure of it. */
export function signAt({ exact, near }: AffineFunction, corner: Corner): -1 | 0 | 1 {
  if (corner.near) {
    let [sum, size] = [0, 0];
    for (let i = 0; i < near.length; i++) {
      const term = near[i] * corner.near[i];
      sum += term;
      size += Math.abs(term);
    }
    if (Math.abs(sum) > size * SLACK) return sum > 0 ? 1 : -1;
  }
  const value = numeratorAt(exact, corner);
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

/** The value at the corner times its last number. */
export function numeratorAt(exact: readonly bigint[], corner: Corner): bigint {
  let sum = 0n;
  for (let i = 0; i < exact.length; i++) if (exact[i] !== 0n) sum += exact[i] * corner.exact[i];
  return sum;
}

/**
 * The parts of a polytope where the function is not negative and where it is not positive, its zeros being the hyperplane of
 * the given number. Two corners are joined by an edge when no third one lies on all hyperplanes that they share.
 */
export function cut(
  polytope: Polytope,
  f: AffineFunction,
  signs: readonly number[],
  plane: number,
): { readonly above: Polytope; readonly below: Polytope } {
  const dimension = f.exact.length - 1;
  const above: Corner[] = [];
  const below: Corner[] = [];
  for (const [k, corner] of polytope.entries()) {
    if (signs[k] > 0) above.push(corner);
    else if (signs[k] < 0) below.push(corner);
  }
  const seam = polytope.flatMap((corner, k): Corner[] =>
    signs[k] === 0 ? [{ ...corner, on: new Set([...corner.on, plane]) }] : [],
  );
  for (const v of above) {
    for (const w of below) {
      const common = [...v.on].filter((other) => w.on.has(other));
      if (common.length < dimension - 1 || !isEdge(polytope, common)) continue;
      seam.push(crossing(f, v, w, new Set([...common, plane])));
    }
  }
  return { above: [...above, ...seam], below: [...below, ...seam] };
}

function isEdge(polytope: Polytope, common: readonly number[]): boolean {
  let sharing = 0;
  for (const { on } of polytope) if (common.every((plane) => on.has(plane))) sharing += 1;
  return sharing === 2;
}

/** Where the function vanishes between a corner at which it is positive and one at which it is negative. */
function crossing({ exact }: AffineFunction, v: Corner, w: Corner, on: ReadonlySet<number>): Corner {
  const [rise, fall] = [numeratorAt(exact, v), -numeratorAt(exact, w)];
  const sum = v.exact.map((x, i) => x * fall + w.exact[i] * rise);
  const common = sum.reduce((a, b) => (a === 1n ? a : gcd(a, b < 0n ? -b : b)), sum.at(-1)!);
  return cornerOf(common === 1n ? sum : sum.map((x) => x / common), on);
}
