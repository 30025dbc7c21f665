import type { Page, View } from './app.js';
import { byId, element } from './dom.js';
import type { TheoremRow } from './protocol.js';

const FIRST = 'softmin-gap';
/** How long a slider rests before the claims are proved anew. */
const REST_MS = 250;

/** A theorem with its parameters as fields and sliders: what they say is proved as soon as they rest. */
export function exploreView(page: Page): View {
  const select = byId('theorem') as HTMLSelectElement;
  const form = byId('parameter-form') as HTMLFormElement;
  const runs = byId('runs') as HTMLInputElement;
  let rows: readonly TheoremRow[] = [];
  let timer = 0;

  const values = (): Record<string, string> =>
    Object.fromEntries(
      [...form.querySelectorAll<HTMLInputElement>('input[type=text]')]
        .filter(({ value }) => value.trim() !== '')
        .map(({ name, value }) => [name, value]),
    );

  const proveNow = () => {
    clearTimeout(timer);
    const params = values();
    page.remember(`#explore/${encodeURIComponent(select.value)}?${new URLSearchParams(params)}`);
    void page.work(async (progress) => {
      const { html, verdict } = await page.engine.ask(
        { kind: 'verify', theorem: select.value, params, runs: runs.checked },
        progress,
      );
      page.show(html, verdict);
    });
  };

  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(proveNow, REST_MS);
  };

  const fill = (row: TheoremRow, params: Readonly<Record<string, string>>) => {
    byId('summary').replaceChildren(row.summary, element('br'), element('span', { className: 'soft' }, row.source));
    form.replaceChildren(
      ...row.parameters.map(({ name, meaning, fallback }) =>
        fieldOf(name, meaning, fallback, params[name] ?? '', soon),
      ),
    );
  };

  const choose = (id: string, given: Readonly<Record<string, string>>) => {
    const row = rows.find((one) => one.id === id) ?? rows[0];
    select.value = row.id;
    const params = Object.keys(given).length > 0 ? given : (row.examples[0]?.params ?? {});
    fill(row, params);
    proveNow();
  };

  select.addEventListener('change', () => choose(select.value, {}));
  byId('verify').addEventListener('click', proveNow);
  runs.addEventListener('change', () => runs.checked && proveNow());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    proveNow();
  });

  return {
    open: async (rest) => {
      if (rows.length === 0) {
        rows = await page.engine.ask({ kind: 'theorems' });
        select.replaceChildren(...rows.map(({ id }) => element('option', { value: id }, id)));
      }
      const [, id = FIRST, query = ''] = /^\/([^?]*)\??(.*)$/.exec(rest) ?? [];
      choose(decodeURIComponent(id), Object.fromEntries(new URLSearchParams(query)));
    },
  };
}

/** A text field, with a slider beside it where the value is a number. */
function fieldOf(
  name: string,
  meaning: string,
  fallback: string | null,
  value: string,
  changed: () => void,
): HTMLElement {
  const text = element('input', { type: 'text', name, value, placeholder: fallback ?? '', autocomplete: 'off' });
  text.addEventListener('change', changed);
  const label = element('label', {}, element('strong', {}, name), ` ${meaning}`, text);
  const number = Number(value);
  if (value === '' || !Number.isFinite(number) || number <= 0) return label;
  const isWhole = Number.isInteger(number);
  const slider = element('input', { type: 'range', min: '-4', max: '4', step: '0.25', value: '0' });
  slider.setAttribute('aria-label', `${name}, from a sixteenth of it to sixteen times as much`);
  slider.addEventListener('input', () => {
    const moved = number * 2 ** Number(slider.value);
    text.value = isWhole ? `${Math.max(1, Math.round(moved))}` : `${Number(moved.toPrecision(3))}`;
    changed();
  });
  return element('div', {}, label, slider);
}
