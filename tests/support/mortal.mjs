// SPDX-License-Identifier: LGPL-2.1-or-later
// A publisher that lives for a few frames and then dies in a chosen way. Speaks
// just enough RTMP for that: who publishes as people do is in
// tests/e2e/publishers.mjs.

import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const HANDSHAKE_BYTES = 1536;
const CHUNK_BYTES = 1 << 20;
const FLV_HEADER_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const TAG_VIDEO = 9;
const TAG_AUDIO = 8;
const START_LIMIT_MS = 10000;

function string(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length]), bytes]);
}

// AMF0: what a publisher's commands need.
function amf0(value) {
  if (value === null) {
    return Buffer.from([5]);
  }
  if (typeof value === 'string') {
    return Buffer.concat([Buffer.from([2]), string(value)]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  return Buffer.concat([Buffer.from([3]),
    ...Object.entries(value).flatMap(([name, v]) => [string(name), amf0(v)]),
    Buffer.from([0, 0, 9])]);
}

// One message in one chunk with a header of type 0.
function message(chunkStream, type, streamId, time, body) {
  const header = Buffer.alloc(12);
  header[0] = chunkStream;
  header.writeUIntBE(time, 1, 3);
  header.writeUIntBE(body.length, 4, 3);
  header[7] = type;
  header.writeUInt32LE(streamId, 8);
  return Buffer.concat([header, body]);
}

function command(streamId, ...values) {
  return message(3, 20, streamId, 0, Buffer.concat(values.map(amf0)));
}

function setChunkSize(size) {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(size);
  return message(2, 1, 0, 0, body);
}

// Tags of a file, in order: { type, time, body, isFrame }.
export function readFlv(bytes) {
  const tags = [];
  for (let at = FLV_HEADER_BYTES; at + TAG_HEADER_BYTES < bytes.length;) {
    const type = bytes[at];
    const size = bytes.readUIntBE(at + 1, 3);
    const body = bytes.subarray(at + TAG_HEADER_BYTES,
      at + TAG_HEADER_BYTES + size);
    if (type === TAG_VIDEO || type === TAG_AUDIO) {
      tags.push({ type, time: bytes.readUIntBE(at + 4, 3), body,
        isFrame: type === TAG_VIDEO && body[1] === 1 });
    }
    at += TAG_HEADER_BYTES + size + 4;
  }
  return tags;
}

export class Mortal {
  // Resolves when the server has said that it may begin.
  static async start(port, name) {
    const self = new Mortal();
    self.sentMs = []; // when each frame of video was sent
    self.isDead = false;
    self.socket = connect(port, '127.0.0.1');
    self.socket.setNoDelay(true);
    // Who takes its place has it hung up on.
    self.socket.on('error', () => {});
    self.socket.write(Buffer.concat([Buffer.from([3]),
      Buffer.alloc(2 * HANDSHAKE_BYTES), setChunkSize(CHUNK_BYTES),
      command(0, 'connect', 1, { app: 'live', type: 'nonprivate',
        tcUrl: `rtmp://127.0.0.1:${port}/live` }),
      command(0, 'createStream', 2, null),
      command(1, 'publish', 3, null, name, 'live')]));
    await self.hears('NetStream.Publish.Start');
    return self;
  }

  async hears(code) {
    const signal = AbortSignal.timeout(START_LIMIT_MS);
    let heard = '';
    while (!heard.includes(code)) {
      const [bytes] = await once(this.socket, 'data', { signal });
      heard += bytes.toString('latin1');
    }
    this.socket.resume();
  }

  // At the speed of the tags' times, again and again, until so many frames have
  // been sent or it dies.
  async send(tags, nFrames) {
    const startMs = performance.now();
    const periodMs = tags.at(-1).time + 1;
    for (let i = 0; this.sentMs.length < nFrames; i += 1) {
      const { type, time, body, isFrame } = tags[i % tags.length];
      const dueMs = time + periodMs * Math.floor(i / tags.length);
      await pause(Math.max(startMs + dueMs - performance.now(), 0));
      if (this.isDead) {
        return;
      }
      if (isFrame) {
        this.sentMs.push(Date.now());
      }
      this.socket.write(message(type === TAG_VIDEO ? 6 : 4, type, 1, dueMs,
        body));
    }
  }

  // How many frames had left by then.
  nSentBy(ms) {
    return this.sentMs.filter((sent) => sent <= ms).length;
  }

  endsItsStream() {
    this.isDead = true;
    this.socket.end(Buffer.concat([command(0, 'FCUnpublish', 4, null, ''),
      command(0, 'deleteStream', 5, null, 1)]));
  }

  // As when a process is killed with data unread.
  resets() {
    this.isDead = true;
    this.socket.resetAndDestroy();
  }

  // As when the network goes: nothing comes any more, and nobody says so.
  fallsSilent() {
    this.isDead = true;
    this.socket.pause();
  }

  close() {
    this.socket.destroy();
  }
}
