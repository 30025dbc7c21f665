import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentOf } from '../../src/report/page/page.js';
import { exhibit, ROOT, scratch } from '../cli/exhibit.js';
import { CHROMIUM, launchBrowser, violations, watched } from './browser.js';

const folder = scratch();
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
/** So many at a time that a call does not take a minute. */
const AT_ONCE = 6;

describe.skipIf(CHROMIUM === undefined)('pages of an audit in a browser', () => {
  let browser: Browser;
  let pages: string[];

  beforeAll(async () => {
    const audited = process.env.EXHIBIT_NIGHTLY === '1' ? ALL : SOME;
    pages = [];
    for (let k = 0; k < audited.length; k += AT_ONCE) {
      const paths = audited.slice(k, k + AT_ONCE).map((path) => join(ROOT, 'proofs-check', path));
      await exhibit(['audit', ...paths, '--report', join(folder, `${k}`), '--quiet']);
      pages.push(...readdirSync(join(folder, `${k}`)).map((name) => join(`${k}`, name)));
    }
    browser = await launchBrowser();
  }, 1_000_000);

  afterAll(() => browser?.close());

  test('there is one for each instance that could be read', () => {
    expect(pages.length).toBeGreaterThanOrEqual(SOME.length);
  });

  test.each([380, 768, 1400])(
    'at %d pixels nothing is wider than the window, missing, or asked for',
    async (width) => {
      for (const name of pages) {
        const page = await browser.newPage({
          viewport: { width, height: 900 },
          colorScheme: width === 768 ? 'dark' : 'light',
        });
        const seen = watched(page);
        await page.goto(`file://${join(folder, name)}`);
        expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(width);
        expect(seen, name).toEqual([]);
        await page.close();
      }
    },
    600_000,
  );

  test('an accessibility checker finds nothing', async () => {
    for (const name of pages) {
      const context = await browser.newContext({ bypassCSP: true, viewport: { width: 380, height: 900 } });
      const page = await context.newPage();
      await page.goto(`file://${join(folder, name)}`);
      expect(await violations(page), name).toEqual([]);
      await context.close();
    }
  }, 1_000_000);

  test('the numbers on a page are those of its JSON', async () => {
    const page = await browser.newPage();
    for (const name of pages.filter((name) => basename(name) !== 'index.html')) {
      await page.goto(`file://${join(folder, name)}`);
      const { claims } = JSON.parse(documentOf(readFileSync(join(folder, name), 'utf8'))!);
      for (const { id, kind, enclosure } of claims) {
        if (kind === 'execution' || enclosure === null) continue;
        const text = await page.locator(`article[id="${id}"]`).textContent();
        for (const end of enclosure) if (end !== null) expect(text, `${name} ${id}`).toContain(end);
      }
    }
  }, 600_000);

  test('values are read off a plot by keyboard, and another line is chosen', async () => {
    const page = await browser.newPage();
    await page.goto(`file://${join(folder, pages.find((name) => name.includes('decaying-wave'))!)}`);
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
