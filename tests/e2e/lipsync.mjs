// SPDX-License-Identifier: LGPL-2.1-or-later
// The picture waits for the sound while that is on, and for nothing while it is
// muted, in one session. How far apart both come out is measured by
// tests/bench/lipsync.mjs.

import assert from 'node:assert/strict';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// Of the stream's own clock.
const WATCH_S = 3;

const mute = (watcher, isMuted) => watcher.page.evaluate((muted) => {
  document.querySelector('video').muted = muted;
}, isMuted);

// In ms; null: the browser's own choice.
const target = (watcher) => watcher.page.evaluate(() =>
  window.peers[window.peers.length - 1].getReceivers()
    .find(({ track }) => track.kind === 'video').jitterBufferTarget);

const playedS = (watcher) => watcher.page.evaluate(() =>
  document.querySelector('video').currentTime);

// The controls that the page sends from now on, with the server's replies.
function controlsOf(watcher) {
  const controls = [];
  watcher.page.on('response', (response) => {
    const request = response.request();
    if (request.method() === 'PATCH') {
      controls.push([JSON.parse(request.postData()), response.status()]);
    }
  });
  return controls;
}

async function followsTheSound(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'lipsync'), async () => {
    await gateway.hasStream('lipsync');
    await watching(world, gateway.watchUrl('lipsync'), async (watcher) => {
      const controls = controlsOf(watcher);
      await watcher.showsPicture();
      assert.equal(await target(watcher), 0);
      await mute(watcher, false);
      await eventually(async () => await target(watcher) > 0,
        'the picture is to wait');
      world.note(`in step: ${JSON.stringify(
        await watcher.playsSmoothly(WATCH_S))}`);
      await mute(watcher, true);
      await eventually(async () => await target(watcher) === 0,
        'the picture is to be instant');
      world.note(`instant: ${JSON.stringify(
        await watcher.playsSmoothly(WATCH_S))}`);
      await eventually(() => controls.length === 2, 'both are answered');
      assert.deepEqual(controls,
        [[{ sound: true }, 204], [{ sound: false }, 204]]);
      assert.equal(await watcher.page.evaluate(() => window.peers.length), 1);
    });
  });
}

async function isForced(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'forced'), async () => {
    await gateway.hasStream('forced');
    const url = gateway.watchUrl('forced');
    await watching(world, `${url}?sync`, async (watcher) => {
      const controls = controlsOf(watcher);
      await eventually(async () => await target(watcher) > 0,
        'the picture is to wait');
      assert.deepEqual(controls, []);
    });
    await watching(world, `${url}?fast`, async (watcher) => {
      const controls = controlsOf(watcher);
      await watcher.showsPicture();
      await mute(watcher, false);
      const startS = await playedS(watcher);
      await eventually(async () => await playedS(watcher) > startS + WATCH_S,
        'the picture goes on');
      assert.equal(await target(watcher), 0);
      assert.deepEqual(controls, []);
    });
  });
}

export const lipSyncCases = [
  ['the picture waits for the sound while that is on, in one session',
    followsTheSound],
  ['?sync lets the picture wait from the beginning, ?fast never', isForced],
];
