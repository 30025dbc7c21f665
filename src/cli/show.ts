import { loadTheorem } from '../proof/library.js';
import { painter } from '../report/style.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

/** `exhibit show THEOREM`: all that a user needs to write an instance. */
export async function show(id: string, flags: CommonFlags): Promise<number> {
  const { summary, statement, source, parameters, claims } = await loadTheorem(id);
  const rows = Object.entries(parameters).map(([name, { meaning, allowed, fallback }]) => ({
    name,
    meaning,
    range: allowed,
    default: fallback ?? null,
  }));
  const listed = claims.map(({ id, kind, statement, tex, trust }) => ({ id, kind, statement, tex, source: trust }));
  const paint = painter(process.stdout);
  emit(
    flags,
    () => ({ id, summary, statement, source, parameters: rows, claims: listed }),
    () =>
      [
        `${paint('bold', id)}: ${summary}`,
        '',
        statement,
        '',
        `source: ${source.paper}, ${source.theorem} (${source.trust})`,
        '',
        paint('bold', 'parameters'),
        ...rows.map(
          (row) =>
            `  ${row.name}: ${row.meaning}; ${row.range}${row.default === null ? '' : `; default: ${row.default}`}`,
        ),
        '',
        paint('bold', 'claims'),
        ...listed.map((claim) => `  ${claim.id} (${claim.kind}, ${claim.source}): ${claim.statement}`),
        '',
      ].join('\n'),
  );
  return 0;
}
