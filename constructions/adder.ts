import { Builder, filled, type Network, type Node, Rational, Tensor, tensor } from '../src/index.js';

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
 *
 * That takes 57 numbers, whatever n is. Most of them can be saved, one idea after the other, for others that one may or may not call
 * parameters: scores for the ten digits alone (51); slopes 2 k from the values of the digits themselves (41); offsets as their
 * squares (31); signs and the start token without a value (28); digits counted up by a matrix of zeros and ones (19); one number
 * for each threshold in place of two units (7).
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
  /** How many of these ideas are used, 0 to 6; none when absent. */
  readonly saved?: number;
}

/** How many numbers the network has, by how many ideas are used. */
export const ADDER_PARAMETERS = [57, 51, 41, 31, 28, 19, 7] as const;

export const TOKENS = { plus: 10, equals: 11, start: 12 } as const;
export const SYMBOLS = 13;

/** Position codes are multiples of 2^-20. */
const GRID = 2 ** 20;
const MASKED = Rational.of(-1024);

/** beta with all that leaks at most 1/50 of a digit's range: (3n + 3) e^(-beta (1 - cos w)) <= 1/400. */
export function adderStrength(n: number): Rational {
  return Rational.of(Math.ceil(Math.log(400 * (3 * n + 3)) / (1 - Math.cos((2 * Math.PI) / (n + 1)))));
}

export function adderNet({ n, beta = adderStrength(n), saved = 0 }: AdderParams): {
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
  const { values, digits, one } = valuesOf(b, saved);
  const x = b.matmul(s, values, 'x');
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

  const double = b.constant(numbers([1, 1], 2), 'double');
  const number = (value: number, name: string) => b.constant(numbers([1, 1], value), name);
  /** relu(z - at) - relu(z - at - 1). */
  const step = (z: Node, at: number, name: string) => {
    const above = b.sub(z, number(at, name));
    return b.sub(b.relu(above, `${name}.low`), b.relu(b.sub(above, one!), `${name}.high`), `${name}.step`);
  };
  const carryOf = (): Node => {
    if (saved >= 6) return step(b.sub(b.mul(h2, number(3, 'three')), b.mul(x, double)), 4, 'carry');
    const read = b.concat([x, h1, h2], 1, 'read');
    const carried = b.relu(
      b.affine(
        read,
        b.constant(numbers([3, 2], -2, -2, 0, 0, 3, 3), 'carry.in'),
        b.constant(numbers([2], -4, -5), 'carry.bias'),
      ),
      'carry.units',
    );
    return b.matmul(carried, b.constant(numbers([2, 1], 1, -1), 'carry.out'), 'carry');
  };
  const carry = carryOf();
  const u = b.add(b.mul(h1, double, 'both'), carry, 'u');
  const digitOf = (): Node => {
    if (saved >= 6) return b.sub(u, b.mul(step(b.mul(u, double), 18.5, 'over'), number(10, 'ten')), 'y');
    const over = b.relu(
      b.affine(u, b.constant(numbers([1, 2], 2, 2), 'over.in'), b.constant(numbers([2], -18.5, -19.5), 'over.bias')),
      'over.units',
    );
    return b.add(u, b.matmul(over, b.constant(numbers([2, 1], -10, 10), 'over.out'), 'over'), 'y');
  };
  const y = digitOf();
  const scored = saved === 0 ? SYMBOLS : 10;
  const slopes = Array.from({ length: scored }, (_, k) => Rational.of(k < 10 ? 2 * k : 0));
  const offsets = Array.from({ length: scored }, (_, k) => Rational.of(k < 10 ? -k * k : -200));
  const rising =
    saved < 2
      ? b.matmul(y, b.constant(tensor([1, scored], slopes), 'slopes'))
      : b.matmul(y, b.transpose(b.mul(digits, double), [1, 0], 'slopes'));
  const logits =
    saved < 3
      ? b.add(rising, b.constant(tensor([scored], offsets), 'offsets'), 'logits')
      : b.sub(rising, b.transpose(b.mul(digits, digits), [1, 0], 'squares'), 'logits');
  return { network: b.network({ logits }), design: { n, beta, length } };
}

/** The values of all tokens [13, 1], those of the digits [10, 1], and the number 1 where digits are counted up by it. */
function valuesOf(
  b: Builder,
  saved: number,
): { readonly values: Node; readonly digits: Node; readonly one: Node | null } {
  if (saved < 4) {
    const entries = Array.from({ length: SYMBOLS }, (_, k) => Rational.of(k < 10 ? k : 0));
    const values = b.constant(tensor([SYMBOLS, 1], entries), 'value');
    const digits = saved < 2 ? values : b.gather(values, 0, [...Array(10).keys()], 'digits');
    return { values, digits, one: null };
  }
  const none = b.constant(filled([SYMBOLS - 10, 1], Rational.zero), 'none', 'structure');
  if (saved === 4) {
    const digits = b.constant(
      tensor(
        [10, 1],
        [...Array(10).keys()].map((k) => Rational.of(k)),
      ),
      'value',
    );
    return { values: b.concat([digits, none], 0, 'values'), digits, one: null };
  }
  const one = b.constant(filled([1, 1], Rational.one), 'one');
  const below = Array.from({ length: 90 }, (_, k) => Rational.of(Number(k % 9 < Math.floor(k / 9))));
  const counted = b.constant(tensor([10, 9], below), 'below', 'structure');
  const ones = b.mul(b.constant(filled([9, 1], Rational.one), 'each', 'structure'), one);
  const digits = b.matmul(counted, ones, 'digits');
  return { values: b.concat([digits, none], 0, 'values'), digits, one };
}

function half(value: number): Rational {
  return Rational.of(2 * value, 2);
}
