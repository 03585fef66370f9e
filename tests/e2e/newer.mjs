// SPDX-License-Identifier: LGPL-2.1-or-later
// What only newer versions of ffmpeg and OBS can publish than Debian 12 has: a
// case runs where those that are installed are able to.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { codecPlayed } from './inpage.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const WATCH_S = 10;
// A busy machine may be late for one look, but not for each of so many; a fault
// of the stream is in all of them.
const LOOKS = 3;
const TONE_HZ = 440;
const TRIAL_LIMIT_MS = 60000;
// SVT-AV1 logs its settings otherwise.
const QUIET = { ...process.env, SVT_LOG: '1' };

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast',
  '-tune', 'zerolatency'];
const AAC = ['-c:a', 'aac'];

// Both encoders of AV1 put frames that are not shown between the others, unless
// they are asked not to.
const SVT_AV1 = ['-c:v', 'libsvtav1', '-preset', '12'];
const LIBAOM = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-row-mt', '1',
  '-lag-in-frames', '19'];
// An access unit delimiter before each picture, as encoders of hardware do.
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast',
  '-tune', 'zerolatency', '-x265-params', 'aud=1:log-level=error'];

function output(encoders, url) {
  return ['-g', '60', '-b:v', '400k', '-pix_fmt', 'yuv420p', '-ac', '2',
    ...encoders, '-f', 'flv', url];
}

function input(filters) {
  return filters.flatMap((filter) => ['-re', '-f', 'lavfi', '-i', filter]);
}

// Why ffmpeg can't, or nothing: its FLV muxer has no list of what it takes.
function whyNotByFfmpeg(encoders) {
  const { error, status, stderr } = spawnSync('ffmpeg', ['-v', 'error',
    '-nostdin', '-y', ...input(['color=s=64x64:d=0.1', 'sine=d=0.1']),
    ...output(encoders, '/dev/null')],
  { encoding: 'utf8', timeout: TRIAL_LIMIT_MS, env: QUIET });
  if (!error && status === 0) {
    return '';
  }
  return (stderr || String(error)).trim().split('\n')[0];
}

// OBS tells only in its log which encoders it has, once it runs.
const OBS_WITH_AV1 = [29, 1];

function whyNotByObs() {
  const { error, stdout } = spawnSync('obs', ['--version'],
    { encoding: 'utf8', timeout: TRIAL_LIMIT_MS });
  const found = /OBS Studio - (\d+)\.(\d+)/.exec(stdout);
  if (!found) {
    return `no OBS: ${error || stdout}`;
  }
  const [major, minor] = found.slice(1).map(Number);
  return major > OBS_WITH_AV1[0]
    || (major === OBS_WITH_AV1[0] && minor >= OBS_WITH_AV1[1])
    ? '' : `OBS is ${major}.${minor}, not ${OBS_WITH_AV1.join('.')} or later`;
}

function byFfmpeg({ gateway, publishers }, name, encoders) {
  const args = ['-v', 'error', '-nostdin',
    ...input(['color=c=green:s=320x180:r=30,noise=alls=16:allf=t',
      `sine=frequency=${TONE_HZ}:r=48000`]),
    ...output(encoders, gateway.rtmpUrl(name))];
  return { process: publishers.start(name, 'ffmpeg', args, QUIET),
    tone: TONE_HZ };
}

// The browser never has to ask for a key frame.
async function playsUnbroken(watcher) {
  const looks = [];
  while (looks.length < LOOKS) {
    looks.push(await watcher.decodedOver(WATCH_S));
    if (looks.at(-1).plis === 0) {
      return looks.at(-1);
    }
  }
  throw new Error(`broken each time: ${JSON.stringify(looks)}`);
}

async function plays(world, name, publisher, codec) {
  const { gateway } = world;
  await publishing(publisher, async () => {
    await gateway.hasStream(name);
    await watching(world, gateway.watchUrl(name), async (watcher) => {
      await watcher.showsPicture();
      const counts = await playsUnbroken(watcher);
      world.note(`${name}: ${JSON.stringify(counts)}`);
      assert.equal(await watcher.page.evaluate(codecPlayed), codec);
      await watcher.hears(publisher.tone);
    });
    // Each key frame is known as one.
    await eventually(async () => (await gateway.stream(name)).video.gop_ms,
      'the GOP is known');
  });
  await gateway.hasNoStream(name);
}

function ffmpegCase(claim, name, encoders, codec) {
  return [claim, () => whyNotByFfmpeg(encoders),
    (world) => plays(world, name, byFfmpeg(world, name, encoders), codec)];
}

const CASES = [
  ffmpegCase('AV1 by ffmpeg and SVT plays unbroken', 'newer-svt',
    [...SVT_AV1, ...AAC], 'video/AV1'),
  ffmpegCase('AV1 by ffmpeg and libaom, with lag, plays unbroken', 'newer-aom',
    [...LIBAOM, ...AAC], 'video/AV1'),
  ffmpegCase('HEVC by ffmpeg, with delimiters, plays unbroken as H.264',
    'newer-hevc', [...HEVC, ...AAC], 'video/H264'),
  ffmpegCase('FLAC by ffmpeg is heard', 'newer-flac',
    [...H264, '-c:a', 'flac'], 'video/H264'),
  ['AV1 by OBS and SVT plays unbroken', whyNotByObs,
    (world) => plays(world, 'newer-obs', world.publishers.obs(world.gateway,
      'newer-obs', { settings: 'av1' }), 'video/AV1')],
];

// Those that can be run here; of the others it is noted why not.
export function newerCases(note) {
  return CASES.flatMap(([claim, whyNot, run]) => {
    const reason = whyNot();
    if (reason) {
      note(`not run: ${claim}: ${reason}`);
      return [];
    }
    return [[claim, run]];
  });
}
