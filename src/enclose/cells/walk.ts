import { isPast, Unfinished } from '../../deadline.js';
import { bitLength } from '../../numbers/bits.js';
import { lcm } from '../../numbers/gcd.js';
import { Rational } from '../../numbers/rational.js';
import type { Form, Graph } from '../linear/graph.js';
import { type AffineFunction, affineFunctionOf, cut, type Polytope, signAt, unitCube } from './polytope.js';

/** A polytope on which forms are affine. */
export interface Cell {
  readonly corners: Polytope;
  /** Each form times its scale. */
  readonly functions: readonly AffineFunction[];
}

/** Cells in the order of a depth-first search, and the positive number that each form is multiplied by. */
export interface Cells {
  readonly scales: readonly bigint[];
  readonly walk: Iterable<Cell>;
}

export interface Limits {
  readonly deadline?: number;
  readonly mostCells: number;
}

/** Corners of a polytope and hyperplanes through them multiply with the dimension. */
const MOST_INPUTS = 6;
/** Scales of forms whose weights share no denominators. */
const LONGEST = 1 << 14;

/**
 * Polytopes that cover the unit cube, or the part of it where no condition is positive, on each of which every form is affine:
 * the cube is cut along the kinks of their ReLUs, layer by layer, in exact arithmetic. Without conditions all of them have
 * inner points. Null for forms over other atoms than ReLUs, and for more than six coordinates.
 *
 * The walk throws Unfinished past its limits.
 */
export function affineCells(
  graph: Graph,
  forms: readonly Form[],
  conditions: readonly Form[],
  limits: Limits,
): Cells | null {
  if (graph.dimension > MOST_INPUTS || graph.atoms.some(({ kind }) => kind !== 'relu')) return null;
  const layers = new Layers(graph, [...forms, ...conditions]);
  if (layers.isLong) return null;
  const scales = layers.results.slice(0, forms.length).map(({ scale }) => scale);
  return { scales, walk: walk(layers, forms.length, limits) };
}

/** The argument of an atom, or a form, as a combination of coordinates and of the scaled values of earlier atoms. */
interface Unit {
  readonly scale: bigint;
  readonly own: readonly bigint[];
  readonly terms: readonly (readonly [position: number, factor: bigint])[];
}

/** The atoms that forms depend on, each in the first layer after those of its own argument. */
class Layers {
  readonly layers: (readonly Unit[])[] = [];
  readonly results: readonly Unit[];
  /** Of atoms by their numbers: where they come when layers follow each other. */
  private readonly positions = new Map<number, number>();
  private readonly scaled: bigint[] = [];
  isLong = false;

  constructor(
    private readonly graph: Graph,
    forms: readonly Form[],
  ) {
    const depths = this.depths(forms);
    const last = Math.max(-1, ...depths.values());
    for (let depth = 0; depth <= last; depth++) {
      const numbers = [...depths].filter(([, own]) => own === depth).map(([number]) => number);
      const units = numbers.map((number) => this.unit(graph.atoms[number].of[0]));
      for (const [k, number] of numbers.entries()) {
        this.positions.set(number, this.scaled.length);
        this.scaled.push(units[k].scale);
      }
      this.layers.push(units);
    }
    this.results = forms.map((form) => this.unit(form));
  }

  private depths(forms: readonly Form[]): Map<number, number> {
    const { dimension, atoms } = this.graph;
    const needed = new Set<number>();
    const stack = [...forms];
    for (let form = stack.pop(); form; form = stack.pop()) {
      for (const symbol of form.terms.keys()) {
        const number = symbol - dimension;
        if (number < 0 || needed.has(number)) continue;
        needed.add(number);
        stack.push(atoms[number].of[0]);
      }
    }
    const depths = new Map<number, number>();
    for (const number of [...needed].sort((a, b) => a - b)) {
      const before = [...atoms[number].of[0].terms.keys()].map((symbol) => depths.get(symbol - dimension) ?? -1);
      depths.set(number, 1 + Math.max(-1, ...before));
    }
    return depths;
  }

