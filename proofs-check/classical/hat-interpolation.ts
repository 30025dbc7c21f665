import {
  hatInterpolation,
  hatParameters,
  type Interpolation,
  roundingOfValues,
} from '../../constructions/hat-interpolation.js';
import {
  type Approximation,
  type Audit,
  approximation,
  atMost,
  type Claim,
  combination,
  counterexample,
  type Domain,
  DomainError,
  differentiate,
  domain,
  type Enclosure,
  InputError,
  integer,
  type Knot,
  knotsOf,
  lipschitzConstant,
  outputFormula,
  parameterClaim,
  parseExpression,
  placed,
  proveSupNorm,
  Rational,
  rational,
  type Step,
  type Supremum,
  supNorm,
  supremum,
  type Theorem,
  text,
  toDecimal,
  toText,
  undecided,
  type ValuesOf,
  type Verdict,
  valueBounds,
  variable,
  weightClaim,
} from '../../src/index.js';

const parameters = {
  f: text('the function', 'an expression in x'),
  a: rational('left end of the interval'),
  b: rational('right end of the interval, above a'),
  N: integer('number of equal pieces', { min: 1, max: 1 << 14 }),
};

type Params = ValuesOf<typeof parameters>;
type HatClaim = Claim<Params, Interpolation>;

const TWO = Rational.of(2);

function interval({ a, b }: { readonly a: Rational; readonly b: Rational }): Domain {
  return domain([{ variable: 'x', lo: a, hi: b }]);
}

/** What the built weights compute, as a formula in x. */
function formulaOf({ network }: Audit<Params, Interpolation>) {
  return outputFormula(network, 'y', [variable('x')]);
}

/** A number of the theorem for the exact interpolant, between its ends, which rounding keeps apart. */
interface Bound {
  readonly text: string;
  readonly lower: Rational;
  readonly upper: Rational;
}

/** L (b - a)/(2N) and max|f''| (b - a)^2/(8 N^2); absent where f has no such constant. */
function theoremBounds({ f, a, b, N }: Interpolation): Bound[] {
  const width = b.sub(a).div(Rational.of(N));
  const bounds: Bound[] = [];
  const add = (text: string, constant: Ends | null, factor: Rational) => {
    if (constant) bounds.push({ text, lower: constant.lower.mul(factor), upper: constant.upper.mul(factor) });
  };
  add('L (b-a)/(2N)', slope(f, a, b), width.div(TWO));
  add("max|f''| (b-a)^2/(8 N^2)", curvature({ f, a, b, N }), width.pow(2).div(Rational.of(8)));
  return bounds;
}

type Ends = ReturnType<typeof lipschitzConstant>;

function slope(f: Interpolation['f'], a: Rational, b: Rational): Ends | null {
  return orNull(() => lipschitzConstant(f, new Map([['x', { lo: a, hi: b }]])));
}

