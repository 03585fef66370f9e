// Whether the picture moves: when the last frame was shown, and how long the
// next may take.

// A picture that stands still for this long is not live.
const STILL_MS = 1000;
// At few frames a second, it stands still between two of them.
const MAX_GAP_MS = 10000;

export class Motion {
  // @now: a clock in ms; @isHidden: whether the page is invisible.
  constructor(video, now = () => performance.now(),
    isHidden = () => document.hidden) {
    this.video = video;
    this.now = now;
    this.isHidden = isHidden;
    this.nShown = 0;
    this.wasHidden = false;
    this.callback = 0;
    this.begin();
    if (video.requestVideoFrameCallback)
      this.follow();
  }

  // To be called for each new session, of which nothing has been shown so far.
  begin() {
    this.frame = null; // what the browser says about the newest
    this.shownMs = 0; // when the last frame was
    this.gapMs = 0; // between the last two
  }

  follow() {
    this.callback = this.video.requestVideoFrameCallback((now, frame) => {
      this.frame = frame;
      this.note();
      this.follow();
    });
  }

  end() {
    if (this.callback)
      this.video.cancelVideoFrameCallback(this.callback);
  }

  note() {
    const now = this.now();
    this.gapMs = this.shownMs ? now - this.shownMs : 0;
    this.shownMs = now;
  }

  // For browsers without the callback, which only have a counter.
  count() {
    const { totalVideoFrames } = this.video.getVideoPlaybackQuality();
    if (totalVideoFrames !== this.nShown)
      this.note();
    this.nShown = totalVideoFrames;
  }

  // How long the picture has stood still, beyond what is usual for it: 0 if it
  // moves. To be called several times a second.
  stillMs() {
    if (!this.video.requestVideoFrameCallback)
      this.count();
    // A hidden page is not painted, which says nothing about the stream; its
    // timers are slow, so that it may have been hidden until a moment ago.
    const isHidden = this.isHidden();
    if ((isHidden || this.wasHidden) && this.shownMs)
      this.shownMs = this.now();
    this.wasHidden = isHidden;
    if (!this.shownMs)
      return 0;
    const ms = this.now() - this.shownMs;
    const limitMs = Math.max(STILL_MS, Math.min(2 * this.gapMs, MAX_GAP_MS));
    return ms > limitMs ? ms : 0;
  }
}
