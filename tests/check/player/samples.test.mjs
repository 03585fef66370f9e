// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT, Samples } from '../../../ext/whep/player/samples.js';

const START_MS = 9000;

// A stream in virtual time: each second adds the same to all counts, except
// for what a test says.
class Stream {
  constructor() {
    this.ms = START_MS;
    this.samples = new Samples();
    this.video = { type: 'inbound-rtp', kind: 'video', bytesReceived: 0,
      packetsReceived: 0, packetsLost: 0, retransmittedPacketsReceived: 0,
      framesDecoded: 0, jitterBufferDelay: 0, jitterBufferEmittedCount: 0,
      totalDecodeTime: 0, freezeCount: 0 };
    this.audio = { type: 'inbound-rtp', kind: 'audio', bytesReceived: 0,
      packetsReceived: 0, packetsLost: 0, jitterBufferDelay: 0,
      jitterBufferEmittedCount: 0 };
    this.pair = { type: 'candidate-pair', state: 'succeeded', nominated: true,
      currentRoundTripTime: 0.02 };
    this.frame = { captureTime: 100, receiveTime: 130,
      expectedDisplayTime: 150 };
  }

  seconds(n, { frames = 30, lost = 0, repaired = 0, freezes = 0 } = {}) {
    for (let i = 0; i < n; i += 1) {
      this.ms += 1000;
      this.video.bytesReceived += 250000 - 16000;
      this.video.packetsReceived += 150 - lost;
      this.video.packetsLost += lost;
      this.video.retransmittedPacketsReceived += repaired;
      this.video.framesDecoded += frames;
      this.video.jitterBufferEmittedCount += frames;
      this.video.jitterBufferDelay += 0.004 * frames;
      this.video.totalDecodeTime += 0.005 * frames;
      this.video.freezeCount += freezes;
      this.audio.bytesReceived += 16000;
      this.audio.packetsReceived += 50;
      this.audio.jitterBufferEmittedCount += 48000;
      this.audio.jitterBufferDelay += 0.08 * 48000;
      this.samples.add(this.ms, new Map([this.video, this.audio, this.pair]
        .map((entry, id) => [id, { ...entry }])), this.frame);
    }
    return this;
  }

  get newest() {
    return this.samples.all[this.samples.all.length - 1];
  }
}

const near = (seen, expected) => assert.ok(Math.abs(seen - expected) < 1e-6,
  `${seen} is not ${expected}`);

test('samples: a second is what has been counted since the last', () => {
  const { newest } = new Stream().seconds(4, { lost: 10, repaired: 4 });
  for (const [key, expected] of Object.entries({ fps: 30, mbit: 2, loss: 5,
    repaired: 2, buffer: 4, sound: 80, decode: 5, freezes: 0, rtt: 20,
    wayMs: 30, shownMs: 20 })) {
    near(newest[key], expected);
  }
});

test('samples: what the browser does not count is null', () => {
  const stream = new Stream();
  stream.pair = {};
  stream.frame = null;
  delete stream.video.totalDecodeTime;
  delete stream.video.retransmittedPacketsReceived;
  const { newest, samples } = stream.seconds(4);
  // NaN, as a browser without the count would add to it here.
  for (const key of ['rtt', 'wayMs', 'shownMs', 'decode', 'repaired']) {
    assert.equal(newest[key], null, key);
  }
  assert.ok(samples.budget().every(([what, ms]) =>
    (ms === null) === (what !== 'Jitter buffer')));
});

test('samples: a minute is kept', () => {
  const { samples } = new Stream().seconds(KEPT + 20);
  assert.equal(samples.values('fps').length, KEPT);
});

test('samples: another session does not count backwards', () => {
  const stream = new Stream().seconds(5);
  const before = stream.samples.all.length;
  stream.samples.begin();
  stream.video.framesDecoded = 0;
  stream.seconds(3);
  assert.equal(stream.samples.all.length, before);
  stream.seconds(1);
  near(stream.newest.fps, 30);
});

test('samples: health is good, fair or poor, and says why', () => {
  const health = (...spells) => {
    const stream = new Stream();
    spells.forEach(([n, what]) => stream.seconds(n, what));
    return stream.samples.health();
  };
  const cases = [
    ['unknown', /Not yet/, [2]],
    ['good', /in time/, [20]],
    ['fair', /2\.0 % of the packets/, [20, { lost: 4 }]],
    ['poor', /10\.0 % of the packets/, [20, { lost: 20 }]],
    ['poor', /frozen/, [20], [1, { freezes: 1 }]],
    ['good', /in time/, [20], [1, { freezes: 1 }], [10]],
    ['fair', /Fewer frames/, [20], [5, { frames: 20 }]],
    ['poor', /Fewer frames/, [20], [5, { frames: 10 }]],
  ];
  for (const [grade, why, ...spells] of cases) {
    const [seen, words] = health(...spells);
    assert.equal(seen, grade, words);
    assert.match(words, why);
  }
});

test('samples: a slow network and late frames are fair', () => {
  const slow = new Stream();
  slow.pair.currentRoundTripTime = 0.3;
  assert.deepEqual(slow.seconds(5).samples.health(),
    ['fair', 'The network to the server is slow.']);
  const late = new Stream();
  for (let i = 0; i < 5; i += 1) {
    late.video.jitterBufferDelay += 30 * 0.4;
    late.seconds(1);
  }
  assert.equal(late.samples.health()[0], 'fair');
});

test('samples: the budget of the delay adds up, from capture to screen', () => {
  const budget = new Stream().seconds(5).samples.budget();
  assert.deepEqual(budget.map(([what]) => what), ['Encoder', 'Gateway',
    'Network', 'Jitter buffer', 'Decoder', 'Screen']);
  assert.equal(budget[0][1], null);
  budget.slice(1).forEach(([, ms], i) => near(ms, [20, 10, 4, 5, 11][i]));
});
