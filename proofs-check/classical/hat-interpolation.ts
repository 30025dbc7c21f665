import {
  hatInterpolation,
  hatParameters,
  type Interpolation,
  roundingOfValues,
} from '../../constructions/hat-interpolation.js';
import {
  DomainError,
  differentiate,
  domain,
  errorSentence,
  InputError,
  integer,
  type Limit,
  lipschitzConstant,
  type ProvedClaim,
  parameterClaim,
  parseExpression,
  placed,
  proveRange,
  proveSupNorm,
  Rational,
  rangeContainedSentence,
  rational,
  type SupNormTarget,
  supNorm,
  type Theorem,
  text,
  toDecimal,
  Unfinished,
  type ValuesOf,
  valueBounds,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  f: text('the function', 'an expression in x'),
  a: rational('left end of the interval'),
  b: rational('right end of the interval, above a'),
  N: integer('number of equal pieces', { min: 1, max: 1 << 14 }),
};

type Params = ValuesOf<typeof parameters>;
type HatClaim = ProvedClaim<Params, Interpolation, readonly Bound[]>;

const TWO = Rational.of(2);

function targetOf({ f, a, b }: Interpolation): SupNormTarget {
  return { output: 'y', f, variables: ['x'], side: [a, b] };
}

/** A number of the theorem between its ends, which rounding keeps apart. */
interface Bound extends Limit {
  readonly text: string;
}

/** L (b - a)/(2N) and max|f''| (b - a)^2/(8 N^2); absent where f has no such constant. */
function theoremBounds({ f, a, b, N }: Interpolation): Bound[] {
  const width = b.sub(a).div(Rational.of(N));
  const bounds: Bound[] = [];
  const add = (text: string, constant: Limit | null, factor: Rational) => {
    if (constant) bounds.push({ text, lower: constant.lower.mul(factor), upper: constant.upper.mul(factor) });
  };
  add('L (b-a)/(2N)', slope(f, a, b), width.div(TWO));
  add("max|f''| (b-a)^2/(8 N^2)", curvature({ f, a, b, N }), width.pow(2).div(Rational.of(8)));
  return bounds;
}

function slope(f: Interpolation['f'], a: Rational, b: Rational): Limit | null {
  return orNull(() => lipschitzConstant(f, new Map([['x', { lo: a, hi: b }]])));
}

function curvature({ f, a, b }: Interpolation): Limit | null {
  return orNull(() => {
    const second = differentiate(differentiate(f, 'x'), 'x');
    const { lo, hi } = supNorm(second, domain([{ variable: 'x', lo: a, hi: b }]), {
      relativeWidth: Rational.of(1, 10 ** 12),
      mostBoxes: 500,
    });
    return hi && { lower: lo.max(Rational.zero), upper: hi };
  });
}

/** Null where f or a derivative is undefined or unbounded. */
function orNull<T>(value: () => T): T | null {
  try {
    return value();
  } catch (error) {
    if (error instanceof DomainError || error instanceof InputError || error instanceof RangeError) return null;
    if (error instanceof Unfinished) return null;
    throw error;
  }
}

/** A number with its digits, or the two ends that it lies between. */
function ends(lower: Rational, upper: Rational): string {
  const [down, up] = [toDecimal(lower, 6, 'down'), toDecimal(upper, 6, 'up')];
  return down === up ? `= ${down}` : `in [${down}, ${up}]`;
}

const error: HatClaim = {
  id: 'error',
  kind: 'bound',
  statement:
    "sup |f - fhat| is at most L (b-a)/(2N), and at most max|f''| (b-a)^2/(8 N^2) for f in C^2, but for the rounding of " +
    'values of f, at most 2^-52 of the largest',
  limit: ({ examined, design }) => {
    if (examined.length === 0) return null;
    const [lower, upper] = (['lower', 'upper'] as const).map((end) =>
      examined.map((bound) => bound[end]).reduce((a, b) => a.min(b)),
    );
    const rounding = roundingOfValues(design);
    return { lower: lower.add(rounding), upper: upper.add(rounding) };
  },
  says: ({ network, design }, bound) => errorSentence(network, targetOf(design), bound),
  prove: (audit) => {
    const { network, design, bound, examined, deadline, progress } = audit;
    const rounding = roundingOfValues(design);
    const stop = { deadline, progress: (boxes: number) => progress('bounding the error', boxes) };
    const { outcomes, supremum } = proveSupNorm(network, targetOf(design), bound, stop);
    if (!supremum.hi && supremum.stopped !== 'time') throw unbounded(audit.params, supremum.witness[0]);
    return {
      outcomes,
      method: `knots and pieces, ${supremum.boxes} boxes, ${supremum.arithmetic} (${supremum.stopped})`,
      notes: [
        ...examined.map(({ text, lower, upper }) => `${text} ${ends(lower, upper)}`),
        ...(rounding.isZero() ? [] : [`values of f are rounded, by ${toDecimal(rounding, 3, 'up')} at most`]),
        ...(bound ? [] : ['f has no Lipschitz constant on [a, b]: state a bound under claims.error.bound']),
      ],
    };
  },
};

