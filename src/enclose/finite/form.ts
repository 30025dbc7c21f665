import { doubleIntervals as A } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import type { Rational } from '../../numbers/rational.js';

/**
 * A number that a network computes from a sequence of tokens: constant + sum of what each token adds by its value + sum of
 * coefficient times atom. Tables and coefficients are intervals that contain the exact numbers.
 */
export interface Form {
  readonly constant: Interval;
  /** For each token that matters, what it adds, by the place of its value in the token's alphabet. */
  readonly tables: ReadonlyMap<number, readonly Interval[]>;
  readonly atoms: ReadonlyMap<Atom, Interval>;
  /** How far the number may be from that, where it is what a device computes; 0 for exact ones. */
  readonly error: number;
}

/** What is no sum of functions of single tokens: an operation on forms, or one entry of what it gives. */
export interface Atom {
  readonly op: AtomOp;
  readonly args: readonly Form[];
  /** Which entry, of operations on vectors. Atoms of one vector share `args`. */
  readonly index: number;
  readonly parameter: AtomParameter;
}

export type AtomOp =
  | 'mul'
  | 'dot'
  | 'quotient'
  /** A quotient of sums over tokens that stands for a mean by a softmax. */
  | 'mean'
  | 'relu'
  | 'min'
  | 'max'
  | 'apply'
  | 'power'
  | 'normalise'
  | 'softmax'
  /** A share of a softmax whose powers are the args but the last, which is their sum. */
  | 'share';

export type AtomParameter = string | number | Rational | null;

const NO_TABLES: ReadonlyMap<number, readonly Interval[]> = new Map();
const NO_ATOMS: ReadonlyMap<Atom, Interval> = new Map();

export const ZERO: Form = { constant: A.zero, tables: NO_TABLES, atoms: NO_ATOMS, error: 0 };

export function constantForm(constant: Interval): Form {
  return isZeroInterval(constant) ? ZERO : { ...ZERO, constant };
}

/** What one token says alone; a constant where it says the same whatever its value. */
export function tableForm(token: number, table: readonly Interval[]): Form {
  const [first] = table;
  if (table.every(({ lo, hi, mark }) => lo === first.lo && hi === first.hi && mark === first.mark))
    return constantForm(first);
  return { ...ZERO, tables: new Map([[token, table]]) };
}

export function atomForm(op: AtomOp, args: readonly Form[], parameter: AtomParameter = null, index = 0): Form {
  return { ...ZERO, atoms: new Map([[{ op, args, index, parameter }, A.one]]) };
}

export function isConstant({ tables, atoms }: Form): boolean {
  return tables.size === 0 && atoms.size === 0;
}

export function isZero(form: Form): boolean {
  return isConstant(form) && isZeroInterval(form.constant);
}

function isZeroInterval({ lo, hi, mark }: Interval): boolean {
  return lo === 0 && hi === 0 && mark === 0;
}

/** The only token that forms without atoms depend on; null where they depend on none, undefined where on several. */
export function soleToken(forms: readonly Form[]): number | null | undefined {
  let found: number | null = null;
  for (const { tables, atoms, error } of forms) {
    if (atoms.size > 0 || tables.size > 1 || error > 0) return undefined;
    for (const token of tables.keys()) {
      if (found !== null && found !== token) return undefined;
      found = token;
    }
  }
  return found;
}

/** The value of a form of one token where that has its k-th value. */
export function valueAt({ constant, tables }: Form, k: number): Interval {
  for (const table of tables.values()) return isZeroInterval(constant) ? table[k] : A.add(constant, table[k]);
  return constant;
}

/** A function of forms of one token, or of none, value by value; null where they depend on several. */
export function tabulated(
  forms: readonly Form[],
  fn: (values: readonly Interval[]) => readonly Interval[],
): readonly Form[] | null {
  const token = soleToken(forms);
  if (token === undefined) return null;
  if (token === null) return fn(forms.map(({ constant }) => constant)).map(constantForm);
  const size = sizeOfTable(forms, token);
  const rows = Array.from({ length: size }, (_, k) => fn(forms.map((form) => valueAt(form, k))));
  return rows[0].map((_, i) =>
    tableForm(
      token,
      rows.map((row) => row[i]),
    ),
  );
}

function sizeOfTable(forms: readonly Form[], token: number): number {
  for (const { tables } of forms) {
    const table = tables.get(token);
    if (table) return table.length;
  }
  return 0;
}

/** sum of factor times form. */
export function combine(parts: readonly (readonly [Form, Interval])[]): Form {
  if (parts.length === 1 && parts[0][1] === A.one) return parts[0][0];
  const constants: Interval[] = [];
  const tables = new Map<number, readonly Interval[]>();
  const atoms = new Map<Atom, Interval>();
  let errors = A.zero;
  for (const [form, factor] of parts) {
    if (isZeroInterval(factor)) continue;
    const scale = (x: Interval): Interval => (factor === A.one ? x : A.mul(factor, x));
    if (!isZeroInterval(form.constant)) constants.push(scale(form.constant));
    for (const [token, table] of form.tables) {
      const known = tables.get(token);
      tables.set(
        token,
        known ? known.map((x, k) => A.add(x, scale(table[k]))) : factor === A.one ? table : table.map(scale),
      );
    }
    if (form.error > 0) errors = A.add(errors, A.mul(A.abs(factor), A.fromDoubles(form.error, form.error)));
    for (const [atom, coefficient] of form.atoms) {
      const known = atoms.get(atom);
      atoms.set(atom, known ? A.add(known, scale(coefficient)) : scale(coefficient));
    }
  }
  for (const [atom, coefficient] of atoms) if (isZeroInterval(coefficient)) atoms.delete(atom);
  return simplified({ constant: A.sum(constants), tables, atoms, error: errors.hi });
}

/** Tables that do not depend on the value are part of the constant. */
function simplified({ constant, tables, atoms, error }: Form): Form {
  let total = constant;
  const kept = new Map<number, readonly Interval[]>();
  for (const [token, table] of tables) {
    const form = tableForm(token, table);
    if (form.tables.size === 0) total = A.add(total, form.constant);
    else kept.set(token, table);
  }
  return withError({ constant: total, tables: kept, atoms, error: 0 }, error);
}

/** The form when what it stands for may be off by so much more. */
export function withError(form: Form, error: number): Form {
  if (error === 0) return form;
  const total = A.add(A.fromDoubles(form.error, form.error), A.fromDoubles(error, error)).hi;
  if (!isConstant(form)) return { ...form, error: total };
  return constantForm(A.add(form.constant, A.fromDoubles(-total, total)));
}

/** The least interval around a table. */
export function hullOf(table: readonly Interval[]): Interval {
  return table.reduce((a, b) => A.hull(a, b));
}
