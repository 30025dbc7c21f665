import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM } from './chromium.js';

export { CHROMIUM };

/** Starts it without a window. With `--enable-unsafe-webgpu` it has WebGPU, by the adapter in software that it brings. */
export async function launchBrowser(...flags: readonly string[]): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...flags] });
}

/** What a page should never do: talk on the console, fail, or ask for anything from elsewhere. */
export function watched(page: Page): string[] {
  const seen: string[] = [];
  page.on('console', (message) => seen.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) seen.push(`request: ${request.url()}`);
  });
  return seen;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations that an accessibility checker finds, as one line each. The page's context must bypass its policy. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // biome-ignore lint/suspicious/noExplicitAny: axe is a script of the page.
  const { violations: found } = await page.evaluate(() => (globalThis as any).axe.run());
  return found.map(
    ({ id, impact, nodes }: { id: string; impact: string; nodes: { html: string }[] }) =>
      `${id} (${impact}): ${nodes[0].html.slice(0, 200)}`,
  );
}
