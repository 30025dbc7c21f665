import fc from 'fast-check';
import { expect, it } from 'vitest';
import { impulseResponse } from '../../src/evaluate/impulse.js';
import { parallelParts } from '../../src/evaluate/parallel-parts.js';
import { compareTransfer, firstDifference } from '../../src/evaluate/same-response.js';
import type { StateSpace } from '../../src/network/state-space.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { quotient } from '../../src/numbers/gaussian-integer.js';
import { complexNumbers, stateSpaces } from '../generators/state-spaces.js';

/** Enough values to tell models of so few states apart. */
const LENGTH = 20;

function values(model: StateSpace): Gaussian[] {
  const response = impulseResponse(model);
  return Array.from({ length: LENGTH }, () => {
    const { numerator, denominator } = response.next().value!;
    return quotient(numerator, { re: denominator, im: 0n });
  });
}

/** Two models beside each other: the sum of both, and with the sign of `factor` their difference. */
function beside(a: StateSpace, b: StateSpace, factor: Gaussian): StateSpace {
  const depth = Math.max(a.layers.length, b.layers.length);
  const [left, right] = [a, b].map((model) => lengthened(model, depth));
  return {
    layers: left.layers.map(({ poles, B }, k) => {
      const shift = k === 0 ? 0 : left.layers[k - 1].poles.length;
      const moved = right.layers[k].B.map((row) => row.map(([j, weight]) => [j + shift, weight] as const));
      return { poles: [...poles, ...right.layers[k].poles], B: [...B, ...moved] };
    }),
    C: [
      ...left.C,
      ...right.C.map(([j, weight]) => [j + left.layers[depth - 1].poles.length, weight.mul(factor)] as const),
    ],
  };
}

/** Layers of states without memory that hand on what they are given. */
function lengthened({ layers, C }: StateSpace, depth: number): StateSpace {
  const width = layers.at(-1)!.poles.length;
  const copy = {
    poles: new Array(width).fill(Gaussian.zero),
    B: Array.from({ length: width }, (_, j) => [[j, Gaussian.one] as const]),
  };
  return { layers: [...layers, ...new Array(depth - layers.length).fill(copy)], C };
}

const NOTHING: StateSpace = { layers: [{ poles: [], B: [] }], C: [] };

it('the parts of a model add up to it and share no nonzero pole', () => {
  fc.assert(
    fc.property(stateSpaces, stateSpaces, (a, b) => {
      const model = beside(a, b, Gaussian.one);
      const parts = parallelParts(model, NOTHING).map(({ models: [part] }) => part);
      const zeros = Array.from({ length: LENGTH }, () => Gaussian.zero);
      const sums = parts.map(values).reduce((sum, own) => sum.map((value, t) => value.add(own[t])), zeros);
      expect(sums.map(String)).toEqual(values(model).map(String));
      const poles = parts.map(({ layers }) => new Set(layers.flatMap((layer) => layer.poles.map(String))));
      for (const pole of poles.flatMap((own) => [...own]))
        expect(pole === '0' || poles.filter((own) => own.has(pole)).length === 1).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('models are the same exactly when their difference has the response 0', () => {
  fc.assert(
    fc.property(stateSpaces, stateSpaces, complexNumbers, fc.boolean(), (a, b, extra, changes) => {
      const [found, other] = [beside(a, b, Gaussian.one), beside(b, a, Gaussian.one)];
      const [[j, weight] = [0, Gaussian.zero], ...rest] = other.C;
      const expected = changes ? { ...other, C: [[j, weight.add(extra)] as const, ...rest] } : other;
      const [left, right] = [values(found), values(expected)];
      const t = left.findIndex((value, k) => !value.equals(right[k]));
      const { difference } = firstDifference(found, expected, LENGTH);
      expect(difference?.t ?? -1).toBe(t);
      if (difference)
        expect([difference.found, difference.expected].map(String)).toEqual([left[t], right[t]].map(String));
      expect(compareTransfer(found, expected).disagreement === null).toBe(t === -1);
    }),
    { numRuns: 60 },
  );
});
