import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answer } from './answer.js';
import { exhibit, ROOT, scratch } from './exhibit.js';

const FIXTURES = join(ROOT, 'tests/onnx/fixtures/others');
const NET = join(FIXTURES, 'f2_16.onnx');
const folder = scratch();

describe('exhibit prove', () => {
  it.each([
    ['for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= 1/10', 0, 's PROVED'],
    ['for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= 7/100', 1, 's REFUTED'],
    ['for all x in R^2: |y - sin(3*x[1])*exp(-x[2])| <= exp(1000)', 1, 's REFUTED'],
    ['for all x in R^2: y - y^2 <= 1/4', 2, 's UNDECIDED'],
  ])('%s', async (statement, code, last) => {
    const outcome = await exhibit(['prove', NET, statement]);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout.trimEnd().split('\n').at(-1)).toBe(last);
  });

  it('writes the document of verify with --json', async () => {
    const statement = 'for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= ?';
    const { code, stdout, stderr } = await answer(['prove', NET, statement, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ theorem: null, verdict: 'proved', models: [{ file: NET }] });
    const [claim] = document.claims;
    expect(claim).toMatchObject({ id: 'claim', verdict: 'proved', predicted: null });
    const [lo, hi] = claim.enclosure.map(Number);
    expect(lo).toBeLessThanOrEqual(0.0782402);
    expect(hi).toBeGreaterThanOrEqual(0.0782401);
    expect(hi - lo).toBeLessThan(1e-6);
    expect(claim.witness.x).toHaveLength(2);
  });

  it('has its results checked, and writes certificates', async () => {
    const file = join(folder, 'certificate.json');
    const net = join(FIXTURES, 'sin1.onnx');
    const statement = 'for all x in [0,1]: |y - sin(2*pi*x)| <= ';
    for (const [bound, code] of [
      ['1/5', 0],
      ['1/10', 1],
    ] as const) {
      const outcome = await answer(['prove', net, statement + bound, '--json', '--certificate', file]);
      expect(outcome.code).toBe(code);
      expect(JSON.parse(outcome.stdout).claims[0].checked).toBe(true);
      expect((await answer(['check', file])).stdout).toMatch(/s VERIFIED\n$/);
    }
    const { stdout } = await answer(['prove', net, `${statement}1/5`, '--json', '--no-check']);
    expect(JSON.parse(stdout).claims[0].checked).toBe('not asked');
  });

  it.each([
    'for all x in [0,1]^2: y >= -1/2 and y < 6/5',
    'for all x in [0,1]^2 with x[1] <= x[2] and x[2] <= 1/2: y <= ?',
    'for all x in {0..3}^2: ? <= y',
    "for all x, x' in [0,1]^2: |y(x) - y(x')| <= 6*max_{i in 1..2}(|x[i] - x'[i]|)",
    "for all x, x' in [0,1]^2 with x[1] <= x'[1] and x[2] <= x'[2]: y(x) + 8*x[1] + 8*x[2] <= y(x') + 8*x'[1] + 8*x'[2]",
    'for all x in [0,1]^2: argmax(y, -1) = 1',
    'parameters <= 400 and nonzero <= 400 and max|w| <= 3 and depth <= 2 and units <= 32 and width <= 16',
  ])('has what it proves checked: %s', async (statement) => {
    const { stdout } = await answer(['prove', NET, statement]);
    expect(stdout).toMatch(/s PROVED\n$/);
    expect(stdout).toMatch(/^ {2}PROVED \(checked\) /m);
    expect(stdout).not.toMatch(/PROVED {4}|not checked/);
  });

  it('says what is not checked, and why, also of a certificate', async () => {
    const file = join(folder, 'nothing.json');
    const inner = await answer(['prove', NET, 'log(units) >= 1', '--certificate', file]);
    expect(inner.stdout).toMatch(
      /PROVED {4}claim: log\(units\) >= 1\n.*\n +not checked: the checker has no rule for it\n/,
    );
    expect(inner.stderr).toMatch(/0 of 1 claims for 'exhibit check': the checker has no rule for it/);
    const checked = await answer(['check', file]);
    expect(checked).toMatchObject({ code: 2 });
    expect(checked.stdout).toMatch(/s UNCHECKED\n$/);
  });

  it.each([
    ['for all x in [0,1]^2: a.y = b.y', 0, 'PROVED'],
    ['for all x in [0,1]^2: a.y - b.y < 0', 1, 'REFUTED'],
  ])('compares two networks: %s', async (statement, code, verdict) => {
    const file = join(folder, 'two.json');
    const outcome = await answer(['prove', NET, NET, statement, '--certificate', file]);
    expect(outcome.stdout).toMatch(new RegExp(`${verdict} \\(checked\\) claim(?:.|\\n)*s ${verdict}\n$`));
    expect(outcome.code).toBe(code);
    expect((await answer(['check', file])).stdout).toMatch(/s VERIFIED\n$/);
  });

  it('writes a report', async () => {
    const file = join(folder, 'report.html');
    const { code } = await answer(['prove', NET, 'parameters <= 1000', '--report', file]);
    expect(code).toBe(0);
  });

  it('ends at the time limit with what it has', async () => {
    const statement = "for all x, x' in [0,1]^2: |y(x) - y(x')| <= 3*max_{i in 1..2}(|x[i] - x'[i]|) + 1/1000000";
    const { code, stdout, seconds } = await exhibit(['prove', NET, statement, '--time-limit', '2']);
    expect([1, 2]).toContain(code);
    expect(stdout).toMatch(/s (REFUTED|UNDECIDED)\n$/);
    expect(seconds).toBeLessThan(20);
  });

  it.each([
    [[NET], 'no statement'],
    [['1 <= 2', NET], 'comes last'],
    [['for all x in R: x <= 1'], 'no network'],
    [['nothing.onnx', '1 <= 2'], 'nothing.onnx'],
    [['model.pt', '1 <= 2'], 'a file of another kind'],
    [[NET, 'for all x in [0,1]^2: z <= 1'], "column 23 of the statement: unknown name 'z'"],
    [[NET, 'for all x in [0,1]^2: y <= x[0]'], 'entries count from 1'],
    [[NET, 'for all x in [0,1]^3: y <= 1'], '[0, 1]^2'],
    [[NET, 'for all x in [0,1]^2: y <= 1/(x[1] - x[2])'], 'is undefined at x[1] = 0, x[2] = 0'],
    [[NET, 'for all x in [0,1]^2: y <= 1', '--width', '-1'], '--width'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await answer(['prove', ...args]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});

describe('an instance with a network in the place of a theorem', () => {
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const one = `network: ${NET}
claims:
  error: for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= 1/10
  size: "parameters <= 5000"
expect: proved
`;

  it('is verified', async () => {
    const { code, stdout } = await answer(['verify', write('one.yaml', one)]);
    expect(stdout).toMatch(/PROVED \(checked\) error: .*PROVED \(checked\) size: .*s PROVED\n$/s);
    expect(code).toBe(0);
  });

  it.each([
    ['-p', 'a=3'],
    ['--network', 'other.onnx'],
    ['--coq', 'proof.v'],
    ['--dtype', 'float32'],
  ])('refuses %s, which it could only pass over', async (option, value) => {
    const { code, stdout, stderr } = await answer(['verify', write('one.yaml', one), option, value]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`field '${option}': '${value}' for an instance that names its own network`);
  });

  it('is audited', async () => {
    write('one.yaml', one);
    write(
      'two.yaml',
      `networks: {teacher: ${NET}, student: ${NET}}\nclaims: {same: "for all x in [0,1]^2: teacher.y - student.y = 1"}\nexpect: refuted\n`,
    );
    write('bad.yaml', 'network: nothing.onnx\nclaims: {size: "parameters <= 5000"}\nexpect: bad-input\n');
    for (const other of ['node_modules', '.github']) {
      mkdirSync(join(folder, other));
      write(`${other}/settings.yml`, 'version: 2\n');
    }
    const { code, stdout } = await exhibit(['audit', folder]);
    expect(stdout).toMatch(/3 instances, 0 not as expected/);
    expect(code).toBe(0);
  });

  it.each([
    ['network: a.onnx\n', 'no claims'],
    ['network: a.onnx\nnetworks: {a: a.onnx}\nclaims: {e: "1 <= 2"}\n', 'network and networks'],
    ['network: a.onnx\nclaims: {e: "1 <= "}\n', 'column 6 of the statement'],
    ['network: a.onnx\nparams: {T: 3}\nclaims: {e: "1 <= 2"}\n', "unknown field 'params'"],
    ['network: missing.onnx\nclaims: {e: "1 <= 2"}\n', 'missing.onnx'],
  ])('refuses %j', async (text, message) => {
    const { code, stderr } = await answer(['verify', write('wrong.yaml', text)]);
    expect(stderr).toContain(message);
    expect(code).toBe(3);
  });
});

describe('a VNN-LIB property', () => {
  const property = (bound: string): string => {
    const file = join(folder, `above-${bound}.vnnlib`);
    const box = [0, 1].map((i) => `(declare-const X_${i} Real)(assert (>= X_${i} 0.0))(assert (<= X_${i} 1.0))`);
    writeFileSync(file, `${box.join('\n')}\n(declare-const Y_0 Real)\n(assert (>= Y_0 ${bound}))\n`);
    return file;
  };

  it('is answered as the standard says', async () => {
    const [unsat, sat] = await Promise.all([
      exhibit(['prove', NET, property('2.0'), '--vnnlib']),
      answer(['prove', NET, property('0.5'), '--vnnlib']),
    ]);
    expect(unsat).toMatchObject({ code: 0, stdout: 'unsat\n' });
    expect(sat.stdout).toMatch(/^sat\n\(\(X_0 [\d.e-]+\)\n \(X_1 [\d.e-]+\)\n \(Y_0 [\d.]+\)\)\n$/);
    expect(sat.code).toBe(0);
  });

  it('is a claim like others without the flag', async () => {
    const { code, stdout } = await answer(['prove', NET, property('2.0')]);
    expect(stdout).toMatch(/for all x in \[0, 1\] x \[0, 1\]: .* > 0\n.*s PROVED\n$/s);
    expect(code).toBe(0);
  });

  it('names the line of a mistake', async () => {
    const file = join(folder, 'wrong.vnnlib');
    writeFileSync(file, '(declare-const X_0 Real)\n(assert (>= X_9 0.0))\n');
    const { code, stderr } = await answer(['prove', NET, file]);
    expect(stderr).toContain(`${file}:2: unknown name 'X_9'`);
    expect(code).toBe(3);
  });
});
