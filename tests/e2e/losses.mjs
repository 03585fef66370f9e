// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks that lose packets; viewers that join late or fall behind.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Relay, withoutRtx } from '../support/relay.mjs';
import { withFirefox } from './browsers.mjs';
import { eventually } from './process.mjs';
import { COUNTS, SLICED, nPublished } from './publishers.mjs';
import { RemoteWatcher } from './remote.mjs';
import { Watcher } from './watcher.mjs';

const LOSS = 0.05;
const SEED = 4;
// By the stream's clock; at 5 % some 20 packets are lost.
const WATCH_S = 8;
const FRAMES_PER_S = 30;

const LEAD_S = 0.5;
const SHORT_WATCH_S = 3;

// A hole is made in a GOP of GOP_S, at the chosen second or up to SLACK_S after
// it. Within maxGapS there is no other key frame: a browser
// that is slow to ask has all that time.
const GOP_S = 12;
const SLACK_S = 1;
// From poll to poll; a backlog runs a dozen times as fast as what is live.
const LIVE_STEP_S = 0.5;
// Some GOPs, if a busy machine misses the second that is wanted.
const PHASE_LIMIT_MS = 120000;
// Both browsers ask for a key frame 3 s after they lost the picture.
const LOST_WITHIN = { from: 0.5, lost: 0.4, maxGapS: 9 };
// The key frame is within; the packets before it are no longer kept, as the
// first NACK shows.
const LOST_KEY = { from: 9.5, lost: 2.5, maxGapS: 9 };
const MAX_HOLES = 5;

const SHORT_GOP_S = 1;
const STALL_S = 4;

// One key frame, which the gateway keeps: a late viewer begins with it.
const ONE_KEY_S = 3600;
const KEPT_S = 60;
// A browser that is short of time loses some of the burst, and is sent key
// frames alone until it has lost nothing for a while.
const CATCH_UP_LIMIT_MS = 45000;
const LATE_S = 5;
// Who has all that were published, but for so many frames, is live.
const LIVE_FRAMES = 15;

// A key frame each so many seconds, and no other.
function keysEach(seconds) {
  return ['-preset', 'ultrafast', '-g', `${FRAMES_PER_S * seconds}`,
    '-keyint_min', `${FRAMES_PER_S * seconds}`, '-sc_threshold', '0'];
}

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

async function inFirefox(world, look) {
  await withFirefox(world, (browser, address) => look(address,
    (url) => RemoteWatcher.open(browser, url)));
}

// @look at a viewer that watches through a relay with these @options.
async function throughRelay(world, { inBrowser, name, h264, ...options },
  look) {
  const relay = await Relay.start(world.gateway.httpPort, options);
  try {
    await publishing(world, name, h264, () =>
      inBrowser(world, async (address, open) => {
        const watcher = await open(
          `http://${address}:${relay.ownPort}/watch/live/${name}`);
        await watcher.showsPicture();
        await look(watcher, relay);
      }));
  } finally {
    await relay.close();
  }
}

const plainly = { changeOffer: withoutRtx, counter: 'nRepeated' };
const byRtx = { changeOffer: (offer) => offer, counter: 'nRtx' };

function healsLosses(inBrowser, { changeOffer, counter }) {
  return (world) => throughRelay(world, { inBrowser, name: 'lossy',
    h264: ['-preset', 'ultrafast', ...SLICED], loss: LOSS, seed: SEED,
    changeOffer },
  async (watcher, relay) => {
    const counts = await watcher.playsSmoothly(WATCH_S);
    world.note(`seed ${SEED}: ${JSON.stringify(counts)}, relay lost `
      + `${relay.nLost}, passed ${relay.nPassed}, of it again: `
      + `${relay.video.nRepeated}, by RTX: ${relay.video.nRtx}`);
    assert.ok(relay.nLost > 0, 'nothing was lost');
    assert.ok(relay.video[counter] > 0, 'nothing came again');
    assert.equal(relay.video.nRepeated + relay.video.nRtx,
      relay.video[counter], 'it came again in the other way');
  });
}

async function comesTo(from, video) {
  let before = -Infinity;
  await eventually(() => {
    const step = video.seconds - before;
    const phase = video.seconds % GOP_S;
    before = video.seconds;
    return step < LIVE_STEP_S && phase >= from && phase < from + SLACK_S;
  }, `the stream is live, and ${from} s into its GOP`, PHASE_LIMIT_MS);
}

// What a viewer made of a hole: it missed frames, one key frame came before the
// publisher's next one, which is farther away than @maxGapS of the stream, and
// all plays on.
async function healsHole(watcher, relay, { from, lost, maxGapS }) {
  await comesTo(from, relay.video);
  const start = relay.video.seconds + LEAD_S;
  relay.losesForGood = (second) => second > start && second <= start + lost;
  const counts = await watcher.decodedOver(LEAD_S + maxGapS);
  const smooth = await watcher.playsSmoothly(SHORT_WATCH_S)
    .then(() => true, (error) => error.message);
  const heals = counts.maxGapS >= lost && counts.maxGapS <= maxGapS
    && counts.keys === 1 && smooth === true;
  return { heals, start, ...counts, smooth };
}

