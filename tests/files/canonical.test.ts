import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readCanonical, readNetworkFile } from '../../src/files/canonical.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm, sha256 } from '../../src/network/canonical.js';
import { scaledIdentity } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { randomNetworks } from '../generators/networks.js';

const textOf = (...args: Parameters<typeof canonicalForm>) => [...canonicalForm(...args)].join('');

const fractions = fc
  .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.bigInt(1n, 10n ** 30n))
  .map(([p, q]) => Rational.of(p, q));

describe('readCanonical', () => {
  test('gives back the network that was written, with any exact weights', () => {
    fc.assert(
      fc.property(randomNetworks({ weights: fractions }), (network) => {
        const text = textOf(network);
        const back = readCanonical(text);
        expect(textOf(back)).toBe(text);
        expect(sha256(back)).toBe(sha256(network));
      }),
      { numRuns: 300 },
    );
  });

  test('reads constants that are written in several pieces', () => {
    const b = new Builder();
    const network = b.network({ y: b.matmul(b.input('x', { n: 9000 }), b.constant(scaledIdentity(9000))) });
    expect(sha256(readCanonical(textOf(network)))).toBe(sha256(network));
  });

  test('keeps inputs whose names look like those of inner nodes', () => {
    const b = new Builder();
    const sum = b.add(b.input('node_1', { n: 2 }), b.relu(b.input('node_2', { n: 2 })), 's');
    expect(sha256(readCanonical(textOf(b.network({ sum }))))).toBe(sha256(b.network({ sum })));
  });
});

const x = '{"op":"input","name":"x","shape":[2]}';
const file = (nodes: string, outputs = '[{"name":"y","node":0}]', format = 'exhibit-network-1') =>
  `{"format":"${format}","nodes":[${nodes}],"outputs":${outputs}}`;
const constant = (entries: string, shape = '[2]') => file(`{"op":"constant","shape":${shape},${entries}}`);

describe('readCanonical refuses', () => {
  test.each([
    ['text that is no JSON', 'theorem: none', /malformed JSON/],
    ['a file cut off', file(x).slice(0, -5), /malformed JSON/],
    ['a list', '[]', /no object/],
    ['another format', file(x, undefined, 'exhibit-network-2'), /'exhibit-network-2'; allowed: 'exhibit-network-1'/],
    ['an extra field', file(x).replace('{', '{"more":1,'), /field 'more' of the file/],
    ['an unknown operation', file('{"op":"sinh","shape":[]}'), /nodes\[0\]'.*operation 'sinh'; allowed: input, /],
    ['an inherited operation', file('{"op":"toString","shape":[]}'), /operation 'toString'/],
    ['a node that is null', file('null'), /operation 'undefined'/],
    ['an unknown attribute', file(`${x},{"op":"relu","inputs":[0],"axis":0,"shape":[2]}`), /field 'axis'/],
    ['too many inputs', file(`${x},{"op":"relu","inputs":[0,0],"shape":[2]}`), /2 inputs of 'relu'; allowed: 1/],
    ['a later node as input', file(`${x},{"op":"relu","inputs":[1],"shape":[2]}`), /node '1'; allowed: .*earlier/],
    ['another shape', file(`${x},{"op":"relu","inputs":[0],"shape":[3]}`), /shape \[3\]; allowed: \[2\]/],
    ['shapes that do not fit', file(`${x},{"op":"softmax","inputs":[0],"axis":1,"shape":[2]}`), /axis 1 is none of/],
    ['an empty axis', file('{"op":"input","name":"x","shape":[0]}'), /positive lengths/],
    ['a shape beyond memory', constant('"sparse":[]', '[1e5,1e5]'), /at most 268435456 entries/],
    ['a fractional length', file('{"op":"input","name":"x","shape":[1.5]}'), /shape '1.5'/],
    ['two inputs of one name', file(`${x},${x}`), /another node has this name/],
    ['entries both ways', constant('"dense":["1","2"],"sparse":[]'), /one of 'dense' and 'sparse'/],
    ['too few entries', constant('"dense":["1"]'), /1 entries; allowed: 2/],
    ['numbers that are no text', constant('"dense":[1,2]'), /number '1'; allowed: "p" or "p\/q"/],
    ['a fraction in other terms', constant('"dense":["2/4","1"]'), /number '2\/4'.*lowest terms/],
    ['a whole fraction', constant('"dense":["2/1","1"]'), /number '2\/1'/],
    ['a division by zero', constant('"dense":["1/0","1"]'), /number '1\/0'/],
    ['a decimal', constant('"dense":["0.5","1"]'), /number '0.5'/],
    ['endless digits', constant(`"dense":["${'7'.repeat(10_001)}","1"]`), /at most 10000 digits/],
    ['an index twice', constant('"sparse":[[1,"1"],[1,"1"]]'), /index 1 in sparse; allowed: increasing/],
    ['an index out of range', constant('"sparse":[[2,"1"]]'), /index 2 in sparse/],
    ['no outputs', file(x, '[]'), /0 outputs/],
    ['an output twice', file(x, '[{"name":"y","node":0},{"name":"y","node":0}]'), /each name once/],
    ['an output of nothing', file(x, '[{"name":"y","node":7}]'), /outputs\[0\]'.*node '7'/],
    [
      'nesting without end',
      constant(`"dense":[${'['.repeat(1e5)}${']'.repeat(1e5)},"1"]`),
      /more than 128 levels of nesting/,
    ],
  ])('%s', (_, text, message) => {
    expect(() => readCanonical(text)).toThrow(message);
    expect(() => readCanonical(text)).toThrow(InputError);
  });

  test('nothing worse than bad input when characters are changed', () => {
    fc.assert(
      fc.property(
        randomNetworks({ steps: 4 }),
        fc.nat(),
        fc.constantFrom(...'0-"[]{},/x'),
        (network, position, character) => {
          const text = textOf(network);
          const k = position % text.length;
          try {
            readCanonical(text.slice(0, k) + character + text.slice(k + 1));
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('readNetworkFile', () => {
  const directory = mkdtempSync(join(tmpdir(), 'exhibit-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('names the file and the node', () => {
    const path = join(directory, 'n.json');
    writeFileSync(path, file('{"op":"sinh","shape":[]}'));
    expect(() => readNetworkFile(path)).toThrow(/n\.json, field 'nodes\[0\]': operation 'sinh'/);
    expect(() => readNetworkFile(join(directory, 'none.json'))).toThrow(
      /none\.json: cannot be read: no such file or directory/,
    );
  });
});
