// SPDX-License-Identifier: LGPL-2.1-or-later
// Sessions with a stand-in for MediaMTX, over HTTP, and with servers that know
// less of the draft than it does.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, test } from 'node:test';
import { StandardSession } from
  '../../../ext/whep/player/standardsession.js';
import { MediaMtx } from '../../support/mediamtx.mjs';

const OFFER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:mine\r\n'
  + 'a=ice-pwd:minepwd\r\na=mid:0\r\n';
const ANSWER = 'v=0\r\na=ice-ufrag:theirs\r\na=ice-pwd:theirpwd\r\n';
const LITE_ANSWER = `v=0\r\na=ice-lite\r\n${ANSWER.slice(5)}`;
const CANDIDATE = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';

// What a session uses of a browser; the steps in their order.
class Connection extends EventTarget {
  constructor(configuration) {
    super();
    Object.assign(this, { configuration, steps: [], connectionState: 'new',
      iceConnectionState: 'new' });
    connections.push(this);
  }

  addTransceiver() {}

  getConfiguration() {
    return this.configuration;
  }

  setConfiguration(configuration) {
    this.configuration = configuration;
    this.steps.push('configure');
  }

  async createOffer() {
    return { type: 'offer', sdp: OFFER };
  }

  async setLocalDescription(description) {
    this.localDescription = description;
    this.steps.push('local');
    this.finds({ candidate: CANDIDATE, sdpMLineIndex: 0 });
    this.finds(null);
  }

  async setRemoteDescription() {
    this.steps.push('remote');
  }

  finds(candidate) {
    const event = new Event('icecandidate');
    event.candidate = candidate;
    this.dispatchEvent(event);
  }

  close() {}
}

// Other tests in this process replace it.
const { fetch } = globalThis;
const connections = [];
let toStop = [];

afterEach(async () => {
  const stops = toStop;
  toStop = [];
  await Promise.all(stops.map((stop) => stop()));
});

async function mediaMtx({ sdp = ANSWER, token } = {}) {
  const server = await MediaMtx.start(
    async (path) => (path === 'cam' ? { sdp, end: () => {} } : null),
    { token });
  toStop.push(() => server.stop());
  return server;
}

function sessionWith(url, headers) {
  Object.assign(globalThis, { fetch, RTCPeerConnection: Connection });
  const session = new StandardSession(url, () => {}, () => {}, false, headers);
  return { session, connection: connections.at(-1) };
}

