import { basename } from 'node:path';
import type { AuditDocument } from '../document.js';
import { badge, fold, type Markup, markup, table } from './markup.js';
import { resultBody } from './result.js';

/** A result of `audit`: every instance with its verdict and expectation, and the results behind them. */
export async function auditBody({ instances }: AuditDocument): Promise<Markup> {
  const failures = instances.filter(({ asExpected }) => !asExpected).length;
  const results: Markup[] = [];
  for (const { file, result } of instances) if (result) results.push(fold(basename(file), await resultBody(result)));
  return markup`<h1>Audit: ${badge(failures === 0 ? 'as expected' : 'not as expected')}</h1>
<p>${instances.length} instances, ${failures} not as expected.</p>
${table(
  ['instance', 'theorem', 'verdict', 'expected', 'seconds'],
  instances.map(({ file, result, verdict, expect, asExpected, seconds, message }) => [
    basename(file),
    result?.theorem,
    [badge(verdict), message && markup`<br>${message}`],
    asExpected ? expect : markup`<strong>${expect}</strong>`,
    seconds.toFixed(2),
  ]),
  'numbers',
)}
<h2>Results</h2>
${results}`;
}
