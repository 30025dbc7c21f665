import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { launch, ROOT, scratch } from '../cli/exhibit.js';

const folder = scratch();
const project = join(folder, 'project');

/** npm without the settings of this repository's own npm run; caches and registries stay those of the machine. */
const npm = (args: readonly string[], cwd: string) =>
  launch('npm', args, { cwd, env: { npm_config_ignore_scripts: '', npm_config_update_notifier: 'false' } });

/** Packs what is built and installs it from npm's cache alone; a sentence when this machine does not allow it. */
async function install(): Promise<string | null> {
  mkdirSync(project);
  const packed = await npm(['pack', '--ignore-scripts', '--pack-destination', folder], ROOT);
  if (packed.code !== 0) return `npm pack: ${packed.stderr}`;
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const installed = await npm(['install', '--offline', '--no-audit', '--no-fund', join('..', tarball)], project);
  if (installed.code === 0) {
    warnings = installed.stderr;
    return null;
  }
  return /ENOTCACHED|ENOTFOUND|ECONNREFUSED/.test(installed.stderr) ? 'not in the cache of npm' : installed.stderr;
}

let warnings = '';
let obstacle: string | null = null;

describe('the packed package in an empty folder', () => {
  beforeAll(async () => {
    obstacle = await install();
    if (obstacle !== null && obstacle !== 'not in the cache of npm') throw new Error(obstacle);
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
