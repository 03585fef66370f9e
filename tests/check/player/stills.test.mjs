// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AT_ONCE, LAST_MS, REFRESH_MS, Stills }
  from '../../../ext/whep/player/stills.js';
import { Timers } from './timers.mjs';

// Promises that are settled have been handled.
const settle = () => new Promise((resolve) => {
  setImmediate(resolve);
});

// @answer: of each load. Calls @look with what happens.
async function withStills(answer, look) {
  const timers = new Timers();
  const loads = [];
  timers.begin();
  try {
    await look(new Stills((name) => {
      loads.push(name);
      return answer(name);
    }), loads, async (ms) => {
      timers.tick(ms);
      await settle();
    });
  } finally {
    timers.end();
  }
}

const good = async () => true;

test('stills: a visible tile is refreshed, and not before it is time',
  () => withStills(good, async (stills, loads, pass) => {
    stills.watch('a');
    stills.watch('a');
    await pass(0);
    assert.deepEqual(loads, ['a']);
    await pass(REFRESH_MS - 1);
    assert.equal(loads.length, 1);
    await pass(1);
    assert.equal(loads.length, 2);
  }));

test('stills: a tile out of sight is not refreshed', () =>
  withStills(good, async (stills, loads, pass) => {
    stills.watch('a');
    await pass(0);
    stills.unwatch('a');
    await pass(10 * REFRESH_MS);
    assert.equal(loads.length, 1);
    stills.watch('a');
    await pass(0);
    assert.equal(loads.length, 2);
  }));

test('stills: a hidden page loads nothing until it is seen again', () =>
  withStills(good, async (stills, loads, pass) => {
    stills.watch('a');
    await pass(0);
    stills.pause();
    await pass(10 * REFRESH_MS);
    assert.equal(loads.length, 1);
    stills.resume();
    await pass(0);
    assert.equal(loads.length, 2);
    await pass(REFRESH_MS);
    assert.equal(loads.length, 3);
  }));

test('stills: few are loaded at once, and each gets its turn', async () => {
  const waiting = [];
  const all = 'abcde'.split('');
  await withStills(() => new Promise((resolve) => {
    waiting.push(resolve);
  }), async (stills, loads) => {
    all.forEach((name) => stills.watch(name));
    for (let n = AT_ONCE; n <= all.length; n += 1) {
      assert.deepEqual(loads, all.slice(0, n));
      waiting.shift()(true);
      await settle();
    }
  });
});

test('stills: failures are tried again, less and less often', () =>
  withStills(async () => {
    throw new Error('no');
  }, async (stills, loads, pass) => {
    stills.watch('a');
    await pass(0);
    let n = 1;
    for (let ms = REFRESH_MS; ms <= LAST_MS; ms *= 2) {
      await pass(ms - 1);
      assert.equal(loads.length, n, `before ${ms} ms`);
      await pass(1);
      n += 1;
      assert.equal(loads.length, n, `after ${ms} ms`);
    }
    await pass(LAST_MS);
    assert.equal(loads.length, n + 1);
  }));

test('stills: a tile that will never have a picture is left alone', () =>
  withStills(async () => null, async (stills, loads, pass) => {
    stills.watch('a');
    await pass(0);
    await pass(10 * LAST_MS);
    assert.equal(loads.length, 1);
  }));