function curvature({ f, a, b }: Interpolation): Ends | null {
  const second = differentiate(differentiate(f, 'x'), 'x');
  return orNull(() => {
    const { lo, hi } = supNorm(second, interval({ a, b }), {
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
    throw error;
  }
}

const STATEMENT = "sup |f - fhat| is at most L (b-a)/(2N), and at most max|f''| (b-a)^2/(8 N^2) for f in C^2";
const ROUNDED = `${STATEMENT}, but for the rounding of values of f, at most 2^-52 of the largest`;

/** A number with its digits, or the two ends that it lies between. */
function ends(lower: Rational, upper: Rational): string {
  const [down, up] = [toDecimal(lower, 6, 'down'), toDecimal(upper, 6, 'up')];
  return down === up ? `= ${down}` : `in [${down}, ${up}]`;
}

const error: HatClaim = {
  id: 'error',
  kind: 'bound',
  statement: STATEMENT,
  tex: "\\sup_{[a,b]} |f - \\hat f| \\le \\min\\Big(\\frac{L (b-a)}{2N}, \\frac{\\max|f''| (b-a)^2}{8 N^2}\\Big)",
  trust: 'proved',
  prove: (audit) => {
    const { design, stated, deadline, progress } = audit;
    const bounds = theoremBounds(design);
    const rounding = roundingOfValues(design);
    const predicted = stated ?? least(bounds.map(({ lower }) => lower.add(rounding)));
    const refutable = stated ?? least(bounds.map(({ upper }) => upper.add(rounding)));
    const problem = { formula: formulaOf(audit), target: design.f, box: interval(design) };
    const stop = { deadline, progress: (boxes: number) => progress('bounding the error', boxes) };
    const { step, supremum } = proveSupNorm(problem, predicted, stop, 'enclosure', 'sup |f - fhat| over [a, b]');
    if (!supremum.hi && supremum.stopped !== 'time') throw unbounded(audit, supremum.witness[0]);
    const verdict = predicted === null || refutable === null ? 'undecided' : judged(supremum, predicted, refutable);
    const holds = verdict === 'proved';
    const shown = predicted === null ? step : { ...step, verdict };
    const conclusion = () => closed(design, predicted!);
    return {
      verdict,
      statement: stated ? `sup |f - fhat| is at most ${stated}` : rounding.isZero() ? undefined : ROUNDED,
      predicted,
      enclosure: step.enclosure,
      witness: { x: supremum.witness[0].toString() },
      ...(holds
        ? { steps: [{ ...step, data: () => sameNode(audit, conclusion()) }], conclusion }
        : refuted(shown, design, supremum, refutable)),
      method: `knots and pieces, ${supremum.boxes} boxes, ${supremum.arithmetic} (${supremum.stopped})`,
      facts: [
        ...bounds.map(({ text, lower, upper }) => `${text} ${ends(lower, upper)}`),
        ...(rounding.isZero() ? [] : [`values of f are rounded, by ${toDecimal(rounding, 3, 'up')} at most`]),
        ...(predicted ? [] : ['f has no Lipschitz constant on [a, b]: state a bound under claims.error.bound']),
      ],
    };
  },
};

/** The step, and with a witness that exceeds the bound its closed statement. */
function refuted(step: Step, design: Interpolation, { lo, witness }: Supremum, bound: Rational | null) {
  if (!bound) return { steps: [step] };
  const found = counterexample(closed(design, bound), { x: witness }, { lo, bound });
  return { ...found, steps: [step, ...found.steps] };
}

function least(values: readonly Rational[]): Rational | null {
  return values.length > 0 ? values.reduce((a, b) => a.min(b)) : null;
}

/** Proved against the lower end of the theorem's bound, refuted against its upper end. */
function judged({ lo, hi }: Enclosure, lower: Rational, upper: Rational): Verdict {
  return atMost({ lo: null, hi }, lower) === 'proved' ? 'proved' : atMost({ lo, hi: null }, upper);
}

/** |y - f(x)| <= bound for all x in [a, b]. */
function closed({ f, a, b }: Interpolation, bound: Rational): Approximation {
  return approximation('y', { x: [a.toString(), b.toString()] }, toText(f), { above: bound, below: bound });
}

/** What the checker needs to bound the difference once more: the same statement about the output's node. */
function sameNode({ network }: Audit<Params, Interpolation>, { domain, target, lo, hi }: Approximation) {
  const node = network.nodes.indexOf(network.outputs.find(({ name }) => name === 'y')!.node);
  return { node, domain, entries: '0', target, lo, hi };
}

/** However small the boxes, no bound was found: a pole, most likely. */
function unbounded({ params: { f } }: Audit<Params, Interpolation>, near: Rational): InputError {
  const found = `${f.text}, which is undefined or unbounded near x = ${toDecimal(near, 6, 'nearest')}`;
  return new InputError({ field: 'f', ...f.place, found, allowed: 'f that is defined on all of [a, b]' });
}

const range: HatClaim = {
  id: 'range',
  kind: 'bound',
  statement: 'fhat stays within [min f, max f]',
  tex: '\\min_{[a,b]} f \\le \\hat f \\le \\max_{[a,b]} f',
  trust: 'proved',
  prove: (audit) => {
    const { a, b, f } = audit.design;
    const method = 'exact knots';
    const knots = knotsOf(formulaOf(audit), 'x', a, b);
    if (!knots) return undecided([], method, 'the network is not piecewise linear in x');
    const top = knots.reduce((most, knot) => (most.y.lt(knot.y) ? knot : most));
    const bottom = knots.reduce((most, knot) => (knot.y.lt(most.y) ? knot : most));
    const sides = [isReached(f, top, 1, audit), isReached(f, bottom, -1, audit)];
    const outside = sides.includes('left');
    return {
      verdict: outside ? 'refuted' : sides.every((side) => side === 'reached') ? 'proved' : 'undecided',
      predicted: null,
      enclosure: null,
      witness: outside ? { x: (sides[0] === 'left' ? top : bottom).x.toString() } : null,
      steps: [],
      method,
      facts: [`fhat takes the values [${toDecimal(bottom.y, 6, 'down')}, ${toDecimal(top.y, 6, 'up')}]`],
    };
  },
};

/**
 * Whether f goes at least as high (sign 1) or as low (sign -1) as the knot: it does, or it does not by more than rounding
 * of its values, or neither is known.
 */
function isReached(
  f: Interpolation['f'],
  { x, y }: Knot,
  sign: 1 | -1,
  { design, deadline }: Audit<Params, Interpolation>,
): 'reached' | 'left' | 'open' {
  const factor = Rational.of(sign);
  const level = y.mul(factor);
  const value = orNull(() => lowerValue(f, x, factor));
  if (value && level.le(value)) return 'reached';
  const signed = sign === 1 ? f : negated(f);
  const { lo, hi } = supremum([signed], interval(design), { bound: level, mostBoxes: 10_000, deadline });
  if (level.le(lo)) return 'reached';
  return hi?.add(roundingOfValues(design)).lt(level) ? 'left' : 'open';
}

function lowerValue(f: Interpolation['f'], x: Rational, factor: Rational): Rational {
  const { lo, hi } = valueBounds(f, new Map([['x', x]]));
  return lo.mul(factor).min(hi.mul(factor));
}

function negated(f: Interpolation['f']): Interpolation['f'] {
  return combination(Rational.zero, [{ coefficient: Rational.of(-1), of: f }]);
}

/** max(1, |a|, |b|, |f(a)|, 2L) between two ends, the upper one with what rounding adds to values and slopes. */
function largestWeight({ f, a, b, N }: Interpolation): Ends | null {
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

const theorem: Theorem<typeof parameters, Interpolation> = {
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
    parameterClaim({ statement: '3N + 1', tex: '3N + 1' }, ({ N }) => Rational.of(hatParameters(N))),
    weightClaim(
      { statement: 'max(1, |a|, |b|, |f(a)|, 2L)', tex: '\\max(1, |a|, |b|, |f(a)|, 2L)' },
      (_, design) => largestWeight(design)?.lower ?? null,
      (_, design) => largestWeight(design)?.upper ?? null,
    ),
  ],
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
