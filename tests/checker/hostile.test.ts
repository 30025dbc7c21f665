import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCertificate, networkFileOf, readCertificate } from '../../src/checker/check.js';
import { describe as print } from '../../src/checker/command.js';
import { Malformed } from '../../src/checker/failure.js';
import { type Certified, certify, certifyMixed, MIXED } from '../generators/certificates.js';

interface Step {
  id: string;
  rule: string;
  premises: string[];
  data: Record<string, unknown>;
}

interface Document {
  network: { file: string; sha256: string };
  claims: { id: string; conclusion: Record<string, unknown>; steps: Step[] }[];
  unchecked: { id: string; reason: string }[];
}

/** Messages of the runtime for what the checker did not expect. */
const INTERNAL = /could not be finished/;

let correct: Certified;
beforeAll(async () => {
  correct = await certify('yarotsky-square', ['m=2']);
});

/** What the checker says of the certificate after a change, within two seconds. */
function rejected(change: (document: Document) => void): string {
  const document = JSON.parse(correct.certificate) as Document;
  change(document);
  return reasonFor(JSON.stringify(document), correct.network);
}

function reasonFor(certificate: string, network: string): string {
  const start = performance.now();
  const outcome = checkCertificate(certificate, network);
  expect(outcome.verdict).toMatch(/^(rejected|unfinished)$/);
  expect(performance.now() - start).toBeLessThan(60_000);
  expect(print(outcome).trimEnd().split('\n').at(-1)).toBe('s REJECTED');
  return outcome.reason!;
}

/** What is said of a certificate about a network made of the given nodes, in one step that evaluates the last one. */
function about(nodes: string): string {
  const last = nodes.split('},{').length - 1;
  const network = `{"format":"exhibit-network-1","nodes":[${nodes}],"outputs":[{"name":"y","node":${last}}]}`;
  const sha256 = createHash('sha256').update(network).digest('hex');
  const data = { node: last, entries: [] };
  const steps = [{ id: 's', rule: 'affine-identity', premises: [], data }];
  const claims = [{ id: 'c', statement: '', conclusion: {}, steps }];
  const document = { format: 'exhibit-certificate-1', network: { file: 'n.json', sha256 }, claims, unchecked: [] };
  return reasonFor(JSON.stringify(document), network);
}

