import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { scratch } from './exhibit.js';

const folder = scratch();

/** Writes a file of the user's and returns its path from their folder. */
function own(name: string, text: string): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}

const run = (...args: string[]) => answer(args, { cwd: folder });

const clip = (id: string) => `theorem: ${id}
summary: two ReLUs clip a number to [0, 1] exactly
source: {paper: README, trust: proved}
parameters:
  R: {rational: half the width of the interval, above: 0}
network:
  x: input [1]
  h: relu(x @ [[1, 1]] + [0, -1])
  y: h @ [[1], [-1]]
`;

/** A module whose claim has `prove` as its proof; `construct` may be given as well. */
const module = (
  id: string,
  prove: string,
  construct = 'return { network: b.network({ y: b.relu(b.input("x", { n: 1 })) }), design: null };',
) => `
import { Builder, Rational, rational } from 'exhibit-audit';
export default {
  id: '${id}',
  summary: 'a theorem of a test',
  statement: 'y = relu(x)',
  source: { paper: 'a test', theorem: 'none', trust: 'recalled' },
  parameters: { R: rational('a number', { above: '0' }) },
  construct() {
    const b = new Builder();
    ${construct}
  },
  claims: [{ id: 'error', kind: 'bound', statement: 'y = relu(x)', trust: 'proved',
    says: () => 'for all x in [0, 1]: y = max(x, 0)', prove(audit) { ${prove} } }],
};
`;

describe('theorem files', () => {
  own('library/clip.yaml', clip('clip'));

  test('are listed, shown and built from a folder', async () => {
    const { stdout, code } = await run('list', '--library', 'library');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^clip +two ReLUs clip a number to \[0, 1\] exactly \(README\)$/m);
    expect((await run('show', 'clip', '--library', 'library')).stdout).toContain(
      'R: half the width of the interval; an exact number above 0',
    );
    const built = await run('build', 'library/clip.yaml', '-p', 'R=2', '-o', 'clip.json');
    expect(built).toMatchObject({ code: 0, stdout: expect.stringContaining('6 parameters') });
  });

  test('are found by the nearest package.json', async () => {
    own('project/package.json', '{"exhibit": {"library": "theorems"}}');
    own('project/theorems/mine.yaml', clip('mine'));
    own('project/deep/er/instance.yaml', 'theorem: mine\nparams: {R: 1}\n');
    const shown = await answer(['show', 'mine'], { cwd: join(folder, 'project/deep/er') });
    expect(shown.code).toBe(0);
    expect((await run('build', 'project/deep/er/instance.yaml', '-o', 'mine.json')).code).toBe(0);
  });

  test('are not looked for beside a package.json that is no JSON, which is one message', async () => {
    own('broken/package.json', '{"exhibit": {"library": "a", "library": "b"}}');
    const { code, stderr } = await answer(['list'], { cwd: join(folder, 'broken') });
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^error: .*package\.json:1: the name 'library' twice\n$/),
    ]);
  });

  test('are named by instances and sweeps by a path that starts from them', async () => {
    own('library/instances/one.yaml', 'theorem: ../clip.yaml\nparams: {R: 1}\n');
    expect((await run('build', 'library/instances/one.yaml', '-o', 'one.json')).code).toBe(0);
    own('library/sweep.yaml', 'theorem: ./clip.yaml\naxes: {R: [1, 2]}\nrecord: [network.parameters]\n');
    const swept = await run('sweep', 'library/sweep.yaml', '--json', '--jobs', '1');
    expect(JSON.parse(swept.stdout).points.map(({ values }: { values: unknown }) => values)).toMatchObject([
      { 'network.parameters': '6' },
      { 'network.parameters': '6' },
    ]);
  });
});

test('two theorems of one id are an error that names both files', async () => {
  own('twice/a/same.yaml', clip('same'));
  own('twice/b/same.yaml', clip('same'));
  const { code, stderr } = await run('list', '--library', 'twice');
  expect(code).toBe(3);
  expect(stderr).toMatch(/'same': .*twice\/a\/same\.yaml and .*twice\/b\/same\.yaml/);
  own('softmin-gap.yaml', clip('softmin-gap'));
  const other = await run('build', './softmin-gap.yaml', '-p', 'R=1', '-o', 'x.json');
  expect(other).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/two theorems with the id 'softmin-gap'.*softmin-gap\.cjs/),
  });
});

