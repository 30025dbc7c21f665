import { expect, it } from 'vitest';
import { adderNet, SYMBOLS, TOKENS } from '../../../constructions/adder.js';
import { codingOf } from '../../../src/enclose/finite/inputs.js';
import { boundMargin } from '../../../src/enclose/finite/margin.js';
import { compile } from '../../../src/evaluate/evaluate.js';
import { float64 } from '../../../src/evaluate/float64.js';
import { Tensor } from '../../../src/network/tensor.js';
import { parseStatement, type Term } from '../../../src/statement/index.js';
import { SequenceReading, sequenceDomain } from '../../../src/statement/sequences/reading.js';

const toNumber = ({ num, den }: { num: bigint; den: bigint }) => Number((num * 10n ** 15n) / den) / 1e15;

it('bounds the least margin over all pairs of one digit, as trying each of them shows', () => {
  const { network } = adderNet({ n: 1 });
  const value = compile(network, float64);
  const logits = (tokens: readonly number[], row: number) => {
    const data = tokens.flatMap((token) => Array.from({ length: SYMBOLS }, (_, k) => (k === token ? 1 : 0)));
    return value({ s: new Tensor([tokens.length, SYMBOLS], data) })
      .logits.dense(0)
      .slice(row * SYMBOLS, (row + 1) * SYMBOLS);
  };
  const steps = [
    { domain: '{0..12}', conditions: '', target: 'mod(s[2] + s[4], 10)', digit: (sum: number) => sum % 10 },
    {
      domain: '{0..12}',
      conditions: ' with s[6] = mod(s[2] + s[4], 10)',
      target: 'carry(s[2..2], s[4..4])',
      digit: (sum: number) => Math.floor(sum / 10),
    },
  ];
  for (const [k, { domain, conditions, target, digit }] of steps.entries()) {
    const text = `for all s in {12} x {0..9} x {10} x {0..9} x {11} x ${domain}${conditions}: margin(logits[${5 + k}], 1 + ${target}) >= ?`;
    const { prefix, relations } = parseStatement(text);
    const [{ args }] = relations[0].sides as [Extract<Term, { kind: 'call' }>];
    const reading = new SequenceReading(sequenceDomain(prefix)!, args[1]);
    const entries = Array.from({ length: SYMBOLS }, (_, j) => (4 + k) * SYMBOLS + j);
    const problem = { network, output: 'logits', entries, reading, coding: codingOf(network, reading.domain) };
    const found = boundMargin(problem, { bound: null });
    let least = Number.POSITIVE_INFINITY;
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b < 10; b++) {
        const row = logits([TOKENS.start, a, TOKENS.plus, b, TOKENS.equals, (a + b) % 10], 4 + k);
        const right = digit(a + b);
        least = Math.min(least, row[right] - Math.max(...row.filter((_, j) => j !== right)));
      }
    }
    expect(toNumber(found.lo!)).toBeLessThanOrEqual(least);
    expect(toNumber(found.lo!)).toBeGreaterThan(0.9 * least);
    expect(toNumber(found.attained!.hi)).toBeCloseTo(least, 9);
  }
});
