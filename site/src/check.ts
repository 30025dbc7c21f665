import type { Page, View } from './app.js';
import { byId, element, onFiles } from './dom.js';
import { readFiles } from './files.js';
import type { CheckedRow } from './protocol.js';

/** A certificate and its network: what the checker verified, or the step that fails. */
export function checkView(page: Page): View {
  const take = (list: FileList) =>
    void page.work(async (progress) => {
      const texts = Object.entries(await readFiles(list)).map(([name, bytes]) => ({
        name,
        bytes,
        text: new TextDecoder().decode(bytes),
      }));
      const certificate = texts.find(({ text }) => /^\s*\{\s*"format":\s*"exhibit-certificate/.test(text));
      const network = texts.find((one) => one !== certificate);
      if (!certificate) throw new Error('no certificate among the files; exhibit verify --certificate writes one');
      if (!network) throw new Error('the network is missing; it lies beside the certificate as .network.json');
      const found = await page.checker.ask(
        { kind: 'check', certificate: certificate.text, network: network.bytes },
        progress,
      );
      byId('result').replaceChildren(...rowsOf(found));
      byId('result').dataset.verdict = found.verdict;
    });
  onFiles(byId('certificate-drop'), byId('certificate') as HTMLInputElement, take);
  return { open: () => page.checker.warm() };
}

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
