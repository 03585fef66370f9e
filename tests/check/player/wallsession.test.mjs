// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timers } from './timers.mjs';
import { CLOSE_MS, OPEN_MS, WallSession }
  from '../../../ext/whep/player/wallsession.js';

const timers = new Timers();
// What the sessions did, and what was shown, in order.
let log;
let sessions;
let rejection;
let isKnown;

class FakeSession {
  constructor(frames, onState) {
    Object.assign(this, { onState });
    log.push(`new ${frames}`);
    sessions.push(this);
  }

  open() {
    return rejection ? Promise.reject(rejection) : Promise.resolve();
  }

  async control({ frames }) {
    log.push(`control ${frames}`);
    return isKnown;
  }

  close() {
    log.push('close');
  }
}

// Promises settle, then timers run.
async function pass(ms) {
  await new Promise((done) => { setImmediate(done); });
  timers.tick(ms);
  await new Promise((done) => { setImmediate(done); });
}

function claim(words, run) {
  test(`wall session: ${words}`, async () => {
    log = [];
    sessions = [];
    rejection = null;
    isKnown = true;
    timers.begin();
    try {
      const shown = [];
      const wall = new WallSession((frames, onState) =>
        new FakeSession(frames, onState),
      (rate, text) => shown.push(rate || text));
      await run(wall, shown);
    } finally {
      timers.end();
    }
  });
}

claim('what is wanted is opened, and said once it is there',
  async (wall, shown) => {
    wall.want('key');
    await pass(OPEN_MS);
    assert.deepEqual(log, ['new key']);
    assert.deepEqual(shown, ['Connecting…', 'key']);
  });

claim('a tile that is scrolled past opens nothing', async (wall) => {
  wall.want('key');
  await pass(OPEN_MS - 1);
  wall.want('');
  await pass(CLOSE_MS);
  assert.deepEqual(log, []);
});

claim('a change is a control of the same session', async (wall, shown) => {
  wall.want('key');
  await pass(OPEN_MS);
  wall.want('all');
  wall.want('key');
  await pass(OPEN_MS);
  assert.deepEqual(log, ['new key', 'control all', 'control key']);
  assert.equal(shown.at(-1), 'key');
});

claim('a change before the answer follows it', async (wall) => {
  wall.want('key');
  timers.tick(OPEN_MS);
  wall.want('all');
  assert.deepEqual(log, ['new key']);
  await pass(0);
  assert.deepEqual(log, ['new key', 'control all']);
});

claim('a tile that comes back soon keeps its session', async (wall) => {
  wall.want('key');
  await pass(OPEN_MS);
  wall.want('');
  await pass(CLOSE_MS - 1);
  wall.want('key');
  await pass(CLOSE_MS);
  assert.deepEqual(log, ['new key']);
});

claim('a tile out of sight ends its session', async (wall, shown) => {
  wall.want('all');
  await pass(OPEN_MS);
  wall.want('');
  await pass(CLOSE_MS);
  assert.deepEqual(log, ['new all', 'close']);
  assert.equal(shown.at(-1), '');
});

claim('a session that is lost is opened anew', async (wall) => {
  wall.want('key');
  await pass(OPEN_MS);
  sessions[0].onState('disconnected');
  sessions[0].onState('ended');
  await pass(1000);
  assert.deepEqual(log, ['new key', 'close', 'new key']);
  // Of the former session, nothing counts any more.
  sessions[0].onState('failed');
  await pass(60000);
  assert.equal(sessions.length, 2);
});

claim('a session that the server no longer has is opened anew',
  async (wall) => {
    wall.want('key');
    await pass(OPEN_MS);
    isKnown = false;
    wall.want('all');
    await pass(0);
    await pass(1000);
    assert.deepEqual(log, ['new key', 'control all', 'close', 'new all']);
  });

claim('a rejection is said, and tried again after the time that it names',
  async (wall, shown) => {
    rejection = Object.assign(new Error('Full.'),
      { status: 503, retryAfterS: 10 });
    wall.want('key');
    await pass(OPEN_MS);
    assert.equal(shown.at(-1), 'Full. Trying again…');
    await pass(9000);
    assert.equal(sessions.length, 1);
    rejection = null;
    await pass(1000);
    assert.equal(sessions.length, 2);
    assert.equal(shown.at(-1), 'key');
  });

claim('a rejection for good is not tried again', async (wall, shown) => {
  rejection = Object.assign(new Error('No.'), { status: 406, retryAfterS: 0 });
  wall.want('key');
  await pass(OPEN_MS);
  await pass(60000);
  assert.equal(sessions.length, 1);
  assert.equal(shown.at(-1), 'No.');
});

claim('only a session at full rate says how well pictures are decoded',
  async (wall) => {
    wall.want('key');
    await pass(OPEN_MS);
    assert.equal(await wall.count(), null);
  });
