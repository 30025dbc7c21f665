import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  bind,
  canonical,
  evaluateTerm,
  normalForm,
  parseStatement,
  parseTermText,
  printRelation,
  printTerm,
  relationOf,
  termOf,
} from '../../src/statement/index.js';
import { NIGHTLY } from '../generators/thinned.js';
import { bare, relationTexts, statementTexts, termTexts } from './arbitrary.js';

function show(text: string): string[] {
  return normalForm(parseStatement(text)).map(
    ({ subject, lo, hi, open }) =>
      `${subject} in ${open.lo ? '(' : '['}${lo ?? '-inf'}, ${hi ?? 'inf'}${open.hi ? ')' : ']'}`,
  );
}

/** The form without the number of the relation and the trees behind the texts. */
function form(text: string): unknown {
  const shown = normalForm(parseStatement(text)).map(({ subject, lo, hi, open, asked }) => [
    subject,
    String(lo),
    String(hi),
    open,
    asked,
  ]);
  return shown;
}

describe('normalForm', () => {
  it('bounds a quantity', () => {
    expect(show('for all x in [0,1]: |y - x| <= 1/10')).toEqual(['for all x in [0, 1]: y - x in [-1/10, 1/10]']);
    expect(show('for all x in [0,1]: y = x')).toEqual(['for all x in [0, 1]: y - x in [0, 0]']);
    expect(show('for all x in [0,1]: 2*y - 6 <= 4*x')).toEqual(['for all x in [0, 1]: y - 2*x in [-inf, 3]']);
    expect(show('-3 <= -depth')).toEqual(['depth in [-inf, 3]']);
    expect(show('for all x in R: 0 < y <= 1')).toEqual(['for all x in R: y in (0, 1]']);
    expect(show('1/3 < 1/2')).toEqual(['0 in [-inf, 1)']);
    expect(show('for all x in R: 3*|2*y - 1| < 1')).toEqual(['for all x in R: y in (1/3, 2/3)']);
    expect(show('for all x in R: |y| <= -1')).toEqual(['for all x in R: |y| in [-inf, -1]']);
    expect(show('for all x in R: |y| >= 1')).toEqual(['for all x in R: |y| in [1, inf]']);
  });

  it.each([
    ['for all x in [0,1]^2: |y| <= 1', 'for all x in [0,1] x [0,1]: -1 <= y <= 1'],
    ['for all x in [0,1]^2: x[1] <= 3', 'for all x in [0,1]^2: -x[1] >= -3'],
    ['for all x in [0,1]^(1x28): y <= 1', 'for all x in [0,1]^28: y(x) <= 1'],
    ['for all x in ([0,1]^2)^64: y <= 1', 'for all x in [0,1]^(64x2): 2*y <= 2'],
    ['for all z, x in R: y <= z + x', 'for all x in R, z in R: y - x <= z'],
    ['for all x in {3, 1..2}: y <= 1', 'for all x in {1..3}: 1 >= y'],
    ['for all x in R with 0 <= x and x <= 1: y <= 1', 'for all x in R with 1 >= x and -x <= 0: y <= 1'],
    ['for all x in R^9: max_{i in 1..9}(x[i]) <= y', 'for all x in R^9: y >= max_{t in 1..4, 5..9}(x[t])'],
    ['for all x in R: y = relu(2*x)*3', 'for all x in R: -max(0, x*2)*3 + y = 0'],
    ['for all x in R: y <= sqrt(x)', 'for all x in R: y <= x^(1/2)'],
    ['for all x in R: y <= x*x*x/2', 'for all x in R: y <= 0.5*x^3'],
    ['for all x in R: y <= (2*x - 2)^2', 'for all x in R: y <= 4*(1 - x)^2'],
  ])('%s  is  %s', (a, b) => {
    expect(form(a)).toEqual(form(b));
  });

  it.each([
    ['for all x in [0,1]: y <= 1', 'for all x in [0,2]: y <= 1'],
    ['for all x in [0,1]: y <= 1', 'for all x in [0,1]^2: y <= 1'],
    ["for all x, x' in R: y(x) <= 1", "for all x, x' in R: y(x') <= 1"],
    ['for all x in R: y <= x/x', 'for all x in R: y <= 1'],
    ['for all x in R: y + 0*log(x) <= 1', 'for all x in R: y <= 1'],
    ['for all x in R: y <= sqrt(x)^2', 'for all x in R: y <= x'],
    ['for all x in R: y < 1', 'for all x in R: y <= 1'],
    ['for all x in R with x <= 1: y <= 1', 'for all x in R: y <= 1'],
  ])('%s  is not  %s', (a, b) => {
    expect(form(a)).not.toEqual(form(b));
  });

  it('keeps what nested reductions come to, whatever their indices are called', () => {
    const names = ['i', 'k', 'i1', 'i2', 'i1_'];
    const index = fc.constantFrom(...names);
    const factor = fc.oneof(index, fc.integer({ min: 1, max: 3 }).map(String));
    const body = fc.array(factor, { minLength: 1, maxLength: 3 }).map((factors) => factors.join('*'));
    const head = fc.tuple(fc.constantFrom('sum_', 'min_', 'max_'), index, fc.integer({ min: 1, max: 3 }));
    const reduction = fc
      .tuple(fc.array(head, { minLength: 1, maxLength: 4 }), body, body)
      .map(([heads, a, b]) =>
        heads.reduceRight((inner, [op, name, to]) => `${op}{${name} in 1..${to}}(${inner} + ${a})`, b),
      );
    fc.assert(
      fc.property(reduction, (text) => {
        const around = { variables: new Set<string>() };
        const value = (term: ReturnType<typeof parseTermText>) =>
          evaluateTerm(term, ({ name }) => {
            const known = Rational.of(7 + names.indexOf(name));
            return [{ lo: known, hi: known }];
          }).lo;
        const term = parseTermText(text);
        const form = termOf(canonical(term, around));
        expect(`${value(form)}`).toBe(`${value(term)}`);
        expect(printTerm(termOf(canonical(form, around)))).toBe(printTerm(form));
      }),
      { numRuns: NIGHTLY ? 20_000 : 200 },
    );
    expect(form('sum_{k in 1..3}(sum_{i1 in 1..2}(k*i1)) <= 1')).toEqual(
      form('sum_{i2 in 1..3}(sum_{i1 in 1..2}(i2*i1)) <= 1'),
    );
  });

  it('is the same for every way to write a relation', () => {
    const mirrored: Record<string, string> = { '<=': '>=', '>=': '<=', '<': '>', '>': '<', '=': '=' };
    const relation = fc.tuple(
      termTexts({ total: true }),
      fc.constantFrom(...Object.keys(mirrored)),
      termTexts({ total: true }),
    );
    // Outputs need not have a value everywhere: what speaks of them is not added in vain.
    const ofVariables = termTexts({ total: true }).map((text) =>
      text.replace(/"[^"]*"|a\.y|hidden\[3\]|y(\[\d\])?/g, 'x[1]'),
    );
    fc.assert(
      fc.property(relation, ofVariables, fc.nat(8), ([a, sign, b], c, k) => {
        const head = "for all x, x' in [0,1]^2: ";
        const first = form(`${head}${a} ${sign} ${b}`);
        expect(form(`${head}${b} ${mirrored[sign]} ${a}`)).toEqual(first);
        expect(form(`${head}-(${b}) ${sign} -(${a})`)).toEqual(first);
        expect(form(`${head}(${a}) + (${c}) ${sign} (${c}) + (${b})`)).toEqual(first);
        expect(form(`${head}${k + 1}/7*(${a} - (${b})) ${sign} 0`)).toEqual(first);
        expect(form(`${head}(${a} - (${b}))*(${k + 1}) - (0) ${sign} 0`)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what outputs may leave undefined where they cancel', () => {
    const [{ quantity }] = normalForm(parseStatement('for all x in [0,1]^2: -1 <= y[2] - y[2] + x[1] - x[1]'));
    expect(bare(quantity)).toEqual(bare(parseTermText('0*y[2]')));
  });

  it('is its own normal form', () => {
    fc.assert(
      fc.property(statementTexts({ total: false }), (text) => {
        let bounds: ReturnType<typeof normalForm>;
        try {
          bounds = normalForm(parseStatement(text));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        for (const found of bounds.filter(({ lo, hi }) => lo || hi)) {
          const head = found.prefix ? found.subject.slice(0, found.subject.indexOf(': ') + 2) : '';
          const [again, ...others] = normalForm(parseStatement(head + printRelation(relationOf(found))));
          expect(others).toEqual([]);
          // Not how it was written, which is for reports.
          const { isSymmetric, asked, scale, centre } = again;
          const written = { outer: undefined, isSymmetric, asked, scale, centre };
          expect(bare({ ...again, ...written, relation: 0 })).toEqual(bare({ ...found, ...written, relation: 0 }));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the value of every term', () => {
    const value = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(termTexts({ total: true }), fc.array(value, { minLength: 8, maxLength: 8 }), (text, values) => {
        const points = new Map(values.map(([p, q], i) => [i, Rational.of(p, q)]));
        const names = ['y', 'x', 'a.y', 'hidden', '/fc1/Relu'];
        const lookUp = (name: string, index: number) => {
          const found = points.get((names.indexOf(name) * 2 + index) % 8)!;
          return [{ lo: found, hi: found }];
        };
        const evaluate = (term: ReturnType<typeof parseTermText>) =>
          evaluateTerm(term, ({ name }, indices) => lookUp(name, indices[0] ?? 0), 256);
        const term = parseTermText(text);
        const [before, after] = [evaluate(term), evaluate(termOf(canonical(term, { variables: new Set(['x']) })))];
        expect(before.lo.le(after.hi) && after.lo.le(before.hi)).toBe(true);
        if (before.lo.equals(before.hi) && after.lo.equals(after.hi)) expect(after.lo.equals(before.lo)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['for all x in [1, 0]: y <= 1', 'the interval [1, 0]'],
    ['for all x in [0, pi]: y <= 1', 'exact rational numbers'],
    ['for all x in [0, R]: y <= 1', 'R in the place of a number'],
    ['for all x in R: 2 <= y <= 1', 'leaves nothing'],
    ['for all x in R: y <= x/(1 - 1)', 'a division by 0'],
    ['for all x in R: y <= x^x', 'no rational constant'],
    ['for all x in R: y <= 10^(10^9)', 'exponents up to'],
    ['for all x in R: y <= (10^9999)^9999', 'too large'],
    ['for all x in R: y <= (-1)^(1/2)', 'undefined'],
    ['for all x in R: y <= sum_{i in 3..1}(x)', 'first <= last'],
    ['for all x in R: y <= sum_{i in 1..3, 2}(x)', '2 twice'],
    ['for all x in R: y <= sum_{i in 1..1/2}(x)', 'integers'],
    ['for all x in R^(2x2) x R: y <= 1', 'products of numbers and vectors'],
    ['for all x in R^0: y <= 1', 'the length 0'],
  ])('%s', (text, message) => {
    expect(() => normalForm(parseStatement(text))).toThrow(InputError);
    expect(() => normalForm(parseStatement(text))).toThrow(message);
  });
});

describe('bind', () => {
  it('puts numbers in the place of parameters, and leaves variables and indices alone', () => {
    const text = 'for all x in [-R, R]^d: sum_{d in 1..2}(d*x[d]) <= R*d + x[R]';
    const bound = bind(
      parseStatement(text),
      new Map([
        ['R', Rational.of(3, 2)],
        ['d', Rational.of(2)],
        ['x', Rational.of(7)],
      ]),
    );
    expect(bare(bound)).toEqual(
      bare(parseStatement('for all x in [-3/2, 3/2]^2: sum_{d in 1..2}(d*x[d]) <= 3/2*2 + x[3/2]')),
    );
  });

  it('gives relations that can be printed', () => {
    fc.assert(fc.property(relationTexts({ total: true }), (text) => void bind(parseStatement(text), new Map())));
  });
});
