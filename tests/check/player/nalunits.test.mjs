// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, prefixedOf, unitsOf }
  from '../../../ext/whep/player/nalunits.js';

const SPS = [0x67, 0x64, 0x00, 0x1f, 0xac];
const PPS = [0x68, 0xee, 0x3c];
const IDR = [0x65, 0x88, 0, 0, 2];
const LONG = [0, 0, 0, 1];
const SHORT = [0, 0, 1];

const bytes = (...parts) => new Uint8Array(parts.flat());
const listed = (units) => units.map((unit) => [...unit]);

test('nalunits: start codes of three and four bytes separate units', () => {
  assert.deepEqual(listed(unitsOf(bytes(LONG, SPS, LONG, PPS, SHORT, IDR))),
    [SPS, PPS, IDR]);
  assert.deepEqual(listed(unitsOf(bytes(SHORT, IDR, [0, 0, 0]))), [IDR]);
});

test('nalunits: what is no unit is left out', () => {
  for (const data of [bytes(), bytes([0, 0]), bytes(IDR), bytes(LONG),
    bytes(LONG, SHORT), bytes([1, 1, 1, 1, 1])]) {
    assert.deepEqual(unitsOf(data), []);
  }
});

test('nalunits: the first of the parameter sets make the configuration', () => {
  const rewritten = [...SPS.slice(0, -1), 0x11];
  const { codec, description } = configOf([SPS, PPS, rewritten, PPS, IDR]
    .map((unit) => bytes(unit)));
  assert.equal(codec, 'avc1.64001f');
  assert.deepEqual([...description], [1, 0x64, 0, 0x1f, 0xff,
    0xe1, 0, 5, ...SPS, 1, 0, 3, ...PPS, 0xfd, 0xf8, 0xf8, 0]);
});

test('nalunits: the main profile has no format in its configuration', () => {
  const main = [0x67, 0x4d, 0x40, 0x1f, 1];
  const { codec, description } = configOf([bytes(main), bytes(PPS)]);
  assert.equal(codec, 'avc1.4d401f');
  assert.equal(description.at(-1), PPS.at(-1));
});

test('nalunits: without both parameter sets there is no configuration', () => {
  assert.equal(configOf([bytes(SPS), bytes(IDR)]), null);
  assert.equal(configOf([bytes(PPS), bytes(IDR)]), null);
  assert.equal(configOf([bytes([0x67, 1]), bytes(PPS)]), null);
});

test('nalunits: a length precedes each unit of a picture', () => {
  const units = [SPS, PPS, [9, 0x10], IDR, [0x41, 7]].map((unit) =>
    bytes(unit));
  assert.deepEqual([...prefixedOf(units)],
    [0, 0, 0, 5, ...IDR, 0, 0, 0, 2, 0x41, 7]);
  assert.deepEqual([...prefixedOf([])], []);
});
