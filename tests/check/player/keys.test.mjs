// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from '../../../ext/whep/player/keys.js';

// Of an element within others of the given kinds.
const within = (...kinds) => ({ closest: (selector) =>
  selector.split(', ').some((kind) => kinds.includes(kind)) });

const press = (key, target = within(), modifiers = {}) =>
  commandOf({ key, target, ...modifiers });

test('keys: each has its command, in either case', () => {
  const expected = { ' ': 'pause', 'm': 'sound', 'M': 'sound', 'f': 'full',
    'p': 'picture', 'ArrowLeft': 'back', 'ArrowRight': 'live',
    'ArrowUp': 'louder', 'ArrowDown': 'quieter', '?': 'help' };
  for (const [key, command] of Object.entries(expected)) {
    assert.equal(press(key), command);
  }
  assert.equal(press('q'), '');
});

test('keys: the browser keeps its own', () => {
  for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) {
    assert.equal(press('p', within(), { [modifier]: true }), '');
  }
});

test('keys: an element that takes a key gets it', () => {
  for (const kind of ['input', 'textarea', 'select', 'dialog']) {
    assert.equal(press('ArrowUp', within(kind)), '');
    assert.equal(press('m', within(kind)), '');
  }
  for (const kind of ['button', 'a', 'summary']) {
    assert.equal(press(' ', within(kind)), '');
    assert.equal(press('m', within(kind)), 'sound');
  }
});

test('keys: one that is held is pressed once, but for the volume', () => {
  assert.equal(press('ArrowLeft', within(), { repeat: true }), '');
  assert.equal(press('f', within(), { repeat: true }), '');
  assert.equal(press('ArrowUp', within(), { repeat: true }), 'louder');
});

test('keys: what scrolls by keys does', () => {
  assert.equal(press('ArrowUp', within('[tabindex]')), '');
  assert.equal(press(' ', within('[tabindex]')), '');
  assert.equal(press('m', within('[tabindex]')), 'sound');
});

test('keys: what has been closed takes none', () => {
  for (const closed of ['dialog:not([open])', '[hidden]']) {
    assert.equal(press(' ', within('button', 'dialog', closed)), 'pause');
    assert.equal(press('m', within('dialog', closed)), 'sound');
  }
});
