// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reordering, RtpClock } from '../../../ext/whep/player/reordering.js';

const START = [0, 0, 1];
const SETS = [...START, 0x67, 0x4d, 0, 0x1f, ...START, 0x68, 1];
const OTHER_SETS = [...START, 0x67, 0x4d, 0, 0x28, ...START, 0x68, 1];
const KEY = new Uint8Array([...SETS, ...START, 0x65, 1]);
const OTHER_KEY = new Uint8Array([...OTHER_SETS, ...START, 0x65, 1]);
const DELTA = new Uint8Array([...START, 0x41, 1]);

// A decoder that gives all frames away but the newest two, in order.
class Decoder {
  constructor({ output, error }) {
    Object.assign(this, { output, error, state: 'configured' });
    this.decodeQueueSize = 0;
    this.configs = [];
    this.held = [];
  }

  configure(config) {
    this.configs.push(config);
  }

  decode({ timestamp }) {
    this.held.push(timestamp);
    this.held.sort((a, b) => a - b);
    while (this.held.length > 2) {
      this.output({ timestamp: this.held.shift() });
    }
  }

  async flush() {
    this.held.splice(0).forEach((timestamp) => this.output({ timestamp }));
  }

  close() {
    this.state = 'closed';
  }
}

class Rig {
  constructor() {
    this.decoders = [];
    this.frames = [];
    this.failures = [];
    this.nShown = 0;
    this.reordering = new Reordering({
      makeDecoder: (callbacks) => {
        this.decoders.push(new Decoder(callbacks));
        return this.decoders.at(-1);
      },
      makeChunk: (chunk) => chunk,
      onFrame: ({ timestamp }) => this.frames.push(timestamp / 1000),
      nShown: () => this.nShown,
      onFailure: (error) => this.failures.push(error),
    });
  }

  // By the numbers of the frames, in decoding order; 100 ms apart.
  take(...numbers) {
    for (const number of numbers) {
      this.reordering.take(number % 8 === 0 ? 'key' : 'delta',
        number % 8 === 0 ? KEY : DELTA, 9000 * number);
    }
  }
}

const ms = (...numbers) => numbers.map((number) => 100 * number);

test('reordering: frames leave in the order in which they are shown', () => {
  const rig = new Rig();
  rig.take(0, 4, 2, 1, 3, 8, 6, 5, 7);
  assert.deepEqual(rig.frames, ms(0, 1, 2, 3, 4, 5, 6));
  assert.equal(rig.decoders.length, 1);
  assert.equal(rig.decoders[0].configs.length, 1);
});

test('reordering: decoding begins with a key frame', () => {
  const rig = new Rig();
  rig.take(3, 5, 8, 12, 10, 9);
  assert.deepEqual(rig.frames, ms(8, 9));
});

test('reordering: times continue after 32 bits', () => {
  const clock = new RtpClock(1000);
  assert.deepEqual([2 ** 32 - 2, 2 ** 32 - 1, 1, 2 ** 32 - 1, 3].map((time) =>
    clock.ms(time) - 2 ** 32), [-2, -1, 1, -1, 3]);
});

test('reordering: other parameter sets lose no frame', () => {
  const rig = new Rig();
  rig.take(0, 2, 1);
  rig.reordering.take('key', OTHER_KEY, 9000 * 3);
  rig.take(4, 5);
  assert.deepEqual(rig.frames, ms(0, 1, 2, 3));
  assert.deepEqual(rig.decoders[0].configs.map(({ codec }) => codec),
    ['avc1.4d001f', 'avc1.4d0028']);
});

test('reordering: after an error it continues with a key frame', () => {
  const rig = new Rig();
  rig.take(0, 1, 2);
  rig.decoders[0].error(new Error('broken'));
  rig.take(3, 8, 9, 10);
  assert.deepEqual(rig.frames, ms(0, 8));
  assert.deepEqual(rig.failures, []);
});

test('reordering: a decoder that always fails is reported once', () => {
  const rig = new Rig();
  for (let i = 0; i < 5; i += 1) {
    rig.take(8 * i);
    rig.decoders.at(-1).error(new Error('broken'));
  }
  assert.equal(rig.decoders.length, 5);
  assert.equal(rig.failures.length, 1);
});

test('reordering: encoded frames wait while many decoded ones do', () => {
  const rig = new Rig();
  rig.nShown = 12;
  rig.take(0, 1, 2, 3);
  assert.deepEqual(rig.frames, []);
  rig.nShown = 0;
  rig.reordering.decode();
  assert.deepEqual(rig.frames, ms(0, 1));
});

test('reordering: frames that wait too long give way to a key frame', () => {
  const rig = new Rig();
  rig.take(0);
  rig.nShown = 12;
  for (let i = 0; i < 301; i += 1) {
    rig.take(1);
  }
  rig.nShown = 0;
  rig.take(2, 3, 16, 17, 18);
  assert.deepEqual(rig.frames, ms(0, 16));
});
