import { InputError, quote } from '../errors.js';
import type { Network } from '../network/network.js';
import type { Sentence, SpecialBounds } from '../proof/sentence.js';
import type { Proof } from '../proof/theorem.js';
import { type Callable, integerValue, type Value } from './value.js';

/** What a quantity is of: outputs by name, numbers, functions; undefined for what is not given. */
export type Argument = { readonly output: string } | Value | undefined;

/**
 * A number, or without bounds a property, of a network that the language of statements has no words for, with the rule that shows
 * it: `name(arguments) <= bound` in a claim of a theorem file, or >=, =, and `?` for the bound.
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

export function functionOf(argument: Argument): Callable {
  if (argument && 'kind' in argument && argument.kind === 'function') return argument;
  throw new InputError({ found: 'an argument that is no function', allowed: 'the name of a function' });
}

export function outputOf(argument: Argument): string {
  if (argument && 'output' in argument) return argument.output;
  throw new InputError({ found: 'an argument that is no output of the network', allowed: 'the name of an output' });
}

/** From 0 to this. */
const LARGEST = 2 ** 40;

export function count(argument: Argument): number {
  if (argument && 'kind' in argument) return integerValue(argument, 'an argument', 0, LARGEST);
  const found = argument ? `the output ${quote(argument.output)}` : 'an argument without a value';
  throw new InputError({ found, allowed: 'an integer' });
}
