// SPDX-License-Identifier: LGPL-2.1-or-later
// QR codes, as a decoder of others reads them: zbar's.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { qrCode, qrPath } from '../../../ext/whep/player/qrcode.js';

// In modules, and in pixels per module.
const QUIET = 4;
const SCALE = 3;

// The most bytes of each version at level M (ISO/IEC 18004, table 7).
const CAPACITIES = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];

// A portable grey map.
function imageOf(rows) {
  const size = (rows.length + 2 * QUIET) * SCALE;
  const pixels = Buffer.alloc(size * size, 255);
  rows.forEach((row, y) => row.forEach((isDark, x) => {
    for (let i = 0; isDark && i < SCALE * SCALE; i += 1) {
      pixels[((y + QUIET) * SCALE + Math.floor(i / SCALE)) * size
        + (x + QUIET) * SCALE + i % SCALE] = 0;
    }
  }));
  return Buffer.concat([Buffer.from(`P5 ${size} ${size} 255\n`), pixels]);
}

// Raw bytes, as zbar guesses at encodings of text.
function read(rows) {
  return execFileSync('zbarimg', ['--nodbus', '-q', '--raw', '--oneshot',
    '-Sbinary', 'pgm:-'], { input: imageOf(rows) });
}

function textOf(length) {
  return Array.from({ length }, (_, i) =>
    String.fromCharCode(33 + (i * 37 + length) % 90)).join('');
}

test('qrcode: each version is read as it was written', () => {
  CAPACITIES.forEach((capacity, i) => {
    for (const length of [i === 0 ? 1 : CAPACITIES[i - 1] + 1, capacity]) {
      const text = textOf(length);
      const rows = qrCode(text);
      assert.equal(rows.length, 21 + 4 * i, `${length} bytes`);
      assert.equal(read(rows).toString(), text);
    }
  });
});

test('qrcode: text beyond ASCII is UTF-8', () => {
  const text = 'http://[::1]:8080/watch/live/Küche-מצלמה-😀';
  assert.equal(read(qrCode(text)).toString(), text);
});

test('qrcode: text that fits no version has none', () => {
  assert.equal(qrCode(textOf(CAPACITIES.at(-1) + 1)), null);
});

test('qrcode: a path has a square for each dark module', () => {
  assert.equal(qrPath([[true, false], [false, true]]),
    'M0 0h1v1h-1zM1 1h1v1h-1z');
});
