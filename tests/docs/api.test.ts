import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { launch, ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf } from './console.js';

const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
const examples = blocksOf(page, 'ts');
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const entries = Object.entries(exports).flatMap(([name, entry]) =>
  typeof entry === 'object' ? [[name, entry as { types: string; default: string }] as const] : [],
);

describe('docs/api.md', () => {
  const folder = scratch();
  let types = '';

  beforeAll(async () => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/exhibit-audit'));
    symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    examples.forEach((text, k) => {
      writeFileSync(join(folder, `example${k + 1}.mts`), text);
    });
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--outDir', 'out'];
    const files = examples.map((_, k) => `example${k + 1}.mts`);
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    types = (await launch(tsc, [...options, ...files], { cwd: folder })).stdout;
  }, 60_000);

  test('holds examples that strict TypeScript accepts', () => {
    expect(types).toBe('');
  });

  test.each(examples.map((_, k) => k + 1))('example %i runs', async (k) => {
    const { code, stderr } = await launch(process.execPath, [join('out', `example${k}.mjs`)], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test.each(entries)('every name of the entry %s is used in an example of docs/api.md', async (_, entry) => {
  const names = Object.keys(await import(/* @vite-ignore */ pathToFileURL(join(ROOT, entry.default)).href));
  const missing = names.filter((name) => !examples.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
  expect(missing).toEqual([]);
});

test('every type of the entry itself stands in docs/api.md', () => {
  const [, entry] = entries[0];
  const declared = readFileSync(join(ROOT, entry.types), 'utf8');
  const lists = [...declared.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) => list.split(','));
  const names = lists.map((name) => name.replace(/^\s*type\s/, '').trim()).filter((name) => name !== '');
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});
