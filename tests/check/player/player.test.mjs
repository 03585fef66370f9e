// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesOf, Player } from '../../../ext/whep/player/player.js';
import { Rejection } from '../../../ext/whep/player/whep.js';
import { Timers } from './timers.mjs';

// A browser with both ways to play.
const BROWSER = {
  window: () => Object.assign(new EventTarget(), { fetch() {},
    RTCPeerConnection: class {}, ReadableStream, MediaSource: class {} }),
  navigator: () => ({}),
  document: () => ({ hidden: false }),
  MediaStream: () => class {},
  setInterval: () => () => 0,
  clearInterval: () => () => {},
};

const timers = new Timers();

function inBrowser(claim, run) {
  test(claim, async () => {
    const real = Object.keys(BROWSER).map((name) =>
      [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const [name, make] of Object.entries(BROWSER)) {
      Object.defineProperty(globalThis, name,
        { value: make(), configurable: true, writable: true });
    }
    timers.begin();
    try {
      await run();
    } finally {
      timers.end();
      for (const [name, descriptor] of real) {
        delete globalThis[name];
        if (descriptor) {
          Object.defineProperty(globalThis, name, descriptor);
        }
      }
    }
  });
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

// Answers each attempt by what the test says about its way: a rejection, or
// null to accept it.
class Session {
  constructor(answer) {
    this.answer = answer;
    this.location = null;
    this.wasConnected = false;
    this.playbackDelay = null;
    this.pc = { getStats: async () => new Map() };
  }

  async open() {
    const rejection = this.answer();
    if (rejection) {
      throw rejection;
    }
    this.location = 'here';
    this.bFrames = 'available';
  }

  isConnected() {
    return true;
  }

  behindS() {
    return null;
  }

  close() {}
}

class Tested extends Player {
  constructor(answers, options = {}) {
    const video = Object.assign(new EventTarget(), { videoWidth: 0, pause() {},
      getVideoPlaybackQuality: () => ({ totalVideoFrames: 0 }) });
    super(video, { name: 'live/cam',
      ...addressesOf('http://here/', 'live/cam'), ...options });
    this.answers = answers;
    this.ways = [];
    this.probe.begin = () => {};
  }

  makeSession() {
    const way = this.way.isHttp ? 'http' :
      this.reorders ? 'reordered' : 'webrtc';
    return new Session(() => {
      this.ways.push(way);
      return this.answers[way]();
    });
  }

  async after(ms) {
    timers.tick(ms);
    await settled();
    await settled();
  }
}

const unplayable = () => new Rejection('The stream’s video is odd.', 409, 2,
  'unplayable');
const nobody = () => new Rejection('Nobody.', 409, 2, 'no-publisher');
const missing = () => new Rejection('Nothing there.', 404, 0, 'not-found');

async function begun(answers, options) {
  const player = new Tested(answers, options);
  player.begin();
  await settled();
  await settled();
  return player;
}

inBrowser('player: what WebRTC cannot play is played over HTTP', async () => {
  const player = await begun({ webrtc: unplayable, http: () => null });
  assert.deepEqual(player.ways, ['webrtc', 'http']);
  assert.equal(player.way.isHttp, true);
  assert.equal(player.state, 'connecting');
  player.end();
});

inBrowser('player: what no way plays has the words of WebRTC', async () => {
  for (const http of [missing, nobody, () =>
    new Rejection('Your browser can’t.', 0, 0, 'undecodable')]) {
    const player = await begun({ webrtc: unplayable, http });
    assert.deepEqual(player.ways, ['webrtc', 'http']);
    assert.equal(player.state, 'waiting');
    assert.equal(player.message, 'The stream’s video is odd. Trying again…');
    assert.equal(player.way.isHttp, false);
    player.end();
  }
});

inBrowser('player: WebRTC plays as soon as it can what neither way did',
  async () => {
    let answer = unplayable;
    const player = await begun({ webrtc: () => answer(), http: missing });
    await player.after(2000);
    assert.deepEqual(player.ways, ['webrtc', 'http', 'webrtc']);
    assert.match(player.message, /is odd/);
    answer = () => null;
    await player.after(2000);
    assert.deepEqual(player.ways, ['webrtc', 'http', 'webrtc', 'webrtc']);
    assert.equal(player.unplayable, null);
    player.end();
  });

inBrowser('player: HTTP is tried again while WebRTC fails', async () => {
  let answer = missing;
  const player = await begun({ webrtc: unplayable, http: () => answer() });
  answer = () => null;
  for (let i = 0; i < 4; i += 1) {
    assert.equal(player.way.isHttp, false);
    await player.after(2000);
  }
  assert.equal(player.way.isHttp, true);
  player.end();
});

inBrowser('player: a token is refused over HTTP as well', async () => {
  const player = await begun({ webrtc: unplayable, http: () =>
    new Rejection('No.', 403, 0, 'token-refused') });
  assert.equal(player.state, 'refused');
  assert.match(player.message, /token of your link/);
  player.end();
});

inBrowser('player: without an HTTP address, only WebRTC is left', async () => {
  const player = await begun({ webrtc: unplayable, http: () => null },
    { mp4: '' });
  assert.deepEqual(player.ways, ['webrtc']);
  assert.match(player.message, /is odd/);
  player.end();
});

inBrowser('player: a stream that nobody publishes is waited for', async () => {
  let answer = nobody;
  const player = await begun({ webrtc: () => answer() });
  const states = [];
  player.addEventListener('state', () => states.push(player.state));
  assert.match(player.message, /Nobody publishes/);
  answer = () => null;
  await player.after(2000);
  assert.equal(player.session.location, 'here');
  assert.deepEqual(states, []);
  player.end();
});

inBrowser('player: a paused stream has no session, and goes on when played',
  async () => {
    const player = await begun({ webrtc: () => null });
    player.showPlaying();
    player.pause();
    assert.equal(player.state, 'paused');
    assert.equal(player.session, null);
    window.dispatchEvent(new Event('online'));
    await player.after(60000);
    assert.equal(player.state, 'paused');
    player.action.run();
    await settled();
    assert.equal(player.state, 'connecting');
    assert.equal(player.session.location, 'here');
    player.end();
  });

inBrowser('player: a stream is paused whatever it waits for', async () => {
  let answer = () => null;
  const player = await begun({ webrtc: () => answer() });
  player.pause();
  assert.equal(player.state, 'paused');
  answer = () => new Rejection('Nobody publishes.', 404, 2, 'no-publisher');
  player.start();
  await settled();
  assert.equal(player.state, 'waiting');
  player.pause();
  await player.after(60000);
  assert.equal(player.state, 'paused');
  player.end();
});

inBrowser("player: the browser's own controls pause and play", async () => {
  const player = await begun({ webrtc: () => null });
  const { video } = player;
  Object.assign(video, { paused: true, ended: false });
  video.dispatchEvent(new Event('pause'));
  assert.equal(player.state, 'connecting');
  player.showPlaying();
  video.ended = true;
  video.dispatchEvent(new Event('pause'));
  assert.equal(player.state, 'playing');
  video.ended = false;
  video.dispatchEvent(new Event('pause'));
  assert.equal(player.state, 'paused');
  assert.equal(player.session, null);
  video.dispatchEvent(new Event('play')); // queued before the pause
  assert.equal(player.state, 'paused');
  video.paused = false;
  video.dispatchEvent(new Event('play'));
  assert.equal(player.state, 'connecting');
  player.end();
});

inBrowser('player: who has been refused is left alone', async () => {
  const player = await begun({ webrtc: () =>
    new Rejection('No.', 403, 0, 'token-refused') });
  assert.equal(player.state, 'refused');
  window.dispatchEvent(new Event('online'));
  await player.after(0);
  assert.deepEqual(player.ways, ['webrtc']);
  player.end();
});

inBrowser('player: a wait for a publisher gathers anew on another network',
  async () => {
    const player = await begun({ webrtc: nobody });
    window.dispatchEvent(new Event('online'));
    await player.after(0);
    assert.deepEqual(player.ways, ['webrtc', 'webrtc']);
    player.end();
  });

inBrowser('player: once ended, it attempts nothing', async () => {
  const player = await begun({ webrtc: nobody });
  player.end();
  await player.after(60000);
  window.dispatchEvent(new Event('online'));
  assert.deepEqual(player.ways, ['webrtc']);
});

const offered = async () => {
  const player = await begun({ webrtc: () => null, reordered: () => null });
  assert.deepEqual(player.ways, ['webrtc']);
  player.canReorder = true;
  player.start();
  await player.after(0);
  assert.deepEqual(player.ways, ['webrtc', 'webrtc', 'reordered']);
  return player;
};

// Beside the one that plays; the test says when it has a picture.
class Moving extends Tested {
  constructor(...args) {
    super(...args);
    this.mover.picture = async () => {};
    this.beside = [];
  }

  webRtc(onTrack, onState) {
    const session = new Session(() => null);
    Object.assign(session, { onTrack, onState });
    this.beside.push(session);
    return session;
  }
}

async function moving() {
  const player = new Moving({ webrtc: () => null });
  player.begin();
  await settled();
  await settled();
  return player;
}

inBrowser('player: a server that asks for it is left for another session',
  async () => {
    const player = await moving();
    const former = player.session;
    former.close = () => { former.isClosed = true; };
    player.events.onReconnect();
    await settled();
    assert.equal(player.session, former);
    assert.ok(!former.isClosed);
    player.beside[0].onState('connected');
    await settled();
    assert.equal(player.session, player.beside[0]);
    assert.equal(former.isClosed, true);
    player.end();
  });

inBrowser('player: a server without a place for a listener is asked later',
  async () => {
    const player = await moving();
    let n = 0;
    player.events.open = () => { n += 1; };
    player.events.onFull();
    await player.after(10000);
    assert.equal(n, 0);
    await player.after(10000);
    assert.equal(n, 1);
    player.events.onFull();
    player.end();
    await player.after(1000000);
    assert.equal(n, 1);
  });

inBrowser('player: a server that has died is left, and a proxy is not',
  async () => {
    const player = await moving();
    const { session } = player;
    let answer = () => { throw new TypeError('no proxy'); };
    session.isKnown = async () => answer();
    await player.onServerLost(session);
    await player.after(10000);
    assert.deepEqual(player.beside, []);
    answer = () => false;
    session.farewell = async () => new Rejection('No.', 410, 0, 'disconnected');
    await player.onServerLost(session);
    await settled();
    assert.deepEqual(player.beside, []);
    session.farewell = async () => null;
    await player.onServerLost(session);
    await settled();
    assert.equal(player.beside.length, 1);
    player.end();
  });

inBrowser('player: a server is soon listened to again, however often a proxy '
  + 'goes', async () => {
  const player = await moving();
  let n = 0;
  player.events.open = () => { n += 1; };
  for (let i = 1; i <= 10; i += 1) {
    await player.onServerLost(player.session);
    await player.after(3000);
    assert.equal(n, i);
  }
  player.events.onLost(60000);
  await settled();
  await player.after(700);
  assert.equal(n, 11);
  player.events.onLost(100);
  await settled();
  await player.after(700);
  assert.equal(n, 11);
  player.end();
});

inBrowser('player: a server that is silent is asked, unless it is being left',
  async () => {
    const player = await moving();
    let nAsked = 0;
    player.askServer = () => { nAsked += 1; };
    player.askedMs = -Infinity;
    player.statistics = { hasMedia: true, frames: 30, silentMs: () => 2600 };
    player.showProgress();
    assert.equal(nAsked, 1);
    player.mover.isMoving = true;
    player.showProgress();
    assert.equal(nAsked, 1);
    player.end();
  });

inBrowser('player: a session that has lasted is followed by another at once',
  async () => {
    const player = await begun({ webrtc: () => null });
    player.session.farewell = async () => null;
    player.onState('ended');
    await settled();
    assert.deepEqual(player.ways, ['webrtc']);
    await player.after(1000);
    assert.deepEqual(player.ways, ['webrtc', 'webrtc']);
    player.session.farewell = async () => null;
    player.openedMs -= 6000;
    player.onState('ended');
    await settled();
    await settled();
    assert.deepEqual(player.ways, ['webrtc', 'webrtc', 'webrtc']);
    player.end();
  });

inBrowser('player: B-frames that are available are asked for', async () => {
  const player = await offered();
  player.end();
});

inBrowser('player: once they have failed, they are not asked for again',
  async () => {
    const player = await offered();
    player.onState('undecodable');
    await player.after(0);
    assert.equal(player.ways.pop(), 'webrtc');
    player.end();
  });

inBrowser('player: once there are none, a usual session begins', async () => {
  const player = await offered();
  player.onState('plain');
  assert.equal(player.reorders, false);
  assert.equal(player.canReorder, true);
  player.end();
});
