import type { Atoms } from './atoms.js';
import { Exhausted } from './budget.js';
import { demandEachShown, demandShown, Unfinished } from './failure.js';
import { around } from './floats.js';
import { combine, difference, equal, type Form, isConstant, isZero, leading, negative, scale } from './forms.js';
import { Fraction } from './fraction.js';
import type { Goal, Interpretation } from './interpretation.js';
import * as I from './interval.js';
import { LinearBounds } from './linear-bounds.js';
import type { Side } from './side.js';
import { solve } from './simplices.js';
import type { Term } from './term.js';
import { affineSimplices, type Vector, type Vertex } from './triangulation.js';

/** What is asked of the bounds of all derivatives of a function on a part of the box. */
type Test = (slopes: readonly Side[]) => boolean;

const MOST_HALVINGS = 50;

/**
 * Demands that a relation between two points x and x' of one box holds by the mean value theorem of Lebourg (Clarke,
 * Optimization and Nonsmooth Analysis, theorem 2.3.7): f(x) - f(x') = g . (x - x') for some g within the bounds of the
 * derivatives of f on the box, or, part by part of the way from x' to x, on the parts that cover it. Either |f(x) - f(x')|
 * is held against a multiple of max_i |x_i - x'_i| or of their sum, or f(x) against f(x') under conditions that order the
 * entries.
 */
export function slopesOf(meaning: Interpretation, atoms: Atoms): void {
  const { sentence, variables } = meaning;
  const [x, other] = variables;
  const isPair = variables.length === 2 && x.node === other.node;
  demandShown(isPair, 'slopes compare two points of one input');
  const sides = x.sets.map((set, i): Side => {
    const twin = other.sets[i];
    const isBox = set !== null && twin !== null && 'lo' in set && 'lo' in twin;
    demandShown(isBox && set.lo.equals(twin.lo) && set.hi.equals(twin.hi), 'the two points range over different sets');
    return set as Side;
  });
  const [{ sides: terms, comparisons }, ...more] = sentence.relations;
  const isOne = more.length === 0 && comparisons.length === 1 && (comparisons[0] === '<=' || comparisons[0] === '>=');
  demandShown(isOne, 'slopes show relations with one <= or >=');
  const [low, high] = comparisons[0] === '<=' ? terms : [...terms].reverse();
  const back = new Map([[other.name, x.name]]);
  const own = new Set(x.names);

  /** f where the form of two points is f(x) - f(x'): a sum of functions of one point each that cancel where both are one. */
  const sameFunction = (form: Form, merged: Form): Form => {
    demandShown(isZero(merged), 'the sides do not agree where both points are one');
    const parts = [...form.terms].filter(([number, factor]) => {
      const names = atoms.inputsOf(number);
      const isOwn = [...names].every((name) => own.has(name));
      demandShown(isOwn || [...names].every((name) => !own.has(name)), 'the two points do not come apart');
      return isOwn && !factor.isZero;
    });
    return { constant: Fraction.zero, terms: new Map(parts) };
  };

  const given = sentence.conditions.flatMap((relation) => meaning.goals(relation));
  const quotient = quotientOf(low);
  if (quotient || given.length === 0) {
    const size = quotient?.size ?? low;
    demandShown(size.kind === 'call' && size.name === 'abs', 'slopes bound a difference in absolute value');
    const [inner] = size.args;
    const f = sameFunction(meaning.form(inner), meaning.form(inner, back));
    const gaps = x.names.map((name, i) => {
      const gap = difference(atoms.input(name), atoms.input(other.names[i]));
      return atoms.abs(gap);
    });
    const distance = quotient ? multiplied(meaning.form(quotient.by), meaning.form(high), given) : meaning.form(high);
    const constants = [gaps.reduce((a, b) => atoms.max(a, b)), combine(gaps.map((gap) => [gap, Fraction.one]))].map(
      (unit) => multiple(distance, unit),
    );
    const found = constants.findIndex((constant) => constant !== null);
    demandShown(found >= 0, 'the other side is no multiple of a distance');
    const constant = constants[found]!;
    const all = (a: Fraction, b: Fraction) => (found === 0 ? a.add(b) : a.max(b));
    cover(atoms, f, x.names, sides, (slopes) =>
      slopes
        .map(({ lo, hi }) => hi.max(lo.neg()))
        .reduce(all)
        .le(constant),
    );
    return;
  }
  const f = sameFunction(
    difference(meaning.form(low), meaning.form(high)),
    difference(meaning.form(low, back), meaning.form(high, back)),
  );
  const orders = x.names.map((name, i) => {
    const gap = difference(atoms.input(name), atoms.input(other.names[i]));
    return {
      below: given.some(({ form }) => equal(form, gap)),
      above: given.some(({ form }) => equal(form, negative(gap))),
    };
  });
  demandEachShown(orders, ({ below, above }) => below || above, 'the conditions do not order all entries');
  // f(x) <= f(x') is asked for: where x_i <= x'_i is given, f must rise with the entry.
  cover(atoms, f, x.names, sides, (slopes) =>
    slopes.every(({ lo, hi }, i) => (orders[i].below ? orders[i].above || lo.n >= 0n : hi.n <= 0n)),
  );
}

