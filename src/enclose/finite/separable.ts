import { type Algebra, UnsupportedOperation } from '../../evaluate/algebra.js';
import { doubleIntervals as A } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import type { Rational } from '../../numbers/rational.js';
import {
  type Atom,
  atomForm,
  combine,
  constantForm,
  type Form,
  hullOf,
  isConstant,
  isZero,
  soleToken,
  tabulated,
  withError,
  ZERO,
} from './form.js';
import { operate } from './operate.js';
import { type Arithmetic, EXACT } from './rounding.js';

/**
 * A network on sequences of tokens, as forms: functions of one token are tables, sums of them stay apart token by token,
 * and what mixes tokens in another way is an atom whose arguments are forms.
 *
 * Softmax over keys of one token each: its powers E_p are tables, a mean by it is N/Z with N = sum_p E_p v_p and
 * Z = sum_p E_p, both sums over tokens. So a layer of attention asks for two sums, whatever the length of the sequence.
 *
 * With an arithmetic that rounds, tables hold what a device may compute, and forms carry how far sums may be off.
 */
export function separable(arithmetic: Arithmetic = EXACT): Algebra<Form> {
  const { numbers: I } = arithmetic;
  const isExact = arithmetic === EXACT;
  const ranges = new WeakMap<Atom, Interval>();
  const vectors = new WeakMap<readonly Form[], readonly Interval[]>();
  const bounds = new WeakMap<Atom, Interval>();
  const moved = new WeakMap<readonly Form[], number>();

  /** Where a form lies over the whole domain. */
  function rangeOf({ constant, tables, atoms, error }: Form): Interval {
    let total = A.add(constant, A.fromDoubles(-error, error));
    for (const table of tables.values()) total = A.add(total, hullOf(table));
    for (const [atom, coefficient] of atoms) total = A.add(total, A.mul(coefficient, rangeOfAtom(atom)));
    return total;
  }

  function rangeOfAtom(atom: Atom): Interval {
    const known = ranges.get(atom);
    if (known) return known;
    const found = operate(atom, rangeOf, I, vectors);
    const bound = bounds.get(atom);
    const range = bound ? A.intersect(found, bound) : found;
    ranges.set(atom, range);
    return range;
  }

  function sizeOf(form: Form): number {
    return A.abs(rangeOf(form)).hi;
  }

  /** sum of factor times form, as a device adds it. */
  function linear(parts: readonly (readonly [Form, Interval])[]): Form {
    const form = combine(parts);
    const isPlain = parts.length < 2 && parts.every(([, { lo, hi }]) => lo === hi && Math.abs(lo) === 1);
    if (isExact || isPlain) return form;
    let size = A.zero;
    for (const [part, factor] of parts) size = A.add(size, A.mul(A.abs(factor), A.fromDoubles(0, sizeOf(part))));
    return withError(form, arithmetic.sumError(parts.length, size.hi));
  }

  function single(a: Form, fn: (x: Interval) => Interval): Form | undefined {
    return tabulated([a], ([x]) => [fn(x)])?.[0];
  }

  function pair(a: Form, b: Form, fn: (x: Interval, y: Interval) => Interval): Form | undefined {
    return tabulated([a, b], ([x, y]) => [fn(x, y)])?.[0];
  }

  function vector(
    op: 'normalise' | 'softmax',
    x: readonly Form[],
    parameter: Rational | null,
    fn: (values: readonly Interval[]) => readonly Interval[],
  ): readonly Form[] {
    const args = [...x];
    return tabulated(args, fn) ?? args.map((_, index) => atomForm(op, args, parameter, index));
  }

  function sumOf(a: Form, b: Form, sign: Interval, fn: (x: Interval, y: Interval) => Interval): Form {
    const whole = isExact ? undefined : pair(a, b, fn);
    return (
      whole ??
      linear([
        [a, A.one],
        [b, sign],
      ])
    );
  }

  function mul(a: Form, b: Form): Form {
    if (isZero(a) || isZero(b)) return ZERO;
    const product = pair(a, b, I.mul);
    if (product) return product;
    if (isConstant(a)) return linear([[b, a.constant]]);
    if (isConstant(b)) return linear([[a, b.constant]]);
    return atomForm('mul', [a, b]);
  }

  function dot(a: readonly Form[], b: readonly Form[]): Form {
    const used = a.flatMap((x, k) => (isZero(x) || isZero(b[k]) ? [] : [k]));
    const [left, right] = [used.map((k) => a[k]), used.map((k) => b[k])];
    const n = used.length;
    const together = tabulated([...left, ...right], (values) => [I.dot(values.slice(0, n), values.slice(n))]);
    if (together) return together[0];
    const sums: (readonly [Form, Interval])[] = [];
    const means = new Map<readonly Form[], { readonly terms: Form[]; readonly values: Form[] }>();
    const rest: [Form[], Form[]] = [[], []];
    left.forEach((x, k) => {
      const y = right[k];
      const mean = meanTerm(x, y) ?? meanTerm(y, x);
      if (mean) {
        const known = means.get(mean.powers) ?? { terms: [], values: [] };
        known.terms.push(mean.term);
        known.values.push(mean.value);
        means.set(mean.powers, known);
      } else if (isConstant(x)) sums.push([y, x.constant]);
      else if (isConstant(y)) sums.push([x, y.constant]);
      else {
        const product = tabulated([x, y], ([p, q]) => [A.mul(p, q)]);
        if (product) sums.push([product[0], A.one]);
        else {
          rest[0].push(x);
          rest[1].push(y);
        }
      }
    });
    for (const [powers, { terms, values }] of means) sums.push([meanOf(powers, terms, values), A.one]);
    if (rest[0].length > 0) sums.push([atomForm('dot', [...rest[0], ...rest[1]]), A.one]);
    if (sums.length === 1 && sums[0][1] === A.one) return sums[0][0];
    // What a device adds up in any order is bounded term by term.
    const isMixed = !isExact && (means.size > 0 || rest[0].length > 0);
    return isMixed ? atomForm('dot', [...left, ...right]) : linear(sums);
  }

  /** N/Z, which lies among the values and 0. */
  function meanOf(powers: readonly Form[], terms: readonly Form[], values: readonly Form[]): Form {
    const form = atomForm('mean', [combine(terms.map((term) => [term, A.one])), powers.at(-1)!]);
    const [[atom]] = form.atoms;
    const hull = values.map(rangeOf).reduce(A.hull, A.zero);
    bounds.set(atom, hull);
    return isExact
      ? form
      : withError(form, arithmetic.meanError(powers.length - 1, moved.get(powers)!, A.abs(hull).hi));
  }

  /** exp(z_p - c) with one c for all; the shares do not depend on c. */
  function softmax(z: readonly Form[]): readonly Form[] {
    const isSimple = z.every((logit) => soleToken([logit]) !== undefined);
    if (!isSimple || soleToken(z) !== undefined) return vector('softmax', z, null, I.softmax);
    const top = A.fromDoubles(largest(z), largest(z));
    const powers = z.map((logit) => single(logit, (x) => A.exp(A.sub(x, top)))!);
    const args = [...powers, combine(powers.map((power) => [power, A.one]))];
    moved.set(args, weightedDistance(z.map(rangeOf)));
    return powers.map((_, index) => atomForm('share', args, null, index));
  }

  return {
    name: 'sums over tokens',
    zero: ZERO,
    of: (value) => constantForm(I.of(value)),
    add: (a, b) => (isZero(b) ? a : isZero(a) ? b : sumOf(a, b, A.one, I.add)),
    sub: (a, b) => (isZero(b) ? a : sumOf(a, b, MINUS, I.sub)),
    mul,
    min: (a, b) => pair(a, b, I.min) ?? atomForm('min', [a, b]),
    max: (a, b) => pair(a, b, I.max) ?? atomForm('max', [a, b]),
    relu: (a) => single(a, I.relu) ?? atomForm('relu', [a]),
    div: (a, b) => {
      const quotient = pair(a, b, I.div);
      if (quotient) return quotient;
      return isExact && isConstant(b) ? combine([[a, A.div(A.one, b.constant)]]) : atomForm('quotient', [a, b]);
    },
    apply: (fn, a) => single(a, (x) => I.apply(fn, x)) ?? atomForm('apply', [a], fn),
    power: (a, exponent) => single(a, (x) => I.power(x, exponent)) ?? atomForm('power', [a], exponent),
    normalise: (x, epsilon) => vector('normalise', x, epsilon, (values) => I.normalise(values, epsilon)),
    argmax: () => {
      throw new UnsupportedOperation('the index of a largest entry as a sum over tokens');
    },
    dot,
    sum: (terms) =>
      (isExact ? undefined : tabulated(terms, (values) => [I.sum(values)])?.[0]) ??
      linear(terms.map((term) => [term, A.one])),
    softmax,
  };
}