describe('weights in a .safetensors file', () => {
  const theorem = (weights: string) =>
    `theorem: stored\nweights: ${weights}\nnetwork:\n  x: input [1]\n  y: relu(x @ W1 + b1) @ W2\nclaims:\n  error: "for all x in [-2, 2]: |y - min(max(x, 0), 1)| <= 0"\n`;

  test('are read from beside the theorem, exactly, and part of a sweep\u2019s points', async () => {
    own('stored/clip.yaml', clip('stored-clip'));
    await run('build', 'stored/clip.yaml', '-p', 'R=1', '-o', 'stored/clip.safetensors', '--dtype', 'float16');
    own('stored/mine.yaml', theorem('{file: clip.safetensors, W1: h.1, b1: h.3, W2: y.1}'));
    const proved = await run('verify', 'stored/mine.yaml', '--dtype', 'float32', '--json');
    expect(proved.code).toBe(0);
    const { files } = JSON.parse(proved.stdout);
    expect(files.map(({ file }: { file: string }) => file)).toContain('stored/clip.safetensors');
  });

  test.each([
    [
      '{file: clip.safetensors, W1: h.2, b1: h.3, W2: y.1}',
      /mine2\.yaml:2, field 'weights\.W1': no tensor 'h\.2' in .*; allowed: h\.1, h\.3, y\.1/,
    ],
    ['{file: none.safetensors, W1: h.1, b1: h.3, W2: y.1}', /none\.safetensors.*no such file/],
    ['{W1: h.1}', /mine2\.yaml:2, field 'weights': weights without a file/],
    ['{file: clip.onnx}', /field 'weights\.file': 'clip\.onnx'; allowed: the path of a \.safetensors file/],
    ['{file: clip.safetensors, x: h.1}', /the name 'x' twice/],
  ])('%s is a mistake with its place', async (weights, message) => {
    own('stored/mine2.yaml', theorem(weights).replace('stored', 'mine2'));
    const { code, stderr } = await run('verify', 'stored/mine2.yaml');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(message) });
  });
});

