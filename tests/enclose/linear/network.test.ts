import { describe, expect, it } from 'vitest';
import { unitBox } from '../../../src/enclose/box.js';
import { encloseTerms } from '../../../src/enclose/linear/network.js';
import { supNorm } from '../../../src/enclose/supremum.js';
import { InputError } from '../../../src/errors.js';
import { compile } from '../../../src/evaluate/evaluate.js';
import { exact } from '../../../src/evaluate/exact.js';
import { outputFormula } from '../../../src/evaluate/formula.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { tensor } from '../../../src/network/tensor.js';
import { approximate, fromFloat } from '../../../src/numbers/convert.js';
import { parseRational as R } from '../../../src/numbers/parse.js';
import { Rational } from '../../../src/numbers/rational.js';
import * as E from '../../../src/symbolic/index.js';
import { stream } from '../../numbers/samples.js';
import { boxOf, KNOWN, knownFailure, NAMES } from '../known.js';

const one = Rational.one;
const relativeWidth = R('1e-6');
const absoluteWidth = R('1e-9');

/** Layers of weights, row by row, and offsets; ReLUs between them. */
function net(
  ...layers: readonly (readonly [weights: readonly (readonly Rational[])[], offsets: readonly Rational[]])[]
): Network {
  const b = new Builder();
  let x = b.input('x', { n: layers[0][0].length });
  for (const [k, [weights, offsets]] of layers.entries()) {
    const w = b.constant(tensor([weights.length, offsets.length], weights.flat()));
    x = b.affine(k === 0 ? x : b.relu(x), w, b.constant(tensor([offsets.length], offsets)));
  }
  return b.network({ y: x });
}

function random(sizes: readonly number[], seed: number): Network {
  const draw = stream(seed);
  const weight = () => fromFloat(Math.fround(2 * draw() - 1));
  const many = (n: number) => Array.from({ length: n }, weight);
  return net(
    ...sizes.slice(1).map((size, k) => [Array.from({ length: sizes[k] }, () => many(size)), many(size)] as const),
  );
}

const output = (network: Network, factor = one) => ({ network, output: 'y', factor });
const minus = (text: string, variables: readonly string[]) => ({
  formula: E.parseExpression(text, [...variables]),
  factor: Rational.of(-1),
});

