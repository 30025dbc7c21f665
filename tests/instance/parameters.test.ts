import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import {
  choice,
  integer,
  optional,
  type Parameters,
  rational,
  readParameters,
  text,
  texts,
  withDefault,
} from '../../src/instance/parameters.js';
import { asMap } from '../../src/instance/raw.js';
import { readYaml } from '../../src/instance/yaml.js';
import { Rational } from '../../src/numbers/rational.js';

const parameters = {
  T: integer('number of tokens', { min: 1, max: 64 }),
  eps: rational('accuracy', { above: '0', atMost: '1/2' }),
  method: withDefault(choice('net', ['relu', 'threshold']), 'relu'),
  beta: optional(rational('inverse temperature', { above: '0' }), 'the least that the theorem allows'),
  features: withDefault(texts('features', 'a list of expressions'), 'none'),
} satisfies Parameters;
const { features: _, ...simple } = parameters;

const read = (yaml: string, of: Parameters = simple) =>
  readParameters('some-theorem', of, asMap(readYaml(yaml, 'f.yaml'), 'a map'), 'f.yaml');

describe('readParameters', () => {
  it('reads exact values and fills in defaults', () => {
    const values = read('T: 1e1\neps: 1/3');
    expect(values.T).toBe(10);
    expect((values.eps as Rational).equals(Rational.of(1, 3))).toBe(true);
    expect(values.method).toBe('relu');
    expect(values.beta).toBeUndefined();
    expect((read('T: 64\neps: 0.5\nbeta: 0.1').beta as Rational).toString()).toBe('1/10');
    expect(read('T: 1\neps: 1e-5000\nmethod: threshold').method).toBe('threshold');
  });

  it.each([
    [
      'eps: 1/3',
      /^f\.yaml, field 'T': some-theorem needs the parameter T \(number of tokens\); allowed: an integer from 1 to 64; give it as -p T=VALUE/,
    ],
    [
      'T: 1\neps: 1\nbogus: 2',
      /^f\.yaml:3, field 'bogus': unknown parameter 'bogus' of some-theorem; allowed: T, eps, method, beta/,
    ],
    ['T: 1\neps: 1/4\ntoString: 2', /unknown parameter 'toString'/],
    ['T: 1\neps: 1/4\n__proto__: 2', /unknown parameter '__proto__'/],
    ['T: 0\neps: 1/3', /^f\.yaml:1, field 'T': '0'; allowed: an integer from 1 to 64/],
    ['T: 65\neps: 1/3', /^f\.yaml:1, field 'T': '65'/],
    ['T: 1.5\neps: 1/3', /^f\.yaml:1, field 'T': '1\.5'; allowed: an integer/],
    ['T: 1e999999999\neps: 1/3', /^f\.yaml:1, field 'T': .*exponent of 999999999/],
    ['T: many\neps: 1/3', /^f\.yaml:1, field 'T': 'many' is not a number/],
    ['T:\neps: 1/3', /^f\.yaml:1, field 'T': '' is not a number/],
    ['T: [1]\neps: 1/3', /^f\.yaml:1, field 'T': a list; allowed: an integer from 1 to 64/],
    ['T: {a: 1}\neps: 1/3', /^f\.yaml:1, field 'T': a map/],
    ['T: 1\neps: 0', /^f\.yaml:2, field 'eps': '0'; allowed: an exact number above 0 and at most 1\/2/],
    ['T: 1\neps: 0.500000000000000000000000000001', /^f\.yaml:2, field 'eps'/],
    ['T: 1\neps: -1', /^f\.yaml:2, field 'eps'/],
    ['T: 1\neps: nan', /^f\.yaml:2, field 'eps': 'nan' is not a number/],
    ['T: 1\neps: 1/3\nmethod: other', /^f\.yaml:3, field 'method': 'other'; allowed: relu, threshold/],
    ['T: 1\neps: 1/3\nmethod: [relu]', /^f\.yaml:3, field 'method': a list/],
    ['T: 1\neps: 1/3\nbeta: 0', /^f\.yaml:3, field 'beta': '0'; allowed: an exact number above 0/],
  ])('refuses %j', (yaml, message) => {
    expect(() => read(yaml)).toThrow(InputError);
    expect(() => read(yaml)).toThrow(message);
  });

  it('reads ends of ranges as they are meant', () => {
    const at = (range: object, value: string) => () =>
      rational('', range).read({ kind: 'text', text: value, place: {} });
    for (const [range, inside, outside] of [
      [{ above: '1' }, '1.0001', '1'],
      [{ atLeast: '1' }, '1', '0.9999'],
      [{ below: '1' }, '0.9999', '1'],
      [{ atMost: '1' }, '1', '1.0001'],
    ] as const) {
      expect(at(range, inside)).not.toThrow();
      expect(at(range, outside)).toThrow(InputError);
    }
  });

  it('keeps texts with their places', () => {
    const path = text('data', 'a path').read({ kind: 'text', text: '1e-3', place: { line: 7 } });
    expect([path.text, path.place.line]).toEqual(['1e-3', 7]);
    const raw = asMap(readYaml('f:\n  - x1\n  - 0.5\n', 'f.yaml'), '').get('f')!;
    const list = texts('features', 'a list of expressions');
    expect(list.read(raw).map((item) => [item.text, item.place.line])).toEqual([
      ['x1', 2],
      ['0.5', 3],
    ]);
    expect(() => list.read({ kind: 'text', text: 'x1', place: {} })).toThrow("'x1'; allowed: a list of expressions");
    expect(list.show(list.read(raw))).toEqual(['x1', '0.5']);
  });
});
