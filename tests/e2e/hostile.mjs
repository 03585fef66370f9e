// SPDX-License-Identifier: LGPL-2.1-or-later
// A gateway under attack from many clients at once: a viewer of another stream
// notices nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKS, DRIBBLES, Enemy } from '../support/enemy.mjs';
import { numbersFrom } from '../support/relay.mjs';
import { HANDSHAKE } from '../support/rtmptalk.mjs';
import { comesTo } from './page.mjs';
import { eventually } from './process.mjs';
import { COUNTS, nPublished, publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const SEED = 5;
const N_HALF_OPEN = 1000;
const BATCH = 50;
// Stay connected: MAX_UNPUBLISHED, and MAX_LEAVING that are being disconnected.
const MAX_OPEN = 64 + 64;
const N_CHANGED = 50;
const CAPTURES = ['ffmpeg', 'gst-rtmp2sink', 'gst-rtmpsink-librtmp',
  'obs-publish-zerolatency', 'obs-publish'];
// After the handshake: commands, which the server decides most on.
const OPENING_BYTES = 1000;
// Each kind has an address of its own, because the gateway makes room at the
// expense of the address with the most connections.
const FROM = { halfOpen: '127.0.0.2', dribble: '127.0.0.3',
  attack: '127.0.0.4', capture: '127.0.0.5' };

// A single key frame, so that no later one makes up for a lost frame.
const ONE_KEY = ['-preset', 'ultrafast', '-g', '100000', '-sc_threshold', '0'];
// From whepsink's pad to the network, for each frame: the histogram's last
// bound, which a busy machine stays within, and a queue would not.
const MAX_LATENCY_S = 1;
// For a viewer that has caught up.
const MAX_BEHIND = 30;
// At its peak: what two connections may keep unfinished,
// RTMP_CHUNK_MAX_BUFFERED_BYTES each, and the same again for the captures'
// decoders and encoders and what malloc retains of it for each thread.
const MAX_LEFT = 1.1;
const MAX_GROWTH_KB = 2 * 2 * 32 * 1024;

const nOf = (text, pattern) => [...text.matchAll(pattern)].length;

// Runs in the page.
async function countFrames() {
  const report = [...(await window.peers[0].getStats()).values()].find((r) =>
    r.type === 'inbound-rtp' && r.kind === 'video');
  return { received: report.framesReceived, decoded: report.framesDecoded,
    keys: report.keyFramesDecoded, lost: report.packetsLost,
    plis: report.pliCount };
}

// The attackers of one gateway; each of @all has connected to it.
class Siege {
  constructor(world, gateway) {
    Object.assign(this, { world, gateway, all: [] });
  }

  get said() {
    return `seed ${SEED}: ${this.all.length} enemies`;
  }

  async enemy(from) {
    const enemy = await Enemy.come(this.gateway.rtmpPort, from);
    this.all.push(enemy);
    return enemy;
  }

  // Some send nothing, some a part of the handshake.
  async halfOpen() {
    const come = [];
    for (let i = 0; i < N_HALF_OPEN; i += BATCH) {
      const batch = await Promise.all(Array.from({ length: BATCH }, () =>
        this.enemy(FROM.halfOpen)));
      batch.forEach((enemy, j) => enemy.says(HANDSHAKE.subarray(0, j)));
      come.push(...batch);
      await eventually(() =>
        come.filter(({ isGone }) => !isGone).length <= MAX_OPEN,
      'the oldest of too many are disconnected');
    }
    come.forEach((enemy) => enemy.leaves());
  }

  async attacks() {
    for (const [what, bytes] of ATTACKS) {
      const enemy = await this.enemy(FROM.attack);
      enemy.says(HANDSHAKE);
      enemy.says(bytes);
      await enemy.isDisconnected(what);
    }
  }

  async dribbles() {
    await Promise.all(DRIBBLES.map(async ([what, atOnce, bytes]) => {
      const enemy = await this.enemy(FROM.dribble);
      enemy.says(atOnce);
      await enemy.dribbles(bytes);
      assert.ok(enemy.isGone, `may dribble on: ${what}`);
    }));
  }

  get captures() {
    return CAPTURES.map((name) => readFileSync(
      join(this.world.root, 'tests', 'support', 'captures', `${name}.bin`)));
  }

  // What real publishers sent, with one byte changed: every other time in the
  // opening, else anywhere.
  async changedCaptures() {
    const next = numbersFrom(SEED);
    const { captures } = this;
    for (let i = 0; i < N_CHANGED; i += 1) {
      const bytes = Buffer.from(captures[i % captures.length]);
      const at = Math.floor(i % 2 === 0
        ? HANDSHAKE.length + next() * OPENING_BYTES : next() * bytes.length);
      bytes[at] ^= 0xff;
      const enemy = await this.enemy(FROM.capture);
      enemy.says(bytes);
      await enemy.ends(`${CAPTURES[i % captures.length]}, byte ${at}`);
    }
  }

  async isRehearsed() {
    await this.attacks();
    for (const capture of this.captures) {
      const enemy = await this.enemy(FROM.capture);
      enemy.says(capture);
      await enemy.ends('a capture');
    }
  }

  async isLaid() {
    await Promise.all([this.halfOpen(), this.attacks(), this.dribbles(),
      this.changedCaptures()]);
  }

  // Each connection was closed, and the log states the reason.
  async isReported() {
    await eventually(() => nOf(this.gateway.process.output,
      /: closed: |: disconnected: too many connections/g) >= this.all.length,
    'all are disconnected with a reason');
    const { output } = this.gateway.process;
    const whys = [...ATTACKS, ...DRIBBLES].map((kind) => kind.at(-1));
    for (const why of [...whys,
      'there are too many connections, and this is the oldest']) {
      assert.ok(nOf(output, new RegExp(`: closed: ${why}`, 'g'))
        >= whys.filter((other) => other === why).length, why);
    }
    assert.doesNotMatch(output, /CRITICAL|WARNING \*\*/);
  }
}

// The number of packets that took longer than MAX_LATENCY_S.
async function nLate(gateway) {
  const { headers } = gateway;
  const metrics = await (await fetch(`${gateway.url}/metrics`, { headers }))
    .text();
  const within = (bound) => Number(new RegExp('^whep_latency_seconds_bucket'
    + `\\{stage="socket",le="${bound}"\\} (\\d+)$`, 'm').exec(metrics)[1]);
  assert.ok(within('\\+Inf') > 0, 'nothing was measured');
  return within('\\+Inf') - within(MAX_LATENCY_S);
}

async function losesNoFrame(world, gateway, watcher, publisher, siege) {
  await comesTo(watcher, 'playing');
  await eventually(async () => nPublished(publisher)
    - (await watcher.page.evaluate(countFrames)).received <= MAX_BEHIND,
  'the viewer has caught up');
  await siege.isRehearsed();
  const kbBefore = gateway.process.rssKb;
  await siege.isLaid();
  await siege.isReported();
  const late = await nLate(gateway);
  const { rssKb, peakRssKb } = gateway.process;
  world.note(`${siege.said}, ${late} packets late; KiB: `
    + `${kbBefore} before, ${peakRssKb} at the peak, ${rssKb} after`);
  assert.ok(peakRssKb - kbBefore
    <= (siege.constructor.maxGrowthKb ?? MAX_GROWTH_KB), 'memory grows');
  await eventually(() => gateway.process.rssKb <= MAX_LEFT * kbBefore,
    'memory comes back');
}

// Of all that was published since the first frame.
async function hasAll(world, watcher, publisher) {
  const nFrames = nPublished(publisher);
  let counts;
  await eventually(async () => {
    counts = await watcher.page.evaluate(countFrames);
    return counts.received >= nFrames && counts.decoded >= nFrames;
  }, 'all frames are decoded').catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify({ nFrames, counts })}`);
  });
  world.note(`${nFrames} frames: ${JSON.stringify(counts)}`);
  assert.equal(await watcher.page.evaluate(() => window.peers.length), 1,
    'the viewer had to reconnect');
  return counts;
}

// @Kind is a class of siege: isRehearsed() sends an attacker of each kind,
// because codecs and the like are loaded once and stay; isLaid() starts the
// siege, isReported() checks what the gateway reports about it, and said is
// what to note. It may have hasCost(), which checks what the viewer has
// counted, and maxGrowthKb, a limit of memory. @headers are those of requests
// for metrics.
export async function besieged(world, Kind, options, headers = {}) {
  const { publishers } = world;
  const gateway = await world.startGateway({ name: Kind.name, options,
    env: { GST_DEBUG: 'rtmpserversrc:4' } });
  gateway.headers = headers;
  try {
    const victim = publishers.ffmpeg(gateway, 'victim',
      { h264: [...ONE_KEY, ...COUNTS] });
    await publishing(victim, async () => {
      await gateway.hasStream('victim');
      await watching(world, gateway.watchUrl('victim'), async (watcher) => {
        const siege = new Kind(world, gateway);
        await losesNoFrame(world, gateway, watcher, victim, siege);
        await publishing(publishers.ffmpeg(gateway, 'after'), () =>
          gateway.hasStream('after'));
        await victim.process.stop();
        await siege.hasCost?.(await hasAll(world, watcher, victim));
      });
    });
  } finally {
    assert.equal(await gateway.stop(), 0);
  }
}

export const hostileCases = [
  ['attackers cost a viewer of another stream no frame',
    (world) => besieged(world, Siege, [])],
];
