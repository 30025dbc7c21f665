import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renewal } from '../../src/certificate/earlier/renewal.js';
import { checkCertificate, RETIRED, readCertificate } from '../../src/checker/check.js';
import { sha256 } from '../../src/checker/digest.js';
import { withShared } from '../../src/checker/shared.js';

/** Certificates as an earlier release wrote them: between them, all rules that there are no more. */
const FILES = [
  ...['alike-tokens', 'bound-refuted', 'composed-readout', 'pairwise-maximum'],
  ...['product-by-squares', 'second-largest', 'soft-minimum', 'soft-minimum-small-beta'],
];

interface Step {
  rule: string;
  premises: string[];
  // biome-ignore lint/suspicious/noExplicitAny: what a rule's data hold is as diverse as the rules.
  data: Record<string, any>;
}
interface Claim {
  readonly id: string;
  readonly conclusion: Record<string, unknown>;
  readonly steps: (Step & { readonly id: string })[];
}
interface Certificate {
  readonly network: { sha256: string };
  readonly claims: Claim[];
}

function read(name: string): { certificate: Certificate; network: string } {
  const path = join(import.meta.dirname, '../checker/earlier', name);
  return {
    certificate: JSON.parse(readFileSync(`${path}.json`, 'utf8')),
    network: readFileSync(`${path}.network.json`, 'utf8'),
  };
}

/** What the command `check` does: the steps translated, and the whole checked. */
function renewed(certificate: Certificate, network: string) {
  const found = renewal(readCertificate(JSON.stringify(certificate)), Buffer.from(network), 'network.json');
  expect(found).not.toBeNull();
  return { ...found!, outcome: checkCertificate(found!.text, network) };
}

const hasRetired = ({ steps }: Claim) => steps.some(({ rule }) => RETIRED.includes(rule));

it('has a file for each rule', () => {
  const rules = FILES.flatMap((name) => read(name).certificate.claims.flatMap(({ steps }) => steps.map((s) => s.rule)));
  expect(new Set([...RETIRED, ...rules])).toEqual(new Set([...rules, 'soft-maximum']));
});

describe.each(FILES)('%s', (name) => {
  const { certificate, network } = read(name);

  it('is left unfinished by the checker, and verified with steps of today', () => {
    const before = checkCertificate(JSON.stringify(certificate), network);
    expect(before.verdict).toBe('unfinished');
    const { claims, outcome } = renewed(certificate, network);
    expect(claims.map(({ failure }) => failure)).toEqual(claims.map(() => null));
    expect(claims.map(({ id }) => id)).toEqual(certificate.claims.filter(hasRetired).map(({ id }) => id));
    expect(outcome.reason).toBeNull();
    expect(outcome.verdict).toBe('verified');
    expect(outcome.claims.map(({ id }) => id)).toEqual(certificate.claims.map(({ id }) => id));
  });

  it('concludes the same', () => {
    const { claims, shared = [] } = JSON.parse(renewed(certificate, network).text);
    for (const [k, { conclusion }] of (withShared(claims, shared) as Claim[]).entries()) {
      const earlier = certificate.claims[k].conclusion;
      if (earlier.kind !== 'evaluation') expect(conclusion).toEqual(earlier);
    }
  });

  it('is rejected for another network', () => {
    const other = read(FILES[(FILES.indexOf(name) + 1) % FILES.length]).network;
    const found = renewal(readCertificate(JSON.stringify(certificate)), Buffer.from(other), 'network.json');
    expect(checkCertificate(found?.text ?? JSON.stringify(certificate), other).verdict).toBe('rejected');
  });
});

it('says of a counterexample where it is, that the bound fails and by what', () => {
  const { certificate, network } = read('bound-refuted');
  const { statement } = renewed(certificate, network).outcome.claims[0];
  const { target, bound, least, inputs } = certificate.claims[0].conclusion as Record<string, string>;
  const [at] = Object.values(inputs)[0];
  expect(statement).toBe(
    `not for all x in [0, 1]: |y - (${target})| <= ${bound}: it fails at x = (${at}) and ` +
      `at x = (${at}): |y - (${target})| >= ${least}`,
  );
});

/** The first claim's first step of a rule. */
const first = (claims: readonly Claim[], rule: string) => claims[0].steps.find((step) => step.rule === rule)!;

/** The head of which a token is gated. */
const gated = (claims: readonly Claim[]) => claims[0].steps.find(({ id }) => id === 'head2')!;

type Change = (claims: Claim[]) => void;

