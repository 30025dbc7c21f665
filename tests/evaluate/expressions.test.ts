import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { inputVariable, nodeExpressions } from '../../src/evaluate/expressions.js';
import { Builder } from '../../src/network/builder.js';
import { contains } from '../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases } from '../numbers/samples.js';
import { softmaxAt } from './softmax.js';

describe('the entries of a network as expressions', () => {
  it('have the exact values of the network at every point', () => {
    const operations = RATIONAL_STEPS;
    const networks = randomNetworks({ operations, weights: smallRational, steps: 6 });
    fc.assert(
      fc.property(
        networks.chain((network) => fc.tuple(fc.constant(network), inputsOf(network))),
        ([network, inputs]) => {
          const values = compile(network, exact)(inputs);
          const point = new Map(
            Object.entries(inputs).flatMap(([name, { data }]) =>
              data.map((x, k) => [inputVariable(name, k), x] as const),
            ),
          );
          for (const { name, node } of network.outputs) {
            const entries = nodeExpressions(network, node).map((e) => E.evaluateExact(e, point));
            expect(entries.map(String)).toEqual(values[name].dense(Rational.zero).map(String));
          }
        },
      ),
      { numRuns: cases(150, 5000) },
    );
  });

  it('write a softmax without an exponential that stands alone', () => {
    const b = new Builder();
    const p = b.softmax(b.input('z', { token: 3 }), 0);
    const network = b.network({ p });
    const A = ballIntervals(128);
    const logits = [1e6, 1e6 - 1, -1e6];
    const program = E.toIntervals(nodeExpressions(network, p), ['z_0', 'z_1', 'z_2'], A);
    const values = program(logits.map((z) => A.fromDoubles(z, z))).slice(0, 2);
    softmaxAt(logits)
      .slice(0, 2)
      .forEach((expected, i) => {
        expect(A.outer(values[i]).lo).toBeLessThanOrEqual(expected.toNumber());
        expect(A.outer(values[i]).hi).toBeGreaterThanOrEqual(expected.toNumber());
        expect(A.outer(values[i]).hi - A.outer(values[i]).lo).toBeLessThan(1e-15);
      });
  });

  it('take the names that the caller gives', () => {
    const b = new Builder();
    const y = b.relu(b.input('x', { coordinate: 2 }));
    const entries = nodeExpressions(b.network({ y }), y, (name, index) => `${name}${'ab'[index]}`);
    expect(entries.map(E.toText)).toEqual(['max(xa, 0)', 'max(xb, 0)']);
    const A = ballIntervals(128);
    const value = E.enclose(entries[0], A, new Map([['xa', A.of(Rational.of(-3))]]));
    expect(contains(A, value, Rational.zero)).toBe(true);
  });
});
