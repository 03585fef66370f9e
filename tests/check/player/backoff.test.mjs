// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff, FIRST_MS, LAST_MS }
  from '../../../ext/whep/player/backoff.js';

const MIDDLE = 0.5;
const N_ATTEMPTS = 20;

test('backoff: each wait is twice the one before, up to the limit', () => {
  const backoff = new Backoff();
  let expectedMs = FIRST_MS;
  for (let i = 0; i < N_ATTEMPTS; i += 1) {
    assert.equal(backoff.next(MIDDLE), expectedMs);
    expectedMs = Math.min(2 * expectedMs, LAST_MS);
  }
  assert.equal(expectedMs, LAST_MS);
});

test('backoff: waits are spread by a quarter in both directions', () => {
  assert.equal(new Backoff().next(0), 0.75 * FIRST_MS);
  assert.equal(new Backoff().next(1), 1.25 * FIRST_MS);
});

test('backoff: a success starts over with the first wait', () => {
  const backoff = new Backoff();
  for (let i = 0; i < N_ATTEMPTS; i += 1) {
    backoff.next();
  }
  backoff.reset();
  assert.equal(backoff.next(MIDDLE), FIRST_MS);
});

test('backoff: a minute without the server is at most 12 attempts', () => {
  const backoff = new Backoff();
  let nAttempts = 0;
  for (let nowMs = 0; nowMs < 60000; nowMs += backoff.next(0)) {
    nAttempts += 1;
  }
  assert.ok(nAttempts <= 12, `${nAttempts} attempts`);
});