// A viewer that lost the picture gets the newest key frame once more. A browser
// on a busy machine may lose another picture beside, but not beside each hole.
function goesBack(inBrowser, hole) {
  return (world) => throughRelay(world, {
    inBrowser, name: 'hole', h264: keysEach(GOP_S), changeOffer: withoutRtx,
  }, async (watcher, relay) => {
    const seen = [];
    do {
      seen.push(await healsHole(watcher, relay, hole));
      world.note(JSON.stringify(seen.at(-1)));
    } while (!seen.at(-1).heals && seen.length < MAX_HOLES);
    assert.ok(seen.at(-1).heals, `no hole healed: ${JSON.stringify(seen)}`);
    assert.equal(relay.nOffers, 1, 'the viewer came anew');
  });
}

// Runs in the page: the time of the frame that is shown, by the stream's clock.
async function shownTime() {
  const video = document.querySelector('video');
  return new Promise((resolve) => {
    video.requestVideoFrameCallback((now, { rtpTimestamp }) =>
      resolve(rtpTimestamp));
  });
}

// How many frames of the stream's clock have been published since @start, and
// are not shown yet.
async function behind(watcher, publisher, start) {
  const n = nPublished(publisher) - start.n;
  const time = await watcher.page.evaluate(shownTime);
  return n - FRAMES_PER_S * ((time - start.time) | 0) / 90000;
}

// A gateway that stands still, as a machine does that is suspended. Meanwhile
// come key frames. Whether its viewers get all that they missed, at once, or
// only the newest picture is a race between its threads: they are live again,
// and don't stay behind.
function fallsBehind(inBrowser) {
  return (world) => publishing(world, 'behind',
    [...keysEach(SHORT_GOP_S), ...COUNTS], (publisher) =>
      inBrowser(world, async (address, open) => {
        const watcher = await open(
          `http://${address}:${world.gateway.httpPort}/watch/live/behind`);
        await watcher.showsPicture();
        await watcher.decodedOver(SHORT_WATCH_S);
        const start = { n: nPublished(publisher),
          time: await watcher.page.evaluate(shownTime) };
        world.gateway.process.kill('SIGSTOP');
        await pause(STALL_S * 1000);
        world.gateway.process.kill('SIGCONT');
        await eventually(async () => {
          const n = await behind(watcher, publisher, start);
          world.note(`${n} frames behind`);
          return n <= LIVE_FRAMES;
        }, 'it is live again');
        await watcher.playsSmoothly(SHORT_WATCH_S);
        assert.equal(await watcher.page.evaluate(() => window.peers.length), 1,
          'the viewer came anew');
      }));
}

// There is one key frame to begin with. A browser that lost the picture may
// have been sent it once more.
async function catchesUp(world, late, publisher) {
  await eventually(async () => {
    const has = await late.page.evaluate(received);
    const n = nPublished(publisher);
    world.note(`${n} frames so far: ${JSON.stringify(has)}`);
    return has.keyFrames > 0 && has.frames >= n - LIVE_FRAMES;
  }, 'the late viewer is live', CATCH_UP_LIMIT_MS);
}

// Of a stream that is late in its GOP, all before is decoded at once.
async function joinsLate(world, gateway, inBrowser) {
  const mine = { ...world, gateway };
  const path = '/watch/live/late';
  await inBrowser(mine, async (address, open) => {
    const url = `http://${address}:${gateway.httpPort}`;
    // A browser's start takes long on a busy machine.
    const late = await open(url);
    await publishing(mine, 'late', [...keysEach(ONE_KEY_S), ...COUNTS],
      async (publisher) => {
        await eventually(() => nPublished(publisher) > FRAMES_PER_S * LATE_S,
          'the stream is late in its GOP');
        await late.page.goto(url + path);
        await late.showsPicture();
        await catchesUp(world, late, publisher);
        await late.sees(publisher.picture);
      });
  });
}

function joinsAtOnce(inBrowser) {
  return async (world) => {
    const gateway = await world.startGateway({ name: 'late',
      options: [`MAX_BACKLOG_TIME=${KEPT_S}s`] });
    try {
      await joinsLate(world, gateway, inBrowser);
    } finally {
      await gateway.stop();
    }
  };
}

// Runs in the page.
async function received() {
  const peer = window.peers[window.peers.length - 1];
  const report = [...(await peer.getStats()).values()].find((r) =>
    r.type === 'inbound-rtp' && r.kind === 'video');
  return { frames: report.framesReceived, keyFrames: report.keyFramesDecoded };
}

export const lossCases = [
  ['5 % loss heals by plain retransmissions in Chromium',
    healsLosses(inChromium, plainly)],
  ['5 % loss heals by retransmissions of their own format in Chromium',
    healsLosses(inChromium, byRtx)],
  ['5 % loss heals by plain retransmissions in Firefox',
    healsLosses(inFirefox, plainly)],
  ['5 % loss heals by retransmissions of their own format in Firefox',
    healsLosses(inFirefox, byRtx)],
  ['a picture lost for good is asked for, and comes at once in Chromium',
    goesBack(inChromium, LOST_WITHIN)],
  ['a picture lost for good is asked for, and comes at once in Firefox',
    goesBack(inFirefox, LOST_WITHIN)],
  ['a viewer that missed the key frame gets it at once in Chromium',
    goesBack(inChromium, LOST_KEY)],
  ['a viewer that missed the key frame gets it at once in Firefox',
    goesBack(inFirefox, LOST_KEY)],
  ['a gateway that stood still goes on with the newest picture in Chromium',
    fallsBehind(inChromium)],
  ['a gateway that stood still goes on with the newest picture in Firefox',
    fallsBehind(inFirefox)],
  ['Chromium joins 5 s into a GOP without waiting', joinsAtOnce(inChromium)],
  ['Firefox joins 5 s into a GOP without waiting', joinsAtOnce(inFirefox)],
];
