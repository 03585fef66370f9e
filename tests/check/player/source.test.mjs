// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialsOf, sourceOf } from '../../../ext/whep/player/source.js';

const PAGE = 'https://site.example/folder/page.html';
// [src, base, path, name]
const GATEWAYS = [
  ['https://g.example/whep/live/cam', 'https://g.example/', 'live/cam'],
  ['https://g.example/watch/live/cam', 'https://g.example/', 'live/cam'],
  ['https://g.example/embed/live/cam', 'https://g.example/', 'live/cam'],
  ['https://g.example/proxied/to/whep/a/b/c', 'https://g.example/proxied/to/',
    'a/b/c'],
  ['/whep/live/cam', 'https://site.example/', 'live/cam'],
  ['../whep/live/caf%C3%A9?x#y', 'https://site.example/', 'live/caf%C3%A9',
    'live/café'],
  ['/whep/live/%ff', 'https://site.example/', 'live/%ff'],
];

for (const [src, base, path, name = path] of GATEWAYS) {
  test(`source: ${src} is a stream of a gateway`, () => {
    const source = sourceOf(src, PAGE);
    assert.equal(source.base, base);
    assert.equal(source.path, path);
    assert.equal(source.name, name);
  });
}

const OTHERS = [
  'http://server.example:8889/cam/whep',
  'https://server.example/rtc/v1/whep/?app=live&stream=cam',
  'https://server.example/api/whep',
  'https://server.example/whep/',
  'https://server.example/id/webRTC/play',
];

for (const src of OTHERS) {
  test(`source: ${src} is an endpoint of another server`, () => {
    const source = sourceOf(src, PAGE);
    assert.equal(source.base, null);
    assert.equal(source.url.href, src);
  });
}

test('source: what looks like a gateway may be said to be none', () => {
  assert.equal(sourceOf('https://s.example/whep/live/cam', PAGE, true).base,
    null);
});

const credentialsAt = (src, token) =>
  credentialsOf(sourceOf(src, PAGE), token);

test('source: the token in an address goes into a header', () => {
  for (const src of ['/whep/live/cam?token=a%2Fb&x=1',
    '/whep/live/cam?x=1#token=a%2Fb']) {
    const credentials = credentialsAt(src, '');
    assert.deepEqual(credentials.headers(), { Authorization: 'Bearer a/b' });
    assert.equal(credentials.search(), '?x=1');
  }
});

test('source: a token of its own takes precedence', () => {
  assert.deepEqual(credentialsAt('/whep/live/cam?token=a', 'b').headers(),
    { Authorization: 'Bearer b' });
  assert.deepEqual(credentialsAt('/whep/live/cam', null).headers(), {});
});

test('source: the address of another server remains as it is', () => {
  const credentials = credentialsAt('/rtc/whep?token=a&app=live', 'b');
  assert.equal(credentials.search(), '');
  assert.deepEqual(credentials.headers(), { Authorization: 'Bearer b' });
  assert.deepEqual(credentialsAt('/rtc/whep?token=a', null).headers(), {});
});