  private unit({ constant, terms }: Form): Unit {
    const d = this.graph.dimension;
    const parts = [...terms].map(([symbol, coefficient]) => {
      const position = symbol < d ? symbol : this.positions.get(symbol - d)!;
      return symbol < d
        ? { isOwn: true, position, factor: coefficient }
        : { isOwn: false, position, factor: coefficient.div(Rational.of(this.scaled[position])) };
    });
    const scale = parts.reduce((common, { factor }) => lcm(common, factor.den), constant.den);
    if (bitLength(scale) > LONGEST) this.isLong = true;
    const times = ({ num, den }: Rational) => num * (scale / den);
    const own = new Array<bigint>(d + 1).fill(0n);
    own[d] = times(constant);
    for (const { isOwn, position, factor } of parts) if (isOwn) own[position] = times(factor);
    return {
      scale,
      own,
      terms: parts.flatMap(({ isOwn, position, factor }) => (isOwn ? [] : [[position, times(factor)] as const])),
    };
  }
}

/** A polytope on which the signs of the first atoms are known: their values, null for 0. */
interface Open {
  readonly corners: Polytope;
  readonly values: readonly (AffineFunction | null)[];
  readonly layer: number;
  /** The arguments of the layer's atoms. */
  readonly functions: readonly AffineFunction[];
}

const CHECK_EVERY = 64;

function* walk(layers: Layers, count: number, { deadline, mostCells }: Limits): Generator<Cell> {
  const dimension = layers.results[0].own.length - 1;
  let planes = 2 * dimension;
  let [cells, steps] = [0, 0];
  const enter = (corners: Polytope, values: readonly (AffineFunction | null)[], layer: number): Open => ({
    corners,
    values,
    layer,
    functions: (layers.layers[layer] ?? layers.results).map((unit) => functionAt(unit, values)),
  });
  const before = layers.layers.map(() => 0);
  for (let k = 1; k < before.length; k++) before[k] = before[k - 1] + layers.layers[k - 1].length;
  const stack = [enter(unitCube(dimension), [], 0)];
  for (let open = stack.pop(); open; open = stack.pop()) {
    if (steps++ % CHECK_EVERY === 0 && isPast(deadline)) throw new Unfinished('the time limit ended the search');
    if (open.layer === layers.layers.length) {
      if (++cells > mostCells) throw new Unfinished(`there are more than ${mostCells} cells`);
      const corners = open.functions.slice(count).reduce((part, f) => clipped(part, f, planes++), open.corners);
      if (corners.length > 0) yield { corners, functions: open.functions.slice(0, count) };
      continue;
    }
    const { layer, functions } = open;
    let { corners } = open;
    const values = [...open.values];
    while (values.length < before[layer] + functions.length) {
      const f = functions[values.length - before[layer]];
      const signs = corners.map((corner) => signAt(f, corner));
      if (signs.includes(1) && signs.includes(-1)) {
        const parts = cut(corners, f, signs, planes++);
        stack.push({ ...open, corners: parts.below, values: [...values, null] });
        corners = parts.above;
        values.push(f);
      } else values.push(signs.includes(1) ? f : null);
    }
    stack.push(enter(corners, values, layer + 1));
  }
}

/** The part where the function is not positive. */
function clipped(corners: Polytope, f: AffineFunction, plane: number): Polytope {
  const signs = corners.map((corner) => signAt(f, corner));
  return signs.includes(1) ? cut(corners, f, signs, plane).below : corners;
}

function functionAt({ own, terms }: Unit, values: readonly (AffineFunction | null)[]): AffineFunction {
  const sum = [...own];
  for (const [position, factor] of terms) {
    const value = values[position];
    if (value) for (let i = 0; i < sum.length; i++) sum[i] += factor * value.exact[i];
  }
  return affineFunctionOf(sum);
}
