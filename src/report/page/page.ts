import { visible } from '../visible.js';
import { type Content, Markup, markup } from './markup.js';

const STYLE = new Markup(`
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5c6570;--paper:#fff;--line:#d9dde2;--good:#1a7f37;--bad:#b3261e;--open:#9a6700}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#9aa4af;--paper:#16181c;--line:#363b42;--good:#57ab5a;--bad:#f47067;--open:#d4a72c}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin-bottom:.2rem}
table{border-collapse:collapse;font-size:.9rem;display:block;overflow-x:auto}th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.numbers td{font-variant-numeric:tabular-nums}
code,pre{font:.85rem/1.45 ui-monospace,monospace}pre{overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.badge{font-weight:600;color:var(--open)}.good{color:var(--good)}.bad{color:var(--bad)}
.soft,summary{color:var(--soft);font-size:.9rem}ul{margin:.3rem 0;padding-left:1.2rem}
article{margin:1.2rem 0 1.8rem}svg{max-width:100%;height:auto}math{font-size:1.05rem}
@media print{details{display:block}}
`);

/** A whole page that needs nothing from elsewhere: no script, no font, no picture; all its characters show. */
export function page(title: string, body: Content): string {
  const { html } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return visible(html);
}
