import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
    const json = await exhibit(['check', certificate, '--json']);
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
      exhibit(['check', certificate, '--network', other]),
      exhibit(['check', edited('count.json', '"count":"18"', '"count":"17"')]),
      exhibit(['check', edited('label.json', '"bound":"0"', '"bound":"-1"')]),
    ]);
    for (const { code, stdout } of rejections) expect([code, lastLine(stdout)]).toEqual([1, 's REJECTED']);
  });

  test.each([
    ['a file of another kind', () => join(folder, 'proof.network.json')],
    ['a missing file', () => join(folder, 'nowhere.json')],
    ['a certificate that is cut off', () => cutOff()],
  ])('%s is bad input', async (_, path) => {
    const { code, stdout, stderr } = await exhibit(['check', path()]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
  });
});

function cutOff(): string {
  const path = join(folder, 'cut-off.json');
  writeFileSync(path, text.slice(0, text.length >> 1));
  return path;
}
