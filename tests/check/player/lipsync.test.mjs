// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apartOf, LipSync, Steering } from
  '../../../ext/whep/player/lipsync.js';

// A browser counts from 1900.
const START_MS = 3.97e12;
const NEAR_MS = 10;
const LIMIT_MS = 500;
const RATE_MS = 100;

const report = (kind, ms) => ({ type: 'inbound-rtp', kind,
  estimatedPlayoutTimestamp: START_MS + ms });

// A browser whose sound is late by @soundMs, and whose picture is by what it
// takes for itself and by what it is asked for, which it approaches slowly. As
// long as it deems the picture early by @earlyMs, it waits for less.
class Browser {
  constructor({ soundMs = 120, ownMs = 20, earlyMs = 0 } = {}) {
    Object.assign(this, { soundMs, ownMs, earlyMs });
    this.requests = [];
    this.nowMs = 7000;
    this.waitMs = 0;
    this.video = { muted: true, volume: 1 };
    this.receiver = { track: { kind: 'video' }, jitterBufferTarget: 0 };
    this.isReachable = true;
    this.isAnswering = true;
    this.session = {
      location: 'http://gateway/whep/live/cam/s1',
      pc: {
        getReceivers: () => [{ track: { kind: 'audio' } }, this.receiver],
        getStats: async () => new Map(this.reports().entries()),
      },
      control: async (wishes) => {
        this.requests.push(wishes);
        if (!this.isReachable) {
          throw new TypeError('no network');
        }
        return this.isAnswering;
      },
    };
  }

  reports() {
    return [{ type: 'codec' }, report('audio', -this.soundMs),
      report('video', -this.lagMs)];
  }

  get lagMs() {
    return this.ownMs + Math.max(0, this.waitMs - this.earlyMs);
  }

  get apartMs() {
    return this.soundMs - this.lagMs;
  }

  async pass(lipSync, seconds) {
    for (let i = 0; i < seconds; i += 1) {
      await lipSync.update();
      await new Promise(setImmediate);
      this.nowMs += 1000;
      const leftMs = this.receiver.jitterBufferTarget - this.waitMs;
      this.waitMs += Math.max(-RATE_MS, Math.min(leftMs, RATE_MS));
    }
  }
}

function begun(browser, search, options = {}) {
  const lipSync = new LipSync(browser.video, search,
    { clock: () => browser.nowMs, ...options });
  lipSync.take(browser.session);
  return lipSync;
}

test('lipsync: what is apart is the sound’s delay less the picture’s', () => {
  assert.equal(apartOf([report('audio', 0), report('video', 80)]), 80);
  assert.equal(apartOf([report('audio', 0)]), null);
  assert.equal(apartOf([report('audio', 0), { type: 'inbound-rtp',
    kind: 'video' }]), null);
  assert.equal(apartOf([report('audio', 0), { ...report('video', 0),
    type: 'outbound-rtp' }]), null);
});

test('lipsync: a muted picture waits for nothing', async () => {
  const browser = new Browser();
  await browser.pass(begun(browser), 5);
  assert.equal(browser.receiver.jitterBufferTarget, 0);
  assert.deepEqual(browser.requests, []);
});

test('lipsync: sound that is on brings the picture into step', async () => {
  const browser = new Browser();
  const lipSync = begun(browser);
  browser.video.muted = false;
  await browser.pass(lipSync, 2);
  assert.ok(Math.abs(browser.apartMs) <= 10, `${browser.apartMs}`);
  assert.deepEqual(browser.requests, [{ sound: true }]);
});

test('lipsync: the picture does not go beyond the sound', async () => {
  for (const soundMs of [60, 150, 300]) {
    for (const earlyMs of [0, 40, 80]) {
      const browser = new Browser({ soundMs, earlyMs });
      const lipSync = begun(browser);
      browser.video.muted = false;
      for (let second = 0; second < 12; second += 1) {
        await browser.pass(lipSync, 1);
        assert.ok(browser.apartMs >= -NEAR_MS, `${soundMs} ${earlyMs}`);
      }
      assert.ok(browser.apartMs <= NEAR_MS, `${soundMs} ${earlyMs}`);
    }
  }
});

test('lipsync: the picture follows a sound that falls behind', async () => {
  const browser = new Browser();
  const lipSync = begun(browser);
  browser.video.muted = false;
  await browser.pass(lipSync, 2);
  for (const soundMs of [250, 90, 400]) {
    browser.soundMs = soundMs;
    await browser.pass(lipSync, 8);
    assert.ok(Math.abs(browser.apartMs) <= 10, `${browser.apartMs}`);
  }
});

test('lipsync: muted again, instant again', async () => {
  const browser = new Browser();
  const lipSync = begun(browser);
  browser.video.muted = false;
  await browser.pass(lipSync, 2);
  browser.video.muted = true;
  await browser.pass(lipSync, 1);
  assert.equal(browser.receiver.jitterBufferTarget, 0);
  assert.deepEqual(browser.requests, [{ sound: true }, { sound: false }]);
});

test('lipsync: a volume of 0 is as good as muted', async () => {
  const browser = new Browser();
  Object.assign(browser.video, { muted: false, volume: 0 });
  await browser.pass(begun(browser), 2);
  assert.deepEqual(browser.requests, []);
});

