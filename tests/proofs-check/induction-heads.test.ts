import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import type { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { lehmer } from '../../src/numbers/random.js';
import { audited } from '../generators/audits.js';

/** Scores of the symbols after a sequence. */
function scorer(network: Network, m: number) {
  const value = compile(network, float64);
  return (symbols: readonly number[]) => {
    const rows = [-1, ...symbols].flatMap((symbol) => Array.from({ length: m }, (_, s) => (s === symbol ? 1 : 0)));
    return value({ x: new Tensor([symbols.length + 1, m], rows) }).y.dense(0);
  };
}

/** The symbol that followed the latest earlier occurrence of the last one. */
function next(symbols: readonly number[]): number | null {
  const last = symbols[symbols.length - 1];
  for (let j = symbols.length - 2; j >= 0; j--) if (symbols[j] === last) return symbols[j + 1];
  return null;
}

function check(scores: readonly number[], right: number | null, margin: number, absent: number): void {
  if (right === null) {
    expect(Math.max(...scores.map(Math.abs))).toBeLessThanOrEqual(absent);
    return;
  }
  const others = Math.max(...scores.filter((_, s) => s !== right));
  expect(scores[right] - others).toBeGreaterThanOrEqual(margin);
}

describe('induction-heads', () => {
  it.each([
    [2, 2],
    [5, 3],
    [7, 2],
  ])('continues every sequence: n = %i, m = %i', async (n, m) => {
    const result = await audited('induction-heads', [`n=${n}`, `m=${m}`]);
    expect(result.verdict).toBe('proved');
    const margin = approximate(result.claim('error').enclosure!.lo!);
    const absent = approximate(result.claim('absent').enclosure!.hi!);
    const scores = scorer(result.built, m);
    for (let k = 0; k < m ** n; k++) {
      const symbols = Array.from({ length: n }, (_, t) => Math.floor(k / m ** t) % m);
      check(scores(symbols), next(symbols), margin, absent);
    }
  });

  it('continues drawn sequences of 40 symbols out of 10', async () => {
    const result = await audited('induction-heads', ['n=40', 'm=10']);
    const [margin, absent] = [result.claim('error').enclosure!.lo!, result.claim('absent').enclosure!.hi!];
    const scores = scorer(result.built, 10);
    const random = lehmer(5);
    for (let k = 0; k < 100; k++) {
      const symbols = Array.from({ length: 40 }, () => Math.floor(random() * 10));
      check(scores(symbols), next(symbols), approximate(margin), approximate(absent));
    }
  });

  it('proves n = 1024 in seconds, with 16 weights beside the codes', async () => {
    const start = performance.now();
    const result = await audited('induction-heads', ['n=1024', 'm=16']);
    expect(result.verdict).toBe('proved');
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('is refuted by a sequence when L = ln(10 n)', async () => {
    const result = await audited('induction-heads', ['n=64', 'm=16', 'b1=1384', 'b2=10867', 'b3=413.6']);
    const { verdict, witness } = result.claim('error');
    expect(verdict).toBe('refuted');
    const symbols = (witness!.sequence as string).split(' ').map(Number);
    const scores = scorer(result.built, 16)(symbols);
    expect(scores.indexOf(Math.max(...scores))).not.toBe(next(symbols));
  });

  it('is refuted when positions hardly count', async () => {
    expect((await audited('induction-heads', ['n=16', 'm=4', 'b3=1'])).claim('error').verdict).toBe('refuted');
  });
});
