import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondLargestNet } from '../../../constructions/second-largest.js';
import { compile } from '../../../src/evaluate/evaluate.js';
import { float64 } from '../../../src/evaluate/float64.js';
import { isOp, Network, type Node } from '../../../src/network/network.js';
import { type ExactTensor, Tensor } from '../../../src/network/tensor.js';
import { toFloat } from '../../../src/numbers/convert.js';
import { doubleIntervals } from '../../../src/numbers/doubles.js';
import { FORMATS } from '../../../src/numbers/format.js';
import { Rational } from '../../../src/numbers/rational.js';
import { alikeValues, readAlikeQueries } from '../../../src/proof/rules/alike-queries.js';
import { smallRational } from '../../generators/numbers.js';

const T = 6;
const float = (x: Rational) => toFloat(x, FORMATS.float64, 'nearest');
const built = (beta: number, R: number) =>
  secondLargestNet({ T, eps: Rational.one, beta: Rational.of(beta), R: Rational.of(R) }).network;

/** The first layer, with its column of results as the output. */
function layer(network: Network): Network {
  return new Network([{ name: 'y', node: network.find('others')! }]);
}

/** The network with entry `at` of a constant moved by `by`. */
function changed(network: Network, name: string, at: number, by: Rational): Network {
  const copies = new Map<Node, Node>();
  for (const node of network.nodes) {
    const inputs = node.inputs.map((arg) => copies.get(arg)!);
    const copy = isOp(node, 'constant') && node.name === name ? moved(node, at, by) : { ...node, inputs };
    copies.set(node, copy);
  }
  return new Network(network.outputs.map((output) => ({ ...output, node: copies.get(output.node)! })));
}

function moved(node: Node<'constant'>, at: number, by: Rational): Node {
  const { value } = node.attributes;
  const entries = [...value.dense(Rational.zero)];
  entries[at % entries.length] = entries[at % entries.length].add(by);
  return { ...node, attributes: { ...node.attributes, value: new Tensor(value.shape, entries) as ExactTensor } };
}

/** What the head is said to be, in doubles. */
function stated({ slope, constant, own }: NonNullable<ReturnType<typeof readAlikeQueries>>, x: readonly number[]) {
  return x.map((_, t) => {
    const logits = x.map((entry, s) => float(slope) * entry + float(constant) + (s === t ? float(own) : 0));
    const top = Math.max(...logits);
    const powers = logits.map((z) => Math.exp(z - top));
    const total = powers.reduce((a, b) => a + b);
    return powers.reduce((sum, power, s) => sum + (power / total) * x[s], 0);
  });
}

const NAMES = ['positions', 'spread', 'W_Q', 'W_K', 'W_V'];
const drawn = fc.record({
  name: fc.constantFrom(...NAMES),
  at: fc.nat({ max: 200 }),
  by: fc.oneof(fc.constant(Rational.zero), smallRational),
  x: fc.array(smallRational, { minLength: T, maxLength: T }),
});

describe('a head whose queries are alike', () => {
  it('is read off the weights', () => {
    const network = built(40, 3);
    const found = readAlikeQueries(network.inputs[0], network.find('others')!);
    expect(found && [found.slope, found.constant, found.own].map(String)).toEqual(['40', '0', '-120']);
  });

  it('computes what is read, whatever weight is changed', () => {
    let [kept, lost] = [0, 0];
    fc.assert(
      fc.property(drawn, ({ name, at, by, x }) => {
        const network = layer(changed(built(3, 2), name, at, by));
        const found = readAlikeQueries(network.inputs[0], network.outputs[0].node);
        if (!found) {
          lost += 1;
          return;
        }
        kept += 1;
        const values = x.map(float);
        const y = compile(network, float64)({ x: new Tensor([T, 1], values) }).y.data;
        stated(found, values).forEach((value, t) => {
          expect(Math.abs(value - y[t])).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
        });
      }),
      { numRuns: 150 },
    );
    expect(kept).toBeGreaterThan(10);
    expect(lost).toBeGreaterThan(10);
  });

  it('is enclosed by kinds of tokens at points', () => {
    const network = layer(built(3, 2));
    const found = readAlikeQueries(network.inputs[0], network.outputs[0].node)!;
    fc.assert(
      fc.property(drawn, ({ x }) => {
        const y = compile(network, float64)({ x: new Tensor([T, 1], x.map(float)) }).y.data;
        const sets = alikeValues(doubleIntervals, found, x)!.data;
        sets.forEach(({ lo, hi }, t) => {
          expect(lo - 1e-12 <= y[t] && y[t] <= hi + 1e-12).toBe(true);
          expect(hi - lo).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 50 },
    );
    const many = Array.from({ length: 9 }, (_, t) => Rational.of(t));
    expect(alikeValues(doubleIntervals, { ...found, tokens: 9 }, many)).toBeNull();
  });
});
