/**
 * Piecewise linear interpolation on a grid in d variables as a ReLU net: Kuhn's triangulation.
 *
 * The box is cut into equal cells of sides h, each cell into d! simplices: in units of cells, those on which the
 * coordinates of x - corner have one order. In the same units let z = x - g for a grid point g. The function that is 1 at
 * g, 0 at all other grid points and affine on every simplex is
 *   phi_g(x) = max(0, 1 - max(0, z_1, ..., z_d) + min(0, z_1, ..., z_d)).
 * Indeed, with z = k + y, k integers and 0 <= y < 1, neither the order of the z_i nor their signs change within a simplex,
 * so the inner part is affine on each. At a grid point it is 1 minus the spread of the integers 0, z_1, ..., z_d. On a
 * simplex that has g as a vertex, all its other vertices differ from g by 0 or 1 in every coordinate, or all by 0 or -1:
 * the spread is 1, and the inner part is the hat function itself. On any other simplex all vertices have a spread of at
 * least 1: the inner part is at most 0 there, and the maximum 0.
 *
 * So sum_g f(g) phi_g is the interpolant. As a net: max(u, v) = v + relu(u - v) from one coordinate to the next, for z and
 * for -z, since -min(0, z) = max(0, -z); then phi_g = relu(1 - max(0, z) - max(0, -z)).
 */
import {
  Builder,
  type Construction,
  canonicalForm,
  domain,
  type ExactTensor,
  type GridFunction,
  type Network,
  type Node,
  Rational,
  tensor,
} from '../src/index.js';

/** The net of the interpolant: input x [coordinate d], output y [value 1]. */
export function tensorHat(grid: GridFunction): Construction<GridFunction> {
  const { domain: box, cells } = grid;
  const d = cells.length;
  const points = gridPoints(cells);
  const G = points.length;
  const sides = box.lo.map((lo, i) => box.hi[i].sub(lo).div(Rational.of(cells[i])));
  const b = new Builder();
  const x = b.reshape(b.input('x', { coordinate: d }), { one: 1, coordinate: d }, 'x.row');
  const place = (index: readonly number[], i: number) => box.lo[i].add(sides[i].mul(Rational.of(index[i])));
  const corners = tensor(
    [G, d],
    points.flatMap((index) => index.map((_, i) => place(index, i))),
  );
  const scale = tensor(
    [d],
    sides.map((side) => side.inverse()),
  );
  const z = b.mul(
    b.sub(x, b.constant(corners, 'corners', 'weight', { point: G, coordinate: d })),
    b.constant(scale, 'scale', 'weight', { coordinate: d }),
    'z',
  );
  const minus = b.scalar(Rational.of(-1), 'minus', 'structure');
  const spread = b.add(largest(b, z, d, 'above'), largest(b, b.mul(z, minus, 'z.minus'), d, 'below'), 'spread');
  const hats = b.relu(b.sub(b.scalar(Rational.one, 'one', 'structure'), spread), 'hats');
  const values = tensor([G, 1], points.map(grid.value));
  const row = b.reshape(hats, { one: 1, point: G }, 'hats.row');
  const y = b.matmul(row, b.constant(values, 'values', 'weight', { point: G, value: 1 }));
  return { network: b.network({ y: b.reshape(y, { value: 1 }, 'y') }), design: grid };
}

/** max(0, z_1, ..., z_d) for each row of z [point, coordinate d]; returns [point, 1]. */
function largest(b: Builder, z: Node, d: number, name: string): Node {
  let most = b.gather(z, 1, [0], `${name}.1`);
  for (let i = 1; i < d; i++) {
    const next = b.gather(z, 1, [i], `${name}.${i + 1}`);
    most = b.add(next, b.relu(b.sub(most, next)));
  }
  return b.relu(most, name);
}

/** All points of the grid, the first coordinate fastest. */
function gridPoints(cells: readonly number[]): number[][] {
  return cells.reduce<number[][]>(
    (points, n) => Array.from({ length: n + 1 }, (_, k) => points.map((point) => [...point, k])).flat(),
    [[]],
  );
}

/**
 * The grid function that a network computes: null unless the network is, weight by weight, the net above for the grid
 * and the values that it holds. The header proves that such a net is that interpolant on the box of the grid.
 */
export function readTensorHat(network: Network, variables: readonly string[]): GridFunction | null {
  const [corners, values] = ['corners', 'values'].map((name) => constant(network.find(name)));
  const d = variables.length;
  if (!corners || !values || corners.shape.length !== 2 || corners.shape[1] !== d) return null;
  const entries = corners.dense(Rational.zero);
  const heights = values.dense(Rational.zero);
  const axes = variables.map((_, i) => axisOf(entries.filter((_, k) => k % d === i)));
  const cells = axes.map(({ points }) => points - 1);
  const size = cells.reduce((product, n) => product * (n + 1), 1);
  if (cells.some((n) => n < 1) || size !== heights.length || size * d !== entries.length) return null;
  const grid: GridFunction = {
    domain: domain(axes.map(({ lo, hi }, i) => ({ variable: variables[i], lo, hi }))),
    cells,
    value: (index) => heights[index.reduceRight((flat, k, i) => flat * (cells[i] + 1) + k, 0)],
  };
  return text(network) === text(tensorHat(grid).network) ? grid : null;
}

function constant(node: Node | undefined): ExactTensor | null {
  return node?.op === 'constant' ? (node as Node<'constant'>).attributes.value : null;
}

function axisOf(entries: readonly Rational[]) {
  const points = new Set(entries.map(String)).size;
  const [first] = entries;
  return {
    points,
    lo: entries.reduce((least, x) => least.min(x), first),
    hi: entries.reduce((most, x) => most.max(x), first),
  };
}

function text(network: Network): string {
  return [...canonicalForm(network)].join('');
}
