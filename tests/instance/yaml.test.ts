import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { Raw } from '../../src/instance/raw.js';
import { LARGEST_YAML, readYaml } from '../../src/instance/yaml.js';

/** The document without places. */
function plain(raw: Raw): unknown {
  if (raw.kind === 'text') return raw.text;
  if (raw.kind === 'list') return raw.items.map(plain);
  return Object.fromEntries([...raw.entries].map(([name, entry]) => [name, plain(entry)]));
}

function fault(text: string): string {
  try {
    readYaml(text, 'f.yaml');
  } catch (error) {
    expect(error, `${error}`).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  return expect.unreachable(`'${text.slice(0, 40)}' was read`);
}

describe('readYaml', () => {
  it('leaves every scalar as the text that stands there', () => {
    const scalars = [
      '64',
      '1e-3',
      '0.10',
      'yes',
      'No',
      '0o7',
      '0x1F',
      'null',
      '~',
      'true',
      '.inf',
      '.nan',
      '12:30:45',
      '2024-01-01',
      '1_000',
      '+3',
      '=',
      '<<',
    ];
    for (const scalar of scalars) {
      expect(plain(readYaml(`a: ${scalar}`))).toEqual({ a: scalar });
      expect(plain(readYaml(`- "${scalar}"\n- '${scalar}'\n- ${scalar}`))).toEqual([scalar, scalar, scalar]);
    }
    expect(plain(readYaml('{1: 2, 1.0: 3, true: 4, null: 5}'))).toEqual({ 1: '2', '1.0': '3', true: '4', null: '5' });
    expect(plain(readYaml('%YAML 1.1\n---\na: yes\nb: 010\n'))).toEqual({ a: 'yes', b: '010' });
    expect(plain(readYaml('a: !!int 5\nb: !!str 6'))).toEqual({ a: '5', b: '6' });
    expect(plain(readYaml('a:\nb: ""'))).toEqual({ a: '', b: '' });
    expect(plain(readYaml(''))).toBe('');
    expect(plain(readYaml('a: |\n  two\n  lines\n'))).toEqual({ a: 'two\nlines\n' });
  });

  it('keeps names that mean something to JavaScript', () => {
    const raw = readYaml('__proto__: 1\nconstructor: 2\ntoString: 3');
    expect(raw.kind === 'map' && [...raw.entries.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it('knows the line and the field of every part', () => {
    const raw = readYaml('theorem: x\nparams:\n  T: 64\n  list:\n    - a\n    - {b: 1}\n  empty:\n', 'f.yaml');
    const places: [string | undefined, number | undefined][] = [];
    const visit = (part: Raw) => {
      places.push([part.place.field, part.place.line]);
      expect(part.place.file).toBe('f.yaml');
      if (part.kind === 'list') part.items.forEach(visit);
      if (part.kind === 'map') for (const entry of part.entries.values()) visit(entry);
    };
    visit(raw);
    expect(places).toEqual([
      [undefined, 1],
      ['theorem', 1],
      ['params', 3],
      ['params.T', 3],
      ['params.list', 5],
      ['params.list[0]', 5],
      ['params.list[1]', 6],
      ['params.list[1].b', 6],
      ['params.empty', 7],
    ]);
  });

  it.each([
    ['a: 1\nb: [1, 2\nc: 3\n', /^f\.yaml:\d: malformed YAML/],
    ['a: 1\nb: "open\n', /^f\.yaml:[23]: malformed YAML/],
    ['a: 1\n\tb: 2\n', /^f\.yaml:2: malformed YAML/],
    ['a: b: c\n', /^f\.yaml:1: malformed YAML/],
    ['a: 1\n---\nb: 2\n', /^f\.yaml:2: malformed YAML/],
    ['a: 1\nb: 2\n\na: 3\n', /^f\.yaml:4, field 'a': the key 'a' twice/],
    ['p:\n  {x: 1, y: 2, x: 3}\n', /^f\.yaml:2, field 'p\.x': the key 'x' twice/],
    ['a: &x [1]\nb: *x\n', /^f\.yaml:2, field 'b': the alias or tag \*x/],
    ['a: *missing\n', /^f\.yaml:1.*(alias|malformed)/],
    ['? [1, 2]\n: 3\n', /^f\.yaml:1: a key that is not a plain scalar/],
    ['? {a: 1}\n: 3\n', /^f\.yaml:1: a key that is not a plain scalar/],
    ['a: &x 1\n*x : 2\n', /^f\.yaml:\d: a key that is not a plain scalar/],
  ])('refuses %j', (text, message) => {
    expect(fault(text)).toMatch(message);
  });

  it('refuses deep nesting', () => {
    const deep = {
      brackets: '['.repeat(100),
      maps: '{a: '.repeat(100),
      'closed brackets': `${'['.repeat(40)}${']'.repeat(40)}`,
      dashes: `${'- '.repeat(40)}a`,
      'nested keys': Array.from({ length: 40 }, (_, k) => `${' '.repeat(k)}k:`).join('\n'),
      'brackets after closing ones in a text': `a: "${']'.repeat(1000)}"\nb: ${'['.repeat(500)}${']'.repeat(500)}`,
    };
    for (const [name, text] of Object.entries(deep)) expect(fault(text), name).toMatch(/levels of nesting|malformed/);
    expect(plain(readYaml(`${'['.repeat(20)}x${']'.repeat(20)}`))).toBeInstanceOf(Array);
  });

  it('refuses hostile documents quickly', () => {
    const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let k = 1; k < 40; k++) laughs.push(`a${k}: &a${k} [${new Array(9).fill(`*a${k - 1}`).join(', ')}]`);
    const most = LARGEST_YAML;
    const hostile = {
      'a billion laughs': laughs.join('\n'),
      'keys of keys': `${'? '.repeat(31)}a`,
      'a long document': 'a'.repeat(most + 1),
      'open brackets': '['.repeat(most),
      'brackets hidden by a text': `a: "${']'.repeat(most / 3)}"\nb: ${'['.repeat(most / 3)}`,
      'brackets closed in texts': '[ "]", '.repeat(most / 7),
      dashes: '- '.repeat(most / 2),
      'question marks': '? '.repeat(most / 2),
      'many equal keys': `{${'a, '.repeat(most / 4)}}`,
      commas: `[${','.repeat(most - 1)}`,
      quotes: '"'.repeat(most),
    };
    for (const [name, text] of Object.entries(hostile)) {
      const start = performance.now();
      expect(fault(text).length, name).toBeLessThan(400);
      expect(performance.now() - start, name).toBeLessThan(20_000);
    }
  });

  it('reads many distinct keys in time that grows with their number', () => {
    const start = performance.now();
    const raw = readYaml(Array.from({ length: 6000 }, (_, k) => `k${k}: 1`).join('\n'));
    expect(raw.kind === 'map' && raw.entries.size).toBe(6000);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
