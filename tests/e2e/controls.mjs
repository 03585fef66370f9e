// SPDX-License-Identifier: LGPL-2.1-or-later
// The controls of the player's page: by keys, by taps, in a small window.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { comesTo } from './page.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const ENCODER = 'vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60';
const SMALL = { width: 320, height: 180 };

const video = (page, member) => page.evaluate((name) =>
  document.querySelector('video')[name], member);

const becomes = (page, member, value) => eventually(async () =>
  await video(page, member) === value, `${member} is ${value}`);

const isShown = (page, selector) => page.locator(selector).isVisible();

async function obeysKeys({ page }) {
  await page.keyboard.press('m');
  await becomes(page, 'muted', false);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await becomes(page, 'volume', 0.9);
  await page.keyboard.press('m');
  await becomes(page, 'muted', true);
  await page.keyboard.press('i');
  await eventually(() => isShown(page, '.graph path >> nth=0'),
    'the graphs are shown');
  await page.keyboard.press('Escape');
  assert.ok(!await isShown(page, '#graphs'));
  await page.keyboard.press('?');
  assert.ok(await isShown(page, '#help'));
  await page.keyboard.press('Escape');
  assert.ok(!await isShown(page, '#help'));
}

async function pauses(world, watcher) {
  const { page } = watcher;
  const picture = world.publisher.picture;
  await comesTo(watcher, 'playing');
  await page.keyboard.press(' ');
  await comesTo(watcher, 'paused');
  await eventually(async () =>
    (await world.gateway.viewers('keys')).length === 0, 'the session ends');
  await watcher.sees(picture.filter(([x, y]) => x !== 0.5 || y !== 0.5));
  await page.keyboard.press(' ');
  await comesTo(watcher, 'playing');
}

async function savesAndShares({ page }) {
  const downloaded = page.waitForEvent('download');
  await page.keyboard.press('s');
  const download = await downloaded;
  assert.match(download.suggestedFilename(), /^live-keys-.*\.jpg$/);
  assert.equal(readFileSync(await download.path()).readUInt16BE(0), 0xffd8);
  await page.click('#more summary');
  await page.click('#sharing');
  assert.match(await page.inputValue('#link'), /\/watch\/live\/keys$/);
  assert.match(await page.inputValue('#snippet'),
    /^<iframe src="http[^"]*\/embed\/live\/keys"/);
  await page.keyboard.press('Escape');
}

async function worksByKeys(world) {
  const { gateway, publishers } = world;
  const publisher = publishers.ffmpeg(gateway, 'keys');
  await publishing(publisher, async () => {
    await gateway.hasStream('keys');
    const url = `${gateway.watchUrl('keys')}?token=none`;
    await watching(world, url, async (watcher) => {
      await comesTo(watcher, 'playing');
      await obeysKeys(watcher);
      await pauses({ ...world, publisher }, watcher);
      await savesAndShares(watcher);
      await watcher.page.reload();
      await comesTo(watcher, 'playing');
      await becomes(watcher.page, 'volume', 0.9);
    });
  });
}

// Runs in the page: records what is on top while tracks are switched.
function watchForBlack() {
  window.blacks = 0;
  const look = () => {
    const all = document.querySelectorAll('video');
    if (all[all.length - 1].videoWidth === 0) {
      window.blacks += 1;
    }
    requestAnimationFrame(look);
  };
  look();
}

async function switchesTracks(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.enhanced(gateway, 'choice', ENCODER,
    { colour: 'green', second: 'red' }), async (publisher) => {
    await gateway.hasStream('choice/1');
    await watching(world, gateway.watchUrl('choice'), async (watcher) => {
      const { page } = watcher;
      await comesTo(watcher, 'playing');
      await watcher.sees(publisher.picture);
      await page.evaluate(watchForBlack);
      await page.click('#tracks summary');
      await page.click('#tracks button >> nth=1');
      await eventually(async () => page.url().endsWith('/live/choice/1'),
        'the address is that of the other track');
      await watcher.sees(publisher.secondPicture);
      assert.equal(await page.textContent('#name'), 'live/choice/1');
      assert.equal(await page.evaluate(() => window.blacks), 0);
      await eventually(async () => (await gateway.viewers('choice')).length
        === 0, 'the first track’s session ends');
    });
  });
}

async function keepsItsRoom(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'small'), async () => {
    await gateway.hasStream('small');
    await watching(world, gateway.watchUrl('small'), async (watcher) => {
      const { page } = watcher;
      await comesTo(watcher, 'playing');
      assert.deepEqual(await page.locator('video').boundingBox(),
        { x: 0, y: 0, ...SMALL });
      await eventually(async () => await page.evaluate(() =>
        getComputedStyle(document.querySelector('.controls')).opacity) === '0',
      'the controls disappear');
      await page.touchscreen.tap(160, 90);
      await becomes(page, 'muted', false);
      await page.click('#more summary');
      const box = await page.locator('#more .items').boundingBox();
      assert.ok(box.y >= 0, JSON.stringify(box));
    }, undefined, { viewport: SMALL, hasTouch: true });
  });
}

export const controlCases = [
  ['the page works by keys, and remembers the volume', worksByKeys],
  ['a track is chosen without a black frame', switchesTracks],
  ['a picture of 320×180 keeps its room', keepsItsRoom],
];
