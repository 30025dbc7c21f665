import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm, sha256 } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { parseRational } from '../../src/numbers/parse.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import type { SequenceMargin } from '../../src/proof/propositions/sequence.js';
import { proveMargin } from '../../src/proof/rules/sequences/margin.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';
const CASES = NIGHTLY ? 3000 : 60;

type Random = () => number;

const upTo = (random: Random, n: number) => Math.floor(random() * n);

function matrix(random: Random, shape: readonly number[], scale: number) {
  const size = shape.reduce((a, b) => a * b, 1);
  const entry = () => Rational.of(Math.round((random() - 0.5) * 16 * scale), 8);
  return tensor(shape, Array.from({ length: size }, entry));
}

/** What exporters write for -Infinity, beside the diagonal. */
function mask(random: Random, T: number) {
  const lowest = ['-10000', '-65504', '-1000000000', `-${2n ** 128n - 2n ** 104n}`][upTo(random, 4)];
  const entry = (k: number) => (k % (T + 1) !== 0 && random() < 0.5 ? parseRational(lowest) : Rational.zero);
  return tensor(
    [T, T],
    Array.from({ length: T * T }, (_, k) => entry(k)),
  );
}

/** A small transformer with random weights: attention by content, by places or by both, a norm, and units of one kind or another. */
function someNetwork(random: Random, T: number, V: number, K: number): Network {
  const b = new Builder();
  const s = b.input('s', { T, V });
  const d = 1 + upTo(random, 2);
  let x = b.matmul(s, b.constant(matrix(random, [V, d], 2)));
  if (random() < 0.3) x = b.normalise(x, 1, Rational.of(1, 10));
  const places = b.constant(matrix(random, [T, T], 4));
  const kind = upTo(random, 3);
  const content = () => b.matmul(b.matmul(x, b.constant(matrix(random, [d, d], 2))), b.transpose(x, [1, 0]));
  const bare = kind === 0 ? places : kind === 1 ? content() : b.add(content(), places);
  const logits = random() < 0.3 ? b.add(bare, b.constant(mask(random, T))) : bare;
  const h = b.matmul(b.softmax(logits, 1), x);
  let y = random() < 0.5 ? b.add(h, x) : b.concat([x, h], 1);
  const width = random() < 0.5 ? 1 : 2;
  const inner = y.shape.at(-1)!.size;
  const units = b.affine(y, b.constant(matrix(random, [inner, width], 2)), b.constant(matrix(random, [width], 2)));
  const gate = upTo(random, 4);
  y =
    gate === 0
      ? units
      : gate === 1
        ? b.relu(units)
        : gate === 2
          ? b.mul(units, b.apply('sigmoid', units))
          : b.apply('tanh', units);
  return b.network({ y: b.affine(y, b.constant(matrix(random, [width, K], 2)), b.constant(matrix(random, [K], 1))) });
}

const TERMS = [
  '1',
  '2',
  '1 + mod(s[1] + s[2], 2)',
  '1 + mod(s[1], K)',
  '1 + count(s[1..T], 1)',
  '1 + max(s[1], s[T])',
  '1 + carry(s[1..1], s[2..2], 2)',
  '1 + automaton(s[1..T], 0, [0, 1], [1, 0], [1, 1])',
  '2 - balanced(s[1..T], 0, 1)',
  '1 + quotient(s[1] + s[T], 2)',
];
const CONDITIONS = [
  '',
  '',
  '',
  ' with s[1] <= s[2]',
  ' with s[T] = s[1]',
  ' with s[1] = s[2] and s[2] = s[1]',
  ' with s[1] < s[T] and s[2] = 1',
  ' with 1 = s[2]',
  ' with s[1] < s[1]',
  ' with s[2] = mod(s[1] + 1, 2)',
];

/** What the terms mean, written down once more. */
const MEANING: readonly ((s: readonly number[], K: number) => number)[] = [
  () => 1,
  () => 2,
  (s) => 1 + ((s[0] + s[1]) % 2),
  (s, K) => 1 + (s[0] % K),
  (s) => 1 + s.filter((a) => a === 1).length,
  (s) => 1 + Math.max(s[0], s.at(-1)!),
  (s) => 1 + Number(s[0] + s[1] >= 2),
  (s) =>
    1 +
    s.reduce(
      (q, a) =>
        [
          [0, 1],
          [1, 0],
          [1, 1],
        ][a][q],
      0,
    ),
  (s) => {
    let depth = 0;
    for (const a of s) {
      if (a === 0) depth += 1;
      if (a === 1 && --depth < 0) return 2;
    }
    return depth === 0 ? 1 : 2;
  },
  (s) => 1 + Math.floor((s[0] + s.at(-1)!) / 2),
];
const HOLDS: readonly ((s: readonly number[]) => boolean)[] = [
  () => true,
  () => true,
  () => true,
  (s) => s[0] <= s[1],
  (s) => s.at(-1) === s[0],
  (s) => s[0] === s[1],
  (s) => s[0] < s.at(-1)! && s[1] === 1,
  (s) => s[1] === 1,
  () => false,
  (s) => s[1] === (s[0] + 1) % 2,
];

function* sequences(T: number, V: number): Generator<number[]> {
  for (let code = 0; code < V ** T; code++) yield Array.from({ length: T }, (_, k) => Math.floor(code / V ** k) % V);
}

