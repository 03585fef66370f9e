// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grid, Means, neighbour, plan, SMALL_PX }
  from '../../../ext/whep/player/wallplan.js';

const LARGE = { isVisible: true, isBig: false, width: SMALL_PX };
const SMALL = { ...LARGE, width: SMALL_PX - 1 };
const AWAY = { ...LARGE, isVisible: false };
const BIG = { ...LARGE, isBig: true };

test('wall: small pictures get key frames, those out of sight nothing', () => {
  assert.deepEqual(plan([LARGE, SMALL, AWAY, LARGE], 16),
    ['all', 'key', '', 'all']);
});

test('wall: no more pictures get all frames than can be decoded', () => {
  assert.deepEqual(plan([LARGE, LARGE, LARGE], 2), ['all', 'all', 'key']);
  assert.deepEqual(plan([LARGE, LARGE], 0), ['key', 'key']);
});

test('wall: the large picture gets all frames, whatever the limit', () => {
  assert.deepEqual(plan([LARGE, BIG, SMALL], 0), ['key', 'all', 'key']);
  assert.deepEqual(plan([{ ...BIG, isVisible: false }], 0), ['all']);
});

const grids = [
  ['one fills the page', 1, 1280, 700, 1],
  ['four are two by two', 4, 1280, 700, 2],
  ['nine are three by three', 9, 1280, 700, 3],
  ['twelve are four by three', 12, 1264, 720, 4],
  ['64 are eight by eight', 64, 1280, 700, 8],
  ['on a phone two are as many as fit', 64, 360, 600, 2],
  ['in a strip they are side by side', 5, 1280, 0, 5],
  ['none are one column', 0, 1280, 700, 1],
  ['there is always one column', 3, 100, 100, 1],
];

for (const [claim, n, width, height, expected] of grids) {
  test(`wall: ${claim}`, () => {
    assert.equal(grid(n, width, height, 8).count, expected);
  });
}

test('wall: what fits on the page needs no scrolling', () => {
  for (let n = 1; n <= 36; n += 1) {
    const { count, px } = grid(n, 1280, 700, 8);
    assert.ok(count * (px + 8) - 8 <= 1280.01, `${n}`);
    assert.ok(Math.ceil(n / count) * (px * 9 / 16 + 8) - 8 <= 700.01, `${n}`);
  }
});

test('wall: arrows go to the neighbour, and not beyond the edge', () => {
  assert.equal(neighbour(4, 9, 3, 'ArrowLeft'), 3);
  assert.equal(neighbour(4, 9, 3, 'ArrowRight'), 5);
  assert.equal(neighbour(4, 9, 3, 'ArrowUp'), 1);
  assert.equal(neighbour(4, 9, 3, 'ArrowDown'), 7);
  assert.equal(neighbour(7, 9, 3, 'ArrowDown'), 7);
  assert.equal(neighbour(0, 9, 3, 'ArrowLeft'), 0);
});

const CLEAN = { n: 8, received: 480, dropped: 0, decodeS: 0.2, ms: 2000 };

test('means: a machine that keeps up shows as many as are wanted', () => {
  const means = new Means(16);
  for (let i = 0; i < 1000; i += 1) {
    assert.equal(means.report(CLEAN), 16);
  }
});

test('means: frames that are dropped make it fewer', () => {
  assert.equal(new Means(16).report({ ...CLEAN, dropped: 49 }), 6);
  assert.equal(new Means(16).report({ ...CLEAN, dropped: 48 }), 16);
});

test('means: a decoder that is busy all the time makes it fewer', () => {
  assert.equal(new Means(16).report({ ...CLEAN, decodeS: 1.3 }), 6);
});

test('means: it is one more after a while, later each time that fails', () => {
  const means = new Means(4);
  const bad = { ...CLEAN, n: 4, dropped: 480 };
  const waits = [];
  means.report(bad);
  for (let i = 0; i < 4; i += 1) {
    let n = 0;
    for (const { max } = means; means.max === max; n += 1) {
      means.report({ ...CLEAN, n: max });
    }
    waits.push(n);
    means.report(bad);
  }
  assert.deepEqual(waits, [10, 20, 40, 80]);
});

test('means: nothing that was received says nothing', () => {
  assert.equal(new Means(3).report({ n: 0, received: 0, dropped: 0,
    decodeS: 0, ms: 2000 }), 3);
});
