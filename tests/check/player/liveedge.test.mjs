// SPDX-License-Identifier: LGPL-2.1-or-later

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBacklogOver, LiveEdge, MAX_TARGET_S, REORDER_S, TARGET_S }
  from '../../../ext/whep/player/liveedge.js';

const FRAME_S = 1 / 30;

// A picture in virtual time that obeys the edge.
class Player {
  constructor({ frameS = FRAME_S, behind = 0.1 } = {}) {
    this.edge = new LiveEdge();
    this.frameS = frameS;
    this.now = 1000;
    this.end = 50;
    this.start = 40;
    this.position = this.end - behind;
    this.rate = 1;
    this.nJumps = 0;
    this.nStalls = 0;
    this.edge.skip(this.end);
  }

  get behind() {
    return this.end - this.position;
  }

  // Time passes, and the picture moves as far as there is data.
  waits(seconds) {
    const moved = this.position + seconds * this.rate;
    if (moved > this.end) {
      this.nStalls += 1;
      this.edge.stall(this.now);
    }
    this.position = Math.min(moved, this.end);
    this.now += seconds;
  }

  arrives(seconds) {
    this.end += seconds;
    const { rate, jump } = this.edge.steer({ start: this.start, end: this.end,
      position: this.position, now: this.now });
    this.rate = rate;
    if (jump !== null) {
      this.position = jump;
      this.nJumps += 1;
    }
  }

  plays(seconds, frameS = this.frameS) {
    for (let t = 0; t < seconds; t += frameS) {
      this.waits(frameS);
      this.arrives(frameS);
    }
  }
}

test('liveedge: a steady stream is played at its rate, just behind', () => {
  const player = new Player();
  player.plays(60);
  assert.equal(player.nStalls, 0);
  assert.equal(player.nJumps, 0);
  assert.ok(Math.abs(player.behind - TARGET_S - FRAME_S) <= 0.035,
    `${player.behind}`);
});

for (const behind of [0.2, 0.5, 0.9]) {
  test(`liveedge: ${behind} s behind are caught up without a jump`, () => {
    const player = new Player({ behind });
    player.plays(10);
    assert.equal(player.nJumps, 0);
    assert.ok(player.behind < 0.16, `${player.behind}`);
  });
}

test('liveedge: a picture that is too early becomes slower', () => {
  const player = new Player({ behind: 0.06 });
  player.plays(0.2);
  assert.equal(player.rate, 0.97);
  player.plays(10);
  assert.ok(player.behind > TARGET_S, `${player.behind}`);
});

test('liveedge: far behind, the picture jumps once', () => {
  const player = new Player({ behind: 5 });
  player.plays(10);
  assert.equal(player.nJumps, 1);
  assert.ok(player.behind < 0.16, `${player.behind}`);
});

test('liveedge: after a stall the picture is live again, with more in reserve',
  () => {
    const player = new Player();
    player.plays(5);
    const { target } = player.edge;
    player.waits(3);
    player.arrives(3);
    assert.equal(player.nJumps, 1);
    assert.ok(player.edge.target > target);
    player.plays(5);
    assert.ok(player.behind < 0.3, `${player.behind}`);
  });

test('liveedge: the reserve disappears when there are no more stalls', () => {
  const player = new Player();
  player.plays(5);
  const { target } = player.edge;
  player.edge.stall(player.now);
  player.plays(120);
  assert.ok(Math.abs(player.edge.target - target) < 1e-6);
});

test('liveedge: a cause of stalls that recurs stalls it less and less',
  () => {
    const player = new Player();
    for (let minute = 0; minute < 20; minute += 1) {
      player.plays(60);
      player.waits(0.17);
      player.arrives(0.17);
    }
    assert.ok(player.nStalls > 0 && player.nStalls <= 5, `${player.nStalls}`);
  });

test('liveedge: the stalls of one outage are not held against it for long',
  () => {
    const player = new Player();
    for (let i = 0; i < 4; i += 1) {
      player.plays(1);
      player.waits(1);
      player.arrives(1);
    }
    player.plays(180);
    assert.ok(Math.abs(player.edge.target - TARGET_S - FRAME_S) < 1e-6);
  });

test('liveedge: B-frames keep the picture back by a frame more', () => {
  const plain = new LiveEdge();
  const reordered = Object.assign(new LiveEdge(), { reorderS: REORDER_S });
  assert.ok(Math.abs(reordered.target - plain.target - REORDER_S) < 1e-6);
  assert.ok(reordered.place(0, 9) < plain.place(0, 9));
});

test('liveedge: however many stalls there are, the reserve has a limit', () => {
  const edge = new LiveEdge();
  for (let i = 0; i < 1000; i += 1) {
    edge.stall(i);
  }
  assert.equal(edge.target, MAX_TARGET_S);
});

test('liveedge: few frames a second do not stall', () => {
  const player = new Player({ frameS: 0.25, behind: 0.3 });
  player.plays(5);
  player.nStalls = 0;
  player.plays(60);
  assert.equal(player.nStalls, 0);
});

test('liveedge: data in bursts are met by a distance, which shrinks later',
  () => {
    const player = new Player();
    player.plays(20, 0.2);
    player.nStalls = 0;
    player.plays(30, 0.2);
    assert.equal(player.nStalls, 0);
    player.plays(100);
    assert.ok(player.behind < 0.16, `${player.behind}`);
  });

test('liveedge: what comes during a jump does not count as a burst', () => {
  const player = new Player();
  player.plays(10);
  const { target } = player.edge;
  player.end += 0.3;
  player.position += 0.3;
  player.edge.skip(player.end);
  player.plays(1);
  assert.ok(Math.abs(player.edge.target - target) < 1e-6);
});

test('liveedge: a gap in the stream is jumped over', () => {
  const player = new Player();
  player.plays(5);
  player.start = player.end + 20;
  player.end = player.start;
  player.arrives(FRAME_S);
  assert.equal(player.nJumps, 1);
  assert.ok(player.position >= player.start);
});

test('liveedge: the backlog is over when nothing comes for a moment', () => {
  assert.equal(isBacklogOver(5, 5), false);
  assert.equal(isBacklogOver(20, 12), true);
  assert.equal(isBacklogOver(250, 1), false);
});

test('liveedge: a slow network does not delay the picture for ever', () => {
  assert.equal(isBacklogOver(300, 0), true);
});
