import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { polesOf } from '../../constructions/deep-ssm.js';
import { leastDepth, reportedDepth } from '../../proofs-check/deep-ssm/claims/depth.js';
import { type Result, verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { modesOf, polesOf as somePoles } from '../generators/modes.js';

const FOLDER = 'proofs-check/deep-ssm/instances';
const runs = (thin: number) => ({ numRuns: process.env.EXHIBIT_NIGHTLY ? 500 : thin });

async function audit(yaml: string, file?: string, execution: 'cpu' | 'none' = 'none'): Promise<Result> {
  const instance = readInstance(yaml, file);
  const targets = (['float64', 'float32', 'float16'] as const).map((dtype) => ({ provider: 'cpu' as const, dtype }));
  return verify(await loadTheorem(instance.theorem), instance, {
    seed: 1,
    digits: 20,
    execution: execution === 'cpu' ? targets : [],
    progress: () => {},
  });
}

const claim = (result: Result, id: string) => result.claims.find((found) => found.id === id)!;

describe('the instances', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')))('%s: as expected', async (name) => {
    const file = join(FOLDER, name);
    const text = readFileSync(file, 'utf8');
    const verdict = await audit(text, file).then(
      (result) => result.verdict,
      (error) => {
        if (error instanceof InputError) return 'bad-input';
        throw error;
      },
    );
    expect(verdict).toBe(readInstance(text, file).expect);
  });
});

describe('random instances', () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }));

  it('norm-factorization is proved for all poles and residues', async () => {
    const cases = fc.tuple(shapes, fc.constantFrom('1/10', '1', '7/2', '1000')).chain(([[l, m], c1]) => {
      const [p, q = 1] = c1.split('/').map(Number);
      return modesOf(polesOf(l, m), Rational.of(p, q)).map((modes) => ({ l, m, c1, modes }));
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ l, m, c1, modes }) => {
        const poles = modes.map(({ pole }) => pole).join(', ');
        const residues = modes.map(({ residue }) => residue).join(', ');
        const result = await audit(
          `theorem: norm-factorization\nparams: {l: ${l}, m: ${m}, c1: ${c1}, poles: [${poles}], residues: [${residues}]}`,
        );
        expect(result.claims.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
          ['error', 'kernel', 'shape', 'norm', 'reported-norm', 'least-norm'].map((id) => `${id} proved`),
        );
      }),
      runs(40),
    );
  });

  it('repeated-poles is proved for distinct poles, and refuted only for coinciding nonzero ones', async () => {
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
      .chain(([l, m]) => somePoles(l * m).map((poles) => ({ l, m, poles })));
    await fc.assert(
      fc.asyncProperty(cases, async ({ l, m, poles }) => {
        const result = await audit(`theorem: repeated-poles\nparams: {l: ${l}, m: ${m}, poles: [${poles.join(', ')}]}`);
        const nonzero = poles.filter((pole) => !pole.isZero()).map(String);
        const areDistinct = new Set(nonzero).size === nonzero.length;
        if (areDistinct || l === 1) expect(result.verdict).toBe('proved');
        else if (m === 1) expect(result.verdict).toBe('refuted');
        else expect(result.verdict).not.toBe('undecided');
      }),
      runs(40),
    );
  });
});

