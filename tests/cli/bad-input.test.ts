import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { exhibit, INSTANCES, scratch } from './exhibit.js';

/** Seconds that any bad input may take on a busy machine, the start of the program included. */
const LONGEST = 30;

const folder = scratch();
const SMALL = join(INSTANCES, 'memorize-one-sequence.yaml');
const PAIRS = join(INSTANCES, 'memorize-separation-too-large.yaml');
const model = join(folder, 'small.onnx');
await exhibit(['build', PAIRS, '-o', model]);

const HAT = 'theorem: hat-interpolation\nparams: {f: x^2, a: 0, b: 1, N: 4}\n';

/** A file in the folder of this test, by its text or bytes; returns its path. */
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function instance(name: string, params: string, rest = ''): string {
  return file(`${name}.yaml`, `theorem: single-head-memorization\nparams: ${params}\n${rest}`);
}

/** Runs the command and expects one message on stderr that matches, nothing on stdout, exit code 3, in bounded time. */
async function refused(args: readonly string[], message: RegExp, stdin?: string): Promise<void> {
  const { code, stdout, stderr, seconds } = await (stdin === undefined
    ? answer(args, { cwd: folder })
    : exhibit(args, { stdin, cwd: folder }));
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).toMatch(message);
  expect(stderr.length).toBeLessThan(1000);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(seconds).toBeLessThan(LONGEST);
}

describe.concurrent('the command line', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
    ['help for an unknown command', ['certify', '--help'], /unknown command 'certify'/],
    ['a misspelt command', ['lst'], /unknown command 'lst' \(Did you mean list\?\)/],
    ['a misspelt theorem', ['show', 'hat-interpolaton'], /did you mean 'hat-interpolation'\?/],
    ['a misspelt claim', ['verify', file('eror.yaml', `${HAT}claims: {eror: {bound: 1}}\n`)], /did you mean 'error'\?/],
    ['a misspelt field', ['verify', file('parms.yaml', `${HAT}expct: proved\n`)], /did you mean 'expect'\?/],
    ['an array as a path', ['run', model, '--input', '[[1]]'], /in the place of a path; .*echo '\[\[1\]\]' \|/],
    ['a text that YAML reads', ['show', file('own.yaml', 'theorem: t\nsummary: |x|\n')], /own\.yaml:2: .*in quotes/],
    ['check of a network', ['check', model], /small\.onnx: a network; allowed: a certificate.*exhibit prove/],
    ['check of an instance', ['check', SMALL], /an instance; allowed: a certificate.*exhibit verify/],
    ['report of a network', ['report', model, '-o', 'x.html'], /a network; allowed: what verify/],
    ['sweep of an instance', ['sweep', SMALL], /an instance; allowed: a sweep/],
    ['build of a network', ['build', model, '-o', 'x.json'], /a network; allowed: the file of a theorem/],
    [
      'verify of a sweep',
      ['verify', file('sweep.yaml', `${HAT}axes: {N: [1]}\n`)],
      /a sweep; .*taken by exhibit sweep/,
    ],
    ['prove of an instance', ['prove', SMALL, 'depth = 1'], /an instance; allowed: a network/],
    ['an instance for a statement', ['prove', model, SMALL], /an instance; allowed: MODEL\.\.\. 'STATEMENT'/],
    ['an unknown flag', ['verify', SMALL, '--tolerance', '1e-6'], /unknown option '--tolerance'/],
    ['a missing argument', ['verify'], /missing required argument 'instance'/],
    ['too many arguments', ['show', 'a', 'b'], /too many arguments/],
    ['a missing required flag', ['build', SMALL], /'-o, --output <file>' not specified/],
    ['a flag without its value', ['verify', SMALL, '-p'], /'-p, --param <NAME=VALUE>' argument missing/],
    ['a parameter without a value', ['verify', SMALL, '-p', 'T'], /'-p': 'T'; allowed: NAME=VALUE/],
    ['a seed that is no number', ['verify', SMALL, '--seed', 'x'], /'--seed': 'x'; allowed: a whole number/],
    ['too many digits', ['verify', SMALL, '--digits', '1000000'], /'--digits'/],
    ['no time', ['verify', SMALL, '--time-limit', '0'], /'--time-limit': '0'; allowed: a positive number/],
    ['an unknown provider', ['verify', SMALL, '--provider', 'tpu'], /'tpu'; allowed: cpu, webgpu, cuda/],
    ['an unknown format', ['verify', SMALL, '--dtype', 'int8'], /'int8'; allowed: float64, float32, float16/],
    ['a file kind to build', ['build', SMALL, '-o', 'x.pt'], /x\.pt.*allowed: \.onnx, \.safetensors, \.json/],
    ['a dtype for exact numbers', ['build', SMALL, '-o', 'x.json', '--dtype', 'float32'], /its numbers are exact/],
    ['a folder that is not there', ['build', SMALL, '-o', 'no/x.onnx'], /no\/x\.onnx: cannot be written: no such file/],
    [
      'a network as an instance',
      ['verify', 'net.onnx'],
      /net\.onnx: a network; allowed: the file of a theorem.*exhibit prove/,
    ],
    ['a path to audit', ['audit', 'nowhere'], /nowhere: no such file or folder/],
  ])('%s', (_, args, message) => refused(args, message));

  test('a folder without instances', () => {
    mkdirSync(join(folder, 'empty'));
    return refused(['audit', 'empty'], /no instance files/);
  });
});

