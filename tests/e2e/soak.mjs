#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Two publishers with three viewers each, for ten minutes or the given time:
// the gateway's memory must stay flat after the first minute. Not part of `make
// test`.
//
//     tests/e2e/soak.mjs [--minutes 10] [--build DIR]

import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Gateway } from './gateway.mjs';
import { Publishers } from './publishers.mjs';
import { startBrowser, Watcher } from './watcher.mjs';

const N_VIEWERS = 3;
const SAMPLE_MS = 30000;
const FIRST_MINUTE_MS = 60000;
// The allocator's own fluctuation; a leak of one packet per second is more.
const MAX_GROWTH_KB = 2048;
const MAX_GROWTH_FDS = 0;
// Of the publisher's frames: 30 a second.
const MIN_FRAMES_PER_S = 25;

// Runs in the page.
async function framesReceived() {
  const reports = [...(await window.peers.at(-1).getStats()).values()];
  return reports.find((r) => r.type === 'inbound-rtp' && r.kind === 'video')
    .framesReceived;
}

async function sample(gateway, watchers, start) {
  const frames = await Promise.all(watchers.map((watcher) =>
    watcher.page.evaluate(framesReceived)));
  return {
    seconds: Math.round((Date.now() - start) / 1000),
    rssKb: gateway.process.rssKb,
    nFds: gateway.process.nFds,
    fewestFrames: Math.min(...frames),
  };
}

function judge(first, last) {
  const seconds = last.seconds - first.seconds;
  const growthKb = last.rssKb - first.rssKb;
  const growthFds = last.nFds - first.nFds;
  const rate = (last.fewestFrames - first.fewestFrames) / seconds;
  console.log(JSON.stringify({ seconds, growthKb, growthFds, rate }));
  return growthKb <= MAX_GROWTH_KB && growthFds <= MAX_GROWTH_FDS
    && rate >= MIN_FRAMES_PER_S;
}

async function watchFor(ms, gateway, watchers) {
  const start = Date.now();
  let first;
  let last;
  while (Date.now() - start < ms) {
    await pause(SAMPLE_MS);
    last = await sample(gateway, watchers, start);
    console.log(JSON.stringify(last));
    if (first === undefined && Date.now() - start >= FIRST_MINUTE_MS) {
      first = last;
    }
  }
  return judge(first, last);
}

async function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { values } = parseArgs({
    options: {
      build: { type: 'string', default: join(root, '_build') },
      minutes: { type: 'string', default: '10' },
    },
  });
  const build = resolve(values.build);
  const folder = join(build, 'tests', 'soak');
  mkdirSync(folder, { recursive: true });

  const gateway = await Gateway.start({ root, build, folder });
  const publishers = new Publishers({ root, build, folder });
  const sources = [publishers.ffmpeg(gateway, 'one'),
    publishers.rtmpsink(gateway, 'two')];
  const browser = await startBrowser();
  const watchers = [];
  for (const name of ['one', 'two']) {
    await gateway.hasStream(name);
    for (let i = 0; i < N_VIEWERS; i += 1) {
      watchers.push(await Watcher.open(browser, gateway.watchUrl(name)));
    }
  }
  await Promise.all(watchers.map((watcher) => watcher.showsPicture()));
  const isFlat = await watchFor(values.minutes * 60000, gateway, watchers);

  await browser.close();
  await Promise.all(sources.map((source) => source.process.stop()));
  const status = await gateway.stop();
  console.log(isFlat && status === 0 ? 'flat' : 'NOT FLAT');
  process.exit(isFlat && status === 0 ? 0 : 1);
}

await main();
