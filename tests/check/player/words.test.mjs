// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessText, factsText, keyFrameText, noteText, pictureText,
  rejectionText, serverUrl, wayText } from '../../../ext/whep/player/words.js';

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

test('words: a server’s address omits the default port', () => {
  const server = { scheme: 'rtmp', host: '', port: 1935, path: '/live' };
  assert.equal(serverUrl(server, 'example.org'), 'rtmp://example.org/live');
  assert.equal(serverUrl({ ...server, port: 1936 }, 'example.org'),
    'rtmp://example.org:1936/live');
  assert.equal(serverUrl({ ...server, scheme: 'rtmps', port: 443 }, 'h'),
    'rtmps://h/live');
});

test('words: a server that has another host name is shown with that', () => {
  assert.equal(serverUrl({ scheme: 'rtmps', host: 'in.example', port: 1935,
    path: '/app' }, 'example.org'), 'rtmps://in.example:1935/app');
});

test('words: publishers learn how they are authorized', () => {
  assert.match(accessText('keys'), /a secret/);
  assert.match(accessText('asked'), /decides who may publish/);
  assert.equal(accessText('open'), '');
});

test('words: the facts about a stream are one line', () => {
  assert.equal(factsText({ video: { codec: 'H.264', b_frames: 'transcode',
    note: 'GOP of 14 s' }, audio: { codec: 'AAC' }, viewers: 1 }, '10:15'),
  'H.264 + AAC · 1 viewer · since 10:15 · '
    + 'transcoded: the publisher sends B-frames · GOP of 14 s');
  assert.equal(factsText({ audio: { codec: 'Opus' }, viewers: 20 }, '9:00'),
    'Opus · 20 viewers · since 9:00');
});
