/**
 * The Lipschitz extension from a grid as a ReLU net (`mcshane-extension`; McShane 1934). F on [0, 1]^D has Lipschitz
 * constant L in the max-norm; G is the set of the N^D cell centres. Then
 *   Fhat(z) = min_{g in G} ( F(g) + L |z - g| )
 * has F <= Fhat <= F + L/N: each F(g) + L |z - g| >= F(z), and some g has |z - g| <= 1/(2N), so that F(g) + L/(2N) <=
 * F(z) + L/N. |u| = relu(u) + relu(-u), max(a, b) = a + relu(b - a), and the minimum is a tree: no error in the net.
 * An irrational F(g) is replaced by the next number of 53 bits above it, so that Fhat is not below F.
 */
import {
  Builder,
  DomainError,
  type Expression,
  InputError,
  type Network,
  type Node,
  Rational,
  roundedTo,
  tensor,
  toText,
  valueBounds,
} from '../src/index.js';
import { reluMinTree } from './min-nets.js';

export interface Extension {
  /** In the variables z1, ..., zD. */
  readonly F: Expression;
  readonly variables: readonly string[];
  readonly N: number;
  readonly L: Rational;
  /** The cell centres, and at least F there. */
  readonly grid: readonly (readonly Rational[])[];
  readonly values: readonly Rational[];
}

/** Tensors that proofs refer to: z - g [G, D], its max-norm [G], and F(g) + L |z - g| [G]. */
export const OFFSETS = 'offsets';
export const DISTANCES = 'distances';
export const CONES = 'cones';

/** Chooses the grid and its values. */
export function extension(F: Expression, variables: readonly string[], N: number, L: Rational): Extension {
  const axis = Array.from({ length: N }, (_, i) => Rational.of(2 * i + 1, 2 * N));
  const grid = variables.reduce<Rational[][]>((points) => points.flatMap((g) => axis.map((x) => [...g, x])), [[]]);
  return { F, variables, N, L, grid, values: grid.map((g) => valueAbove(F, variables, g)) };
}

/** Input x [coordinate D], output y [value 1]. Parameters: (D + 1) N^D + 1. */
export function mcshaneNet({ variables, grid, values, L }: Extension): Network {
  const [G, D] = [grid.length, variables.length];
  const b = new Builder();
  const x = b.input('x', { coordinate: D });
  const points = b.constant(tensor([G, D], grid.flat()), 'grid');
  const offsets = b.sub(b.reshape(x, { grid: 1, coordinate: D }, 'row'), points, OFFSETS);
  const minus = b.scalar(Rational.of(-1), 'minus', 'structure');
  const sizes = b.add(b.relu(offsets, 'above'), b.relu(b.mul(offsets, minus, 'reversed'), 'below'), 'sizes');
  const columns = Array.from({ length: D }, (_, d) => b.gather(sizes, 1, [d], `sizes.${d}`));
  const largest = columns.reduce((u: Node, v: Node) => b.add(u, b.relu(b.sub(v, u))));
  const distances = b.reshape(largest, { grid: G }, DISTANCES);
  const slopes = b.mul(distances, b.scalar(L, 'slope'), 'slopes');
  const cones = b.add(slopes, b.constant(tensor([G], values), 'values'), CONES);
  return b.network({ y: reluMinTree(b, cones, 'y') });
}

function valueAbove(F: Expression, variables: readonly string[], g: readonly Rational[]): Rational {
  try {
    const { lo, hi } = valueBounds(F, new Map(variables.map((name, d) => [name, g[d]])));
    return lo.equals(hi) ? hi : roundedTo(hi, 53, 'up');
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof RangeError)) throw error;
    const found = `${toText(F)} is undefined or too large at (${g.join(', ')})`;
    throw new InputError({ found, allowed: 'F that is defined on all of [0, 1]^D' });
  }
}
