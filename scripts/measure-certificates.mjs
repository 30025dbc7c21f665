// Certificates of the library's instances: what is checked, bytes, and processor time of a check; and the code behind them.
//   node scripts/measure-certificates.mjs measure [ROOT] [--keep DIR] > state.jsonl   of the built checkout ROOT (this one by default)
//   node scripts/measure-certificates.mjs compare before.jsonl after.jsonl > table.md  prints the table of docs/certificates.md
//   node scripts/measure-certificates.mjs count audit.json                             what an audit (--json) says was checked, and what not
//   node scripts/measure-certificates.mjs recheck DIR                                  verdicts of this checker on kept certificates
// PATTERN='^retrieval' in the environment: only instances of such names; SOURCES='deep-ssm|classical': only of such folders.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { codeLines } from './what-to-read.mjs';

const [task, ...words] = process.argv.slice(2);

function after(option) {
  const at = words.indexOf(option);
  return at < 0 ? undefined : resolve(words[at + 1]);
}

/** Prints a line for the code of a checkout and one for each instance that has a certificate. */
function measure(root, kept) {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'certificates-'));
  mkdirSync(folder, { recursive: true });
  print({ code: codeOf(root) });
  const quick = run(root, ['verify', '--help']).stdout.includes('--no-check') ? ['--no-check'] : [];
  for (const source of matching(join(root, 'proofs-check'), process.env.SOURCES)) {
    const instances = join(root, 'proofs-check', source, 'instances');
    for (const name of matching(instances, process.env.PATTERN).filter((one) => one.endsWith('.yaml'))) {
      const file = join(folder, name.replace('.yaml', '.json'));
      const options = ['--certificate', file, ...quick, '--dtype', 'float64', '--quiet'];
      if (!existsSync(file)) run(root, ['verify', join(instances, name), ...options]);
      if (existsSync(file)) print({ source, name: name.replace('.yaml', ''), ...checked(root, file) });
    }
  }
  if (!kept) rmSync(folder, { recursive: true });
}

/** What a checkout's own checker says of a certificate, and the seconds of processor time that it took. */
function checked(root, file) {
  const { found, seconds } = run(root, ['check', '--json', file]);
  if (!found?.claims) return { verdict: found?.verdict ?? 'unread', verified: 0, unchecked: [], bytes: 0, seconds };
  const isOpen = ({ reason }) => !/measured|undecided|refuted|observed/.test(reason);
  return {
    ...{ bytes: statSync(file).size, verdict: found.verdict, seconds, reason: found.reason ?? undefined },
    verified: found.claims.filter(({ verdict = found.verdict }) => verdict === 'verified').length,
    unchecked: found.unchecked.filter(isOpen).map(({ id, reason }) => `${id}: ${reason}`),
  };
}