// No request is under way any more.
async function eventually(isSo) {
  while (!isSo()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('standardsession: MediaMTX answers, and takes candidates', async () => {
  const server = await mediaMtx();
  const { session, connection } = sessionWith(`${server.url}/cam/whep`);
  await session.open();
  assert.match(session.location.href, /^http:.*\/cam\/whep\/[\w-]{36}$/);
  assert.deepEqual(connection.steps, ['configure', 'local', 'remote']);
  assert.deepEqual(connection.configuration.iceServers.map(({ urls }) => urls),
    ['stun:127.0.0.1:9', 'turn:127.0.0.1:9?transport=udp']);
  assert.equal(connection.configuration.bundlePolicy, 'max-bundle');
  await eventually(() => server.fragments.length > 0);
  assert.equal(server.fragments[0], 'a=ice-ufrag:mine\r\na=ice-pwd:minepwd\r\n'
    + 'm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n'
    + `a=${CANDIDATE}\r\na=end-of-candidates\r\n`);
  session.close();
  await eventually(() => server.sessions.size === 0);
});

test('standardsession: a redirect of the offer is followed', async () => {
  const server = await mediaMtx();
  const { session } = sessionWith(`${server.url}/cam/moved`);
  await session.open();
  assert.match(session.location.pathname, /^\/cam\/whep\//);
});

test('standardsession: an absent publisher may come', async () => {
  const server = await mediaMtx();
  const { session } = sessionWith(`${server.url}/absent/whep`);
  await assert.rejects(session.open(), { status: 404, retryAfterS: 2,
    type: 'no-publisher', message: 'no one is publishing to path \'absent\'' });
});

test('standardsession: a token is sent, and a wrong one is final', async () => {
  const server = await mediaMtx({ token: 'sesame' });
  const url = `${server.url}/cam/whep`;
  await assert.rejects(sessionWith(url).session.open(),
    { status: 401, retryAfterS: 0 });
  const { session } = sessionWith(url, { Authorization: 'Bearer sesame' });
  await session.open();
  await eventually(() => server.fragments.length > 0);
  session.close();
});

test('standardsession: an ICE restart that MediaMTX takes for candidates '
  + 'is a rejection', async () => {
  const server = await mediaMtx();
  const { session } = sessionWith(`${server.url}/cam/whep`);
  await session.open();
  await assert.rejects(session.restart(), { status: 204 });
});

test('standardsession: nothing is chosen by a request of our own', async () => {
  const server = await mediaMtx();
  const { session } = sessionWith(`${server.url}/cam/whep`);
  await session.open();
  const nRequests = server.requests.length;
  assert.equal(await session.control({ sound: true }), false);
  assert.equal(server.requests.length, nRequests);
});

test('standardsession: no request asks whether a session lives', async () => {
  const server = await mediaMtx();
  const { session } = sessionWith(`${server.url}/cam/whep`);
  await session.open();
  assert.equal(await session.isKnown(), true);
  assert.equal(await session.farewell(), null);
  await session.control({ sound: true });
  assert.ok(!server.requests.some(([method]) =>
    ['GET', 'HEAD'].includes(method)));
  assert.ok(server.fragments.every((fragment) => /^a=/.test(fragment)));
});

test('standardsession: a server of ICE-lite gets no candidates', async () => {
  const server = await mediaMtx({ sdp: LITE_ANSWER });
  const { session } = sessionWith(`${server.url}/cam/whep`);
  await session.open();
  session.close();
  await eventually(() => server.sessions.size === 0);
  assert.deepEqual(server.requests.map(([method]) => method),
    ['POST', 'DELETE']);
});

// A server that replies to each request by @reply, which gets it.
async function simpleServer(reply) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.method);
    request.resume();
    request.on('end', () => reply(request, response));
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  toStop.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, url: `http://127.0.0.1:${server.address().port}` };
}

const answering = (headers) => (request, response) => {
  const isOffer = request.method === 'POST';
  response.writeHead(isOffer ? 201 : 405, isOffer ? headers : {});
  response.end(isOffer ? ANSWER : '');
};

test('standardsession: a session without PATCH lives', async () => {
  const { url, requests } =
    await simpleServer(answering({ Location: 'sessions/1' }));
  const { session } = sessionWith(`${url}/whep`);
  await session.open();
  assert.equal(session.location.href, `${url}/sessions/1`);
  await eventually(() => requests.length > 1);
  await assert.rejects(session.restart(), { status: 405 });
  assert.deepEqual(requests, ['POST', 'PATCH', 'PATCH']);
});

test('standardsession: an absolute Location is taken as it is', async () => {
  const { url } = await simpleServer(
    answering({ Location: 'http://elsewhere.example/1', ETag: '"x"' }));
  const { session } = sessionWith(`${url}/whep`);
  await session.open();
  assert.equal(session.location.href, 'http://elsewhere.example/1');
  assert.equal(session.etag, '"x"');
});

test('standardsession: a server that hides Location gets nothing but the '
  + 'offer', async () => {
  const { url, requests } = await simpleServer(answering({}));
  const { session } = sessionWith(`${url}/whep`);
  await session.open();
  assert.ok(session.location, 'the session is not open');
  await assert.rejects(session.restart(), { status: 405 });
  session.close();
  assert.deepEqual(requests, ['POST']);
});

test('standardsession: a server that fails is asked again', async () => {
  const { url } = await simpleServer((request, response) => {
    response.writeHead(503, { 'Retry-After': '7' });
    response.end();
  });
  const { session } = sessionWith(`${url}/whep`);
  await assert.rejects(session.open(), { status: 503, retryAfterS: 7 });
});
