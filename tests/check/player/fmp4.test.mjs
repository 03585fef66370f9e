// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoxReader, fragmentOf, join, MAX_BOX_BYTES, tracksOf, typeOf }
  from '../../../ext/whep/player/fmp4.js';
import { AUDIO, box, concat, fragment, moof, moov, text, uint32, VIDEO }
  from './boxes.mjs';

const NON_SYNC = 0x10000;
const NOT_MP4 = /isn’t MP4/;
const STREAM = concat(box('ftyp', text('iso6')), moov(),
  fragment({ isKey: true }), fragment({ track: AUDIO }), fragment());
const TYPES = ['ftyp', 'moov', 'moof', 'mdat', 'moof', 'mdat', 'moof', 'mdat'];

function readIn(bytes, nBytes) {
  const reader = new BoxReader();
  const boxes = [];
  for (let at = 0; at < bytes.length; at += nBytes) {
    boxes.push(...reader.push(bytes.subarray(at, at + nBytes)));
  }
  return boxes;
}

for (const nBytes of [1, 7, 8, 9, 100, 1 << 20]) {
  test(`fmp4: a stream in pieces of ${nBytes} bytes is cut at its boxes`,
    () => {
      const boxes = readIn(STREAM, nBytes);
      assert.deepEqual(boxes.map(typeOf), TYPES);
      assert.deepEqual(join(boxes), STREAM);
    });
}

test('fmp4: a box that is not complete is kept back', () => {
  const reader = new BoxReader();
  const whole = box('free', new Uint8Array(5));
  assert.deepEqual(reader.push(whole.subarray(0, 12)), []);
  assert.deepEqual(reader.push(whole.subarray(12)), [whole]);
  assert.deepEqual(reader.push(new Uint8Array(0)), []);
});

for (const size of [0, 1, 7, MAX_BOX_BYTES + 1, 0xffffffff]) {
  test(`fmp4: a box of ${size} bytes is rejected`, () => {
    assert.throws(() => new BoxReader().push(concat(uint32(size),
      text('mdat'))), NOT_MP4);
  });
}

test('fmp4: a proxy’s page is rejected', () => {
  assert.throws(() => new BoxReader().push(text('<html><body>')), NOT_MP4);
});

for (const isLong of [false, true]) {
  const times = `times of ${isLong ? 64 : 32} bits`;
  test(`fmp4: the tracks of an init segment are found, with ${times}`, () => {
    assert.deepEqual(tracksOf(moov({ isLong, flags: NON_SYNC })), [
      { id: VIDEO, isVideo: true, type: 'avc1', flags: NON_SYNC },
      { id: AUDIO, isVideo: false, type: 'mp4a', flags: 0 }]);
  });
}

test('fmp4: a stream may have one track', () => {
  assert.deepEqual(tracksOf(moov({ video: null })).map(({ id }) => id),
    [AUDIO]);
  assert.deepEqual(tracksOf(moov({ audio: null, video: 'hvc1' }))
    .map(({ type }) => type), ['hvc1']);
});

for (const where of ['tfhd', 'first', 'sample']) {
  for (const isKey of [true, false]) {
    const claim = isKey ? 'a key frame' : 'another frame';
    test(`fmp4: ${claim} is recognized by its flags in ${where}`, () => {
      const tracks = tracksOf(moov({ flags: isKey ? NON_SYNC : 0 }));
      const found = fragmentOf(moof({ isKey, where }), tracks);
      assert.equal(found.isKey, isKey);
      assert.equal(found.track.id, VIDEO);
    });
  }
}

for (const flags of [0, NON_SYNC]) {
  test(`fmp4: without flags of its own a frame has the track’s ${flags}`,
    () => {
      const tracks = tracksOf(moov({ flags }));
      assert.equal(fragmentOf(moof({ where: 'none' }), tracks).isKey,
        flags === 0);
    });
}

for (const where of ['tfhd', 'first', 'sample', 'none']) {
  test(`fmp4: a B-frame's order shows in its trun, flags in ${where}`, () => {
    const tracks = tracksOf(moov());
    const isReordered = (offset) =>
      fragmentOf(moof({ where, offset }), tracks).isReordered;
    assert.equal(isReordered(null), false);
    assert.equal(isReordered(0), false);
    assert.equal(isReordered(3000), true);
    assert.equal(isReordered(-3000), true);
  });
}

test('fmp4: a fragment of an unknown track is rejected', () => {
  assert.throws(() => fragmentOf(moof({ track: 7 }), tracksOf(moov())),
    NOT_MP4);
  assert.throws(() => fragmentOf(moof(), []), NOT_MP4);
});

// The size of the cut box is mended, so that the cut is found inside of it.
function cut(whole, nBytes) {
  return concat(uint32(nBytes), whole.subarray(4, nBytes));
}

test('fmp4: an init segment that is cut anywhere is rejected or shorter',
  () => {
    const whole = moov();
    for (let n = 8; n < whole.length; n += 1) {
      try {
        assert.ok(tracksOf(cut(whole, n)).length <= 2);
      } catch (error) {
        assert.match(error.message, NOT_MP4, `cut at ${n}`);
      }
    }
  });

for (const where of ['tfhd', 'first', 'sample']) {
  test(`fmp4: a fragment that is cut anywhere is rejected, ${where}`, () => {
    const whole = moof({ where });
    const tracks = tracksOf(moov());
    for (let n = 8; n < whole.length; n += 1) {
      assert.throws(() => fragmentOf(cut(whole, n), tracks), NOT_MP4,
        `cut at ${n}`);
    }
  });
}

// mulberry32
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('fmp4: changed bytes are rejected or read, and nothing else', () => {
  for (let seed = 0; seed < 3000; seed += 1) {
    const next = random(seed);
    const bytes = STREAM.slice();
    for (let i = 0; i < 4; i += 1) {
      bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
    }
    try {
      let tracks = [];
      for (const one of readIn(bytes, 1 + Math.floor(next() * 300))) {
        if (typeOf(one) === 'moov') {
          tracks = tracksOf(one);
        } else if (typeOf(one) === 'moof') {
          fragmentOf(one, tracks);
        }
      }
    } catch (error) {
      assert.match(error.message, NOT_MP4, `seed ${seed}`);
    }
  }
});
