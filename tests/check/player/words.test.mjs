// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyFrameText, noteText, pictureText, rejectionText, wayText }
  from '../../../ext/whep/player/words.js';

const NO_FRAMES = { received: 0, frames: 0 };
const FRAMES = { received: 90, frames: 90 };

test('words: a known rejection has a text of the page', () => {
  assert.match(rejectionText({ type: 'no-publisher', message: 'x' }),
    /^Nobody publishes this stream .* starts by itself\.$/);
  assert.match(rejectionText({ type: 'token-refused', message: 'x' }),
    /isn’t valid for this stream/);
});

test('words: the reason of an authorization server is shown', () => {
  assert.equal(rejectionText({ type: 'not-allowed', message: 'Not today.' }),
    'You may not watch this stream: Not today.');
});

test('words: the operator’s reason is shown', () => {
  assert.equal(rejectionText({ type: 'disconnected',
    message: 'disconnected by the operator' }),
  'The server has ended this session: disconnected by the operator.');
});

test('words: an unknown rejection has the text of the server', () => {
  assert.equal(rejectionText({ type: 'new', message: 'Why.', retryAfterS: 0 }),
    'Why.');
  assert.equal(rejectionText({ type: '', message: 'Why.', retryAfterS: 5 }),
    'Why. Trying again…');
});

test('words: a stream that cannot be played yet is tried again', () => {
  assert.equal(rejectionText({ type: 'unplayable', message: 'No codec.' }),
    'No codec. Trying again…');
});

const PICTURES = [
  ['a stream without video has sound only', {}, NO_FRAMES, 'sound',
    /^This stream has sound only\.$/],
  ['video that has ended leaves sound', {}, FRAMES, 'sound',
    /^The publisher sends sound only at the moment\.$/],
  ['video that nobody can play is named with its reason',
    { video: { codec: 'VP6', unplayable: 'browsers can’t decode it' } },
    NO_FRAMES, 'sound',
    /picture \(VP6\) can’t be played: browsers can’t decode it\.$/],
  ['a codec without a name is left out',
    { video: { unplayable: 'it is odd' } }, NO_FRAMES, 'sound',
    /picture can’t be played: it is odd\.$/],
  ['a viewer waits for the next key frame',
    { video: { waits_for_key_frame: true, gop_ms: 20400 } }, NO_FRAMES,
    'waiting', /key frame every 20 seconds\. .* next key frame\.$/],
  ['a picture that stopped resumes', { video: {} }, FRAMES, 'waiting',
    /stands still/],
  ['a picture that arrives and is not decoded is the browser’s',
    { video: {} }, { received: 5, frames: 0 }, 'sound', /can’t decode it/],
  ['a picture that does not arrive is late', { video: {} }, NO_FRAMES,
    'waiting', /not arrived yet/],
];

for (const [claim, stream, counts, state, text] of PICTURES) {
  test(`words: ${claim}`, () => {
    const [actualState, actualText] = pictureText(stream, counts);
    assert.equal(actualState, state);
    assert.match(actualText, text);
  });
}

test('words: an unknown GOP is not mentioned', () => {
  assert.equal(keyFrameText({}), 'The picture starts with the next key frame.');
});

test('words: a picture has a note only if something is wrong', () => {
  assert.equal(noteText({ video: { codec: 'H.264' }, audio: {} }), '');
  assert.equal(noteText({}), '');
  assert.match(noteText({ video: { b_frames: 'pass' } }), /B-frames/);
  assert.equal(noteText({ video: { b_frames: 'transcode' } }), '');
  assert.equal(noteText({ audio: { codec: 'Speex', unplayable: 'no way' } }),
    'The publisher’s sound (Speex) can’t be played: no way.');
});

test('words: over HTTP B-frames need no note', () => {
  assert.equal(noteText({ video: { b_frames: 'pass' } }, true), '');
});

const WAYS = [
  [false, null, '', 'Played over WebRTC'],
  [false, 0.02, '', 'Played over WebRTC, 0.0 s behind'],
  [true, null, 'no-webrtc',
    'Played over HTTP: this browser has no WebRTC'],
  [true, 0.26, 'no-codec', 'Played over HTTP, 0.3 s behind: '
    + 'this browser can’t play the stream over WebRTC'],
];

for (const [isHttp, behindS, obstacle, said] of WAYS) {
  test(`words: ${said}`, () => {
    assert.equal(wayText(isHttp, behindS, obstacle), said);
  });
}

for (const obstacle of ['no-webrtc', 'no-codec', 'no-match', 'no-udp']) {
  test(`words: ${obstacle} is explained`, () => {
    assert.match(wayText(true, null, obstacle), /^Played over HTTP: \w/);
    assert.doesNotMatch(wayText(true, null, obstacle), /undefined/);
  });
}