describe('the supremum by linear relaxations', () => {
  it.each(KNOWN.filter(({ functions }) => functions.length === 1))('$title', (known) => {
    const box = boxOf(known.box);
    const terms = [{ formula: E.parseExpression(known.functions[0], NAMES), factor: one }];
    const stop = { relativeWidth, absoluteWidth: R(known.width ?? '1e-9'), mostBoxes: 20_000 };
    const found = encloseTerms(terms, box, 'value', stop);
    expect(knownFailure(known, found)).toBeUndefined();
    expect(found.stopped).toMatch(/width|exact/);
  });

  it('of a hat against its own formula is 0', () => {
    const hat = net([[[one, one, one]], ['0', '-1/3', '-2/3'].map(R)], [[[R('3')], [R('-6')], [R('3')]], [R('0')]]);
    const terms = [output(hat), minus('max(0, 1 - abs(3*x - 1))', ['x'])];
    const { lo, hi } = encloseTerms(terms, unitBox(['x']), 'size', { absoluteWidth: R('1e-12') });
    expect(lo.sign()).toBeLessThanOrEqual(0);
    expect(hi!.le(R('1e-12'))).toBe(true);
  });

  it('of |x| against a parabola, 1/4 at 1/2', () => {
    const size = net([[[one, R('-1')]], ['0', '0'].map(R)], [[[one], [one]], [R('0')]]);
    const { lo, hi, witness } = encloseTerms([output(size), minus('x^2', ['x'])], unitBox(['x']), 'value', {
      relativeWidth,
    });
    expect(lo.le(R('1/4')) && R('1/4').le(hi!)).toBe(true);
    expect(hi!.sub(lo).le(R('1e-6'))).toBe(true);
    expect(Math.abs(approximate(witness[0]) - 0.5)).toBeLessThan(1e-3);
  });

  it.each([
    { sizes: [1, 8, 8, 1], text: 'sin(2*pi*x)' },
    { sizes: [2, 6, 6, 1], text: 'sin(3*x)*exp(-y)' },
    { sizes: [3, 5, 1], text: 'x*y*z' },
    { sizes: [2, 5, 4, 3, 1], text: 'tanh(x - y)/(1 + x^2)' },
  ])('of random nets $sizes against $text: meets the other search, and is attained', ({ sizes, text }) => {
    const names = NAMES.slice(0, sizes[0]);
    const box = unitBox(names);
    const variables = names.map(E.variable);
    for (const seed of [1, 2, 3]) {
      const network = random(sizes, seed);
      const found = encloseTerms([output(network), minus(text, names)], box, 'size', { relativeWidth });
      const u = E.sub(outputFormula(network, 'y', variables), E.parseExpression(text, names));
      const other = supNorm(u, box, { relativeWidth: R('1e-3'), mostBoxes: 3000 });
      expect(found.stopped).toBe('width');
      expect(found.lo.le(other.hi!) && other.lo.le(found.hi!)).toBe(true);
      const y = compile(network, exact)({ x: tensor([sizes[0]], found.witness) }).y.dense(Rational.zero)[0];
      const f = E.toFloat64([E.parseExpression(text, names)], names)(found.witness.map(approximate))[0];
      expect(Math.abs(approximate(y) - f)).toBeCloseTo(approximate(found.lo), 10);
    }
  });

  it('decides a bound without more work than it takes', () => {
    const terms = [output(random([2, 16, 16, 1], 5)), minus('sin(3*x)*exp(-y)', ['x', 'y'])];
    const box = unitBox(['x', 'y']);
    const { lo, hi } = encloseTerms(terms, box, 'size', { relativeWidth });
    const loose = encloseTerms(terms, box, 'size', { bound: hi!.mul(R('2')) });
    expect(loose.stopped).toBe('bound');
    expect(loose.hi!.le(hi!.mul(R('2')))).toBe(true);
    const tight = encloseTerms(terms, box, 'size', { bound: lo.mul(R('1/2')) });
    expect(tight.stopped).toBe('bound');
    expect(lo.mul(R('1/2')).lt(tight.lo)).toBe(true);
    expect(tight.boxes).toBeLessThan(5);
  });

  it('of two networks on one input', () => {
    const [a, b] = [random([2, 8, 1], 1), random([2, 8, 1], 2)];
    const box = unitBox(['x', 'y']);
    const apart = encloseTerms([output(a), output(b, Rational.of(-1))], box, 'size', { relativeWidth });
    expect(apart.stopped).toBe('width');
    expect(apart.lo.sign()).toBe(1);
    const same = encloseTerms([output(a), output(random([2, 8, 1], 1), Rational.of(-1))], box, 'size', {
      absoluteWidth,
    });
    expect(same.hi!.le(absoluteWidth)).toBe(true);
  });

  it('ends in time with the best enclosure so far', () => {
    const network = random([5, 50, 50, 50, 50, 50, 50, 1], 3);
    const start = Date.now();
    const { lo, hi, stopped } = encloseTerms([output(network)], unitBox(['a', 'b', 'c', 'd', 'e']), 'value', {
      relativeWidth,
      deadline: start + 300,
    });
    expect(stopped).toBe('time');
    expect(Date.now() - start).toBeLessThan(3000);
    expect(lo.lt(hi!)).toBe(true);
  });

  it('knows no bound where a function has none', () => {
    const terms = [{ formula: E.parseExpression('1/x', ['x']), factor: one }];
    expect(encloseTerms(terms, unitBox(['x']), 'value', { relativeWidth, mostBoxes: 100 }).hi).toBeNull();
  });

  it('names what does not fit', () => {
    const network = random([2, 3, 1], 1);
    const stop = { relativeWidth };
    expect(() => encloseTerms([output(network)], unitBox(['x']), 'value', stop)).toThrow(InputError);
    expect(() => encloseTerms([{ ...output(network), output: 'z' }], unitBox(['x', 'y']), 'value', stop)).toThrow(
      /no output "?'?z/,
    );
    expect(() => encloseTerms([{ ...output(network), index: 1 }], unitBox(['x', 'y']), 'value', stop)).toThrow(
      /entry 2/,
    );
  });
});
