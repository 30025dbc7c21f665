import { describe, expect, it, test } from 'vitest';
import { sharing } from '../../src/certificate/shared.js';
import { checkCertificate } from '../../src/checker/check.js';
import { type Certified, certifyAsWritten } from '../generators/certificates.js';
import { byHand } from '../generators/certificates-by-hand.js';
import { counterexample } from '../generators/truth.js';
import { unshared } from '../generators/unshared.js';

interface Document {
  claims: { conclusion: Record<string, unknown>; steps: { data: Record<string, unknown> }[] }[];
  shared: unknown[];
}

const WRITTEN: readonly (readonly [string, readonly string[]])[] = [
  ['proofs-check/head-count/instances/memorize-duplicates.yaml', []],
  ['norm-factorization', ['l=2', 'm=2', 'c1=2', 'poles=[0.6+0.3i, 0.2i, -0.4]', 'residues=[1+i, 3, 2-3i]']],
];

function changed({ certificate }: Certified, change: (document: Document) => void): string {
  const document = JSON.parse(certificate) as Document;
  change(document);
  return JSON.stringify(document);
}

describe('values that a certificate shares', () => {
  test.each(WRITTEN)('of %s are those that stood there twice', async (theorem, params) => {
    const written = await certifyAsWritten(theorem, params);
    const whole = unshared(written.certificate);
    expect(JSON.parse(written.certificate).shared.length).toBeGreaterThan(0);
    expect(written.certificate.length).toBeLessThan(whole.length);
    const [a, b] = [written.certificate, whole].map((text) => checkCertificate(text, written.network));
    expect(a.verdict).toBe('verified');
    expect(a.claims.map(({ statement }) => statement)).toEqual(b.claims.map(({ statement }) => statement));
  });

  test.each(WRITTEN)('of %s, changed, are rejected or state what is true', async (theorem, params) => {
    const written = await certifyAsWritten(theorem, params);
    const count = (JSON.parse(written.certificate) as Document).shared.length;
    const places = Array.from({ length: count }, (_, k) => k);
    const other = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replace(/"(-?)(\d+)/, '"$17$2'));
    const mutants = [
      ...places.map((k) => changed(written, ({ shared }) => shared.splice(k, 1, other(shared[k])))),
      ...places.map((k) => changed(written, ({ shared }) => shared.splice(k, 1, null))),
      ...places.map((k) => changed(written, ({ shared }) => shared.splice(k, 1))),
      changed(written, ({ shared }) => shared.reverse().push(0)),
    ];
    for (const mutant of mutants) {
      const { verdict } = checkCertificate(mutant, written.network);
      if (verdict === 'verified') expect(counterexample(unshared(mutant), written.network)).toBeNull();
    }
  });
});

const NETWORK =
  '{"format":"exhibit-network-1","nodes":[{"op":"input","name":"x","shape":[1,1]}],"outputs":[{"name":"y","node":0}]}';

/** A claim that the input is itself, with `entries` in place of ["x"]. */
function about(entries: unknown, shared: unknown, more: object = {}): string {
  const conclusion = { kind: 'identity', node: 0, entries };
  const { certificate, network } = byHand(NETWORK, [
    { id: 'c', conclusion, steps: [{ rule: 'affine-identity', data: { node: 0, entries } }] },
  ]);
  const document = JSON.stringify({ ...JSON.parse(certificate), shared, ...more });
  const { verdict, reason } = checkCertificate(document, network);
  return `${verdict}: ${reason}`;
}

describe('the list of shared values', () => {
  it('serves the claims', () => {
    expect(about(['x'], undefined)).toMatch(/^verified/);
    expect(about({ shared: 1 }, [['y'], ['x']])).toMatch(/^verified/);
    expect(about({ shared: 0 }, [['y'], ['x']])).toMatch(/^rejected/);
    expect(about([{ shared: 0 }], ['x'])).toMatch(/^verified/);
  });

  test.each([
    ['no such value', { shared: 2 }, [['x']], /shares no value 2/],
    ['a negative place', { shared: -1 }, [['x']], /shares no value -1/],
    ['half a place', { shared: 0.5 }, [['x']], /shares no value/],
    ['a value that shares', { shared: 1 }, [['x'], { shared: 0 }], /no list/],
    ['no list', { shared: 0 }, { 0: ['x'] }, /no list/],
    ['no list at all', { shared: 0 }, undefined, /no list/],
    ['another field beside', { shared: 0, more: 1 }, [['x']], /no list/],
    ['a name for a place', { shared: 'length' }, [['x']], /no list/],
  ])('with %s is refused', (_, entries, shared, reason) => {
    expect(about(entries, shared)).toMatch(/^rejected/);
    expect(about(entries, shared)).toMatch(reason);
  });

  it('is charged for each use', () => {
    const long = Array.from({ length: 100_000 }, () => 'x');
    const uses = Array.from({ length: 100_000 }, () => ({ shared: 0 }));
    const start = performance.now();
    expect(about(uses, [long])).toMatch(/^unfinished: .*more work/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('the writer', () => {
  const long = Array.from({ length: 20 }, (_, k) => `number ${k}`);

  it('shares the largest parts, and says the same', () => {
    const parts = [{ a: { b: long, c: undefined }, d: [1, null, long] }, { b: long }, { e: { b: long } }];
    const { values, text } = sharing(parts);
    expect(values.length).toBe(2);
    const document = JSON.stringify({
      claims: parts.map((part) => JSON.parse(text(part))),
      shared: values.map((one) => JSON.parse(one)),
    });
    expect(JSON.parse(unshared(document)).claims).toEqual(JSON.parse(JSON.stringify(parts)));
  });

  it('shares nothing where a name would look like a reference', () => {
    expect(sharing([{ a: long }, { a: long }, { shared: 1 }]).values).toEqual([]);
  });
});
