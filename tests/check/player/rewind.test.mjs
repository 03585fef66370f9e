// SPDX-License-Identifier: LGPL-2.1-or-later
// How far behind live the page plays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delayOf, Rewind } from '../../../ext/whep/player/rewind.js';

const ENDPOINT = 'http://127.0.0.1:8080/whep/live/cam';

test('the header has the delay and the limit', () => {
  assert.deepEqual(delayOf('9.5;max=30'), { delayS: 9.5, maxS: 30 });
  assert.deepEqual(delayOf('0.0; max=600'), { delayS: 0, maxS: 600 });
  for (const wrong of [null, '', '9.5', 'max=30', '-1;max=30', '1;max=x']) {
    assert.equal(delayOf(wrong), null, wrong);
  }
});

test('a server that keeps nothing has no buttons', () => {
  const rewind = new Rewind('');
  assert.equal(rewind.endpoint(ENDPOINT), ENDPOINT);
  rewind.take(null);
  assert(!rewind.canGoBack && !rewind.canGoLive);
  assert.equal(rewind.text(), 'Live');
});

test('each step goes back by ten seconds, up to what is kept', () => {
  const rewind = new Rewind('');
  rewind.take('0.0;max=25');
  assert(rewind.canGoBack && !rewind.canGoLive);
  rewind.goBack();
  assert.equal(rewind.endpoint(ENDPOINT), `${ENDPOINT}?delay=10`);
  rewind.take('10.0;max=25');
  assert(rewind.canGoBack && rewind.canGoLive);
  assert.equal(rewind.text(), '−10 s');
  rewind.goBack();
  assert.equal(rewind.endpoint(ENDPOINT), `${ENDPOINT}?delay=20`);
  rewind.take('20.0;max=25');
  rewind.goBack();
  assert.equal(rewind.endpoint(ENDPOINT), `${ENDPOINT}?delay=25`);
  rewind.take('25.0;max=25');
  assert(!rewind.canGoBack);
  rewind.goLive();
  assert.equal(rewind.endpoint(ENDPOINT), ENDPOINT);
  rewind.take('0.0;max=25');
  assert(!rewind.canGoLive);
});

test('a step starts from where the picture is', () => {
  const rewind = new Rewind('');
  rewind.take('0.0;max=60');
  rewind.goBack();
  rewind.take('3.2;max=60'); // all that is kept
  assert.equal(rewind.text(), '−3 s');
  rewind.goBack();
  assert.equal(rewind.endpoint(ENDPOINT), `${ENDPOINT}?delay=13`);
});

test('the page’s own query stays as it is', () => {
  const query = '?token=a%2Fb+c&delay=30&sync';
  const rewind = new Rewind(query);
  assert.equal(rewind.endpoint(ENDPOINT + query),
    `${ENDPOINT}?token=a%2Fb+c&sync&delay=30`);
  rewind.goLive();
  assert.equal(rewind.endpoint(ENDPOINT + query),
    `${ENDPOINT}?token=a%2Fb+c&sync`);
});

test('a stream that has just begun is waited for, as long as the delay', () => {
  const rewind = new Rewind('?delay=10');
  assert.equal(rewind.waitText(0), '');
  rewind.take('10.0;max=25');
  assert.match(rewind.waitText(9999), /is 10 seconds behind live/);
  assert.equal(rewind.waitText(10000), '');
});

test('a delay in the page’s address becomes whole seconds', () => {
  for (const [delay, wantedS] of [['30', 30], ['9.6', 10], ['-3', 0],
    ['soon', 0], ['', 0]]) {
    assert.equal(new Rewind(`?delay=${delay}`).wantedS, wantedS, delay);
  }
});
