import type { Atoms } from './atoms.js';
import { hold, spend } from './budget.js';
import { demand, demandShown } from './failure.js';
import type { Form } from './forms.js';
import { Fraction } from './fraction.js';
import type { Side } from './side.js';

export type Vector = readonly Fraction[];

/** A corner of a polytope, with the value of an affine function there. */
export interface Vertex {
  readonly x: Vector;
  readonly value: Fraction;
}

const MOST_INPUTS = 6;
/** Bytes of a simplex for each of its corners. */
const SIMPLEX = 500;

/**
 * Simplices that cover the box, on each of which the form is affine, by their corners. The box is cut along the kinks of
 * the form's relus into convex polytopes inside which none of them changes sign, and these into simplices.
 */
export function affineSimplices(atoms: Atoms, form: Form, box: ReadonlyMap<string, Side>): Vertex[][] {
  const names = [...box.keys()];
  demandShown(names.length <= MOST_INPUTS, `${names.length} inputs are mixed, allowed are ${MOST_INPUTS}`);
  const found: Vertex[][] = [];
  const stack = [wholeBox(atoms, form, names, box)];
  let cuts = 2 * names.length;
  for (let cell = stack.pop(); cell; cell = stack.pop()) {
    const settled = settle(cell);
    if (settled.kinks.length > 0) {
      stack.push(...cut(settled.cell, balanced(settled.kinks), names.length, cuts));
      cuts += 1;
      continue;
    }
    const { corners, units } = settled.cell;
    const all = [...corners.keys()];
    for (const simplex of triangulated(corners, all, names.length)) {
      hold(SIMPLEX * simplex.length);
      found.push(simplex.map((v) => ({ x: corners[v].x, value: units[0].values[v] })));
    }
  }
  return found;
}

/** A relu, or the form itself as the first of a list: the values of its affine part at the corners, and its relus. */
interface Unit {
  readonly number: number;
  readonly values: Vector;
  readonly relus: ReadonlyMap<number, Fraction>;
}

/** A corner and the numbers of the hyperplanes around the cell that it lies on. */
interface Corner {
  readonly x: Vector;
  readonly on: ReadonlySet<number>;
}

interface Cell {
  readonly corners: readonly Corner[];
  /** The form, then relus that may change sign in the cell, each after those that it is made of. */
  readonly units: readonly Unit[];
}

function wholeBox(atoms: Atoms, form: Form, names: readonly string[], box: ReadonlyMap<string, Side>): Cell {
  const corners = names.reduce<Corner[]>(
    (faces, name, axis) => {
      const { lo, hi } = box.get(name)!;
      demand(lo.lt(hi), `${name} is fixed`);
      return faces.flatMap(({ x, on }) =>
        [lo, hi].map((end, k) => ({ x: [...x, end], on: new Set([...on, 2 * axis + k]) })),
      );
    },
    [{ x: [], on: new Set() }],
  );
  const units = [[-1, form] as const, ...relusOf(atoms, form)].map(([number, { constant, terms }]): Unit => {
    const relus = new Map([...terms].filter(([atom]) => atoms.get(atom).kind === 'relu'));
    const slopes = [...terms].flatMap(([number, factor]) => {
      const atom = atoms.get(number);
      return atom.kind === 'input' ? [[names.indexOf(atom.name), factor] as const] : [];
    });
    spend(corners.length * (slopes.length + 1));
    const values = corners.map(({ x }) => slopes.reduce((sum, [i, factor]) => sum.add(factor.mul(x[i])), constant));
    return { number, values, relus };
  });
  return { corners, units };
}

/** All relus in a form and in their arguments, in the order of their numbers. */
function relusOf(atoms: Atoms, form: Form): [number: number, of: Form][] {
  const met = new Map<number, Form>();
  const stack = [form];
  for (let next = stack.pop(); next; next = stack.pop()) {
    for (const number of next.terms.keys()) {
      const atom = atoms.get(number);
      if (atom.kind !== 'relu' || met.has(number)) continue;
      met.set(number, atom.of);
      stack.push(atom.of);
    }
  }
  return [...met].sort(([a], [b]) => a - b);
}

/**
 * Puts 0 or the argument in place of each relu whose sign is known; the relus that change sign where it is affine. A relu is at
 * least 0, and at a mean of corners at most that mean of its largest values there, as it is convex: so most are known to be 0 in
 * the whole cell long before their arguments are affine.
 */
