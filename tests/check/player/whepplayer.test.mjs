// SPDX-License-Identifier: LGPL-2.1-or-later
// The element, in a page that consists of what it uses of one.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

class FakeElement extends EventTarget {
  constructor() {
    super();
    this.style = {};
    this.attributes = new Map();
    this.children = [];
    this.textContent = '';
    this.isConnected = false;
  }

  append(...children) {
    this.children.push(...children);
  }

  attachShadow() {
    return this;
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name) {
    return this.attributes.has(name);
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
    this.attributeChangedCallback?.(name);
  }

  removeAttribute(name) {
    this.attributes.delete(name);
    this.attributeChangedCallback?.(name);
  }

  pause() {
    this.isPaused = true;
  }
}

globalThis.HTMLElement = FakeElement;
globalThis.customElements = { get: () => undefined, define: () => {} };
globalThis.document = { baseURI: 'https://site.example/',
  createElement: () => new FakeElement() };
globalThis.getComputedStyle = () => ({ display: 'inline',
  position: 'static' });
globalThis.CustomEvent ??= class extends Event {
  constructor(type, { detail }) {
    super(type);
    this.detail = detail;
  }
};

const { eventOf, searchOf, WhepPlayer } =
  await import('../../../ext/whep/player/whepplayer.js');

// In place of Player.
class FakePlayer extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { state: 'connecting', message: 'Connecting…',
      action: null, session: { location: null }, calls: [] });
    players.push(this);
  }

  begin() {
    this.calls.push('begin');
  }

  start() {
    this.calls.push('start');
  }

  pause() {
    this.calls.push('pause');
    this.session = null;
  }

  end() {
    this.calls.push('end');
  }

  async play() {
    this.calls.push('play');
  }

  becomes(state, message = '', location = 'there') {
    Object.assign(this, { state, message, session: { location } });
    this.dispatchEvent(new Event('state'));
  }
}

class Element extends WhepPlayer {
  makePlayer() {
    return new FakePlayer();
  }
}

let players;

beforeEach(() => {
  players = [];
});

function inserted(attributes) {
  const element = new Element();
  const events = [];
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  for (const type of ['playing', 'stalled', 'ended', 'error']) {
    element.addEventListener(type, () => events.push(type));
  }
  element.addEventListener('statechange', ({ detail }) =>
    events.push(`(${detail.state})`));
  element.isConnected = true;
  element.connectedCallback();
  return { element, events, player: players.at(-1) };
}

const SRC = 'https://g.example/whep/live/cam';

test('whepplayer: with autoplay it begins once it is in a page', () => {
  const { player, element, events } = inserted({ src: SRC, autoplay: '',
    muted: '' });
  assert.deepEqual(player.calls, ['begin']);
  assert.equal(element.state, 'connecting');
  assert.equal(element.muted, true);
  assert.deepEqual(events, ['(connecting)']);
});

test('whepplayer: without autoplay it waits for play()', async () => {
  const { element } = inserted({ src: SRC });
  assert.equal(players.length, 0);
  assert.equal(element.state, 'idle');
  await element.play();
  assert.deepEqual(players[0].calls, ['begin']);
});

test('whepplayer: without src nothing begins', async () => {
  const { element } = inserted({ autoplay: '' });
  await element.play();
  assert.equal(players.length, 0);
  element.src = SRC;
  await element.play();
  assert.equal(players.length, 1);
});

test('whepplayer: states become events', () => {
  const { player, events } = inserted({ src: SRC, autoplay: '' });
  player.becomes('playing');
  player.becomes('still');
  player.becomes('playing');
  player.becomes('waiting', 'silent');
  player.becomes('connecting', 'again', null);
  player.becomes('waiting', 'nobody', null);
  player.becomes('waiting', 'nobody yet', null);
  player.becomes('refused', 'no', null);
  assert.deepEqual(events, ['(connecting)', 'playing', '(playing)', 'stalled',
    '(still)', 'playing', '(playing)', 'stalled', '(waiting)', '(connecting)',
    'ended', '(waiting)', 'error', '(refused)']);
});

test('whepplayer: what has not played has not ended', () => {
  const what = { hasPlayed: false, isOver: true };
  assert.equal(eventOf('connecting', 'waiting', what), '');
  assert.equal(eventOf('waiting', 'waiting', { ...what, hasPlayed: true }),
    '');
});

test('whepplayer: words and what helps are shown until it plays', () => {
  const { player, element } = inserted({ src: SRC, autoplay: '' });
  let nRun = 0;
  player.action = { label: 'Play', run: () => { nRun += 1; } };
  player.becomes('blocked', 'Start it.');
  assert.equal(element.panel.style.display, 'flex');
  assert.equal(element.text.textContent, 'Start it.');
  assert.equal(element.button.textContent, 'Play');
  element.button.onclick();
  assert.equal(nRun, 1);
  player.action = null;
  player.becomes('playing');
  assert.equal(element.panel.style.display, 'none');
  assert.equal(element.button.hidden, true);
});

test('whepplayer: another address or token is another player', () => {
  const { element, player } = inserted({ src: SRC, autoplay: '' });
  element.src = `${SRC}2`;
  assert.deepEqual(player.calls, ['begin', 'end']);
  element.setAttribute('token', 'sesame');
  assert.equal(players.length, 3);
  // It tells of itself no more.
  player.becomes('refused', 'old');
  assert.equal(element.state, 'connecting');
});

test('whepplayer: its look changes without another player', () => {
  const { element } = inserted({ src: SRC, autoplay: '' });
  element.setAttribute('controls', '');
  element.setAttribute('fit', 'cover');
  element.setAttribute('muted', '');
  assert.equal(element.video.controls, true);
  assert.equal(element.video.style.objectFit, 'cover');
  assert.equal(element.muted, true);
  element.removeAttribute('fit');
  assert.equal(element.video.style.objectFit, 'contain');
  assert.equal(players.length, 1);
});

test('whepplayer: a pause ends the session, and play() begins another',
  async () => {
    const { element, player } = inserted({ src: SRC, autoplay: '' });
    player.becomes('playing');
    element.pause();
    await element.play();
    assert.deepEqual(player.calls, ['begin', 'pause', 'start']);
  });

test('whepplayer: an element that is removed ends its session', () => {
  const { element, player } = inserted({ src: SRC, autoplay: '' });
  element.isConnected = false;
  element.disconnectedCallback();
  assert.deepEqual(player.calls, ['begin', 'end']);
  assert.equal(element.state, 'idle');
});

test('whepplayer: sync is on, off, or left to the sound', () => {
  assert.equal(searchOf('?delay=3', null), '?delay=3');
  assert.equal(searchOf('?delay=3', ''), '?delay=3&sync');
  assert.ok(new URLSearchParams(searchOf('', 'off')).has('fast'));
});
