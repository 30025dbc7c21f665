import { Unfinished } from '../deadline.js';
import { InputError } from '../errors.js';
import { type Arithmetic, PARTIAL } from '../numbers/arithmetic.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { type Domain, intervalsOf, type Part, pointOf } from './box.js';

/** What is known of a function on a part of its domain. */
export interface Range<I> {
  /** An upper bound of the function there; null when none is known. */
  readonly upper: Rational | null;
  /** A lower bound of the function at the centre; null when it may be undefined there. */
  readonly centre: Rational | null;
  /** How far rounding alone blurs the value at the centre. */
  readonly noise: Rational | null;
  /** Enclosures of the partial derivatives; null where there is none. */
  readonly slopes: readonly (I | null)[];
  /** Certainly undefined at the centre. */
  readonly undefinedAtCentre: boolean;
}

/** What the second derivative tells of a function of one variable on a part. */
export interface Curvature<I> {
  readonly upper: Rational | null;
  readonly slope: I;
  /**
   * The part that holds every stationary point: the maximum is the larger of those over the two ends and over it. It is
   * undefined when there is none.
   */
  readonly newton: { readonly inner: Part | undefined } | null;
}

/** Evaluates an expression over parts of a domain in one arithmetic. */
export class Objective<I> {
  readonly hasKinks: boolean;
  private readonly program: (box: readonly I[]) => I[];
  private readonly value: (box: readonly I[]) => I[];
  private readonly sides: (part: Part) => I[];
  private readonly isExact: boolean;
  private readonly slope: E.Expression | null;
  /** Sides of length 0. */
  private readonly isFlat: readonly boolean[];
  private readonly half: I;

  constructor(
    readonly expression: E.Expression,
    private readonly domain: Domain,
    private readonly arithmetic: Arithmetic<I>,
  ) {
    const { variables } = domain;
    this.hasKinks = containsKink(expression);
    this.isExact = E.isExact(expression);
    this.isFlat = domain.lo.map((end, i) => end.equals(domain.hi[i]));
    const slopes = E.gradient(expression, variables);
    this.program = E.toIntervals([expression, ...slopes], variables, arithmetic);
    // The slope of a smooth function of one variable is asked for at the centre as well.
    const isLine = variables.length === 1 && !this.hasKinks;
    this.slope = isLine ? slopes[0] : null;
    this.value = isLine ? this.program : E.toIntervals([expression], variables, arithmetic);
    this.sides = intervalsOf(domain, arithmetic);
    this.half = arithmetic.of(Rational.of(1, 2));
  }

  /**
   * The natural extension and the mean value form f(m) + sum f_i'(X) (X_i - m_i) together (Moore, Kearfott and Cloud,
   * Introduction to Interval Analysis, section 6.4; for kinks with Clarke's derivative, by Lebourg's theorem).
   */
  range(part: Part): Range<I> {
    const A = this.arithmetic;
    const centre = centreOf(part);
    const at = this.sides({ from: centre, to: centre });
    const atCentre = this.value(at);
    const [value] = atCentre;
    this.latest = { part, at, atCentre };
    if (isPoint(part)) return this.rangeOf(value, value, []);
    const box = this.sides(part);
    const [natural, ...rest] = this.program(box);
    const slopes = rest.map((slope) => ((A.mark(slope) & PARTIAL) === 0 && !A.isEmpty(slope) ? slope : null));
    let form = value;
    for (const [i, slope] of slopes.entries()) {
      if (slope === null) return this.rangeOf(value, natural, slopes);
      form = A.add(form, A.mul(slope, A.sub(box[i], at[i])));
    }
    return this.rangeOf(value, A.intersect(natural, form), slopes);
  }

  /** The centre of the part that was looked at last, with the values there. */
  private latest: { readonly part: Part; readonly at: readonly I[]; readonly atCentre: readonly I[] } | null = null;

  /** From the value at the centre and an enclosure over the part. */
  private rangeOf(value: I, enclosure: I, slopes: readonly (I | null)[]): Range<I> {
    const A = this.arithmetic;
    const isDefined = (x: I) => (A.mark(x) & PARTIAL) === 0 && !A.isEmpty(x);
    const [lower, top] = isDefined(value) ? [A.lower(value) ?? null, A.upper(value) ?? null] : [null, null];
    return {
      upper: isDefined(enclosure) ? (A.upper(enclosure) ?? null) : null,
      centre: lower,
      noise: lower && top ? top.sub(lower) : null,
      slopes,
      undefinedAtCentre: A.isEmpty(value),
    };
  }

  /** The exact largest value on a part and where, when the expression is simple enough there; null otherwise. */
  exactMaximum(part: Part): { readonly value: Rational; readonly point: readonly Rational[] } | null {
    const polynomial = this.hasKinks ? null : this.polynomial();
    if (!this.isExact && !polynomial) return null;
    const free = part.from.flatMap((s, i) => (s === part.to[i] || this.isFlat[i] ? [] : [i]));
    if (free.length === 0) return this.isExact ? this.at(pointOf(this.domain, part.from)) : null;
    if (!polynomial || polynomial.degree > 2) return null;
    const from = pointOf(this.domain, part.from);
    const to = pointOf(this.domain, part.to);
    if (polynomial.degree <= 1) {
      const rising = (i: number) => coefficientOf(polynomial, i).sign() > 0;
      return this.at(from.map((end, i) => (rising(i) ? to[i] : end)));
    }
    return polynomial.degree === 2 && free.length === 1 ? this.parabola(polynomial, free[0], from, to) : null;
  }