test('lipsync: ?sync is in step while muted, ?fast never', async () => {
  const sync = new Browser();
  await sync.pass(begun(sync, '?sync'), 3);
  assert.ok(sync.receiver.jitterBufferTarget > 0);
  const fast = new Browser();
  fast.video.muted = false;
  await fast.pass(begun(fast, '?fast&delay=3'), 3);
  assert.equal(fast.receiver.jitterBufferTarget, 0);
  assert.deepEqual(fast.requests, []);
});

test('lipsync: a session that began in step is not told so again', async () => {
  const browser = new Browser();
  browser.video.muted = false;
  browser.session.isInSync = true;
  await browser.pass(begun(browser), 3);
  assert.deepEqual(browser.requests, []);
  assert.ok(browser.receiver.jitterBufferTarget > 0);
});

test('lipsync: a server out of reach is asked again', async () => {
  const browser = new Browser();
  const lipSync = begun(browser);
  browser.video.muted = false;
  browser.isReachable = false;
  await browser.pass(lipSync, 2);
  browser.isReachable = true;
  await browser.pass(lipSync, 3);
  assert.deepEqual(browser.requests, Array(3).fill({ sound: true }));
});

test('lipsync: a server without the choice is asked once', async () => {
  const browser = new Browser();
  browser.isAnswering = false;
  browser.video.muted = false;
  await browser.pass(begun(browser), 4);
  assert.equal(browser.requests.length, 1);
});

test('lipsync: a browser that cannot be instant again gets another session',
  async () => {
    const browser = new Browser();
    let nRenewed = 0;
    const lipSync = begun(browser, '',
      { isOneWay: true, renew: () => { nRenewed += 1; } });
    await browser.pass(lipSync, 2);
    browser.video.muted = false;
    await browser.pass(lipSync, 2);
    assert.equal(nRenewed, 0);
    for (const n of [1, 2]) {
      browser.video.muted = true;
      await browser.pass(lipSync, 3);
      assert.equal(nRenewed, n);
      browser.video.muted = false;
      await browser.pass(lipSync, 2);
    }
    assert.deepEqual(browser.requests, [{ sound: true }]);
    lipSync.take({ ...browser.session });
    browser.video.muted = true;
    await browser.pass(lipSync, 2);
    assert.equal(nRenewed, 2);
    assert.deepEqual(browser.requests, [{ sound: true }]);
  });

test('lipsync: a session that is not open yet is left alone', async () => {
  const browser = new Browser();
  browser.video.muted = false;
  browser.session.location = null;
  await browser.pass(begun(browser), 2);
  assert.deepEqual(browser.requests, []);
  assert.equal(browser.receiver.jitterBufferTarget, 0);
});

test('lipsync: sessions that aren’t WebRTC are left alone', async () => {
  const browser = new Browser();
  browser.video.muted = false;
  const lipSync = new LipSync(browser.video);
  lipSync.take({ location: 'x', pc: browser.session.pc });
  await browser.pass(lipSync, 2);
  lipSync.take({ ...browser.session, decodes: true });
  await browser.pass(lipSync, 2);
  assert.deepEqual(browser.requests, []);
});

test('lipsync: an older browser is asked by a hint, in seconds', async () => {
  const browser = new Browser();
  const lipSync = begun(browser);
  browser.video.muted = false;
  delete browser.receiver.jitterBufferTarget;
  browser.receiver.playoutDelayHint = 0;
  browser.reports = () => [report('audio', -100), report('video', 0)];
  await browser.pass(lipSync, 1);
  assert.equal(browser.receiver.playoutDelayHint, 0.09);
});

test('lipsync: a browser without estimates keeps its picture', async () => {
  const browser = new Browser();
  const lipSync = begun(browser);
  browser.video.muted = false;
  browser.reports = () => [];
  await browser.pass(lipSync, 3);
  assert.equal(browser.receiver.jitterBufferTarget, 0);
});

test('lipsync: a sound that is far behind is not waited for', async () => {
  const browser = new Browser({ soundMs: 1700 });
  const lipSync = begun(browser);
  browser.video.muted = false;
  await browser.pass(lipSync, 3);
  assert.equal(browser.receiver.jitterBufferTarget, 0);
  browser.soundMs = 300;
  await browser.pass(lipSync, 6);
  assert.ok(Math.abs(browser.apartMs) <= NEAR_MS, `${browser.apartMs}`);
});

test('lipsync: the picture does not wait for ever, nor less than 0', () => {
  const steering = new Steering();
  for (let i = 0; i < 60; i += 1) {
    assert.ok(steering.step(100, 1000 * i) <= LIMIT_MS);
  }
  for (let i = 60; i < 80; i += 1) {
    steering.step(-9000, 1000 * i);
  }
  assert.equal(steering.targetMs, 0);
});

test('lipsync: small differences change nothing', () => {
  const steering = new Steering();
  const targetMs = steering.step(100, 0);
  for (const [i, apartMs] of [10, -10, 3, null].entries()) {
    assert.equal(steering.step(apartMs, 1000 * (i + 1)), targetMs);
  }
});