describe('modules', () => {
  test('use the public API by the name of the package from any folder', async () => {
    own('relu.mjs', module('relu', 'return { outcomes: [], method: "none" };'));
    const { code, stdout, stderr } = await run('verify', './relu.mjs', '-p', 'R=10', '--dtype', 'float32');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/UNDECIDED +error: y = relu\(x\)/);
  });

  test('cannot write a verdict', async () => {
    const old = "{ verdict: 'proved', predicted: null, enclosure: null, witness: null, steps: [], method: 'trust me' }";
    own('forged.mjs', module('forged', `return ${old};`).replace(/says: [^\n]*max\(x, 0\)', /, ''));
    const { code, stdout, stderr } = await run('verify', './forged.mjs', '-p', 'R=1', '--dtype', 'float32');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/forged, claim 'error'.*: a claim without a statement/);
  });

  test.each<[string, string, RegExp]>([
    ['no-default', 'export const theorem = 1;', /no-default\.mjs: no default export; allowed: export default theorem/],
    [
      'no-claims',
      'export default { id: "a", summary: "a", statement: "a", source: {}, parameters: {}, construct() {} };',
      /the theorem without claims/,
    ],
    [
      'misspelt',
      module('misspelt', 'return audit.nonsense.more;'),
      /misspelt\.mjs:\d+, field 'claim error': TypeError: Cannot read properties of undefined/,
    ],
    ['nothing', module('nothing', ''), /nothing\.mjs, field 'claim error': prove returned undefined/],
    [
      'shapes',
      module('shapes', '', 'const x = b.input("x", { n: 2 });\n b.relu(b.add(x, b.input("z", { n: 3 })));'),
      /shapes\.mjs:\d+, field 'construct': ShapeError: node 'add_0' \(add\): \[n 2\] and \[n 3\] do not broadcast/,
    ],
    ['kind', module('kind', '').replace("kind: 'bound'", "kind: 'bund'"), /kind: identity, bound, quantity/],
    [
      'twice',
      module('twice', '').replace(
        'claims: [',
        "claims: [{ id: 'error', kind: 'bound', statement: 'a', trust: 'proved', prove() {} }, ",
      ),
      /two claims with the id 'error'/,
    ],
    [
      'parameter',
      module('parameter', '').replace("rational('a number', { above: '0' })", '5'),
      /field 'parameters\.R': a number; allowed: integer/,
    ],
    [
      'limit',
      module('limit', 'return { outcomes: [], method: "m" };').replace('says:', 'limit: () => 1/2, says:'),
      /claim 'error'': the limit '0\.5'; allowed: a Rational/,
    ],
    [
      'own-verdict',
      module('own-verdict', 'return { outcomes: [], verdict: "proved", method: "m" };'),
      /own-verdict\.mjs, field 'claim error': 'verdict', which no claim returns/,
    ],
    [
      'own-steps',
      module('own-steps', 'return { outcomes: [{ kind: "fact", id: "s", statement: "0 = 1" }], method: "m" };'),
      /own-steps\.mjs, field 'claim error': an outcome that no rule made/,
    ],
    ['minting', 'import { mint } from "exhibit-audit/rules";', /minting\.mjs.*SyntaxError.*'mint'/],
    ['method', module('method', 'return { outcomes: [], method: 5 };'), /claim error': a method that is a number/],
    [
      'says',
      module('says', 'return { outcomes: [], method: "m" };').replace("max(x, 0)', p", "max(x, 0', p"),
      /claim 'error'': column \d+ of the statement/,
    ],
    ['no-network', module('no-network', '', 'return b;'), /field 'construct': construct returned no network/],
    ['throws', 'throw new Error("at once");', /throws\.mjs:1: Error: at once/],
    ['syntax', 'export default {', /syntax\.mjs.*SyntaxError/],
    [
      'unknown-export',
      'import { nonsense } from "exhibit-audit";\nexport default nonsense;',
      /does not provide an export named 'nonsense'/,
    ],
    [
      'says-text',
      module('says-text', '').replace('says: () =>', 'says:'),
      /claim error, whose says is 'for all x.*; allowed: says: a function/,
    ],
    [
      'trust',
      module('trust', '').replace("trust: 'proved'", "trust: 'sure'"),
      /whose trust is 'sure'; allowed: trust: proved, paper, recalled/,
    ],
    [
      'says-number',
      module('says-number', 'return { outcomes: [], method: "m" };').replace(
        "says: () => 'for all x in [0, 1]: y = max(x, 0)'",
        'says: () => 5',
      ),
      /claim 'error'': a statement that is neither a text nor/,
    ],
    ['other-package', 'import "exhibit";', /Cannot find package 'exhibit'.*this package is 'exhibit-audit'/],
    ['unknown-package', 'import "no-such-package";', /Cannot find package 'no-such-package'/],
  ])('the mistake %s is named with its place', async (id, text, message) => {
    own(`${id}.mjs`, text);
    const { code, stderr, stdout } = await run('verify', `./${id}.mjs`, '-p', 'R=1', '--dtype', 'float32');
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).not.toMatch(/defect/);
  });
});

test('a claim whose certificate says it in other words is proved, and no defect', async () => {
  own(
    'least.yaml',
    'theorem: least\nnetwork:\n  x: input [2]\n  y: x[1] - relu(x[1] - x[2])\nclaims:\n  error: "for all x in [0, 1]^2: |y - min_{i in 1..2}(x[i])| <= 0"\n',
  );
  expect(await run('verify', './least.yaml', '--dtype', 'float32')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\ns PROVED\n$/),
  });
});

