import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readDocument } from '../../src/report/document.js';
import { reportPage } from '../../src/report/html.js';
import { documentOf } from '../../src/report/page/page.js';
import { SCRIPT } from '../../src/report/page/script.js';

const claim = {
  id: 'error',
  kind: 'bound',
  statement: 'y is close to f',
  tex: '\\sup |y - f| \\le \\varepsilon',
  verdict: 'proved',
  predicted: '0.001',
  enclosure: ['0.0003', '0.0004'],
  witness: { x: ['1/3', '2/7'] },
  steps: [{ id: 'net', rule: 'sup-norm', statement: 'net - f', verdict: 'proved', enclosure: ['0', '0.0004'] }],
  method: 'lemmas',
  source: 'proved',
  facts: [],
  seconds: 0.5,
};

const result = {
  tool: { name: 'exhibit', version: '0.1.0' },
  theorem: 'softmin-gap',
  params: { T: '4', readout: "z1 - 'z2'", beta: null },
  seed: 0,
  verdict: 'proved',
  claims: [claim],
  hypotheses: [{ id: 'minimisers', statement: 'minimisers are unique', verdict: 'open' }],
  network: { sha256: 'ab'.repeat(32), parameters: 3, nonzero: 3, maxAbsWeight: '2', layers: [] },
  notes: [],
  seconds: 1,
};

const sweep = {
  tool: result.tool,
  theorem: 'yarotsky-square',
  seed: 0,
  verdict: 'proved',
  points: [1, 2, 3].map((m) => ({ params: { m: `${m}` }, values: { error: [`${4 ** -m}`, `${4 ** -m}`] } })),
  rates: [
    {
      quantity: 'error',
      against: '2^m',
      predicted: '-2',
      slope: -2,
      interval: [-2, -2],
      verdict: 'proved',
      reason: null,
    },
  ],
};

const audit = {
  verdict: 'refuted',
  instances: [
    { file: '/a/one.yaml', expect: 'proved', verdict: 'proved', asExpected: true, seconds: 1, result, message: null },
    {
      file: '/a/two.yaml',
      expect: 'proved',
      verdict: 'bad-input',
      asExpected: false,
      seconds: 0,
      result: null,
      message: 'no T',
    },
  ],
};

const pageOf = (document: unknown) => reportPage(readDocument(JSON.stringify(document)));

/** Every tag that is opened is closed, in order; void elements aside. */
function isBalanced(html: string): boolean {
  const open: string[] = [];
  for (const [, slash, name, end] of html
    .replace(/<!doctype html>/, '')
    .matchAll(/<(\/?)([a-zA-Z][\w-]*)[^>]*?(\/?)>/g)) {
    if (end || /^(meta|br|img|input)$/.test(name)) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

/** A page without the JSON that it holds, the one script that its policy names, and links into itself. */
function withoutOwn(html: string): string {
  return html
    .replace(/<script type="application\/json" id="result">[^<]*<\/script>/, '')
    .replace(`<script>${SCRIPT}</script>`, '')
    .replaceAll(/<a href="#[^"<]*">/g, '<a>');
}

const CELLS = { name: 'w', shape: [2, 2], rows: 2, columns: 2, values: [1, -1, 0, 0.5] };
const figures = {
  claim: 'error',
  slices: [
    {
      entry: 'x[1]',
      at: 0.5,
      points: [0, 0.5, 1].map((x) => ({ x, difference: x / 1000, network: x, formula: x - x / 1000 })),
    },
  ],
  field: {
    entries: ['x[1]', 'x[2]'],
    box: [
      [0, 1],
      [0, 1],
    ],
    at: [0.5, 0.5],
    cells: CELLS,
  },
  graph: [
    { name: 'x', op: 'input', shape: '[2]', inputs: [], weights: 0 },
    { name: 'y', op: 'matmul', shape: '[1]', inputs: [0], weights: 2 },
  ],
  weights: [CELLS],
  attention: [CELLS],
  response: { values: [1, 0.5, 0.25], poles: [[[0.5, 0]]] },
};

describe.each([
  ['verify', result, ['softmin-gap', '0.0003', 'minimisers are unique', '<math', '<svg']],
  ['verify, with pictures', { ...result, figures }, ['data:image/png;base64,', 'Attention', 'Impulse', 'x[1]']],
  ['sweep', sweep, ['yarotsky-square', 'error against 2^m', '0.015625', '<svg']],
  ['audit', audit, ['one.yaml', 'two.yaml', 'bad-input', 'no T', '1 not as expected']],
])('the page of a result of %s', (_, document, contents) => {
  test('shows what the document says', async () => {
    const html = await pageOf(document);
    for (const content of contents) expect(html).toContain(content);
  });

  test('is well-formed, needs nothing from elsewhere and runs nothing but its own script', async () => {
    const html = withoutOwn(await pageOf(document));
    expect(isBalanced(html)).toBe(true);
    expect(html).not.toMatch(
      /<(script|link|iframe|object)|\bsrc=(?!"data:image\/png;base64,)|\bon\w+=|@import|url\((?!#)/,
    );
  });

  test('escapes every text of the document', async () => {
    const hostile = '<img src=x onerror=alert(1)>\'"&';
    const poison = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(poison);
      if (value !== null && typeof value === 'object') {
        return Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [key, FIXED.has(key) ? inner : poison(inner)]),
        );
      }
      return typeof value === 'string' ? `${value}${hostile}` : value;
    };
    const html = withoutOwn(await pageOf(poison(document)));
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&#60;img');
    expect(isBalanced(html)).toBe(true);
  });
});

