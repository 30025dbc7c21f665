import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { exhibit, INSTANCES, launch, ROOT, scratch } from './exhibit.js';

const folder = scratch();
const certificate = join(folder, 'proof.json');
const written = await exhibit(['verify', join(INSTANCES, 'memorize-duplicates.yaml'), '--certificate', certificate]);
const text = readFileSync(certificate, 'utf8');
const lastLine = (output: string) => output.trimEnd().split('\n').at(-1);

/** The certificate with something replaced, beside the network that it names. */
function edited(name: string, from: string, to: string): string {
  expect(text).toContain(from);
  const path = join(folder, name);
  writeFileSync(path, text.replaceAll(from, to));
  return path;
}

describe.concurrent('a certificate', () => {
  test('is verified, claim by claim', async () => {
    expect(written.code).toBe(0);
    const { code, stdout, stderr } = await exhibit(['check', certificate]);
    expect({ code, stderr, last: lastLine(stdout) }).toEqual({ code: 0, stderr: '', last: 's VERIFIED' });
    for (const claim of ['embedding', 'error', 'parameters']) expect(stdout).toContain(`\nverified ${claim}: `);
    expect(stdout).not.toMatch(/verified execution/);
    const json = await answer(['check', certificate, '--json']);
    expect([json.code, JSON.parse(json.stdout).verdict]).toEqual([0, 'verified']);
  });

  test('is checked by the program of its own too', async () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const { code, stdout } = await launch(join(ROOT, bin['exhibit-check']), [certificate], {});
    expect([code, lastLine(stdout)]).toEqual([0, 's VERIFIED']);
  });

  test('of another network or another count is rejected', async () => {
    const other = join(folder, 'other.json');
    const network = readFileSync(join(folder, 'proof.network.json'), 'utf8');
    writeFileSync(other, network.replace('"64"', '"32"'));
    const rejections = await Promise.all([
      answer(['check', certificate, '--network', other]),
      answer(['check', edited('count.json', '"count":"18"', '"count":"17"')]),
      answer(['check', edited('label.json', '"bound":"0"', '"bound":"-1"')]),
    ]);
    for (const { code, stdout } of rejections) expect([code, lastLine(stdout)]).toEqual([1, 's REJECTED']);
  });

  test.each([
    ['a file of another kind', () => join(folder, 'proof.network.json')],
    ['a missing file', () => join(folder, 'nowhere.json')],
    ['a certificate that is cut off', () => cutOff()],
  ])('%s is bad input', async (_, path) => {
    const { code, stdout, stderr } = await answer(['check', path()]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  });
});

test('a certificate of an earlier release is verified by steps of today, which --renew writes', async () => {
  const program = join(ROOT, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).bin['exhibit-check']);
  const earlier = join(ROOT, 'tests/checker/earlier/composed-readout.json');
  const file = join(folder, 'renewed.json');
  const [before, said, json] = await Promise.all([
    launch(program, [earlier], {}),
    exhibit(['check', earlier, '--renew', file]),
    answer(['check', earlier, '--json']),
  ]);
  expect([before.code, lastLine(before.stdout)]).toEqual([1, 's REJECTED']);
  expect(before.stdout).toContain("gated-mass is a rule of the past, see 'exhibit check --renew'");
  expect([said.code, lastLine(said.stdout)]).toEqual([0, 's VERIFIED']);
  expect(said.stderr).toContain('note: claim error has steps of an earlier release (gated-mass)');
  expect(said.stderr).toContain('renewed.json: the same statements by steps of today');
  expect(JSON.parse(json.stdout).renewed).toEqual([{ id: 'error', rules: ['gated-mass'] }]);
  const after = await launch(program, [file], {});
  expect([after.code, after.stdout]).toEqual([0, said.stdout]);
  const again = await exhibit(['check', file, '--renew', join(folder, 'again.json')]);
  expect([again.code, again.stdout]).toEqual([0, said.stdout]);
  expect(again.stderr).toMatch(
    /again\.json was not written: no step is of an earlier release, the certificate is of today\n$/,
  );
  const network = join(ROOT, 'tests/checker/earlier/soft-minimum.network.json');
  const other = await exhibit(['check', earlier, '--network', network, '--renew', join(folder, 'mismatched.json')]);
  expect([other.code, lastLine(other.stdout)]).toEqual([1, 's REJECTED']);
  expect(other.stderr).toMatch(/mismatched\.json was not written: not all claims were verified\n$/);
  for (const taken of [earlier, earlier.replace('.json', '.network.json'), file]) {
    const refused = await exhibit(['check', earlier, '--renew', taken]);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('allowed: the name of a new file')]);
  }
});

describe.concurrent('the program of its own', () => {
  const program = join(ROOT, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).bin['exhibit-check']);
  const piped = (command: string) => launch('bash', ['-c', `${command}; exit \${PIPESTATUS[0]}`], { cwd: folder });

  test('reads a certificate from stdin', async () => {
    const { code, stdout } = await launch(program, ['-'], { stdin: text, cwd: folder });
    expect([code, lastLine(stdout)]).toEqual([0, 's VERIFIED']);
    const cut = await launch(program, ['-'], { stdin: text.slice(0, 100), cwd: folder });
    expect([cut.code, cut.stdout]).toEqual([3, '']);
    expect(cut.stderr).toMatch(/^error: [^\n]+\n$/);
    const none = await launch(program, ['-'], { cwd: folder });
    expect([none.code, none.stdout]).toEqual([3, '']);
  });

  test('says of a certificate without claims that nothing was checked', async () => {
    const { claims: _, ...rest } = JSON.parse(text);
    const path = join(folder, 'without-claims.json');
    writeFileSync(path, JSON.stringify({ ...rest, claims: [] }));
    for (const run of [launch(program, [path], {}), answer(['check', path])]) {
      const { code, stdout } = await run;
      expect([code, lastLine(stdout)]).toEqual([2, 's UNCHECKED']);
    }
  });

  test('has no verdict where stdout cannot be written, and the verdict where its reader has left', async () => {
    const full = await piped(`${program} ${certificate} > /dev/full`);
    expect([full.code, full.stdout]).toEqual([4, '']);
    expect(full.stderr).toMatch(/^error: stdout cannot be written: [^\n]+\n$/);
    const left = await piped(`(sleep 0.5; ${program} ${certificate}) | true`);
    expect(left).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test.each([[[]], [['--help', 'x']], [['-x']], [['a', 'b']], [['a', '--network']], [['a', '--network', 'b', 'c']]])(
    'tells how it is used, given %j',
    async (words) => {
      const { code, stdout, stderr } = await launch(program, words, {});
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^usage: exhibit-check/);
    },
  );

  test('reads no folder, and no text that two readers take in two ways', async () => {
    const twice = edited('twice.json', '{"format"', '{"seed":1,"seed":2,"format"');
    for (const [path, message] of [
      [folder, /is no plain file/],
      [twice, /has a field twice/],
    ] as const) {
      const { code, stdout, stderr } = await launch(program, [path], {});
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(message);
    }
  });
});

function cutOff(): string {
  const path = join(folder, 'cut-off.json');
  writeFileSync(path, text.slice(0, text.length >> 1));
  return path;
}
