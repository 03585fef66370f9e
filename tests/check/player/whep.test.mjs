// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { credentialsOf, Rejection, rejectionOf, WhepSession, withCredentials,
  withStereo } from '../../../ext/whep/player/whep.js';
import { Timers } from './timers.mjs';

const ENDPOINT = 'https://gateway.example/whep/live/cam?token=sesame';
const SESSION = 'https://gateway.example/whep/live/cam/s1';
const OPUS = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
  + 'a=rtpmap:111 opus/48000/2\r\n';
const OFFER = 'v=0\r\na=ice-ufrag:mine\r\na=ice-pwd:minepwd\r\n'
  + 'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n'
  + 'a=ice-ufrag:mine\r\na=ice-pwd:minepwd\r\n';
const ANSWER = 'v=0\r\na=ice-ufrag:old1\r\na=ice-pwd:oldpwd\r\n';

// What the sessions of a test use of a browser.
class Connection extends EventTarget {
  constructor() {
    super();
    this.connectionState = 'new';
    this.iceConnectionState = 'new';
    this.kinds = [];
    this.remote = [];
    connections.push(this);
  }

  addTransceiver(kind, { direction }) {
    this.kinds.push(`${kind} ${direction}`);
  }

  async createOffer(options) {
    this.options = options;
    return { type: 'offer', sdp: OFFER };
  }

  async setLocalDescription({ sdp }) {
    this.local = sdp;
  }

  async setRemoteDescription({ sdp }) {
    this.remote.push(sdp);
  }

  becomes(state, iceState = state) {
    this.connectionState = state;
    this.iceConnectionState = iceState;
    this.onconnectionstatechange();
  }

  close() {
    this.isClosed = true;
  }
}

let connections;
let requests;
let replies;

beforeEach(() => {
  connections = [];
  requests = [];
  replies = [];
  globalThis.RTCPeerConnection = Connection;
  globalThis.fetch = async (url, options) => {
    const reply = replies.shift();
    requests.push({ url: String(url), ...options });
    return reply instanceof Function ? reply() : reply;
  };
});

afterEach(() => {
  delete globalThis.RTCPeerConnection;
});

function created() {
  const response = new Response(ANSWER, { status: 201,
    headers: { 'Location': '/whep/live/cam/s1' } });
  Object.defineProperty(response, 'url', { value: ENDPOINT });
  return response;
}

function begin({ isInSync = false, headers } = {}) {
  const states = [];
  const tracks = [];
  const session = new WhepSession(ENDPOINT, (track) => tracks.push(track),
    (state) => states.push(state), isInSync, headers);
  return { session, states, tracks, connection: connections.at(-1) };
}

async function opened(options) {
  const begun = begin(options);
  replies.push(created());
  await begun.session.open();
  return begun;
}

test('whep: stereo is added to Opus, which browsers otherwise mix down', () => {
  assert.equal(withStereo(`${OPUS}a=fmtp:111 minptime=10\r\n`),
    `${OPUS}a=fmtp:111 minptime=10;stereo=1\r\n`);
  assert.equal(withStereo(OPUS), `${OPUS.trim()}\r\na=fmtp:111 stereo=1\r\n`);
});

test('whep: an offer that has stereo, or no Opus, is not changed', () => {
  const stereo = `${OPUS}a=fmtp:111 stereo=0;useinbandfec=1\r\n`;
  assert.equal(withStereo(stereo), stereo);
  assert.equal(withStereo(OFFER), OFFER);
});

test('whep: fmtp of another format is not taken for that of Opus', () => {
  assert.equal(withStereo(`${OPUS}a=fmtp:11 x=1\r\na=fmtp:111 y=1\r\n`),
    `${OPUS}a=fmtp:11 x=1\r\na=fmtp:111 y=1;stereo=1\r\n`);
});

test('whep: the credentials of bundled m-sections are listed once', () => {
  assert.deepEqual(credentialsOf(OFFER),
    ['a=ice-ufrag:mine', 'a=ice-pwd:minepwd']);
});

test('whep: a fragment replaces the credentials and nothing else', () => {
  const fragment = 'a=ice-pwd:new$&pwd\r\na=ice-ufrag:new1\r\n';
  assert.equal(withCredentials(ANSWER + ANSWER, fragment),
    'v=0\r\na=ice-ufrag:new1\r\na=ice-pwd:new$&pwd\r\n'.repeat(2));
});

test('whep: a problem of the server becomes a rejection', async () => {
  const rejection = await rejectionOf(new Response(JSON.stringify({
    type: 'urn:problem-type:whep:no-publisher', title: 'Title',
    detail: 'Detail.' }), { status: 409, headers: { 'Retry-After': '2' } }));
  assert.ok(rejection instanceof Rejection);
  assert.equal(rejection.message, 'Detail.');
  assert.equal(rejection.type, 'no-publisher');
  assert.equal(rejection.status, 409);
  assert.equal(rejection.retryAfterS, 2);
});