test.each([
  ['verify', { ...result, figures, notes: ['</script><!--'] }],
  ['sweep', sweep],
])(
  'the page of a result of %s holds what it was made from: it can be made again, byte for byte',
  async (_, document) => {
    const html = await pageOf(document);
    const held = documentOf(html)!;
    expect(JSON.parse(held)).toEqual(document);
    expect(await reportPage(readDocument(held))).toBe(html);
  },
);

/** Fields whose texts must stay numbers or names. */
const FIXED = new Set(['enclosure', 'predicted', 'values', 'against', 'quantity', 'params', 'tex']);

test('a formula that is no TeX stays as text', async () => {
  const html = await pageOf({ ...result, claims: [{ ...claim, tex: '\\href{javascript:alert(1)}{x} \\frac{1' }] });
  expect(html).not.toMatch(/href="(?!#)/);
  expect(html).toContain('\\frac{1');
});

test('what does not show in a formula stands as a reference, not as an escape', async () => {
  const html = await pageOf({ ...result, claims: [{ ...claim, tex: '\\sin(x)' }] });
  expect(html).toContain('<mi>sin</mi><mo>&#x2061;</mo>');
  expect(html).not.toContain('\\u2061');
});

test('every formula of the shipped theorems is TeX', async () => {
  const { loadTheorem, theoremIds } = await import('../../src/library/package.js');
  const ids = await theoremIds();
  expect(ids.length).toBeGreaterThan(20);
  for (const id of ids) {
    for (const stated of (await loadTheorem(id)).claims) {
      if (!('tex' in stated)) continue;
      const { tex } = stated;
      const html = await pageOf({ ...result, claims: [{ ...claim, tex }] });
      expect(html, `${id}: ${tex}`).toContain('<math');
    }
  }
});

test('a result that no plot can show is shown without one', async () => {
  const html = await pageOf({ ...result, claims: [{ ...claim, enclosure: ['0', '0'], predicted: '0' }] });
  expect(html).not.toContain('<svg');
});

test.each([
  ['text', 'no JSON', /malformed JSON/],
  ['another document', '{"a": 1}', /holds no result/],
  ['a list', '[]', /holds no result/],
  [
    'a field of another type',
    JSON.stringify({ ...result, claims: [{ ...claim, enclosure: [1, 2] }] }),
    /claims\.0\.enclosure/,
  ],
  ['a missing field', JSON.stringify({ ...sweep, rates: [{}] }), /rates\.0/],
  ['deep nesting', `{"claims": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /./],
])('%s is bad input that names the field', (_, content, message) => {
  const read = () => readDocument(content);
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
});

test('a witness as deep as a document may be is cut, not followed', async () => {
  const deep = `${'{"a":'.repeat(120)}1${'}'.repeat(120)}`;
  const content = JSON.stringify(result).replace(JSON.stringify(claim.witness), deep);
  expect((await reportPage(readDocument(content))).length).toBeLessThan(100_000);
});

/** Values that a document may hold by its schema, and that no sweep or verification of ours writes. */
const ODD = ['1e999', '-1e999', '1/0', 'NaN', '', '0x10', '1e-999', '\u001b[2J', '7'.repeat(400)];
const oddPoint = (params: object, values: object) => ({ ...sweep, points: [...sweep.points, { params, values }] });

test.each([
  ...ODD.map((text) => ({ ...result, claims: [{ ...claim, enclosure: [text, text], predicted: text }] })),
  ...ODD.map((text) => oddPoint({ m: '4' }, { error: [text, text] })),
  ...ODD.map((text) => oddPoint({ m: text }, { error: ['1', '1'] })),
  ...ODD.map((text) => ({ ...sweep, rates: [{ ...sweep.rates[0], predicted: text, against: text }] })),
  ...ODD.map((text) => ({ ...sweep, rates: [{ ...sweep.rates[0], predicted: text }] })),
  oddPoint({}, { error: ['1', '1'] }),
  oddPoint({ m: '4' }, {}),
  oddPoint({ m: '4' }, { error: null }),
  { ...sweep, points: [] },
  { ...sweep, points: [{ params: { m: '9999' }, values: { error: ['1e999', '1e999'] } }] },
])('an odd document gives a page or one message: %j', async (document) => {
  try {
    const html = await pageOf(document);
    expect(isBalanced(html)).toBe(true);
    expect(html).not.toContain('\u001b');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
});
