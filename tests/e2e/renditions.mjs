// SPDX-License-Identifier: LGPL-2.1-or-later
// Codecs that some viewers cannot play: these get H.264, all others the codec
// itself.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { codecPlayed } from './inpage.mjs';
import { eventually, Process } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// On the stream's own clock.
const WATCH_S = 5;
const FRAMES_PER_S = 30;
const N_PEERS = 3; // that offer H.264 alone

const HEVC = 'x265enc tune=zerolatency speed-preset=ultrafast key-int-max=30 '
  + 'bitrate=1000 ! h265parse ! video/x-h265,stream-format=hvc1,alignment=au';
const AV1 = 'av1enc usage-profile=realtime cpu-used=10 lag-in-frames=0 '
  + 'keyframe-max-dist=30 ! av1parse ! '
  + 'video/x-av1,stream-format=obu-stream,alignment=tu';

async function plays(world, watcher, name, codec) {
  await watcher.showsPicture();
  const counts = await (codec === 'video/H264'
    ? watcher.playsWhatIsEncoded(WATCH_S) : watcher.playsSmoothly(WATCH_S));
  world.note(`${name}, ${codec}: ${JSON.stringify(counts)}`);
  assert.equal(await watcher.page.evaluate(codecPlayed), codec);
}

async function hevcPlaysAsH264(world) {
  const { gateway, publishers } = world;
  const name = 'hevc';
  await publishing(publishers.enhanced(gateway, name, HEVC),
    async (publisher) => {
      await gateway.hasStream(name);
      const { codec, rendition } = (await gateway.stream(name)).video;
      assert.deepEqual({ codec, rendition },
        { codec: 'H265', rendition: 'H264' });
      await watching(world, gateway.watchUrl(name), async (watcher) => {
        await plays(world, watcher, name, 'video/H264');
        await watcher.hears(publisher.tone);
        await watcher.sees(publisher.picture,
          join(world.folder, 'hevc.png'));
      });
    });
}

async function bothPlay(world) {
  const { gateway, publishers } = world;
  const name = 'both';
  await publishing(publishers.enhanced(gateway, name, AV1), async () => {
    await gateway.hasStream(name);
    await watching(world, gateway.watchUrl(name), async (watcher) => {
      await watcher.showsPicture();
      const peers = new Process(join(world.build, 'tests', 'bench',
        'audience'), [`${gateway.url}/whep/live/${name}`, `${N_PEERS}`],
      { log: join(world.folder, 'audience-both.log') });
      try {
        await plays(world, watcher, name, 'video/AV1');
        await eventually(() => {
          const told = peers.output.split('\n').at(-2);
          return told && JSON.parse(told).every(({ frames, keys }) =>
            keys > 0 && frames >= WATCH_S * FRAMES_PER_S / 2);
        }, 'the peers receive H.264');
      } finally {
        await peers.stop();
      }
      // And it continues when they have left.
      await plays(world, watcher, name, 'video/AV1');
    });
  });
}

export const renditionCases = [
  ['HEVC plays as H.264 in a browser that lacks it', hevcPlaysAsH264],
  ['AV1 reaches browsers that play it, while others get H.264', bothPlay],
];
