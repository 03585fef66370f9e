// SPDX-License-Identifier: LGPL-2.1-or-later
// Recordings: what is left of them when the gateway is killed, and when the
// disk is full.
//
//     RECORD_KILLS=20 tests/e2e/run.mjs killed
//
// kills twenty gateways, which takes too long for every run.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync,
  statSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { numbersFrom } from '../support/relay.mjs';
import { ffprobe, packets } from './ffprobe.mjs';
import { Process, eventually } from './process.mjs';
import { COUNTS, Publishers, nPublished, publishing }
  from './publishers.mjs';
import { watching } from './watcher.mjs';

const SEED = 16;
const FPS = 30;
// Times are in milliseconds.
const MAX_STEP_S = 1.5 / FPS;
const N_KILLS = Number(process.env.RECORD_KILLS ?? 3);
// How many of them a browser plays to the end.
const N_IN_BROWSER = N_KILLS > 3 ? N_KILLS : 1;
const MAX_S = 4;
// B-frames, and a key frame each second.
const H264 = ['-preset', 'ultrafast', '-tune', 'film', '-bf', '2', '-g', '30',
  ...COUNTS];
// What may be missing at the end.
const MAX_MISSING_S = 1;
const PLAYBACK_RATE = 4;
const AAC_FRAME_S = 1024 / 48000;
const DISK_BYTES = 1024 * 1024;
// Gives the gateway a small disk that nobody else sees.
const ON_DISK = ['unshare', '--mount', 'sh', '-c',
  `mount -t tmpfs -o size=${DISK_BYTES} none "$0" && exec "$@"`];

async function withRecording(world, location, run, wrapper = []) {
  const gateway = await world.startGateway({ name: 'recordings', wrapper,
    options: [`--record=${location}`] });
  try {
    await run(gateway);
  } finally {
    await gateway.stop();
  }
}

// Two publish until the gateway is killed, @seconds after both have a file: a
// file that is there plays, however new it is. Returns how much of each was
// sent, in seconds.
async function isKilled(world, folder, seconds) {
  const sent = [];
  await withRecording(world, join(folder, '%k.mp4'), async (gateway) => {
    // The counts of each are in a log of its own.
    const others = new Publishers({ ...world, folder });
    const first = world.publishers.ffmpeg(gateway, 'first', { h264: H264 });
    const second = others.ffmpeg(gateway, 'second', { h264: H264 });
    await publishing(first, () => publishing(second, async () => {
      await eventually(() => ['first', 'second'].every((name) =>
        existsSync(join(folder, `${name}.mp4`))), 'both are recorded');
      await pause(1000 * seconds);
      sent.push(nPublished(first) / FPS, nPublished(second) / FPS);
      await gateway.process.die();
    }));
  });
  return sent;
}

function assertDecodes(path) {
  const { stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path,
    '-f', 'null', '-'], { encoding: 'utf8' });
  // A fragment that was being written is not an error of those before it.
  assert.doesNotMatch(stderr, /Invalid NAL|error while decoding|corrupt/i);
}

function streamsOf(path) {
  const { streams, format } = JSON.parse(ffprobe(path, ['-count_packets',
    '-show_streams', '-show_format', '-of', 'json']));
  return { startS: Number(format.start_time),
    video: streams.find(({ codec_type: type }) => type === 'video'),
    audio: streams.find(({ codec_type: type }) => type === 'audio') };
}

// Runs in the page: plays the file to its end. Resolves to where that was.
async function playToEnd({ url, rate }) {
  const video = document.createElement('video');
  video.muted = true;
  video.playbackRate = rate;
  video.src = url;
  await new Promise((resolve, reject) => {
    video.onended = resolve;
    video.onerror = () => reject(new Error(video.error.message));
    video.play().catch(reject);
  });
  return { end: video.currentTime, width: video.videoWidth,
    frames: video.getVideoPlaybackQuality().totalVideoFrames };
}

async function playsInBrowser(world, path) {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', request.url === '/' ? 'text/html'
      : 'video/mp4');
    if (request.url === '/') {
      response.end('<!doctype html>');
      return;
    }
    response.setHeader('Content-Length', statSync(path).size);
    createReadStream(path).pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const page = await world.browser.newPage();
  try {
    await page.goto(`${url}/`);
    return await page.evaluate(playToEnd,
      { url: `${url}/file.mp4`, rate: PLAYBACK_RATE });
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}