  /**
   * For a smooth function of one variable, what f''(X) adds: with x - m = h, f is at most the upper end of
   * f(m) + f'(m) h + f''(X) h^2/2 (Taylor), f' lies in f'(m) + f''(X) h, and where f''(X) excludes 0 one step of the
   * interval Newton method, m - f'(m)/f''(X) met with X, holds every stationary point (Moore, Kearfott and Cloud, chapter
   * 8). Null when f'' is not known to exist.
   */
  curvature(part: Part): Curvature<I> | null {
    if (!this.slope || isPoint(part)) return null;
    const A = this.arithmetic;
    if (this.second === undefined) this.second = this.compileSecond(this.slope);
    if (!this.second) return null;
    if (this.latest?.part !== part) this.range(part);
    const { at, atCentre } = this.latest!;
    const [value, slope] = atCentre;
    const box = this.sides(part);
    const [second] = this.second(box);
    if (A.mark(value) !== 0 || A.mark(slope) !== 0 || A.mark(second) !== 0) return null;
    const h = A.sub(box[0], at[0]);
    const bulge = A.mul(second, A.mul(A.sqr(h), this.half));
    const upper = A.upper(A.add(value, A.add(A.mul(slope, h), bulge))) ?? null;
    return { upper, slope: A.add(slope, A.mul(second, h)), newton: this.newton(part, at[0], slope, second) };
  }

  private newton(part: Part, at: I, slope: I, second: I): Curvature<I>['newton'] {
    const A = this.arithmetic;
    const { lo, hi } = A.outer(second);
    if (!(lo > 0 || hi < 0)) return null;
    const [start, end] = [this.domain.lo[0], this.domain.hi[0]];
    const stationary = A.sub(at, A.div(slope, second));
    const s = A.outer(A.div(A.sub(stationary, A.of(start)), A.of(end.sub(start))));
    const [from, to] = [Math.max(part.from[0], s.lo), Math.min(part.to[0], s.hi)];
    return { inner: from <= to ? { from: [from], to: [to] } : undefined };
  }

  private second: ((box: readonly I[]) => I[]) | null | undefined;
  /** f'', null where it is too large to be worth its time. */
  private compileSecond(slope: E.Expression) {
    const { variables } = this.domain;
    try {
      return E.toIntervals([E.differentiate(slope, variables[0])], variables, this.arithmetic);
    } catch (error) {
      if (error instanceof Unfinished) return null;
      throw error;
    }
  }

  private parabola(polynomial: E.Polynomial, i: number, from: readonly Rational[], to: readonly Rational[]) {
    const slopeAt = (point: readonly Rational[]) => derivativeAt(polynomial, i, point);
    const [left, right] = [slopeAt(from), slopeAt(to)];
    const ends = [this.at(from), this.at(to)];
    if (left.sign() > 0 && right.sign() < 0) {
      const fraction = left.div(left.sub(right));
      ends.push(this.at(from.map((end, k) => (k === i ? end.add(to[i].sub(end).mul(fraction)) : end))));
    }
    return ends.reduce((best, end) => (best.value.lt(end.value) ? end : best));
  }

  private at(point: readonly Rational[]): { value: Rational; point: readonly Rational[] } {
    const { variables } = this.domain;
    try {
      return { value: E.evaluateExact(this.expression, new Map(variables.map((name, i) => [name, point[i]]))), point };
    } catch (error) {
      if (error instanceof E.DomainError) throw undefinedAt(this.expression, variables, point);
      if (error instanceof E.NotRational) throw new Unfinished('exact values are too long to be written out');
      throw error;
    }
  }

  private known: E.Polynomial | null | undefined;
  private polynomial(): E.Polynomial | null {
    if (this.known === undefined) this.known = E.polynomialOf(this.expression, this.domain.variables) ?? null;
    return this.known;
  }
}

/** For an expression that has no value somewhere. */
export function undefinedAt(
  expression: E.Expression,
  variables: readonly string[],
  point: readonly Rational[],
): InputError {
  const place = variables.map((name, i) => `${name} = ${point[i]}`).join(', ');
  return new InputError({
    found: `${E.toText(expression).slice(0, 200)} is undefined at ${place}`,
    allowed: 'expressions that are defined on the whole domain',
  });
}

function isPoint({ from, to }: Part): boolean {
  return from.every((s, i) => s === to[i]);
}

export function centreOf({ from, to }: Part): number[] {
  return from.map((s, i) => s / 2 + to[i] / 2);
}

function coefficientOf({ terms }: E.Polynomial, i: number): Rational {
  return terms.find(({ exponents }) => exponents[i] === 1)?.coefficient ?? Rational.zero;
}

function derivativeAt({ terms }: E.Polynomial, i: number, point: readonly Rational[]): Rational {
  let total = Rational.zero;
  for (const { coefficient, exponents } of terms) {
    if (exponents[i] === 0) continue;
    const monomial = exponents.reduce((product, n, k) => product.mul(point[k].pow(k === i ? n - 1 : n)), coefficient);
    total = total.add(monomial.mul(Rational.of(exponents[i])));
  }
  return total;
}

/** Whether the expression has a part that is not differentiable everywhere: abs, min, max and the like. */
export function containsKink(e: E.Expression): boolean {
  const seen = new Set<E.Expression>();
  const visit = (part: E.Expression): boolean => {
    if (seen.has(part)) return false;
    seen.add(part);
    return (part.kind === 'application' && part.fn.piecewiseLinear === true) || E.children(part).some(visit);
  };
  return visit(e);
}
