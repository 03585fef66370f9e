// SPDX-License-Identifier: LGPL-2.1-or-later
// axe-core, the rules of WCAG 2.1 A and AA and its best practices, on each
// page: desktop and phone, light and dark, with and without a stream.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const AXE = readFileSync(createRequire(import.meta.url)
  .resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const VIEWPORTS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 320, height: 640 },
};
// All that depends on the colours alone.
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

// A picture that a busy machine shows late is not a matter of this.
const ANSWERED = 'body:not([data-state=connecting])';
// [path, what there is once the page is complete, what is clicked on then]
const PAGES = [
  ['/', '[href*="watch/live/axe"]'],
  ['/', '[href*="watch/live/axe"]', '#toggle'],
  ['/wall', '#tiles video'],
  ['/watch/live/axe', ANSWERED, '#health'],
  ['/watch/live/axe', ANSWERED, '#more summary', '#sharing'],
  ['/watch/live/axe', ANSWERED, '#more summary', '#helping'],
  ['/watch/live/nobody', '[data-state=waiting]', '#more summary'],
  ['/embed/live/axe', 'whep-player'],
  ['/embed/live/nobody', 'whep-player'],
  ['/no/such', 'main'],
];

// Runs in a page that has axe: the violations, in words.
async function check(runOnly) {
  const { violations, passes } = await window.axe.run(document, {
    runOnly,
    resultTypes: ['violations'],
    // Experimental: a tile's name is the stream's; the rest describes it.
    rules: { 'label-content-name-mismatch': { enabled: false } },
  });
  return { nPassed: passes.length, found: violations.map(({ id, nodes }) =>
    `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) =>
      `${target} (${failureSummary.replace(/\s+/g, ' ')})`).join('; ')}`) };
}

async function violationsIn(page, where, colorScheme) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const isLight = colorScheme === 'light';
  const { nPassed, found } = await page.evaluate(check,
    isLight ? { type: 'tag', values: TAGS }
      : { type: 'rule', values: COLOUR_RULES });
  assert.ok(!isLight || nPassed > 5, `${where}: axe has little to check`);
  return found.map((text) => `${where}, ${colorScheme}: ${text}`);
}

// In one tab for all.
async function visit({ gateway }, watcher, paths) {
  const { page } = watcher;
  const found = [];
  for (const [path, awaited, ...clicked] of paths) {
    await page.goto(gateway.url + path);
    await page.waitForSelector(awaited, { state: 'attached' });
    for (const selector of clicked) {
      await page.click(selector);
    }
    await page.evaluate(AXE);
    for (const [kind, size] of Object.entries(VIEWPORTS)) {
      await page.setViewportSize(size);
      const where = `${[path, ...clicked].join(' ')}, ${kind}`;
      found.push(...await violationsIn(page, where, 'light'),
        ...await violationsIn(page, where, 'dark'));
    }
  }
  return found;
}

// axe is injected, which no page's policy allows.
async function pagesAreAccessible(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'axe'), async () => {
    await gateway.hasStream('axe');
    await watching(world, 'about:blank', async (watcher) => {
      assert.deepEqual(await visit(world, watcher, PAGES), []);
    }, undefined, { bypassCSP: true });
  });
}

// What axe must find, or it does not check what it should.
async function axeFinds(world) {
  await watching(world, `${world.gateway.url}/`, async ({ page }) => {
    await page.evaluate(AXE);
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = 'icon.svg';
      document.querySelector('main').append(image);
      document.documentElement.removeAttribute('lang');
    });
    await eventually(async () => {
      const { found } = await page.evaluate(check,
        { type: 'tag', values: TAGS });
      return ['html-has-lang', 'image-alt'].every((id) =>
        found.some((text) => text.startsWith(id)));
    }, 'axe finds both');
  }, undefined, { bypassCSP: true });
}

export const accessibilityCases = [
  ['axe finds a picture without words', axeFinds],
  ['no page violates a rule of WCAG that axe knows', pagesAreAccessible],
];
