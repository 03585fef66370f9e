// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_PROBE_MS, LAST_PROBE_MS, obstacleOf, Way }
  from '../../../ext/whep/player/way.js';

test('way: WebRTC comes first', () => {
  const way = new Way(true, true);
  assert.equal(way.isPossible, true);
  assert.equal(way.isHttp, false);
  assert.equal(way.isProbing, false);
});

test('way: without WebRTC a stream is played over HTTP, for good', () => {
  const way = new Way(false, true);
  assert.equal(way.isHttp, true);
  assert.equal(way.obstacle, 'no-webrtc');
  assert.equal(way.isProbing, false);
});

test('way: a browser without both plays nothing', () => {
  const way = new Way(false, false);
  assert.equal(way.isPossible, false);
  assert.equal(way.isHttp, false);
});

const REJECTIONS = [
  ['no-video-codec', 406, 'no-codec'],
  ['no-audio-codec', 406, 'no-codec'],
  ['packetization-mode', 406, 'no-codec'],
  ['no-bundle', 406, 'no-match'],
  ['', 406, 'no-match'],
  ['no-publisher', 409, ''],
  ['token-needed', 401, ''],
  ['too-many-viewers', 503, ''],
  ['malformed-offer', 400, ''],
];

for (const [type, status, obstacle] of REJECTIONS) {
  const claim = `${status} ${type}`.trim();
  test(`way: ${claim} ${obstacle ? `means ${obstacle}`
    : 'is not about WebRTC'}`, () => {
    assert.equal(obstacleOf({ type, status }), obstacle);
    const way = new Way(true, true);
    assert.equal(way.leaveWebRtc(obstacle), obstacle !== '');
    assert.equal(way.isHttp, obstacle !== '');
  });
}

test('way: HTTP is chosen once, and WebRTC is tried beside it', () => {
  const way = new Way(true, true);
  assert.equal(way.leaveWebRtc('no-udp'), true);
  assert.equal(way.isHttp, true);
  assert.equal(way.isProbing, true);
  assert.equal(way.leaveWebRtc('no-codec'), false);
  assert.equal(way.obstacle, 'no-codec');
});

test('way: without MediaSource the page stays with WebRTC', () => {
  const way = new Way(true, false);
  assert.equal(way.leaveWebRtc('no-udp'), false);
  assert.equal(way.isHttp, false);
});

test('way: where HTTP fails, too, WebRTC is used, and HTTP not again', () => {
  const way = new Way(true, true);
  way.leaveWebRtc('no-udp');
  assert.equal(way.leaveHttp(), true);
  assert.equal(way.isHttp, false);
  assert.equal(way.leaveWebRtc('no-udp'), false);
});

test('way: where HTTP fails and WebRTC is missing, HTTP is tried again', () => {
  const way = new Way(false, true);
  assert.equal(way.leaveHttp(), false);
  assert.equal(way.isHttp, true);
});

test('way: WebRTC that works again is used, and may be left again', () => {
  const way = new Way(true, true);
  way.leaveWebRtc('no-udp');
  way.returnToWebRtc();
  assert.equal(way.isHttp, false);
  assert.equal(way.isProbing, false);
  assert.equal(way.leaveWebRtc('no-udp'), true);
});

test('way: attempts become rarer, up to a limit, and are spread out', () => {
  const way = new Way(true, true);
  assert.equal(way.nextProbeMs(0.5), FIRST_PROBE_MS);
  assert.equal(way.nextProbeMs(0), 2 * FIRST_PROBE_MS * 0.75);
  for (let i = 0; i < 10; i += 1) {
    way.nextProbeMs();
  }
  assert.equal(way.nextProbeMs(1), LAST_PROBE_MS * 1.25);
});

test('way: after a change of the network attempts are frequent again', () => {
  const way = new Way(true, true);
  way.nextProbeMs();
  way.nextProbeMs();
  way.renew();
  assert.equal(way.nextProbeMs(0.5), FIRST_PROBE_MS);
});
