import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allow, borrow, hold, release, spend, spent } from '../../src/checker/budget.js';
import { checkCertificate } from '../../src/checker/check.js';
import { Malformed } from '../../src/checker/failure.js';
import { Fraction, Total } from '../../src/checker/fraction.js';
import { HOSTILE } from '../generators/certificates-hostile.js';

const LONGEST = 10;
const UNLIMITED = { work: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY };

/** Files that once took minutes or gigabytes, or ended in a stack trace; the others are tried in the nightly form. */
const MEASURED = [
  'six long fractions multiplied, and 2000 sums',
  'a pole of 10,000 digits for 5000 times',
  'an input of twelve million entries',
  'powers of powers',
  'powers of powers of functions',
  'a response of entries with 10,000 digits',
  'three million empty objects',
  'a format of lists in lists',
  'lists in lists',
  'a million rows of a lemma',
];

const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

describe('hostile files', () => {
  it.each(MEASURED)('of %s are answered in time', (name) => {
    const { certificate, network } = HOSTILE[name]();
    expect(certificate.length + network.length).toBeLessThan(10_000_000);
    const start = seconds();
    try {
      const { verdict, reason } = checkCertificate(certificate, network);
      expect(verdict).toMatch(/^(rejected|unfinished)$/);
      expect(reason!.length).toBeLessThan(400);
      expect(reason).not.toMatch(/could not be finished/);
    } catch (error) {
      expect(error).toBeInstanceOf(Malformed);
    }
    expect(seconds() - start).toBeLessThan(LONGEST);
  });

  /** The program itself, in a heap that would not do for more. */
  it.runIf(process.env.EXHIBIT_NIGHTLY !== undefined)(
    'of every kind are answered by the program in a gigabyte',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'exhibit-'));
      const start = resolve('scripts/exhibit-check.cjs');
      let [longest, slowest] = [0, ''];
      for (const [name, make] of Object.entries(HOSTILE)) {
        const { certificate, network } = make();
        writeFileSync(join(folder, 'c.json'), certificate);
        writeFileSync(join(folder, 'network.json'), network);
        const began = performance.now();
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          ['--max-old-space-size=900', start, join(folder, 'c.json')],
          { encoding: 'utf8', timeout: 60_000, maxBuffer: 2 ** 28 },
        );
        const took = (performance.now() - began) / 1000;
        if (took > longest) [longest, slowest] = [took, name];
        expect([1, 3], `${name}: ${stderr}`).toContain(status);
        expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at /);
      }
      rmSync(folder, { recursive: true });
      console.log(`${Object.keys(HOSTILE).length} hostile files, the slowest took ${longest.toFixed(1)} s: ${slowest}`);
      expect(longest).toBeLessThan(3 * LONGEST);
    },
    1_800_000,
  );
});

describe('the budget', () => {
  it('takes no charge that is negative or no number', () => {
    for (const charge of [-1, Number.NaN, Number.NEGATIVE_INFINITY]) {
      for (const take of [spend, hold, borrow, release]) expect(() => take(charge)).toThrow(RangeError);
    }
    allow({ work: 10, memory: 10 });
    expect(() => spend(Number.POSITIVE_INFINITY)).toThrow(/more work/);
    allow({ work: 10, memory: 10 });
    hold(5);
    borrow(5);
    expect(() => borrow(6)).toThrow(/more memory/);
    expect(() => release(20)).toThrow(RangeError);
  });

  it('is charged by the length of numbers, more than what they take', () => {
    const long = (bits: number) =>
      Fraction.of(3n ** BigInt(Math.floor(bits / 1.585)), 7n ** BigInt(Math.floor(bits / 2.808)));
    const cost = (run: () => unknown) => {
      allow(UNLIMITED);
      run();
      return spent().work;
    };
    const [short, tall] = [long(400), long(60_000)];
    for (const operation of ['add', 'sub', 'mul', 'div', 'compare', 'min', 'max', 'le'] as const) {
      const few = cost(() => short[operation](short.neg().add(Fraction.one)));
      const many = cost(() => tall[operation](tall.neg()));
      expect(many, operation).toBeGreaterThan(20 * Math.min(few, 1000));
    }
    const total = new Total();
    expect(cost(() => total.add(tall, tall))).toBeGreaterThan(10_000);
    expect(cost(() => `${tall}`)).toBeGreaterThan(10_000);
  });
});

describe('fractions', () => {
  const euclid = (a: bigint, b: bigint): bigint => (b === 0n ? a : euclid(b, a % b));
  const isReduced = (n: bigint, d: bigint) => {
    const { n: p, d: q } = Fraction.of(n, d);
    const g = euclid(n < 0n ? -n : n, d);
    return p === n / g && q === d / g;
  };
  const long = fc
    .tuple(fc.bigInt({ min: 1n, max: 1n << 64n }), fc.integer({ min: 1, max: 40 }))
    .map(([n, k]) => n ** BigInt(k));

  it('are in lowest terms', () => {
    fc.assert(
      fc.property(long, long, long, (a, b, g) => isReduced(a * g, b * g) && isReduced(-a, b)),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 60n), max: 1n << 60n }), fc.bigInt({ min: 1n, max: 1n << 60n }), isReduced),
      { numRuns: 2000 },
    );
  });

  it('are in lowest terms where Euclid takes his longest or his largest steps', () => {
    let [a, b] = [1n, 1n];
    for (let k = 0; k < 1500; k++) {
      [a, b] = [a + b, a];
      if (k % 50 === 0) expect(isReduced(a * 30n, b * 42n)).toBe(true);
    }
    for (const e of [60n, 106n, 500n, 2000n]) {
      const power = 1n << e;
      for (const [n, d] of [
        [power - 1n, power + 1n],
        [power + 1n, 3n],
        [power * power + 1n, power + 1n],
        [power * power - 1n, power + 1n],
        [3n * power, power * power + 9n],
        [power * (power + 1n) - 1n, power * (power + 1n)],
        [0n, power + 1n],
      ]) {
        expect(isReduced(n, d)).toBe(true);
        expect(isReduced(d, n === 0n ? 1n : n)).toBe(true);
      }
    }
  });
});
