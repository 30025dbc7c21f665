import { describe, expect, it } from 'vitest';
import { type Result, verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { stream } from '../numbers/samples.js';

const SMALL = `theorem: multi-head-retrieval
params:
  T: 16
  d: 2
  eps: 1/20
  features: ["((x1-0.3)^2 + (x2-0.7)^2)/2", "1/2 + (sin(3*x1) - x2)/4"]
  positions: ["1..8", "5, 9..16"]
  readout: z1 + z2/2
`;

async function audit(yaml: string): Promise<Result> {
  const instance = readInstance(yaml);
  const options = { seed: 1, digits: 20, execution: [], progress: () => {} };
  return verify(await loadTheorem('multi-head-retrieval'), instance, options);
}

const claimOf = (result: Result, id = 'error') => result.claims.find((claim) => claim.id === id)!;

const H = (x: readonly number[][]) => {
  const f1 = ([a, b]: number[]) => ((a - 0.3) ** 2 + (b - 0.7) ** 2) / 2;
  const f2 = ([a, b]: number[]) => 0.5 + (Math.sin(3 * a) - b) / 4;
  const [S1, S2] = [x.slice(0, 8), [x[4], ...x.slice(8)]];
  return Math.min(...S1.map(f1)) + Math.min(...S2.map(f2)) / 2;
};

/** Tokens "count x (p q)" as the report writes them. */
function inputOf(runs: readonly string[]): Rational[][] {
  return runs.flatMap((run) => {
    const [, count, token] = /^(\d+) x \((.*)\)$/.exec(run)!;
    return Array.from({ length: Number(count) }, () => token.split(' ').map(parseRational));
  });
}

describe('multi-head retrieval', () => {
  it('is proved, with a witness that attains what it says', async () => {
    const result = await audit(SMALL);
    expect(result.verdict).toBe('proved');
    const { enclosure, witness, steps } = claimOf(result);
    expect(steps.every((step) => step.verdict === 'proved')).toBe(true);
    expect(enclosure!.lo!.le(enclosure!.hi!)).toBe(true);
    expect(enclosure!.hi!.le(Rational.of(1, 20))).toBe(true);
    expect(enclosure!.hi!.le(enclosure!.lo!.mul(Rational.of(12)))).toBe(true);
    const x = inputOf((witness as unknown as { x: readonly string[] }).x);
    expect(x).toHaveLength(16);
    const y = compile(result.network, float64)({ x: new Tensor([16, 2], x.flat().map(approximate)) }).y.data[0];
    const error = Math.abs(y - H(x.map((token) => token.map(approximate))));
    expect(error).toBeGreaterThan(approximate(enclosure!.lo!) - 1e-9);
    expect(error).toBeLessThan(approximate(enclosure!.hi!) + 1e-9);
  });

  it('is within the proved bound at random inputs', async () => {
    const result = await audit(SMALL);
    const hi = approximate(claimOf(result).enclosure!.hi!);
    const network = compile(result.network, float64);
    const random = stream(17);
    for (let n = 0; n < 200; n++) {
      const spread = random();
      const base = [random(), random()];
      const x = Array.from({ length: 16 }, () =>
        base.map((z) => Math.min(1, Math.max(0, z + spread * (random() - 0.5)))),
      );
      const y = network({ x: new Tensor([16, 2], x.flat()) }).y.data[0];
      expect(Math.abs(y - H(x))).toBeLessThanOrEqual(hi + 1e-9);
    }
  });

  it('is refuted by a verified witness when beta is a tenth, and never proved with it', async () => {
    const beta = (await audit(SMALL)).claims[0].facts!.join().match(/beta = ([\d.]+)/)![1];
    const tenth = parseRational(beta).div(Rational.of(10));
    for (const eps of ['1/20', '1/1000']) {
      const result = await audit(`${SMALL.replace('eps: 1/20', `eps: ${eps}`)}  beta: ${tenth}\n`);
      const { enclosure, verdict } = claimOf(result);
      expect(verdict).toBe('refuted');
      expect(parseRational(eps).lt(enclosure!.lo!)).toBe(true);
    }
  });

  it('is not proved for gates that leave mass on other tokens', async () => {
    const result = await audit(`${SMALL}  R: 0\n`);
    expect(claimOf(result).verdict).not.toBe('proved');
    expect(claimOf(result).enclosure!.hi!.le(Rational.of(2))).toBe(true);
  });

  it('is not proved for gates of 0 and an enormous beta', async () => {
    const result = await audit(`${SMALL}  R: 0\n  beta: 1e9\n`);
    expect(claimOf(result).verdict).not.toBe('proved');
  });

  it('is proved with a bound of the user, or refuted by it', async () => {
    const { enclosure } = claimOf(await audit(SMALL));
    const [lo, hi] = [enclosure!.lo!, enclosure!.hi!];
    const stated = (bound: Rational) => audit(`${SMALL}claims:\n  error: {bound: "${bound}"}\n`);
    expect(claimOf(await stated(hi)).verdict).toBe('proved');
    expect(claimOf(await stated(lo.mul(Rational.of(999, 1000)))).verdict).toBe('refuted');
  });

  it('is undecided, with what was reached, when there is no time', async () => {
    const instance = readInstance(SMALL);
    const options = { seed: 1, digits: 20, execution: [], progress: () => {} };
    const theorem = await loadTheorem('multi-head-retrieval');
    for (const timeLimit of [0, 1]) {
      const found = await verify(theorem, instance, { ...options, timeLimit }).catch(({ message }: Error) => message);
      if (typeof found === 'string') expect(found).toMatch('before the network was built');
      else expect(claimOf(found).verdict).not.toBe('refuted');
    }
  });

  it.each([
    ['a feature above 1', SMALL.replace('1/2 + (sin', '1 + (sin'), /feature 2 is above 1 at x1 = /],
    ['a feature below 0', SMALL.replace('1/2 + (sin', '-1/9 + (sin'), /feature 2 is below 0 at x1 = /],
    ['a feature that is undefined', SMALL.replace('1/2 + (sin(3*x1) - x2)/4', 'log(x1)/9'), /undefined/],
    [
      'a feature that no net reaches',
      SMALL.replace('1/2 + (sin(3*x1) - x2)/4', 'sqrt(x1*x2)'),
      /features.*no net for sqrt/,
    ],
    ['more heads than features', `${SMALL}  h: 3\n`, /3 heads for 2 features/],
    ['positions beyond T', SMALL.replace('1..8', '1..17'), /positions from 1 to 16/],
    ['fewer position sets than features', SMALL.replace('"1..8", ', ''), /1 position sets/],
    ['a readout of more values', SMALL.replace('z2/2', 'z3'), /z3/],
  ])('%s is bad input', async (_, yaml, message) => {
    await expect(audit(yaml)).rejects.toThrow(message);
    await expect(audit(yaml)).rejects.toBeInstanceOf(InputError);
  });
});