describe('mistakes name the file, the line and the tensor', () => {
  test.each<[string, string, RegExp]>([
    [
      'shape',
      '  y: h @ [[1], [-1], [2]]',
      /^error: shape\.yaml:9, field 'network\.y': 'h @ \[\[1\], \[-1\], \[2\]\]': .*contracted axes/,
    ],
    [
      'name',
      '  y: g @ [[1], [-1]]',
      /name\.yaml:9, field 'network\.y': nothing is called 'g' here; allowed: R, x, h, pi/,
    ],
    [
      'function',
      '  y: reLU(h) @ [[1], [-1]]',
      /function\.yaml:9, .*no function 'reLU'; allowed: .*did you mean 'relu'\?/,
    ],
    [
      'rate',
      '  y: h @ [[1], [-1]]\nclaims: {error: "parameters <= 6"}\nrates: {quantity: eror, against: R, exponent: 2}',
      /rate\.yaml:11, field 'rates\.quantity': no claim 'eror'; .*did you mean 'error'\?/,
    ],
    [
      'claim',
      '  y: h @ [[1], [-1]]\nclaims: {the error: "parameters <= 6"}',
      /claim\.yaml:10, field 'claims\.the error': a claim called 'the error'; allowed: ids of up to 64/,
    ],
    [
      'parameter',
      '  y: h @ [[1], [-1]]\nclaims: {error: "for all x in [-S, S]: y <= 1"}',
      /parameter\.yaml:10, field 'claims\.error': -S in the place of a number; allowed: .*names of parameters/,
    ],
    ['pairs', '  y = h @ [[1], [-1]]', /pairs\.yaml:\d+: malformed YAML: .*an entry is NAME: VALUE/],
    ['yaml', '  y: {a: 1}', /yaml\.yaml:9, field 'network\.y': a map; allowed: an expression/],
    ['field', 'netwrk: 1', /field\.yaml:9, field 'netwrk': unknown field 'netwrk'; allowed: theorem/],
  ])('%s', async (id, line, message) => {
    own(`${id}.yaml`, clip(id).replace('  y: h @ [[1], [-1]]', line));
    const { code, stderr } = await run('verify', `./${id}.yaml`, '-p', 'R=1');
    expect(stderr).toMatch(message);
    expect(code).toBe(3);
  });

  test('unknown files and ids', async () => {
    expect(await run('verify', './none.mjs')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/no theorem file 'none\.mjs'/),
    });
    expect(await run('show', 'nonsense')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/unknown theorem 'nonsense'.*--library DIR/),
    });
    expect(await run('list', '--library', 'nowhere')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/no such folder/),
    });
  });
});

test('the entry points of the package hold what they say', async () => {
  own(
    'entries.mjs',
    `import { Rational } from 'exhibit-audit/numbers';
import { Builder } from 'exhibit-audit/network';
import { parseExpression } from 'exhibit-audit/symbolic';
throw new Error([Rational.of(1, 2), typeof Builder, parseExpression('x', ['x']).kind].join(' '));`,
  );
  expect((await run('show', './entries.mjs')).stderr).toMatch(/entries\.mjs:4.*: Error: 1\/2 function variable/);
});

test('a mask with an empty row is refused alike by all who build the network', async () => {
  const file = own(
    'masked.yaml',
    `theorem: masked
summary: attention that a mask leaves nothing to attend to
source: {paper: a test}
parameters:
  kept: {matrix: "1 where a token is attended to", default: [[1, 1], [0, 0]]}
network:
  x: input [2, 1]
  mass: exp(x @ x.T)*kept
  y: (mass/reshape(sum(mass, axis=2), [2, 1])) @ x
claims:
  error: "for all x in [-1, 1]^(2 x 1): max_{i in 1..2}(|y[i, 1]|) <= 2"
`,
  );
  const [verified, built] = [await run('verify', file), await run('build', file, '-o', 'masked.onnx')];
  expect(verified.stderr).toMatch(
    /divides by entry 2 of 2 of a tensor, which is 0 for every input; allowed: .*every row of a mask/,
  );
  expect([verified.code, built.code, built.stderr]).toEqual([3, 3, verified.stderr]);
  const first = await run('build', file, '-p', 'kept=[[0, 0], [1, 1]]', '-o', 'masked.onnx');
  expect(first.stderr).toContain('divides by entry 1 of 2');
  expect((await run('build', file, '-p', 'kept=[[1, 1], [0, 1]]', '-o', 'masked.onnx')).code).toBe(0);
});
