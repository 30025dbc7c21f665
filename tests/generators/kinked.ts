import { Rational } from '../../src/numbers/rational.js';

/** A function of one or two variables as a text, and as an evaluation in fractions that shares nothing with src/symbolic. */
export interface Kinked {
  readonly text: string;
  readonly value: (point: readonly Rational[]) => Rational;
}

type Draw = (most: number) => number;

/** Random min, max, abs, sums, products and quotients of small polynomials over positive ones; `random` as of `lehmer`. */
export function kinked(random: () => number, variables: readonly string[], depth: number): Kinked {
  const draw: Draw = (most) => Math.floor(random() * most);
  if (depth === 0) return leaf(draw, variables);
  const part = () => kinked(random, variables, depth - 1);
  return COMBINATIONS[draw(COMBINATIONS.length)](part(), part, draw);
}

function leaf(draw: Draw, variables: readonly string[]): Kinked {
  const index = draw(variables.length);
  const c = Rational.of(draw(33) - 16, 1 + draw(8));
  switch (draw(5)) {
    case 0:
      return { text: `(${c})`, value: () => c };
    case 1:
      return { text: `(${c}*${variables[index]})`, value: (point) => c.mul(point[index]) };
    case 2:
      return { text: `(${variables[index]} - ${c.abs()})`, value: (point) => point[index].sub(c.abs()) };
    case 3:
      return { text: `${variables[index]}^2`, value: (point) => point[index].pow(2) };
    default: {
      const [a, b] = [Rational.of(1 + draw(16)), Rational.of(1, 1 + draw(8))];
      const x = variables[index];
      return {
        text: `(${c}*${x}/(${b} + ${a}*${x}^2))`,
        value: (point) => c.mul(point[index]).div(b.add(a.mul(point[index].pow(2)))),
      };
    }
  }
}

type Combination = (f: Kinked, other: () => Kinked, draw: Draw) => Kinked;

const binary =
  (text: (a: string, b: string) => string, value: (a: Rational, b: Rational) => Rational): Combination =>
  (f, other) => {
    const g = other();
    return { text: text(f.text, g.text), value: (point) => value(f.value(point), g.value(point)) };
  };

const COMBINATIONS: readonly Combination[] = [
  binary(
    (a, b) => `min(${a}, ${b})`,
    (a, b) => a.min(b),
  ),
  binary(
    (a, b) => `max(${a}, ${b})`,
    (a, b) => a.max(b),
  ),
  binary(
    (a, b) => `(${a} + ${b})`,
    (a, b) => a.add(b),
  ),
  binary(
    (a, b) => `(${a} - ${b})`,
    (a, b) => a.sub(b),
  ),
  binary(
    (a, b) => `(${a}*${b})`,
    (a, b) => a.mul(b),
  ),
  binary(
    (a, b) => `(${a}/(1 + abs(${b})))`,
    (a, b) => a.div(Rational.one.add(b.abs())),
  ),
  (f) => ({ text: `abs(${f.text})`, value: (point) => f.value(point).abs() }),
];
