import { InputError } from '../../src/errors.js';
import { compile, type Values } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { readCanonical } from '../../src/files/canonical.js';
import type { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { Tensor } from '../../src/network/tensor.js';
import { PlainNetwork } from './plain.js';

/** Room for the rounding of doubles. */
export const ROUNDING = 1e-9;

/** A network, also one that the rules of execution in batches refuse. */
export type Readable = Network | PlainNetwork;

export type Conclusion = { readonly kind: string } & Readonly<Record<string, never>>;

/** What contradicts a conclusion about a network, with the steps and the text of the network; null where nothing is found. */
export type Trial = (
  net: Readable,
  conclusion: Conclusion,
  steps: readonly { readonly data: never }[],
  text: string,
) => string | null;

export function readNetwork(text: string): Readable {
  try {
    return readCanonical(text);
  } catch (error) {
    if (error instanceof InputError && /batch axis|cannot be concatenated/.test(error.message))
      return new PlainNetwork(text);
    throw error;
  }
}

export function running(net: Readable): (inputs: Readonly<Record<string, Tensor<number>>>) => Values<number> {
  return net instanceof PlainNetwork ? (inputs) => net.run(inputs) : compile(net, float64);
}

export function executable(net: Readable): Network {
  if (net instanceof PlainNetwork) throw new Error('a conclusion about a network that is not executed in batches');
  return net;
}

/** What the names of a sentence stand for at a point, in doubles; a variable may be no input of the network. */
export function valuesAt(net: Readable) {
  const shapes = new Map([...net.inputs].map(({ attributes: { name }, shape }) => [name, sizes(shape)]));
  const evaluate = running(net);
  return (given: Record<string, number[]>) => {
    const variables = Object.entries(given).map(([name, entries]) => {
      return [name, { shape: shapes.get(name) ?? [entries.length], entries }] as const;
    });
    const read = variables.filter(([name]) => shapes.has(name));
    const inputs = read.map(([name, { shape, entries }]) => [name, new Tensor(shape, entries)] as const);
    const found = Object.entries(evaluate(Object.fromEntries(inputs))).map(([name, values]) => {
      return [name, { shape: values.shape, entries: values.dense(0) }] as const;
    });
    return Object.fromEntries([...found, ...variables]);
  };
}

/** The outputs of a network with one input [time] for the input 1, 0, 0, ... */
export function outputsOfImpulse(net: Readable): Readonly<Record<string, readonly number[]>> {
  const [{ attributes, shape }] = net.inputs;
  const length = sizes(shape)[0];
  const impulse = new Tensor(
    [length],
    Array.from({ length }, (_, t) => (t === 0 ? 1 : 0)),
  );
  const outputs = running(net)({ [attributes.name]: impulse });
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.dense(0)]));
}

const LONGEST = 40;

export function number(text: unknown): number {
  const [p, q = '1'] = String(text).split('/');
  // Fractions of more than 308 digits on either side.
  if (p.length > LONGEST && q.length > LONGEST) {
    const cut = Math.min(p.length, q.length) - LONGEST;
    return Number(p.slice(0, -cut)) / Number(q.slice(0, -cut));
  }
  return Number(p) / Number(q);
}

/** Corners, the diagonal, points with one coordinate apart from the others, and a fixed sequence of others. */
export function* points(n: number): Generator<number[]> {
  for (let k = 0; k <= 96; k++) yield new Array<number>(n).fill(k / 96);
  for (let i = 0; i < n && n > 1; i++) {
    for (let k = 0; k < 16; k++)
      for (const rest of [0, 0.3, 1]) yield Array.from({ length: n }, (_, j) => (j === i ? k / 15 : rest));
  }
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let k = 0; k < 150; k++) yield Array.from({ length: n }, () => Math.min(1, Math.max(0, random() * 1.2 - 0.1)));
}
