import { type Atoms, placeName } from '../atoms.js';
import { type Region, signed, supremum } from '../bisection.js';
import { spend } from '../budget.js';
import { formOf, type Smooth, variablesOf } from '../calculus.js';
import { entry } from '../evaluate.js';
import type { Expression } from '../expression.js';
import type { Rule, Within } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { combine, constantForm, difference, type Form } from '../forms.js';
import { Fraction } from '../fraction.js';
import { fraction, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import { type Domain, ORIGIN, type Side } from '../side.js';
import { gapsOn } from '../simplices.js';
import { type Names, ranges } from '../term-expressions.js';
import { affineSimplices } from '../triangulation.js';
import { curveOf } from '../univariate.js';

/**
 * Data: `node`, `domain`, `entries` (ranges of flat indices), a `target` text in which `t` stands for the number in
 * `tokens` (ranges, one for each entry), and bounds `lo`, `hi` of entry - target over the domain. The difference is split
 * into a sum of functions of different inputs, piecewise linear ones from the network less smooth ones from the target,
 * and each is bounded on the parts of its box where the former are affine. With `of`, the network does the same to every
 * row of that node on the way to `node`; equal problems are then solved once.
 */
export const enclosure: Rule = (session, data) => {
  const fields = record(data, 'the data', ['node', 'domain', 'entries', 'tokens', 'target', 'lo', 'hi', 'of']);
  const node = session.node(fields.node);
  const domain = session.domain(fields.domain);
  const entries = ranges(fields.entries);
  const tokens = fields.tokens === undefined ? entries : ranges(fields.tokens);
  demand(tokens.length === entries.length, 'there are not as many tokens as entries');
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const { atoms, expressions, names } = session;
  const place =
    fields.of === undefined ? entriesOf(session, node) : entriesByRow(session, session.node(fields.of), node);
  const known = new Map<Expression, Set<string>>();
  const proved = entries.map((at, k): readonly [number, Within] => {
    demand(at < sizeOf(session.network.nodes[node].shape), `node ${node} has no entry ${at}`);
    const { form, column, cells } = place(at);
    const read = (own: Names) => expressions.parse(fields.target, own, [['t', tokens[k]]]);
    const target = read(names);
    const inRow: Names = (name, indices) => {
      const e = names(name, indices);
      const cell = e?.kind === 'variable' ? cells.get(e.name) : undefined;
      return cell === undefined ? e : expressions.variable(cell);
    };
    const problem = cells.size === 0 ? target : read(inRow);
    const named = new Map([...cells].map(([name, cell]) => [cell, name]));
    const sideOf = (name: string) => session.sideOf(named.get(name) ?? name, domain);
    const sides = [...cells.values()].map(sideOf);
    const signature = `${column} ${sides.map((side) => `${side.lo} ${side.hi}`)}`;
    const solved = known.get(problem) ?? new Set();
    if (!solved.has(signature)) {
      const summands = separate(atoms, form, problem, (name) => atoms.input(name));
      bound(atoms, summands, sideOf, { lo, hi }, `entry ${at} of node ${node}`);
    }
    known.set(problem, solved.add(signature));
    return [at, { target, lo, hi }];
  });
  return { kind: 'within', domain, node, entries: new Map(proved) };
};

/** An entry as a form, the number of its column, and what stands in its form and in its target for names of inputs. */
interface Placed {
  readonly form: Form;
  readonly column: number;
  readonly cells: ReadonlyMap<string, string>;
}

function entriesOf(session: Session, node: number): (at: number) => Placed {
  const forms = session.value(node);
  return (at) => ({ form: entry(forms, at), column: at, cells: new Map() });
}

/** Entries by rows of `of`, whose entries must be inputs: rows differ in their names alone, and those of a row stand for them. */
function entriesByRow(session: Session, of: number, node: number): (at: number) => Placed {
  const [source, row] = [session.value(of), session.row(of, node)];
  const width = sizeOf(source.shape.slice(1));
  return (at) => {
    const first = Math.floor(at / row.length) * width;
    const cells = Array.from({ length: width }, (_, j) => {
      const name = session.atoms.nameOf(entry(source, first + j));
      return [name, placeName(of, j)] as const;
    });
    return { form: row[at % row.length], column: at % row.length, cells: new Map(cells) };
  };
}

/** One summand of entry - target: a function of some inputs, which no other summand has. */
export interface Summand {
  readonly inputs: ReadonlySet<string>;
  readonly form: Form;
  readonly smooth: Smooth;
}

/** Splits form - target; `input` gives the form of a variable of the target. */
export function separate(atoms: Atoms, form: Form, target: Expression, input: (name: string) => Form): Summand[] {
  const linear: Form[] = [];
  const smooth: (readonly [Fraction, Expression])[] = [];
  const visit = (e: Expression, factor: Fraction): void => {
    if (e.kind === 'sum') {
      for (const arg of e.args) visit(arg, factor);
      return;
    }
    if (e.kind === 'product') {
      const rest = e.args.filter((arg) => arg.kind !== 'number');
      const numbers = e.args.flatMap((arg) => (arg.kind === 'number' ? [arg.value] : []));
      if (rest.length === 1) {
        visit(
          rest[0],
          numbers.reduce((product, value) => product.mul(value), factor),
        );
        return;
      }
    }
    const exact = formOf(e, atoms, input);
    if (exact) linear.push(combine([[exact, factor]]));
    else smooth.push([factor, e]);
  };
  visit(target, Fraction.one);
  return grouped(atoms, linear.reduce(difference, form), smooth);
}

/** The sum of a piecewise linear form less smooth terms, by the inputs that they depend on. */
export function grouped(atoms: Atoms, { constant, terms }: Form, smooth: Smooth): Summand[] {
  const isLinear = [...terms.keys()].every((atom) => atoms.isPiecewiseLinear(atom));
  demandShown(isLinear, 'a product or softmax is not piecewise linear');
  const sets = [...[...terms.keys()].map((atom) => atoms.inputsOf(atom)), ...smooth.map(([, e]) => variablesOf(e))];
  const groupOf = groups(sets);
  const found = new Map<ReadonlySet<string>, { terms: Map<number, Fraction>; smooth: Smooth[number][] }>();
  const summand = (inputs: ReadonlySet<string>) => {
    const group = groupOf(inputs);
    const known = found.get(group) ?? { terms: new Map<number, Fraction>(), smooth: [] as Smooth[number][] };
    found.set(group, known);
    return known;
  };
  for (const [atom, factor] of terms) summand(atoms.inputsOf(atom)).terms.set(atom, factor);
  for (const part of smooth) summand(variablesOf(part[1])).smooth.push(part);
  const parts = [...found].map(([inputs, part]): Summand => {
    return { inputs, form: { constant: Fraction.zero, terms: part.terms }, smooth: part.smooth };
  });
  return constant.isZero ? parts : [{ inputs: new Set(), form: constantForm(constant), smooth: [] }, ...parts];
}

/** The union of all sets that hang together with a given one by common members. */
function groups(sets: readonly ReadonlySet<string>[]): (set: ReadonlySet<string>) => ReadonlySet<string> {
  const groupOf = new Map<string, Set<string>>();
  for (const set of sets) {
    const joined = new Set([...set].map((name) => groupOf.get(name)).filter((group) => group !== undefined));
    const [largest = new Set<string>(), ...others] = [...joined].sort((a, b) => b.size - a.size);
    for (const name of [...set, ...others.flatMap((group) => [...group])]) {
      spend(10);
      groupOf.set(name, largest.add(name));
    }
  }
  return (set) => [...set].map((name) => groupOf.get(name)!)[0] ?? NOTHING;
}

const NOTHING: ReadonlySet<string> = new Set();
const HALVINGS = 40;

/** The interval that a variable ranges over. */
type Sides = (variable: string) => Side;

/** Demands that lo <= the sum of the summands <= hi over the box; in place of <= stands < where it is strict. */
export function bound(
  atoms: Atoms,
  summands: readonly Summand[],
  sideOf: Sides,
  { lo, hi, strict = false }: { readonly lo?: Fraction; readonly hi?: Fraction; readonly strict?: boolean },
  what: string,
) {
  const gaps = gapsOf(atoms, summands, sideOf);
  const fits = (a: Fraction, b: Fraction) => (strict ? a.lt(b) : a.le(b));
  for (const [sign, limit] of [[1, hi] as const, [-1, lo?.neg()] as const]) {
    if (limit === undefined) continue;
    let tolerance: Fraction | null = null;
    for (let round = 0; ; round++) {
      const { below, above } = total(gaps, sign, tolerance, gaps.length === 1 && !strict ? limit : null);
      if (fits(above, limit)) break;
      demand(fits(below, limit), () => `${what} misses its target by more than ${limit}`);
      demandShown(round < HALVINGS, `${what} could not be held within ${limit} of its target`);
      tolerance = (tolerance ?? above.sub(below)).mul(Fraction.of(1, 4n));
    }
  }
}

/** Bounds of the sum of the summands over the domain, mostly at most a 32nd larger than need be. */
export function enclose(session: Session, summands: readonly Summand[], domain: Domain): Side {
  const gaps = gapsOf(session.atoms, summands, (name) => session.sideOf(name, domain));
  const [lo, hi] = ([-1, 1] as const).map((sign) => {
    let tolerance: Fraction | null = null;
    for (let round = 0; ; round++) {
      const { below, above } = total(gaps, sign, tolerance);
      const slack = above.sub(below);
      if (round === ROUNDS || slack.le(above.abs().mul(SHARP).max(FINE))) return signed(sign, above);
      tolerance = slack.mul(Fraction.of(1, 4n));
    }
  });
  return { lo, hi };
}

const ROUNDS = 6;
const SHARP = Fraction.of(1, 32n);
const FINE = Fraction.of(1, 1n << 64n);

function gapsOf(atoms: Atoms, summands: readonly Summand[], sideOf: Sides): (readonly Region[])[] {
  return summands.map(({ inputs, form, smooth }) => {
    const names = [...inputs];
    if (names.length > 1) {
      const box = new Map(names.map((name) => [name, sideOf(name)]));
      return gapsOn(affineSimplices(atoms, form, box), names, smooth);
    }
    const side = names.length === 0 ? ORIGIN : sideOf(names[0]);
    const corners = curveOf(atoms, form, side).map(([x, value]) => ({ x: [x], value }));
    return gapsOn(
      corners.slice(1).map((to, k) => [corners[k], to]),
      names,
      smooth,
    );
  });
}

/** Bounds of the supremum of sign times a sum of functions of different inputs. */
function total(
  gaps: readonly (readonly Region[])[],
  sign: 1 | -1,
  tolerance: Fraction | null,
  enough: Fraction | null = null,
) {
  const parts = gaps.map((gap) => supremum(gap, sign, tolerance, enough));
  const sum = (ends: readonly Fraction[]) => ends.reduce((a, b) => a.add(b), Fraction.zero);
  return { below: sum(parts.map(({ lo }) => lo)), above: sum(parts.map(({ hi }) => hi)) };
}
