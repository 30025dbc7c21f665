import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { contains } from '../../src/numbers/arithmetic.js';
import { toDecimal } from '../../src/numbers/decimal.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  compile,
  DomainError,
  differentiate,
  type Expression,
  evaluateExact,
  gradient,
  hessian,
  isTotal,
  parseExpression,
  polynomialOf,
  toIntervals,
  toText,
  valueBounds,
} from '../../src/symbolic/index.js';
import { EXACT, expressions, POLYNOMIAL, point, VARIABLES } from './arbitrary.js';

const read = (text: string) => parseExpression(text, VARIABLES);
const derivative = (text: string) => toText(differentiate(read(text), 'x'));

describe('differentiate', () => {
  it.each([
    ['3*x^4 - x*y', '12*x^3 - y'],
    ['exp(2*x)*y', '2*y*exp(2*x)'],
    ['log(x)', '1/x'],
    ['sin(x) + cos(3*x)', 'cos(x) - 3*sin(3*x)'],
    ['tanh(x)', '1 - tanh(x)^2'],
    ['sqrt(x)', '1/2/sqrt(x)'],
    ['x^(5/2)', '5/2*x^(3/2)'],
    ['y/x', '-y/x^2'],
    ['abs(2*x - 1)', 'select(2*x - 1, 2, -2)'],
    ['pi*x', 'pi'],
    ['log(y)', '0'],
  ])('of %s is %s', (text, expected) => {
    expect(derivative(text)).toBe(expected);
  });

  it('is the formal derivative of polynomials', () => {
    fc.assert(
      fc.property(expressions(POLYNOMIAL), (e) => {
        const polynomial = polynomialOf(e, VARIABLES);
        fc.pre(polynomial !== undefined);
        const expected = new Map<string, string>();
        for (const { coefficient, exponents } of polynomial.terms) {
          const [n] = exponents;
          if (n > 0) expected.set(exponents.with(0, n - 1).join(), coefficient.mul(Rational.of(n)).toString());
        }
        const found = polynomialOf(differentiate(e, 'x'), VARIABLES);
        fc.pre(found !== undefined);
        expect(new Map(found.terms.map((term) => [term.exponents.join(), term.coefficient.toString()]))).toEqual(
          expected,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('encloses every difference quotient over the box between two points', () => {
    fc.assert(
      fc.property(expressions(EXACT), point, point, (e, p, q) => {
        const to = new Map(p).set('x', q.get('x')!);
        fc.pre(!p.get('x')!.equals(to.get('x')!));
        const box = VARIABLES.map((name) => hull(p.get(name)!, to.get(name)!));
        const [value, slope] = toIntervals([e, differentiate(e, 'x')], VARIABLES, doubleIntervals)(box);
        fc.pre(value.mark === 0 && slope.mark === 0);
        const quotient = evaluateExact(e, to)
          .sub(evaluateExact(e, p))
          .div(to.get('x')!.sub(p.get('x')!));
        expect(contains(doubleIntervals, slope, quotient)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('at kinks', () => {
  const enclosed = (text: string, lo: number, hi: number) =>
    toIntervals(
      [differentiate(read(text), 'x')],
      VARIABLES,
      doubleIntervals,
    )([doubleIntervals.fromDoubles(lo, hi), doubleIntervals.one, doubleIntervals.one])[0];

  it('the derivative is the hull of those beside', () => {
    expect(enclosed('abs(x)', -1, 2)).toMatchObject({ lo: -1, hi: 1, mark: 0 });
    expect(enclosed('abs(x)', 0, 0)).toMatchObject({ lo: -1, hi: 1, mark: 0 });
    expect(enclosed('abs(x)', 0.5, 2)).toMatchObject({ lo: 1, hi: 1, mark: 0 });
    expect(enclosed('max(x^2, x)', 0.5, 2)).toMatchObject({ lo: 1, hi: 4, mark: 0 });
    expect(enclosed('min(3*x, 2 - x, x)', -1, 2)).toMatchObject({ lo: -1, hi: 3, mark: 0 });
  });

  it('the second derivative is not claimed to exist', () => {
    const second = (lo: number, hi: number) =>
      toIntervals(
        hessian(read('abs(x)*x'), ['x'])[0],
        ['x'],
        doubleIntervals,
      )([doubleIntervals.fromDoubles(lo, hi)])[0];
    expect(second(-1, 1).mark).not.toBe(0);
    expect(second(0.5, 1)).toMatchObject({ lo: 2, hi: 2, mark: 0 });
  });
});

describe('hessian', () => {
  it('of a maximum of many arguments stays small', () => {
    const args = Array.from({ length: 300 }, (_, i) => `x*${i}-y*${i * i}/9`);
    const program = compile(hessian(read(`max(${args})`), ['x', 'y']).flat(), VARIABLES);
    expect(program.steps.length).toBeLessThan(5000);
  });

  it('is the symmetric matrix of second derivatives', () => {
    const text = (rows: Expression[][]) => rows.map((row) => row.map(toText));
    expect(text(hessian(read('x^2*y + y^3'), ['x', 'y']))).toEqual([
      ['2*y', '2*x'],
      ['2*x', '6*y'],
    ]);
    expect(gradient(read('x*y'), ['x', 'y', 'z_1']).map(toText)).toEqual(['y', 'x', '0']);
  });
});

function hull(a: Rational, b: Rational) {
  return doubleIntervals.between(a.min(b), a.max(b));
}

it('a division by an interval around 0 is a DomainError of the exact value, too', () => {
  expect(() => evaluateExact(differentiate(read('log(x)'), 'x'), new Map([['x', Rational.zero]]))).toThrow(DomainError);
});

test('a sigmoid stays one in its derivative', () => {
  const f = parseExpression('3/(1 + exp(2*x - 1))', ['x']);
  const g = differentiate(f, 'x');
  expect(toText(g)).not.toContain('^2');
  const at = (x: Rational) => valueBounds(g, new Map([['x', x]]));
  // 6 p (p - 1) with p = 1/(1 + e) at x = 1: -6 e/(1 + e)^2
  expect(toDecimal(at(Rational.one).lo, 12, 'nearest')).toBe('-1.17967159945');
});

test('quotients by sums of exponentials and squares are defined everywhere, others are not', () => {
  const isDefined = (text: string) => isTotal(parseExpression(text, ['x', 'z']));
  expect(['1/(1 + exp(x))', '1/(exp(x) + exp(z))', '(x^2 + z^2 + 1/100)^(-1/2)'].map(isDefined)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['1/(exp(x) - 1)', '1/(x^2 + z^2)', '1/x', '1/(exp(1/x) + 1)', '(x^3 + 1)^(-1)'].map(isDefined)).toEqual(
    Array(5).fill(false),
  );
});
