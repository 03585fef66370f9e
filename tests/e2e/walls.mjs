// SPDX-License-Identifier: LGPL-2.1-or-later
// The page that shows many streams at once.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Process, eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const N_STREAMS = 9;
const FPS = 15;
const GOP_S = 1;
// Where nine pictures are small ones.
const VIEWPORT = { width: 800, height: 500 };
const NARROW = { width: 340, height: 220 };
const COUNT_S = 4;
// Key frames, those that a late page had still to show, and one more.
const MAX_KEY_FRAMES = COUNT_S / GOP_S + 3;
// Of what was published; a busy browser drops some.
const MIN_FRAMES = COUNT_S * FPS / 2;

// Encoded once, and published as all of them by one process.
function crowd(world, gateway, names) {
  const outputs = names.map((name) => `[f=flv]${gateway.rtmpUrl(name)}`);
  return { process: new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re',
    '-f', 'lavfi', '-i', `testsrc2=s=192x108:r=${FPS}`, '-re', '-f', 'lavfi',
    '-i', 'sine=r=48000', '-map', '0:v', '-map', '1:a', '-c:v', 'libx264',
    '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g',
    `${FPS * GOP_S}`, '-flags', '+global_header', '-c:a', 'aac', '-b:a', '64k',
    '-f', 'tee', outputs.join('|')],
  { log: join(world.folder, `publisher-${names[0]}.log`) }) };
}

// Runs in the page: of each tile, its name, rate, and the frames it has shown
// that far.
function tilesOf() {
  return [...document.querySelectorAll('.tile')].map((tile) => {
    const video = tile.querySelector('video');
    return { name: tile.querySelector('.name').textContent,
      rate: tile.dataset.rate, width: video.videoWidth,
      isMuted: video.muted,
      frames: video.getVideoPlaybackQuality().totalVideoFrames };
  });
}

const tiles = ({ page }) => page.evaluate(tilesOf);

// Of each tile, how many frames come while it is watched.
async function framesOver(watcher, seconds) {
  const before = await tiles(watcher);
  await watcher.page.waitForTimeout(seconds * 1000);
  const after = await tiles(watcher);
  return after.map(({ name, frames }) => frames
    - before.find((tile) => tile.name === name).frames);
}

const comeTo = (watcher, rates) => eventually(async () => {
  const all = await tiles(watcher);
  return all.length === N_STREAMS && all.every(({ rate, width }, i) =>
    width > 0 && rate === rates[i]);
}, `all tiles have a picture: ${rates}`);

const KEYS = Array(N_STREAMS).fill('key');
const atFullRate = (index) => KEYS.map((rate, i) =>
  (i === index ? 'all' : rate));

const sentFrames = (gateway, name) => eventually(async () => {
  const viewers = await gateway.viewers(name);
  return viewers.length > 0 && viewers[0].frames;
}, `${name} is watched`);

function assertOnlyKeyFrames(frames, but = -1) {
  frames.forEach((count, i) => assert.ok(i === but ? count >= MIN_FRAMES
    : count > 0 && count <= MAX_KEY_FRAMES, `${frames}`));
}

async function enlarges(gateway, watcher, world) {
  const { page } = watcher;
  await comeTo(watcher, KEYS);
  assertOnlyKeyFrames(await framesOver(watcher, COUNT_S));
  await page.screenshot({ path: join(world.folder, 'wall.png') });

  await page.click('.tile >> nth=4');
  await comeTo(watcher, atFullRate(4));
  assertOnlyKeyFrames(await framesOver(watcher, COUNT_S), 4);
  await eventually(async () => await sentFrames(gateway, 'wall5') === 'all',
    'the server sends all frames');
  await page.screenshot({ path: join(world.folder, 'wall-large.png') });
  await page.click('#sound');
  assert.deepEqual((await tiles(watcher)).map(({ isMuted }) => isMuted),
    KEYS.map((_, i) => i !== 4));
  await eventually(async () => await page.evaluate(() => window.peers.some(
    (peer) => peer.getReceivers()[0].jitterBufferTarget > 0)),
  'the large picture waits for its sound');
  await eventually(async () => (await gateway.viewers('wall5'))[0].sound,
    'the server knows that the sound is on');

  // The keyboard alone: back, on to the next, and back again.
  await page.keyboard.press('Escape');
  await comeTo(watcher, KEYS);
  assert.ok((await tiles(watcher)).every(({ isMuted }) => isMuted));
  await page.focus('.tile >> nth=4');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await comeTo(watcher, atFullRate(5));
  await page.keyboard.press('Enter');
  await comeTo(watcher, KEYS);
}

// In a narrow window most tiles are below what is visible.
async function savesSessions(gateway, watcher, names) {
  const nWatched = async () => (await Promise.all(names.map((name) =>
    gateway.viewers(name)))).filter((viewers) => viewers.length > 0).length;
  assert.equal(await nWatched(), N_STREAMS);
  await watcher.page.setViewportSize(NARROW);
  await eventually(async () => await nWatched() < N_STREAMS / 2,
    'sessions of tiles out of sight end');
  await watcher.page.setViewportSize(VIEWPORT);
  await comeTo(watcher, KEYS);
}

async function showsManyAtOnce(world) {
  const { gateway } = world;
  const names = KEYS.map((_, i) => `wall${i + 1}`);
  const query = names.map((name) => `live/${name}`).join(',');
  await watching(world, `${gateway.url}/wall?streams=${query}`,
    async (watcher) => {
      await watcher.page.waitForSelector('#empty:not([hidden])');
      await publishing(crowd(world, gateway, names), async () => {
        await enlarges(gateway, watcher, world);
        await savesSessions(gateway, watcher, names);
      });
      await eventually(async () => (await tiles(watcher)).length === 0,
        'the tiles of streams that have ended disappear');
      await watcher.page.waitForSelector('#empty:not([hidden])');
      assert.deepEqual(watcher.errors, []);
    }, undefined, { viewport: VIEWPORT });
}

export const wallCases = [
  ['the wall shows nine streams by their key frames, and one of them large',
    showsManyAtOnce],
];
