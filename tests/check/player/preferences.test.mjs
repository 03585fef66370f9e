// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Preferences } from '../../../ext/whep/player/preferences.js';

const browser = (stored) => {
  const items = new Map(stored ? [['player', stored]] : []);
  return { localStorage: { getItem: (key) => items.get(key) || null,
    setItem: (key, value) => items.set(key, value) } };
};

test('preferences: what is chosen is there at the next visit', () => {
  const page = browser();
  const first = new Preferences(page);
  assert.equal(first.get('volume', 1), 1);
  first.set('volume', 0.4);
  first.set('shortcuts', false);
  const next = new Preferences(page);
  assert.equal(next.get('volume', 1), 0.4);
  assert.equal(next.get('shortcuts', true), false);
});

test('preferences: what is no preference is ignored', () => {
  for (const text of ['{', '7', 'null', '{"volume":"loud"}']) {
    assert.equal(new Preferences(browser(text)).get('volume', 1), 1);
  }
});

test('preferences: without storage, a choice is kept for the visit', () => {
  const preferences = new Preferences({ get localStorage() {
    throw new Error('not in a frame');
  } });
  preferences.set('volume', 0.3);
  assert.equal(preferences.get('volume', 1), 0.3);
});
