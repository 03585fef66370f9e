// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf, iceServersOf } from '../../../ext/whep/player/icelinks.js';
import { ICE_LINKS } from '../../support/mediamtx.mjs';

const ROWS = [
  ['no header', null, []],
  ['an empty header', '', []],
  ['a STUN server', '<stun:a.example:3478>; rel="ice-server"',
    [{ urls: 'stun:a.example:3478' }]],
  ['a relation without quotes', '<stun:a.example>;rel=ice-server',
    [{ urls: 'stun:a.example' }]],
  ['several relations', '<stun:a.example>; rel="next ice-server"',
    [{ urls: 'stun:a.example' }]],
  ['another relation', '<stun:a.example>; rel="next"', []],
  ['a page', '<https://a.example/>; rel="ice-server"', []],
  ['a TURN server over TLS',
    '<turns:a.example?transport=tcp>; rel="ice-server"; username="u"; '
    + 'credential="c"; credential-type="password"',
    [{ urls: 'turns:a.example?transport=tcp', username: 'u',
      credential: 'c' }]],
  ['a comma in an address', '<turn:a,b>; rel="ice-server"; username="u"',
    [{ urls: 'turn:a,b', username: 'u', credential: '' }]],
  ['what is no link', 'nothing; rel="ice-server", ;;,,<', []],
  ['an open quote', '<stun:a.example>; rel="ice-server', []],
  ['the links of MediaMTX', ICE_LINKS.join(', '),
    [{ urls: 'stun:127.0.0.1:9' },
      { urls: 'turn:127.0.0.1:9?transport=udp', username: 'an,"na',
        credential: 'a;b' }]],
];

for (const [what, header, servers] of ROWS) {
  test(`icelinks: ${what}`, () => {
    assert.deepEqual(iceServersOf(header), servers);
  });
}

const EVENTS = 'rel="urn:ietf:params:whep:ext:core:server-sent-events"';

test('icelinks: the address of events is found among other links', () => {
  const header = `<stun:a.example>; rel="ice-server", <../../events/e1.ID>; ${
    EVENTS}; events="active,reconnect"`;
  assert.equal(eventsOf(header, 'reconnect'), '../../events/e1.ID');
  assert.equal(eventsOf(header, 'viewercount'), '');
});

test('icelinks: a server need not have events', () => {
  for (const header of [null, '', '<stun:a.example>; rel="ice-server"',
    `<../../events/ID>; ${EVENTS}`]) {
    assert.equal(eventsOf(header, 'reconnect'), '');
  }
});

test('icelinks: a long header takes no longer than its length', () => {
  assert.deepEqual(iceServersOf(`<${'"<;,\\'.repeat(20000)}`), []);
});
