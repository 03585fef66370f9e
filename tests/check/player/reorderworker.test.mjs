// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';

const KEY = new Uint8Array([0, 0, 1, 0x67, 0x4d, 0, 0x1f, 0, 0, 1, 0x68, 1,
  0, 0, 1, 0x65, 1]);

const frameOf = (rtpTimestamp) => ({ type: 'key', data: KEY.buffer,
  getMetadata: () => ({ rtpTimestamp }) });

// What a worker has, as far as it is used.
const written = [];
const posted = [];
let reportNow;

globalThis.self = globalThis;
globalThis.postMessage = (message) => posted.push(message);
globalThis.EncodedVideoChunk = class {
  constructor(chunk) {
    Object.assign(this, chunk);
  }
};
globalThis.VideoDecoder = class {
  constructor({ output }) {
    this.output = output;
    this.decodeQueueSize = 0;
  }

  configure({ codec }) {
    this.codec = codec;
  }

  decode({ timestamp }) {
    this.output({ timestamp, codec: this.codec, close: () => {} });
  }
};

test('reorder worker: encoded frames become frames of the track', async () => {
  const { setInterval } = globalThis;
  globalThis.setInterval = (run) => { reportNow = run; };
  await import('../../../ext/whep/player/reorderworker.js');
  const writable = { getWriter: () => ({
    write: async (frame) => written.push(frame),
  }) };
  const frames = [frameOf(90000), frameOf(93000)];
  self.onmessage({ data: { soundMs: 1 } }); // too early, and ignored
  await self.onrtctransform({ transformer: { options: { writable }, readable: {
    getReader: () => ({ read: async () => ({ value: frames.shift(),
      done: frames.length === 0 }) }),
  } } });
  globalThis.setInterval = setInterval;
  assert.deepEqual(written.map(({ timestamp, codec }) => [timestamp, codec]),
    [[1e6, 'avc1.4d001f']]);
  reportNow();
  const [{ counts }] = posted;
  assert.deepEqual([counts.taken, counts.decoded, counts.shown], [1, 1, 1]);
  assert.ok(counts.earliestMs > 0);
  self.onmessage({ data: { soundMs: null } });
});
