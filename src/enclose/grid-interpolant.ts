import { type AffineForm, Atoms, addForms } from '../evaluate/affine.js';
import { symbolicValue } from '../evaluate/node-forms.js';
import type { Network } from '../network/network.js';
import { Rational } from '../numbers/rational.js';
import { type Domain, domain } from './box.js';
import type { GridFunction } from './simplices.js';

const MOST_POINTS = 1 << 20;

/**
 * A sum of hats over the points of a lattice is the piecewise linear interpolant of its values on Kuhn's triangulation.
 *
 * Let z = (x - g)/h, coordinate by coordinate, for a point g of the lattice with sides h. The hat
 *   phi_g(x) = max(0, 1 - max(0, z_1, ..., z_d) - max(0, -z_1, ..., -z_d))
 * is 1 at g, 0 at all other points of the lattice and affine on every simplex: within a simplex neither the order of the
 * z_i nor their signs change, so the inner part is affine; at lattice points it is 1 minus the spread of the integers
 * 0, z_1, ..., z_d, and on a simplex without the vertex g all vertices have a spread of at least 1. Hence c + sum_g v_g phi_g
 * is the interpolant of the values c + v_g, where v_g = 0 at points without a hat.
 *
 * The network is evaluated symbolically; each ReLU is read as such a hat, its maxima as A + relu(B - A) = max(A, B).
 *
 * The interpolant on the smallest part of the lattice that holds the box, read off a network from one input with the
 * entries `box.variables` to one number; a sentence that says why it is none, otherwise.
 */
export function readGridInterpolant(network: Network, box: Domain): GridFunction | string {
  const [input, ...others] = network.inputs;
  if (!input || others.length > 0) return 'it has not one input';
  const atoms = new Atoms();
  const d = box.variables.length;
  const symbols = box.variables.map((_, j) => [...atoms.input(input.attributes.name, j).terms.keys()][0]);
  const entries = symbolicValue(network, network.outputs[0].node, atoms);
  if (entries.length !== 1) return 'its value is not one number';
  const [{ constant, terms }] = entries;
  const values = new Map<string, Rational>();
  let lattice: Lattice | null = null;
  for (const [atom, value] of terms) {
    const hat = readHat(atom, atoms, symbols);
    if (!hat) return 'a term is no hat on a grid';
    lattice ??= { scales: hat.scales, origin: hat.point };
    const place = placeOf(lattice, hat);
    if (place === null) return 'its hats are on different grids';
    values.set(place.join(), (values.get(place.join()) ?? Rational.zero).add(value));
  }
  if (!lattice) return 'it has no hats';
  const { scales, origin } = lattice;
  const ends = scales.map((scale, j) => [
    Number(box.lo[j].sub(origin[j]).mul(scale).floor()),
    Number(box.hi[j].sub(origin[j]).mul(scale).ceil()),
  ]);
  const cells = ends.map(([from, to]) => Math.max(1, to - from));
  if (cells.reduce((points, n) => points * (n + 1), 1) > MOST_POINTS) return 'its grid has too many points';
  const at = (k: number, j: number) => origin[j].add(Rational.of(k).div(scales[j]));
  const sides = Array.from({ length: d }, (_, j) => ({
    variable: box.variables[j],
    lo: at(ends[j][0], j),
    hi: at(ends[j][0] + cells[j], j),
  }));
  const value = (index: readonly number[]) =>
    constant.add(values.get(index.map((k, j) => k + ends[j][0]).join()) ?? Rational.zero);
  return { domain: domain(sides), cells, value };
}

/** A lattice point is origin + k/scale, coordinate by coordinate, k integers. */
interface Lattice {
  readonly scales: readonly Rational[];
  readonly origin: readonly Rational[];
}

interface Hat {
  readonly scales: readonly Rational[];
  readonly point: readonly Rational[];
}

function placeOf({ scales, origin }: Lattice, hat: Hat): number[] | null {
  const place: number[] = [];
  for (const [j, scale] of scales.entries()) {
    const k = hat.point[j].sub(origin[j]).mul(scale);
    if (!hat.scales[j].equals(scale) || !k.isInteger() || Rational.of(MOST_POINTS).le(k.abs())) return null;
    place.push(Number(k.floor()));
  }
  return place;
}

/** The point and the inverse sides of relu(1 - relu(max z) - relu(max -z)); null for other symbols. */
function readHat(number: number, atoms: Atoms, symbols: readonly number[]): Hat | null {
  const inner = reluOf(number, atoms);
  if (!inner?.constant.equals(Rational.one) || inner.terms.size !== 2) return null;
  const parts = [...inner.terms].map(([atom, factor]) =>
    factor.equals(Rational.of(-1)) ? readMaximum(atom, atoms, symbols) : null,
  );
  const [first, second] = parts;
  if (!first || !second) return null;
  const [above, below] = (first.get(symbols[0])?.scale.sign() ?? 0) > 0 ? [first, second] : [second, first];
  const [scales, point]: [Rational[], Rational[]] = [[], []];
  for (const symbol of symbols) {
    const [up, down] = [above.get(symbol), below.get(symbol)];
    if (!up || !down || up.scale.sign() <= 0) return null;
    if (!down.scale.equals(up.scale.neg()) || !down.constant.equals(up.constant.neg())) return null;
    scales.push(up.scale);
    point.push(up.constant.div(up.scale).neg());
  }
  return { scales, point };
}

interface Line {
  readonly scale: Rational;
  readonly constant: Rational;
}

/** The lines in single inputs whose maximum, with 0, a symbol is: one for each input; null for other symbols. */
function readMaximum(number: number, atoms: Atoms, symbols: readonly number[]): Map<number, Line> | null {
  const form = reluOf(number, atoms);
  const lines = new Map<number, Line>();
  const read = (of: AffineForm, depth: number): boolean => {
    const last = Math.max(-1, ...of.terms.keys());
    const inner = last < 0 ? null : reluOf(last, atoms);
    if (!inner) {
      const [symbol] = of.terms.keys();
      if (of.terms.size !== 1 || !symbols.includes(symbol) || lines.has(symbol)) return false;
      lines.set(symbol, { scale: of.terms.get(symbol)!, constant: of.constant });
      return true;
    }
    if (depth === 0 || !of.terms.get(last)!.equals(Rational.one)) return false;
    const A: AffineForm = { constant: of.constant, terms: new Map([...of.terms].filter(([other]) => other !== last)) };
    return read(A, depth - 1) && read(addForms(A, inner), depth - 1);
  };
  return form && read(form, symbols.length) && lines.size === symbols.length ? lines : null;
}

function reluOf(number: number, atoms: Atoms): AffineForm | null {
  const atom = atoms.get(number);
  return atom.kind === 'relu' ? atom.of[0] : null;
}
