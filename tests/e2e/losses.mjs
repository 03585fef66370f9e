// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks that lose packets, and viewers who come late or fall behind.

import assert from 'node:assert/strict';
import { Relay, withoutRtx } from '../support/relay.mjs';
import { H264_PREFS, inFirefox } from './browsers.mjs';
import { eventually } from './process.mjs';
import { RemoteWatcher } from './remote.mjs';
import { Watcher } from './watcher.mjs';

const LOSS = 0.05;
const SEED = 4;
// By the stream's clock; at 5 % some 20 packets are lost.
const WATCH_S = 8;
const MIN_DECODED = 0.95;
const FRAMES_PER_S = 30;
const MAX_GAP_MS = 1000;

// A key frame each 10 s.
const LONG_GOP = ['-preset', 'ultrafast', '-g', '300', '-keyint_min', '300',
  '-sc_threshold', '0'];
const LATE_S = 5;
// The key frame is 5 s away; Firefox needs its time to load the page.
const MAX_JOIN_MS = 3000;
// Live frames alone would take the 5 s.
const MAX_BACKLOG_MS = 2000;

async function publishing(world, name, h264, look) {
  const publisher = world.publishers.ffmpeg(world.gateway, name, { h264 });
  try {
    await world.gateway.hasStream(name);
    await look(publisher);
  } finally {
    await publisher.process.stop();
  }
}

async function inChromium(world, look) {
  const opened = [];
  try {
    await look('127.0.0.1', async (url) => {
      opened.push(await Watcher.open(world.browser, url));
      return opened.at(-1);
    });
  } finally {
    await Promise.all(opened.map((watcher) => watcher.close()));
  }
}

async function inFirefoxAlone(world, look) {
  await inFirefox(world, `firefox-${world.nFirefoxes++}`, H264_PREFS,
    (browser, address) => look(address,
      (url) => RemoteWatcher.open(browser, url)));
}

function healsLosses(inBrowser, changeOffer, hasRtx = false) {
  return async (world) => {
    const relay = await Relay.start(world.gateway.httpPort,
      { loss: LOSS, seed: SEED, changeOffer });
    try {
      await publishing(world, 'lossy', ['-preset', 'ultrafast'], () =>
        inBrowser(world, async (address, open) => {
          const watcher = await open(
            `http://${address}:${relay.ownPort}/watch/live/lossy`);
          await watcher.showsPicture();
          const counts = await watcher.decodedOver(WATCH_S);
          world.note(`seed ${SEED}: ${JSON.stringify(counts)}, relay lost `
            + `${relay.nLost}, passed ${relay.nPassed}`);
          assert.ok(relay.nLost > 0, 'nothing was lost');
          assert.ok(counts.nacks > 0, 'no NACK');
          // Counted only where they have a format of their own.
          assert.ok(!hasRtx || counts.retransmitted > 0, 'nothing came again');
          assert.ok(counts.decoded
            >= MIN_DECODED * FRAMES_PER_S * counts.seconds, 'frames missing');
          assert.ok(counts.maxGapMs <= MAX_GAP_MS, 'a freeze');
        }));
    } finally {
      await relay.close();
    }
  };
}

// Of a stream that is late in its GOP, all before is decoded at once.
async function joinsAtOnce(world) {
  await publishing(world, 'late', LONG_GOP, (publisher) =>
    inFirefoxAlone(world, async (address, open) => {
      const url = `http://${address}:${world.gateway.httpPort}/watch/live/late`;
      const first = await open(url);
      await first.showsPicture();
      const { seconds } = await first.decodedOver(LATE_S);
      const start = Date.now();
      const second = await open(url);
      await second.showsPicture();
      const joinMs = Date.now() - start;
      const joined = await second.page.evaluate(joinedWith);
      world.note(`${seconds} s in: picture after ${joinMs} ms, `
        + JSON.stringify(joined));
      assert.ok(joinMs <= MAX_JOIN_MS, 'it waited for the key frame');
      assert.equal(joined.keyFrames, 1);
      await eventually(async () => (await second.page.evaluate(joinedWith))
        .frames >= FRAMES_PER_S * LATE_S, 'the backlog comes', MAX_BACKLOG_MS);
      await second.sees(publisher.picture);
    }));
}

// Runs in the page.
async function joinedWith() {
  const peer = window.peers[window.peers.length - 1];
  const report = [...(await peer.getStats()).values()].find((r) =>
    r.type === 'inbound-rtp' && r.kind === 'video');
  return { frames: report.framesReceived, keyFrames: report.keyFramesDecoded };
}

export const lossCases = [
  ['5 % loss heals by plain retransmissions in Chromium',
    healsLosses(inChromium, withoutRtx)],
  ['5 % loss heals by retransmissions of their own format in Chromium',
    healsLosses(inChromium, (offer) => offer, true)],
  ['Firefox joins 5 s into a GOP without waiting', joinsAtOnce],
];
