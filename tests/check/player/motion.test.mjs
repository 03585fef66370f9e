// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Motion } from '../../../ext/whep/player/motion.js';

const START_MS = 5000;
const FRAME_MS = 40;

// A page in virtual time, whose video shows a frame when a test says so.
class Page {
  constructor({ hasCallback = true } = {}) {
    this.nowMs = START_MS;
    this.isHidden = false;
    this.nFrames = 0;
    this.video = {
      getVideoPlaybackQuality: () => ({ totalVideoFrames: this.nFrames }),
    };
    if (hasCallback) {
      this.video.requestVideoFrameCallback = (callback) => {
        this.callback = callback;
      };
    }
    this.motion = new Motion(this.video, () => this.nowMs,
      () => this.isHidden);
  }

  shows(nFrames, frameMs = FRAME_MS) {
    for (let i = 0; i < nFrames; i += 1) {
      this.nowMs += frameMs;
      this.nFrames += 1;
      this.callback?.();
      this.motion.stillMs();
    }
  }

  waits(ms) {
    this.nowMs += ms;
    return this.motion.stillMs();
  }
}

test('motion: before the first frame nothing stands still', () => {
  assert.equal(new Page().waits(60000), 0);
});

for (const hasCallback of [true, false]) {
  const by = hasCallback ? 'by the callback' : 'by counting';

  test(`motion: a picture that moves is not still, ${by}`, () => {
    const page = new Page({ hasCallback });
    page.shows(100);
    assert.equal(page.waits(FRAME_MS), 0);
  });

  test(`motion: a picture is still after a second, ${by}`, () => {
    const page = new Page({ hasCallback });
    page.shows(100);
    assert.equal(page.waits(1000), 0);
    assert.equal(page.waits(1), 1001);
    page.shows(1);
    assert.equal(page.motion.stillMs(), 0);
  });
}

test('motion: few frames a second may be twice their distance apart', () => {
  const page = new Page();
  page.shows(3, 4000);
  assert.equal(page.waits(8000), 0);
  assert.equal(page.waits(1), 8001);
});

test('motion: after ten seconds any picture is still', () => {
  const page = new Page();
  page.shows(3, 30000);
  assert.equal(page.waits(10000), 0);
  assert.equal(page.waits(1), 10001);
});

test('motion: a hidden page says nothing about the stream', () => {
  const page = new Page();
  page.shows(10);
  page.isHidden = true;
  assert.equal(page.waits(60000), 0);
  page.isHidden = false;
  assert.equal(page.waits(1001), 0);
  assert.equal(page.waits(1000), 0);
  assert.equal(page.waits(1), 1001);
});

test('motion: another session begins without a picture', () => {
  const page = new Page();
  page.shows(10);
  page.motion.begin();
  assert.equal(page.waits(60000), 0);
});
