import { InputError, quote } from '../../errors.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, sparse, Tensor } from '../../network/tensor.js';
import { doubleIntervals as A } from '../../numbers/doubles.js';
import { Rational } from '../../numbers/rational.js';
import { constantForm, type Form, tableForm, ZERO } from './form.js';

/** Sequences of tokens, as a statement names them. */
export interface Alphabets {
  readonly name: string;
  readonly alphabets: readonly (readonly Rational[])[];
}

/** How the one input of a network holds a sequence: the tokens themselves, or unit vectors, token k the (k+1)-th. */
export interface Coding {
  readonly input: string;
  readonly shape: readonly number[];
  /** The length of the unit vectors; null where the tokens are the entries. */
  readonly symbols: number | null;
}

/** Throws InputError for a network with several inputs, and for an input that holds no such sequences. */
export function codingOf({ inputs }: Network, { name, alphabets }: Alphabets): Coding {
  const [input, ...others] = inputs;
  const length = alphabets.length;
  if (!input || others.length > 0)
    throw new InputError({
      found: `${inputs.length} inputs for the sequence ${quote(name)}`,
      allowed: 'networks with one input',
      mend: 'join the inputs into one in the model that is exported',
    });
  const shape = sizes(input.shape);
  const { name: own } = input.attributes;
  if (own !== name && name !== 'x' && name !== 's')
    throw new InputError({ found: `'for all ${name}': no input is called ${quote(name)}`, allowed: `${own}, or s` });
  const size = sizeOf(shape);
  if (size === length && shape.at(-1) === length) return { input: own, shape, symbols: null };
  if (size === length && shape.every((axis) => axis === 1 || axis === length))
    return { input: own, shape, symbols: null };
  const symbols = size / length;
  const dims = shape.filter((axis) => axis !== 1);
  const expected = [length, symbols].filter((axis) => axis !== 1);
  if (!Number.isInteger(symbols) || dims.join() !== expected.join())
    throw new InputError({
      found: `sequences of ${length} tokens for the input ${quote(own)} of shape [${shape.join(', ')}]`,
      allowed: 'as many tokens as the input has entries (the tokens themselves) or rows (unit vectors)',
    });
  alphabets.forEach((values, k) => {
    const stray = values.find((value) => !value.isInteger() || value.sign() < 0 || value.num >= BigInt(symbols));
    if (stray)
      throw new InputError({
        found: `the token ${stray} at place ${k + 1} for unit vectors of length ${symbols}`,
        allowed: `0 to ${symbols - 1}: token k stands for the (k+1)-th unit vector`,
      });
  });
  return { input: own, shape, symbols };
}

/** The input as forms; tokens that are pinned have one value, by its place in the alphabet. */
export function inputForms(
  { shape, symbols }: Coding,
  { alphabets }: Alphabets,
  pinned: ReadonlyMap<number, number>,
): Tensor<Form> {
  const entries = alphabets.flatMap((alphabet, token): Form[] => {
    const place = pinned.get(token);
    const values = place === undefined ? alphabet : [alphabet[place]];
    const form = (of: (value: Rational) => Rational): Form => {
      const table = values.map((value) => A.of(of(value)));
      return table.length === 1 ? constantForm(table[0]) : tableForm(token, table);
    };
    if (symbols === null) return [form((value) => value)];
    return Array.from({ length: symbols }, (_, k) => {
      const symbol = Rational.of(k);
      return values.some((value) => value.equals(symbol))
        ? form((value) => (value.equals(symbol) ? Rational.one : Rational.zero))
        : ZERO;
    });
  });
  return new Tensor(shape, entries);
}

/** The input for one sequence, by the places of its tokens in their alphabets. */
export function inputOf(
  { shape, symbols }: Coding,
  { alphabets }: Alphabets,
  places: readonly number[],
): Tensor<Rational> {
  const tokens = alphabets.map((alphabet, k) => alphabet[places[k]]);
  if (symbols === null) return new Tensor(shape, tokens);
  return sparse(
    shape,
    tokens.map((token, k) => [k * symbols + Number(token.num), Rational.one] as const),
  );
}