describe('norm-factorization', () => {
  it('proves sixteen layers of width 8 within seconds, and finds the constants 2^(15/17) 1000^(2/17) and 2 1000^(2/17)', async () => {
    const result = await audit('theorem: norm-factorization\nparams: {l: 16, m: 8, c1: 1000}');
    expect(result.verdict).toBe('proved');
    expect(claim(result, 'error').seconds).toBeLessThan(20);
    expect(approximate(claim(result, 'norm').enclosure!.hi!)).toBeCloseTo(2 ** (15 / 17) * 1000 ** (2 / 17), 6);
    expect(approximate(claim(result, 'reported-norm').predicted!)).toBeCloseTo(2 * 1000 ** (2 / 17), 12);
  });

  it('bounds the least norm from below by (N c1^2/m^l)^(1/(l+1)) when all residues are c1^2', async () => {
    const result = await audit(
      'theorem: norm-factorization\nparams: {l: 2, m: 3, c1: 1000, poles: [0.1, 0.2, 0.3, 0.4, 0.5], residues: [1e6, 1e6, 1e6, 1e6, 1e6]}',
    );
    const { lo, hi } = claim(result, 'least-norm').enclosure!;
    expect(approximate(lo!)).toBeCloseTo(((5 * 1e6) / 9) ** (1 / 3), 10);
    expect(approximate(hi!)).toBeCloseTo(2 ** (1 / 3) * 1000 ** (2 / 3), 4);
  });

  it('refutes a stated bound below the largest entry, with the entry', async () => {
    const result = await audit(
      'theorem: norm-factorization\nparams: {l: 2, m: 2, c1: 2, poles: [0.5, 0.25, 0], residues: [4, 4, 4]}\nclaims: {norm: {bound: 1.9}}',
    );
    expect(claim(result, 'norm').verdict).toBe('refuted');
    expect(claim(result, 'error').verdict).toBe('proved');
  });

  it('runs in onnxruntime within the bounds of each format, deep and shallow', async () => {
    const result = await audit(
      'theorem: norm-factorization\nparams: {l: 3, m: 3, c1: 5, length: 100, poles: [0.8+0.1i, 0.8-0.1i, -0.3+0.6i, -0.3-0.6i, 0.5i, -0.5i, 0.9], residues: [7-3i, 7+3i, 24i, -24i, 12, 12, -25]}',
      undefined,
      'cpu',
    );
    const executions = result.claims.filter(({ id }) => id.startsWith('execution'));
    expect(executions.map(({ verdict }) => verdict)).toEqual(new Array(6).fill('observed'));
    expect(executions.every(({ enclosure }) => enclosure!.hi !== null)).toBe(true);
  });
});

describe('minimal-depth', () => {
  it('needs 11 layers from 100 to 4 where the reported bound has 13', () => {
    expect(leastDepth(Rational.of(100), Rational.of(4), 99)).toBe(11);
    expect(reportedDepth(Rational.of(100), Rational.of(4), 99)).toBe(13);
  });

  it('agrees with the logarithms', () => {
    const numbers = fc.tuple(fc.integer({ min: 3, max: 10 ** 6 }), fc.integer({ min: 21, max: 1000 }));
    fc.assert(
      fc.property(numbers, ([c1, tenths]) => {
        const c2 = tenths / 10;
        const ours = (2 * Math.log(c1) - Math.log(2) - Math.log(c2)) / (Math.log(c2) - Math.log(2));
        const reported = (2 * Math.log(c1)) / Math.log(c2 / 2);
        fc.pre(Math.abs(ours - Math.round(ours)) > 1e-6 && Math.abs(reported - Math.round(reported)) > 1e-6);
        expect(leastDepth(Rational.of(c1), Rational.of(tenths, 10), 10 ** 4)).toBe(Math.max(1, Math.ceil(ours)));
        expect(reportedDepth(Rational.of(c1), Rational.of(tenths, 10), 10 ** 4)).toBe(
          Math.max(1, Math.ceil(reported) - 1),
        );
      }),
    );
  });

  it('refutes a depth below the lower bound and leaves one in the gap undecided', async () => {
    const instance = (bound: number) =>
      `theorem: minimal-depth\nparams: {m: 1, c1: 100, c2: 4, poles: [1/2], residues: [10000]}\nclaims: {depth: {bound: ${bound}}}`;
    expect(claim(await audit(instance(11)), 'depth').verdict).toBe('proved');
    // 4^(l+1) >= 10^4 needs l >= 6.
    expect(claim(await audit(instance(5)), 'depth').verdict).toBe('refuted');
    expect(claim(await audit(instance(6)), 'depth').verdict).toBe('undecided');
  });
});

