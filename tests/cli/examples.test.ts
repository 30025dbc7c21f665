import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { ROOT } from './exhibit.js';

const NAMES = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.yaml'));

async function claimsOf(file: string) {
  const { stdout, code } = await answer(['verify', file, '--dtype', 'float64', '--json', '--quiet']);
  const { claims } = JSON.parse(stdout);
  const error = claims.find(({ id }: { id: string }) => id === 'error');
  return { code, error: error as { verdict: string; witness: object | null; enclosure: [string, string] } };
}

describe('the theorem files of examples', () => {
  test.each(NAMES)('%s: at most 25 lines, proved; its false variant is refuted with a witness', async (name) => {
    const [file, variant] = [`examples/${name}`, `examples/false/${name}`];
    expect(readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(25);
    expect(await claimsOf(file)).toMatchObject({ code: 0, error: { verdict: 'proved' } });
    const { code, error } = await claimsOf(variant);
    expect({ code, verdict: error.verdict }).toEqual({ code: 1, verdict: 'refuted' });
    expect(error.witness).not.toBeNull();
  });
});

/** Computed with mpmath 1.3 at 30 digits. */
const VALUES: readonly (readonly [file: string, value: number])[] = [
  ['soft-copy.yaml', 0.03962667469], // 6/(e^5 + 3)
  ['sine-by-hats.yaml', 0.00439015732948], // the largest error of the interpolant at 17 knots of [0, 3]
  ['two-hop.yaml', 1.03057680697e-8], // two soft look-ups by exp(-20 (k - x)^2)
];

test.each(VALUES)('the enclosure of %s holds the value %d', async (name, value) => {
  const { enclosure } = (await claimsOf(`examples/${name}`)).error;
  const [lo, hi] = enclosure.map(Number);
  expect(lo).toBeLessThanOrEqual(value * (1 + 1e-5));
  expect(hi).toBeGreaterThanOrEqual(value * (1 - 1e-5));
});
