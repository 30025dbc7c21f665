// Builds dist/: one file per entry and few shared ones, as node spends most of a short command's time on finding and
// opening files. They are CommonJS, of which src/kept-code.ts keeps the compiled code. Types come from tsc.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { build } from 'rolldown';
import { wat } from './wat.mjs';

const theorems = readdirSync('proofs-check', { withFileTypes: true })
  .filter((source) => source.isDirectory())
  .flatMap(({ name }) => sources(join('proofs-check', name)));

const entries = [
  'src/index.ts',
  'src/cli/main.ts',
  'src/cli/thread.ts',
  'src/cli/audit-thread.ts',
  'src/checker/main.ts',
  'src/rates/thread.ts',
  ...sources('src/api'),
  ...theorems,
  ...sources('bench'),
];

/** What several entries share, by the commands that need it. Other modules that are loaded on demand keep files of their own. */
const groups = [
  { name: 'imports', test: /src.imports\.ts$/, priority: 1 },
  { name: 'kept', test: /src.(kept-code|root|files.terminal|cli.(patience|searching))\.ts$/, priority: 1 },
  {
    name: 'start',
    test: /src.(deadline|errors|files.(faults|sleep|write)|cli.(begin|exit|listen|output)|report.(style|visible|wrap))\.ts$/,
  },
  {
    name: 'program',
    test: /node_modules.commander|src.(version|cli.(flags|commands|program)|library.(built|configured|package))/,
  },
  { name: 'checker', test: /src.checker.(?!main)/ },
  {
    name: 'core',
    test: /node_modules.(csv-parse|decimal|lossless|tinyqueue)|src.(numbers|symbolic|network|evaluate|enclose|proof|data|files|index|certificate)\b/,
    minShareCount: 2,
  },
  { name: 'constructions', test: /(constructions|proofs-check)\b/, minShareCount: 2 },
];

/** Packages that are found in node_modules when needed; what else is imported is a development dependency and built in. */
const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const external = Object.keys({ ...dependencies, ...peerDependencies })
  // Types of the interface name it, so users need it; the 90 files of its languages are opened by nobody.
  .filter((name) => name !== 'zod')
  .map((name) => new RegExp(`^${name}(/|$)`));

const bundles = [
  {
    input: Object.fromEntries(entries.map((file) => [file.slice(0, -'.ts'.length), file])),
    external,
    platform: 'node',
    output: {
      dir: 'dist',
      cleanDir: true,
      format: 'cjs',
      exports: 'named',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'src/chunks/[name]-[hash].cjs',
      // A fifth of the text, which is read whenever a command starts.
      comments: { legal: true, annotation: false, jsdoc: false },
      codeSplitting: { groups },
    },
    plugins: [wat(), whenUsed(), licences('licences.txt')],
  },
  ...['src/symbolic/vendor/mathjs.mjs', 'src/instance/vendor/yaml.mjs'].map((file) => ({
    input: { [basename(file, '.mjs')]: file },
    platform: 'node',
    output: { dir: 'dist/vendor', format: 'cjs', entryFileNames: '[name].cjs' },
    plugins: [licences(`${basename(file, '.mjs')}-licences.txt`)],
  })),
];

for (const bundle of bundles) await build({ ...bundle, logLevel: 'silent' });
for (const file of readdirSync('dist', { recursive: true })) if (file.endsWith('.cjs')) writeAscii(join('dist', file));
for (const file of sources('src/api')) writeModule(file.slice(0, -'.ts'.length));

/** What users import: an ES module over the code that the commands run, so that there is one kernel in a process. */
function writeModule(path) {
  const file = join('dist', `${path}.cjs`);
  const names = Object.keys(createRequire(import.meta.url)(resolve(file)));
  const text = `import code from './${basename(file)}';\n\nexport const { ${names.join(', ')} } = code;\n`;
  writeFileSync(join('dist', `${path}.js`), text);
}

/** Loads modules of node that few commands need where they are used: each takes milliseconds. */
function whenUsed() {
  return {
    name: 'when-used',
    renderChunk(code) {
      const loaded = /^\s*(?:let|const) (\w+) = require\("(node:(?:crypto|child_process|tty|worker_threads))"\);\n/gm;
      return [...code.matchAll(loaded)].reduce((text, [line, name, id]) => {
        const rest = text.replace(line, '');
        const isPlain = !new RegExp(`\\b${name}\\b(?!\\.\\w)`).test(rest);
        return isPlain ? rest.replaceAll(new RegExp(`\\b${name}\\.`, 'g'), `(require("${id}")).`) : text;
      }, code);
    },
  };
}

/** Writes other characters as escapes: strings of one byte for each are read and compiled in half the time. */
function writeAscii(file) {
  const code = readFileSync(file, 'utf8');
  const raw = code.match(/String\.raw`[^`]*[\u0080-\uffff][^`]*`/);
  if (raw) throw new Error(`String.raw takes no escapes: ${raw[0]}`);
  const escaped = code.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== code) writeFileSync(file, escaped);
}

function sources(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Puts the licences of the packages that are built in into one file. */
function licences(fileName) {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const ids = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      const folders = new Set(ids.map(packageFolder).filter(Boolean));
      const texts = [...folders].sort().flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => /^(licen[cs]e|notice)/i.test(name))
          .map((name) => `${basename(folder)}, ${name}\n\n${readFileSync(join(folder, name), 'utf8')}`),
      );
      this.emitFile({ type: 'asset', fileName, source: texts.join(`\n${'-'.repeat(80)}\n`) });
    },
  };
}

/** The folder of the package that a module comes from. */
function packageFolder(id) {
  for (let folder = dirname(id); folder.includes(`node_modules${sep}`); folder = dirname(folder)) {
    if (basename(dirname(folder)) === 'node_modules' && !basename(folder).startsWith('@')) return folder;
    if (basename(dirname(folder)).startsWith('@')) return folder;
  }
  return undefined;
}
