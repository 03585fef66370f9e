// SPDX-License-Identifier: LGPL-2.1-or-later
// A publisher that lives for a few frames and then dies in a chosen way. Speaks
// just enough RTMP for that: publishers as people use them are in
// tests/e2e/publishers.mjs.

import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { command, HANDSHAKE, message, setChunkSize } from './rtmptalk.mjs';

const CHUNK_BYTES = 1 << 20;
const FLV_HEADER_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const TAG_VIDEO = 9;
const TAG_AUDIO = 8;
const START_LIMIT_MS = 60000;
// Enough attempts for a name to settle that has just been taken over.
const MAX_STARTS = 20;
const RESTART_MS = 500;

// Makes the kernel drop everything that arrives at a socket before TCP sees it:
// from then on, its end of the connection acknowledges nothing, as if a cable
// were cut. The filter is one instruction, "return 0".
const CUT_OFF = `
import ctypes, socket, struct
SO_ATTACH_FILTER = 26
drop_all = ctypes.create_string_buffer(struct.pack('HBBI', 6, 0, 0, 0))
program = struct.pack('HL', 1, ctypes.addressof(drop_all))
end = socket.socket(fileno=3)
end.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
end.detach()
`;

// The tags of a file, in order: { type, time, body, isFrame }.
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
  // Resolves when the server has accepted it.
  static async start(port, name) {
    for (let i = 0; i < MAX_STARTS; i += 1) {
      const self = await Mortal.tries(port, name);
      if (self !== null) {
        return self;
      }
      await pause(RESTART_MS);
    }
    throw new Error(`${name}: rejected ${MAX_STARTS} times`);
  }

  // Resolves to null if it is rejected.
  static async tries(port, name) {
    const self = new Mortal();
    self.sentMs = []; // when each frame of video was sent
    self.isDead = false;
    self.socket = connect(port, '127.0.0.1');
    self.socket.setNoDelay(true);
    // A publisher that takes its place gets it disconnected.
    self.socket.on('error', () => {});
    self.socket.write(Buffer.concat([HANDSHAKE, setChunkSize(CHUNK_BYTES),
      command(0, 'connect', 1, { app: 'live', type: 'nonprivate',
        tcUrl: `rtmp://127.0.0.1:${port}/live` }),
      command(0, 'createStream', 2, null),
      command(1, 'publish', 3, null, name, 'live')]));
    const code = await self.hears();
    self.socket.resume();
    if (code === 'Start') {
      return self;
    }
    self.close();
    return null;
  }

  // The server's reply to publish.
  async hears() {
    const signal = AbortSignal.timeout(START_LIMIT_MS);
    for (let heard = '';;) {
      const [bytes] = await once(this.socket, 'data', { signal });
      heard += bytes.toString('latin1');
      const found = /NetStream\.Publish\.(\w+?)(?=\W)/u.exec(heard);
      if (found) {
        return found[1];
      }
    }
  }

  // Sends in a loop, at the pace of the tags' timestamps, until @nFrames have
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

  // As when the network fails: nothing arrives any more, and there is no sign
  // of why.
  fallsSilent() {
    this.isDead = true;
    this.socket.pause();
    execFileSync('python3', ['-c', CUT_OFF], { stdio: ['ignore', 'inherit',
      'inherit', this.socket._handle.fd] });
  }

  close() {
    this.socket.destroy();
  }
}
