// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasMediaSource, MediaSourceSession }
  from '../../../ext/whep/player/mediasource.js';
import { AUDIO, box, concat, fragment, moov, text } from './boxes.mjs';

const URL_OF_IT = 'https://gateway.example/live/cam.mp4?token=sesame';
const TYPE = 'video/mp4; codecs="avc1.64001f, mp4a.40.2"';
const FRAME_S = 0.04;
const INIT = concat(box('ftyp', text('iso6')), moov());

// Each fragment of video that is appended lasts a frame.
class Buffer extends EventTarget {
  constructor() {
    super();
    this.updating = false;
    this.appended = [];
    this.removed = [];
    this.start = 100;
    this.end = 100;
  }

  get buffered() {
    return { length: this.end > this.start ? 1 : 0,
      start: () => this.start, end: () => this.end };
  }

  appendBuffer(bytes) {
    assert.equal(this.updating, false);
    if (this.isFull) {
      throw new DOMException('', 'QuotaExceededError');
    }
    this.appended.push(bytes);
    this.end += FRAME_S * globalThis.Buffer.from(bytes).toString('latin1')
      .split('moof').slice(1).length;
    this.finish();
  }

  remove(start, end) {
    this.removed.push([start, end]);
    this.start = Math.max(this.start, end);
    this.finish();
  }

  finish() {
    this.updating = true;
    queueMicrotask(() => {
      this.updating = false;
      this.dispatchEvent(new Event('updateend'));
    });
  }
}

class Source extends EventTarget {
  static isTypeSupported(type) {
    return type === TYPE;
  }

  constructor() {
    super();
    sources.push(this);
    setImmediate(() => this.dispatchEvent(new Event('sourceopen')));
  }

  addSourceBuffer(type) {
    this.type = type;
    this.buffer = new Buffer();
    return this.buffer;
  }
}

class Video extends EventTarget {
  constructor() {
    super();
    this.currentTime = 0;
    this.playbackRate = 1;
    this.nPlays = 0;
  }

  getVideoPlaybackQuality() {
    return { totalVideoFrames: 7 };
  }

  play() {
    this.nPlays += 1;
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }
}

let sources;
let reply; // what the next request gets
let requests;

function replaceBrowser() {
  const { createObjectURL, revokeObjectURL } = URL;
  const realFetch = globalThis.fetch;
  sources = [];
  requests = [];
  globalThis.window = globalThis;
  globalThis.MediaSource = Source;
  URL.createObjectURL = () => 'blob:it';
  URL.revokeObjectURL = () => {};
  globalThis.fetch = async (url, options) => {
    requests.push({ url, ...options });
    return reply;
  };
  return () => {
    delete globalThis.MediaSource;
    delete globalThis.ManagedMediaSource;
    delete globalThis.window;
    globalThis.fetch = realFetch;
    Object.assign(URL, { createObjectURL, revokeObjectURL });
  };
}

// All tests of the player share a process: hooks would be shared, too.
function testSession(claim, run) {
  test(`mediasource: ${claim}`, async () => {
    const restore = replaceBrowser();
    try {
      await run();
    } finally {
      restore();
    }
  });
}

const settle = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

async function eventually(claim) {
  for (let i = 0; i < 400 && !claim(); i += 1) {
    await settle(5);
  }
  assert.ok(claim(), String(claim));
}

async function opened({ type = TYPE, video = new Video() } = {}) {
  const states = [];
  let controller;
  const body = new ReadableStream({ start: (it) => { controller = it; } });
  reply = new Response(body, { headers: { 'Content-Type': type } });
  const session = new MediaSourceSession(URL_OF_IT, video,
    (state) => states.push(state));
  await session.open();
  const [source] = sources;
  return { session, states, video, source, buffer: source.buffer,
    sends: async (...parts) => {
      controller.enqueue(concat(...parts));
      await settle(1);
    },
    ends: () => controller.close(),
    breaks: () => controller.error(new TypeError('network')) };
}

const frames = (n) => new Array(n).fill(fragment());

async function playing(options) {
  const all = await opened(options);
  await all.sends(INIT, fragment({ isKey: true }), ...frames(49));
  await eventually(() => all.session.hasStarted);
  return all;
}

testSession('the reply’s own type is what is played', async () => {
  const { source, video, session } = await opened();
  assert.equal(requests[0].url, URL_OF_IT);
  assert.equal(source.type, TYPE);
  assert.equal(source.duration, Infinity);
  assert.equal(video.src, 'blob:it');
  assert.equal(video.srcObject, null);
  assert.equal(session.location, URL_OF_IT);
});

testSession('each request has the headers of its user', async () => {
  const headers = { Authorization: 'Bearer sesame' };
  reply = new Response('', { status: 404 });
  const session = new MediaSourceSession(URL_OF_IT, new Video(), () => {},
    headers);
  await assert.rejects(session.open());
  await session.isKnown();
  assert.deepEqual(requests.map((request) => request.headers),
    [headers, headers]);
});

testSession('the end of a reply is no farewell', async () => {
  const session = new MediaSourceSession(URL_OF_IT, new Video(), () => {});
  assert.equal(await session.farewell(), null);
});

testSession('a rejection is that of the server', async () => {
  reply = new Response(JSON.stringify({
    type: 'urn:problem-type:whep:no-publisher', detail: 'Nobody.' }),
  { status: 409, headers: { 'Retry-After': '2' } });
  const session = new MediaSourceSession(URL_OF_IT, new Video(), () => {});
  await assert.rejects(session.open(),
    { type: 'no-publisher', status: 409, retryAfterS: 2 });
});

