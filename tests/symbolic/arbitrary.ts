import fc from 'fast-check';
import { Rational } from '../../src/numbers/rational.js';
import {
  apply,
  constant,
  div,
  type Expression,
  type FunctionName,
  mul,
  power,
  sub,
  sum,
  variable,
} from '../../src/symbolic/index.js';

export const VARIABLES = ['x', 'y', 'z_1'];

export const rational = fc
  .tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 1, max: 12 }))
  .map(([p, q]) => Rational.of(p, q));

export const point = fc
  .tuple(rational, rational, rational)
  .map((values) => new Map(VARIABLES.map((name, i) => [name, values[i]])));

/** What an expression may be made of, besides constants, variables, sums, differences and products. */
export interface Ingredients {
  readonly exponents: readonly Rational[];
  readonly functions: readonly FunctionName[];
  readonly quotients: boolean;
}

export const EVERYTHING: Ingredients = {
  exponents: [2, 3, -1, -2, 0]
    .map((n) => Rational.of(n))
    .concat([Rational.of(1, 2), Rational.of(-2, 3), Rational.of(5, 2)]),
  functions: ['exp', 'log', 'sin', 'cos', 'tanh', 'abs', 'min', 'max'],
  quotients: true,
};

export const POLYNOMIAL: Ingredients = {
  exponents: [2, 3].map((n) => Rational.of(n)),
  functions: [],
  quotients: false,
};

export const EXACT: Ingredients = { ...POLYNOMIAL, functions: ['abs', 'min', 'max'], quotients: true };

/** Random expressions, with a direct evaluation in exact arithmetic beside them that shares no code with src. */
export function expressions({ exponents, functions, quotients }: Ingredients): fc.Arbitrary<Expression> {
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
    const part = tie('expression');
    const binary = (make: (a: Expression, b: Expression) => Expression) =>
      fc.tuple(part, part).map(([a, b]) => make(a, b));
    const kinds: fc.Arbitrary<Expression>[] = [
      fc.array(part, { minLength: 2, maxLength: 4 }).map(sum),
      binary(sub),
      binary(mul),
      fc.tuple(part, fc.constantFrom(...exponents)).map(([base, exponent]) => power(base, exponent)),
    ];
    if (quotients) kinds.push(binary(div));
    if (functions.length > 0) {
      const name = fc.constantFrom(...functions);
      kinds.push(
        fc.tuple(name, part, part).map(([f, a, b]) => (f === 'min' || f === 'max' ? apply(f, a, b) : apply(f, a))),
      );
    }
    return {
      expression: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.oneof(rational.map(constant), fc.constantFrom(...VARIABLES).map(variable)),
        ...kinds,
      ),
    };
  });
  return expression;
}
