// SPDX-License-Identifier: LGPL-2.1-or-later
// B-frames that a page reorders by itself, and those that another cannot.

import assert from 'node:assert/strict';
import { haveNoWebCodecs } from './inpage.mjs';
import { eventually } from './process.mjs';
import { comesTo } from './page.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// As in OBS's default.
export const B_FRAMES = ['-preset', 'veryfast', '-tune', 'film', '-bf', '3',
  '-x264-params', 'b-pyramid=normal:b-adapt=0:scenecut=0', '-profile:v',
  'high'];
const N_FRAMES = 150;
const MIN_SHOWN = 0.99;
// By a page that gets the transcode.
const N_DECODED = 30;

// Runs in a page before its scripts: keeps the times of the frames that its
// worker gives to the track, in the order in which it does, and what the worker
// counts.
export function keepShown() {
  window.counts = null;
  const Native = window.Worker;
  window.Worker = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        window.counts = data.counts || window.counts;
      });
    }
  };
  const Generator = window.MediaStreamTrackGenerator;
  window.shown = [];
  window.MediaStreamTrackGenerator = class extends Generator {
    get writable() {
      const writer = super.writable.getWriter();
      return new WritableStream({ write(frame) {
        window.shown.push(frame.timestamp);
        return writer.write(frame);
      } });
    }
  };
}

const bFramesOf = async (gateway, name) =>
  (await gateway.stream(name))?.video?.b_frames;

const decodedBy = ({ page }) => page.evaluate(async () => {
  const reports = [...(await window.peers.at(-1).getStats()).values()];
  return reports.find(({ type, kind }) => type === 'inbound-rtp'
    && kind === 'video')?.framesDecoded ?? 0;
});

// From one key frame on, by the stream's own clock: how many are missing.
const missingOf = (shown) => {
  const stepUs = 1e6 / 30;
  const span = Math.round((shown.at(-1) - shown[0]) / stepUs);
  return span + 1 - shown.length;
};

async function isReordered(page) {
  await page.evaluate(() => { window.shown.length = 0; });
  await eventually(() => page.evaluate((n) => window.shown.length >= n,
    N_FRAMES), 'frames are shown');
  const shown = await page.evaluate(() => window.shown);
  assert.ok(shown.every((time, i) => i === 0 || time > shown[i - 1]),
    'each frame is later than the one before');
  const missing = missingOf(shown);
  assert.ok(missing <= (1 - MIN_SHOWN) * shown.length,
    `${missing} of ${shown.length} frames are missing`);
  const { taken, decoded } = await page.evaluate(() => window.counts);
  assert.ok(decoded >= taken - 8, `${decoded} of ${taken} are decoded`);
}

async function areReordered(world) {
  const { gateway, publishers } = world;
  const name = 'reordered';
  const publisher = publishers.ffmpeg(gateway, name, { h264: B_FRAMES });
  await publishing(publisher, async () => {
    await eventually(() => bFramesOf(gateway, name),
      'B-frames are announced');
    await watching(world, gateway.watchUrl(name), async ({ page }) => {
      await comesTo({ page }, 'playing');
      await isReordered(page);
      const [viewer] = await gateway.viewers(name);
      assert.equal(viewer.key_frame_requests, 0);
      assert.equal(viewer.jumps, 0);
      await eventually(async () => await bFramesOf(gateway, name) === 'drop',
        'nothing is transcoded');
      await watching(world, gateway.watchUrl(name), async (other) => {
        await comesTo(other, 'playing');
        await eventually(async () =>
          await bFramesOf(gateway, name) === 'transcode',
        'the stream is transcoded');
        await eventually(async () => await decodedBy(other) > N_DECODED,
          'the transcode is decoded');
      }, haveNoWebCodecs);
      await isReordered(page);
    }, keepShown);
  });
}

export const bFrameCases = [
  ['B-frames are reordered by a page that can, and transcoded for another',
    areReordered],
];
