// SPDX-License-Identifier: LGPL-2.1-or-later
// Publishers that are killed and come back, as something else each time: all
// viewers continue with the first frame, and none creates a new session.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Mortal, readFlv } from '../support/mortal.mjs';
import { numbersFrom } from '../support/relay.mjs';
import { codecPlayed } from './inpage.mjs';
import { comesTo } from './page.mjs';
import { eventually, Process } from './process.mjs';
import { publishing } from './publishers.mjs';
import { Watcher, watching } from './watcher.mjs';

const SEED = 6;
const N_STREAMS = 2;
const N_KILLS = 25; // lives of each stream
const N_TABS = 3; // viewers of each stream in Chromium
const N_PEERS = 7; // and those in tests/bench/audience
const IDLE_TIMEOUT_S = 2;
// Less than linger, so that a failure is not reported about a new session.
const PATIENCE_MS = 60000;
const RETURN_LINGER_S = 120;
// Between two programs' wall clocks, on one machine.
const CLOCKS_MS = 20;

const FRAMES_PER_S = 30;
const MIN_FRAMES = 20; // frames of a life
const MAX_FRAMES = 36;
const MIN_AWAY_MS = 100;
const MAX_AWAY_MS = 500;

// Two encoders as different as those in use. One key frame each, so that a
// viewer that misses it sees nothing.
const CLIPS = [
  ['-s', '640x360', '-profile:v', 'baseline', '-ar', '44100', '-ac', '1'],
  ['-s', '426x240', '-profile:v', 'high', '-ar', '48000', '-ac', '2'],
];

function makeClip(world, index) {
  const file = join(world.folder, `clip-${index}.flv`);
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y',
    '-f', 'lavfi', '-i', `testsrc2=r=${FRAMES_PER_S}`,
    '-f', 'lavfi', '-i', 'sine=frequency=440',
    '-t', `${MAX_FRAMES / FRAMES_PER_S}`, ...CLIPS[index],
    '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast',
    '-tune', 'zerolatency', '-g', '1000', '-c:a', 'aac', file]);
  return readFlv(readFileSync(file));
}

// Runs in the page before its scripts: records when frames arrived and were
// shown, by the wall clock, as far as they have a callback.
function noteFrames() {
  window.frames_ = [];
  addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('video');
    const note = (now, frame) => {
      window.frames_.push({
        comeMs: performance.timeOrigin + frame.receiveTime,
        shownMs: performance.timeOrigin + now });
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  });
}

// Runs in the page: what has arrived so far, and the first frame with a
// callback that arrived after @ms.
async function progress(ms) {
  const reports = [...(await window.peers[0].getStats()).values()];
  // There is none before the answer.
  const video = reports.find((r) => r.type === 'inbound-rtp'
    && r.kind === 'video');
  const index = window.frames_.findIndex(({ comeMs }) => comeMs >= ms);
  const first = index < 0 ? {} : window.frames_[index];
  return { frames: video ? video.framesReceived : 0, keyMs: first.comeMs,
    shownMs: first.shownMs };
}

// Viewers of one stream, in Chromium and in the crowd: each reports how many
// frames it has received and when the newest life's first one arrived.
class Audience {
  static async open(world, gateway, name) {
    const self = new Audience();
    self.crowd = new Process(join(world.build, 'tests', 'bench', 'audience'),
      [`${gateway.url}/whep/live/${name}`, `${N_PEERS}`],
      { log: join(world.folder, `crowd-${name}.log`) });
    self.tabs = [];
    for (let i = 0; i < N_TABS; i += 1) {
      self.tabs.push(await Watcher.open(world.browser, gateway.watchUrl(name),
        noteFrames));
    }
    return self;
  }

  async close() {
    await this.crowd.stop();
    await Promise.all(this.tabs.map((tab) => tab.close()));
  }

  async progress(sinceMs) {
    if (!this.crowd.isRunning) {
      throw new Error(`the crowd ended: ${this.crowd.output.slice(-2000)}`);
    }
    const told = this.crowd.output.split('\n').at(-2);
    const tabs = await Promise.all(this.tabs.map((tab) =>
      tab.page.evaluate(progress, sinceMs)));
    return [...tabs, ...(told ? JSON.parse(told)
      : Array(N_PEERS).fill({ frames: 0 }))];
  }

  // Waits until all viewers have received @nFrames since @before.
  async gets(nFrames, before, sinceMs, what) {
    let now;
    await eventually(async () => {
      now = await this.progress(sinceMs);
      return now.every(({ frames }, i) => frames - before[i].frames >= nFrames);
    }, what, PATIENCE_MS).catch((error) => {
      throw new Error(`${error.message}: ${JSON.stringify({ nFrames, sinceMs,
        before, now })}`);
    });
    return now;
  }
}

// The last one takes the longest, and is the rarest.
const CHOICE = ['clean', 'clean', 'reset', 'reset', 'silent', 'silent',
  'timeout'];

const DEATHS = {
  clean: async (mortal) => mortal.endsItsStream(),
  reset: async (mortal) => mortal.resets(),
  silent: async (mortal) => mortal.fallsSilent(),
  // And nobody publishes before the gateway has noticed.
  timeout: async (mortal, gateway, name) => {
    mortal.fallsSilent();
    await gateway.hasNoStream(name);
  },
};

