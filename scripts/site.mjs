// Builds the site into site/dist: static files that work from any folder, also when index.html is opened as a file.
// Every script is a classic one, and what a worker runs is a text in the page, since a page of a file starts no other.
// With --gallery, the audit of all instances becomes pages, too.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { parse } from 'yaml';
import { wat } from './wat.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const SITE = join(ROOT, 'site');
const OUT = join(SITE, 'dist');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** What stands in the place of Node's modules and of the files that need Node. */
const PLATFORM = {
  'node:crypto': 'crypto.ts',
  'node:fs': 'fs.ts',
  'node:fs/promises': 'fs.ts',
  'node:path': 'path.ts',
  'node:zlib': 'zlib.ts',
  'node:module': 'module.ts',
  ...Object.fromEntries(
    ['async_hooks', 'url', 'os', 'tty', 'util', 'worker_threads'].map((name) => [`node:${name}`, 'others.ts']),
  ),
};
const REPLACED = { 'src/onnx/runtime.ts': 'runtime.ts', 'src/report/vega.ts': 'vega.ts' };

/** The chapters of the lemma book, as the build found them. */
const LEMMAS = readdirSync(join(ROOT, 'lemmas'))
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .map((name) => [basename(name, '.txt'), readFileSync(join(ROOT, 'lemmas', name), 'utf8')]);

/** What stands in the place of a file, made from the repository. */
const MADE = {
  'src/proof/book/chapters.ts': `export const chapters = () => new Map(${JSON.stringify(LEMMAS)});`,
  'src/checker/chapters.ts': `export const chapters = () => ${JSON.stringify(LEMMAS.map(([, text]) => text))};`,
};

const platform = {
  name: 'platform',
  async resolveId(source, importer, options) {
    if (source === 'virtual:theorems') return '\0theorems';
    if (PLATFORM[source]) return join(SITE, 'platform', PLATFORM[source]);
    if (!importer || !source.startsWith('.')) return null;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    const other = Object.entries(REPLACED).find(([file]) => found?.id === join(ROOT, file));
    return other ? join(SITE, 'platform', other[1]) : found;
  },
  load(id) {
    if (id === '\0theorems') return theorems();
    const made = Object.entries(MADE).find(([file]) => id === join(ROOT, file));
    return made ? made[1] : null;
  },
};

/** The library's theorems, with the parameters of those instances that read no file. */
function theorems() {
  const folder = join(ROOT, 'proofs-check');
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((source) => source.isDirectory())
    .flatMap((source) => readdirSync(join(folder, source.name)).map((name) => join(folder, source.name, name)))
    .filter((file) => /\.(?:ts|yaml)$/.test(file));
  const rows = files.map((file, k) => {
    const id = basename(file, extname(file));
    const examples = JSON.stringify(examplesOf(id));
    if (file.endsWith('.ts'))
      return {
        head: `import t${k} from ${JSON.stringify(file)};`,
        row: `{ id: '${id}', theorem: t${k}, examples: ${examples} }`,
      };
    const text = JSON.stringify(readFileSync(file, 'utf8'));
    return { head: '', row: `{ id: '${id}', theorem: readTheorem(${text}, '${id}.yaml'), examples: ${examples} }` };
  });
  const reader = join(ROOT, 'src/theorem-file/read.ts');
  return `import { readTheorem } from ${JSON.stringify(reader)};
${rows.map(({ head }) => head).join('\n')}
export default [${rows.map(({ row }) => row).join(',\n')}].sort((a, b) => (a.id < b.id ? -1 : 1));`;
}

const instances = readdirSync(join(ROOT, 'proofs-check'), { recursive: true })
  .filter((path) => /instances.[^/]*\.yaml$/.test(path))
  .sort()
  .flatMap((path) => {
    try {
      const text = readFileSync(join(ROOT, 'proofs-check', path), 'utf8');
      return [{ name: basename(path, '.yaml'), ...parse(text, { schema: 'failsafe' }) }];
    } catch {
      return [];
    }
  });

