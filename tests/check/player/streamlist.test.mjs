// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamList } from '../../../ext/whep/player/streamlist.js';

const stream = (name, viewers = 0, minute = 0) => ({ name, viewers,
  live_since: `2026-01-02T03:${String(minute).padStart(2, '0')}:00Z` });

function listOf(...streams) {
  const list = new StreamList();
  list.take({ event: 'streams', data: JSON.stringify(streams) });
  return list;
}

const change = (list, changed, gone = []) => list.take(
  { event: 'changes', data: JSON.stringify({ changed, gone }) });
const names = (streams) => streams.map(({ name }) => name);

test('streamlist: a list replaces the former one', () => {
  const list = listOf(stream('live/a'));
  list.take({ event: 'streams', data: JSON.stringify([stream('live/b')]) });
  assert.deepEqual(names(list.find()), ['live/b']);
  assert.equal(list.size, 1);
});

test('streamlist: changes add, replace and remove streams', () => {
  const list = listOf(stream('live/a'), stream('live/b'));
  change(list, [stream('live/b', 3), stream('live/c')], ['live/a', 'live/x']);
  assert.deepEqual(list.find(), [stream('live/b', 3), stream('live/c')]);
});

test('streamlist: an event of a later version changes nothing', () => {
  const list = listOf(stream('live/a'));
  list.take({ event: 'weather', data: 'fine' });
  assert.equal(list.size, 1);
});

test('streamlist: numbers in names are sorted as numbers', () => {
  const list = listOf(stream('live/cam10'), stream('live/cam9'));
  assert.deepEqual(names(list.find()), ['live/cam9', 'live/cam10']);
});

test('streamlist: other orders fall back to the name', () => {
  const list = listOf(stream('live/c', 1, 5), stream('live/b', 1, 7),
    stream('live/a', 2, 5));
  assert.deepEqual(names(list.find('', 'viewers')),
    ['live/a', 'live/b', 'live/c']);
  assert.deepEqual(names(list.find('', 'since')),
    ['live/b', 'live/a', 'live/c']);
});

test('streamlist: a search finds each of its words in any case', () => {
  const list = listOf(stream('live/Front Door'), stream('live/back door'),
    stream('live/roof'));
  assert.deepEqual(names(list.find(' DOOR  front')), ['live/Front Door']);
  assert.deepEqual(names(list.find('chimney')), []);
});
