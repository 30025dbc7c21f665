/** HTML that may stand in a page as it is. */
export class Markup {
  constructor(readonly html: string) {}
}

/** What may be put into a template: text is escaped; null, undefined and false leave nothing. */
export type Content = Markup | string | number | false | null | undefined | readonly Content[];

/** A tagged template for HTML: every text that is put in is escaped, in elements and in quoted attributes. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.reduce((html, part, k) => html + htmlOf(contents[k - 1]) + part));
}

function htmlOf(content: Content): string {
  if (content instanceof Markup) return content.html;
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'object') return content.map(htmlOf).join('');
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A table with a head; a column whose cells are numbers reads better with `class` "numbers" on the table. */
export function table(head: readonly string[], rows: readonly (readonly Content[])[], kind = ''): Markup {
  return markup`<div class="table" tabindex="0" role="group" aria-label="Table: ${head.filter(Boolean).join(', ')}"><table class="${kind}"><thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

/** Detail that is there for those who open it. */
export function fold(summary: Content, content: Content): Markup {
  return markup`<details><summary>${summary}</summary>${content}</details>`;
}

const TONE: Readonly<Record<string, string>> = {
  proved: 'good',
  observed: 'good',
  consistent: 'good',
  holds: 'good',
  'as expected': 'good',
  refuted: 'bad',
  inconsistent: 'bad',
  suspicious: 'bad',
  fails: 'bad',
  'not as expected': 'bad',
};

/** A verdict as a coloured word. */
export function badge(verdict: string): Markup {
  return markup`<span class="badge ${TONE[verdict] ?? 'open'}">${verdict}</span>`;
}

/** A drawing with what it shows in words; its parts are not read out. */
export function drawing(svg: string, label: string, area = ''): Markup {
  const hidden = new Markup(svg.replace('<svg ', '<svg aria-hidden="true" '));
  return markup`<div class="plot" tabindex="0" role="img" aria-label="${label}" data-area="${area}">${hidden}</div>`;
}
