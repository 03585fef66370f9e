// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Probe } from '../../../ext/whep/player/probe.js';
import { CHECK_MS, LAST_PROBE_MS, Way }
  from '../../../ext/whep/player/way.js';
import { Timers } from './timers.mjs';

const timers = new Timers();
let sessions;
let successes;
let isRejecting;

// Lets what is resolved be handled.
const settle = () => new Promise((resolve) => setImmediate(resolve));

class Session {
  constructor(onTrack, onState) {
    Object.assign(this, { onTrack, onState, isClosed: false });
    sessions.push(this);
  }

  async open() {
    if (isRejecting) {
      throw new Error('rejected');
    }
  }

  close() {
    this.isClosed = true;
  }
}

function probing({ hasWebRtc = true } = {}) {
  const way = new Way(hasWebRtc, true);
  way.leaveWebRtc('no-udp');
  const probe = new Probe(way,
    (onTrack, onState) => new Session(onTrack, onState),
    (session, tracks) => successes.push({ session, tracks }));
  return { way, probe };
}

async function passes(ms) {
  timers.tick(ms);
  await settle();
}

// In virtual time. All tests of the player share a process: hooks would be
// shared, too.
function testProbe(claim, run) {
  test(`probe: ${claim}`, async () => {
    sessions = [];
    successes = [];
    isRejecting = false;
    timers.begin();
    try {
      await run();
    } finally {
      timers.end();
    }
  });
}

testProbe('the first attempt waits a while', async () => {
  const { probe } = probing();
  probe.begin();
  await passes(1000);
  assert.equal(sessions.length, 0);
  await passes(LAST_PROBE_MS);
  assert.equal(sessions.length, 1);
});

testProbe('a session that connects is handed over with its tracks',
  async () => {
    const { probe } = probing();
    probe.hurry();
    await settle();
    const [session] = sessions;
    session.onTrack('video');
    session.onState('connected');
    assert.deepEqual(successes, [{ session, tracks: ['video'] }]);
    probe.end();
    await passes(LAST_PROBE_MS);
    assert.equal(session.isClosed, false);
    assert.equal(sessions.length, 1);
  });

testProbe('a session that does not connect is closed, and another follows',
  async () => {
    const { probe } = probing();
    probe.hurry();
    await settle();
    await passes(CHECK_MS);
    assert.equal(sessions[0].isClosed, true);
    await passes(LAST_PROBE_MS);
    assert.equal(sessions.length, 2);
    assert.deepEqual(successes, []);
  });

testProbe('a rejected offer is no news', async () => {
  const { probe } = probing();
  isRejecting = true;
  probe.hurry();
  await settle();
  assert.equal(sessions[0].isClosed, true);
  isRejecting = false;
  await passes(LAST_PROBE_MS);
  assert.equal(sessions.length, 2);
});

testProbe('a session that fails is closed at once', async () => {
  const { probe } = probing();
  probe.hurry();
  await settle();
  sessions[0].onState('failed');
  assert.equal(sessions[0].isClosed, true);
});

testProbe('states of a session that was given up are ignored', async () => {
  const { probe } = probing();
  probe.hurry();
  await settle();
  await passes(CHECK_MS);
  sessions[0].onState('connected');
  assert.deepEqual(successes, []);
});

testProbe('a browser without WebRTC is not asked', async () => {
  const { probe } = probing({ hasWebRtc: false });
  probe.begin();
  probe.hurry();
  await passes(10 * LAST_PROBE_MS);
  assert.equal(sessions.length, 0);
});

testProbe('the end closes what is open', async () => {
  const { probe } = probing();
  probe.hurry();
  await settle();
  probe.end();
  assert.equal(sessions[0].isClosed, true);
  await passes(10 * LAST_PROBE_MS);
  assert.equal(sessions.length, 1);
});
