// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAST_MS } from '../../../ext/whep/player/backoff.js';
import { Feed } from '../../../ext/whep/player/feed.js';
import { Timers } from './timers.mjs';

const LIST = 'event: streams\ndata: []\n\n';
const DAY_MS = 24 * 3600 * 1000;

const settle = async () => {
  for (let i = 0; i < 5; i += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

// A server whose replies the test writes.
class Server {
  constructor() {
    this.requests = [];
    this.fetch = globalThis.fetch;
    globalThis.fetch = (url, options) => this.answer(url, options);
  }

  answer(url, { headers, signal }) {
    const accept = headers.Accept;
    const request = { url, headers, accept, signal };
    this.requests.push(request);
    signal.addEventListener('abort', () => request.fail &&
      request.fail(new Error('aborted')));
    if (this.isDown) {
      return Promise.reject(new Error('down'));
    }
    if (this.isFull && accept === 'text/event-stream') {
      return Promise.resolve(new Response('', { status: 503,
        headers: { 'Retry-After': '7' } }));
    }
    if (accept === 'application/json') {
      return Promise.resolve(new Response('[]'));
    }
    return Promise.resolve(new Response(new ReadableStream({
      start(controller) {
        request.say = (text) =>
          controller.enqueue(new TextEncoder().encode(text));
        request.end = () => controller.close();
        request.fail = (error) => controller.error(error);
      },
    })));
  }

  get last() {
    return this.requests[this.requests.length - 1];
  }
}

async function withFeed(look, prepare = () => {}) {
  const timers = new Timers();
  const server = new Server();
  const seen = { events: [], states: [] };
  prepare(server);
  timers.begin();
  const feed = new Feed({
    request: () => ({ url: 'api/streams', headers: { Authorization: 'x' } }),
    onEvent: (event) => seen.events.push(event),
    onState: (isGood) => seen.states.push(isGood),
  });
  try {
    feed.open();
    await settle();
    await look({ feed, server, seen, pass: async (ms) => {
      timers.tick(ms);
      await settle();
    } });
  } finally {
    feed.close();
    await settle();
    timers.end();
    globalThis.fetch = server.fetch;
  }
}

test('feed: events arrive as long as it is open', () =>
  withFeed(async ({ feed, server, seen, pass }) => {
    assert.equal(server.last.headers.Authorization, 'x');
    server.last.say(LIST);
    await pass(0);
    assert.deepEqual(seen, { states: [true],
      events: [{ event: 'streams', data: '[]' }] });
    feed.close();
    await pass(DAY_MS);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(seen.states, [true]);
  }));

test('feed: a connection that ends is made again', () =>
  withFeed(async ({ server, seen, pass }) => {
    server.last.end();
    await pass(0);
    await pass(LAST_MS);
    assert.equal(server.requests.length, 2);
    assert.deepEqual(seen.states, []);
  }));

test('feed: a server that can’t be reached is asked again', () =>
  withFeed(async ({ server, seen, pass }) => {
    assert.deepEqual(seen.states, [false]);
    server.isDown = false;
    await pass(LAST_MS);
    server.last.say(LIST);
    await pass(0);
    assert.equal(seen.states[seen.states.length - 1], true);
  }, (server) => {
    server.isDown = true;
  }));

test('feed: a connection that is silent for too long is given up', () =>
  withFeed(async ({ server, seen, pass }) => {
    const first = server.last;
    for (let i = 0; i < 10; i += 1) {
      await pass(15000);
      first.say(':\n\n');
      await pass(0);
    }
    assert.equal(server.requests.length, 1);
    await pass(60000);
    assert.ok(first.signal.aborted);
    assert.deepEqual(seen.states, [false]);
    await pass(LAST_MS);
    assert.ok(server.requests.length > 1);
  }));

test('feed: where there is no room, the list is read once in a while', () =>
  withFeed(async ({ server, seen, pass }) => {
    const accepts = ['text/event-stream', 'application/json'];
    assert.deepEqual(server.requests.map(({ accept }) => accept), accepts);
    assert.deepEqual(seen.events, [{ event: 'streams', data: '[]' }]);
    await pass(6999);
    assert.equal(server.requests.length, 2);
    await pass(1);
    assert.equal(server.requests.length, 4);
  }, (server) => {
    server.isFull = true;
  }));

test('feed: it is opened anew at once', () =>
  withFeed(async ({ feed, server }) => {
    const first = server.last;
    feed.reopen();
    await settle();
    assert.ok(first.signal.aborted);
    assert.equal(server.requests.length, 2);
  }));
