// SPDX-License-Identifier: LGPL-2.1-or-later
// A gateway under attack from many RTMP players at once: a player of the same
// stream does not miss a frame.

import assert from 'node:assert/strict';
import { Enemy } from '../support/enemy.mjs';
import { command, HANDSHAKE, setChunkSize } from '../support/rtmptalk.mjs';
import { packets } from './ffprobe.mjs';
import { assertHasNoGap, published, record, withGateway } from './play.mjs';
import { eventually } from './process.mjs';
import { COUNTS, nPublished, publishing } from './publishers.mjs';

const FPS = 30;
const SHORT_GOP = ['-preset', 'ultrafast', '-g', '30', ...COUNTS];
const MAX_PLAYERS_PER_ADDRESS = 100;
const N_PLAYS = 300;
const N_HALF_OPEN = 300;
const N_SILENT = 50;
const N_READERS = 5;
const BATCH = 50;
const CHUNK_BYTES = 8192;
const MANY = 1000;
const SECOND_MS = 1000;
// Each kind has an address of its own, because the gateway makes room at the
// expense of the address with the most connections.
const FROM = { attack: '127.0.0.2', plays: '127.0.0.3', halfOpen: '127.0.0.4',
  slow: '127.0.0.5' };
// At its peak: a kernel's and a player's share of each attacker, and what the
// allocator keeps.
const MAX_GROWTH_KB = 64 * 1024;

const repeat = (n, bytes) => Buffer.concat(Array(n).fill(bytes));

function plays(name) {
  return Buffer.concat([HANDSHAKE, setChunkSize(CHUNK_BYTES),
    command(0, 'connect', 1, { app: 'live' }),
    command(0, 'createStream', 2, null), command(1, 'play', 0, null, name)]);
}

const seek = command(1, 'seek', 0, null, 5000);
const pause = command(1, 'pause', 0, null, 0);

// What is sent, and why it is disconnected.
const ATTACKS = [
  ['seeks', Buffer.concat([plays('cam'), repeat(MANY, seek)]),
    'the player sends too many commands'],
  ['pauses', Buffer.concat([plays('cam'), repeat(MANY, pause)]),
    'the player sends too many commands'],
  ['garbage', Buffer.concat([plays('cam'), Buffer.alloc(1 << 20, 0x03)]),
    'a message is too long'],
  ['too much', Buffer.concat([plays('cam'),
    repeat(MANY, command(1, 'x'.repeat(200), 0, null))]),
  'the player sends too much'],
  ['another stream', Buffer.concat([plays('cam'),
    command(1, 'play', 0, null, 'other')]), 'a connection plays one stream'],
  ['both', Buffer.concat([plays('cam'),
    command(1, 'publish', 0, null, 'other', 'live')]),
  'a connection that has played a stream cannot publish one'],
  ['no name', plays(''), 'a stream\'s name is APP/KEY'],
  ['a path', plays('../../etc/passwd'),
    'a part of the stream\'s name is empty or consists of dots'],
  ['a control character', plays('cam\n\u001b[2J'),
    'the stream\'s name is not printable'],
  ['a long name', plays('x'.repeat(5000)),
    'the stream\'s name is too long'],
];

async function attack(gateway) {
  for (const [what, bytes] of ATTACKS) {
    const enemy = await Enemy.come(gateway.rtmpPort, FROM.attack);
    enemy.says(bytes);
    await enemy.isDisconnected(what);
  }
}

async function crowd(port, from, n, bytesOf) {
  const all = [];
  const next = async (i) => {
    const enemy = await Enemy.come(port, from);
    enemy.says(bytesOf(i));
    return enemy;
  };
  for (let i = 0; i < n; i += BATCH) {
    all.push(...await Promise.all(Array.from({ length: BATCH },
      (_, j) => next(i + j))));
  }
  return all;
}

// More than one address may play.
async function floodWithPlays({ rtmpPort }) {
  const all = await crowd(rtmpPort, FROM.plays, N_PLAYS, () => plays('cam'));
  await eventually(() => all.filter(({ isGone }) => !isGone).length
    <= MAX_PLAYERS_PER_ADDRESS, 'those above the limit are disconnected');
  all.forEach((enemy) => enemy.leaves());
}

// Each has sent a part of what a player sends.
async function leaveHalfOpen({ rtmpPort }) {
  const bytes = plays('cam');
  const nCommands = bytes.length - HANDSHAKE.length;
  const all = await crowd(rtmpPort, FROM.halfOpen, N_HALF_OPEN, (i) =>
    bytes.subarray(0, HANDSHAKE.length + i % nCommands));
  return () => all.forEach((enemy) => enemy.leaves());
}

// Players that read nothing, others that read a byte a second, and one whose
// commands come a byte a second.
async function readSlowly({ rtmpPort }) {
  const silent = await crowd(rtmpPort, FROM.slow, N_SILENT, () => plays('cam'));
  silent.forEach(({ socket }) => socket.pause());
  const readers = silent.slice(0, N_READERS);
  const talker = await Enemy.come(rtmpPort, FROM.slow);
  talker.says(plays('cam'));
  let n = 0;
  const timer = setInterval(() => {
    readers.forEach(({ socket }) => socket.read(1));
    talker.says(seek.subarray(n % seek.length, n % seek.length + 1));
    n += 1;
  }, SECOND_MS);
  return () => {
    clearInterval(timer);
    [...silent, talker].forEach((enemy) => enemy.leaves());
  };
}

async function attackersCostPlayersNothing(world) {
  const options = [`--max-viewers-per-address=${MAX_PLAYERS_PER_ADDRESS}`];
  const env = { GST_DEBUG: 'rtmpserversrc:4,rtmpplayers:4' };
  await withGateway(world, options, async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: SHORT_GOP });
    await publishing(publisher, async () => {
      await published(publisher, FPS);
      const witness = record(world, 'ffmpeg', gateway.rtmpUrl('cam'),
        'witness');
      await published(publisher, 3 * FPS);
      await attack(gateway);
      const before = gateway.process.rssKb;
      const ends = [await leaveHalfOpen(gateway), await readSlowly(gateway)];
      await Promise.all([attack(gateway), floodWithPlays(gateway)]);
      await published(publisher, nPublished(publisher) + 5 * FPS);
      const growth = gateway.process.peakRssKb - before;
      ends.forEach((end) => end());
      const after = record(world, 'ffmpeg', gateway.rtmpUrl('cam'), 'after');
      await published(publisher, nPublished(publisher) + 2 * FPS);
      await after.process.stop();
      await witness.process.stop();
      world.note(`${growth} kB more at the peak`);
      assert(growth < MAX_GROWTH_KB, `memory grows by ${growth} kB`);
      assertHasNoGap(packets(witness), 'the witness');
      assert(packets(after).length > FPS, 'a player that comes later plays');
    });
    const { output } = gateway.process;
    for (const [what, , why] of ATTACKS) {
      assert.match(output, new RegExp(`: (a player has left|closed): ${why}`),
        `${what}: no reason in the log`);
    }
    assert.doesNotMatch(output, /CRITICAL|WARNING \*\*/);
  }, { env, name: 'hostile-players' });
}

export const hostilePlayerCases = [
  ['players that attack cost another player of the stream no frame',
    attackersCostPlayersNothing],
];