test('whep: a problem without a detail has its title', async () => {
  const rejection = await rejectionOf(new Response(JSON.stringify({
    type: 'about:blank', title: 'Title' }), { status: 503 }));
  assert.equal(rejection.message, 'Title');
});

test('whep: a proxy’s page becomes a rejection with the status', async () => {
  const rejection = await rejectionOf(new Response('<html>', { status: 502,
    statusText: 'Bad Gateway' }));
  assert.equal(rejection.message, 'The server says: 502 Bad Gateway');
  assert.equal(rejection.type, '');
});

test('whep: a proxy whose server is away is asked again', async () => {
  const waits = await Promise.all([500, 502, 503, 504].map(async (status) =>
    (await rejectionOf(new Response('<html>', { status }))).retryAfterS));
  assert.deepEqual(waits, [0, 2, 2, 2]);
});

test('whep: a session is where the server is that has answered', async () => {
  const { session } = begin();
  const response = new Response(ANSWER, { status: 201,
    headers: { Location: 'cam/e2.s1', Link: '<../../events/e2.s1>' } });
  Object.defineProperty(response, 'url',
    { value: 'https://other.example/whep/live/cam?node=e2' });
  replies.push(response);
  await session.open();
  assert.equal(session.location.href,
    'https://other.example/whep/live/cam/e2.s1');
  assert.equal(session.link, '<../../events/e2.s1>');
  assert.equal(session.url, response.url);
});

test('whep: a server that does not answer cannot be reached', async () => {
  const timers = new Timers();
  timers.begin();
  try {
    const { session } = begin();
    replies.push(() => new Promise((_, reject) => {
      requests.at(-1).signal.addEventListener('abort', () =>
        reject(new Error('aborted')));
    }));
    const opening = session.open();
    await new Promise((resolve) => { setImmediate(resolve); });
    timers.tick(20000);
    await assert.rejects(opening, TypeError);
  } finally {
    timers.end();
  }
});

test('whep: a session posts its offer and takes the answer', async () => {
  const { session, connection } = await opened();
  assert.deepEqual(connection.kinds, ['video recvonly', 'audio recvonly']);
  const [post] = requests;
  assert.equal(post.url, ENDPOINT);
  assert.equal(post.method, 'POST');
  assert.equal(post.headers['Content-Type'], 'application/sdp');
  assert.equal(post.body, connection.local);
  assert.equal(session.location.href, SESSION);
  assert.deepEqual(connection.remote, [ANSWER]);
});

test('whep: a session may be in step from its beginning', async () => {
  await opened({ isInSync: true });
  assert.equal(requests[0].url, `${ENDPOINT}&sound=true`);
});

test('whep: an open session is controlled by its address', async () => {
  const { session } = await opened({ headers: { 'Authorization': 'x' } });
  replies.push(new Response(null, { status: 204 }),
    new Response('{}', { status: 415 }));
  assert.equal(await session.control({ sound: true }), true);
  assert.equal(await session.control({ sound: false }), false);
  const { url, method, headers, body } = requests[1];
  assert.equal(url, SESSION);
  assert.equal(method, 'PATCH');
  assert.deepEqual(headers,
    { 'Content-Type': 'application/json', 'Authorization': 'x' });
  assert.deepEqual(JSON.parse(body), { sound: true });
});

test('whep: a rejected offer is posted again unchanged', async () => {
  const { session, connection } = begin();
  replies.push(new Response('{}', { status: 409 }), created());
  await assert.rejects(session.open(), Rejection);
  await session.open();
  assert.equal(requests[0].body, requests[1].body);
  assert.equal(connection.kinds.length, 2);
});

test('whep: a session that is closed during its POST is deleted', async () => {
  const { session, connection } = begin();
  replies.push(() => {
    session.close();
    return created();
  }, new Response(null, { status: 200 }));
  await session.open();
  assert.deepEqual(requests.map(({ method, url }) => `${method} ${url}`),
    [`POST ${ENDPOINT}`, `DELETE ${SESSION}`]);
  assert.deepEqual(connection.remote, []);
});

test('whep: closing deletes the session once', async () => {
  const { session, connection } = await opened();
  replies.push(new Response(null, { status: 200 }));
  session.close();
  session.close();
  assert.equal(requests.length, 2);
  assert.equal(requests[1].method, 'DELETE');
  assert.equal(requests[1].keepalive, true);
  assert.ok(connection.isClosed);
});

test('whep: an ICE restart patches the session', async () => {
  const { session, connection } = await opened();
  replies.push(new Response('a=ice-ufrag:new1\r\na=ice-pwd:newpwd\r\n'));
  await session.restart();
  const patch = requests[1];
  assert.equal(patch.url, SESSION);
  assert.equal(patch.method, 'PATCH');
  assert.equal(patch.headers['If-Match'], '*');
  assert.equal(patch.headers['Content-Type'],
    'application/trickle-ice-sdpfrag');
  assert.equal(patch.body, 'a=ice-ufrag:mine\r\na=ice-pwd:minepwd\r\n');
  assert.deepEqual(connection.options, { iceRestart: true });
  assert.equal(connection.remote.at(-1),
    'v=0\r\na=ice-ufrag:new1\r\na=ice-pwd:newpwd\r\n');
});