function settle({ corners, units: [form, ...relus] }: Cell): { readonly cell: Cell; readonly kinks: readonly Unit[] } {
  const known = new Map<number, Vector | null>();
  const largest = new Map<number, Vector>();
  const kinks: Unit[] = [];
  const kept = relus.flatMap((before): Unit[] => {
    const unit = substitute(before, known);
    const isAffine = unit.relus.size === 0;
    const above = [...unit.relus].filter(([, { n }]) => n > 0n);
    const most = above.reduce((sum, [inner, factor]) => plus(sum, largest.get(inner)!, factor), unit.values);
    const [rises, falls] = [most.some(({ n }) => n > 0n), !isAffine || unit.values.some(({ n }) => n < 0n)];
    if (!rises || !falls) {
      known.set(unit.number, rises ? unit.values : null);
      return [];
    }
    if (isAffine) kinks.push(unit);
    largest.set(unit.number, most.map(positive));
    return [unit];
  });
  const whole = substitute(form, known);
  const needed = new Set(whole.relus.keys());
  for (const { number, relus: inner } of kept.toReversed())
    if (needed.has(number)) for (const part of inner.keys()) needed.add(part);
  const units = [whole, ...kept.filter(({ number }) => needed.has(number))];
  return { cell: { corners, units }, kinks: kinks.filter(({ number }) => needed.has(number)) };
}

const positive = (value: Fraction) => value.max(Fraction.zero);

function plus(a: Vector, b: Vector, factor: Fraction): Vector {
  return a.map((value, v) => value.add(b[v].mul(factor)));
}

function substitute(unit: Unit, known: ReadonlyMap<number, Vector | null>): Unit {
  spend(unit.values.length + unit.relus.size);
  if (![...unit.relus.keys()].some((number) => known.has(number))) return unit;
  let values = unit.values;
  const relus = new Map<number, Fraction>();
  for (const [number, factor] of unit.relus) {
    const found = known.get(number);
    if (found === undefined) relus.set(number, factor);
    else if (found) values = plus(values, found, factor);
  }
  return { number: unit.number, values, relus };
}

/** The kink that comes closest to the middle of the cell: the smaller of its largest values on both sides is largest. */
function balanced(kinks: readonly Unit[]): Unit {
  let [best, most] = [kinks[0], Fraction.zero];
  for (const unit of kinks.length > 1 ? kinks : []) {
    const [top, bottom] = [unit.values.reduce((a, b) => a.max(b)), unit.values.reduce((a, b) => a.min(b)).neg()];
    const share = top.min(bottom).div(top.add(bottom));
    if (most.lt(share)) [best, most] = [unit, share];
  }
  return best;
}

/** The parts of a cell on both sides of a kink, which becomes the hyperplane of the given number. */
function cut({ corners, units }: Cell, { values }: Unit, dimension: number, plane: number): Cell[] {
  const side = (isKept: (n: bigint) => boolean) => [...corners.keys()].filter((v) => isKept(values[v].n));
  const [above, below, within] = [side((n) => n > 0n), side((n) => n < 0n), side((n) => n === 0n)];
  spend(units.length * corners.length + corners.length ** 2 * dimension);
  const crossings = above.flatMap((v) =>
    below.flatMap((w) => {
      const common = [...corners[v].on].filter((other) => corners[w].on.has(other));
      if (common.length < dimension - 1) return [];
      if (corners.filter(({ on }) => common.every((other) => on.has(other))).length > 2) return [];
      return [{ v, w, share: values[v].div(values[v].sub(values[w])), on: new Set([...common, plane]) }];
    }),
  );
  const middle = (a: Fraction, b: Fraction, share: Fraction) => a.add(share.mul(b.sub(a)));
  const seam = [
    ...within.map((v): Corner => ({ x: corners[v].x, on: new Set([...corners[v].on, plane]) })),
    ...crossings.map(({ v, w, share, on }): Corner => {
      return { x: corners[v].x.map((x, i) => middle(x, corners[w].x[i], share)), on };
    }),
  ];
  const seams = units.map(({ values: at }) => [
    ...within.map((v) => at[v]),
    ...crossings.map(({ v, w, share }) => middle(at[v], at[w], share)),
  ]);
  return [above, below].map((kept) => ({
    corners: [...kept.map((v) => corners[v]), ...seam],
    units: units.map((unit, k) => ({ ...unit, values: [...kept.map((v) => unit.values[v]), ...seams[k]] })),
  }));
}

/** A face, by its corners, as simplices: the first corner with those of all facets that it does not lie on. */
function triangulated(corners: readonly Corner[], face: readonly number[], dimension: number): number[][] {
  if (face.length === dimension + 1) return [[...face]];
  spend(face.length ** 2);
  const [apex, ...others] = face;
  const planes = new Set(others.flatMap((v) => [...corners[v].on]));
  const sets = [...planes]
    .filter((plane) => !corners[apex].on.has(plane))
    .map((plane) => others.filter((v) => corners[v].on.has(plane)))
    .filter((set) => set.length >= dimension);
  const facets = sets.filter((set, k) =>
    sets.every((other, j) => {
      const isInside = set.every((v) => other.includes(v));
      return !isInside || (other.length === set.length && j >= k);
    }),
  );
  return facets.flatMap((facet) => triangulated(corners, facet, dimension - 1).map((simplex) => [apex, ...simplex]));
}
