// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAST_MS } from '../../../ext/whep/player/backoff.js';
import { Mover } from '../../../ext/whep/player/mover.js';
import { CHECK_MS } from '../../../ext/whep/player/way.js';
import { Timers } from './timers.mjs';

const settle = () => new Promise((resolve) => setImmediate(resolve));

class Session {
  constructor(world, onTrack, onState) {
    Object.assign(this, { world, onTrack, onState, isClosed: false });
    world.sessions.push(this);
  }

  async open() {
    if (this.world.isRejecting) {
      throw Object.assign(new Error('rejected'), this.world.rejection);
    }
  }

  close() {
    this.isClosed = true;
  }
}

// In virtual time.
function testMover(claim, run) {
  test(`mover: ${claim}`, async () => {
    const timers = new Timers();
    const world = { sessions: [], moved: [], shown: [], isRejecting: false };
    world.passes = async (ms) => {
      timers.tick(ms);
      await settle();
    };
    world.mover = new Mover(
      (onTrack, onState) => new Session(world, onTrack, onState),
      (session, tracks) => world.moved.push({ session, tracks }),
      (tracks) => new Promise((resolve) => {
        world.shown.push(tracks);
        world.show = resolve;
      }));
    timers.begin();
    try {
      await run(world);
    } finally {
      world.mover.end();
      timers.end();
    }
  });
}

testMover('a session is handed over once it has a picture', async (world) => {
  world.mover.move();
  await settle();
  const [session] = world.sessions;
  session.onTrack('video');
  session.onState('connected');
  session.onState('connected');
  assert.deepEqual(world.shown, [['video']]);
  assert.deepEqual(world.moved, []);
  world.show();
  await settle();
  assert.deepEqual(world.moved, [{ session, tracks: ['video'] }]);
  world.mover.end();
  assert.equal(session.isClosed, false);
});

testMover('it moves once at a time, and again later', async (world) => {
  world.mover.move();
  world.mover.move();
  await settle();
  assert.equal(world.sessions.length, 1);
  world.sessions[0].onState('connected');
  world.show();
  await settle();
  world.mover.move();
  assert.equal(world.sessions.length, 2);
});

testMover('what is rejected, or fails, is tried again', async (world) => {
  world.isRejecting = true;
  world.mover.move();
  await settle();
  assert.equal(world.sessions[0].isClosed, true);
  world.isRejecting = false;
  await world.passes(LAST_MS);
  assert.equal(world.sessions.length, 2);
  await world.passes(CHECK_MS);
  assert.equal(world.sessions[1].isClosed, true);
  await world.passes(LAST_MS);
  world.sessions[2].onState('connected');
  world.sessions[2].onState('failed');
  world.show();
  await settle();
  assert.equal(world.sessions[2].isClosed, true);
  assert.deepEqual(world.moved, []);
  await world.passes(LAST_MS);
  assert.equal(world.sessions.length, 4);
});

testMover('the end closes what is open, and attempts nothing',
  async (world) => {
    world.mover.move();
    await settle();
    world.sessions[0].onState('connected');
    world.mover.end();
    world.show();
    await world.passes(10 * LAST_MS);
    assert.equal(world.sessions[0].isClosed, true);
    assert.deepEqual(world.moved, []);
    assert.equal(world.sessions.length, 1);
  });

testMover('a server that says when is not asked before', async (world) => {
  Object.assign(world, { isRejecting: true, rejection: { status: 503,
    retryAfterS: 60 } });
  world.mover.move();
  await settle();
  await world.passes(59000);
  assert.equal(world.sessions.length, 1);
  await world.passes(LAST_MS);
  assert.equal(world.sessions.length, 2);
});

testMover('a viewer that is let in nowhere stays where it is',
  async (world) => {
    Object.assign(world, { isRejecting: true, rejection: { status: 403 } });
    world.mover.move();
    await settle();
    await world.passes(100000);
    assert.equal(world.sessions.length, 1);
    assert.equal(world.mover.isMoving, false);
  });
