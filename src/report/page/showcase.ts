import type { AuditDocument, ResultDocument } from '../document.js';
import { shortNumber } from '../short-number.js';
import { badge, type Content, type Markup, markup, table } from './markup.js';
import { mainClaim } from './result.js';

type Instance = AuditDocument['instances'][number];

/** An audited instance with the address of its own page, null where there is none. */
export interface Exhibited extends Instance {
  readonly page: string | null;
  readonly name: string;
}

const OWN = 'Networks with statements of their own';

/** The front page of an audit: by paper and theorem, what was proved of which instance, with links to their pages. */
export function showcaseBody(instances: readonly Exhibited[]): Markup {
  const failures = instances.filter(({ asExpected }) => !asExpected).length;
  const results = instances.flatMap(({ result }) => (result ? [result] : []));
  const claims = results.flatMap((result) => result.claims);
  const checked = claims.filter((claim) => claim.checked === true).length;
  const verified = instances.filter(({ result }) => result);
  const papers = grouped([...verified, ...instances.filter(({ result }) => !result)], paperOf);
  return markup`<h1>Audit: ${badge(failures === 0 ? 'as expected' : 'not as expected')}</h1>
<dl class="big">${[
    ['instances', instances.length],
    ['theorems', new Set(results.map(({ theorem }) => theorem).filter(Boolean)).size],
    ['claims, checked', `${claims.length}, ${checked}`],
    ['not as expected', failures],
  ].map(([name, count]) => markup`<div><dt>${name}</dt><dd>${count}</dd></div>`)}</dl>
<nav aria-label="Papers"><ul>${[...papers].map(([paper, own], k) => markup`<li><a href="#paper-${k}">${paper}</a>, ${own.length} instances</li>`)}</ul></nav>
${[...papers].map(
  ([paper, own], k) => markup`<section id="paper-${k}"><h2>${paper}</h2>
${[...grouped(own, ({ result }) => result?.theorem ?? '')].map(([theorem, rows]) => theoremTable(theorem, rows))}</section>`,
)}`;
}

function paperOf({ result }: Exhibited): string {
  return result?.origin?.paper ?? (result ? OWN : 'Refused');
}

function theoremTable(theorem: string, rows: readonly Exhibited[]): Markup {
  return markup`${theorem && markup`<h3>${theorem}</h3>`}${table(
    ['instance', 'verdict', 'proved', 'proved / attained', 'parameters', 'checked', 'seconds'],
    rows.map((row) => [
      row.page === null ? row.name : markup`<a href="${row.page}">${row.name}</a>`,
      [
        badge(row.verdict),
        !row.asExpected && markup` <strong class="bad">expected ${row.expect}</strong>`,
        row.message && markup`<br><span class="soft">${row.message}</span>`,
      ],
      ...(row.result ? numbersOf(row.result) : ['', '', '', '']),
      row.seconds.toFixed(2),
    ]),
    'numbers',
  )}`;
}

function numbersOf(result: ResultDocument): Content[] {
  const [lo, hi] = mainClaim(result.claims)?.enclosure ?? [null, null];
  const ratio = lo !== null && hi !== null && Number(lo) > 0 ? Number(hi) / Number(lo) : null;
  const stated = result.claims.filter(({ kind }) => kind !== 'execution');
  const checked = stated.filter((claim) => claim.checked === true).length;
  return [
    hi === null ? '' : shortened(hi),
    ratio === null ? '' : ratio.toPrecision(4),
    result.network.parameters,
    `${checked} of ${stated.length}`,
  ];
}

const DIGITS = 5;

/** Rounded up: what is proved stays true. */
function shortened(text: string): string {
  const short = shortNumber(text, DIGITS, 'up');
  if (!short) return text.slice(0, 2 * DIGITS);
  return short.exponent === 0 ? short.mantissa : `${short.mantissa}e${short.exponent}`;
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
