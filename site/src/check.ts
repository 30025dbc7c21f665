import type { Page, View } from './app.js';
import { byId, element, onFiles } from './dom.js';
import { filesOf } from './files.js';
import type { CheckedRow } from './protocol.js';

/** A certificate and its network: what the checker verified, or the step that fails. */
export function checkView(page: Page): View {
  const take = (list: FileList) =>
    void page.work(async (progress) => {
      const files = Object.values(filesOf(list));
      const heads = await Promise.all(files.map((file) => file.slice(0, HEAD).text()));
      const certificate = files[heads.findIndex((head) => /^\s*\{\s*"format":\s*"exhibit-certificate/.test(head))];
      const network = files.find((file) => file !== certificate);
      if (!certificate) throw new Error('no certificate among the files; exhibit verify --certificate writes one');
      if (!network) throw new Error('the network is missing; it lies beside the certificate as .network.json');
      const found = await page.checker.ask({ kind: 'check', certificate, network }, progress);
      byId('result').replaceChildren(...rowsOf(found));
      byId('result').dataset.verdict = found.verdict;
    });
  onFiles(byId('certificate-drop'), byId('certificate') as HTMLInputElement, take);
  return { open: () => page.checker.warm() };
}

/** So many bytes tell a certificate from another file. */
const HEAD = 200;

function rowsOf({ verdict, sha256, reason, claims, unchecked }: CheckedRow): HTMLElement[] {
  const tone = verdict === 'verified' ? 'good' : verdict === 'rejected' ? 'bad' : 'open';
  return [
    element('h2', {}, element('span', { className: `badge ${tone}` }, verdict)),
    element('p', {}, `Network ${sha256}`),
    ...(reason === null ? [] : [element('p', { className: 'bad' }, reason)]),
    ...claims.map((claim) =>
      element(
        'article',
        {},
        element(
          'h3',
          {},
          element('span', { className: `badge ${claim.verdict === 'verified' ? 'good' : 'bad'}` }, claim.verdict),
          ` ${claim.id}`,
        ),
        element('p', {}, claim.statement ?? claim.reason ?? ''),
      ),
    ),
    ...(unchecked.length === 0
      ? []
      : [
          element(
            'p',
            { className: 'soft' },
            `Not covered: ${unchecked.map(({ id, reason: why }) => `${id} (${why})`).join(', ')}`,
          ),
        ]),
  ];
}
