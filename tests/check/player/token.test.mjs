// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Token } from '../../../ext/whep/player/token.js';

// What a token uses of a window; the address is what replaceState() left.
function page(address, kept = new Map()) {
  const url = new URL(address, 'http://gateway.example');
  const made = {
    location: url,
    history: {
      state: 'kept',
      replaceState(state, title, text) {
        assert.equal(state, 'kept');
        made.address = text;
        url.href = new URL(text, url);
      },
    },
    sessionStorage: {
      getItem: (key) => kept.has(key) ? kept.get(key) : null,
      setItem: (key, value) => kept.set(key, value),
    },
  };
  return made;
}

const bearer = (token) => ({ Authorization: `Bearer ${token}` });

test('token: a fragment is taken and removed from the address', () => {
  const window = page('/watch/live/cam?sync#token=sesame');
  assert.deepEqual(new Token(window).headers(), bearer('sesame'));
  assert.equal(window.address, '/watch/live/cam?sync');
});

test('token: the rest of a fragment stays', () => {
  const window = page('/#a=1&token=sesame&b');
  assert.deepEqual(new Token(window).headers(), bearer('sesame'));
  assert.equal(window.address, '/#a=1&b');
});

test('token: a token in the query stays in the address', () => {
  const window = page('/watch/live/cam?token=sesame');
  assert.deepEqual(new Token(window).headers(), bearer('sesame'));
  assert.equal(window.address, undefined);
});

test('token: the fragment takes precedence over the query', () => {
  const token = new Token(page('/?token=old#token=new'));
  assert.deepEqual(token.headers(), bearer('new'));
});

test('token: it is decoded, and a plus sign is kept', () => {
  for (const [text, value] of [['a%2Bb%3D', 'a+b='], ['a+b', 'a+b'],
    ['100%', '100%']]) {
    assert.deepEqual(new Token(page(`/#token=${text}`)).headers(),
      bearer(value));
  }
});

test('token: the tab keeps it from page to page, until there is another',
  () => {
    const kept = new Map();
    assert.ok(new Token(page('/#token=one', kept)).value);
    assert.equal(new Token(page('/watch/live/cam', kept)).value, 'one');
    assert.equal(new Token(page('/watch/live/cam#token=two', kept)).value,
      'two');
    assert.equal(new Token(page('/', kept)).value, 'two');
  });

test('token: a page without one sends no header', () => {
  for (const address of ['/', '/#token=', '/?tokens=a', '/#mytoken=a']) {
    assert.deepEqual(new Token(page(address)).headers(), {});
  }
});

test('token: an address that changes is taken once', () => {
  const window = page('/#token=one');
  const token = new Token(window);
  window.location.hash = '#token=two';
  assert.equal(token.take(), true);
  window.location.hash = '#token=two';
  assert.equal(token.take(), false);
  assert.equal(window.location.hash, '');
  assert.equal(token.value, 'two');
});

test('token: a browser that stores nothing plays all the same', () => {
  const window = page('/#token=sesame');
  Object.defineProperty(window, 'sessionStorage', {
    get() {
      throw new Error('SecurityError');
    } });
  assert.deepEqual(new Token(window).headers(), bearer('sesame'));
});

test('token: the rest of the query is passed on as it was', () => {
  for (const [search, rest] of [['?token=a&user=b%20c', '?user=b%20c'],
    ['?user=b&token=a', '?user=b'], ['?token=a', ''], ['?sync', '?sync'],
    ['', '']]) {
    assert.equal(new Token(page(`/${search}`)).search(), rest);
  }
});

test('token: what no header can have is sent in the query', () => {
  const token = new Token(page('/?sync#token=%C3%A9a'));
  assert.deepEqual(token.headers(), {});
  assert.equal(token.search(), '?sync&token=%C3%A9a');
  assert.equal(new Token(page('/#token=a%0Ab')).search(), '?token=a%0Ab');
});
