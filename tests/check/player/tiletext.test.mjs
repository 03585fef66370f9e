// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitRateText, codecsText, frameRateText, gradeOf, noteText, pathOf,
  placeholderText, sinceText, sizeText, splitName, viewersText }
  from '../../../ext/whep/player/tiletext.js';

const STREAM = { name: 'live/cam', viewers: 2,
  live_since: '2026-01-02T03:04:05Z',
  video: { codec: 'H264', width: 1280, height: 720, frames_per_second: 30,
    bits_per_second: 2400000 },
  audio: { codec: 'OPUS', bits_per_second: 64000 } };
const EMPTY = { name: 'live/cam', viewers: 1 };

test('tiletext: a stream has its format', () => {
  assert.equal(sizeText(STREAM), '1280 × 720');
  assert.equal(frameRateText(STREAM), '30 fps');
  assert.equal(codecsText(STREAM), 'H.264 + Opus');
  assert.equal(viewersText(STREAM), '2 viewers');
});

test('tiletext: what is not known is not said', () => {
  for (const text of [sizeText, frameRateText, bitRateText, codecsText,
    noteText, gradeOf]) {
    assert.equal(text(EMPTY), '');
  }
  assert.equal(viewersText(EMPTY), '1 viewer');
  assert.equal(codecsText({ video: {}, audio: { codec: 'VP7' } }), 'VP7');
});

test('tiletext: bit rates are those of picture and sound together', () => {
  assert.equal(bitRateText(STREAM), '2.5 Mbit/s');
  assert.equal(bitRateText({ audio: STREAM.audio }), '64 kbit/s');
});

test('tiletext: the start is a time, then a date', () => {
  const since = Date.parse(STREAM.live_since);
  assert.match(sinceText(STREAM, since + 1000), /^since \d+:04/);
  assert.match(sinceText(STREAM, since + 48 * 3600 * 1000), /^since .*2026/);
});

test('tiletext: what is wrong is said', () => {
  assert.equal(noteText({ video: { b_frames: 'pass', note: 'GOP of 14 s' } }),
    'May freeze: the publisher sends B-frames · GOP of 14 s');
  assert.equal(noteText({ video: { unplayable: 'why' },
    audio: { unplayable: 'so' } }), 'No picture: why · No sound: so');
});

test('tiletext: a stream without a picture has words in its place', () => {
  assert.equal(placeholderText(STREAM), '');
  assert.equal(placeholderText(EMPTY), 'Sound only');
  assert.equal(placeholderText({ video: { unplayable: 'why' } }),
    'No picture');
});

test('tiletext: a grade is a letter', () => {
  assert.equal(gradeOf({ doctor: { grade: 'B' } }), 'B');
  assert.equal(gradeOf({ doctor: { grade: '<b>' } }), '');
});

test('tiletext: names become paths of pages', () => {
  assert.equal(pathOf('live/my cam?'), 'watch/live/my%20cam%3F');
  assert.deepEqual(splitName('live/a/b'), ['live/', 'a/b']);
});
