// What the figures of a session mean for the page.

// Without a byte for this long, the publisher is gone or stuck.
export const SILENCE_MS = 2500;
// With bytes and no picture for this long, there is a reason.
export const NO_PICTURE_MS = 3000;
// A picture that has not arrived by then may have to wait for a key frame.
export const KEY_FRAME_MS = 1500;

// Returns 'silent' if the publisher sends nothing, 'playing' if the picture
// moves, 'missing' if there is none, or '' while it is too early to tell.
// @hasMedia: whether a byte has ever arrived; @silentMs: since the last one;
// @frames: decoded so far; @stillMs: how long the picture has stood still, 0 if
// it moves; @openMs: since the server accepted the offer.
export const progressOf = ({ hasMedia, silentMs, frames, stillMs, openMs }) => {
  if (hasMedia && silentMs > SILENCE_MS)
    return 'silent';
  if (frames > 0 && stillMs === 0)
    return 'playing';
  if (frames > 0 ? stillMs > NO_PICTURE_MS : openMs > KEY_FRAME_MS)
    return 'missing';
  return '';
};
