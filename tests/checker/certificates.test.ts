import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCertificate, networkFileOf, readCertificate } from '../../src/checker/check.js';
import { Malformed } from '../../src/checker/failure.js';
import { certify, certifyMixed, MIXED, SMALL } from '../generators/certificates.js';

const FOLDER = join(import.meta.dirname);

/** The certificates of a folder: all .json files that are no networks. */
function files(folder: string): string[] {
  return readdirSync(join(FOLDER, folder))
    .filter((name) => name.endsWith('.json') && !name.endsWith('.network.json'))
    .map((name) => join(folder, name));
}

function checkFile(name: string) {
  const path = join(FOLDER, name);
  const certificate = readFileSync(path, 'utf8');
  return checkCertificate(certificate, readFileSync(join(path, '..', networkFileOf(readCertificate(certificate)))));
}

describe('files', () => {
  it.each(files('correct'))('%s is verified', (name) => {
    const outcome = checkFile(name);
    expect(outcome.reason).toBeNull();
    expect(outcome.verdict).toBe('verified');
  });

  it.each(files('incorrect'))('%s is rejected', (name) => {
    const { verdict, reason } = checkFile(name);
    expect(verdict).toBe('rejected');
    expect(reason).toMatch(new RegExp(expectedReason(name)));
  });

  it.each(files('malformed'))('%s is no certificate', (name) => {
    expect(() => checkFile(name)).toThrow(Malformed);
  });
});

/** The reason that an incorrect file states in a field of its own, `params.reason`. */
function expectedReason(name: string): string {
  return (JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as { params: { reason: string } }).params.reason;
}

describe('certificates that were just written', () => {
  it.each(SMALL)('of %s %s are verified', async (theorem, params) => {
    const { certificate, network } = await certify(theorem, params);
    const { verdict, reason, claims } = checkCertificate(certificate, network);
    expect(reason).toBeNull();
    expect(verdict).toBe('verified');
    expect(claims).not.toEqual([]);
  });

  it.each(MIXED)('of a net against %s in [%s, %s] are verified', (...mixed) => {
    const { certificate, network } = certifyMixed(mixed);
    expect(checkCertificate(certificate, network).reason).toBeNull();
  });

  it.each([
    ['induction-heads', ['n=1024', 'm=16']],
    ['two-layer-pairwise-max', ['T=128', 'd=2', 'A=["1 2; 3 -4"]', 'eps=1/10']],
    ['threshold-min', ['S=500', 'M=500']],
  ] as const)('of many tokens, %s %s, ask for no more work than is done', async (theorem, params) => {
    const { certificate, network } = await certify(theorem, params);
    expect(checkCertificate(certificate, network).reason).toBeNull();
  });

  it('are the same bytes each time', async () => {
    const [theorem, params] = SMALL[7];
    expect(await certify(theorem, params)).toEqual(await certify(theorem, params));
  });

  it('state closed statements', async () => {
    const { certificate, network } = await certify('hat-interpolation', ['f=x^2', 'a=0', 'b=1', 'N=4']);
    const { claims } = checkCertificate(certificate, network);
    expect(claims[0].statement).toBe('for all x in [0, 1]: |y - (x^2)| <= 1/64');
  });
});
