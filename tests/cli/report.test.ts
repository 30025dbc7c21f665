import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { exhibit, INSTANCES, launch, ROOT, scratch } from './exhibit.js';

const folder = scratch();
const SMALL = ['verify', 'hat-interpolation', '-p', 'f=x^2', '-p', 'a=0', '-p', 'b=1', '-p', 'N=4', '--quiet'];

/** The call that a page offers, run by a shell. */
async function again(page: string): Promise<string> {
  const [, call] = /<pre[^>]*>exhibit (verify [^<]*)<\/pre>/.exec(page)!;
  const text = call.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  const command = `"${process.execPath}" "${join(ROOT, 'scripts/exhibit.cjs')}" ${text} --quiet --dtype float64`;
  return (await launch('/bin/sh', ['-c', command], { cwd: folder })).stdout;
}

describe('reports', () => {
  test('verify writes a page, whose call gives the same result', async () => {
    const file = join(folder, 'page.html');
    const { code, stdout } = await exhibit([...SMALL, '--report', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/s PROVED\n$/);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('0.015625');
    expect(await again(page)).toMatch(/s PROVED\n$/);
  });

  test('report makes the page of a JSON result with lists and quotes in its parameters', async () => {
    const instance = join(INSTANCES, 'retrieval-two-heads.yaml');
    const { stdout } = await answer(['verify', instance, '--json', '--quiet', '--dtype', 'float64']);
    writeFileSync(join(folder, 'two.json'), stdout);
    const made = await exhibit(['report', join(folder, 'two.json'), '-o', join(folder, 'two.html')]);
    expect(made).toMatchObject({ code: 0, stdout: `${join(folder, 'two.html')}\n`, stderr: '' });
    const page = readFileSync(join(folder, 'two.html'), 'utf8');
    const sha256 = JSON.parse(stdout).network.sha256.slice(0, 16);
    expect(page).toContain(sha256);
    expect(await again(page)).toContain(sha256);
  });

  test('report reads what sweep wrote', async () => {
    const sweep = join(ROOT, 'proofs-check/classical/sweeps/hat-square.yaml');
    expect((await answer(['sweep', sweep, '-o', join(folder, 'sweep')])).code).toBe(0);
    const made = await answer([
      'report',
      join(folder, 'sweep/hat-square.json'),
      '-o',
      join(folder, 'sweep.html'),
      '--json',
    ]);
    expect(JSON.parse(made.stdout)).toEqual({ file: join(folder, 'sweep.html') });
    expect(readFileSync(join(folder, 'sweep.html'), 'utf8')).toMatch(/<svg/);
  });

  test.each([
    ['no JSON', 'x', /malformed JSON/],
    ['a network', '{"nodes": []}', /holds no result; allowed: what verify, audit or sweep write with --json/],
    ['a result without a field', '{"claims": []}', /field '\w+'/],
  ])('%s is bad input: one line, exit 3, and no page', async (name, content, message) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, content);
    const { code, stdout, stderr } = await answer(['report', file, '-o', join(folder, 'none.html')]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(file);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(() => readFileSync(join(folder, 'none.html'))).toThrow();
  });
});
