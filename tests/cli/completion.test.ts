import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exhibit, launch, scratch } from './exhibit.js';

const folder = scratch();

test('the script for bash completes commands, theorems and options', async () => {
  const { code, stdout } = await exhibit(['completion', 'bash']);
  expect(code).toBe(0);
  writeFileSync(join(folder, 'exhibit.bash'), stdout);
  const ask = async (...words: string[]) => {
    const script = `source exhibit.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _exhibit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await launch('/bin/bash', ['-c', script], { cwd: folder })).stdout.trim().split('\n');
  };
  expect(await ask('exhibit', 'ver')).toContain('verify');
  expect(await ask('exhibit', 'verify', 'hat-')).toEqual(['hat-interpolation']);
  expect(await ask('exhibit', 'sweep', '--re')).toEqual(expect.arrayContaining(['--resume', '--recheck']));
});

test.each(['zsh', 'fish'])('the script for %s is one that it reads', async (shell) => {
  const { code, stdout } = await exhibit(['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain('hat-interpolation');
  if (spawnSync(shell, ['--version']).status !== 0) return;
  writeFileSync(join(folder, `exhibit.${shell}`), stdout);
  expect((await launch(shell, ['-n', `exhibit.${shell}`], { cwd: folder })).code).toBe(0);
});

test('another shell is bad input', async () => {
  const { code, stderr } = await exhibit(['completion', 'tcsh']);
  expect(code).toBe(3);
  expect(stderr).toMatch(/allowed: bash, zsh, fish/);
});
