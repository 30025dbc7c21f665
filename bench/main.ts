import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { PACKAGE } from '../src/root.js';
import type { Row } from './row.js';

/** What is measured, in the order of the table; each module has a function `rows`. */
const PARTS: readonly { readonly title: string; load(): Promise<{ rows(): Promise<Row[]> }> }[] = [
  { title: 'Commands', load: () => import('./commands.js') },
  { title: 'Exact numbers', load: () => import('./exact.js') },
  { title: 'Building', load: () => import('./weights.js') },
  { title: 'Evaluating', load: () => import('./forward.js') },
  { title: 'Rigorous numbers', load: () => import('./intervals.js') },
  { title: 'Suprema', load: () => import('./enclosures.js') },
  { title: 'Networks against formulas', load: () => import('./networks.js') },
  { title: 'Rigorous networks', load: () => import('./retrieval.js') },
  { title: 'Rigorous matrices', load: () => import('./matrix.js') },
  { title: 'Running', load: () => import('./execution.js') },
  { title: 'Sweeping', load: () => import('./sweeps.js') },
];

const machine = `node ${process.version}, ${cpus().length} cores of ${cpus()[0].model}`;
const pages = [
  `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. Times are CPU seconds, the median of
several runs; the spread is the distance of the slowest from the quickest, as a share of the median. Where another
program for the same work is installed, it runs in the same call and the ratio is given.
`,
];
console.log(machine);
for (const { title, load } of PARTS) {
  console.log(`\n${title}`);
  const { rows } = await load();
  const found = await rows();
  for (const { name, value } of found) console.log(`  ${name.padEnd(60)} ${value}`);
  pages.push(
    `## ${title}\n\n| | |\n| --- | --- |\n${found.map(({ name, value }) => `| ${name} | ${value} |`).join('\n')}\n`,
  );
}
writeFileSync(new URL('docs/performance.md', PACKAGE), pages.join('\n'));
