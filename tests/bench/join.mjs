#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// How long a viewer waits for the picture: from the click to the first frame
// that Chromium shows, and until the picture is within 100 ms of what an
// earlier viewer shows in the same page. The time is read from the picture.
// Prints a line of JSON.
//
//     tests/bench/join.mjs [--build DIR] [--joins 20] [--gop-seconds 10]
//       [--network 5,1,20]
//
// --network: see network.mjs.

import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { NETWORK_OPTIONS } from './network.mjs';
import { quantile, root, round, Stage } from './strip.mjs';

// Before the first join, the key frame becomes as old as it can get.
const SETTLE_MS = 3000;
// Joins fall anywhere into a GOP; seeded, so that runs are comparable.
const SEED = 20261125;

// mulberry32
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Runs in the page: the earlier viewer.
async function settleDown(path) {
  const { video } = await window.joinStream(path);
  window.newestDrawn = NaN;
  const onFrame = () => {
    const drawn = window.drawnAt(video);
    if (Number.isFinite(drawn)) {
      window.newestDrawn = drawn;
    }
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

// Runs in the page: one join, from the click on.
async function joinOnce(path) {
  const liveMs = 100;
  const liveFrames = 5;
  const clicked = performance.now();
  const joining = window.joinStream(path);
  const { video, posted, answered, leave } = await joining;
  const result = { posted_ms: posted - clicked,
    answer_ms: answered - posted };
  await new Promise((done) => {
    let liveSince;
    let nLive = 0;
    const onFrame = () => {
      const shown = performance.now();
      const drawn = window.drawnAt(video);
      if (result.first_ms === undefined) {
        result.first_ms = shown - clicked;
        result.key_age_ms = shown - drawn;
      }
      if (window.newestDrawn - drawn > liveMs || Number.isNaN(drawn)) {
        nLive = 0;
      } else {
        nLive += 1;
        liveSince = nLive === 1 ? shown : liveSince;
      }
      if (nLive === liveFrames) {
        result.live_ms = liveSince - clicked;
        done();
      } else {
        video.requestVideoFrameCallback(onFrame);
      }
    };
    video.requestVideoFrameCallback(onFrame);
  });
  await leave();
  return result;
}

async function main() {
  const { values } = parseArgs({
    options: {
      ...NETWORK_OPTIONS,
      build: { type: 'string', default: join(root, '_build') },
      joins: { type: 'string', default: '20' },
      'gop-seconds': { type: 'string', default: '10' },
    },
  });
  const gopSeconds = Number(values['gop-seconds']);
  const stage = await Stage.open({ build: resolve(values.build),
    name: 'join', gopSeconds, network: values.network });
  await stage.page.evaluate(settleDown, stage.whepPath);
  await pause(SETTLE_MS);

  const next = random(SEED);
  const all = [];
  while (all.length < Number(values.joins)) {
    await pause(next() * gopSeconds * 1000 / 2);
    const one = await stage.page.evaluate(joinOnce, stage.whepPath);
    all.push(Object.fromEntries(Object.entries(one)
      .map(([key, ms]) => [key, round(ms)])));
  }
  await stage.close();

  const of = (key, share) => quantile(all.map((r) => r[key]), share);
  console.log(JSON.stringify({
    bench: 'join',
    network: values.network,
    joins: all.length,
    gop_s: gopSeconds,
    answer_p50_ms: of('answer_ms', 0.5),
    first_p50_ms: of('first_ms', 0.5),
    first_p95_ms: of('first_ms', 0.95),
    first_max_ms: of('first_ms', 1),
    live_p50_ms: of('live_ms', 0.5),
    live_max_ms: of('live_ms', 1),
    all,
  }));
}

await main();
