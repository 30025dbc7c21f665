import { checkView } from './check.js';
import { Cancelled, Client } from './client.js';
import { byId } from './dom.js';
import { exploreView } from './explore.js';
import { proveView } from './prove.js';

/** What a section of the page does when the address names it. */
export interface View {
  /** `rest` is what stands behind the section's name in the address. */
  open(rest: string): void;
}

/** What a section needs of the page: its workers, and a place for messages and results. */
export interface Page {
  readonly engine: Client;
  readonly checker: Client;
  /** Runs a task with progress and a way to cancel; what goes wrong is said in one message. */
  work(task: (progress: (message: string, share: number | null) => void) => Promise<void>): Promise<void>;
  /** Shows the body of a page of a result. */
  show(html: string, verdict: string): void;
  say(message: string): void;
  /** Puts the state into the address without a step back in the history. */
  remember(hash: string): void;
}

const [engine, checker] = [new Client('engine'), new Client('checker')];
const [status, progress, result] = [byId('status'), byId('progress') as HTMLProgressElement, byId('result')];
const cancels = [...document.querySelectorAll<HTMLButtonElement>('.cancel')];

let turn = 0;

const page: Page = {
  engine,
  checker,
  work: async (task) => {
    const own = ++turn;
    const started = performance.now();
    for (const button of cancels) button.disabled = false;
    progress.hidden = false;
    progress.removeAttribute('value');
    status.textContent = 'at work';
    try {
      await task((message, share) => {
        if (own !== turn) return;
        status.textContent = message.slice(0, 200);
        if (share === null) progress.removeAttribute('value');
        else progress.value = share;
      });
      if (own !== turn) return;
      status.textContent = `${((performance.now() - started) / 1000).toFixed(2)} s`;
    } catch (error) {
      // A later task took its place, such as the next step of a slider.
      if (own !== turn) return;
      status.textContent = error instanceof Cancelled ? 'cancelled' : (error as Error).message;
    }
    progress.hidden = true;
    for (const button of cancels) button.disabled = true;
  },
  show: (html, verdict) => {
    result.innerHTML = html;
    result.dataset.verdict = verdict;
    touchable(result);
  },
  say: (message) => {
    status.textContent = message;
  },
  remember: (hash) => history.replaceState(null, '', hash),
};

/** Of several lines through the witness, one is shown at a time. */
function touchable(root: HTMLElement): void {
  const slices = root.querySelectorAll<HTMLElement>('[data-slice]');
  const choose = (k: string) => {
    for (const slice of slices) slice.hidden = slice.dataset.slice !== k;
  };
  for (const input of root.querySelectorAll<HTMLInputElement>('input[name=slice]')) {
    input.addEventListener('change', () => choose(input.value));
    if (input.checked) choose(input.value);
  }
}

for (const button of cancels) {
  button.addEventListener('click', () => {
    engine.cancel();
    checker.cancel();
  });
}

const VIEWS: Readonly<Record<string, View>> = {
  explore: exploreView(page),
  prove: proveView(page),
  check: checkView(page),
  gallery: { open: () => {} },
};

let shown = '';

function route(): void {
  const hash = location.hash.replace(/^#/, '');
  const [name] = /^[a-z]+/.exec(hash) ?? ['explore'];
  const view = VIEWS[name] ? name : 'explore';
  for (const id of Object.keys(VIEWS)) byId(`view-${id}`).hidden = id !== view;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav[aria-label=Sections] a')) {
    if (link.hash === `#${view}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (shown !== view) {
    result.replaceChildren();
    status.textContent = '';
  }
  // Links within a result lead to its claims and leave the section open.
  if (VIEWS[name] || shown === '') VIEWS[view].open(hash.slice(view.length));
  shown = view;
}

window.addEventListener('hashchange', () => {
  if (/^#(?:explore|prove|check|gallery)\b/.test(location.hash)) route();
});
engine.warm();
route();