// ffprobe says nothing of a track whose first packet is not there yet.
const packetsOf = (stream) => Number(stream.nb_read_packets ?? 0);

// It has B-frames and AAC, and all of both up to the last second.
function assertPlays(world, path, sentS) {
  const { startS, video, audio } = streamsOf(path);
  const missingS = sentS - packetsOf(video) / FPS;
  const silentS = sentS - packetsOf(audio) * AAC_FRAME_S;
  assertDecodes(path);
  assert(packets({ path })[0].isKey);
  assert(video.codec_name === 'h264' && video.has_b_frames > 0);
  assert.equal(audio.codec_name, 'aac');
  world.note(`${path}: ${packetsOf(video)} frames, `
    + `${missingS.toFixed(2)} s missing of ${sentS.toFixed(2)} s, `
    + `${silentS.toFixed(2)} s of the audio; starts at ${startS} s`);
  assert(missingS < MAX_MISSING_S, `${missingS} s are missing`);
  assert(silentS < MAX_MISSING_S, `${silentS} s of the audio are missing`);
  assert(startS >= 0 && startS < 0.2, `starts at ${startS} s`);
}

async function killedRecordingsPlay(world) {
  const next = numbersFrom(SEED);
  for (let i = 0; i < N_KILLS; i += 1) {
    // A second attempt has files of its own.
    const folder = mkdtempSync(join(world.folder,
      `killed-${i}-of-seed-${SEED}-`));
    const [first, second] = await isKilled(world, folder,
      next() * MAX_S);
    assertPlays(world, join(folder, 'first.mp4'), first);
    assertPlays(world, join(folder, 'second.mp4'), second);
    if (i < N_IN_BROWSER) {
      const seen = await playsInBrowser(world, join(folder, 'first.mp4'));
      world.note(`Chromium: ${JSON.stringify(seen)}`);
      assert(seen.end > first - MAX_MISSING_S && seen.width === 640,
        `Chromium ends at ${seen.end} s of ${first} s`);
    }
  }
}

// Reads the stream over HTTP while @run does what it does, and misses nothing.
async function readingEveryFrame(world, gateway, name, run) {
  const path = join(world.folder, `${name}-by-http.mkv`);
  const reader = new Process('ffmpeg', ['-v', 'error', '-nostdin', '-i',
    gateway.mp4Url(name), '-map', '0:v', '-c', 'copy', path],
  { log: join(world.folder, 'reader.log') });
  try {
    await run();
  } finally {
    await reader.stop();
  }
  const times = packets({ path }).map(({ time }) => time);
  const steps = times.slice(1).map((time, i) => time - times[i]);
  world.note(`read over HTTP: ${times.length} frames, the longest step `
    + `${Math.max(...steps).toFixed(3)} s`);
  assert(times.length > FPS && Math.max(...steps) < MAX_STEP_S, 'a frame lost');
}

async function fullDiskCostsOnlyTheRecording(world) {
  const disk = join(world.folder, 'disk');
  mkdirSync(disk, { recursive: true });
  await withRecording(world, join(disk, '%k.mp4'), async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam', { h264: [
      '-preset', 'ultrafast', '-bf', '0', '-g', '30', ...COUNTS] });
    await publishing(publisher, async () => {
      await gateway.hasStream('cam');
      await readingEveryFrame(world, gateway, 'cam', () =>
        watching(world, gateway.watchUrl('cam'), async (watcher) => {
          await watcher.showsPicture();
          await eventually(() => /is not recorded: No space left on device/
            .test(gateway.process.output), 'the disk is full');
          world.note(JSON.stringify(await watcher.playsSmoothly(3)));
        }));
    });
    const seen = join('/proc', `${gateway.process.child.pid}`, 'root', disk);
    const path = join(seen, 'cam.mp4');
    assertDecodes(path);
    assert(packets({ path }).length > FPS);
    assert.equal(readdirSync(seen).length, 1, 'no other file is left');
  }, [...ON_DISK, disk]);
  assert.equal(readdirSync(disk).length, 0, 'only the gateway has that disk');
}

export const recordingCases = [
  ['recordings of gateways that are killed play up to the last second',
    killedRecordingsPlay],
  ['a full disk costs the recording and no viewer a frame',
    fullDiskCostsOnlyTheRecording],
];