describe('repeated-poles', () => {
  it('is refuted by (t + 1) 2^-t, whose minimal polynomial is (z - 1/2)^2', async () => {
    const found = claim(await audit('theorem: repeated-poles'), 'inclusion');
    expect(found.verdict).toBe('refuted');
    expect(found.witness).toMatchObject({
      pole: '1/2',
      multiplicity: 2,
      hankelRank: 2,
      minimalPolynomial: '(1) z^2 + (-1) z^1 + (1/4)',
      impulseResponse: ['1', '1', '3/4', '1/2', '5/16', '3/16'],
    });
  });

  it('comes within 5/2 e^2 of it with poles 1/2 +- e', async () => {
    const { enclosure } = claim(await audit('theorem: repeated-poles'), 'closure');
    expect(approximate(enclosure!.hi!)).toBeCloseTo(2.5e-6, 10);
  });
});

describe('delay-memory', () => {
  it.each([
    [10, 20, '1e-3', 1.58, 1e-3],
    [5, 6, '1e-4', 359, 1e-4],
  ])('alpha = %i, m = %i, eta = %s: residues of %f', async (alpha, m, eta, price, echo) => {
    const result = await audit(`theorem: delay-memory\nparams: {alpha: ${alpha}, m: ${m}, eta: ${eta}}`);
    expect(result.verdict).toBe('proved');
    expect(Number(approximate(claim(result, 'norm-price').enclosure!.hi!).toPrecision(3))).toBe(price);
    expect(approximate(claim(result, 'error').enclosure!.hi!)).toBeCloseTo(echo / (1 - echo), 8);
  });

  it('has the error 1 of the output 0 for m <= alpha, and no better', async () => {
    const result = await audit('theorem: delay-memory\nparams: {alpha: 7, m: 7, eta: 1/10}');
    expect(claim(result, 'error').enclosure!.lo!.toString()).toBe('1');
    expect(claim(result, 'barrier').enclosure).toEqual({ lo: Rational.one, hi: Rational.one });
  });
});

describe('bad input', () => {
  const norm = (params: string) => `theorem: norm-factorization\nparams: {${params}}`;

  it.each([
    [
      'a pole of modulus 1',
      norm('l: 1, m: 1, c1: 1, poles: [0.6+0.8i], residues: [1]'),
      /poles\[0\].*modulus 1.*\|lam\| < 1/,
    ],
    ['a pole outside', norm('l: 1, m: 1, c1: 1, poles: [-1.001], residues: [1]'), /modulus above 1/],
    ['a large residue', norm('l: 1, m: 1, c1: 2, poles: [0.5], residues: [3+3i]'), /residues\[0\].*3\+3i.*c1\^2 = 4/],
    [
      'another number of poles',
      norm('l: 3, m: 2, c1: 2, poles: [0.5, 0.1, 0, 0, 0, 0]'),
      /N = 6.*= 4.*nearest N for l = 3 is 7, with m = 3/,
    ],
    ['an infinite pole', norm('l: 1, m: 1, c1: 2, poles: [.inf]'), /not a complex number/],
    ['fewer residues', norm('l: 1, m: 2, c1: 2, poles: [0.1, 0.2], residues: [1]'), /1 residues for 2 poles/],
    ['residues alone', norm('l: 1, m: 1, c1: 2, residues: [1]'), /residues without poles/],
    ['too many poles', norm('l: 99, m: 99, c1: 2'), /at most 999/],
    ['long weights', norm('l: 200, m: 2, c1: 2'), /binary digits.*at most 131072/],
    ['a missing file', norm('l: 1, m: 1, c1: 2, data: nowhere.csv'), /no such file/],
    ['c2 at most 2', 'theorem: minimal-depth\nparams: {m: 2, c1: 5, c2: 2}', /above 2/],
    ['too many layers', 'theorem: minimal-depth\nparams: {m: 2, c1: 5, c2: 2.001}', /more than 999 layers/],
    ['too many states', 'theorem: repeated-poles\nparams: {l: 5, m: 5}', /l m = 25/],
    ['eta at least 1', 'theorem: delay-memory\nparams: {alpha: 1, m: 2, eta: 1}', /below 1/],
  ])('%s', async (_, yaml, message) => {
    await expect(audit(yaml)).rejects.toThrow(InputError);
    await expect(audit(yaml)).rejects.toThrow(message);
  });
});
