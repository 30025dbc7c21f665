import { InputError } from '../../src/errors.js';
import { parseStatement, printStatement } from '../../src/statement/index.js';
import type { Page, View } from './app.js';
import { byId, element, onFiles } from './dom.js';
import { type FileMap, filesOf } from './files.js';

/** A network of the user's and a statement about it. */
export function proveView(page: Page): View {
  const text = byId('sentence') as HTMLTextAreaElement;
  const button = byId('prove') as HTMLButtonElement;
  const seconds = byId('seconds') as HTMLInputElement;
  let files: FileMap = {};
  let models: readonly string[] = [];

  const parse = (): boolean => {
    const parsed = byId('parsed');
    try {
      parsed.textContent = text.value.trim() === '' ? '' : `reads: ${printStatement(parseStatement(text.value))}`;
      parsed.className = 'soft';
      return text.value.trim() !== '';
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      parsed.textContent = error.message;
      parsed.className = 'bad';
      return false;
    }
  };
  const refresh = () => {
    button.disabled = !parse() || models.length === 0;
    page.remember(`#prove?statement=${encodeURIComponent(text.value)}`);
  };

  const insert = (name: string) => {
    text.setRangeText(name, text.selectionStart, text.selectionEnd, 'end');
    text.focus();
    refresh();
  };

  const take = (list: FileList) =>
    void page.work(async (progress) => {
      files = filesOf(list);
      models = Object.keys(files).filter((name) => /\.(?:onnx|json)$/i.test(name));
      const [first] = models;
      if (first === undefined) throw new Error('no .onnx or .json file among them');
      const row = await page.engine.ask({ kind: 'model', file: first, files }, progress);
      byId('model-row').textContent =
        `${models.join(', ')}: ${row.parameters} parameters; inputs ${row.inputs.join(', ')}; outputs ${row.outputs.join(', ')}`;
      const names = [
        'x',
        ...row.outputs.map((output) => output.split(' ')[0]),
        'for all x in ',
        'sin(',
        'exp(',
        'abs(',
        'min(',
        'max(',
        '<= ?',
      ];
      byId('names').replaceChildren(
        ...[...new Set(names)].map((name) => {
          const chip = element('button', { type: 'button' }, name);
          chip.addEventListener('click', () => insert(name));
          return chip;
        }),
      );
      if (text.value.trim() === '') text.value = row.example;
      refresh();
    });

  onFiles(byId('model-drop'), byId('model') as HTMLInputElement, take);
  text.addEventListener('input', refresh);
  button.addEventListener('click', () => {
    const task = { kind: 'prove', models, files, statement: text.value, seconds: Number(seconds.value) || 60 } as const;
    void page.work(async (progress) => {
      const { html, verdict } = await page.engine.ask(task, progress);
      page.show(html, verdict);
    });
  });

  return {
    open: (rest) => {
      const statement = new URLSearchParams(rest.replace(/^\?/, '')).get('statement');
      if (statement) text.value = statement;
      parse();
    },
  };
}
