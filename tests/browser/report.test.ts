import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentOf } from '../../src/report/page/page.js';
import { exhibit, ROOT, scratch } from '../cli/exhibit.js';
import { NIGHTLY, sliced } from '../generators/thinned.js';
import { CHROMIUM, launchBrowser, violations, watched } from './browser.js';

const folder = scratch();
/** From a desktop to a phone. */
const WIDTHS = [1400, 768, 380];
/** Pages of each kind of picture; of every instance in the nightly form. */
const SOME = [
  'head-count/instances/retrieval-two-heads.yaml',
  'trained/instances/decaying-wave.yaml',
  'deep-ssm/instances/norm-conjugate-poles.yaml',
  'classical/instances/hat-interpolation-bound-too-small.yaml',
  'classical/instances/yarotsky-square-no-layer.yaml',
];
const ALL = readdirSync(join(ROOT, 'proofs-check'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  /instances.[^/]*\.yaml$/.test(path),
);
const AUDITED = NIGHTLY ? sliced(ALL) : SOME;
/** So many at a time that a call does not take a minute. */
const AT_ONCE = 6;

describe.skipIf(CHROMIUM === undefined)('pages of an audit in a browser', () => {
  let browser: Browser;
  let pages: string[];

  beforeAll(async () => {
    pages = [];
    for (let k = 0; k < AUDITED.length; k += AT_ONCE) {
      const paths = AUDITED.slice(k, k + AT_ONCE).map((path) => join(ROOT, 'proofs-check', path));
      await exhibit(['audit', ...paths, '--report', join(folder, `${k}`), '--quiet']);
      pages.push(...readdirSync(join(folder, `${k}`)).map((name) => join(`${k}`, name)));
    }
    browser = await launchBrowser();
  }, 1_000_000);

  afterAll(() => browser?.close());

  test('there is one for each instance that could be read', () => {
    expect(pages.length).toBeGreaterThanOrEqual(Math.min(SOME.length, AUDITED.length));
  });

  test('in windows of every width nothing is wider, asked for or said, and an accessibility checker finds nothing', async () => {
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const seen = watched(page);
    for (const [k, name] of pages.entries()) {
      await page.emulateMedia({ colorScheme: k % 2 === 0 ? 'light' : 'dark' });
      await page.goto(`file://${join(folder, name)}`);
      await page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(width);
      }
      expect(await violations(page), name).toEqual([]);
      expect(seen, name).toEqual([]);
    }
    await context.close();
  }, 1_000_000);

  test('every page is below 2 MB', () => {
    for (const name of pages) expect(statSync(join(folder, name)).size, name).toBeLessThan(2e6);
  });

  test('the numbers on a page are those of its JSON', async () => {
    const page = await browser.newPage();
    for (const name of pages.filter((name) => basename(name) !== 'index.html')) {
      await page.goto(`file://${join(folder, name)}`);
      const { claims } = JSON.parse(documentOf(readFileSync(join(folder, name), 'utf8'))!);
      const texts = await page.evaluate<Record<string, string>>(
        "Object.fromEntries([...document.querySelectorAll('article')].map(({ id, textContent }) => [id, textContent]))",
      );
      for (const { id, kind, enclosure, predicted } of claims) {
        if (kind === 'execution') continue;
        for (const end of [...(enclosure ?? []), predicted])
          if (end !== null) expect(texts[id], `${name} ${id}`).toContain(end);
      }
    }
  }, 600_000);

  test('values are read off a plot by keyboard, and another line is chosen', async ({ skip }) => {
    const plotted = pages.find((name) => /decaying-wave\.html$/.test(name));
    if (plotted === undefined) return skip('its page is in another slice');
    const page = await browser.newPage();
    await page.goto(`file://${join(folder, plotted)}`);
    const slider = page.getByRole('slider').first();
    const before = await page.locator('output').first().textContent();
    await slider.press('ArrowRight');
    expect(await page.locator('output').first().textContent()).not.toBe(before);
    expect(await page.locator('[data-slice]:visible').count()).toBe(1);
    await page.getByRole('radio').nth(1).check();
    expect(await page.locator('[data-slice="1"]').isVisible()).toBe(true);
    expect(await page.locator('[data-slice="0"]').isVisible()).toBe(false);
  });
});
