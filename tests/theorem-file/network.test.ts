import { describe, expect, test } from 'vitest';
import { construct } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { float64 } from '../../src/evaluate/float64.js';
import type { Network } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { readTheorem } from '../../src/theorem-file/read.js';

/** The network of a theorem file that consists of these lines, with parameters as texts. */
async function build(lines: string, parameters = '', params: Readonly<Record<string, string>> = {}): Promise<Network> {
  const indented = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => `  ${line.trim()}`)
      .join('\n');
  const declared = parameters ? `parameters:\n${indented(parameters)}\n` : '';
  const theorem = readTheorem(`theorem: test\n${declared}network:\n${indented(lines)}\n`, 'test.yaml');
  const given = Object.entries(params).map(([name, text]) => [name, { kind: 'text', text, place: {} }] as const);
  const instance = { theorem: 'test', params: new Map(given), bounds: new Map() };
  return (await construct(theorem, instance, 0)).construction.network;
}

/** The output's entries at inputs given by name, as texts. */
function valuesAt(network: Network, inputs: Readonly<Record<string, readonly (number | string)[]>>): string[] {
  const given = Object.entries(inputs).map(([name, entries]) => {
    const node = network.inputs.find(({ attributes }) => attributes.name === name)!;
    return [
      name,
      tensor(
        sizes(node.shape),
        entries.map((x) => parseRational(String(x))),
      ),
    ] as const;
  });
  const [output] = network.outputs;
  return compile(network, exact)(Object.fromEntries(given))[output.name].dense(Rational.zero).map(String);
}

