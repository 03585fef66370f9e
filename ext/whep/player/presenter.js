// Shows decoded frames evenly, as early as they come or in step with the sound.

// The newest frames, which tell how early they come.
const WINDOW = 120;
// What evens out their jitter.
const MAX_SLACK_MS = 20;
// A frame that is later is left out if the next one is due as well.
const LATE_MS = 100;
// The picture waits no longer than this for the sound.
const MAX_WAIT_MS = 1000;
// Frames that are older than the last by less are shown already: a rewind.
const REWIND_MS = 30000;

export class Presenter {
  // @show takes a frame; @onRoom: a frame has been shown or closed; @now: a
  // clock in ms.
  constructor({ show, onRoom, now, setTimer = setTimeout,
    clearTimer = clearTimeout }) {
    Object.assign(this, { show, onRoom, now });
    this.setTimer = (run, ms) => setTimer(run, ms);
    this.clearTimer = (timer) => clearTimer(timer);
    this.frames = [];
    this.delays = []; // from a frame's time to when it came
    this.soundMs = null;
    this.lastMs = null;
    this.timer = null;
    this.nShown = 0;
  }

  // From a frame's time to when it could be shown.
  get earliestMs() {
    return Math.min(...this.delays);
  }

  // @soundMs: from the time of the sound to when it is heard; null: it is not.
  setSound(soundMs) {
    this.soundMs = soundMs;
    this.tick();
  }

  // @frame: a VideoFrame. They come in order, except after a rewind.
  add(frame) {
    const ms = frame.timestamp / 1000;
    if (this.lastMs !== null && ms <= this.lastMs &&
        ms > this.lastMs - REWIND_MS) {
      this.close(frame);
      return;
    }
    this.lastMs = ms;
    this.delays.push(this.now() - ms);
    if (this.delays.length > WINDOW)
      this.delays.shift();
    this.frames.push(frame);
    this.tick();
  }

  delayMs() {
    const earliest = this.earliestMs;
    if (this.soundMs !== null)
      return Math.min(Math.max(this.soundMs, earliest), earliest + MAX_WAIT_MS);
    return earliest +
      Math.min(Math.max(...this.delays) - earliest, MAX_SLACK_MS);
  }

  tick() {
    const delayMs = this.delayMs();
    const lateMs = (frame) => this.now() - frame.timestamp / 1000 - delayMs;
    while (this.frames.length > 0 && lateMs(this.frames[0]) >= 0) {
      const frame = this.frames.shift();
      const isLeftOut = lateMs(frame) > LATE_MS && this.frames.length > 0 &&
        lateMs(this.frames[0]) >= 0;
      if (isLeftOut) {
        this.close(frame);
      } else {
        this.nShown += 1;
        this.show(frame);
        this.onRoom();
      }
    }
    this.clearTimer(this.timer);
    if (this.frames.length > 0)
      this.timer = this.setTimer(() => this.tick(), -lateMs(this.frames[0]));
  }

  close(frame) {
    frame.close();
    this.onRoom();
  }
}
