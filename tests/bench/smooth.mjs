#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// A large picture with heavy key frames, in Chromium: which frames are shown,
// and the gaps between them, also at key frames. The film is encoded
// beforehand, and repeated. Prints a line of JSON.
//
//     tests/bench/smooth.mjs [--build DIR] [--seconds 300]
//         [--size 1920x1080] [--rate 60] [--kbps 12000]

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Gateway } from '../e2e/gateway.mjs';
import { Process } from '../e2e/process.mjs';
import { startBrowser } from '../e2e/watcher.mjs';
import { quantile, root, round } from './strip.mjs';

const FILM_S = 10;
const GOP_S = 2;
// What follows the first frames, which catch up.
const SETTLE_MS = 5000;

// Grain that stands still fills the key frames; the motion is testsrc2's.
function encode(film, { size, rate, kbps }) {
  if (existsSync(film)) {
    return;
  }
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i',
    `testsrc2=s=${size}:r=${rate},noise=alls=30`, '-f', 'lavfi', '-i',
    'sine=440', '-t', String(FILM_S), '-c:v', 'libx264', '-preset', 'veryfast',
    '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', String(rate * GOP_S),
    '-sc_threshold', '0', '-b:v', `${kbps}k`, '-maxrate', `${kbps}k`,
    '-bufsize', `${kbps / 2}k`, '-c:a', 'aac', film],
  { stdio: ['ignore', 'inherit', 'inherit'] });
}

// Of the film, in bytes.
function keyFrames(film) {
  const lines = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v',
    '-show_entries', 'packet=size,flags', '-of', 'csv=p=0', film],
  { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(','));
  return lines.filter(([, flags]) => flags.startsWith('K'))
    .map(([size]) => Number(size));
}

// Runs in the page: [RTP time in ms, when it was on the screen, frames
// presented so far] of each.
async function watch({ path, settleMs, watchMs }) {
  const { WhepSession } = await import('/whep.js');
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream();
  document.body.append(video);
  const session = new WhepSession(path, (track) => {
    video.srcObject.addTrack(track);
    video.play();
  }, () => {});
  await session.open();
  await new Promise((done) => setTimeout(done, settleMs));
  const start = performance.now();
  const frames = [];
  await new Promise((done) => {
    const onFrame = (now, { rtpTimestamp, presentationTime,
      presentedFrames }) => {
      frames.push([rtpTimestamp / 90, presentationTime, presentedFrames]);
      if (now < start + watchMs) {
        video.requestVideoFrameCallback(onFrame);
      } else {
        done();
      }
    };
    video.requestVideoFrameCallback(onFrame);
  });
  const reports = [...(await session.pc.getStats()).values()];
  const { framesDecoded, framesDropped, freezeCount, packetsLost,
    totalDecodeTime } = reports.find(({ type, kind }) =>
    type === 'inbound-rtp' && kind === 'video');
  return { frames, decoded: framesDecoded, dropped: framesDropped,
    freezes: freezeCount, lost: packetsLost,
    decode_ms: 1000 * totalDecodeTime / framesDecoded };
}

function figuresOf({ frames, ...counts }, rate) {
  const gaps = frames.slice(1).map(([, at], i) => at - frames[i][1]);
  const spanMs = frames.at(-1)[0] - frames[0][0];
  const presented = frames.at(-1)[2] - frames[0][2] + 1;
  return {
    expected: Math.round(spanMs * rate / 1000) + 1,
    presented,
    gap_ms_median: round(quantile(gaps, 0.5)),
    gap_ms_p99: round(quantile(gaps, 0.99)),
    gap_ms_max: round(Math.max(...gaps)),
    gaps_over_25ms: gaps.filter((gap) => gap > 25).length,
    ...counts,
    decode_ms: round(counts.decode_ms),
  };
}

async function main() {
  const { values } = parseArgs({ options: {
    build: { type: 'string', default: join(root, '_build') },
    seconds: { type: 'string', default: '300' },
    size: { type: 'string', default: '1920x1080' },
    rate: { type: 'string', default: '60' },
    kbps: { type: 'string', default: '12000' },
  } });
  const { size, rate, kbps } = values;
  const build = resolve(values.build);
  const folder = join(build, 'bench');
  const film = join(folder, `smooth-${size}-${rate}-${kbps}.flv`);
  mkdirSync(folder, { recursive: true });
  encode(film, { size, rate: Number(rate), kbps: Number(kbps) });
  const gateway = await Gateway.start({ root, build, folder });
  const publisher = new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re',
    '-stream_loop', '-1', '-i', film, '-c', 'copy', '-f', 'flv',
    gateway.rtmpUrl('cam')], { log: join(folder, 'ffmpeg.log') });
  await gateway.hasStream('cam');
  const browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(`${gateway.url}/`);
  const found = await page.evaluate(watch, { path: '/whep/live/cam',
    settleMs: SETTLE_MS, watchMs: 1000 * Number(values.seconds) });
  console.log(JSON.stringify({ size, rate: Number(rate), kbps: Number(kbps),
    key_frame_bytes: Math.max(...keyFrames(film)),
    ...figuresOf(found, Number(rate)) }));
  await browser.close();
  await publisher.stop();
  await gateway.stop();
}

await main();