const MINUS = A.fromDoubles(-1, -1);

/** E_p v, when x is the share of E_p and v depends on no token but that of E_p. */
function meanTerm(
  x: Form,
  v: Form,
): { readonly powers: readonly Form[]; readonly term: Form; readonly value: Form } | null {
  const share = shareOf(x);
  if (!share) return null;
  const term = tabulated([share.args[share.index], v], ([p, q]) => [A.mul(p, q)]);
  return term && { powers: share.args, term: term[0], value: v };
}

function shareOf({ constant, tables, atoms }: Form): Atom | null {
  if (atoms.size !== 1 || tables.size > 0 || constant.lo !== 0 || constant.hi !== 0) return null;
  const [[atom, coefficient]] = atoms;
  return atom.op === 'share' && coefficient === A.one ? atom : null;
}

/** At least sum_p s_p d_p, s_p <= e^(-d_p) the shares and d_p how far the logits lie below the largest. */
function weightedDistance(z: readonly Interval[]): number {
  const least = z.reduce((most, { lo }) => Math.max(most, lo), Number.NEGATIVE_INFINITY);
  const most = z.reduce((top, { hi }) => Math.max(top, hi), Number.NEGATIVE_INFINITY);
  let total = A.zero;
  for (const { lo, hi } of z) {
    const distance = A.hull(A.sub(point(least), point(hi)), A.sub(point(most), point(lo)));
    // d e^(-d) rises up to d = 1 and falls from there.
    const d = A.min(A.max(point(distance.hi), A.zero), A.max(A.one, point(distance.lo)));
    total = A.add(total, A.mul(d, A.exp(A.neg(d))));
  }
  return total.hi;
}

function point(x: number): Interval {
  return A.fromDoubles(x, x);
}

function largest(z: readonly Form[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const { constant, tables } of z) {
    let own = 0;
    for (const table of tables.values()) own = table.reduce((a, { hi }) => Math.max(a, hi), Number.NEGATIVE_INFINITY);
    most = Math.max(most, constant.hi + own);
  }
  return Number.isFinite(most) ? most : 0;
}
