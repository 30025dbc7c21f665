import { createHash } from 'node:crypto';
import { jsonText, visible } from '../visible.js';
import { type Content, Markup, markup } from './markup.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

/** Marks where a page holds the JSON that it was made from. */
const [BEFORE, AFTER] = ['<script type="application/json" id="result">', '</script>'];

/** What a page may hold beside its body. */
export interface PageOptions {
  /** The document that the page was made from, to be read back by `documentOf`. */
  readonly raw?: unknown;
  /** Whether there is something to touch. */
  readonly scripted?: boolean;
}

/**
 * A whole page that needs nothing from elsewhere: no font and no request; only its own script may run, and all its
 * characters show.
 */
export function page(title: string, body: Content, { raw, scripted = false }: PageOptions = {}): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  const script = scripted ? `; script-src 'sha256-${hash}'` : '';
  const { html } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'${new Markup(script)}">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${body}
</main>
${raw !== undefined && new Markup(`${BEFORE}${embedded(raw)}${AFTER}`)}
${scripted && new Markup(`<script>${SCRIPT}</script>`)}
</body>
</html>
`;
  return visible(html);
}

/** JSON that no HTML ends. */
function embedded(raw: unknown): string {
  return jsonText(raw, 0).replaceAll('<', '\\u003c');
}

/** The JSON that a page was made from; null where it holds none. */
export function documentOf(html: string): string | null {
  const start = html.indexOf(BEFORE);
  const end = html.indexOf(AFTER, start);
  return start < 0 || end < 0 ? null : html.slice(start + BEFORE.length, end);
}
