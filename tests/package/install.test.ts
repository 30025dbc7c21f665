import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { launch, ROOT, scratch } from '../cli/exhibit.js';
import { type Installed, installed } from './installed.js';

const folder = scratch();
let { project, obstacle, warnings }: Installed = { project: folder, obstacle: null, warnings: '' };

describe('the packed package in an empty folder', () => {
  beforeAll(async () => {
    ({ project, obstacle, warnings } = await installed(folder));
  }, 120_000);

  /** Runs the installed command. */
  const exhibit = (...args: string[]) => launch(join(project, 'node_modules/.bin/exhibit'), args, { cwd: project });

  test('installs without warnings', ({ skip }) => {
    skip(obstacle !== null, obstacle ?? '');
    expect(warnings).toBe('');
    expect(existsSync(join(project, 'node_modules/onnxruntime-node'))).toBe(false);
  });

  test('holds what is needed and links in its documentation resolve', ({ skip }) => {
    skip(obstacle !== null, obstacle ?? '');
    const root = join(project, 'node_modules/exhibit-audit');
    expect(existsSync(join(root, 'dist/bench'))).toBe(false);
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?<!\.d)\.ts$/.test(name),
    );
    expect(sources.filter((name) => !name.includes('node_modules'))).toEqual([]);
    const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
    for (const page of pages.filter((name) => name.endsWith('.md'))) {
      const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
      for (const [, link] of links)
        expect([page, link, existsSync(join(root, page, '..', link))]).toEqual([page, link, true]);
    }
  });

  test('proves without onnxruntime and says how to get it', async ({ skip }) => {
    skip(obstacle !== null, obstacle ?? '');
    const hat = ['verify', 'hat-interpolation', '-p', 'f=x^2', '-p', 'a=0', '-p', 'b=1', '-p', 'N=4'];
    const proved = await exhibit(...hat);
    expect(proved).toMatchObject({ code: 0, stdout: expect.stringMatching(/\ns PROVED\n$/) });
    expect(proved.stderr).toBe(
      'note: onnxruntime-node is not installed, so nothing is run; install it: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node\n',
    );
    const asked = await exhibit(...hat, '--dtype', 'float32');
    expect(asked).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/onnxruntime-node is not installed.*npm install/),
    });
  });

  test('knows a theorem beside it', async ({ skip }) => {
    skip(obstacle !== null, obstacle ?? '');
    writeFileSync(join(project, 'clip.yaml'), 'theorem: clip\nnetwork:\n  x: input [1]\n  y: relu(x) - relu(x - 1)\n');
    expect(await exhibit('build', './clip.yaml', '-o', 'clip.json')).toMatchObject({ code: 0 });
  });
});

test('npm ci runs no script of a package: the lock file names none', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const scripted = Object.entries(packages).filter(
    ([, entry]) => (entry as { hasInstallScript?: true }).hasInstallScript,
  );
  expect(scripted.map(([name]) => name)).toEqual([]);
});
