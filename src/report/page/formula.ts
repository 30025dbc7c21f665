import temml from 'temml';
import { Markup, markup } from './markup.js';

/** The operators of mathematics that do not show, such as the application of a function: temml writes them as such. */
const INVISIBLE = /[\u2061-\u2064]/g;

/** As a reference to the character: the page shows every format character that stands in it by itself as an escape. */
function reference(character: string): string {
  return `&#x${character.charCodeAt(0).toString(16)};`;
}

/** TeX as MathML, which browsers show by themselves; what is no TeX stays as text. */
export function formula(tex: string): Markup {
  try {
    const html = temml.renderToString(tex, { displayMode: true, throwOnError: true, trust: false, maxExpand: 100 });
    return new Markup(html.replace(INVISIBLE, reference));
  } catch {
    return markup`<pre>${tex}</pre>`;
  }
}
