import { InputError, quote } from '../errors.js';
import type { Network } from '../network/network.js';
import { Rational } from '../numbers/rational.js';
import {
  distanceSentence,
  type Norm,
  proveSawtooth,
  proveSawtoothBarrier,
  sawtoothSentence,
} from '../proof/rules/sawtooth-barrier.js';
import type { Sentence, SpecialBounds } from '../proof/sentence.js';
import type { Proof } from '../proof/theorem.js';
import * as E from '../symbolic/index.js';
import { type Callable, integerValue, type Value } from './value.js';

/** What a quantity is of: outputs by name, numbers, functions; undefined for a function that is not given. */
export type Argument = { readonly output: string } | Value | undefined;

/**
 * A number, or without bounds a property, of a network that the language of statements has no words for, with the rule that shows
 * it: `name(arguments) <= bound` in a claim of a theorem file, or >=, =, and `?` for the bound. To add one: a row of `QUANTITIES`.
 */
export interface Quantity {
  /** As the documentation shows it. */
  readonly signature: string;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly isProperty?: boolean;
  says(args: readonly Argument[], bounds: SpecialBounds): Sentence;
  prove(network: Network, args: readonly Argument[]): Proof;
}

const TEETH = 'layers compared with the tooth; counting of breakpoints';

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

function functionOf(argument: Argument): Callable {
  if (argument && 'kind' in argument && argument.kind === 'function') return argument;
  throw new InputError({ found: 'an argument that is no function', allowed: 'the name of a function' });
}

function outputOf(argument: Argument): string {
  if (argument && 'output' in argument) return argument.output;
  throw new InputError({ found: 'an argument that is no output of the network', allowed: 'the name of an output' });
}

/** From 0 to this. */
const LARGEST = 2 ** 40;

function count(argument: Argument): number {
  if (argument && 'kind' in argument) return integerValue(argument, 'an argument', 0, LARGEST);
  const found = argument ? `the output ${quote(argument.output)}` : 'an argument without a value';
  throw new InputError({ found, allowed: 'an integer' });
}
