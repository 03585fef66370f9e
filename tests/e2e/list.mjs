// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of streams in Chromium: live stills, what comes and goes, and how to
// go live.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Process, eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const N_STREAMS = 60;

// Runs in the page: takes a number for the picture of the only tile each time
// something is painted. A blank picture is 0.
function recordPictures() {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = () => {
    const picture = document.querySelector('.shown .picture');
    if (picture) {
      Object.assign(canvas, { width: 64, height: 36 });
      context.drawImage(picture, 0, 0, 64, 36);
      const { data } = context.getImageData(0, 0, 64, 36);
      const isBlank = data.some((value, i) => i % 4 === 3 && value < 255);
      window.pictures.push(isBlank ? 0 :
        data.reduce((sum, value, i) => (31 * sum + value * i) % 1000003, 1));
    } else if (window.pictures.length > 0) {
      window.pictures.push(0);
    }
    requestAnimationFrame(look);
  };
  window.pictures = [];
  look();
}

async function followsStreams(world) {
  const { gateway, publishers } = world;
  await watching(world, 'about:blank', async ({ page }) => {
    const lists = [];
    const stills = [];
    page.on('request', (request) => /api\/streams/.test(request.url())
      && lists.push(request.headers().accept));
    page.on('response', (response) => /snapshot/.test(response.url())
      && stills.push(response.status()));
    await page.goto(`${gateway.url}/`);
    await page.waitForSelector('#empty:not([hidden])');
    await page.evaluate(recordPictures);
    await publishing(publishers.ffmpeg(gateway, 'tile'), async () => {
      const tile = page.locator('.tile');
      await tile.waitFor();
      assert.equal(await tile.locator('a').getAttribute('href'),
        'watch/live/tile');
      await eventually(async () => /640 × 360 · 30 fps/.test(
        await tile.textContent()), 'the tile shows the format');
      assert.match(await tile.textContent(), /live\/tile.*H\.264 \+ Opus/);
      assert.equal(await page.textContent('#count'), '1 live');
      assert.ok(await page.locator('#empty').isHidden());
      await eventually(async () => new Set(await page.evaluate(
        () => window.pictures)).size >= 3, 'the still changes');
      const pictures = await page.evaluate(() => window.pictures);
      assert.ok(!pictures.includes(0), 'the still flickers');
      await eventually(() => stills.includes(200), 'stills are loaded');
    });
    await page.waitForSelector('#empty:not([hidden])');
    assert.equal(await page.locator('.tile').count(), 0);
    assert.deepEqual(lists, ['text/event-stream']);
  });
}

// What a phone's camera reads.
async function readCode(page, selector) {
  const png = await page.locator(selector).screenshot();
  return execFileSync('zbarimg', ['--nodbus', '-q', '--raw', '--oneshot',
    '-Sbinary', 'png:-'], { input: png, encoding: 'utf8' });
}

async function copied(page, name) {
  await page.getByRole('button', { name: `Copy ${name}` }).click();
  await page.getByRole('button', { name: `Copied ${name}` }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function saysHowToPublish(world) {
  const { gateway } = world;
  await watching(world, `${gateway.url}/`, async ({ page }) => {
    await page.waitForSelector('#toggle:not([hidden])');
    if (await page.locator('#golive').isHidden()) {
      await page.click('#toggle');
    }
    await page.fill('#name', 'door');
    const address = gateway.watchUrl('door');
    const server = `rtmp://127.0.0.1:${gateway.rtmpPort}/live`;
    assert.equal(await copied(page, 'the server'), server);
    assert.equal(await copied(page, 'the stream key'), 'door');
    assert.equal(await copied(page, 'the address to watch'), address);
    assert.equal(await readCode(page, '#watch-qr'), address);

    // By keyboard.
    await page.getByRole('tab', { name: 'OBS' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await copied(page, 'the command'),
      new RegExp(`^ffmpeg .* ${server}/door$`));
    await page.getByRole('tab', { name: 'ffmpeg' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await readCode(page, '#larix-qr'),
      await page.getAttribute('#larix-link', 'href'));
    await page.keyboard.press('ArrowRight');

    // Without the clipboard's interface, as over HTTP from another machine.
    await page.evaluate(() => Object.defineProperty(navigator.clipboard,
      'writeText', { value: () => Promise.reject(new Error('insecure')) }));
    const pipeline = await copied(page, 'the pipeline');
    await publishing({ process: new Process('sh', ['-c', `exec ${pipeline}`],
      { log: `${world.folder}/publisher-door.log` }) }, async () => {
      await page.locator('.tile a').focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(address);
    });
  }, undefined, { permissions: ['clipboard-read', 'clipboard-write'] });
  await gateway.hasNoStream('door');
}

const crowd = () => `event: streams\ndata: ${JSON.stringify(Array.from(
  { length: N_STREAMS }, (_, i) => ({ name: i > 0 ? `live/cam${i}` :
    `live/${'W'.repeat(251)}`, viewers: i, audio: { codec: 'OPUS' },
  live_since: '2026-01-02T03:04:05Z' })))}\n\n`;

async function findsStreams(world) {
  await watching(world, 'about:blank', async ({ page }) => {
    await page.route('**/api/streams', (route) => route.fulfill({
      contentType: 'text/event-stream', body: crowd() }));
    for (const viewport of [{ width: 1280, height: 800 },
      { width: 320, height: 568 }]) {
      await page.setViewportSize(viewport);
      await page.goto(`${world.gateway.url}/`);
      await page.waitForSelector('.tile');
      assert.equal(await page.locator('.tile').count(), N_STREAMS);
      assert.ok(await page.evaluate(() =>
        document.documentElement.scrollWidth <= innerWidth), 'it is too wide');
      await page.screenshot({
        path: `${world.folder}/list-${viewport.width}.png` });
    }
    const names = () => page.locator('.tile .name').allTextContents();
    await page.selectOption('#order', 'viewers');
    assert.equal((await names())[0], `live/cam${N_STREAMS - 1}`);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('/');
    await page.keyboard.type('CAM1');
    assert.equal((await names()).length, 11);
    await page.keyboard.type('x');
    await page.waitForSelector('#unmatched:not([hidden])');
  });
}

export const listCases = [
  ['the list follows the streams, with live stills', followsStreams],
  ['the list says how to publish, and that works', saysHowToPublish],
  ['the list finds one of many streams', findsStreams],
];
