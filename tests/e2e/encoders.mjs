// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoders that write FLV in ways of their own: each file holds one habit, and
// is published byte for byte.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { decodedOver, soundOver } from './inpage.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// The others are of pictures alone.
const WITH_SOUND = new Set(['adts', 'shared-times']);
const FRAMES_PER_S = 30;
const MIN_DECODED = 0.95;
const MAX_FREEZE_S = 0.5;
const MAX_CONCEALED = 0.03;
const SETTLE_S = 1;
const WATCH_S = 4;
// A machine that is busy may be late for one look, but not for each of so many;
// a fault of the stream is in all of them.
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
  throw new Error(`never whole: ${JSON.stringify(looks)}`);
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

// All at once.
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

export const encoderCases = [
  ['pictures and parameter sets in several tags play',
    eachPlays(['split-slices', 'split-sets'])],
  ['start codes where lengths should be play',
    eachPlays(['annexb', 'one-len-sei', 'one-len-sets'])],
  ['start codes between slices, and lengths that look like some, play',
    eachPlays(['mixed-3byte', 'mixed-4byte', 'len-0001xx'])],
  ['streams without a usable sequence header play',
    eachPlays(['no-cfg', 'len3', 'adts'])],
  ['another size or other parameter sets in mid-stream play',
    eachPlays(['resized', 'two-sps'])],
  ['sound whose times come in steps plays whole',
    eachPlays(['shared-times'], ['--by-frames'])],
];
