import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
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

/** Why some of these numbers are not smaller. */
const LIMITS = `## Limits

The load average at the end was LOAD; beyond the number of cores, caches are shared and CPU seconds grow by up to a half.

- **Retrieval in T** and **second largest**: entries of intervals and of what a device may compute are objects. The first
  costs T times the heads and channels of them for each of three formats, the second T^2 for its logits: equal tokens
  share results, drawn ones do not. T = 10^5 takes more than a gigabyte, and T above 512 is refused for the second largest.
- **Memorisation**: what grows with N is the data itself, read, hashed, built, encoded and checked; of more than 4096
  sequences a part at even distances is run, as running all of N takes N^2.
- **Interval matrices**: two doubles per instruction, no fused multiply-add, and three products for midpoints and radii.
- **The gap of the soft minimum**: half of a millisecond is compiling the expression and its two derivatives.
- **Sweeps**: the main thread reads and writes the points' files one by one.
`;

const load = () => loadavg()[0].toFixed(1);
const machine = `node ${process.version}, ${cpus().length} cores of ${cpus()[0].model}, load average ${load()} at the start`;
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
pages.push(LIMITS.replace('LOAD', load()));
writeFileSync(new URL('docs/performance.md', PACKAGE), pages.join('\n'));
