// What each tile of the wall is sent, and how many columns there are.

export const MAX_TILES = 64;
// A picture narrower than this, in CSS pixels, is small: key frames suffice.
export const SMALL_PX = 300;
const MIN_PX = 150;
const ASPECT = 16 / 9;

// @tiles: { isVisible, isBig, width }; @max: of those that are sent all frames,
// beside the big one. Returns for each 'all', 'key', or '' for no session.
export const plan = (tiles, max) => {
  let left = max;
  return tiles.map(({ isVisible, isBig, width }) => {
    if (!isVisible || isBig)
      return isBig ? 'all' : '';
    if (width < SMALL_PX || left <= 0)
      return 'key';
    left -= 1;
    return 'all';
  });
};

// The grid in which @n pictures are largest without scrolling: its columns and
// their width. If they would become too small, as many columns as fit.
export const grid = (n, width, height, gap) => {
  let best = { count: 1, px: 0 };
  for (let count = 1; count <= n; count += 1) {
    const rowPx = (height + gap) / Math.ceil(n / count) - gap;
    const px = Math.min((width + gap) / count - gap, rowPx * ASPECT);
    // Of two that are alike, the wider one.
    if (px + gap > best.px)
      best = { count, px };
  }
  if (best.px >= MIN_PX)
    return best;
  const most = Math.floor((width + gap) / (MIN_PX + gap));
  const count = Math.max(1, Math.min(n, most));
  return { count, px: (width + gap) / count - gap };
};

// From tile @at of @n in the direction of the key, or @at.
export const neighbour = (at, n, count, key) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -count,
    ArrowDown: count }[key];
  return at + step >= 0 && at + step < n ? at + step : at;
};

// How many pictures this machine can decode at full rate: as many as the page
// wants, until frames are dropped or most of the time is spent on decoding.
const MAX_DROPPED = 0.1;
const MAX_LOAD = 0.6;
// Then fewer, and one more each time that nothing was dropped for so long,
// twice as long each time that one more was too many.
const CLEAN_MS = 20000;
const CLEAN_MAX_MS = 320000;

export class Means {
  constructor(max) {
    this.max = max;
    this.most = max;
    this.cleanMs = 0;
    this.neededMs = CLEAN_MS;
    this.grewMs = Infinity; // since there was one more
  }

  // Takes what was counted within @ms: @n pictures at full rate, their frames
  // @received and @dropped, and the seconds that decoding took, on average of
  // the processors.
  report({ n, received, dropped, decodeS, ms }) {
    const isTooMuch = received > 0 && dropped > MAX_DROPPED * received ||
      decodeS * 1000 > MAX_LOAD * ms;
    this.grewMs += ms;
    this.cleanMs = isTooMuch ? 0 : this.cleanMs + ms;
    if (isTooMuch && n > 0) {
      this.neededMs = this.grewMs <= this.neededMs ?
        Math.min(2 * this.neededMs, CLEAN_MAX_MS) : CLEAN_MS;
      this.max = Math.floor(Math.min(this.max, n) * 3 / 4);
    } else if (this.cleanMs >= this.neededMs && this.max < this.most) {
      this.max += 1;
      this.cleanMs = 0;
      this.grewMs = 0;
    }
    return this.max;
  }
}
