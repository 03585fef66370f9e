// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, pathOf, scaleOf, spoken }
  from '../../../ext/whep/player/graphs.js';

const MS = { unit: 'ms' };

test('graphs: the newest value is at the right, 0 at the bottom', () => {
  assert.equal(pathOf([0, 10], 10), 'M235.9 35.0L240.0 1.0');
});

test('graphs: what is unknown leaves a gap', () => {
  assert.equal(pathOf([0, null, 0, 0], 10),
    'M227.8 35.0M235.9 35.0L240.0 35.0');
  assert.equal(pathOf([null], 10), '');
});

test('graphs: the scale has room for the highest value', () => {
  assert.ok(scaleOf([null, 40, 7], 30) > 40);
  assert.ok(scaleOf([null, 4], 30) > 30);
});

test('graphs: figures have their unit, or are unknown', () => {
  assert.equal(figure(12.34, MS), '12 ms');
  assert.equal(figure(12.34, { unit: '%', digits: 1 }), '12.3 %');
  assert.equal(figure(null, MS), 'unknown');
});

test('graphs: a screen reader hears now, lowest and highest', () => {
  assert.equal(spoken('Round trip', '', [5, null, 9, 7], MS),
    'Round trip: now 7 ms, lowest 5 ms, highest 9 ms');
  assert.equal(spoken('Packets', 'lost', [null], MS), 'Packets, lost: unknown');
});
