// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_FRAME_MS, NO_PICTURE_MS, progressOf, SILENCE_MS }
  from '../../../ext/whep/player/progress.js';

const PLAYING = { hasMedia: true, silentMs: 0, frames: 30, stillMs: 0,
  openMs: 60000 };
const CASES = [
  ['a picture that moves plays', {}, 'playing'],
  ['a publisher that sends nothing is silent',
    { silentMs: SILENCE_MS + 1 }, 'silent'],
  ['a short silence is not reported', { silentMs: SILENCE_MS }, 'playing'],
  ['silence is reported even if the last picture moved',
    { silentMs: SILENCE_MS + 1, stillMs: 10000 }, 'silent'],
  ['before the first byte there is no silence',
    { hasMedia: false, silentMs: 10000, frames: 0, openMs: 0 }, ''],
  ['a picture that has just stopped may move again',
    { stillMs: NO_PICTURE_MS }, ''],
  ['a picture that stands still is missing',
    { stillMs: NO_PICTURE_MS + 1 }, 'missing'],
  ['a picture that has not arrived yet is not missing at once',
    { frames: 0, openMs: KEY_FRAME_MS }, ''],
  ['a picture that does not arrive is missing',
    { frames: 0, openMs: KEY_FRAME_MS + 1 }, 'missing'],
];

for (const [claim, figures, expected] of CASES) {
  test(`progress: ${claim}`, () => {
    assert.equal(progressOf({ ...PLAYING, ...figures }), expected);
  });
}
