import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { codeLines } from '../../scripts/what-to-read.mjs';

const ROOT = resolve('src/checker');
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(ROOT, name));

it('the checker imports nothing but itself and the runtime', () => {
  for (const file of FILES) {
    const text = readFileSync(file, 'utf8');
    const imports = [...text.matchAll(/^(?:import|\}).* from '([^']+)';$/gm)].map(([, name]) => name);
    expect(imports.length).toBe([...text.matchAll(/^import\b/gm)].length);
    expect(text).not.toMatch(/\brequire\(|\bimport\(|\beval\(|new Function/);
    for (const name of imports) {
      const isOwn = name.startsWith('.') && !relative(ROOT, resolve(file, '..', name)).startsWith('..');
      expect(isOwn || name.startsWith('node:'), `${file} imports ${name}`).toBe(true);
    }
  }
});

it('the checker uses no floating-point function and no randomness', () => {
  for (const file of FILES) {
    const used = [...readFileSync(file, 'utf8').matchAll(/\bMath\.(\w+)/g)].map(([, name]) => name);
    for (const name of used) expect(['floor', 'max', 'min'], `${file} uses Math.${name}`).toContain(name);
  }
});

it('the checker is small enough to be read', () => {
  const lines = FILES.reduce((total, file) => total + codeLines(file), 0);
  console.log(`src/checker: ${lines} lines of code in ${FILES.length} files`);
  expect(lines).toBeLessThan(9_614);
});
