import { InputError } from '../errors.js';
import type { Network } from '../network/network.js';
import { Rational } from '../numbers/rational.js';
import type { Outcome } from '../proof/fact.js';
import {
  proveScaling,
  proveSingularValueOf,
  scaledEntrySentence,
  scalingSentence,
  singularSentence,
} from '../proof/rules/matrices/index.js';
import {
  distanceSentence,
  type Norm,
  proveSawtooth,
  proveSawtoothBarrier,
  sawtoothSentence,
} from '../proof/rules/sawtooth-barrier.js';
import { proveStarDiscrepancy, starSentence } from '../proof/rules/star-discrepancy.js';
import * as E from '../symbolic/index.js';
import { type Argument, count, functionOf, outputOf, type Quantity } from './quantity.js';

const TEETH = 'layers compared with the tooth; counting of breakpoints';

/** To add a quantity: a row here. */
export const QUANTITIES: Readonly<Record<string, Quantity>> = {
  sawtooth: {
    signature: 'sawtooth(y, k)',
    arity: [2, 2],
    isProperty: true,
    says: ([y, k]) => sawtoothSentence(outputOf(y), count(k)),
    prove: (network, [y]) => ({ outcomes: [proveSawtooth(network, outputOf(y))], method: TEETH }),
  },
  distanceL1: shallow('L1'),
  distancesup: shallow('sup'),
  stardiscrepancy: {
    signature: 'stardiscrepancy(P)',
    arity: [1, 1],
    says: ([P], bounds) => starSentence(outputOf(P), bounds),
    prove: (network, [P]) => ({
      outcomes: [proveStarDiscrepancy(network, outputOf(P))],
      method: 'all boxes of the grid, counted exactly',
    }),
  },
  singularvalue: {
    signature: 'singularvalue(M, k)',
    arity: [2, 2],
    says: ([M, k], bounds) => singularSentence(outputOf(M), count(k), bounds),
    prove: (network, [M, k]) => ({
      outcomes: [proveSingularValueOf(network, outputOf(M), count(k))],
      method: "exact inertia of M'M - s^2 I at both ends",
    }),
  },
  scalingfactor: scaling('scalingfactor', (bounds) => scalingSentence('factor', bounds)),
  scalingerror: scaling('scalingerror', (bounds) => scalingSentence('error', bounds)),
  scalingentry: scaling('scalingentry', (bounds, i) => scaledEntrySentence(count(i), count(i), bounds), ', i'),
};

/** How far nets with one hidden layer of N ReLUs, of which phi is one, are from the sawtooth of depth k. */
function shallow(norm: Norm): Quantity {
  return {
    signature: `distance${norm}(y, k, N), distance${norm}(y, k, N, phi)`,
    arity: [3, 4],
    says: ([y, k, N], bounds) => distanceSentence(outputOf(y), count(k), count(N), norm, bounds),
    prove: (network, [y, k, N, phi]) => {
      const competitor = phi ? competitorOf(phi) : null;
      const depth = count(k);
      const units = `${2 * depth} ReLUs in ${depth} layers against more than 2^${depth - 2} in one`;
      return {
        outcomes: proveSawtoothBarrier(network, outputOf(y), { N: count(N), norm, competitor }),
        method: TEETH,
        notes: norm === 'L1' && depth >= 2 ? [`${units}, for a distance below 1/8`] : [],
      };
    },
  };
}

/** A piecewise linear function of one number by its knots on [0, 1]. */
function competitorOf(argument: Argument) {
  const { formula, text, variables } = functionOf(argument);
  const knots = variables.length === 1 ? E.knotsOf(formula, variables[0], Rational.zero, Rational.one) : null;
  if (knots) return { text, knots };
  throw new InputError({ found: text, allowed: `a piecewise linear expression in ${variables[0]}` });
}

/** Several claims ask for what is known of one scaling. */
const scalings = new WeakMap<Network, readonly Outcome[]>();

function scalingOf(network: Network): readonly Outcome[] {
  const found = scalings.get(network) ?? proveScaling(network);
  scalings.set(network, found);
  return found;
}

/** Of the outputs A and B: the doubly stochastic scaling of A, and how far B = D_x A D_y, whose columns sum to 1, is from it. */
function scaling(
  name: string,
  says: (bounds: Parameters<Quantity['says']>[1], i: Argument) => ReturnType<Quantity['says']>,
  more = '',
): Quantity {
  const arity = more === '' ? 2 : 3;
  return {
    signature: `${name}(A, B${more})`,
    arity: [arity, arity],
    says: ([A, B, i], bounds) => {
      if (outputOf(A) !== 'A' || outputOf(B) !== 'B')
        throw new InputError({ found: `${outputOf(A)} and ${outputOf(B)}`, allowed: 'outputs called A and B' });
      return says(bounds, i);
    },
    prove: (network) => ({
      outcomes: scalingOf(network),
      method: 'row sums of the scaled matrix, and a scaling from floats that have converged',
    }),
  };
}