test('whep: an ICE restart of an unknown session is a rejection', async () => {
  const { session } = await opened();
  replies.push(new Response('{}', { status: 404 }));
  await assert.rejects(session.restart(), { status: 404 });
});

const STATES = [
  ['connected', 'connected', 'connected'],
  ['connected', 'completed', 'connected'],
  [undefined, 'completed', 'connected'],
  ['connecting', 'checking', undefined],
  ['connecting', 'connected', undefined],
  ['disconnected', 'disconnected', 'disconnected'],
  ['connected', 'failed', 'failed'],
  ['failed', 'disconnected', 'failed'],
  ['closed', 'closed', 'ended'],
];

for (const [state, iceState, reported] of STATES) {
  const claim = `${state} with ICE ${iceState} is ${reported ?? 'no news'}`;
  test(`whep: ${claim}`, () => {
    const { connection, states } = begin();
    connection.becomes(state, iceState);
    assert.deepEqual(states, reported ? [reported] : []);
  });
}

test('whep: a closed session reports no states', async () => {
  const { session, connection, states } = await opened();
  replies.push(new Response(null, { status: 200 }));
  session.close();
  connection.becomes('failed');
  assert.deepEqual(states, []);
});

test('whep: a session remembers that it was connected', () => {
  const { session, connection } = begin();
  assert.equal(session.wasConnected, false);
  connection.becomes('connected');
  connection.becomes('failed');
  assert.equal(session.wasConnected, true);
  assert.equal(session.isConnected(), false);
});

function arrival(kind) {
  const transport = new EventTarget();
  return { track: { kind },
    receiver: { transport, jitterBufferTarget: null } };
}

test('whep: the picture is shown at once, sound keeps its buffer', () => {
  const { connection, tracks } = begin();
  const video = arrival('video');
  const audio = arrival('audio');
  connection.ontrack(video);
  connection.ontrack(audio);
  assert.equal(video.receiver.jitterBufferTarget, 0);
  assert.equal(audio.receiver.jitterBufferTarget, null);
  assert.deepEqual(tracks, [video.track, audio.track]);
});

test('whep: older browsers are hurried by a hint', () => {
  const { connection } = begin();
  const receiver = { playoutDelayHint: null };
  connection.ontrack({ track: { kind: 'video' }, receiver });
  assert.equal(receiver.playoutDelayHint, 0);
});

test('whep: a picture that may wait for the sound keeps its buffer', () => {
  const { connection } = begin({ isInSync: true });
  const video = arrival('video');
  connection.ontrack(video);
  assert.equal(video.receiver.jitterBufferTarget, null);
});

test('whep: a DTLS transport that is closed ends the session', () => {
  const { connection, states } = begin();
  const { track, receiver } = arrival('video');
  connection.ontrack({ track, receiver });
  for (const state of ['connected', 'failed', 'closed']) {
    receiver.transport.state = state;
    receiver.transport.dispatchEvent(new Event('statechange'));
  }
  assert.deepEqual(states, ['failed', 'ended']);
});

test('whep: a session is known unless the server says otherwise', async () => {
  const { session } = await opened();
  replies.push(new Response(null, { status: 200 }),
    new Response(null, { status: 404 }));
  assert.equal(await session.isKnown(), true);
  assert.equal(await session.isKnown(), false);
  assert.equal(requests[1].method, 'HEAD');
});

test('whep: the operator’s farewell is found, and no other end', async () => {
  const { session } = await opened();
  replies.push(new Response(JSON.stringify({
    type: 'urn:problem-type:whep:disconnected', detail: 'Enough' }),
  { status: 410 }), new Response('{}', { status: 404 }));
  const farewell = await session.farewell();
  assert.equal(farewell.type, 'disconnected');
  assert.equal(farewell.message, 'Enough');
  assert.equal(await session.farewell(), null);
  assert.equal(requests[1].url, SESSION);
  session.close();
  assert.equal(await session.farewell(), null);
});

test('whep: each request of a session has its headers', async () => {
  const headers = { Authorization: 'Bearer sesame' };
  const { session } = await opened({ headers });
  replies.push(new Response('a=ice-ufrag:new1\r\na=ice-pwd:newpwd\r\n'),
    new Response(null, { status: 200 }), new Response(null, { status: 200 }));
  await session.restart();
  await session.isKnown();
  session.close();
  assert.deepEqual(requests.map(({ method }) => method),
    ['POST', 'PATCH', 'HEAD', 'DELETE']);
  for (const request of requests) {
    assert.equal(request.headers.Authorization, headers.Authorization);
  }
});
