// Keeps a MediaSource's picture close behind the newest frame: by the playback
// rate as long as that is enough, otherwise by a jump. Times are in seconds.

// How far the picture stays behind the newest frame, in addition to the largest
// distance at which frames have arrived lately.
export const TARGET_S = 0.08;
export const MAX_TARGET_S = 1.5;
// And by this much if there are B-frames: a decoder that works on several
// frames at once keeps one more than their order requires.
export const REORDER_S = 0.034;
// After a stall it stays back further by this much; of that, half is left each
// time that so long has passed without another. Twice as long if it stalls
// again after that: what made it stall now and then will do so again.
const STALL_S = 0.1;
const CALM_S = 20;
const MAX_CALM_S = 640;
const NEGLIGIBLE_S = 0.02;
// The largest distance is of the last one to two of these periods.
const PERIOD_S = 5;
// A longer distance is an outage, for which no buffer is large enough.
const MAX_STEP_S = 0.5;

const CLOSE_S = 0.03; // neither late nor early
const LATE_S = 0.25;
const JUMP_S = 1; // where catching up would take too long
const SLOW = 0.97;
const FAST = 1.05;
const FASTEST = 1.5;

// The backlog arrives in many pieces, and the picture starts behind its end:
// when nothing has come for so long, or, over a slow network, in any case.
const QUIET_MS = 12;
const BACKLOG_MS = 300;

export const isBacklogOver = (sinceFirstMs, sinceLastMs) =>
  sinceLastMs >= QUIET_MS || sinceFirstMs >= BACKLOG_MS;

export class LiveEdge {
  constructor() {
    this.end = 0; // of what has arrived
    this.step = 0; // the largest lately
    this.lastStep = 0; // in the period before
    this.periodS = 0; // when this period began
    this.reorderS = 0; // set from outside
    this.stallS = 0;
    this.calmS = 0; // when the reserve for stalls may shrink
    this.patienceS = CALM_S; // how long it must be calm for that
    this.stalledS = -Infinity; // when it stalled last
  }

  get target() {
    return Math.min(TARGET_S + this.reorderS +
      Math.max(this.step, this.lastStep) + this.stallS, MAX_TARGET_S);
  }

  // To be called when the picture waits for data.
  stall(now) {
    const sinceS = now - this.stalledS;
    if (sinceS > MAX_CALM_S)
      this.patienceS = CALM_S;
    else if (sinceS > CALM_S)
      this.patienceS = Math.min(2 * this.patienceS, MAX_CALM_S);
    this.stalledS = now;
    this.stallS = Math.min(this.stallS + STALL_S, MAX_TARGET_S);
    this.calmS = now + this.patienceS;
  }

  // Data up to @end that says nothing about the network.
  skip(end) {
    this.end = end;
  }

  measure(end, now) {
    const step = end - this.end;
    this.end = end;
    if (now - this.periodS > PERIOD_S) {
      this.lastStep = this.step;
      this.step = 0;
      this.periodS = now;
    }
    if (step > 0 && step <= MAX_STEP_S)
      this.step = Math.max(this.step, step);
    if (this.stallS > 0 && now > this.calmS) {
      this.stallS = this.stallS > NEGLIGIBLE_S ? this.stallS / 2 : 0;
      this.calmS = now + this.patienceS;
    }
  }

  // Where the picture belongs within the newest range.
  place(start, end) {
    return Math.max(start, end - this.target);
  }

  // To be called for each piece that has arrived. @start, @end: of the newest
  // buffered range; @position: of the picture; @now: a clock. Returns the
  // playback rate and where to jump to, or null.
  steer({ start, end, position, now }) {
    this.measure(end, now);
    const late = end - position - this.target;
    if (position < start || position > end || late > JUMP_S)
      return { rate: 1, jump: this.place(start, end) };
    if (late > LATE_S)
      return { rate: FASTEST, jump: null };
    if (late > CLOSE_S)
      return { rate: FAST, jump: null };
    return { rate: late < -CLOSE_S ? SLOW : 1, jump: null };
  }
}
