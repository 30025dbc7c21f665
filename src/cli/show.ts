import { claimsOf } from '../execution/drawn.js';
import { libraryFor } from '../library/instance.js';
import type { Rate } from '../proof/theorem.js';
import { painter } from '../report/style.js';
import { oneLine } from '../report/visible.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

/** `exhibit show THEOREM`: all that a user needs to write an instance. */
export async function show(reference: string, flags: CommonFlags): Promise<number> {
  const theorem = await libraryFor(flags).load(reference);
  const { id, summary, statement, source, parameters, written, rates = [] } = theorem;
  const rows = Object.entries(parameters).map(([name, { meaning, allowed, fallback }]) => ({
    name,
    meaning,
    range: allowed,
    default: fallback ?? null,
  }));
  const listed = claimsOf(theorem).map(({ id, kind, statement, trust = 'proved' }) => ({
    id,
    kind,
    statement,
    source: trust,
  }));
  const orders: Order[] = rates.map(({ quantity, against, toward = 'infinity', exponent, log = '0' }) => {
    return { quantity, against, toward, exponent, log };
  });
  const paint = painter(1);
  emit(
    flags,
    () => ({ id, summary, statement, source, parameters: rows, claims: listed, rates: orders, ...written }),
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
        ...listed.map(
          (claim) =>
            `  ${claim.id} (${claim.kind === 'execution' ? 'observed' : `${claim.kind}, ${claim.source}`}): ${claim.statement}`,
        ),
        ...(orders.length > 0 ? ['', paint('bold', 'rates')] : []),
        ...orders.map(order),
        ...(written ? ['', `${paint('bold', 'definitions')}${written.file ? ` (${oneLine(written.file)})` : ''}`] : []),
        ...(written?.definitions.split('\n').map((line) => `  ${oneLine(line)}`) ?? []),
        '',
      ].join('\n'),
  );
  return 0;
}

/** `parameters ~ eps^(-1/2) as eps -> 0`. */
function order({ quantity, against, toward, exponent, log }: Order): string {
  const large = toward === 'zero' ? `1/${atom(against)}` : against;
  const factors = [`${atom(against)}^${atom(exponent)}`, `log(${large})^${atom(log)}`];
  const present = factors.filter((_, k) => [exponent, log][k] !== '0');
  return `  ${quantity} ~ ${present.join(' ') || 'a constant'} as ${against} -> ${toward === 'zero' ? '0' : 'infinity'}`;
}

function atom(text: string): string {
  return /^\w+$/.test(text) ? text : `(${text})`;
}

type Order = Required<Pick<Rate<never>, 'quantity' | 'against' | 'toward' | 'exponent' | 'log'>>;
