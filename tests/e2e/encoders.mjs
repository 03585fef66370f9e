// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoders with unusual output: most kinds are a file each, which is published
// byte for byte.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { decodedOver, soundOver } from './inpage.mjs';
import { eventually } from './process.mjs';
import { COUNTS, nPublished, publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// The other files have video only.
const WITH_SOUND = new Set(['adts', 'shared-times', 'av1-svt']);
const FRAMES_PER_S = 30;
const MIN_DECODED = 0.95;
const MAX_FREEZE_S = 0.5;
const MAX_CONCEALED = 0.03;
const INTRA_REFRESH = ['-preset', 'ultrafast', '-intra-refresh', '1'];
// Longer than a log reaches back without a key frame, at this bit rate.
const GONE_S = 6;
// Longer than a publisher may leave a ping unanswered.
const SLOW_FRAME_S = 7;
const N_SLOW_FRAMES = 4;
const SETTLE_S = 1;
const WATCH_S = 4;
// On a busy machine, one look may come late, but not every one of so many; a
// fault of the stream shows in all of them.
const LOOKS = 5;

function isWhole({ picture, sound }) {
  return picture.decoded >= MIN_DECODED * FRAMES_PER_S * picture.seconds
    && picture.maxGapS <= MAX_FREEZE_S && picture.plis === 0
    && (!sound || (sound.energy > 0
      && sound.concealed <= MAX_CONCEALED * sound.received));
}

async function playsWhole(watcher, hasSound) {
  await watcher.showsPicture();
  await watcher.decodedOver(SETTLE_S);
  const looks = [];
  for (let i = 0; i < LOOKS; i += 1) {
    const [picture, sound] = await Promise.all([
      watcher.page.evaluate(decodedOver, WATCH_S),
      hasSound ? watcher.page.evaluate(soundOver, WATCH_S) : undefined]);
    looks.push({ picture, sound });
    if (isWhole(looks.at(-1))) {
      return looks.at(-1);
    }
  }
  throw new Error(`incomplete at every look: ${JSON.stringify(looks)}`);
}

function flvPublisher(world, name, options) {
  const { root, gateway, publishers } = world;
  return {
    process: publishers.start(name, join(root, 'tests/support/flv-publish.mjs'),
      [...options, join(root, 'tests/support/flv', `${name}.flv`),
        '127.0.0.1', String(gateway.rtmpPort), 'live', name]),
  };
}

async function published(world, name, options, look) {
  const { gateway } = world;
  await publishing(flvPublisher(world, name, options), async () => {
    await gateway.hasStream(name);
    await watching(world, gateway.watchUrl(name), look);
  });
  await gateway.hasNoStream(name);
}

// All at the same time.
function eachPlays(names, options = []) {
  return (world) => Promise.all(names.map((name) =>
    published(world, name, options, async (watcher) => {
      const { audio } = await world.gateway.stream(name);
      assert.equal(Boolean(audio), WITH_SOUND.has(name), name);
      const { picture, sound } = await playsWhole(watcher, WITH_SOUND.has(name))
        .catch((error) => {
          throw new Error(`${name}: ${error.message}`);
        });
      world.note(`${name}: ${JSON.stringify({ ...picture, ...sound })}`);
    })));
}

// The only IDR picture is long gone when the second viewer joins.
async function intraRefreshPlays(world) {
  const { gateway, publishers } = world;
  const publisher = publishers.ffmpeg(gateway, 'intra-refresh',
    { h264: INTRA_REFRESH });
  await publishing(publisher, async () => {
    await gateway.hasStream('intra-refresh');
    const url = gateway.watchUrl('intra-refresh');
    await watching(world, url, async (first) => {
      await first.showsPicture();
      await first.decodedOver(GONE_S);
      await watching(world, url, async (late) => {
        const { picture, sound } = await playsWhole(late, true);
        world.note(JSON.stringify({ ...picture, ...sound }));
      });
    });
  });
  await gateway.hasNoStream('intra-refresh');
}

// One picture every SLOW_FRAME_S seconds and nothing else: the publisher reads
// nothing in between, so RTMP pings remain unanswered.
async function slowFramesStay(world) {
  const { gateway, publishers } = world;
  const publisher = { process: publishers.start('slow-frames', 'ffmpeg',
    ['-v', 'error', '-nostdin', ...COUNTS,
      '-re', '-f', 'lavfi', '-i', `color=c=green:s=320x180:r=1/${SLOW_FRAME_S}`,
      '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency',
      '-g', '1', '-f', 'flv', gateway.rtmpUrl('slow-frames')]) };
  await publishing(publisher, async () => {
    const { since } = await gateway.hasStream('slow-frames');
    await eventually(() => nPublished(publisher) >= N_SLOW_FRAMES,
      'frames have been published', 2 * N_SLOW_FRAMES * SLOW_FRAME_S * 1000);
    assert.equal((await gateway.stream('slow-frames'))?.since, since);
    await watching(world, gateway.watchUrl('slow-frames'),
      (watcher) => watcher.showsPicture());
    assert.ok(publisher.process.isRunning, publisher.process.output);
  });
  await gateway.hasNoStream('slow-frames');
}

export const encoderCases = [
  ['pictures and parameter sets in several tags play',
    eachPlays(['split-slices', 'split-sets'])],
  ['start codes in place of lengths play',
    eachPlays(['annexb', 'one-len-sei', 'one-len-sets'])],
  ['start codes between slices, and lengths that look like them, play',
    eachPlays(['mixed-3byte', 'mixed-4byte', 'len-0001xx'])],
  ['streams without a usable sequence header play',
    eachPlays(['no-cfg', 'len3', 'adts'])],
  ['AV1 with hidden frames plays', eachPlays(['av1-svt'])],
  ['a new size or new parameter sets in mid-stream play',
    eachPlays(['resized', 'two-sps'])],
  ['sound with coarse timestamps plays without gaps',
    eachPlays(['shared-times'], ['--by-frames'])],
  ['an intra-refresh stream plays for a viewer that joins late',
    intraRefreshPlays],
  ['a publisher that sends a frame every 7 s is not disconnected',
    slowFramesStay],
];
