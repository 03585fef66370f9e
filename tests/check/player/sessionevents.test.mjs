// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OPEN, SessionEvents }
  from '../../../ext/whep/player/sessionevents.js';

const LINK = '<../../events/e1.s1>; rel="urn:ietf:params:whep:ext:core:'
  + 'server-sent-events"; events="active,reconnect"';
const URL_OF_ANSWER = 'https://here/folder/whep/live/cam';

const settle = async () => {
  for (let i = 0; i < 5; i += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

const at = (url, response) =>
  Object.defineProperty(response, 'url', { value: String(url) });

// A server that takes listeners and says what the test wants.
class Server {
  constructor() {
    this.requests = [];
    this.status = 201;
    this.real = globalThis.fetch;
    globalThis.fetch = async (url, options) => this.answer(url, options);
  }

  answer(url, { method = 'GET', headers, body, signal }) {
    const request = { url: String(url), method, headers, body };
    this.requests.push(request);
    if (method === 'POST') {
      return at(url, new Response('', { status: this.status,
        headers: { Location: 'e1.s1/l1' } }));
    }
    return at(url, new Response(new ReadableStream({
      start(controller) {
        request.say = (text) =>
          controller.enqueue(new TextEncoder().encode(text));
        request.end = () => controller.close();
        signal.addEventListener('abort', () => {
          request.isAborted = true;
          controller.error(new Error('aborted'));
        });
      },
    })));
  }
}

const session = (link = LINK) => ({ link, url: URL_OF_ANSWER,
  headers: { Authorization: 'Bearer x' } });

async function testEvents(look, status = 201) {
  const server = new Server();
  const seen = [];
  const events = new SessionEvents(session(), {
    onReconnect: () => seen.push('reconnect'),
    onLost: () => seen.push('lost'),
    onFull: () => seen.push('full') });
  server.status = status;
  try {
    assert.equal(events.open(), true);
    await settle();
    await look({ server, events, seen });
  } finally {
    events.close();
    await settle();
    globalThis.fetch = server.real;
  }
}

test('sessionevents: a server asks for another session', () =>
  testEvents(async ({ server, seen }) => {
    const [post, get] = server.requests;
    assert.equal(post.url, 'https://here/folder/events/e1.s1');
    assert.equal(post.body, '["reconnect"]');
    assert.equal(post.headers.Authorization, 'Bearer x');
    assert.equal(get.url, 'https://here/folder/events/e1.s1/l1');
    assert.equal(get.headers.Authorization, 'Bearer x');
    get.say(':\n\nevent: recon');
    await settle();
    assert.deepEqual(seen, []);
    get.say('nect\ndata: {}\n\n');
    await settle();
    assert.deepEqual(seen, ['reconnect']);
  }));

test('sessionevents: a connection that ends is reported, and may be reopened',
  () => testEvents(async ({ server, events, seen }) => {
    server.requests[1].end();
    await settle();
    assert.deepEqual(seen, ['lost']);
    assert.equal(events.open(), true);
    await settle();
    assert.equal(server.requests.length, 4);
  }));

for (const status of [429, 503]) {
  test(`sessionevents: that no place is left (${status}) says nothing else`,
    () => testEvents(async ({ server, events, seen }) => {
      assert.equal(server.requests.length, 1);
      assert.deepEqual(seen, ['full']);
      server.status = 201;
      assert.equal(events.open(), true);
      await settle();
      server.requests[2].say('event: reconnect\ndata: {}\n\n');
      await settle();
      assert.deepEqual(seen, ['full', 'reconnect']);
    }, status));
}

test('sessionevents: what is closed here is not reported', () =>
  testEvents(async ({ server, events, seen }) => {
    events.close();
    await settle();
    assert.equal(server.requests[1].isAborted, true);
    assert.deepEqual(seen, []);
  }));

test('sessionevents: it is known whether the server is listened to', () =>
  testEvents(async ({ server, events }) => {
    assert.equal(events.isListening, true);
    server.requests[1].end();
    await settle();
    assert.equal(events.isListening, false);
    server.status = 503;
    events.open();
    await settle();
    assert.equal(events.isListening, false);
  }));

test('sessionevents: a server without such events is not listened to', () => {
  for (const link of [null, '', LINK.replace(',reconnect', '')]) {
    assert.equal(new SessionEvents(session(link), {}).open(), false);
  }
});

test('sessionevents: a page listens to a few sessions', () =>
  testEvents(async () => {
    const others = Array.from({ length: MAX_OPEN }, () =>
      new SessionEvents(session(), { onReconnect() {}, onLost() {} }));
    const isOpen = others.map((events) => events.open());
    assert.deepEqual(isOpen, isOpen.map((_, i) => i < MAX_OPEN - 1));
    others.forEach((events) => events.close());
    assert.equal(others[MAX_OPEN - 1].open(), true);
    others[MAX_OPEN - 1].close();
    await settle();
  }));