/** Instances that are proved or refuted, the proved ones first, the quick ones by the length of their parameters. */
function examplesOf(id) {
  return instances
    .filter(
      ({ theorem, params = {}, expect }) =>
        theorem === id && expect !== 'bad-input' && !/\.(?:csv|json|npy)/.test(JSON.stringify(params)),
    )
    .map(({ name, params = {}, expect }) => ({ name, expect, params: texts(params) }))
    .sort((a, b) => Number(b.expect === 'proved') - Number(a.expect === 'proved'))
    .slice(0, 6)
    .map(({ name, params }) => ({ name, params }));
}

/** Lists as the command line takes them. */
function texts(params) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

async function bundled(file) {
  const bundle = await rolldown({
    input: file,
    platform: 'browser',
    cwd: ROOT,
    plugins: [platform, wat()],
    logLevel: 'silent',
    transform: {
      define: {
        VERSION: JSON.stringify(version),
        'import.meta.url': JSON.stringify(
          file.includes('ort-') ? 'https://exhibit.invalid/ort.js' : 'file:///exhibit/src/index.js',
        ),
      },
      inject: { Buffer: ['buffer', 'Buffer'] },
    },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true, codeSplitting: false, name: '_' });
  return output[0].code;
}

/** Node's `process`, as far as anyone looks. */
const PROCESS =
  "globalThis.process ??= { cwd: () => '/', env: {}, platform: 'browser', arch: '', version: navigator.userAgent, stdout: {}, stderr: {}, argv: [] };";
const asText = (name, code) =>
  `(globalThis.exhibitScripts ??= {})[${JSON.stringify(name)}] = ${JSON.stringify(code)};\n`;

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const [app, engine, checker, plots, wasm, webgpu] = await Promise.all(
  [
    'site/src/app.ts',
    'site/src/engine.ts',
    'site/src/checker.ts',
    'site/src/plots.ts',
    'site/src/ort-wasm.ts',
    'site/src/ort-webgpu.ts',
  ].map(bundled),
);
const scripts = asText('engine', `${PROCESS}${engine}`) + asText('checker', `${PROCESS}${checker}`);
writeFileSync(join(OUT, 'app.js'), `${PROCESS}${scripts}${app}`);
writeFileSync(join(OUT, 'plots.js'), asText('plots', plots));
for (const [name, code, binary] of [
  ['ort-wasm', wasm, 'ort-wasm-simd-threaded.wasm'],
  ['ort-webgpu', webgpu, 'ort-wasm-simd-threaded.asyncify.wasm'],
]) {
  writeFileSync(join(OUT, `${name}.js`), asText(name, code));
  const bytes = readFileSync(join(ROOT, 'node_modules/onnxruntime-web/dist', binary));
  writeFileSync(join(OUT, `${name}-binary.js`), asText(`${name}-binary`, bytes.toString('base64')));
}
const policy = [
  "default-src 'none'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  'worker-src blob:',
  'connect-src blob: data:',
  'img-src data:',
  "style-src 'unsafe-inline'",
].join('; ');
const { STYLE } = await import(`data:text/javascript,${encodeURIComponent(styleModule())}`);
const own = readFileSync(join(SITE, 'style.css'), 'utf8');
const html = readFileSync(join(SITE, 'index.html'), 'utf8')
  .replace('POLICY', policy)
  .replace('/* STYLE */', () => STYLE + own);
writeFileSync(join(OUT, 'index.html'), html);
if (process.argv.includes('--gallery')) {
  execFileSync(process.execPath, [join(ROOT, 'scripts/exhibit.cjs'), 'audit', '--report', join(OUT, 'gallery')], {
    stdio: 'inherit',
  });
} else {
  mkdirSync(join(OUT, 'gallery'));
  writeFileSync(
    join(OUT, 'gallery/index.html'),
    '<!doctype html><title>Gallery</title><p>Built with npm run site -- --gallery.</p>',
  );
}
console.log(`site/dist: ${createHash('sha256').update(app).digest('hex').slice(0, 16)}`);

/** The look of the pages of results, which the site shares. */
function styleModule() {
  return readFileSync(join(ROOT, 'src/report/page/style.ts'), 'utf8');
}
