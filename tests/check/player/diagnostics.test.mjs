// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, withoutSecrets }
  from '../../../ext/whep/player/diagnostics.js';

const SDP = 'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n'
  + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
  + 'a=ice-pwd:0123456789abcdefghijkl\r\n';
const REPORTS = [
  { type: 'inbound-rtp', id: 'IT1', ssrc: 7, timestamp: 1, codecId: 'C1',
    kind: 'video', packetsLost: 3, qpSum: 12, usernameFragment: 'abcd',
    perFrame: { a: 1 } },
  { type: 'local-candidate', address: '192.0.2.7' },
  { type: 'transport', dtlsState: 'connected' },
];
const PAGE = { name: 'live/cam', time: new Date(Date.UTC(2026, 0, 2)),
  browser: 'Browser/1.0', state: 'playing', message: 'words' };

test('diagnostics: every ICE password is masked, and nothing else', () => {
  assert.equal(withoutSecrets(SDP),
    SDP.replaceAll('0123456789abcdefghijkl', 'x'.repeat(22)));
});

test('diagnostics: an SDP that does not exist is none', () => {
  assert.equal(withoutSecrets(null), 'none');
});

test('diagnostics: a session is described', async () => {
  const text = await describe({ ...PAGE, session: { offer: SDP, answer: SDP,
    pc: { getStats: async () => new Map(REPORTS.entries()) } } });
  assert.match(text, /^stream: live\/cam\ntime: 2026-01-02T00:00:00\.000Z\n/);
  assert.match(text, /\nbrowser: Browser\/1\.0\npage: playing words\n/);
  assert.match(text, /\n--- offer\nv=0\r\n/);
  assert.match(text, /\ntype=transport dtlsState=connected\n/);
});

test('diagnostics: counts are shown without identifiers and addresses',
  async () => {
    const text = await describe({ ...PAGE, session: { offer: '', answer: '',
      pc: { getStats: async () => new Map(REPORTS.entries()) } } });
    assert.match(text,
      /\ntype=inbound-rtp kind=video packetsLost=3 qpSum=12\n/);
    assert.doesNotMatch(text, /192\.0\.2\.7|abcd|IT1|C1/);
  });

test('diagnostics: a page without a session is described', async () => {
  const text = await describe({ ...PAGE, session: null });
  assert.match(text, /--- offer\nnone\n\n--- answer\nnone\n\n--- counts\nnone/);
});
