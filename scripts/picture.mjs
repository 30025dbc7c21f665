// Makes docs/pictures: report.png, the page of the README's first statement, and site.png, what npm run site built. Needs a Chromium (CHROMIUM_PATH, or Debian's).
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const NETWORK = 'proofs-check/trained/instances/decaying-wave-small.onnx';
const STATEMENT = 'for all x in [0,1]^2: |y - sin(3*x[1])*exp(-x[2])| <= ?';
const VIEW = { width: 900, height: 1150 };

const page = join(mkdtempSync(join(tmpdir(), 'exhibit-')), 'report.html');
execFileSync(process.execPath, ['scripts/exhibit.cjs', 'prove', NETWORK, STATEMENT, '--report', page]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const tab = await browser.newPage({ viewport: VIEW });
await tab.goto(pathToFileURL(page).href);
await tab.screenshot({ path: 'docs/pictures/report.png', clip: { x: 0, y: 0, ...VIEW } });

const SITE_VIEW = { width: 1000, height: 800 };
const site = await browser.newPage({ viewport: SITE_VIEW });
const address = `${pathToFileURL('site/dist/index.html').href}#explore/hat-interpolation?f=sin(3*x)&a=0&b=2&N=6`;
await site.goto(address);
await site.locator('#result h1').waitFor();
await site.locator('#progress').waitFor({ state: 'hidden' });
await site.screenshot({ path: 'docs/pictures/site.png' });
await browser.close();
