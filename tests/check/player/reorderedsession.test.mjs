// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canReorder, ReorderedSession }
  from '../../../ext/whep/player/reorderedsession.js';

const ENDPOINT = 'https://gateway.example/whep/live/cam';
const MODULE = 'https://gateway.example/reorderedsession.js';
const REPORT = { taken: 9, decoded: 8, shown: 7, earliestMs: 1000 };

// What the session of a test uses of a browser.
class Connection extends EventTarget {
  constructor() {
    super();
    this.receivers = [];
    this.packets = 0;
    connection = this;
  }

  addTransceiver(kind) {
    this.receivers.push({ kind, source: null,
      getSynchronizationSources: () => (sound ? [sound] : []),
      getParameters: () => ({ codecs: [{ clockRate: 48000 }] }) });
  }

  getReceivers() {
    return this.receivers;
  }

  async createOffer() {
    await null;
    // A transform that comes later is of no effect.
    this.wasInTime = 'transform' in this.receivers[0];
    return { sdp: '' };
  }

  async setLocalDescription() {
    this.hasLocal = true;
  }

  async setRemoteDescription() {
    for (const { kind } of this.receivers) {
      this.ontrack({ receiver: {}, track: { kind } });
    }
  }

  async getStats() {
    return new Map([['a', { type: 'inbound-rtp', kind: 'audio' }],
      ['v', { type: 'inbound-rtp', kind: 'video', framesDecoded: 0,
        packetsReceived: this.packets }]]);
  }

  close() {
    this.isClosed = true;
  }
}

let connection;
let worker;
let urls;
let sound;
let check;
let isAudible;
const { setInterval } = globalThis;

function setUp() {
  urls = [];
  sound = null;
  worker = null;
  check = null;
  isAudible = true;
  globalThis.RTCPeerConnection = Connection;
  globalThis.setInterval = (run) => { check = run; };
  globalThis.window = {
    MediaStreamTrackGenerator: class {
      constructor() {
        this.writable = {};
      }

      stop() {
        this.isStopped = true;
      }
    },
    RTCRtpScriptTransform: class {
      constructor(...args) {
        this.args = args;
      }
    },
  };
  globalThis.Worker = class {
    constructor(url) {
      Object.assign(this, { url: String(url), messages: [] });
      worker = this;
    }

    postMessage(message) {
      this.messages.push(message);
    }

    terminate() {
      this.isTerminated = true;
    }
  };
}

// In one process, all files share the globals.
function inPage(claim, run) {
  test(claim, async () => {
    setUp();
    try {
      await run();
    } finally {
      Object.assign(globalThis, { setInterval });
    }
  });
}

async function opened(hasBFrames, endpoint = ENDPOINT) {
  const states = [];
  const tracks = [];
  globalThis.fetch = async (url) => {
    urls.push(String(url));
    const headers = { Location: 'cam/s1', ...hasBFrames &&
      { 'B-Frames': 'pass' } };
    return { status: 201, url: String(url), text: async () => '',
      headers: { get: (name) => headers[name] || null } };
  };
  const session = new ReorderedSession(endpoint,
    (track) => tracks.push(track), (state) => states.push(state), false, {},
    () => isAudible);
  await session.open();
  return { session, states, tracks };
}

async function checks(times) {
  for (let i = 0; i < times; i += 1) {
    connection.packets += 10;
    await check();
  }
}

inPage('reordered session: only in browsers that have all of it', () => {
  const view = { isSecureContext: true, RTCRtpScriptTransform: 1,
    VideoDecoder: 1, MediaStreamTrackGenerator: 1,
    location: { origin: 'https://gateway.example' } };
  assert.equal(canReorder(view, MODULE), true);
  assert.equal(canReorder({ ...view, isSecureContext: false }, MODULE), false);
  assert.equal(canReorder(view, 'https://elsewhere.example/a.js'), false);
  for (const name of ['RTCRtpScriptTransform', 'VideoDecoder',
    'MediaStreamTrackGenerator']) {
    const other = { ...view };
    delete other[name];
    assert.equal(canReorder(other, MODULE), false);
  }
});

inPage('reordered session: it asks for B-frames, and shows its own track',
  async () => {
    const { session, tracks } = await opened(true);
    assert.deepEqual(urls, [`${ENDPOINT}?b-frames=pass`]);
    assert.equal(connection.wasInTime, true);
    assert.deepEqual(tracks, [session.picture, { kind: 'audio' }]);
    assert.match(worker.url, /\/reorderworker\.js$/);
    await opened(true, `${ENDPOINT}?token=a`);
    assert.equal(urls[1], `${ENDPOINT}?token=a&b-frames=pass`);
  });

inPage('reordered session: without B-frames it is not the one to use',
  async () => {
    const { states } = await opened(false);
    assert.deepEqual(states, ['plain']);
  });

