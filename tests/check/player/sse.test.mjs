// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser } from '../../../ext/whep/player/sse.js';

const TEXT = ':\n\nid: 7\nevent: streams\ndata: [1,\ndata:2]\n\n'
  + 'event: nothing\n\ndata:  plain\r\n\r\n';
const EVENTS = [{ event: 'streams', data: '[1,\n2]' },
  { event: 'message', data: ' plain' }];

test('sse: events are found whole', () => {
  assert.deepEqual(new EventParser().push(TEXT), EVENTS);
});

test('sse: events are found wherever the text is cut', () => {
  for (let cut = 0; cut <= TEXT.length; cut += 1) {
    const parser = new EventParser();
    assert.deepEqual([...parser.push(TEXT.slice(0, cut)),
      ...parser.push(TEXT.slice(cut))], EVENTS, `cut at ${cut}`);
  }
});

test('sse: an event that has not ended is none yet', () => {
  assert.deepEqual(new EventParser().push('data: 1\n'), []);
});
