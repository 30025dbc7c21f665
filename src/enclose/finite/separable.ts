import { type Algebra, UnsupportedOperation } from '../../evaluate/algebra.js';
import { intervals } from '../../evaluate/intervals.js';
import { doubleIntervals as A } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import type { Rational } from '../../numbers/rational.js';
import {
  type Atom,
  atomForm,
  combine,
  constantForm,
  type Form,
  isConstant,
  isZero,
  soleToken,
  tabulated,
  ZERO,
} from './form.js';

const I = intervals(A);

/**
 * A network on sequences of tokens, as forms: functions of one token are tables, sums of them stay apart token by token,
 * and what mixes tokens in another way is an atom whose arguments are forms.
 *
 * Softmax over keys of one token each: its powers E_p are tables, a mean by it is N/Z with N = sum_p E_p v_p and
 * Z = sum_p E_p, both sums over tokens. So a layer of attention asks for two sums, whatever the length of the sequence.
 */
export const separable: Algebra<Form> = {
  name: 'sums over tokens',
  zero: ZERO,
  of: (value) => constantForm(A.of(value)),
  add: (a, b) =>
    isZero(b)
      ? a
      : isZero(a)
        ? b
        : combine([
            [a, A.one],
            [b, A.one],
          ]),
  sub: (a, b) =>
    isZero(b)
      ? a
      : combine([
          [a, A.one],
          [b, MINUS],
        ]),
  mul,
  min: (a, b) => lattice('min', a, b),
  max: (a, b) => lattice('max', a, b),
  relu: (a) => single(a, I.relu) ?? atomForm('relu', [a]),
  div: (a, b) => {
    if (isConstant(b)) return combine([[a, A.div(A.one, b.constant)]]);
    return tabulated([a, b], ([x, y]) => [A.div(x, y)])?.[0] ?? atomForm('quotient', [a, b]);
  },
  apply: (fn, a) => single(a, (x) => I.apply(fn, x)) ?? atomForm('apply', [a], fn),
  power: (a, exponent) => single(a, (x) => I.power(x, exponent)) ?? atomForm('power', [a], exponent),
  normalise: (x, epsilon) => vector('normalise', x, epsilon, (values) => I.normalise(values, epsilon)),
  argmax: () => {
    throw new UnsupportedOperation('the index of a largest entry as a sum over tokens');
  },
  dot,
  sum: (terms) => combine(terms.map((term) => [term, A.one])),
  softmax,
};

const MINUS = A.fromDoubles(-1, -1);

function single(a: Form, fn: (x: Interval) => Interval): Form | undefined {
  return tabulated([a], ([x]) => [fn(x)])?.[0];
}

function lattice(op: 'min' | 'max', a: Form, b: Form): Form {
  return tabulated([a, b], ([x, y]) => [A[op](x, y)])?.[0] ?? atomForm(op, [a, b]);
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

function mul(a: Form, b: Form): Form {
  if (isZero(a) || isZero(b)) return ZERO;
  if (isConstant(a)) return combine([[b, a.constant]]);
  if (isConstant(b)) return combine([[a, b.constant]]);
  return tabulated([a, b], ([x, y]) => [A.mul(x, y)])?.[0] ?? atomForm('mul', [a, b]);
}

function dot(a: readonly Form[], b: readonly Form[]): Form {
  const used = a.flatMap((x, k) => (isZero(x) || isZero(b[k]) ? [] : [k]));
  const [left, right] = [used.map((k) => a[k]), used.map((k) => b[k])];
  const n = used.length;
  const together = tabulated([...left, ...right], (values) => [A.dot(values.slice(0, n), values.slice(n))]);
  if (together) return together[0];
  const linear: (readonly [Form, Interval])[] = [];
  const means = new Map<readonly Form[], (readonly [Form, Interval])[]>();
  const rest: [Form[], Form[]] = [[], []];
  left.forEach((x, k) => {
    const y = right[k];
    const mean = meanTerm(x, y) ?? meanTerm(y, x);
    if (mean) {
      const terms = means.get(mean.powers);
      if (terms) terms.push([mean.term, A.one]);
      else means.set(mean.powers, [[mean.term, A.one]]);
    } else if (isConstant(x)) linear.push([y, x.constant]);
    else if (isConstant(y)) linear.push([x, y.constant]);
    else {
      const product = tabulated([x, y], ([p, q]) => [A.mul(p, q)]);
      if (product) linear.push([product[0], A.one]);
      else {
        rest[0].push(x);
        rest[1].push(y);
      }
    }
  });
  for (const [powers, terms] of means) linear.push([atomForm('quotient', [combine(terms), powers.at(-1)!]), A.one]);
  if (rest[0].length > 0) linear.push([atomForm('dot', [...rest[0], ...rest[1]]), A.one]);
  return combine(linear);
}

/** E_p v, when x is the share of E_p and v depends on no token but that of E_p. */
function meanTerm(x: Form, v: Form): { readonly powers: readonly Form[]; readonly term: Form } | null {
  const share = shareOf(x);
  if (!share) return null;
  const term = tabulated([share.args[share.index], v], ([p, q]) => [A.mul(p, q)]);
  return term && { powers: share.args, term: term[0] };
}

function shareOf({ constant, tables, atoms }: Form): Atom | null {
  if (atoms.size !== 1 || tables.size > 0 || constant.lo !== 0 || constant.hi !== 0) return null;
  const [[atom, coefficient]] = atoms;
  return atom.op === 'share' && coefficient === A.one ? atom : null;
}

/** exp(z_p - c) with one c for all; the shares do not depend on c. */
function softmax(z: readonly Form[]): readonly Form[] {
  const isSimple = z.every((logit) => soleToken([logit]) !== undefined);
  if (!isSimple || soleToken(z) !== undefined) return vector('softmax', z, null, I.softmax);
  const top = A.fromDoubles(largest(z), largest(z));
  const powers = z.map((logit) => single(logit, (x) => A.exp(A.sub(x, top)))!);
  const args = [...powers, combine(powers.map((power) => [power, A.one]))];
  return powers.map((_, index) => atomForm('share', args, null, index));
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
