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
import { Builder, type Construction, type GridFunction, type Node, Rational, tensor } from '../src/index.js';

/** The net of the interpolant: input x [coordinate d], output y [value 1]. */
export function tensorHat(grid: GridFunction): Construction<GridFunction> {
  const b = new Builder();
  const d = grid.cells.length;
  const row = b.reshape(b.input('x', { coordinate: d }), { one: 1, coordinate: d }, 'x.row');
  return { network: b.network({ y: b.reshape(tensorHatRows(b, row, grid), { value: 1 }, 'y') }), design: grid };
}

/** Adds the net on top of x [T, d]; returns [T, 1]. Parameters: see `tensorHatParameters`. */
export function tensorHatRows(b: Builder, x: Node, { domain: box, cells, value }: GridFunction, name = ''): Node {
  const [T, d] = x.shape.map(({ size }) => size);
  const called = (part: string) => (name === '' ? part : `${name}.${part}`);
  const points = gridPoints(cells);
  const G = points.length;
  const sides = box.lo.map((lo, i) => box.hi[i].sub(lo).div(Rational.of(cells[i])));
  const place = (index: readonly number[], i: number) => box.lo[i].add(sides[i].mul(Rational.of(index[i])));
  const corners = tensor(
    [1, G, d],
    points.flatMap((index) => index.map((_, i) => place(index, i))),
  );
  const scale = tensor(
    [d],
    sides.map((side) => side.inverse()),
  );
  const rows = b.reshape(x, { token: T, point: 1, coordinate: d }, called('rows'));
  const z = b.mul(
    b.sub(rows, b.constant(corners, called('corners'), 'weight', { one: 1, point: G, coordinate: d })),
    b.constant(scale, called('scale'), 'weight', { coordinate: d }),
    called('z'),
  );
  const minus = b.scalar(Rational.of(-1), called('minus'), 'structure');
  const below = largest(b, b.mul(z, minus, called('z.minus')), d, called('below'));
  const spread = b.add(largest(b, z, d, called('above')), below, called('spread'));
  const hats = b.relu(b.sub(b.scalar(Rational.one, called('one'), 'structure'), spread), called('hats'));
  const values = b.constant(tensor([G, 1], points.map(value)), called('values'), 'weight', { point: G, value: 1 });
  return b.matmul(b.reshape(hats, { token: T, point: G }, called('hats.rows')), values, name === '' ? undefined : name);
}

/** The grid points, their values, and the inverse sides of a cell. */
export function tensorHatParameters(cells: readonly number[]): number {
  const d = cells.length;
  return (d + 1) * cells.reduce((points, n) => points * (n + 1), 1) + d;
}

/** max(0, z_1, ..., z_d) for each point of z [token, point, coordinate d]; returns [token, point, 1]. */
function largest(b: Builder, z: Node, d: number, name: string): Node {
  let most = b.gather(z, 2, [0], `${name}.1`);
  for (let i = 1; i < d; i++) {
    const next = b.gather(z, 2, [i], `${name}.${i + 1}`);
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
