// SPDX-License-Identifier: LGPL-2.1-or-later
// The picture waits for the sound while that is on, and for nothing while it is
// muted, in one session. How far apart both come out is measured by
// tests/bench/lipsync.mjs.

import assert from 'node:assert/strict';
import { withFirefox } from './browsers.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// Of the stream's own clock.
const WATCH_S = 3;
// Two seconds' worth.
const N_SHOWN = 60;

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

// Runs in the page: counts the frames that are shown.
function countFrames() {
  const video = document.querySelector('video');
  window.nShown = 0;
  const count = () => {
    window.nShown += 1;
    video.requestVideoFrameCallback(count);
  };
  video.requestVideoFrameCallback(count);
}

// What it decodes is not what it shows.
async function movesInFirefox(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'lipsync-firefox'), async () => {
    await gateway.hasStream('lipsync-firefox');
    await withFirefox(world, async (browser, address) => {
      const watcher = { page: browser };
      const moves = async (when) => {
        const n = await browser.evaluate(() => window.nShown);
        await eventually(async () => await browser.evaluate(() =>
          window.nShown) >= n + N_SHOWN, `the picture moves ${when}`);
      };
      await browser.goto(
        `http://${address}:${gateway.httpPort}/watch/live/lipsync-firefox`);
      await browser.evaluate(countFrames);
      await moves('at first');
      for (let nSessions = 1; nSessions <= 2; nSessions += 1) {
        await mute(watcher, false);
        await moves('with the sound on');
        await mute(watcher, true);
        await eventually(async () => await browser.evaluate(() =>
          window.peers.length) === nSessions + 1, 'another session begins');
        await eventually(async () => await browser.evaluate(() =>
          window.peers.filter((peer) => peer.connectionState === 'connected')
            .length) === 1, 'the former one has ended');
        await moves('muted again');
      }
    });
  });
}

export const lipSyncCases = [
  ['the picture waits for the sound while that is on, in one session',
    followsTheSound],
  ['?sync lets the picture wait from the beginning, ?fast never', isForced],
  ['in Firefox the picture moves on when the sound is turned off',
    movesInFirefox],
];
