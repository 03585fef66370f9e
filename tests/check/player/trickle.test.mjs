// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fragmentOf, Trickle } from '../../../ext/whep/player/trickle.js';

const OFFER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:u\r\n'
  + 'a=ice-pwd:p\r\na=mid:0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
  + 'a=ice-ufrag:u\r\na=ice-pwd:p\r\na=mid:1\r\n';
const HEAD = 'a=ice-ufrag:u\r\na=ice-pwd:p\r\n'
  + 'm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n';

const settle = () => new Promise((resolve) => setImmediate(resolve));

class Connection extends EventTarget {
  constructor() {
    super();
    this.localDescription = { sdp: OFFER };
  }

  finds(candidate, sdpMLineIndex = 0) {
    const event = new Event('icecandidate');
    event.candidate = candidate === null ? null
      : { candidate, sdpMLineIndex };
    this.dispatchEvent(event);
  }
}

function begin(send) {
  const pc = new Connection();
  const sent = [];
  const trickle = new Trickle(pc, send ?? (async (fragment) => {
    sent.push(fragment);
  }));
  return { pc, sent, trickle };
}

test('trickle: a fragment has the credentials and the first m-section', () => {
  assert.equal(fragmentOf(OFFER, [{ candidate: 'candidate:1 x' }, null]),
    `${HEAD}a=candidate:1 x\r\na=end-of-candidates\r\n`);
});

test('trickle: candidates wait until the server has answered', async () => {
  const { pc, sent, trickle } = begin();
  pc.finds('candidate:1');
  pc.finds('candidate:2');
  await settle();
  assert.deepEqual(sent, []);
  trickle.open();
  assert.deepEqual(sent, [`${HEAD}a=candidate:1\r\na=candidate:2\r\n`]);
});

test('trickle: what comes during a request is sent after it', async () => {
  const ends = [];
  const sent = [];
  const { pc, trickle } = begin((fragment) => {
    sent.push(fragment);
    return new Promise((resolve) => {
      ends.push(resolve);
    });
  });
  trickle.open();
  pc.finds('candidate:1');
  pc.finds('candidate:2');
  pc.finds(null);
  await settle();
  assert.equal(sent.length, 1);
  ends[0]();
  await settle();
  assert.deepEqual(sent, [`${HEAD}a=candidate:1\r\n`,
    `${HEAD}a=candidate:2\r\na=end-of-candidates\r\n`]);
});

test('trickle: only bundled candidates are sent', async () => {
  const { pc, sent, trickle } = begin();
  trickle.open();
  pc.finds('candidate:1', 1);
  pc.finds('');
  await settle();
  assert.deepEqual(sent, []);
});

test('trickle: a server without PATCH is not asked again', async () => {
  let nSent = 0;
  const { pc, trickle } = begin(async () => {
    nSent += 1;
    throw new Error('405');
  });
  trickle.open();
  pc.finds('candidate:1');
  await settle();
  pc.finds('candidate:2');
  await settle();
  assert.equal(nSent, 1);
});