describe('the certificate', () => {
  it('of another network is rejected', async () => {
    const other = await certify('yarotsky-square', ['m=3']);
    expect(reasonFor(correct.certificate, other.network)).toMatch(/is about the network .* the file holds/);
  });

  it('with a proof in a circle is rejected', () => {
    const reason = rejected(({ claims: [{ steps }] }) => steps[0].premises.push(steps[0].id));
    expect(reason).toMatch(/rests on "input", which is no earlier step/);
  });

  it('that uses a later step is rejected', () => {
    expect(rejected(({ claims: [{ steps }] }) => steps.reverse())).toMatch(/no earlier step/);
  });

  it('with one step twice is rejected', () => {
    expect(rejected(({ claims: [{ steps }] }) => steps.push(steps[0]))).toMatch(/twice/);
  });

  it('without claims is neither verified nor rejected', () => {
    const document = { ...(JSON.parse(correct.certificate) as Document), claims: [] };
    const outcome = checkCertificate(JSON.stringify(document), correct.network);
    expect(outcome.verdict).toBe('unchecked');
    expect(print(outcome)).toMatch(/\ns UNCHECKED\n$/);
  });

  it('with an unknown rule is rejected', () => {
    for (const rule of ['axiom', '__proto__', 'constructor', 'toString']) {
      expect(rejected(({ claims: [{ steps }] }) => (steps[0].rule = rule))).toMatch(/unknown rule/);
    }
  });

  it('with a step that proves less is rejected', () => {
    expect(rejected(({ claims: [{ steps }] }) => steps.splice(2))).toMatch(/do not prove its conclusion/);
  });

  it('with a number of a million digits is rejected', () => {
    const reason = rejected(({ claims: [{ conclusion }] }) => (conclusion.hi = '9'.repeat(1_000_000)));
    expect(reason.length).toBeLessThan(300);
  });

  it('with formulas that nest deeply, blow up or are none is rejected', () => {
    const targets = [
      '('.repeat(100_000),
      `${'('.repeat(5000)}x${')'.repeat(5000)}`,
      `${'-'.repeat(50_000)}x`,
      'min_{t in 1..900000000}(x)',
      'min_{t in 1..1000}(min_{s in 1..1000}(min_{r in 1..1000}(x)))',
      'x^99999999999',
      'x^(1/99999999999)',
      '1e999999999*x',
      'min_{t in 1..2}(x',
      'x[0]',
      'x[99]',
      'constructor',
      'x + ',
      'process.exit()',
    ];
    for (const target of targets) rejected(({ claims: [{ conclusion }] }) => (conclusion.target = target));
  });

  it('with formulas of two inputs that are steep, singular or just false is rejected', () => {
    for (const [target, lo] of [
      ['sin(1000*x[1]*x[2])', '-3'],
      ['1/(x[1] - x[2])', '-1'],
      ['x[1]*x[2]*'.repeat(60).concat('exp(x[1]*x[2])'), '-1/1000'],
    ] as const) {
      const { certificate, network } = certifyMixed([target, lo, '3', MIXED[0][3]]);
      reasonFor(certificate, network);
    }
  });

  it('with many steps of a recurrence is rejected', async () => {
    const { certificate, network } = await certify('delay-memory', ['alpha=2', 'm=4', 'eta=1/100', 'horizon=16']);
    const document = JSON.parse(certificate) as Document;
    document.claims[0].steps.at(-1)!.data.steps = 2 ** 20 - 1;
    expect(reasonFor(JSON.stringify(document), network)).toMatch(/work|longer/);
  });

  it('with data of other types is rejected', () => {
    for (const value of [null, [], 'w', 5, { a: 1 }, true, [[[[]]]], -1, 0.5, 1e300]) {
      for (const key of ['node', 'domain', 'entries', 'tokens', 'target', 'lo', 'hi', 'stray']) {
        rejected(({ claims: [{ steps }] }) => (steps[0].data[key] = value));
      }
      rejected(({ claims: [claim] }) => (claim.steps = value as never));
      rejected(({ claims: [claim] }) => (claim.conclusion = value as never));
      if (!Array.isArray(value) || value.length > 0) rejected((document) => (document.claims = value as never));
      rejected((document) => (document.unchecked = { a: value } as never));
    }
  });

  it.each([
    'second-largest',
    'threshold-minimum',
    'pairwise-maximum',
    'induction-head',
    'hidden-entry',
    'collision',
    'heads-plan',
  ])('of %s with data of other types gets an answer in words of the checker', (name) => {
    const [text, network] = [`${name}.json`, `${name}.network.json`].map((file) =>
      readFileSync(join(import.meta.dirname, 'correct', file), 'utf8'),
    );
    const { claims } = JSON.parse(text) as Document;
    for (const [c, { steps }] of claims.entries()) {
      for (const [k, { data }] of steps.entries()) {
        for (const key of [...Object.keys(data), 'stray']) {
          for (const value of [null, [], [[]], 'w', -1, { a: 1 }, '9'.repeat(1000), '('.repeat(10_000)]) {
            const document = JSON.parse(text) as Document;
            document.claims[c].steps[k].data[key] = value;
            const { reason } = checkCertificate(JSON.stringify(document), network);
            expect(reason ?? '').not.toMatch(INTERNAL);
          }
        }
      }
    }
  });

  it('cannot print a verdict of its own', () => {
    const document = JSON.parse(correct.certificate) as Document;
    document.claims[0].id = 'error\ns VERIFIED\u2028s VERIFIED\u001b[2J';
    document.unchecked.push({ id: 'x\ns VERIFIED', reason: '\rs VERIFIED' });
    const text = print(checkCertificate(JSON.stringify(document), correct.network));
    expect(text.match(/^s /gm)).toHaveLength(1);
    for (const control of ['\u2028', '\u001b', '\r']) expect(text).not.toContain(control);
  });

  it('that is no certificate is bad input', () => {
    const { certificate } = correct;
    for (let k = 0; k < certificate.length - 1; k += 41) {
      expect(() => checkCertificate(certificate.slice(0, k), correct.network)).toThrow(Malformed);
    }
    for (const text of ['', 'null', '[]', '{}', '5', '"exhibit-certificate-1"', '['.repeat(1_000_000)]) {
      expect(() => checkCertificate(text, correct.network)).toThrow(Malformed);
    }
  });

  it('names no file outside its folder', () => {
    for (const file of ['../x.json', '/etc/passwd', '..', '', 'a/b', 'a\\b', 5, null]) {
      const document = JSON.parse(correct.certificate) as Document;
      document.network.file = file as string;
      expect(() => networkFileOf(readCertificate(JSON.stringify(document)))).toThrow(Malformed);
    }
  });
});

