// SPDX-License-Identifier: LGPL-2.1-or-later
// States of the player's page that depend on the server's limits, on what a
// stream contains, and on whether anybody looks.

import assert from 'node:assert/strict';
import { comesTo } from './page.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const HIDDEN_MS = 3000;
// Nothing that decodes AAC: it is not transcoded, and has no place in WebRTC.
const NO_AAC = ['avdec_aac', 'avdec_aac_fixed', 'avdec_aac_latm', 'faad',
  'fdkaacdec'].map((name) => `${name}:NONE`).join();

const says = (watcher, words) => eventually(async () =>
  words.test(await watcher.page.textContent('#message')),
`the page says ${words}`);

async function withGateway(world, params, look) {
  const gateway = await world.startGateway(params);
  try {
    await look(gateway);
  } finally {
    await gateway.stop();
  }
}

// One viewer leaves, and the other's picture starts by itself.
async function makesRoom(gateway, first, second) {
  await second.showsPicture();
  await says(first, /limit of viewers/);
  await second.page.goto(`${gateway.url}/`);
  await first.showsPicture();
}

async function saysThatItIsFull(world) {
  await withGateway(world, { name: 'full', options: ['MAX_VIEWERS=1'] },
    (gateway) => publishing(world.publishers.ffmpeg(gateway, 'room'),
      async () => {
        await gateway.hasStream('room');
        const url = gateway.watchUrl('room');
        await watching(world, url, async (second) => {
          await comesTo(second, 'playing');
          await watching(world, url, (first) =>
            makesRoom(gateway, first, second));
        });
      }));
}

async function playsAacOverHttp(world) {
  await withGateway(world, { name: 'no-aac',
    env: { GST_PLUGIN_FEATURE_RANK: NO_AAC } }, async (gateway) => {
    const publisher = { process: world.publishers.start('aac', 'ffmpeg', ['-v',
      'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'sine=frequency=440',
      '-c:a', 'aac', '-f', 'flv', gateway.rtmpUrl('aac')]) };
    await publishing(publisher, () => watching(world, gateway.watchUrl('aac'),
      async (watcher) => {
        await eventually(async () => /^Played over HTTP/.test(
          await watcher.page.textContent('#note')), 'it plays over HTTP');
        const time = () => watcher.page.evaluate(() =>
          document.querySelector('video').currentTime);
        const start = await time();
        await eventually(async () => await time() > start + 1,
          'the sound goes on');
      }));
  });
}

// Runs in a page before its scripts: a tab that can be hidden, in which case
// nothing is painted.
function canBeHidden() {
  window.isAway = false;
  Object.defineProperty(document, 'hidden', { get: () => window.isAway });
  const request = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback =
    function requestWhileShown(run) {
      const retry = (...args) => (window.isAway
        ? setTimeout(() => request.call(this, retry), 100) : run(...args));
      return request.call(this, retry);
    };
}

async function staysLiveWhileHidden(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'hidden'), async () => {
    await gateway.hasStream('hidden');
    await watching(world, gateway.watchUrl('hidden'), async (watcher) => {
      const { page } = watcher;
      await comesTo(watcher, 'playing');
      await page.evaluate(() => {
        window.isAway = true;
        window.seen = new Set();
        new MutationObserver(() => window.seen.add(document.body.dataset.state))
          .observe(document.body, { attributeFilter: ['data-state'] });
      });
      await page.waitForTimeout(HIDDEN_MS);
      await page.evaluate(() => { window.isAway = false; });
      await watcher.showsPicture();
      await comesTo(watcher, 'playing');
      const seen = await page.evaluate(() => [...window.seen]);
      assert.ok(seen.every((state) => state === 'playing'), seen.join());
    }, canBeHidden);
  });
}

export const stateCases = [
  ['the page says that the server is full, and starts when there is room',
    saysThatItIsFull],
  ['what WebRTC cannot play at all is played over HTTP', playsAacOverHttp],
  ['a hidden tab stays live', staysLiveWhileHidden],
];
