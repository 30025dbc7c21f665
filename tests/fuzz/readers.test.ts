import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { Malformed } from '../../src/checker/failure.js';
import { readSequences } from '../../src/data/sequences.js';
import { InputError } from '../../src/errors.js';
import { readCanonical } from '../../src/files/canonical.js';
import { readNpy, writeNpy } from '../../src/files/npy.js';
import { readSafetensors } from '../../src/files/safetensors.js';
import { readInstance } from '../../src/instance/instance.js';
import { decode } from '../../src/onnx/decode.js';
import { readDocument } from '../../src/report/document.js';
import { parseStatement, printStatement, statementTex } from '../../src/statement/index.js';
import { readVnnlib } from '../../src/statement/vnnlib/read.js';
import { parseExpression } from '../../src/symbolic/index.js';
import { readTheorem } from '../../src/theorem-file/read.js';
import { spoilt } from '../generators/spoilt.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY !== undefined;
/** 10^5 of all kinds together in the nightly form. */
const TRIED = NIGHTLY ? 8_400 : 60;
/** Seconds of processor time that an input below 10 MB may take; these are small. */
const LONGEST = 10;

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'exhibit-readers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const files = (folder: string, pattern: RegExp, most = 40): Uint8Array[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .slice(0, most)
    .map((name) => readFileSync(join(ROOT, folder, name)));
const texts = (...lines: readonly string[]): Uint8Array[] => lines.map((line) => Buffer.from(line));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const FORMULAS = ['sin(3*x)*exp(-x^2) + 1/(1+x^2)', 'max(x, 1/2 - x)^3', 'log(1 + exp(2*x))', 'sqrt(abs(x)) - pi*x'];
const STATEMENTS = [
  'for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= 1/10',
  "for all x in {0..9}, x' in R^(2 x 3) with x[1] < x'[1,2]: y(x) <= y(x') + 1",
  'parameters <= 5000 and depth <= 2',
  'for all x in [0,1]^4: max_{i in 1..4}(softmax(2*x)[i] - sum_{j in 1..4}(x[j])) <= ?',
  'for all x in [0,1]^3: argmax(y) = 2',
];
const VNNLIB = `; two inputs
(declare-const X_0 Real)
(declare-const X_1 Real)
(declare-const Y_0 Real)
(assert (<= X_0 1.0)) (assert (>= X_0 0))
(assert (<= X_1 1e-1)) (assert (>= X_1 -1))
(assert (or (and (<= Y_0 0.5)) (and (>= Y_0 2) (<= X_0 0.25))))
`;

const data = (extension: string) => (bytes: Uint8Array) => {
  const file = join(scratch, `d.${extension}`);
  writeFileSync(file, bytes);
  readSequences(file, { T: 2, d: 1 });
};
const certificate = (seeds: readonly Uint8Array[]) => {
  const network = seeds[0];
  return (bytes: Uint8Array) => void checkCertificate(text(bytes), network);
};

/** Small inputs that each reader takes, and the reader. */
const READERS: readonly (readonly [
  kind: string,
  seeds: readonly Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
])[] = [
  ['instances', files('proofs-check', /instances\/.*\.yaml$/), (bytes) => readInstance(text(bytes), 'i.yaml')],
  ['theorem files', files('examples', /^[^/]*\.yaml$/), (bytes) => readTheorem(text(bytes), 't.yaml')],
  ['formulas', texts(...FORMULAS), (bytes) => parseExpression(text(bytes), ['x'])],
  [
    'statements',
    texts(...STATEMENTS),
    (bytes) => {
      const statement = parseStatement(text(bytes));
      return [printStatement(statement), statementTex(statement)];
    },
  ],
  [
    'VNN-LIB',
    texts(VNNLIB),
    (bytes) => readVnnlib(text(bytes), { inputs: [{ name: 'x', shape: [2] }], outputs: [{ name: 'y', shape: [1] }] }),
  ],
  ['data (CSV)', texts('a,b,y\n1,2,3\n1/2,1e-3,4\n', '"a","b","y"\r\n"1","2",3\r\n'), data('csv')],
  ['data (JSON)', texts('{"sequences": [[[1],[0.5]],[[0.25],[2]]], "labels": [1, 2]}'), data('json')],
  ['npy', [writeNpy({ dims: [2, 3], data: Float64Array.from([1, 2, 3, 4, 5, 6]) })], readNpy],
  ['safetensors', [safetensors()], readSafetensors],
  [
    'onnx',
    files('tests/onnx/fixtures', /(gemm-mlp|keepdims1|half|max_3|gelu|conv|id16)\.onnx$/),
    (bytes) => decode(bytes),
  ],
  [
    'networks',
    files('tests/checker/correct', /(cones|delay|blocks|hat-\w+)\.network\.json$/),
    (bytes) => readCanonical(text(bytes)),
  ],
  [
    'certificates',
    files('tests/checker/correct', /^(cones|delay|blocks|hat-\w+|sawtooth)\.json$/),
    certificate(files('tests/checker/correct', /^cones\.network\.json$/)),
  ],
  ['results', texts(result()), (bytes) => readDocument(text(bytes))],
];

/** A header and its data: three float32 and two float64. */
function safetensors(): Uint8Array {
  const header =
    '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},' +
    '"b":{"dtype":"F64","shape":[1,2],"data_offsets":[12,28]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(28)]);
}

function result(): string {
  const claim = {
    id: 'a',
    kind: 'bound',
    statement: 'y <= 1',
    verdict: 'proved',
    predicted: '1',
    enclosure: ['0', '1'],
  };
  const network = { sha256: '0', parameters: 1, nonzero: 1, maxAbsWeight: '1', layers: [] };
  return JSON.stringify({
    ...{
      tool: { name: 'exhibit', version: '1' },
      theorem: 't',
      params: { a: ['1'] },
      seed: 0,
      verdict: 'proved',
      network,
    },
    claims: [{ ...claim, witness: null, steps: [], source: 'proved', seconds: 1 }],
    seconds: 1,
  });
}

describe('a reader takes any bytes or says what is wrong with them:', () => {
  test.each(READERS)('%s', { timeout: 7_200_000 }, (kind, seeds, read) => {
    for (const seed of seeds) read(seed);
    const worst = { seconds: 0, bytes: new Uint8Array() as Uint8Array };
    const count = { taken: 0, refused: 0 };
    const source = spoilt(seeds, 7);
    for (let k = 0; k < TRIED; k++) {
      const bytes = source.next().value;
      const start = process.cpuUsage();
      try {
        read(bytes);
        count.taken += 1;
      } catch (error) {
        if (!(error instanceof InputError || error instanceof Malformed)) {
          const shown = JSON.stringify(Buffer.from(bytes).toString('latin1')).slice(0, 2000);
          throw new Error(`${shown}: ${(error as Error).stack}`);
        }
        expect(error.message.length, error.message).toBeLessThan(2000);
        count.refused += 1;
      }
      const { user, system } = process.cpuUsage(start);
      const seconds = (user + system) / 1e6;
      if (seconds > worst.seconds) Object.assign(worst, { seconds, bytes });
    }
    const rss = (process.memoryUsage.rss() / 2 ** 20).toFixed(0);
    if (NIGHTLY) {
      const input = JSON.stringify(Buffer.from(worst.bytes).toString('latin1').slice(0, 300));
      console.info(`${kind}: ${JSON.stringify(count)}, at most ${worst.seconds.toFixed(2)} s, ${rss} MB; ${input}`);
    }
    expect(worst.seconds).toBeLessThan(LONGEST);
    expect(count.taken).toBeGreaterThan(0);
  });
});
