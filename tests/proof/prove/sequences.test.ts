import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.js';
import { Builder } from '../../../src/network/builder.js';
import { tensor } from '../../../src/network/tensor.js';
import { Rational } from '../../../src/numbers/rational.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { readModels } from '../../../src/proof/prove/read-models.js';
import { parseStatement } from '../../../src/statement/index.js';

/** Scores (s_1 + s_2 + s_3 - k)^2, negated: the largest at the sum of the tokens. */
function sums() {
  const b = new Builder();
  const s = b.input('s', { T: 3 });
  const total = b.matmul(s, b.constant(tensor([3, 1], [Rational.one, Rational.one, Rational.one])));
  const numbers = Array.from({ length: 7 }, (_, k) => Rational.of(k));
  const slopes = b.constant(
    tensor(
      [1, 7],
      numbers.map((k) => k.mul(Rational.of(2))),
    ),
  );
  const offsets = b.constant(
    tensor(
      [7],
      numbers.map((k) => k.mul(k).neg()),
    ),
  );
  return b.network({ y: b.add(b.matmul(total, slopes), offsets) });
}

function proved(text: string) {
  const model = { name: null, file: 'sums.json', sha256: '', network: sums() };
  const { claims } = prove([model], new Map([['claim', parseStatement(text)]]), {
    width: Rational.of(1, 100),
    progress: () => {},
  });
  return claims[0];
}

describe('statements about all sequences', () => {
  it.each([
    ['for all s in {0..2}^3: argmax(y) = 1 + s[1] + s[2] + s[3]', 'proved'],
    ['for all s in {0..2}^3: margin(y, 1 + s[1] + s[2] + s[3]) >= 1', 'proved'],
    ['for all s in {0..2}^3: margin(y, 1 + s[1] + s[2] + s[3]) > 1', 'refuted'],
    ['for all s in {0..2}^3: margin(y, 1 + s[1] + s[2] + s[3]) >= ?', 'proved'],
    ['for all s in {0..2}^3: argmax(y) = 1 + s[1] + s[2]', 'refuted'],
    ['for all s in {0..2}^3 with s[3] = 0: argmax(y) = 1 + s[1] + s[2]', 'proved'],
    ['for all s in {0..2}^3 with s[1] <= s[2] and s[3] = s[1]: argmax(y) = 1 + 2*s[1] + s[2]', 'proved'],
    ['for all s in {0..2}^3 with s[1] < s[2]: argmax(y) = 1 + max(s[1], s[2]) + min(s[1], s[2]) + s[3]', 'proved'],
    ['for all s in {0..1}^3: argmax(y) = 1 + count(s[1..3], 1)', 'proved'],
    ['for all s in {0..1}^3: argmax(y) = 2 + carry(s[1..1], s[2..2], 2) + mod(s[1] + s[2] + s[3], 2)', 'refuted'],
    ['for all s in {0..1}^3: argmax(y) = 1 + mod(s[1] + s[2], 2) + 2*quotient(s[1] + s[2], 2) + s[3]', 'proved'],
    ['for all s in {0..1}^3: argmax(y) = 1 + automaton(s, 0, [0, 1, 2, 3], [1, 2, 3, 3])', 'proved'],
    ['for all s in {2} x {2} x {2} with s[1] < s[2]: argmax(y) = 1', 'proved'],
  ])('%s: %s', (text, verdict) => {
    expect(proved(text).verdict).toBe(verdict);
  });

  it('show the sequence that refutes them, and the least margin', () => {
    const refuted = proved('for all s in {0..2}^3: argmax(y) = 1 + s[1] + s[2]');
    const { s } = refuted.witness as { s: string[] };
    expect(s[2]).not.toBe('0');
    const { enclosure } = proved('for all s in {0..2}^3: margin(y, 1 + s[1] + s[2] + s[3]) >= ?');
    expect([enclosure?.lo?.toString(), enclosure?.hi?.toString()]).toEqual(['1', '1']);
  });

  it.each([
    ['for all s in {0..2}^3: argmax(y) = 1 + s[4]', /index 4/],
    ['for all s in {0..2}^3: argmax(y) = 2 + s[1] + s[2] + s[3]', /the place 8 at s = \(2, 2, 2\); allowed: 1 to 7/],
    ['for all s in {0..2}^3: argmax(y) = s[1] + s[2]', /the place 0 at s = \(0, 0, 0\)/],
    ['for all s in {0..2}^3: margin(y, 1/2 + s[1]) >= 0', /the place 1\/2/],
    ['for all s in {0..2}^3: argmax(y[1 + 1/10^30]) = 1', /in the place of an integer/],
    ['for all s in {0..2}^3: argmax(y) = 1 + carry(s[1..2], s[3..3])', /carry of 2 and 1 digits/],
    ['for all s in {0..2}^3: argmax(y) = mod(s[1], 0)', /mod\(u, 0\)/],
    ['for all s in {0..2}^3: argmax(z) = 1', /'z'/],
    ['for all s in {0..2}^3: argmax(y) = 1 + automaton(s, 4, [0, 1], [1, 0], [0, 1])', /automaton/],
    ['for all s in {0..2}^4: argmax(y) = 1', /4 tokens/],
    ['for all s in {0..2}^3 with s[1] = 0 = s[2]: argmax(y) = 1', /one comparison/],
  ])('%s is bad input', (text, message) => {
    expect(() => proved(text)).toThrow(InputError);
    expect(() => proved(text)).toThrow(message);
  });
});

