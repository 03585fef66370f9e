#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// How long a viewer waits for the first picture: from the click, and from the
// POST of its offer, to the first frame that Chromium shows. Prints a line of
// JSON for each join, then one for all.
//
//     tests/bench/join.mjs [--build DIR] [--joins 20] [--gop-seconds 10]

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Gateway } from '../e2e/gateway.mjs';
import { Process } from '../e2e/process.mjs';
import { startBrowser } from '../e2e/watcher.mjs';

const FPS = 30;
const CLIP_S = 30;
// No multiple of it is a GOP: the joins fall everywhere into one.
const BETWEEN_JOINS_MS = 1370;

function makeClip(path, gopFrames) {
  if (existsSync(path)) {
    return;
  }
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i',
    `testsrc2=size=1280x720:rate=${FPS}`, '-f', 'lavfi', '-i',
    'sine=frequency=440:sample_rate=48000', '-t', `${CLIP_S}`,
    '-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main',
    '-bf', '0', '-g', `${gopFrames}`, '-keyint_min', `${gopFrames}`,
    '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-b:v', '2500k',
    '-maxrate', '2500k', '-bufsize', '2500k', '-c:a', 'aac', '-ac', '2',
    path], { stdio: ['ignore', 'inherit', 'inherit'] });
}

// Runs in the page: one join, from the click on.
async function joinOnce(path) {
  const clicked = performance.now();
  const peer = new RTCPeerConnection();
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  document.body.append(video);
  const shown = new Promise((done) => {
    video.requestVideoFrameCallback(() => done(performance.now()));
  });
  const stream = new MediaStream();
  peer.ontrack = (event) => stream.addTrack(event.track);
  video.srcObject = stream;
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  await peer.setLocalDescription();
  const posted = performance.now();
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: peer.localDescription.sdp,
  });
  const answered = performance.now();
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  const seen = await shown;
  const session = new URL(answer.headers.get('Location'), answer.url);
  await fetch(session, { method: 'DELETE' });
  peer.close();
  video.remove();
  return {
    answer_ms: answered - posted,
    post_to_picture_ms: seen - posted,
    click_to_picture_ms: seen - clicked,
  };
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1,
    Math.floor(share * sorted.length))];
}

function summary(results, gopSeconds) {
  const of = (key, share) =>
    Math.round(percentile(results.map((r) => r[key]), share));
  return {
    bench: 'join',
    joins: results.length,
    gop_s: gopSeconds,
    answer_ms: of('answer_ms', 0.5),
    post_to_picture_ms: of('post_to_picture_ms', 0.5),
    click_to_picture_ms: of('click_to_picture_ms', 0.5),
    click_to_picture_p95_ms: of('click_to_picture_ms', 0.95),
  };
}

async function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { values } = parseArgs({
    options: {
      build: { type: 'string', default: join(root, '_build') },
      joins: { type: 'string', default: '20' },
      'gop-seconds': { type: 'string', default: '10' },
    },
  });
  const build = resolve(values.build);
  const folder = join(build, 'bench');
  mkdirSync(folder, { recursive: true });
  const gopSeconds = Number(values['gop-seconds']);
  const clip = join(folder, `join-gop-${gopSeconds}s.flv`);
  makeClip(clip, gopSeconds * FPS);

  const gateway = await Gateway.start({ root, build, folder });
  const publisher = new Process('ffmpeg', ['-v', 'error', '-re',
    '-stream_loop', '-1', '-i', clip, '-c', 'copy', '-f', 'flv',
    gateway.rtmpUrl('join')], { log: join(folder, 'join-publisher.log') });
  await gateway.hasStream('join');
  const browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(`${gateway.url}/`);

  const results = [];
  while (results.length < Number(values.joins)) {
    await pause(BETWEEN_JOINS_MS);
    results.push(await page.evaluate(joinOnce, '/whep/live/join'));
    console.log(JSON.stringify(results.at(-1)));
  }
  console.log(JSON.stringify(summary(results, gopSeconds)));

  await browser.close();
  await publisher.stop();
  await gateway.stop();
}

await main();
