// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Statistics } from '../../../ext/whep/player/statistics.js';

const START_MS = 7000;
const AUDIO = { type: 'inbound-rtp', kind: 'audio', bytesReceived: 16000,
  packetsLost: 1 };
const VIDEO = { type: 'inbound-rtp', kind: 'video', bytesReceived: 300000,
  packetsLost: 2, framesReceived: 31, framesDecoded: 30,
  jitterBufferDelay: 0.6, jitterBufferEmittedCount: 30 };
const LATER = { ...VIDEO, bytesReceived: 550000, framesReceived: 56,
  framesDecoded: 55, jitterBufferDelay: 1.1, jitterBufferEmittedCount: 55 };

// A connection in virtual time, with made-up reports.
class Connection {
  constructor() {
    this.nowMs = START_MS;
    this.reports = [];
    this.video = { videoWidth: 0, videoHeight: 0 };
    this.statistics = new Statistics(
      { getStats: async () => new Map(this.reports.entries()) },
      this.video, () => this.nowMs);
  }

  async reportsAfter(ms, ...reports) {
    this.nowMs += ms;
    this.reports = reports;
    await this.statistics.update();
  }

  showsPicture() {
    Object.assign(this.video, { videoWidth: 1280, videoHeight: 720 });
  }
}

test('statistics: a second of a stream becomes a line', async () => {
  const connection = new Connection();
  connection.showsPicture();
  await connection.reportsAfter(1000, AUDIO, VIDEO);
  await connection.reportsAfter(1000, AUDIO, LATER);
  assert.equal(connection.statistics.text(),
    '1280×720 · 25 fps · 2000 kbit/s · 3 lost · buffer 20 ms');
});

test('statistics: rates are per second, whatever the interval', async () => {
  const connection = new Connection();
  connection.showsPicture();
  await connection.reportsAfter(1000, VIDEO);
  await connection.reportsAfter(2500, LATER);
  assert.match(connection.statistics.text(), / · 10 fps · 800 kbit\/s · /);
});

test('statistics: there is no line before the second report', async () => {
  const connection = new Connection();
  connection.showsPicture();
  await connection.reportsAfter(1000, VIDEO);
  assert.equal(connection.statistics.text(), '');
});

test('statistics: there is no line without a picture', async () => {
  const connection = new Connection();
  await connection.reportsAfter(1000, AUDIO);
  await connection.reportsAfter(1000, AUDIO);
  assert.equal(connection.statistics.text(), '');
});

test('statistics: a browser that does not count its buffer gets none shown',
  async () => {
    const { jitterBufferDelay, jitterBufferEmittedCount, ...old } = LATER;
    const connection = new Connection();
    connection.showsPicture();
    await connection.reportsAfter(1000, old);
    await connection.reportsAfter(1000, old);
    assert.ok(jitterBufferDelay > 0 && jitterBufferEmittedCount > 0);
    assert.equal(connection.statistics.text(),
      '1280×720 · 0 fps · 0 kbit/s · 2 lost');
  });

test('statistics: without a count of losses none is shown', async () => {
  const { packetsLost, ...http } = VIDEO;
  const connection = new Connection();
  connection.showsPicture();
  await connection.reportsAfter(1000, http);
  await connection.reportsAfter(1000, { ...http, framesDecoded: 55 });
  assert.ok(packetsLost > 0);
  assert.match(connection.statistics.text(), /25 fps · 0 kbit\/s$/);
  assert.doesNotMatch(connection.statistics.text(), /lost/);
});

test('statistics: the wait in the buffer is that of the last second',
  async () => {
    const connection = new Connection();
    await connection.reportsAfter(1000, VIDEO);
    assert.equal(connection.statistics.bufferS(), null);
    await connection.reportsAfter(1000, LATER);
    assert.ok(Math.abs(connection.statistics.bufferS() - 0.02) < 1e-9);
    await connection.reportsAfter(1000, LATER);
    assert.equal(connection.statistics.bufferS(), null);
  });

test('statistics: old browsers say mediaType instead of kind', async () => {
  const { kind, ...old } = VIDEO;
  const connection = new Connection();
  await connection.reportsAfter(1000, { ...old, mediaType: kind });
  assert.equal(connection.statistics.frames, 30);
  assert.equal(connection.statistics.received, 31);
});

test('statistics: silence counts from the last byte', async () => {
  const connection = new Connection();
  await connection.reportsAfter(1000, VIDEO);
  await connection.reportsAfter(1000, LATER);
  await connection.reportsAfter(1000, LATER);
  connection.nowMs += 500;
  assert.equal(connection.statistics.silentMs(), 1500);
});

test('statistics: media exists from the first byte on', async () => {
  const connection = new Connection();
  await connection.reportsAfter(1000);
  await connection.reportsAfter(1000, { ...VIDEO, bytesReceived: 0 });
  assert.equal(connection.statistics.hasMedia, false);
  await connection.reportsAfter(1000, VIDEO);
  connection.nowMs += 700;
  assert.equal(connection.statistics.hasMedia, true);
  assert.equal(connection.statistics.ageMs(), 700);
});