// One life of one key frame: all viewers receive each frame of it, so they were
// back with the first one. How soon that was is noted; it depends on how busy
// the machine is.
async function live(stream, life) {
  const { gateway, audience, name, next } = stream;
  const nFrames = MIN_FRAMES
    + Math.floor(next() * (MAX_FRAMES - MIN_FRAMES));
  const before = await audience.progress(0);
  const mortal = await Mortal.start(gateway.rtmpPort, name);
  stream.mortals.push(mortal);
  await mortal.send(stream.clips[life % stream.clips.length], nFrames);
  const [bornMs] = mortal.sentMs;
  const after = await audience.gets(nFrames, before, bornMs - CLOCKS_MS,
    `seed ${SEED}, ${name}, life ${life}: all viewers receive every frame`);
  for (const { keyMs, shownMs } of after) {
    if (keyMs) {
      stream.backMs.push(keyMs - bornMs);
    }
    if (shownMs) {
      stream.shownMs.push(shownMs - bornMs);
    }
  }
  return mortal;
}

async function dies(stream, mortal) {
  const { gateway, name, next } = stream;
  const death = CHOICE[Math.floor(next() * CHOICE.length)];
  stream.nDeaths[death] = (stream.nDeaths[death] || 0) + 1;
  await DEATHS[death](mortal, gateway, name);
  await pause(MIN_AWAY_MS + next() * (MAX_AWAY_MS - MIN_AWAY_MS));
}

// The first life is watched by viewers that join during it.
async function begin(world, stream) {
  const { gateway, name } = stream;
  const first = await Mortal.start(gateway.rtmpPort, name);
  stream.mortals.push(first);
  const sent = first.send(stream.clips[0], Infinity);
  await gateway.hasStream(name);
  stream.audience = await Audience.open(world, gateway, name);
  await stream.audience.gets(1, Array(N_TABS + N_PEERS).fill({ frames: 0 }), 0,
    `${name}: all viewers see the first picture`);
  await dies(stream, first);
  await sent;
}

async function liveAndDie(world, stream) {
  await begin(world, stream);
  for (let life = 1; life <= N_KILLS; life += 1) {
    const mortal = await live(stream, life);
    if (life < N_KILLS) {
      await dies(stream, mortal);
    }
  }
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))]);
}

function describe(values) {
  return `median ${percentile(values, 0.5)}, 95 % ${percentile(values, 0.95)}, `
    + `worst ${percentile(values, 1)} ms`;
}

// Each new viewer leaves a line in the gateway's log.
function nComers(gateway) {
  return [...gateway.process.output.matchAll(/viewer comes/g)].length;
}

async function everybodyGoesOn(world) {
  const clips = CLIPS.map((_, i) => makeClip(world, i));
  const gateway = await world.startGateway({ name: 'returns',
    options: [`IDLE_TIMEOUT=${IDLE_TIMEOUT_S}s`,
      `LINGER=${RETURN_LINGER_S}s`],
    env: { GST_DEBUG: 'whepmedia:4' } });
  const streams = Array.from({ length: N_STREAMS }, (_, i) => ({ gateway, clips,
    name: `returns-${i}`, next: numbersFrom(SEED + i), mortals: [], backMs: [],
    shownMs: [], nDeaths: {} }));
  try {
    await Promise.all(streams.map((stream) => liveAndDie(world, stream)));
    for (const { name, backMs, shownMs, nDeaths } of streams) {
      world.note(`${name}: ${JSON.stringify(nDeaths)}; after the key frame was `
        + `sent it arrived: ${describe(backMs)}; `
        + `in Chromium a picture was shown: ${describe(shownMs)}`);
    }
    assert.equal(nComers(gateway), N_STREAMS * (N_TABS + N_PEERS),
      'a viewer has created a new session');
  } finally {
    for (const { mortals, audience } of streams) {
      mortals.forEach((mortal) => mortal.close());
      await audience?.close();
    }
    await gateway.stop();
  }
}

const LINGER_S = 1;

async function waitsAfterLinger(world) {
  const gateway = await world.startGateway({ name: 'lingers',
    options: [`LINGER=${LINGER_S}s`] });
  try {
    const first = world.publishers.ffmpeg(gateway, 'left');
    await publishing(first, () => gateway.hasStream('left').then(() =>
      watching(world, gateway.watchUrl('left'), async (watcher) => {
        await comesTo(watcher, 'playing');
        await first.process.stop();
        await eventually(async () => /Nobody publishes/.test(
          await watcher.page.textContent('#message')),
        'the page creates a new session');
        await publishing(world.publishers.rtmpsink(gateway, 'left'),
          async ({ picture }) => {
            await comesTo(watcher, 'playing');
            await watcher.sees(picture, join(world.folder, 'left.png'));
          });
      })));
  } finally {
    await gateway.stop();
  }
}

const VP8 = 'vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60';

async function asksForAnotherCodec(world) {
  const { gateway, publishers } = world;
  const first = publishers.ffmpeg(gateway, 'other');
  await publishing(first, () => gateway.hasStream('other').then(() =>
    watching(world, gateway.watchUrl('other'), async (watcher) => {
      await comesTo(watcher, 'playing');
      await first.process.stop();
      await publishing(publishers.enhanced(gateway, 'other', VP8),
        async ({ picture }) => {
          await watcher.sees(picture, join(world.folder, 'other.png'));
          assert.equal(await watcher.page.evaluate(codecPlayed), 'video/VP8');
        });
    })));
}

export const returnCases = [
  ['50 kills of publishers: all viewers continue at the new key frame',
    everybodyGoesOn],
  ['a page reconnects when no publisher comes back in time', waitsAfterLinger],
  ['a page reconnects when the publisher returns with another codec',
    asksForAnotherCodec],
];
