import temml from 'temml';
import { Markup, markup } from './markup.js';

/** TeX as MathML, which browsers show by themselves; what is no TeX stays as text. */
export function formula(tex: string): Markup {
  try {
    return new Markup(
      temml.renderToString(tex, { displayMode: true, throwOnError: true, trust: false, maxExpand: 100 }),
    );
  } catch {
    return markup`<pre>${tex}</pre>`;
  }
}
