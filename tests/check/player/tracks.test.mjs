// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tracksOf } from '../../../ext/whep/player/tracks.js';

const VIDEO = { codec: 'H264', height: 720 };
const STREAMS = [
  { name: 'live/cam', video: VIDEO },
  { name: 'live/cam/10', video: { codec: 'AV1' } },
  { name: 'live/cam/2', audio: { codec: 'OPUS' } },
  { name: 'live/cam/2/3', video: VIDEO },
  { name: 'live/cam2', video: VIDEO },
  { name: 'live/alone', video: VIDEO },
];

test('tracks: those of a publisher are sorted by number', () => {
  const expected = [
    { name: 'live/cam', label: 'Track 1 · 720p H264' },
    { name: 'live/cam/2', label: 'Track 3 · sound only' },
    { name: 'live/cam/10', label: 'Track 11 · AV1' },
  ];
  for (const name of ['live/cam', 'live/cam/2', 'live/cam/9']) {
    assert.deepEqual(tracksOf(STREAMS, name), expected);
  }
});

test('tracks: one alone is no choice', () => {
  for (const name of ['live/alone', 'live/gone', 'live/cam/2/3', '']) {
    assert.deepEqual(tracksOf(STREAMS, name), []);
  }
});
