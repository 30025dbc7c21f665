import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exhibit, launch, ROOT, scratch } from '../cli/exhibit.js';
import { CHROMIUM, launchBrowser, violations, watched } from './browser.js';

const folder = scratch();
const INDEX = `file://${join(ROOT, 'site/dist/index.html')}`;
const WAVE = join(ROOT, 'proofs-check/trained/instances/decaying-wave-small.onnx');
const STATEMENT = 'for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= ?';
const LONG = 'for all x in [0,1]^2: |y - sin(300*x[1])*exp(-x[2])*sin(200*x[2])| <= ?';

/** Waits until what the page was asked for is done, and gives its last word. */
async function done(page: Page): Promise<string> {
  await expect.poll(() => page.locator('#status').textContent(), WAIT).not.toMatch(/^(|at work)$/);
  await page.locator('#progress').waitFor({ state: 'hidden', timeout: WAIT.timeout });
  return (await page.locator('#status').textContent()) ?? '';
}

const WAIT = { timeout: 90_000 };

async function forget(page: Page): Promise<void> {
  await page.evaluate("document.getElementById('status').textContent = ''");
}

describe.skipIf(CHROMIUM === undefined)('the site, opened as a file', () => {
  let browser: Browser;

  beforeAll(async () => {
    const { code, stderr } = await launch(process.execPath, ['scripts/site.mjs'], { cwd: ROOT });
    expect(code, stderr).toBe(0);
    browser = await launchBrowser();
  }, 200_000);
  afterAll(() => browser?.close());

  test('proves a theorem as soon as it is opened, asks for nothing elsewhere, and can be linked to', async () => {
    const page = await browser.newPage();
    const seen = watched(page);
    await page.goto(INDEX);
    await done(page);
    expect(await page.locator('#result h1').textContent()).toBe('softmin-gap: proved');
    await page.locator('input[name=T]').fill('32');
    await forget(page);
    await page.locator('#verify').click();
    await done(page);
    const linked = await browser.newPage();
    await linked.goto(page.url());
    await done(linked);
    expect(await linked.locator('input[name=T]').inputValue()).toBe('32');
    expect(await linked.locator('#result .big').textContent()).toBe(await page.locator('#result .big').textContent());
    expect(seen).toEqual([]);
    await Promise.all([page.close(), linked.close()]);
  }, 120_000);

  test('proves a statement about a dropped network as the command line does, to the last digit', async () => {
    const page = await browser.newPage();
    await page.goto(`${INDEX}#prove`);
    await page.locator('#model').setInputFiles(WAVE);
    await expect.poll(() => page.locator('#model-row').textContent(), WAIT).toMatch(/parameters/);
    await page.locator('#sentence').fill(STATEMENT);
    expect(await page.locator('#parsed').textContent()).toMatch(/^reads: for all x in/);
    await forget(page);
    await page.locator('#prove').click();
    await done(page);
    const { stdout } = await exhibit(['prove', WAVE, STATEMENT, '--json', '--quiet']);
    const [{ enclosure }] = JSON.parse(stdout).claims;
    expect(await page.locator('#result article .numbers').first().textContent()).toBe(`[${enclosure.join(', ')}]`);
    await page.locator('#sentence').fill('for all x in [0,1]^2: |y <= 1');
    expect(await page.locator('#parsed').textContent()).toMatch(/column/);
    expect(await page.locator('#prove').isDisabled()).toBe(true);
    await page.close();
  }, 120_000);

  test('runs a network in WebAssembly and sets the measured error beside its bound', async () => {
    const page = await browser.newPage();
    await page.goto(`${INDEX}#explore/hat-interpolation?f=x%5E2&a=0&b=1&N=8`);
    await done(page);
    await forget(page);
    await page.locator('#runs').check();
    await done(page);
    const table = await page.locator('#executions + .table').textContent();
    expect(table).toMatch(/cpu\.float64.*observed.*measured error/);
    expect(table).toMatch(/cpu\.float32.*observed/);
    expect(await page.locator('#result').textContent()).toMatch(/not run on WebGPU|webgpu\.float32/);
    await page.close();
  }, 120_000);

  test('runs a network on WebGPU, where the browser has an adapter', async ({ skip }) => {
    const own = await launchBrowser('--enable-unsafe-webgpu');
    try {
      const page = await own.newPage();
      await page.goto(`${INDEX}#explore/hat-interpolation?f=x%5E2&a=0&b=1&N=8`);
      await done(page);
      if (!(await page.evaluate('navigator.gpu?.requestAdapter().then(Boolean)'))) skip('no WebGPU adapter');
      await forget(page);
      await page.locator('#runs').check();
      await done(page);
      const table = await page.locator('#executions + .table').textContent();
      expect(table).toMatch(/webgpu\.float32observed\[?[\d.e-]+.*measured error/);
    } finally {
      await own.close();
    }
  }, 120_000);

  test('a file as large as is allowed does not hold the page', async () => {
    const large = join(folder, 'large.onnx');
    writeFileSync(large, Buffer.alloc(200_000_000, 7));
    const page = await browser.newPage();
    await page.goto(`${INDEX}#prove`);
    await page.evaluate(
      "globalThis.long = []; new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: 'longtask' })",
    );
    await page.locator('#model').setInputFiles(large);
    expect(await done(page)).toMatch(/^large.onnx: not an ONNX model/);
    expect(await page.evaluate('long.filter(({ duration }) => duration > 100).length')).toBe(0);
    await page.close();
    rmSync(large);
  }, 120_000);

  test('checks a certificate, and rejects a changed one with the step that fails', async () => {
    const proof = join(folder, 'proof.json');
    await exhibit([
      'verify',
      'hat-interpolation',
      '-p',
      'f=x^2',
      '-p',
      'a=0',
      '-p',
      'b=1',
      '-p',
      'N=8',
      '--certificate',
      proof,
      '--quiet',
      '--dtype',
      'float64',
    ]);
    mkdirSync(join(folder, 'changed'));
    const changed = join(folder, 'changed/proof.json');
    writeFileSync(changed, readFileSync(proof, 'utf8').replaceAll('1/256', '1/257'));
    const network = join(folder, 'proof.network.json');
    const page = await browser.newPage();
    await page.goto(`${INDEX}#check`);
    for (const [file, verdict] of [
      [proof, 'verified'],
      [changed, 'rejected'],
    ]) {
      await forget(page);
      await page.locator('#certificate').setInputFiles([file, network]);
      await done(page);
      expect(await page.locator('#result .badge').first().textContent()).toBe(verdict);
    }
    expect(await page.locator('#result').textContent()).toMatch(/error/);
    await page.close();
  }, 120_000);

  test('a long proof is cancelled, and the page answers all the while', async () => {
    const page = await browser.newPage();
    await page.goto(`${INDEX}#prove`);
    await page.locator('#model').setInputFiles(WAVE);
    await expect.poll(() => page.locator('#model-row').textContent(), WAIT).toMatch(/parameters/);
    await page.locator('#sentence').fill(LONG);
    await forget(page);
    await page.locator('#prove').click();
    const turns = await page.evaluate(
      'new Promise((resolve) => { let n = 0; const end = Date.now() + 1000; const turn = () => { n += 1; Date.now() < end ? setTimeout(turn, 20) : resolve(n); }; turn(); })',
    );
    expect(turns).toBeGreaterThan(5);
    await page.locator('#view-prove .cancel').click();
    expect(await done(page)).toBe('cancelled');
    await page.locator('#sentence').fill('parameters <= 337');
    await forget(page);
    await page.locator('#prove').click();
    await done(page);
    expect(await page.locator('#result h1').textContent()).toBe('Statement: proved');
    await page.close();
  }, 120_000);

  test('hostile names and files do nothing', async () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const page = await browser.newPage();
    const seen = watched(page);
    const certificate = {
      format: 'exhibit-certificate-1',
      network: { sha256: hostile },
      claims: [{ id: hostile }],
      unchecked: [],
    };
    const files = [
      { name: `${hostile}.onnx`, mimeType: '', buffer: readFileSync(WAVE) },
      { name: 'noise.onnx', mimeType: '', buffer: Buffer.from(Array.from({ length: 1000 }, (_, k) => (k * 97) % 256)) },
    ];
    await page.goto(`${INDEX}#prove?statement=${encodeURIComponent(hostile)}`);
    for (const file of files) {
      await forget(page);
      await page.locator('#model').setInputFiles(file);
      await done(page);
    }
    await page.goto(`${INDEX}#check`);
    await forget(page);
    await page.locator('#certificate').setInputFiles([
      { name: 'a.json', mimeType: '', buffer: Buffer.from(JSON.stringify(certificate)) },
      { name: 'b.json', mimeType: '', buffer: Buffer.from(hostile) },
    ]);
    await done(page);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(seen).toEqual([]);
    await page.close();
  }, 120_000);

  test.each(['explore', 'prove', 'check', 'gallery'])(
    '%s fits every window, and an accessibility checker finds nothing',
    async (view) => {
      for (const width of [380, 768, 1400]) {
        const context = await browser.newContext({
          bypassCSP: true,
          viewport: { width, height: 900 },
          colorScheme: width === 768 ? 'dark' : 'light',
        });
        const page = await context.newPage();
        await page.goto(`${INDEX}#${view}`);
        if (view === 'explore') await done(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        if (width === 380) expect(await violations(page)).toEqual([]);
        await context.close();
      }
    },
    120_000,
  );
});