describe('the network', () => {
  it('must be written in the one canonical way', () => {
    for (const [pattern, other] of [
      [/"nodes"/, '"nodes" '],
      [/"op":"input"/, '"op":"relu","op":"input"'],
      [/"shape":\[1\]/, '"shape":[1.0]'],
      [/\]\]/, '],[9,"0"]]'],
    ] as const) {
      const network = correct.network.replace(pattern, other);
      const sha256 = createHash('sha256').update(network).digest('hex');
      if (network === correct.network) continue;
      const certificate = correct.certificate.replace(/"sha256":"[^"]*"/, `"sha256":"${sha256}"`);
      reasonFor(certificate, network);
    }
  });

  it('must hold operations that are defined', () => {
    const square = '{"op":"constant","shape":[2,2],"dense":["1","2","3","4"]}';
    const onSquare = (node: string) => about(`${square},${node}`);
    expect(onSquare('{"op":"transpose","inputs":[0],"perm":[0],"shape":[2]}')).toMatch(
      /transpose, has the shape \[none\] and not/,
    );
    expect(onSquare('{"op":"transpose","inputs":[0],"perm":[0,0],"shape":[2,2]}')).toMatch(
      /transpose, has the shape \[none\] and not/,
    );
    expect(onSquare('{"op":"gather","inputs":[0],"axis":0,"indices":[2],"shape":[1,2]}')).toMatch(
      /gather, has the shape \[none\] and not/,
    );
    expect(onSquare('{"op":"reduceSum","inputs":[0],"axis":2,"shape":[2,2]}')).toMatch(
      /reduceSum, has the shape \[none\] and not/,
    );
    expect(onSquare('{"op":"reshape","inputs":[0],"shape":[3]}')).toMatch(/has the shape/);
    expect(onSquare('{"op":"add","inputs":[0,0],"shape":[4]}')).toMatch(/has the shape/);
    expect(onSquare('{"op":"matmul","inputs":[0,0],"shape":[2,2]}')).toMatch(/has 4 entries, stated are 0/);
    expect(onSquare('{"op":"argmax","inputs":[0],"axis":1,"shape":[2]}')).toMatch(/argmax, has no value/);
  });

  it('costs bounded time and memory', () => {
    const huge = `"${'9'.repeat(9000)}"`;
    const squares = Array.from({ length: 40 }, (_, k) => `{"op":"mul","inputs":[${k},${k}],"shape":[1]}`);
    expect(about([`{"op":"constant","shape":[1],"dense":[${huge}]}`, ...squares].join())).toMatch(/longer|work/);
    const big = '{"op":"constant","shape":[16384,16384],"sparse":[]}';
    about(`${big},{"op":"softmax","inputs":[0],"axis":0,"shape":[16384,16384]}`);
    about(`${big},{"op":"gather","inputs":[0],"axis":0,"indices":[${'1,'.repeat(10_000)}1],"shape":[10001,16384]}`);
    about(
      '{"op":"constant","shape":[268435456],"sparse":[[0,"1"]]},{"op":"reduceMax","inputs":[0],"axis":0,"shape":[]}',
    );
    about('{"op":"constant","shape":[99999,99999],"sparse":[]}');
    about('{"op":"constant","shape":[1],"dense":["1/0"]}');
    about('{"op":"relu","inputs":[0],"shape":[1]}');
    about('{"op":"relu","inputs":[1],"shape":[1]},{"op":"relu","inputs":[0],"shape":[1]}');
    const doubling = Array.from(
      { length: 60 },
      (_, k) => `{"op":"concat","inputs":[${k},${k}],"axis":0,"shape":[${2 ** (k + 1)}]}`,
    );
    about(['{"op":"constant","shape":[1],"dense":["1"]}', ...doubling].join());
  });
});
