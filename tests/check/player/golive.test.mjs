// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { accessText, nameOf, serverUrl, settingsOf }
  from '../../../ext/whep/player/golive.js';

const SERVER = { scheme: 'rtmp', port: 1935, path: '/live' };
const settings = (key, access = 'open') =>
  settingsOf(SERVER, key, access, 'tv.example');

// As a shell splits them.
const words = (command) => execFileSync('sh', ['-c',
  `for word in ${command.replace(/!/g, '"!"')}; do echo "$word"; done`],
{ encoding: 'utf8' }).trim().split('\n');

test('golive: a usual port is not shown', () => {
  assert.equal(serverUrl(SERVER, 'tv.example'), 'rtmp://tv.example/live');
  assert.equal(serverUrl({ scheme: 'rtmps', port: 443, path: '/a/b' }, '[::1]'),
    'rtmps://[::1]/a/b');
});

test('golive: a server may have a host and a port of its own', () => {
  assert.equal(serverUrl({ ...SERVER, host: 'in.example', port: 19350 }, 'x'),
    'rtmp://in.example:19350/live');
});

test('golive: publishers learn how they are authorized', () => {
  assert.match(accessText('keys'), /requires a secret/);
  assert.match(accessText('asked'), /operator decides/);
  assert.equal(accessText('open'), '');
});

test('golive: a stream is named by the server’s path and the key', () => {
  assert.equal(nameOf(SERVER, 'cam'), 'live/cam');
});

test('golive: an encoder gets the server and the key', () => {
  const { server, key } = settings('cam');
  assert.equal(server, 'rtmp://tv.example/live');
  assert.equal(key, 'cam');
  assert.equal(settings('cam', 'keys').key, 'cam?token=SECRET');
});

test('golive: commands name the stream, whatever is in its key', () => {
  for (const key of ['cam', 'my door', 'it\'s', '$(reboot)', 'a"b', 'קול']) {
    const { ffmpeg, gstreamer } = settings(key);
    const url = `rtmp://tv.example/live/${key}`;
    assert.equal(words(ffmpeg).pop(), url);
    assert.ok(words(gstreamer).includes(`location=${url}`), gstreamer);
  }
});

test('golive: Larix’s link has the connection, and no secret', () => {
  assert.equal(settings('my cam', 'keys').larix, 'larix://set/v1?'
    + 'conn[][url]=rtmp%3A%2F%2Ftv.example%2Flive%2Fmy%20cam&'
    + 'conn[][name]=live%2Fmy%20cam&conn[][overwrite]=on&conn[][active]=on');
});
