import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { PACKAGE } from '../src/root.js';
import { aims } from './aims.js';
import { auditJob, commandJobs } from './commands.js';
import { LIMITS } from './limits.js';
import type { Job, Row } from './row.js';

/**
 * `npm run bench` measures everything and writes docs/performance.md; `npm run bench -- NAME` measures the jobs whose names
 * contain NAME, and prints. Every job has a process and a time limit of its own: what fails or takes too long is a line
 * that says so, and the others go on.
 */
const SELF = fileURLToPath(import.meta.url);

function part(name: string, load: () => Promise<{ rows(): Promise<Row[]> }>, limit = 120): Job {
  const run = async (report: (row: Row) => void) => {
    const { rows } = await load();
    for (const row of await rows()) report(row);
  };
  return { name, limit, run };
}

/** What is measured, in the order of the table. */
const TABLE: readonly { readonly title: string; readonly jobs: readonly Job[] }[] = [
  { title: 'Commands', jobs: commandJobs() },
  ...[
    part('Sweeping', () => import('./sweeps.js')),
    part('Exact numbers', () => import('./exact.js')),
    part('Building', () => import('./weights.js')),
    part('Evaluating', () => import('./forward.js')),
    part('Rigorous numbers', () => import('./intervals.js')),
    part('Suprema', () => import('./enclosures.js')),
    part('Networks against formulas', () => import('./networks.js')),
    part('Rigorous networks', () => import('./retrieval.js')),
    part('Rigorous matrices', () => import('./matrix.js')),
    part('Running', () => import('./execution.js')),
    auditJob,
  ].map((job) => ({ title: job.name, jobs: [job] })),
];
const JOBS = TABLE.flatMap(({ jobs }) => jobs);

const load = () => loadavg()[0].toFixed(1);
const machine = `node ${process.version}, ${cpus().length} cores of ${cpus()[0].model}, load average ${load()} at the start`;

/** Runs a job in a process group of its own and gives its lines. */
function inProcess({ name, limit }: Job, report: (row: Row) => void): Promise<void> {
  return new Promise((done) => {
    const child = fork(SELF, ['--job', name], { detached: true });
    const end = () => process.kill(-child.pid!, 'SIGKILL');
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, 1000 * limit);
    process.once('SIGINT', end);
    child.on('message', (row) => report(row as Row));
    child.on('exit', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', end);
      if (isLate) report({ name, value: `not finished within ${limit} s` });
      else if (code !== 0) report({ name, value: 'failed' });
      done();
    });
  });
}

async function main(names: readonly string[]): Promise<void> {
  const selects = ({ name }: Job) => names.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  if (names.length > 0 && !JOBS.some(selects)) {
    console.error(`no job is called so; there are ${JOBS.map(({ name }) => `'${name}'`).join(', ')}`);
    process.exitCode = 3;
    return;
  }
  process.on('SIGINT', () => process.exit(130));
  const beginning = `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. Times are CPU seconds, the median of
several runs; the spread is the distance of the slowest from the quickest, as a share of the median. Where another
program for the same work is installed, it runs in the same call and the ratio is given.
`;
  const sections: string[] = [];
  const measured: Row[] = [];
  console.log(machine);
  for (const { title, jobs } of TABLE) {
    const chosen = names.length === 0 ? jobs : jobs.filter(selects);
    if (chosen.length === 0) continue;
    console.log(`\n${title}`);
    const rows: Row[] = [];
    for (const job of chosen) {
      await inProcess(job, (row) => {
        console.log(`  ${row.name.padEnd(60)} ${row.value}`);
        rows.push(row);
      });
    }
    measured.push(...rows);
    const lines = rows.map(({ name, value }) => `| ${name} | ${value} |`);
    sections.push(`## ${title}\n\n| | |\n| --- | --- |\n${lines.join('\n')}\n`);
    if (names.length === 0) {
      const page = [beginning, aims(measured), ...sections, LIMITS(load())].join('\n');
      writeFileSync(new URL('docs/performance.md', PACKAGE), page);
    }
  }
}

const [flag, name] = process.argv.slice(2);
if (flag === '--job') {
  const job = JOBS.find((one) => one.name === name)!;
  void Promise.resolve(job.run((row) => process.send!(row))).then(() => process.disconnect());
} else void main(process.argv.slice(2));