/** Says on stderr how much processor time a process took, start included. */
const CLOCK = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); console.error('\\ncpu ' + (user + system) / 1e6); });",
)}`;

function run(root, call) {
  const { stdout, stderr } = spawnSync('node', ['--import', CLOCK, join(root, 'scripts/exhibit.cjs'), ...call], {
    ...{ cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30 },
  });
  const seconds = Number(/cpu ([\d.]+)\s*$/.exec(stderr)?.[1] ?? Number.NaN);
  try {
    return { found: JSON.parse(stdout), stdout, seconds };
  } catch {
    return { found: null, stdout, seconds };
  }
}

/** Lines that hold code, by what they are for. */
function codeOf(root) {
  const lines = (...folders) => {
    const files = folders.flatMap((one) => filesBelow(join(root, one)));
    return files.reduce((sum, file) => sum + codeLines(file), 0);
  };
  return {
    'src/checker': lines('src/checker'),
    'its rules (src/checker/rules)': lines('src/checker/rules'),
    'evidence and Coq steps (src/certificate)': lines('src/certificate'),
    'of these, Coq': filesBelow(join(root, 'src/certificate'))
      .filter((file) => /coq/.test(file))
      .reduce((sum, file) => sum + codeLines(file), 0),
    'forms of propositions (src/proof/propositions)': lines('src/proof/propositions'),
    'readers of the book (src/proof/book)': lines('src/proof/book'),
    'the book itself (lemmas/), lines of text': filesBelow(join(root, 'lemmas'), '.txt')
      .map(
        (file) =>
          readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line.trim() !== '').length,
      )
      .reduce((a, b) => a + b, 0),
  };
}

function filesBelow(path, ending = '.ts') {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(path, name));
}

function matching(folder, pattern = '') {
  return existsSync(folder) ? readdirSync(folder).filter((name) => new RegExp(pattern).test(name)) : [];
}

function print(row) {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

function read(file) {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return {
    code: rows.find(({ code }) => code).code,
    instances: new Map(rows.filter(({ name }) => name).map((row) => [row.name, row])),
  };
}

function compare(before, fresh) {
  console.log('| Lines of code | before | after |\n| --- | --- | --- |');
  for (const [part, lines] of Object.entries(fresh.code)) console.log(`| ${part} | ${before.code[part]} | ${lines} |`);
  const both = [...fresh.instances.keys()].filter((name) => before.instances.has(name));
  const pairs = both.map((name) => [before.instances.get(name), fresh.instances.get(name)]);
  const own = [...fresh.instances.values()];
  const sources = [...new Set(own.map(({ source }) => source))];
  const row = (title, olds, news) => {
    const cells = [
      [olds, news].map((rows) => rows.length),
      [olds, news].map((rows) => total(rows, ({ verified }) => verified)),
      [olds, news].map((rows) => total(rows, ({ unchecked }) => unchecked.length)),
      [olds, news].map((rows) => kB(total(rows, ({ bytes }) => bytes))),
      [olds, news].map((rows) => `${total(rows, ({ seconds }) => seconds).toFixed(1)} s`),
    ];
    console.log(`| ${title} | ${cells.map(([a, b]) => (olds.length === 0 ? b : `${a} → ${b}`)).join(' | ')} |`);
  };
  console.log(
    '\n| Instances of | how many | claims verified | proved, not checked | certificates | checks, processor time |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const source of sources) {
    const shared = pairs.filter(([, now]) => now.source === source);
    if (shared.length > 0) row(`${source}, those that both have`, ...[0, 1].map((k) => shared.map((pair) => pair[k])));
    const others = own.filter((one) => one.source === source && !before.instances.has(one.name));
    if (others.length > 0) row(`${source}, new ones`, [], others);
  }
  row('**all that both have**', ...[0, 1].map((k) => pairs.map((pair) => pair[k])));
  row('**all of today**', [], own);
  const lost = pairs.filter(([then, now]) => now.verified < then.verified);
  console.log(`\nFewer claims verified than before: ${lost.map(([, { name }]) => name).join(', ') || 'none'}.`);
  const grown = pairs.map(([then, now]) => [now.bytes / then.bytes, now.name]).sort(([a], [b]) => b - a);
  console.log(
    `Certificates smaller: ${grown.filter(([ratio]) => ratio < 1).length}, larger: ${grown.filter(([ratio]) => ratio > 1).length}.`,
  );
  console.log(
    `Grown most: ${grown
      .slice(0, 5)
      .map(([ratio, name]) => `${name} (${ratio.toFixed(2)})`)
      .join(', ')}.`,
  );
}

function total(rows, value) {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}

/** What this checkout's checker says of certificates that another one has made. */
function recheck(folder) {
  const found = new Map();
  for (const name of readdirSync(folder).filter((one) => /(?<!\.network)\.json$/.test(one))) {
    const { verdict, reason } = checked(resolve('.'), join(folder, name));
    print({ name, verdict, reason });
    found.set(verdict, (found.get(verdict) ?? 0) + 1);
  }
  print(Object.fromEntries(found));
}

/** Of the claims that an audit proves or refutes, executions aside: how many are checked, and the others. */
function count(file) {
  const claims = JSON.parse(readFileSync(file, 'utf8')).instances.flatMap(({ file: instance, result }) =>
    (result?.claims ?? []).map((claim) => ({ instance, ...claim })),
  );
  const decided = claims.filter(({ kind, verdict }) => kind !== 'execution' && /^(proved|refuted)$/.test(verdict));
  const open = decided.filter(({ checked: found }) => found !== true);
  for (const { instance, id, verdict, checked: reason } of open) print({ instance, id, verdict, reason });
  print({ decided: decided.length, checked: decided.length - open.length, open: open.length });
}

if (task === 'measure') measure(resolve(words[0]?.startsWith('--') ? '.' : (words[0] ?? '.')), after('--keep'));
else if (task === 'compare') compare(...words.map(read));
else if (task === 'count') count(words[0]);
else if (task === 'recheck') recheck(words[0]);
else throw new Error('measure [ROOT] [--keep DIR], compare BEFORE AFTER, count AUDIT, or recheck DIR');
