import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from './answer.js';
import { scratch } from './exhibit.js';

const folder = scratch();
const run = (...args: string[]) => answer(args, { cwd: folder });

describe('new', () => {
  test('theorem: files that work at once', async () => {
    const made = await run('new', 'theorem', 'my-clip');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^my-clip\/my-clip\.yaml\n[\s\S]*next: exhibit audit my-clip\n$/);
    expect(await run('build', 'my-clip/instances/my-clip.yaml', '-o', 'clip.json')).toMatchObject({ code: 0 });
    const again = await run('new', 'theorem', 'my-clip');
    expect(again).toMatchObject({ code: 3, stderr: expect.stringMatching(/my-clip\.yaml.*there already/) });
  });

  test.each(['softmin-gap', 'single-head-memorization', 'hat-interpolation'])(
    'instance of %s: it is proved',
    async (id) => {
      expect(await run('new', 'instance', id)).toMatchObject({ code: 0 });
      expect(readFileSync(join(folder, `${id}-instance.yaml`), 'utf8')).toMatch(/^ {2}# .*; /m);
      const verified = await run('verify', `${id}-instance.yaml`, '--dtype', 'float64');
      expect(verified.stdout).toMatch(/\ns PROVED\n$/);
    },
  );

  test('instance of a theorem of the user', async () => {
    writeFileSync(
      join(folder, 'own.yaml'),
      'theorem: own\nparameters:\n  f: {function: a function}\n  n: {integer: how many, min: 2}\nnetwork:\n  x: input [n]\n  y: sum(x)*f(0)\n',
    );
    expect(await run('new', 'instance', 'own.yaml')).toMatchObject({ code: 0 });
    expect(await run('build', 'own-instance.yaml', '-o', 'own.json')).toMatchObject({ code: 0 });
  });

  test('anything else is bad input', async () => {
    expect(await run('new', 'house', 'x')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/new theorem NAME/),
    });
    expect(await run('new', 'theorem', '../x')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/small letters/),
    });
    expect(await run('new', 'instance', 'nonsense')).toMatchObject({ code: 3 });
  });
});

test('schema prints a JSON Schema', async () => {
  const { code, stdout } = await run('schema', 'theorem');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).properties.network).toBeDefined();
  expect(await run('schema', 'nonsense')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/allowed: instance, theorem, sweep, result, certificate/),
  });
});

test('the instances of a new theorem have the verdicts that they expect', async () => {
  await run('new', 'theorem', 'fresh');
  expect(await run('audit', 'fresh')).toMatchObject({ code: 0, stdout: expect.stringMatching(/\ns PROVED\n$/) });
});
