import { describe, expect, it } from 'vitest';
import { composedNet, partTensor } from '../../../constructions/composed-net.js';
import { composedPlan } from '../../../constructions/composed-plan.js';
import { compile } from '../../../src/evaluate/evaluate.js';
import { exact } from '../../../src/evaluate/exact.js';
import { Builder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { tensor } from '../../../src/network/tensor.js';
import { approximate } from '../../../src/numbers/convert.js';
import { Rational } from '../../../src/numbers/rational.js';
import { composedBounds } from '../../../src/proof/rules/composed-net.js';
import { toFloat64 } from '../../../src/symbolic/float64.js';
import { parseExpression } from '../../../src/symbolic/index.js';
import { reading } from '../../generators/reading.js';
import { rebuilt, withConstants, withEntry } from '../../generators/rebuild.js';
import { cases, stream } from '../../numbers/samples.js';

const NAMES = ['x1', 'x2'];
const BOX = NAMES.map((variable) => ({ variable, lo: Rational.zero, hi: Rational.one }));

function built(text: string, delta: Rational) {
  const f = parseExpression(text, NAMES);
  const plan = composedPlan(f, NAMES, BOX, delta);
  if (typeof plan === 'string') throw new Error(plan);
  const b = new Builder();
  const network = b.network({ y: composedNet(b, b.input('x', { token: 1, coordinate: 2 }), plan, 'Psi') });
  const tensorOf = (k: number) => partTensor('Psi', k, plan.parts.length);
  const prove = (of: Network) =>
    reading(() => composedBounds({ network: of, input: 'x', parts: plan.parts, tensor: tensorOf }, f, BOX));
  return { f, plan, network, prove };
}

/** The largest and least Psi - f at random points and at the corners. */
function sampled(network: Network, text: string, count: number) {
  const run = compile(network, exact);
  const f = toFloat64([parseExpression(text, NAMES)], NAMES);
  const random = stream(5);
  const errors = Array.from({ length: count }, (_, n) => {
    const x = [0, 1].map((i) => Rational.of(n < 4 ? (n >> i) & 1 : Math.floor(random() * 257), n < 4 ? 1 : 256));
    const [y] = run({ x: tensor([1, 2], x) }).y.dense(Rational.zero);
    return approximate(y) - f(x.map(approximate))[0];
  });
  return { least: Math.min(...errors), most: Math.max(...errors) };
}

describe.each([
  'x1*x2',
  'exp(-(x1 - x2)^2)',
  'abs(x1*x2 - 1/4)',
  '(x1^2 + x1)*x2/(2 + x2)',
  'max(x1, x2, 1/2)/2 + abs(x1 - 1/3)/4',
  '(1 + exp(-(x1 - x2)^2)*sin(3*x1*x2))/2',
])('the composed net of %s', (text) => {
  const delta = Rational.of(1, 50);
  const { plan, network, prove } = built(text, delta);

  it('has at most the error asked for, which holds at every point', () => {
    const found = prove(network);
    if (typeof found === 'string') throw new Error(found);
    const { lo, hi } = found.error;
    expect(hi.le(delta) && lo.neg().le(delta)).toBe(true);
    const { least, most } = sampled(network, text, cases(300, 3000));
    expect(least).toBeGreaterThanOrEqual(approximate(lo) - 1e-12);
    expect(most).toBeLessThanOrEqual(approximate(hi) + 1e-12);
  });

  it('has bounds that hold for any weights, or none', () => {
    const names = network.nodes.filter(({ op }) => op === 'constant').map(({ name }) => name);
    const random = stream(text.length);
    for (let n = 0; n < cases(12, 200); n++) {
      const name = names[Math.floor(random() * names.length)];
      const mutant = withConstants(network, (value, label) => {
        if (label !== name) return value;
        const index = Math.floor(random() * value.size);
        return withEntry(value, index, value.at(index, Rational.zero).mul(Rational.of(3, 2)).add(Rational.of(1, 9)));
      });
      const found = prove(mutant);
      if (typeof found === 'string') continue;
      const { least, most } = sampled(mutant, text, 60);
      expect(least).toBeGreaterThanOrEqual(approximate(found.error.lo) - 1e-12);
      expect(most).toBeLessThanOrEqual(approximate(found.error.hi) + 1e-12);
    }
  });

  it('is not read where a relu or the order of a difference has changed', () => {
    const straight = rebuilt(network, (node) => (node.op === 'relu' ? node.inputs[0] : node));
    const found = prove(straight);
    if (typeof found !== 'string' && plan.units > 0) {
      const { least, most } = sampled(straight, text, 60);
      expect(least).toBeGreaterThanOrEqual(approximate(found.error.lo) - 1e-12);
      expect(most).toBeLessThanOrEqual(approximate(found.error.hi) + 1e-12);
    }
    const other = parseExpression(`${text} + x1/1000000`, NAMES);
    const tensorOf = (k: number) => partTensor('Psi', k, plan.parts.length);
    const net = { network, input: 'x', parts: plan.parts, tensor: tensorOf };
    expect(() => composedBounds(net, other, BOX)).toThrow(/^the parts compose to/);
  });
});
