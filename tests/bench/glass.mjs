#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Glass to glass: from the drawing of a frame to the callback by which Chromium
// reports that it is shown. The time is read from the picture. Prints a line of
// JSON.
//
//     tests/bench/glass.mjs [--build DIR] [--seconds 20] [--network 5,1,20]
//
// --network: see network.mjs.

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NETWORK_OPTIONS } from './network.mjs';
import { quantile, root, round, Stage } from './strip.mjs';

const SETTLE_MS = 4000;
const SHARES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

// Runs in the page.
async function watch({ path, settleMs, watchMs }) {
  const { peer, video, leave } = await window.joinStream(path);
  const frames = [];
  const start = performance.now();
  await new Promise((done) => {
    const onFrame = (now, frame) => {
      const shown = performance.now();
      if (shown - start > settleMs) {
        frames.push({
          shown,
          drawn: window.drawnAt(video),
          // When the browser received the frame's last packet.
          received: frame.receiveTime,
          decode: frame.processingDuration * 1000,
        });
      }
      if (shown - start < settleMs + watchMs) {
        video.requestVideoFrameCallback(onFrame);
      } else {
        done();
      }
    };
    video.requestVideoFrameCallback(onFrame);
  });
  const reports = [...(await peer.getStats()).values()];
  const { framesDecoded, framesDropped, packetsLost, freezeCount,
    nackCount, pliCount, totalFreezesDuration, retransmittedPacketsReceived } =
    reports.find((r) => r.type === 'inbound-rtp' && r.kind === 'video');
  await leave();
  return { frames,
    counts: { framesDecoded, framesDropped, packetsLost, freezeCount,
      nackCount, pliCount, totalFreezesDuration,
      retransmittedPacketsReceived } };
}

function quantiles(name, values) {
  return Object.fromEntries([['p50', 0.5], ['p95', 0.95], ['p99', 0.99]]
    .map(([key, share]) => [`${name}_${key}_ms`,
      round(quantile(values, share))]));
}

async function main() {
  const { values } = parseArgs({
    options: {
      ...NETWORK_OPTIONS,
      build: { type: 'string', default: join(root, '_build') },
      seconds: { type: 'string', default: '20' },
    },
  });
  const stage = await Stage.open({ build: resolve(values.build),
    name: 'glass', gopSeconds: 2, network: values.network });
  const { frames, counts } = await stage.page.evaluate(watch, {
    path: stage.whepPath,
    settleMs: SETTLE_MS,
    watchMs: values.seconds * 1000,
  });
  const publisher = stage.publisherTimes();
  await stage.close();

  const read = frames.filter((f) => Number.isFinite(f.drawn));
  const ages = read.map((f) => f.shown - f.drawn);
  const publisherMs = quantile(publisher, 0.5);
  const arrived = read.filter((f) => Number.isFinite(f.received));
  console.log(JSON.stringify({
    bench: 'glass',
    network: values.network,
    frames: read.length,
    unread: frames.length - read.length,
    ...counts,
    ...quantiles('glass', ages),
    ...quantiles('publisher', publisher),
    // The publisher's median time is subtracted.
    ...quantiles('network',
      arrived.map((f) => f.received - f.drawn - publisherMs)),
    ...quantiles('browser', arrived.map((f) => f.shown - f.received)),
    ...quantiles('decode', read.map((f) => f.decode)
      .filter((ms) => Number.isFinite(ms))),
    glass_ms: Object.fromEntries(SHARES.map((share) =>
      [100 * share, round(quantile(ages, share))])),
  }));
}

await main();
