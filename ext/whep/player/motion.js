// Whether the picture moves: when a frame was shown last, and how long it may
// take until the next.

// A picture that stands still for so long is not live.
const STILL_MS = 1000;
// One of few frames a second stands still between two of them.
const MAX_GAP_MS = 10000;

export class Motion {
  constructor(video) {
    this.video = video;
    this.nShown = 0;
    this.begin();
    if (video.requestVideoFrameCallback)
      this.follow();
  }

  // Of another session nothing has been shown so far.
  begin() {
    this.shownMs = 0; // when the last frame was
    this.gapMs = 0; // between the last two
  }

  follow() {
    this.video.requestVideoFrameCallback(() => {
      this.note();
      this.follow();
    });
  }

  note() {
    const now = performance.now();
    this.gapMs = this.shownMs ? now - this.shownMs : 0;
    this.shownMs = now;
  }

  // Browsers without the callback only count.
  count() {
    const { totalVideoFrames } = this.video.getVideoPlaybackQuality();
    if (totalVideoFrames !== this.nShown)
      this.note();
    this.nShown = totalVideoFrames;
  }

  // For how long the picture has stood still, beyond what is usual for it: 0
  // if it moves. To be asked several times a second.
  stillMs() {
    if (!this.video.requestVideoFrameCallback)
      this.count();
    // What nobody sees is not painted, and no sign of anything.
    if (document.hidden && this.shownMs)
      this.shownMs = performance.now();
    if (!this.shownMs)
      return 0;
    const ms = performance.now() - this.shownMs;
    const limitMs = Math.max(STILL_MS, Math.min(2 * this.gapMs, MAX_GAP_MS));
    return ms > limitMs ? ms : 0;
  }
}
