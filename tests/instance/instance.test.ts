import { describe, expect, it } from 'vitest';
import { readInstance, withOverrides } from '../../src/instance/instance.js';
import { asText } from '../../src/instance/raw.js';

const FULL = `theorem: some-theorem
params:
  T: 64
  features: ["x1", "x2"]
claims:
  error: {bound: 1/2000}
  parameters:
    bound: 1e3
expect: refuted
`;

describe('readInstance', () => {
  it('takes a theorem, parameters, bounds of claims and an expectation', () => {
    const instance = readInstance(FULL, 'f.yaml');
    expect(instance.theorem).toBe('some-theorem');
    expect([...instance.params.keys()]).toEqual(['T', 'features']);
    expect([...instance.bounds].map(([claim, bound]) => [claim, bound.toString()])).toEqual([
      ['error', '1/2000'],
      ['parameters', '1000'],
    ]);
    expect(instance.expect).toBe('refuted');
    expect(instance.file).toBe('f.yaml');
  });

  it('needs only a theorem', () => {
    for (const text of ['theorem: t', 'theorem: t\nparams:\n', 'theorem: t\nparams: {}\nclaims: {}']) {
      const { params, bounds, expect: expected } = readInstance(text);
      expect([params.size, bounds.size, expected]).toEqual([0, 0, undefined]);
    }
  });

  it.each([
    ['params: {T: 1}', "f.yaml, field 'theorem': no theorem; allowed: a map with theorem, params"],
    ['', "f.yaml: ''; allowed: a map with theorem"],
    ['- theorem', 'f.yaml:1: a list; allowed: a map with theorem'],
    [
      'theorem: t\nparameters: {}',
      "f.yaml:2, field 'parameters': a field of a theorem, in a file without a list of tensors; allowed: in an instance theorem, params",
    ],
    ['theorem: [t]', "f.yaml:1, field 'theorem': a list; allowed: a theorem id"],
    ['theorem: t\nparams: [1]', "f.yaml:2, field 'params': a list; allowed: a map from parameter names"],
    ['theorem: t\nparams: 3', "f.yaml:2, field 'params': '3'; allowed: a map from parameter names"],
    ['theorem: t\nclaims: {error: 1}', "f.yaml:2, field 'claims.error': '1'; allowed: a map such as {bound: 1/2000}"],
    [
      'theorem: t\nclaims:\n  error: {limit: 1}',
      "f.yaml:3, field 'claims.error.limit': unknown field 'limit'; allowed: bound",
    ],
    ['theorem: t\nclaims:\n  error:\n    bound: much', "f.yaml:4, field 'claims.error.bound': 'much' is not a number"],
    ['theorem: t\nclaims: {error: {bound: [1]}}', "field 'claims.error.bound': a list; allowed: an exact number"],
    ['theorem: t\nexpect: true', "f.yaml:2, field 'expect': 'true'; allowed: proved, refuted, undecided, bad-input"],
    ['theorem: t\nexpect: [proved]', "f.yaml:2, field 'expect': a list"],
  ])('refuses %j', (text, message) => {
    expect(() => readInstance(text, 'f.yaml')).toThrow(message);
  });
});

describe('withOverrides', () => {
  const text = (value: string) => asText(withOverrides(readInstance(FULL), [`T=${value}`]).params.get('T')!, 'text');

  it('replaces and adds parameters, as texts', () => {
    const { params } = withOverrides(readInstance(FULL), ['T=1e2', 'eps = 1/3', 'features=[z]']);
    expect([...params.keys()]).toEqual(['T', 'features', 'eps']);
    expect(asText(params.get('T')!, '')).toBe('1e2');
    expect(asText(params.get('eps')!, '')).toBe('1/3');
    expect(params.get('features')!.kind).toBe('list');
    expect(params.get('eps')!.place).toEqual({ field: 'eps' });
    expect([...readInstance(FULL).params.keys()]).toEqual(['T', 'features']);
  });

  it('keeps what YAML would convert, and equal signs', () => {
    for (const value of ['yes', '0o7', 'a=b', '-x', 'z1 + z2/2', '((x1-0.3)^2 + (x2-0.7)^2)/2'])
      expect(text(value)).toBe(value);
  });

  it.each([
    ['T', "field '-p': 'T'; allowed: NAME=VALUE"],
    ['=3', "field '-p': '=3'; allowed: NAME=VALUE"],
    ['T=[1', "field 'T': malformed YAML"],
    ['T={a: 1, a: 2}', "field 'T.a': the key 'a' twice"],
  ])('refuses %j', (override, message) => {
    expect(() => withOverrides(readInstance(FULL), [override])).toThrow(message);
  });
});
