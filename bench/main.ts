import { cpus } from 'node:os';
import type { Row } from './row.js';

/** What is measured, in the order of the table; each module has a function `rows`. */
const PARTS: readonly { readonly title: string; load(): Promise<{ rows(): Promise<Row[]> }> }[] = [
  { title: 'start', load: () => import('./startup.js') },
  { title: 'building', load: () => import('./weights.js') },
  { title: 'evaluating', load: () => import('./forward.js') },
  { title: 'rigorous numbers', load: () => import('./intervals.js') },
  { title: 'suprema', load: () => import('./enclosures.js') },
  { title: 'rigorous networks', load: () => import('./retrieval.js') },
  { title: 'rigorous matrices', load: () => import('./matrix.js') },
  { title: 'running', load: () => import('./execution.js') },
  { title: 'sweeping', load: () => import('./sweeps.js') },
];

console.log(`node ${process.version}, ${cpus().length} cores of ${cpus()[0].model}`);
for (const { title, load } of PARTS) {
  console.log(`\n${title}`);
  const { rows } = await load();
  for (const { name, value } of await rows()) console.log(`  ${name.padEnd(60)} ${value}`);
}
