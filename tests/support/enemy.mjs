// SPDX-License-Identifier: LGPL-2.1-or-later
// Hostile clients of an RTMP server: what they send, how slowly, and when they
// were disconnected.

import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../e2e/process.mjs';
import { amf0, command, HANDSHAKE, message, setChunkSize }
  from './rtmptalk.mjs';

const DEFAULT_CHUNK_BYTES = 128;
const MAX_MESSAGE_BYTES = 0xffffff;
const MIN_LONG_CSID = 64;
const MAX_CSID = 65599;
const TYPE_VIDEO = 9;
const TYPE_COMMAND = 20;
const DEPTH = 10000;
// Slow enough that less than a command arrives before the time limit.
const DRIBBLE_MS = 250;

// Each has a stream name of its own, because it would otherwise take over
// another's.
function publishes(name) {
  return Buffer.concat([command(0, 'connect', 1, { app: 'live' }),
    command(1, 'publish', 2, null, name, 'live')]);
}

// The first chunk of a message, with a basic header of 3 bytes.
function beginning(csid, type, size) {
  const chunk = Buffer.alloc(14 + DEFAULT_CHUNK_BYTES);
  chunk[0] = 1;
  chunk.writeUInt16LE(csid - MIN_LONG_CSID, 1);
  chunk.writeUIntBE(size, 6, 3);
  chunk[9] = type;
  chunk.writeUInt32LE(1, 10);
  return chunk;
}

function beginnings(lastCsid, type, size) {
  return Buffer.concat(Array.from({ length: lastCsid - MIN_LONG_CSID + 1 },
    (_, i) => beginning(MIN_LONG_CSID + i, type, size)));
}

// @opening: the first bytes of a value that contains another one.
function nested(kind, opening) {
  return Buffer.concat([setChunkSize(1 << 16), message(3, TYPE_COMMAND, 0, 0,
    Buffer.concat([amf0('connect'), amf0(1), Buffer.from([kind]),
      ...Array(DEPTH).fill(Buffer.from(opening))]))]);
}

// After the handshake: what is sent, and why it is disconnected.
export const ATTACKS = [
  ['chunks of 2 GiB', setChunkSize(2 ** 31),
    'the chunk size is out of range'],
  ['a message of 16 MiB', Buffer.concat([setChunkSize(2 ** 31 - 1),
    beginning(MIN_LONG_CSID, TYPE_COMMAND, MAX_MESSAGE_BYTES)]),
  'a message is too long'],
  ['a string of 2 GiB', message(3, TYPE_COMMAND, 0, 0,
    Buffer.from([12, 0x80, 0, 0, 0, 1, 1, 1])), 'a command is malformed'],
  ['every chunk stream', beginnings(MAX_CSID, TYPE_COMMAND, 1000),
    'too many chunk streams'],
  ['frames of 16 MiB', Buffer.concat([publishes('large'),
    beginnings(MIN_LONG_CSID + 3, TYPE_VIDEO, MAX_MESSAGE_BYTES)]),
  'too many bytes in unfinished messages'],
  ['deep objects', nested(3, [0, 1, 0x61, 3]), 'connects without an app'],
  ['deep arrays', nested(10, [0, 0, 0, 1, 10]), 'connects without an app'],
];

// What is sent at once, what dribbles, and why it is disconnected.
export const DRIBBLES = [
  ['the handshake', HANDSHAKE.subarray(0, 1), HANDSHAKE.subarray(1),
    'the peer took too long to publish'],
  ['a command', HANDSHAKE, publishes('late'),
    'the peer took too long to publish'],
  ['a frame', Buffer.concat([HANDSHAKE, publishes('slow')]),
    beginning(MIN_LONG_CSID, TYPE_VIDEO, MAX_MESSAGE_BYTES),
    'a message takes too long'],
];

export class Enemy {
  // @localAddress may be any address of this machine.
  static async come(port, localAddress) {
    const self = new Enemy();
    self.socket = connect({ port, host: '127.0.0.1', localAddress });
    self.socket.setNoDelay(true);
    await once(self.socket, 'connect');
    // It may be disconnected while it is sending.
    self.socket.on('error', () => {});
    self.socket.resume();
    return self;
  }

  get isGone() {
    return this.socket.closed;
  }

  says(bytes) {
    this.socket.write(bytes);
  }

  async dribbles(bytes) {
    for (let i = 0; i < bytes.length && !this.isGone; i += 1) {
      this.says(bytes.subarray(i, i + 1));
      await pause(DRIBBLE_MS);
    }
  }

  async isDisconnected(what) {
    await eventually(() => this.isGone, `disconnected: ${what}`);
  }

  // Ends its side of the connection.
  async ends(what) {
    this.socket.end();
    await this.isDisconnected(what);
  }

  leaves() {
    this.socket.destroy();
  }
}