describe.concurrent('an instance', () => {
  const verify = (path: string, message: RegExp) => refused(['verify', path], message);

  test.each<[string, string, RegExp]>([
    [
      'an unknown parameter',
      '{T: 2, d: 1, data: a.csv, heads: 3}',
      /heads.*unknown parameter 'heads'.*allowed: T, d, data/,
    ],
    ['a missing parameter', '{T: 2, data: a.csv}', /needs the parameter d \(dimension/],
    ['a word for a number', '{T: two, d: 1, data: a.csv}', /:2, field 'params.T'.*'two' is not a number/],
    ['a list for a number', '{T: [2], d: 1, data: a.csv}', /:2, field 'params.T'.*a list/],
    ['a fraction for an integer', '{T: 5/2, d: 1, data: a.csv}', /:2, field 'params.T'.*'5\/2'; allowed: an integer/],
    ['T = 0', '{T: 0, d: 1, data: a.csv}', /:2, field 'params.T'.*'0'; allowed: an integer from 1 to 16384/],
    ['a number out of range', '{T: 1e6, d: 1, data: a.csv}', /'1e6'; allowed: an integer from 1 to 16384/],
    ['a hostile number', '{T: 1e999999999, d: 1, data: a.csv}', /'1e999999999'.*allowed: exponents/],
    ['an endless number', `{T: ${'9'.repeat(2000)}, d: 1, data: a.csv}`, /2000 characters; allowed: at most 1000/],
    ['infinity', '{T: .inf, d: 1, data: a.csv}', /'.inf' is not a number/],
    ['missing data', '{T: 2, d: 1, data: nowhere.csv}', /nowhere\.csv.*no such file.*relative paths start from/],
    [
      'data of another kind',
      '{T: 2, d: 1, data: missing-data.yaml}',
      /missing-data\.yaml.*allowed: a .csv or .json file/,
    ],
    ['a device for data', '{T: 2, d: 1, data: /dev/zero}', /\/dev\/zero.*not a file/],
  ])('%s', (name, params, message) => verify(instance(name.replace(/\W/g, '-'), params), message));

  test.each<[string, string | Uint8Array, RegExp]>([
    [
      'an unknown theorem',
      'theorem: fermat\n',
      /unknown theorem 'fermat'; allowed: one of the \d+ theorems that 'exhibit list' shows/,
    ],
    ['no theorem', 'params: {T: 1}\n', /no theorem/],
    ['an unknown field', 'theorem: a\nparam: {}\n', /:2, .*unknown field 'param'; allowed: theorem, params/],
    [
      'a theorem without a network',
      'theorem: a\nconstants: {c: 2}\nclaims: {b: c = 2}\n',
      /:2, field 'constants': .*theorem has network: with name: expression/,
    ],
    ['an unknown expectation', 'theorem: a\nexpect: maybe\n', /:2, .*'maybe'; allowed: proved, refuted, undecided/],
    ['malformed YAML', 'theorem: a\nparams: {T: 1\n', /malformed YAML/],
    ['a key twice', 'theorem: a\ntheorem: b\n', /:2, .*the key 'theorem' twice/],
    ['nesting', `theorem: ${'['.repeat(50_000)}\n`, /more than 32 levels of nesting/],
    [
      'a large file',
      `theorem: a\n# ${'x'.repeat(2 ** 20)}\n`,
      /large-file\.yaml: 10485\d\d bytes; allowed: at most \d+/,
    ],
    ['bytes', Uint8Array.from({ length: 4096 }, (_, k) => (k * 151 + 7) % 256), /bytes\.yaml/],
    ['an empty file', '', /empty-file\.yaml/],
    ['a bomb of aliases', bomb(), /alias/],
  ])('%s', (name, content, message) => verify(file(`${name.replace(/\W/g, '-')}.yaml`, content), message));

  test('a claim that the theorem does not make', () =>
    verify(
      instance('claim', `{T: 2, d: 1, data: ${join(INSTANCES, 'duplicates.csv')}}`, 'claims: {speed: {bound: 1}}\n'),
      /'claims.speed'.*unknown claim 'speed'; allowed: embedding, error/,
    ));

  test('a bound that is no number', () =>
    verify(
      instance('bound', '{T: 2, d: 1, data: a.csv}', 'claims: {error: {bound: small}}\n'),
      /:3, .*'small' is not/,
    ));

  test('a missing file and a folder', async () => {
    await verify('nowhere.yaml', /nowhere\.yaml: cannot be read: no such file or directory/);
    mkdirSync(join(folder, 'folder.yaml'));
    await verify('folder.yaml', /folder\.yaml: no plain file/);
  });

  test.each([
    ['system(x)', /the function 'system'.*allowed: .*exp, log, sin/],
    ['x.constructor', /allowed: numbers, the variables x/],
    ['x + y', /'y'/],
  ])('the expression %s', (f, message) => {
    const params = [`f=${f}`, 'a=0', 'b=1', 'N=4'].flatMap((text) => ['-p', text]);
    return refused(['verify', 'hat-interpolation', ...params], message);
  });
});

describe.concurrent('data', () => {
  const T2 = (data: string) => `{T: 2, d: 1, data: ${data}}`;

  test.each<[string, string, RegExp]>([
    ['ragged.csv', 'a,b,y\n1,2,3\n1,2\n', /ragged\.csv:3, .*expect 3, got 2/],
    ['nan.csv', 'a,b,y\n1,NaN,3\n', /nan\.csv:2, field 'b': 'NaN' is not a number/],
    ['infinite.csv', 'a,b,y\n1,2,Infinity\n', /infinite\.csv:2, field 'y': 'Infinity' is not a number/],
    ['hole.csv', 'a,b,y\n1,,3\n', /hole\.csv:2, field 'b': '' is not a number/],
    ['columns.csv', 'a,b,c,y\n1,2,3,4\n', /columns\.csv:1, .*4 columns; allowed: T\*d \+ 1 = 2\*1 \+ 1 = 3/],
    ['header.csv', '1,2,3\n4,5,6\n', /header\.csv:1, .*numbers; allowed: a header/],
    ['empty.csv', '', /empty\.csv.*no sequences/],
    ['quote.csv', 'a,b,y\n1,"2,3\n', /quote\.csv.*malformed CSV/],
    ['twice.csv', 'a,b,y\n1,2,3\n1.0,2e0,4\n', /line 2 and line 3 hold the same sequence with the labels 3 and 4/],
    ['bad.json', '{"sequences": [', /bad\.json.*malformed JSON/],
    ['ragged.json', '{"sequences": [[[1], [2]], [[1]]], "labels": [1, 2]}', /ragged\.json.*sequence 1.*1 entries/],
    ['text.json', '{"sequences": [[["1"], [2]]], "labels": [1]}', /text\.json.*'1'; allowed: a finite number/],
    ['labels.json', '{"sequences": [[[1], [2]]], "labels": []}', /labels\.json.*sequences: 1 entries, labels: 0/],
  ])('%s', (name, content, message) => {
    file(name, content);
    return refused(['verify', instance(`of-${name.replace('.', '-')}`, T2(name))], message);
  });
});

describe.concurrent('a model', () => {
  const bytes = (async () => (await import('node:fs')).readFileSync(model))();

  test.each<[string, (whole: Buffer) => Uint8Array, RegExp]>([
    ['truncated', (whole) => whole.subarray(0, whole.length >> 1), /truncated\.onnx/],
    ['foreign', () => Buffer.from('<html>not a model</html>'), /foreign\.onnx/],
    ['empty', () => new Uint8Array(), /empty\.onnx/],
    ['zeros', () => new Uint8Array(4096), /zeros\.onnx/],
  ])('%s', async (name, damage, message) => {
    file(`${name}.onnx`, damage(await bytes));
    await refused(['run', `${name}.onnx`, '--input', '-'], message, '[[[1],[2]]]');
    await refused(['verify', SMALL, '--network', `${name}.onnx`], message);
  });

  test('missing, of another kind, or with other inputs', async () => {
    await refused(['run', 'nowhere.onnx', '--input', '-'], /nowhere\.onnx: cannot be read: no such file/);
    await refused(['run', SMALL, '--input', '-'], /an instance; allowed: a model, \.onnx/);
    await refused(['verify', SMALL, '--network', 'nowhere.json'], /nowhere\.json: cannot be read: no such file/);
    await refused(['verify', SMALL, '--network', 'x.pt'], /x\.pt: .*allowed: networks: \.onnx or \.json/);
    await refused(['verify', SMALL, '--network', file('list.json', '[1, 2]')], /list\.json/);
  });

  test.each<[string, string, RegExp]>([
    ['malformed JSON', '[[[1],', /stdin: malformed JSON/],
    ['no array', '"x"', /stdin: no array; allowed: a nested array/],
    ['a ragged array', '[[[1],[2,3]]]', /stdin.*a ragged array/],
    ['another shape', '[[[1],[2],[3]]]', /shape \[1, 3, 1\]; allowed: shape \[batch, 2, 1\]/],
    ['an empty batch', '[]', /allowed: shape \[batch, 2, 1\]/],
    ['an entry that is no number', '[[[1],["two"]]]', /'two' is/],
    ['an entry beyond float64', '[[[1],[1e400]]]', /'1e400'; allowed: finite float64 numbers/],
    ['a hostile entry', '[[[1],[1e999999999]]]', /'1e999999999'.*allowed: exponents/],
    ['an input of another name', '{"z": [[[1],[2]]]}', /'z'; allowed: x/],
    ['nesting', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, /stdin/],
  ])('fed %s', (_, stdin, message) => refused(['run', model, '--input', '-'], message, stdin));

  test('fed files that are no arrays', async () => {
    await refused(['run', model, '--input', 'nowhere.json'], /nowhere\.json: cannot be read: no such file/);
    await refused(['run', model, '--input', file('short.npy', '\x93NUMPY')], /short\.npy: npy: no numpy array/);
  });

  test('asked for a format that it does not have', () =>
    refused(['run', model, '--input', '-', '--dtype', 'float16'], /float16 for a model in float64; .*build it with/));
});

test('audit tells an unexpected verdict from a bad command', async () => {
  const wrong = instance('wrong', `{T: 2, d: 1, data: ${join(INSTANCES, 'duplicates.csv')}}`, 'expect: refuted\n');
  const { code, stdout, stderr } = await exhibit(['audit', wrong]);
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^FAIL proved .*\n {5}expected refuted\n/);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('s REFUTED');
});

/** Nine levels of nine references each: 9^9 entries when expanded. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, k) => {
    const items = Array.from({ length: 9 }, () => (k === 0 ? 'x' : `*a${k - 1}`));
    return `a${k}: &a${k} [${items.join(', ')}]`;
  });
  return `theorem: single-head-memorization\n${levels.join('\n')}\n`;
}