function check(network: Network, data: object, conclusion: object) {
  const steps = [{ id: 'margin', rule: 'sequence-margin', statement: '', premises: [], data }];
  const text = JSON.stringify({
    format: 'exhibit-certificate-1',
    tool: { name: 'exhibit', version: '0' },
    theorem: null,
    params: {},
    seed: 0,
    network: { file: 'network.json', sha256: sha256(network) },
    claims: [{ id: 'margin', statement: '', conclusion, steps }],
    unchecked: [],
  });
  return checkCertificate(text, [...canonicalForm(network)].join(''));
}

function leastOf(network: Network, [T, V, K]: readonly number[], row: number, term: number, condition: number): number {
  const value = compile(network, float64);
  let least = Number.POSITIVE_INFINITY;
  for (const s of sequences(T, V)) {
    if (!HOLDS[condition](s)) continue;
    const data = s.flatMap((token) => Array.from({ length: V }, (_, k) => Number(k === token)));
    const scores = value({ s: new Tensor([T, V], data) })
      .y.dense(0)
      .slice(row * K, (row + 1) * K);
    const place = MEANING[term](s, K) - 1;
    if (place >= K) return Number.NaN;
    least = Math.min(least, scores[place] - Math.max(...scores.filter((_, k) => k !== place)));
  }
  return least;
}

describe('margins over all sequences of small transformers with random weights', () => {
  it('agree with trying each sequence, are checked, and nothing else passes the checker', () => {
    const random = lehmer(20);
    const found = { proved: 0, refuted: 0, open: 0, verified: 0 };
    for (let k = 0; k < CASES; k++) {
      const [T, V, K] = [2 + upTo(random, 3), 2 + upTo(random, 2), 2 + upTo(random, 3)];
      const network = someNetwork(random, T, V, K);
      const [term, condition, row] = [upTo(random, TERMS.length), upTo(random, CONDITIONS.length), upTo(random, T)];
      const least = leastOf(network, [T, V, K], row, term, condition);
      if (Number.isNaN(least)) continue;
      const fill = (text: string) => text.replaceAll('T', `${T}`).replaceAll('K', `${K}`);
      // A bound a little below or above the least margin, or 0.
      const near = Number.isFinite(least) ? least + (random() - 0.5) * 2 ** -upTo(random, 8) : 0;
      const bound = random() < 0.3 ? Rational.zero : Rational.of(Math.round(near * 4096), 4096);
      const head = `for all s in {0..${V - 1}}^${T}${fill(CONDITIONS[condition])}: margin(y[${row + 1}], ${fill(TERMS[term])})`;
      const outcomes = proveMargin(network, `${head} > ${bound}`);
      const said = `case ${k}: ${head} > ${bound}, least margin ${least}`;
      const isTrue = least > Number(bound.num) / Number(bound.den);
      const isClear = Math.abs(least - Number(bound.num) / Number(bound.den)) > 1e-9;
      const facts = outcomes.filter((one) => one.kind === 'fact');
      const whole = facts.find(({ id, conclusion }) => id === 'margin' && conclusion);
      const failure = facts.find(({ id, conclusion }) => id === 'sequence' && conclusion);
      for (const fact of facts.filter(({ id }) => id === 'margin')) {
        const { lo } = fact.enclosure!;
        if (Number.isFinite(least)) expect(Number(lo!.num) / Number(lo!.den), said).toBeLessThanOrEqual(least + 1e-9);
      }
      if (isClear && whole) expect(isTrue, said).toBe(true);
      if (isClear && failure) expect(isTrue, said).toBe(false);
      found[whole ? 'proved' : failure ? 'refuted' : 'open'] += 1;
      const shown = whole ?? failure;
      if (!shown) continue;
      const limits = { lo: null, hi: null };
      const data = shown.evidence!(network, limits)!;
      const conclusion = shown.conclusion!(limits) as SequenceMargin;
      const outcome = check(network, data, conclusion);
      expect(outcome.verdict, `${said}: ${outcome.reason}`).not.toBe('rejected');
      found.verified += Number(outcome.verdict === 'verified');
      if (!isClear) continue;
      // The same claim with another bound, place or set of sequences.
      const bad = Number.isFinite(least) ? Rational.of(Math.ceil(least * 4096) + 1, 4096) : null;
      if (whole && bad) {
        const forged = { ...conclusion, least: bad.toString() };
        expect(check(network, { ...data, least: bad.toString() }, forged).verdict, said).not.toBe('verified');
        const other = MEANING.findIndex((_, m) => {
          const value = leastOf(network, [T, V, K], row, m, 0);
          return value < -1e-9;
        });
        if (other >= 0) {
          const change = { place: fill(TERMS[other]), conditions: [], least: '0' };
          const wrong = check(
            network,
            { ...data, ...change, order: [...Array(T).keys()] },
            { ...conclusion, ...change },
          );
          expect(wrong.verdict, said).not.toBe('verified');
        }
      }
    }
    console.log(found);
    expect(found.proved).toBeGreaterThan(CASES / 6);
    expect(found.refuted).toBeGreaterThan(CASES / 8);
    expect(found.verified).toBeGreaterThan((found.proved + found.refuted) / 2);
  }, 3_000_000);
});
