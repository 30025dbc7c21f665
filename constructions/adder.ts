import { Builder, filled, type Network, Rational, Tensor, tensor } from '../src/index.js';

/**
 * A causal transformer that adds two numbers of n digits, least significant digit first, token by token:
 *
 *     start a_1 ... a_n + b_1 ... b_n = s_1 ... s_(n+1)
 *
 * One layer of two heads, two layers of ReLUs with two units each. The text repeats itself with the period n + 1: seen
 * from the token before s_t, the digits a_t and b_t lie 2n + 1 and n tokens back, both -1 modulo n + 1, and a_(t-1),
 * b_(t-1) and s_(t-1) lie 2n + 2, n + 1 and 0 tokens back, all 0. So a rotary code of one frequency, w = 2 pi/(n + 1),
 * finds them: with logits beta cos(w(i - j + 1)) head 1 comes to h_1 = (a_t + b_t)/2, with beta cos(w(i - j)) head 2 to
 * h_2 = (a_(t-1) + b_(t-1) + s_(t-1))/3, up to what leaks to other tokens, at most e^(-beta(1 - cos w)) each.
 * Signs and the start token have the value 0, which makes them the missing digits at both ends.
 *
 * Then v = 3 h_2 - 2 s_(t-1) = a_(t-1) + b_(t-1) - s_(t-1) is -1 or 0 where nothing is carried, and 9 or 10 where 1 is:
 * c = relu(v - 4) - relu(v - 5). With u = 2 h_1 + c the digit is y = u - 10 (relu(2 u - 37/2) - relu(2 u - 39/2)), and the
 * logit 2 k y - k^2 = y^2 - (y - k)^2 is largest at k = y, by 1 where nothing leaks.
 */
export interface AdderDesign {
  readonly n: number;
  readonly beta: Rational;
  /** How many tokens a text has, without the last digit, which is only ever the answer. */
  readonly length: number;
}

export interface AdderParams {
  readonly n: number;
  /** Strength of the attention; prescribed when absent. */
  readonly beta?: Rational;
}

export const TOKENS = { plus: 10, equals: 11, start: 12 } as const;
export const SYMBOLS = 13;

/** Position codes are multiples of 2^-20. */
const GRID = 2 ** 20;
const MASKED = Rational.of(-1024);

/** beta with all that leaks at most 1/50 of a digit's range: (3n + 3) e^(-beta (1 - cos w)) <= 1/400. */
export function adderStrength(n: number): Rational {
  return Rational.of(Math.ceil(Math.log(400 * (3 * n + 3)) / (1 - Math.cos((2 * Math.PI) / (n + 1)))));
}

export function adderNet({ n, beta = adderStrength(n) }: AdderParams): {
  readonly network: Network;
  readonly design: AdderDesign;
} {
  const length = 3 * n + 3;
  const b = new Builder();
  const w = (2 * Math.PI) / (n + 1);
  const near = (x: number) => Rational.of(BigInt(Math.round(x * GRID)), BigInt(GRID));
  const code = (phase: number) =>
    tensor(
      [length, 2],
      Array.from({ length }, (_, i) => [near(Math.cos(w * (i + phase))), near(Math.sin(w * (i + phase)))]).flat(),
    );
  const numbers = (shape: readonly number[], ...entries: readonly (number | Rational)[]) =>
    tensor(
      shape,
      entries.map((entry) => (typeof entry === 'number' ? half(entry) : entry)),
    );

  const s = b.input('s', { T: length, V: SYMBOLS });
  const values = Array.from({ length: SYMBOLS }, (_, k) => Rational.of(k < 10 ? k : 0));
  const x = b.matmul(s, b.constant(tensor([SYMBOLS, 1], values), 'value'), 'x');
  const mask = new Tensor(
    [length, length],
    Array.from({ length: length * length }, (_, k) => (k % length > Math.floor(k / length) ? MASKED : Rational.zero)),
  );
  const causal = b.constant(mask, 'causal', 'structure');
  const keys = b.transpose(b.constant(code(0), 'position', 'structure'), [1, 0], 'keys');
  const strength = b.constant(filled([1, 1], beta), 'beta');
  const head = (phase: number, name: string) => {
    const queries = b.mul(b.constant(code(phase), `${name}.position`, 'structure'), strength, `${name}.queries`);
    const logits = b.add(b.matmul(queries, keys), causal, `${name}.logits`);
    return b.matmul(b.softmax(logits, 1, `${name}.weights`), x, name);
  };
  const [h1, h2] = [head(1, 'h1'), head(0, 'h2')];

  const read = b.concat([x, h1, h2], 1, 'read');
  const carried = b.relu(
    b.affine(
      read,
      b.constant(numbers([3, 2], -2, -2, 0, 0, 3, 3), 'carry.in'),
      b.constant(numbers([2], -4, -5), 'carry.bias'),
    ),
    'carry.units',
  );
  const carry = b.matmul(carried, b.constant(numbers([2, 1], 1, -1), 'carry.out'), 'carry');
  const u = b.add(b.mul(h1, b.constant(numbers([1, 1], 2), 'double'), 'both'), carry, 'u');
  const over = b.relu(
    b.affine(u, b.constant(numbers([1, 2], 2, 2), 'over.in'), b.constant(numbers([2], -18.5, -19.5), 'over.bias')),
    'over.units',
  );
  const y = b.add(u, b.matmul(over, b.constant(numbers([2, 1], -10, 10), 'over.out'), 'over'), 'y');
  const slopes = Array.from({ length: SYMBOLS }, (_, k) => Rational.of(k < 10 ? 2 * k : 0));
  const offsets = Array.from({ length: SYMBOLS }, (_, k) => Rational.of(k < 10 ? -k * k : -200));
  const logits = b.affine(
    y,
    b.constant(tensor([1, SYMBOLS], slopes), 'slopes'),
    b.constant(tensor([SYMBOLS], offsets), 'offsets'),
    'logits',
  );
  return { network: b.network({ logits }), design: { n, beta, length } };
}

function half(value: number): Rational {
  return Rational.of(2 * value, 2);
}
