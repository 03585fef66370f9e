#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// The page's way over HTTP, in Chromium by MediaSource: from the click to the
// first frame that is shown, then glass to glass and stalls. The time is read
// from the picture. Prints a line of JSON.
//
//     tests/bench/mse.mjs [--build DIR] [--joins 20] [--gop-seconds 10]
//       [--seconds 60] [--b-frames 0]
//
// B-frames take their time at the publisher, which is in publisher_p50_ms, and
// then in the browser, which shows a frame once those before it have come.

import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile, root, round, Stage } from './strip.mjs';

// The key frame becomes old, and the player finds its distance.
const SETTLE_MS = 8000;
// Joins are spread over a GOP, in steps that do not divide it.
const STEP_MS = 1370;

// Runs in the page, before all others.
async function prepare(path) {
  const { MediaSourceSession } = await import('/mediasource.js');
  window.joinOverHttp = async () => {
    const video = document.createElement('video');
    video.muted = true;
    document.body.append(video);
    const session = new MediaSourceSession(path, video, () => {});
    await session.open();
    return { video, session, leave: () => {
      session.close();
      video.remove();
    } };
  };
}

// Runs in the page: one join, from the click on.
async function joinOnce() {
  const clicked = performance.now();
  const { video, leave } = await window.joinOverHttp();
  await new Promise((done) => video.requestVideoFrameCallback(done));
  const firstMs = performance.now() - clicked;
  leave();
  return firstMs;
}

// Runs in the page.
async function watch({ settleMs, watchMs }) {
  const { video, session, leave } = await window.joinOverHttp();
  const start = performance.now();
  const now = () => performance.now() - start;
  const frames = [];
  const behind = [];
  let nStalls = 0;
  let nJumps = 0;
  const isMeasured = () => now() > settleMs;
  video.addEventListener('waiting', () => {
    nStalls += isMeasured() && !video.seeking ? 1 : 0;
  });
  video.addEventListener('seeking', () => {
    nJumps += isMeasured() ? 1 : 0;
  });
  await new Promise((done) => {
    const onFrame = () => {
      if (isMeasured()) {
        frames.push(performance.now() - window.drawnAt(video));
        behind.push(1000 * session.behindS());
      }
      if (now() < settleMs + watchMs) {
        video.requestVideoFrameCallback(onFrame);
      } else {
        done();
      }
    };
    video.requestVideoFrameCallback(onFrame);
  });
  leave();
  return { frames, behind, nStalls, nJumps };
}

async function main() {
  const { values } = parseArgs({
    options: {
      build: { type: 'string', default: join(root, '_build') },
      joins: { type: 'string', default: '20' },
      'gop-seconds': { type: 'string', default: '10' },
      seconds: { type: 'string', default: '60' },
      'b-frames': { type: 'string', default: '0' },
    },
  });
  const stage = await Stage.open({ build: resolve(values.build),
    name: 'mse', gopSeconds: Number(values['gop-seconds']),
    bFrames: Number(values['b-frames']) });
  await stage.page.evaluate(prepare, '/live/live/mse.mp4');
  await pause(SETTLE_MS);
  const joins = [];
  while (joins.length < Number(values.joins)) {
    joins.push(await stage.page.evaluate(joinOnce));
    await pause(STEP_MS);
  }
  const seen = await stage.page.evaluate(watch,
    { settleMs: SETTLE_MS, watchMs: 1000 * values.seconds });
  const publisher = stage.publisherTimes();
  await stage.close();

  const ages = seen.frames.filter((ms) => Number.isFinite(ms));
  const of = (all, share) => round(quantile(all, share));
  console.log(JSON.stringify({
    bench: 'mse',
    joins: joins.length,
    gop_s: Number(values['gop-seconds']),
    b_frames: Number(values['b-frames']),
    first_p50_ms: of(joins, 0.5),
    first_p95_ms: of(joins, 0.95),
    first_max_ms: of(joins, 1),
    frames: ages.length,
    unread: seen.frames.length - ages.length,
    glass_p50_ms: of(ages, 0.5),
    glass_p95_ms: of(ages, 0.95),
    glass_p99_ms: of(ages, 0.99),
    behind_p50_ms: of(seen.behind, 0.5),
    publisher_p50_ms: of(publisher, 0.5),
    stalls: seen.nStalls,
    jumps: seen.nJumps,
    seconds: Number(values.seconds),
  }));
}

await main();