testSession('a type that the browser can’t decode is rejected',
  async () => {
    await assert.rejects(opened({ type: 'video/mp4; codecs="vvc1"' }),
      { type: 'undecodable', retryAfterS: 0 });
    assert.equal(requests[0].signal.aborted, true);
  });

testSession('the picture starts once, behind the end of the backlog',
  async () => {
    const { video, buffer, states } = await playing();
    assert.ok(buffer.end - video.currentTime < 0.2);
    assert.ok(video.currentTime < buffer.end);
    assert.equal(video.nPlays, 1);
    assert.deepEqual(states, ['connected']);
  });

testSession('all that arrives is appended, in its order', async () => {
  const { buffer, sends } = await playing();
  const later = concat(...frames(5));
  await sends(later.subarray(0, 50));
  await sends(later.subarray(50));
  assert.deepEqual(concat(...buffer.appended), concat(INIT,
    fragment({ isKey: true }), ...frames(49), later));
});

testSession('a picture that is late becomes faster', async () => {
  const { video, sends, session } = await playing();
  for (const frame of frames(4)) {
    await sends(frame);
  }
  assert.ok(video.playbackRate > 1);
  assert.ok(session.behindS() > 0.15);
  session.close();
  assert.equal(video.playbackRate, 1);
});

testSession('a stall leaves the picture further behind, a jump does not',
  async () => {
    const { video, session } = await playing();
    const { target } = session.edge;
    video.seeking = true;
    video.dispatchEvent(new Event('waiting'));
    assert.equal(session.edge.target, target);
    video.seeking = false;
    video.dispatchEvent(new Event('waiting'));
    assert.ok(session.edge.target > target);
  });

testSession('B-frames leave the picture further behind', async () => {
  const { session, sends } = await playing();
  const { target } = session.edge;
  await sends(fragment({ offset: 3000 }));
  assert.ok(session.edge.target > target);
});

testSession('a picture that is far behind jumps', async () => {
  const { video, buffer, sends } = await playing();
  await sends(...frames(50));
  assert.ok(buffer.end - video.currentTime < 0.7);
});

testSession('other parameters continue in the same reply', async () => {
  const { sends, states, buffer } = await playing();
  await sends(INIT, fragment({ isKey: true }));
  assert.deepEqual(states, ['connected']);
  assert.ok(buffer.appended.length > 1);
});

testSession('other codecs need another request', async () => {
  const { sends, states } = await playing();
  await sends(moov({ video: 'hvc1' }));
  assert.deepEqual(states, ['connected', 'failed']);
});

testSession('what is not MP4 fails', async () => {
  const { sends, states } = await opened();
  await sends(text('<html>'), new Uint8Array(100));
  assert.deepEqual(states, ['failed']);
});

testSession('the end of the reply is reported', async () => {
  const { ends, states } = await playing();
  ends();
  await settle();
  assert.deepEqual(states, ['connected', 'ended']);
});

testSession('a connection that breaks has failed', async () => {
  const { breaks, states } = await playing();
  breaks();
  await settle();
  assert.deepEqual(states, ['connected', 'failed']);
});

testSession('what the browser can’t decode has failed', async () => {
  const { video, states } = await playing();
  video.dispatchEvent(new Event('error'));
  assert.deepEqual(states, ['connected', 'failed']);
});

testSession('a browser without room has failed', async () => {
  const { buffer, sends, states } = await playing();
  buffer.isFull = true;
  await sends(fragment());
  assert.deepEqual(states, ['connected', 'failed']);
});

testSession('a closed session reports nothing, and asks no more',
  async () => {
    const { session, breaks, video, states } = await playing();
    session.close();
    breaks();
    video.dispatchEvent(new Event('error'));
    await settle();
    assert.deepEqual(states, ['connected']);
    assert.equal(requests[0].signal.aborted, true);
  });

testSession('a browser that wants a tap is reported', async () => {
  const video = new Video();
  video.refusal = new DOMException('', 'NotAllowedError');
  const { states } = await playing({ video });
  await settle();
  assert.deepEqual(states, ['connected', 'blocked']);
});

testSession('only whole GOPs behind the picture are removed',
  async () => {
    const { buffer, video, sends } = await playing();
    await sends(...frames(100));
    assert.deepEqual(buffer.removed, []);
    await sends(fragment({ isKey: true }));
    const keyTime = buffer.end - FRAME_S;
    await sends(...frames(20));
    assert.deepEqual(buffer.removed, []);
    for (let i = 0; i < 10; i += 1) {
      video.currentTime = buffer.end - 0.1;
      await sends(...frames(20));
    }
    assert.equal(buffer.removed.length, 1);
    const [[start, end]] = buffer.removed;
    assert.equal(start, 0);
    assert.ok(end < keyTime && end > keyTime - 1, `${end} of ${keyTime}`);
  });

testSession('audio is not taken for key frames', async () => {
  const { session, sends } = await playing();
  await sends(fragment({ track: AUDIO, isKey: true }));
  assert.equal(session.keys.length, 0);
  await sends(fragment({ isKey: true }));
  assert.equal(session.keys.length, 1);
});

testSession('what arrives is counted as of a connection', async () => {
  const { session } = await playing();
  const [report] = [...(await session.pc.getStats()).values()];
  assert.equal(report.framesReceived, 50);
  assert.equal(report.framesDecoded, 7);
  assert.equal(report.bytesReceived, concat(INIT, ...frames(50)).length);
});

testSession('iPhones have a ManagedMediaSource', async () => {
  assert.equal(hasMediaSource(), true);
  delete globalThis.MediaSource;
  assert.equal(hasMediaSource(), false);
  globalThis.ManagedMediaSource = Source;
  assert.equal(hasMediaSource(), true);
  const { video } = await opened();
  assert.equal(video.disableRemotePlayback, true);
});