async function fault(lines: string, parameters = '', params: Readonly<Record<string, string>> = {}): Promise<string> {
  const error = await build(lines, parameters, params).then(
    () => null,
    (caught) => caught,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('what a network computes', () => {
  test.each<[string, string, readonly (number | string)[], readonly string[]]>([
    ['two ReLUs', 'x: input [1]\nh: relu(x @ [[1, 1]] + [0, -1])\ny: h @ [[1], [-1]]', ['3/2'], ['1']],
    ['a matrix times a vector', 'x: input [2]\ny: [[1, 2], [3, 4]] @ x', [1, 10], ['21', '43']],
    ['a vector times a matrix', 'x: input [2]\ny: x @ [[1, 2], [3, 4]]', [1, 10], ['31', '42']],
    ['the product of two vectors', 'x: input [3]\ny: x @ x', [1, 2, 3], ['14']],
    ['a vector times a matrix that both depend on the input', 'x: input [2]\ny: x @ [x, 2*x]', [3, 5], ['39', '65']],
    ['entries and parts', 'x: input [2, 3]\ny: x[2, 2..3] - x[1, ..2]', [1, 2, 3, 4, 5, 6], ['4', '4']],
    ['entries in another order', 'x: input [3]\ny: x[[3, 1]]', [1, 2, 3], ['3', '1']],
    ['a constant with more axes', 'x: input [2]\ny: x + [[1, 2], [3, 4]]', [10, 20], ['11', '22', '13', '24']],
    ['reductions', 'x: input [2, 2]\ny: [sum(x), max(x), min(x), mean(x)]', [1, 2, 3, 6], ['12', '6', '1', '3']],
    [
      'reductions along an axis',
      'x: input [2, 2]\ny: concat(sum(x, axis=1), max(x, axis=-1))',
      [1, 2, 3, 6],
      ['4', '8', '2', '6'],
    ],
    ['the greater of several', 'x: input [2]\ny: max(x, [5, 5], -x)', [-7, 3], ['7', '5']],
    ['the absolute value', 'x: input [2]\ny: abs(x)', [-7, 3], ['7', '3']],
    ['powers', 'x: input [1]\ny: x^3 - 2*x^2', [5], ['75']],
    ['the transpose', 'x: input [2, 3]\ny: x.T[3]', [1, 2, 3, 4, 5, 6], ['3', '6']],
    ['axes in another order', 'x: input [1, 2, 3]\ny: transpose(x, [3, 2, 1])[2]', [1, 2, 3, 4, 5, 6], ['2', '5']],
    ['another shape', 'x: input [6]\ny: reshape(x, [2, 3])[2]', [1, 2, 3, 4, 5, 6], ['4', '5', '6']],
    [
      'constants before and after',
      'x: input [2, 2]\ny: concat([[7, 8]], x, [[9, 9]])',
      [1, 2, 3, 4],
      ['7', '8', '1', '2', '3', '4', '9', '9'],
    ],
    ['constants beside', 'x: input [2, 1]\ny: concat(x, ones(2, 1), axis=2)', [5, 6], ['5', '1', '6', '1']],
    ['a recurrence', 'u: input [3, 1]\ny: recurrence(u, [[1/2]], [[1]])[3, 1]', [4, 2, 1], ['3']],
    ['division by constants', 'x: input [2]\ny: x/[2, 3]', [4, 9], ['2', '3']],
    ['a list of what depends on the input', 'x: input [2]\ny: [x[1] + x[2], 5, x[1]*x[2]]', [3, 4], ['7', '5', '12']],
  ])('%s', async (_, lines, input, expected) => {
    const network = await build(lines);
    const [{ attributes }] = network.inputs;
    expect(valuesAt(network, { [attributes.name]: input })).toEqual(expected);
  });
});

test('the softmax of equal logits is a mean', async () => {
  const network = await build('x: input [4]\ny: softmax(0*x) @ x');
  const inputs = {
    x: tensor(
      [4],
      [1, 2, 3, 6].map((x) => Rational.of(x)),
    ),
  };
  expect(compile(network, float64)({ x: inputs.x.map(approximate) }).y.data[0]).toBeCloseTo(3, 12);
});

describe('exact constants', () => {
  const entries = async (expression: string, parameters = '', params: Readonly<Record<string, string>> = {}) =>
    valuesAt(await build(`x: input [1]\nc: ${expression}\ny: flatten(c + 0*x[1])`, parameters, params), { x: [0] });

  test.each<[string, readonly string[]]>([
    ['[[1/(i + j) for j in 1..2] for i in 1..2]', ['1/2', '1/3', '1/3', '1/4']],
    ['[[1 if i = j else 0 for j in 1..2] for i in 1..2]', ['1', '0', '0', '1']],
    ['[k for k in 1..10 if mod(k, 3) = 0 and not k = 6]', ['3', '9']],
    ['[10*i + j for i in 1..2 for j in i..2]', ['11', '12', '22']],
    ['[1..4] - [2]', ['-1', '0', '1', '2']],
    ['eye(2) @ [[1, 2], [3, 4]] - ones(2, 2)', ['0', '1', '2', '3']],
    ['diag([1, 2])*3 + zeros(2, 2)', ['3', '0', '0', '6']],
    ['[sum(1/k for k in 1..4), max(k*(3 - k) for k in 0..3), min([4, 2])]', ['25/12', '2', '2']],
    ['[floor(-7/2), ceil(7/2), abs(-3), 2^-3, 2^3^2, -2^2, sqrt(9/4)]', ['-4', '4', '3', '1/8', '512', '-4', '3/2']],
    ['[log2(8), ceil(log2(9)), floor(10*pi), ceil(exp(1))]', ['3', '4', '31', '3']],
    ['[1 if 1 <= k < 3 else 2 for k in 0..3]', ['2', '1', '1', '2']],
    ['[row[2] for row in [[1, 2], [3, 4]]]', ['2', '4']],
    ['[up(1/3, bits=2), down(1/3, bits=2), near(1/3, bits=2), up(-1/3, bits=2)]', ['3/8', '1/4', '3/8', '-1/4']],
    ['[1 if sqrt(2) < 1.4143 and (2 > 3 or 1 = 1) else 0, 1e3, .5*2]'.replace('.5*2', '0.5*2'), ['1', '1000', '1']],
    ['[size([[1, 2, 3]]), size([[1, 2, 3]], axis=2)]', ['1', '3']],
  ])('%s', async (expression, expected) => {
    expect(await entries(expression)).toEqual(expected);
  });

  test('up and down stay on their sides of an irrational number', async () => {
    const [up, down, near] = (await entries('[up(4*log(64)*1000), down(4*log(64)*1000), near(4*log(64)*1000)]')).map(
      parseRational,
    );
    const [lo, hi] = ['16635.532333438685', '16635.532333438687'].map(parseRational); // 4000 log 64 by mpmath
    expect(hi.le(up) && down.le(lo)).toBe(true);
    expect(up.sub(down).le(parseRational('1'))).toBe(true);
    expect(lo.sub(parseRational('1e-11')).le(near) && near.le(hi.add(parseRational('1e-11')))).toBe(true);
  });

  test('functions and tables are parameters', async () => {
    expect(
      await entries('[f(k/2, 1) for k in 0..2]', 'f: {function: a function, of: [u, v]}', { f: 'u^2 + v' }),
    ).toEqual(['1', '5/4', '2']);
  });
});

test('tensors name the nodes', async () => {
  const network = await build('x: input [2]\nA: [[1, 2], [3, 4]]\nh: relu(A @ x - 1)\ny: h[1] + h[2]');
  for (const name of ['x', 'A', 'h', 'y']) expect(network.find(name)?.name).toBe(name);
});

test('parameters meet conditions in each other, and what is not met is said in words', async () => {
  const words = 'where: {one number for each token: size(C) = n, "no 0": min(abs(C)) > 0}';
  const parameters = (C: string, n = 2, m = 0) =>
    [
      `n: {integer: tokens, default: ${n}}`,
      `C: {list: entries, default: ${C}, ${words}}`,
      `m: {integer: lag, default: ${m}, where: m < n}`,
    ].join('\n');
  const lines = 'x: input [1]\ny: x*sum(C)';
  await build(lines, parameters('[1, 2]', 2, 1));
  expect(await fault(lines, parameters('[1, 2, 3]'))).toMatch(
    /field 'C': a list of 3 numbers; allowed: one number for each token/,
  );
  expect(await fault(lines, parameters('[1, 0]'))).toMatch(/field 'C': .*; allowed: no 0/);
  expect(await fault(lines, parameters('[1, 2]', 2, 2))).toMatch(/field 'm': 2; allowed: values with m < n/);
  expect(await fault(lines, parameters('[1, 2]').replace('m < n', '{}'))).toMatch(
    /field 'parameters.m.where': no condition/,
  );
  expect(await fault(lines, parameters('[1, 2]').replace('m < n', 'm <'))).toMatch(/test.yaml:\d+, .*where/);
});

test('prescriptions are defaults in earlier parameters and kept to their range', async () => {
  const parameters = 'T: {integer: tokens, min: 1}\nbeta: {rational: temperature, above: 0, default: up(4*log(T))}';
  expect(valuesAt(await build('x: input [1]\ny: x + beta', parameters, { T: '2', beta: '1/2' }), { x: [0] })).toEqual([
    '1/2',
  ]);
  const [beta] = valuesAt(await build('x: input [1]\ny: x + beta', parameters, { T: '2' }), { x: [0] });
  expect(Number(parseRational(beta).num) / Number(parseRational(beta).den)).toBeCloseTo(4 * Math.log(2), 3);
  expect(await fault('x: input [1]\ny: x + beta', parameters, { T: '1' })).toMatch(/field 'beta'.*above 0/);
});

describe('mistakes', () => {
  test.each<[string, RegExp]>([
    [
      'x: input [2]\ny: x @ [[1, 2]]',
      /^test.yaml:4, field 'network.y': 'x @ \[\[1, 2\]\]': \[2\] times \[1, 2\]: the contracted axes \[2\] and \[1\] differ$/,
    ],
    ['x: input [2]\ny: x + [1, 2, 3]', /do not broadcast/],
    ['x: input [2]\ny: relu(z)', /nothing is called 'z' here; allowed: x, pi/],
    ['x: input [2]\ny: rleu(x)', /no function 'rleu'; allowed: relu, abs/],
    ['x: input [2]\ny: relu(x, x)', /relu with 2 arguments; allowed: relu\(x\)/],
    ['x: input [2]\ny: relu(x', /the end after 'relu\(x'; allowed: '\)'/],
    ['x: input [2]\ny: x[3]', /'3'.*an integer from 1 to 2 for an index|: 3; allowed/],
    ['x: input [2]\ny: x[0]', /allowed: an integer from 1 to 2 for an index/],
    ['x: input [2]\ny: x*exp(1)', /exp\(1\), which is no rational number.*round it: up/],
    ['x: input [2]\ny: x*(1/0)', /a division by 0/],
    ['x: input [2]\ny: x*log(0)', /log\(0\)/],
    ['x: input [2]\ny: [[1, 2], [3]]', /a list of a tensor \[2\] and a tensor \[1\]; allowed: entries of one shape/],
    ['x: input [2]\ny: [1, 2]', /the output 'y', which depends on no input/],
    ['x: input [2]\nx: relu(x)', /twice/],
    ['x: input [2]\nrelu: x', /a word of the language/],
    ['x: input [n]\ny: x', /nothing is called 'n'/],
    ['x: input [2]\ny: softmax(x, axis=3)', /an integer from -1 to 1 for an axis/],
    ['x: input [2]\ny: x if x > 0 else 0', /exact numbers for a comparison/],
    ['x: input [2]\ny: [x for x in 1..2]', /the name 'x' for a variable, which is taken/],
    ['x: input [2]\ny: x $ 2', /'\$' in/],
    ['x: input [2]\ny: x + 1 if 2', /a comparison/],
  ])('%s', async (lines, message) => {
    expect(await fault(lines)).toMatch(message);
  });
});

describe('hostile files cost bounded time', () => {
  test.each<[string, string]>([
    ['a long tower of powers', 'x: input [1]\na: 9^9^9^9^9\ny: x'],
    [
      'repeated squaring',
      `x: input [1]\na0: 3\n${Array.from({ length: 40 }, (_, k) => `a${k + 1}: a${k}*a${k}`).join('\n')}\ny: x`,
    ],
    [
      'repeated squaring of an irrational number',
      `x: input [1]\na0: exp(1) + 1\n${Array.from({ length: 40 }, (_, k) => `a${k + 1}: a${k}*a${k} + a${k}`).join('\n')}\ny: x`,
    ],
    ['a tensor that is too large', 'x: input [1]\na: ones(1000000, 1000000)\ny: x'],
    [
      'many nested comprehensions',
      'x: input [1]\na: sum(1 for a in 1..1000 for b in 1..1000 for c in 1..1000 for d in 1..1000)\ny: x',
    ],
    ['a long range', 'x: input [1]\na: sum(1..10^12)\ny: x'],
    ['an input that is too large', 'x: input [10^6, 10^6]\ny: x'],
    ['deep brackets', `x: input [1]\ny: ${'('.repeat(500)}x${')'.repeat(500)}`],
    [
      'a chain of doublings',
      `x: input [1]\n${Array.from({ length: 60 }, (_, k) => `a${k + 1}: concat(${k ? `a${k}, a${k}` : 'x, x'})`).join('\n')}\ny: x`,
    ],
  ])('%s', async (_, lines) => {
    const start = performance.now();
    await fault(lines);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
