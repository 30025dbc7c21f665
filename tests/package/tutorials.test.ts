import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { launch, ROOT, scratch } from '../cli/exhibit.js';
import { blocksOf, normalised, pattern, snippets } from '../docs/console.js';
import { type Installed, installed, npm } from './installed.js';

const isNightly = process.env.EXHIBIT_NIGHTLY === '1';
const folder = scratch();
let { project, obstacle }: Installed = { project: folder, obstacle: null, warnings: '' };

const page = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');
const consoles = ['prove.md', 'own-theorems.md'].flatMap((name) =>
  blocksOf(page(name), 'console')
    .flatMap(snippets)
    .map((snippet) => ({ name, ...snippet })),
);

/** The theorem of the page on the package as a module of its own. */
const MODULE = `${blocksOf(page('api.md'), 'ts')[2]
  .split('\nassert.')[0]
  .replace(/^import assert.*\n/, '')}\nexport default theorem;\n`;

/** The node of a version, from npm's cache or its registry; null where neither has it. */
async function nodeOf(version: string): Promise<string | null> {
  const { code, stdout } = await npm(['exec', '--yes', `--package=node@${version}`, '--', 'which', 'node'], folder);
  return code === 0 ? stdout.trim() : null;
}

describe.runIf(isNightly)('the tutorials in an empty folder with the packed package alone', () => {
  beforeAll(async () => {
    ({ project, obstacle } = await installed(folder));
    if (obstacle !== null) return;
    const root = join(project, 'node_modules/exhibit-audit');
    symlinkSync(join(root, 'proofs-check/trained/instances'), join(project, 'models'));
    symlinkSync(join(root, 'examples'), join(project, 'examples'));
    for (const block of ['yaml', 'js'].flatMap((language) => blocksOf(page('own-theorems.md'), language))) {
      const name = /^(?:theorem: |\s+id: ')([\w-]+)/m.exec(block)?.[1];
      if (name) writeFileSync(join(project, `${name}.${block.startsWith('theorem:') ? 'yaml' : 'mjs'}`), block);
    }
    blocksOf(page('api.md'), 'ts').forEach((text, k) => {
      writeFileSync(join(project, `example${k + 1}.mts`), text);
    });
  }, 120_000);

  test.sequential.each(consoles)('$name: $command', async ({ command, output }) => {
    if (obstacle !== null) return;
    const { stdout } = await launch('/bin/sh', ['-c', `exec 2>&1; ${command}`], { cwd: project });
    expect(`${normalised(stdout)}\n`).toMatch(pattern(output));
  });

  test.each(['20', '22', '24'])(
    'node %s lists, verifies, proves and reads .ts where it strips types',
    async (version) => {
      const node = await nodeOf(version);
      if (node === null || obstacle !== null) return;
      const env = { PATH: `${dirname(node)}:${process.env.PATH}` };
      const run = (...args: string[]) =>
        launch(join(project, 'node_modules/.bin/exhibit'), args, { cwd: project, env });
      expect(await run('list')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('softmin-gap') });
      const proved = { code: 0, stderr: '', stdout: expect.stringMatching(/\ns PROVED\n$/) };
      expect(
        await run(
          'prove',
          'models/decaying-wave-small.onnx',
          'for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= 1/10',
        ),
      ).toMatchObject(proved);
      mkdirSync(join(project, version), { recursive: true });
      const file = join(version, 'steep-relu.ts');
      writeFileSync(join(project, file), MODULE);
      const ts = await run('verify', `./${file}`, '-p', 'n=3');
      if (version === '20') expect(ts).toMatchObject({ code: 3, stderr: expect.stringContaining('node 22.18') });
      else expect(ts).toMatchObject({ code: 0, stdout: expect.stringMatching(/\ns PROVED\n$/) });
      expect(await launch(node, ['example2.mts'], { cwd: project })).toMatchObject(
        version === '20' ? { code: 1 } : { code: 0, stderr: '' },
      );
    },
  );

  test('strict TypeScript accepts the examples, and the types of the package themselves', async () => {
    if (obstacle !== null) return;
    const fetched = await npm(['install', '--no-audit', '--no-fund', '@types/node@20', 'typescript@7'], project);
    if (fetched.code !== 0) return;
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    const files = blocksOf(page('api.md'), 'ts').map((_, k) => `example${k + 1}.mts`);
    const { stdout } = await launch('node_modules/.bin/tsc', [...options, ...files], { cwd: project });
    expect(stdout).toBe('');
  });
});
