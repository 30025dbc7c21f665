import { isAscii } from 'node:buffer';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exhibit, scratch } from './exhibit.js';

const folder = scratch();
const CALL = ['verify', 'relu-min-tree', '-p', 'S=4', '--dtype', 'float32', '--json'];

/** What a command says, but for how long it took and the command itself, with compiled code kept in a folder. */
async function said(name: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, stdout } = await exhibit(CALL, { env: { XDG_CACHE_HOME: join(folder, name), ...env } });
  expect(code).toBe(0);
  return stdout.replaceAll(/"(checkSeconds|seconds)": [^,\n]*/g, '');
}

function keptFiles(name: string): string[] {
  const all = join(folder, name, 'exhibit-audit');
  return readdirSync(all).flatMap((own) => readdirSync(join(all, own)).map((file) => join(all, own, file)));
}

const core = (files: readonly string[]) => files.find((file) => file.includes('core'))!;

it('says nothing of what it sets in V8, whose versions know different words', async () => {
  expect(await exhibit(['list'])).toMatchObject({ code: 0, stderr: '' });
  expect(await exhibit(CALL)).toMatchObject({ code: 0, stderr: '' });
});

it('reads files in which each character is a byte', () => {
  const names = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cjs'));
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !isAscii(readFileSync(join('dist', name))))).toEqual([]);
});

// Later versions of node keep compiled code themselves.
describe.skipIf('enableCompileCache' in module)('code kept between runs', () => {
  it('is the user’s alone, and changes nothing', async () => {
    const first = await said('plain');
    const kept = keptFiles('plain');
    expect(kept.map((file) => statSync(file).mode & 0o077)).toEqual(kept.map(() => 0));
    expect(await said('plain')).toBe(first);
  });

  it('is compiled anew where a bit of it has changed, or others could have written it', async () => {
    const first = await said('broken');
    const file = core(keptFiles('broken'));
    const bytes = readFileSync(file);
    const other = Buffer.from(bytes);
    for (let at = 1000; at < other.length; at += 1000) other[at] ^= 1;
    writeFileSync(file, other);
    expect(await said('broken')).toBe(first);
    expect(readFileSync(file).equals(other)).toBe(false);
    // A byte behind the checksum counts the runs that found the code good.
    const runs = () => readFileSync(file)[4];
    expect(runs()).toBe(1);
    expect(await said('broken')).toBe(first);
    expect(runs()).toBe(2);
    chmodSync(file, 0o666);
    expect(await said('broken')).toBe(first);
    expect([runs(), statSync(file).mode & 0o777]).toEqual([1, 0o600]);
  });

  it('is removed after a month, with the folders of builds of which nothing is left', async () => {
    const all = join(folder, 'month', 'exhibit-audit');
    const [long, lately] = [40, 20].map((days) => new Date(Date.now() - days * 24 * 3600 * 1000));
    for (const [build, file, written] of [
      ['gone', 'a.cjs', long],
      ['mixed', 'a.cjs', long],
      ['mixed', 'b.cjs', lately],
    ] as const) {
      mkdirSync(join(all, build), { recursive: true });
      writeFileSync(join(all, build, file), '');
      utimesSync(join(all, build, file), written, written);
    }
    await said('month');
    expect(readdirSync(all)).not.toContain('gone');
    expect(readdirSync(join(all, 'mixed'))).toEqual(['b.cjs']);
  });

  it('is not kept where the user says so, or cannot be', async () => {
    await said('off', { NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(() => keptFiles('off')).toThrow();
    writeFileSync(join(folder, 'file'), '');
    await said('file');
  });
});