const CHANGES: readonly (readonly [what: string, file: string, change: Change])[] = [
  ['a gated token inside', 'composed-readout', (c) => Object.assign(gated(c).data, { inside: '0..1' })],
  [
    'a token without a gate outside',
    'composed-readout',
    (c) => Object.assign(first(c, 'gated-mass').data, { inside: '0' }),
  ],
  ['a token beyond the last', 'composed-readout', (c) => Object.assign(gated(c).data, { inside: '0..3' })],
  ['a smaller constant', 'composed-readout', (c) => Object.assign(first(c, 'gated-mass').data, { lambda: '1/100' })],
  ['no range', 'composed-readout', (c) => gated(c).premises.pop()],
  [
    'another entry of the node',
    'composed-readout',
    (c) => Object.assign(first(c, 'gated-mass').data, { entry: 1, inside: '0..1' }),
  ],
  ['a false range', 'soft-minimum', (c) => Object.assign(c[0].steps[1].data, { hi: '1/2' })],
  ['a maximum', 'soft-minimum', (c) => Object.assign(first(c, 'soft-minimum'), { rule: 'soft-maximum' })],
  ['a smaller constant', 'soft-minimum', (c) => Object.assign(first(c, 'soft-minimum').data, { lambda: '1/2' })],
  ['one token fewer', 'soft-minimum', (c) => Object.assign(first(c, 'soft-minimum').data, { entries: '0..2' })],
  ['no values', 'soft-minimum', (c) => first(c, 'soft-minimum').premises.splice(0, 2)],
  ['a lower bound', 'soft-minimum-small-beta', (c) => Object.assign(c[0].conclusion, { hi: '1/10' })],
  ['a minimum', 'pairwise-maximum', (c) => Object.assign(first(c, 'soft-maximum'), { rule: 'soft-minimum' })],
  ['a lower bound', 'pairwise-maximum', (c) => Object.assign(c[0].conclusion, { lo: '-1/1000000' })],
  ['a lower bound', 'alike-tokens', (c) => Object.assign(c[0].conclusion, { hi: '1/1000000000' })],
  ['a smaller constant', 'alike-tokens', (c) => Object.assign(first(c, 'alike-tokens').data, { lambda: '1/2' })],
  ['another function', 'product-by-squares', (c) => Object.assign(first(c, 'inner-function').data, { target: 'z' })],
  ['no range', 'product-by-squares', (c) => first(c, 'inner-function').premises.pop()],
  ['a false number z', 'product-by-squares', (c) => Object.assign(c[0].steps[0].data, { target: 'x[1]' })],
  [
    'another polynomial',
    'product-by-squares',
    (c) => Object.assign(first(c, 'same-target').data, { target: 'x[1]*x[2]/2' }),
  ],
  [
    'another polynomial, and concluded',
    'product-by-squares',
    ([claim]) => {
      for (const place of [first([claim], 'same-target').data, claim.conclusion])
        Object.assign(place, { target: 'x[1]*x[2]/2' });
    },
  ],
  [
    'the own token inside',
    'second-largest',
    (c) => Object.assign(first(c, 'soft-maximum').data.heads[0], { 1: first(c, 'soft-maximum').data.entries }),
  ],
  ['a maximum', 'second-largest', (c) => Object.assign(first(c, 'pointwise-minimum').data, { readout: 'max(z1, z2)' })],
  ['a smaller constant', 'second-largest', (c) => Object.assign(first(c, 'soft-maximum').data, { lambda: '1/100' })],
  ['a lower bound', 'second-largest', (c) => Object.assign(c[0].conclusion, { hi: '1/1000000000' })],
  ['a bound that holds', 'bound-refuted', (c) => both(c, { bound: '1' })],
  ['more than there is', 'bound-refuted', (c) => both(c, { least: '1/2' })],
  ['a point outside', 'bound-refuted', (c) => both(c, { inputs: { x: ['2'] } })],
  ['a point where it holds', 'bound-refuted', (c) => both(c, { inputs: { x: ['0'] } })],
  ['another step than concluded', 'bound-refuted', (c) => Object.assign(c[0].steps[0].data, { bound: '1/1000000' })],
  ['a circle', 'soft-minimum', (c) => first(c, 'soft-minimum').premises.splice(0, 1, c[0].steps[2].id)],
  ['data that are none', 'soft-minimum', (c) => Object.assign(first(c, 'soft-minimum'), { data: null })],
  ['a step that is none', 'soft-minimum', (c) => Object.assign(c[0].steps, { 0: null })],
];

function both([claim]: readonly Claim[], fields: object): void {
  for (const place of [claim.conclusion, claim.steps[0].data]) Object.assign(place, fields);
}

it.each(CHANGES)('%s in %s does not pass', (_, name, change) => {
  const { certificate, network } = read(name);
  const claims = certificate.claims.filter(hasRetired).slice(0, 1);
  change(claims);
  const text = JSON.stringify({ ...certificate, claims });
  const found = renewal(readCertificate(text), Buffer.from(network), 'network.json');
  expect(['rejected', 'unfinished']).toContain(checkCertificate(found?.text ?? text, network).verdict);
});

it.each([
  ['soft-minimum', '"-10"', '"-5"'],
  ['soft-minimum', '"-10"', '"10"'],
  ['alike-tokens', '"-10"', '"10"'],
])('the network of %s with %s changed to %s does not pass', (name, from, to) => {
  const { certificate, network } = read(name);
  const other = network.replace(from, to);
  expect(other).not.toBe(network);
  const about = { ...certificate.network, sha256: sha256(Buffer.from(other)) };
  expect(renewed({ ...certificate, network: about }, other).outcome.verdict).not.toBe('verified');
});

it('leaves certificates of today alone', () => {
  const { certificate, network } = read('soft-minimum');
  const { text } = renewed(certificate, network);
  expect(renewal(readCertificate(text), Buffer.from(network), 'network.json')).toBeNull();
});

it('takes no longer for steps that hand on the same step many times over', () => {
  const { certificate, network } = read('soft-minimum');
  const [{ conclusion, steps }] = certificate.claims;
  const data = { target: (conclusion as { target?: unknown }).target };
  const twice = Array.from({ length: 60 }, (_, k) => {
    const before = k === 0 ? steps[0].id : `twice${k - 1}`;
    return { id: `twice${k}`, rule: 'same-target', premises: [before, before], data };
  });
  const claims = [{ id: 'error', conclusion, steps: [steps[0], ...twice] }];
  const { claims: found } = renewal(
    readCertificate(JSON.stringify({ ...certificate, claims })),
    Buffer.from(network),
    'network.json',
  )!;
  expect(found[0].failure).toBeNull();
});