/** However small the boxes, no bound was found: a pole, most likely. */
function unbounded({ f }: Params, near: Rational): InputError {
  const place = `x = ${toDecimal(near, 6, 'nearest')}`;
  const found = `${f.text}, which is undefined or unbounded near ${place}, or beyond what is computed here`;
  return new InputError({ field: 'f', ...f.place, found, allowed: 'f that is defined on all of [a, b]' });
}

const range: HatClaim = {
  id: 'range',
  kind: 'bound',
  statement: 'fhat stays within [min f, max f]',
  says: ({ network, design }) => rangeContainedSentence(network, targetOf(design)),
  prove: ({ network, design, deadline }) => ({
    outcomes: proveRange(network, targetOf(design), { deadline, doubt: roundingOfValues(design) }),
    method: 'exact knots',
  }),
};

/** max(1, |a|, |b|, |f(a)|, 2L) between two ends. */
function largestWeight({ f, a, b, N }: Interpolation): Limit | null {
  const L = slope(f, a, b);
  if (!L) return null;
  const { lo, hi } = valueBounds(f, new Map([['x', a]]));
  const least = [Rational.one, a.abs(), b.abs(), lo, hi.neg()];
  const above = (from: readonly Rational[], slope: Rational) => from.reduce((x, y) => x.max(y), slope.mul(TWO));
  const rounding = roundingOfValues({ f, a, b, N });
  const steeper = rounding.mul(TWO).mul(Rational.of(N)).div(b.sub(a));
  const most = [...least, rounding.sub(lo), hi.add(rounding)];
  return { lower: above(least, L.lower), upper: above(most, L.upper.add(steeper)) };
}

const theorem: Theorem<typeof parameters, Interpolation, readonly Bound[]> = {
  id: 'hat-interpolation',
  summary: "N ReLUs interpolate f on N equal pieces, with error L (b-a)/(2N) or max|f''| (b-a)^2/(8 N^2)",
  statement:
    'Let fhat be the piecewise linear interpolant of f on N equal pieces of [a, b]. It is a net with one hidden layer ' +
    'of N ReLUs, it stays within [min f, max f], and sup |f - fhat| <= L (b-a)/(2N) for f with Lipschitz constant L, ' +
    "<= max|f''| (b-a)^2/(8 N^2) for f in C^2; the last bound is attained by f = x^2.",
  source: { paper: 'textbook', theorem: 'error of linear interpolation', trust: 'proved' },
  parameters,
  construct: ({ f, a, b, N }) => {
    if (b.le(a)) throw new InputError({ field: 'b', found: `b = ${b} with a = ${a}`, allowed: 'a < b' });
    return placed(f.place, () => hatInterpolation({ f: parseExpression(f.text, ['x']), a, b, N }));
  },
  claims: [
    error,
    range,
    parameterClaim('3N + 1', ({ N }) => Rational.of(hatParameters(N))),
    weightClaim(
      'max(1, |a|, |b|, |f(a)|, 2L)',
      (_, design) => largestWeight(design)?.lower ?? null,
      (_, design) => largestWeight(design)?.upper ?? null,
    ),
  ],
  examine: ({ design }) => theoremBounds(design),
  inputs: ({ a, b }) => ({ lo: a, hi: b }),
  rates: [
    {
      quantity: 'error',
      against: 'N',
      exponent: '-2',
      formula: () => 'K*(b - a)^2/(8*N^2)',
      constants: ['K'],
      applies: ({ f, ...rest }) => curvature({ f: parseExpression(f.text, ['x']), ...rest }) !== null,
    },
    {
      quantity: 'error',
      against: 'N',
      exponent: '-1',
      formula: () => 'L*(b - a)/(2*N)',
      constants: ['L'],
      applies: ({ f, a, b }) => slope(parseExpression(f.text, ['x']), a, b) !== null,
    },
  ],
};

export default theorem;
