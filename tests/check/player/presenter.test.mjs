// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Presenter } from '../../../ext/whep/player/presenter.js';

const FRAME_MS = 20;
const TRANSIT_MS = 50;

// Frames and a presenter in virtual time; frame n is of n × FRAME_MS.
class Rig {
  constructor() {
    this.now = 0;
    this.timers = new Map();
    this.shown = []; // [number, when]
    this.closed = [];
    this.nRoom = 0;
    this.presenter = new Presenter({
      show: ({ number }) => this.shown.push([number, this.now]),
      onRoom: () => { this.nRoom += 1; },
      now: () => this.now,
      setTimer: (run, ms) => {
        const key = {};
        this.timers.set(key, { run, due: this.now + ms });
        return key;
      },
      clearTimer: (key) => this.timers.delete(key),
    });
  }

  passTo(now) {
    for (;;) {
      const next = [...this.timers].filter(([, { due }]) => due <= now)
        .sort(([, a], [, b]) => a.due - b.due)[0];
      if (!next) {
        break;
      }
      this.timers.delete(next[0]);
      this.now = next[1].due;
      next[1].run();
    }
    this.now = now;
  }

  comes(number, at = number * FRAME_MS + TRANSIT_MS) {
    this.passTo(at);
    this.presenter.add({ timestamp: 1000 * number * FRAME_MS, number,
      close: () => this.closed.push(number) });
  }

  come(from, to, lateMs = () => 0) {
    for (let n = from; n < to; n += 1) {
      this.comes(n, n * FRAME_MS + TRANSIT_MS + lateMs(n));
    }
  }

  // From a frame's time to when it was shown.
  get delays() {
    return this.shown.map(([number, at]) => at - number * FRAME_MS);
  }
}

test('presenter: frames that come evenly are shown at once', () => {
  const rig = new Rig();
  rig.come(0, 200);
  assert.equal(rig.shown.length, 200);
  assert.deepEqual(new Set(rig.delays), new Set([TRANSIT_MS]));
  assert.equal(rig.nRoom, 200);
});

test('presenter: jitter is evened out by 20 ms at most', () => {
  const rig = new Rig();
  rig.come(0, 400, (n) => (n * 7 % 4) * 5);
  rig.passTo(10000);
  assert.equal(rig.shown.length, 400);
  assert.deepEqual(new Set(rig.delays.slice(10)), new Set([TRANSIT_MS + 15]));
  rig.come(400, 401, () => 60);
  rig.come(401, 402, () => 41);
  assert.deepEqual(rig.delays.slice(-2), [TRANSIT_MS + 60, TRANSIT_MS + 41]);
});

test('presenter: of a backlog that comes at once, the newest is shown', () => {
  const rig = new Rig();
  for (let n = 0; n < 100; n += 1) {
    rig.comes(n, 2050);
  }
  rig.passTo(2050);
  rig.come(101, 150);
  rig.passTo(4000);
  assert.equal(rig.shown.at(-1)[0], 149);
  assert.ok(rig.closed.length + rig.shown.length >= 149);
  assert.deepEqual(rig.shown.map(([n]) => n),
    rig.shown.map(([n]) => n).sort((a, b) => a - b));
});

test('presenter: what a rewind repeats is shown once', () => {
  const rig = new Rig();
  rig.come(0, 50);
  for (let n = 30; n < 50; n += 1) {
    rig.comes(n, 1060);
  }
  rig.come(51, 60);
  assert.deepEqual(rig.shown.map(([n]) => n),
    [...Array(50).keys(), ...Array(9).keys()].map((n, i) =>
      (i < 50 ? n : n + 51)));
  assert.equal(rig.closed.length, 20);
});

test('presenter: the picture waits for the sound, up to a second', () => {
  const rig = new Rig();
  rig.come(0, 10);
  rig.presenter.setSound(150);
  rig.come(10, 60);
  rig.presenter.setSound(9000);
  rig.come(60, 200);
  rig.passTo(20000);
  assert.deepEqual(new Set(rig.delays.slice(10, 40)), new Set([150]));
  assert.equal(rig.delays.at(-1), TRANSIT_MS + 1000);
  assert.equal(rig.shown.length, 200);
});

test('presenter: without its sound, the picture is early again', () => {
  const rig = new Rig();
  rig.presenter.setSound(150);
  rig.come(0, 50);
  rig.presenter.setSound(null);
  rig.come(50, 100);
  assert.deepEqual(new Set(rig.delays.slice(-40)), new Set([TRANSIT_MS]));
});

test('presenter: sound that is ahead does not hurry the picture', () => {
  const rig = new Rig();
  rig.come(0, 5);
  rig.presenter.setSound(-500);
  rig.come(5, 50);
  assert.deepEqual(new Set(rig.delays), new Set([TRANSIT_MS]));
  assert.equal(rig.presenter.earliestMs, TRANSIT_MS);
});