inPage('reordered session: the figures are those of its decoder', async () => {
  await opened(true);
  worker.onmessage({ data: { counts: REPORT } });
  const entries = await connection.getStats();
  assert.equal(entries.get('v').framesDecoded, 8);
  assert.equal(entries.get('v').framesReceived, 9);
  assert.equal(entries.get('a').framesDecoded, undefined);
});

inPage('reordered session: what cannot be decoded is given up', async () => {
  const { states } = await opened(true);
  worker.onmessage({ data: { failure: 'no' } });
  worker.onerror();
  assert.deepEqual(states, ['undecodable', 'undecodable']);
});

inPage('reordered session: a picture that never comes ends', async () => {
  const { states } = await opened(true);
  await checks(4);
  assert.deepEqual(states, []);
  await checks(1);
  assert.deepEqual(states, ['undecodable']);
});

inPage('reordered session: a picture that stalls starts anew', async () => {
  const { states } = await opened(true);
  await checks(2);
  worker.onmessage({ data: { counts: REPORT } });
  await checks(6);
  assert.deepEqual(states, ['failed']);
});

inPage('reordered session: a silent publisher is not waited for', async () => {
  const { states } = await opened(true);
  for (let i = 0; i < 20; i += 1) {
    await check();
  }
  assert.deepEqual(states, []);
});

inPage('reordered session: the worker knows when sound is heard', async () => {
  await opened(true);
  worker.onmessage({ data: { counts: REPORT } });
  await checks(1);
  sound = { timestamp: 6000, rtpTimestamp: 48000 * 4.9 };
  await checks(1);
  isAudible = false;
  await checks(1);
  assert.deepEqual(worker.messages.map(({ soundMs }) => soundMs),
    [null, 1100, null]);
  assert.equal(connection.receivers[1].jitterBufferTarget, undefined);
});

// What is heard comes out @ms after its time.
function soundIsLateBy(ms) {
  sound = { timestamp: 6000, rtpTimestamp: 48 * (6000 - ms) };
}

// A browser whose sound is late by @ownMs, or by what it is asked for, which it
// approaches in each half second by this much.
const STEP_MS = 60;
const OWN_MS = 80;

async function soundFollows(audio, lateMs, times) {
  let now = lateMs;
  for (let i = 0; i < times; i += 1) {
    soundIsLateBy(now);
    await checks(1);
    const wantedMs = Math.max(OWN_MS, audio.jitterBufferTarget || 0);
    now += Math.max(-STEP_MS, Math.min(wantedMs - now, STEP_MS));
  }
  return now;
}

const picture = (earliestMs) =>
  worker.onmessage({ data: { counts: { ...REPORT, earliestMs } } });

inPage('reordered session: sound that is ahead waits for the picture',
  async () => {
    await opened(true);
    picture(1000);
    soundIsLateBy(900);
    await checks(2);
    const [, audio] = connection.receivers;
    assert.equal(audio.jitterBufferTarget, 100);
    soundIsLateBy(990);
    await checks(2);
    assert.equal(audio.jitterBufferTarget, 100);
    isAudible = false;
    await checks(1);
    assert.equal(audio.jitterBufferTarget, 0);
  });

inPage('reordered session: what the sound is still doing is not asked again',
  async () => {
    await opened(true);
    picture(500);
    const [, audio] = connection.receivers;
    const targets = new Set();
    let lateMs = OWN_MS;
    for (let i = 0; i < 20; i += 1) {
      lateMs = await soundFollows(audio, lateMs, 1);
      targets.add(audio.jitterBufferTarget);
    }
    assert.ok(Math.abs(lateMs - 500) <= 20, `${lateMs}`);
    assert.ok(Math.max(...[...targets].filter(Boolean)) <= 520,
      [...targets].join());
  });

inPage('reordered session: the sound waits no longer than the picture needs',
  async () => {
    await opened(true);
    picture(500);
    const [, audio] = connection.receivers;
    let lateMs = await soundFollows(audio, OWN_MS, 20);
    picture(200);
    lateMs = await soundFollows(audio, lateMs, 20);
    assert.ok(Math.abs(lateMs - 200) <= 20, `${lateMs}`);
    picture(20);
    lateMs = await soundFollows(audio, lateMs, 20);
    assert.equal(lateMs, OWN_MS);
    assert.equal(audio.jitterBufferTarget, 0);
    picture(2000);
    lateMs = await soundFollows(audio, lateMs, 40);
    assert.equal(audio.jitterBufferTarget, 1000);
  });

inPage('reordered session: closing it ends the worker', async () => {
  const { session } = await opened(true);
  session.close();
  assert.equal(worker.isTerminated, true);
  assert.equal(session.picture.isStopped, true);
  assert.equal(connection.isClosed, true);
});