/** By bounds over boxes, and where halving them does not show it, exactly on the cells where f is affine. */
function cover(...[atoms, f, names, sides, test]: Parameters<typeof coverByBoxes>): void {
  try {
    coverByBoxes(atoms, f, names, sides, test);
  } catch (error) {
    if (!(error instanceof Unfinished) || error instanceof Exhausted) throw error;
    coverByCells(atoms, f, names, sides, test);
  }
}

/**
 * Demands that the slopes of f pass the test on simplices that cover the box, on each of which it is affine. A segment between
 * two points of the box crosses finitely many of them.
 */
function coverByCells(atoms: Atoms, f: Form, names: readonly string[], sides: readonly Side[], test: Test): void {
  demandShown(atoms.partial.length === 0, 'cells have no functions that are not defined everywhere');
  demandEachShown(f.terms.keys(), (number) => atoms.isPiecewiseLinear(number), 'the function is not piecewise linear');
  const used = new Set([...f.terms.keys()].flatMap((number) => [...atoms.inputsOf(number)]));
  const box = new Map(names.flatMap((name, i) => (used.has(name) ? [[name, sides[i]] as const] : [])));
  demandShown(box.size > 0 && box.size === used.size, 'a function of no input, or of others');
  demandEachShown(box.values(), ({ lo, hi }) => lo.lt(hi), 'an entry is fixed');
  const places = names.map((name) => [...box.keys()].indexOf(name));
  for (const simplex of affineSimplices(atoms, f, box)) {
    const slopes = gradient(simplex);
    const bounds = places.map((place) => slopes[place] ?? Fraction.zero).map((slope) => ({ lo: slope, hi: slope }));
    demandShown(test(bounds), 'slopes do not show it');
  }
}

/** The solution g of g . (v - v_0) = value(v) - value(v_0) for the other corners v. */
function gradient([origin, ...others]: readonly Vertex[]): Vector {
  const rows = others.map(({ x, value }) => [...x.map((entry, i) => entry.sub(origin.x[i])), value.sub(origin.value)]);
  const slopes = solve(rows);
  demandShown(slopes !== null, 'a simplex is flat');
  return slopes;
}

/** |u|/d as |u| and d; null for other terms. */
function quotientOf(term: Term): { readonly size: Term; readonly by: Term } | null {
  if (term.kind !== 'call' || term.name !== '*' || term.args.length !== 2) return null;
  const [size, inverse] = term.args;
  return inverse.kind === 'call' && inverse.name === '/' ? { size, by: inverse.args[0] } : null;
}

/** c d in the place of c in |u|/d <= c, where the conditions say that d > 0. */
function multiplied(by: Form, limit: Form, given: readonly Goal[]): Form {
  const isPositive = given.some(({ form, strict }) => strict && equal(form, negative(by)));
  demandShown(isPositive && isConstant(limit), 'a quotient with a divisor that need not be positive');
  return scale(by, limit.constant);
}

/** c >= 0 with form = c unit; null where there is none. */
function multiple(form: Form, unit: Form): Fraction | null {
  if (isConstant(unit) || isConstant(form)) return isZero(form) ? Fraction.zero : null;
  const [number, factor] = leading(unit);
  const constant = (form.terms.get(number) ?? Fraction.zero).div(factor);
  return constant.n >= 0n && equal(form, scale(unit, constant)) ? constant : null;
}

/** Demands that parts of the box cover it on each of which the slopes of f pass the test. */
function coverByBoxes(atoms: Atoms, f: Form, names: readonly string[], sides: readonly Side[], test: Test): void {
  // Functions that are not defined everywhere occur at x' as they do at x, where both points are one.
  const partial = atoms.partial.filter((form) => {
    const used = [...atoms.inputsOf(leading(form)[0])];
    const isOwn = used.every((name) => names.includes(name));
    demandShown(isOwn || !used.some((name) => names.includes(name)), 'a function of both points need not be defined');
    return isOwn;
  });
  const lines = new LinearBounds(atoms, names, [f, ...partial]);
  demandShown(lines.isBounded, 'a function of other inputs');
  const ends = sides.map(({ lo, hi }) => [around(lo)[0], around(hi)[1]]);
  const whole = { lo: Float64Array.from(ends, ([lo]) => lo), hi: Float64Array.from(ends, ([, hi]) => hi) };
  const stack = [{ box: whole, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { box, depth } = next;
    lines.enter(box);
    const isDefined = lines.isDefined(0) && partial.every((_, k) => lines.isDefined(k + 1));
    const slopes = isDefined && lines.slopes(0);
    if (slopes && test(slopes.map(I.sideOf))) continue;
    let axis = 0;
    for (let i = 1; i < names.length; i++) if (box.hi[axis] - box.lo[axis] < box.hi[i] - box.lo[i]) axis = i;
    const middle = box.lo[axis] / 2 + box.hi[axis] / 2;
    demandShown(depth < MOST_HALVINGS, 'bounds of derivatives do not show it');
    stack.push({ box: { lo: box.lo, hi: box.hi.with(axis, middle) }, depth: depth + 1 });
    stack.push({ box: { lo: box.lo.with(axis, middle), hi: box.hi }, depth: depth + 1 });
  }
}