/** One token chooses a row of scores; the second row is a tie. */
describe('what sequences of tokens are asked otherwise than they can be', () => {
  const b = new Builder();
  const s = b.input('s', { T: 1, V: 2 });
  const rows = [1, 0, 1, 1].map((score) => Rational.of(score, 3));
  const network = b.network({ y: b.matmul(s, b.constant(tensor([2, 2], rows))) });
  const say = (text: string) =>
    prove([{ name: null, file: 'row.json', sha256: '', network }], new Map([['claim', parseStatement(text)]]), {
      width: Rational.of(1, 100),
      progress: () => {},
    }).claims[0];

  it('is told what can be asked', () => {
    expect(() => say('for all s in {0..1}: y[1] <= 2')).toThrow(/argmax\(y\[t\]\) = f\(s\)/);
    expect(() => say('for all s in {0..1}: argmax(y[1]) = 1')).toThrow(/\[1, 2\], of which axes of length 1/);
  });

  it('says why a tie of entries is not decided, or decides it', () => {
    const { verdict, facts } = say('for all s in {0..1}: argmax(y) = 1');
    expect(verdict === 'refuted' || facts.join().includes('it may be equal')).toBe(true);
  });
});

/**
 * tests/onnx/fixtures/tokens/trained.py: LayerNorm, rotary positions, two heads, GELU, trained in PyTorch, which finds the least margin
 * 1.711358666 over all 1024 sequences at (0, 0, 0, 0, 0).
 */
describe('a transformer that was trained', () => {
  const say = async (text: string) => {
    const models = await readModels(['tests/onnx/fixtures/tokens/trained-max.onnx'], undefined, 5);
    const options = { width: Rational.of(1, 100), progress: () => {} };
    return prove(models, new Map([['claim', parseStatement(text)]]), options).claims[0];
  };

  it('is proved to find the largest of five tokens, and refuted where that is not asked', async () => {
    const max = 'argmax(y) = 1 + max(s[1], s[2], s[3], s[4], s[5])';
    const { verdict, enclosure } = await say(`for all s in {0..3}^5: ${max}`);
    expect(verdict).toBe('proved');
    expect(Number(enclosure!.lo!.num) / Number(enclosure!.lo!.den)).toBeCloseTo(1.711358666, 4);
    expect((await say('for all s in {0..3}^5: argmax(y) = 1 + max(s[1], s[2], s[3], s[4])')).verdict).toBe('refuted');
  });
});
