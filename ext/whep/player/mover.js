// Opens another session while one plays, and hands it over once it has a
// picture: the viewer sees no gap.

import { Backoff } from './backoff.js';
import { Probe } from './probe.js';

// The picture is behind the connection by a few packets; a stream without one,
// or a page that is not shown, must not wait for it.
export const PICTURE_MS = 2000;
// No other attempt would be answered otherwise: the old session goes on.
const FINAL = [401, 403, 406];

// Resolved with the first picture of the @tracks.
const firstPicture = (tracks) => new Promise((resolve) => {
  const found = tracks.filter(({ kind }) => kind === 'video');
  const video = document.createElement('video');
  const end = () => {
    video.srcObject = null;
    resolve();
  };
  if (found.length === 0) {
    resolve();
    return;
  }
  video.addEventListener('loadeddata', end, { once: true });
  setTimeout(end, PICTURE_MS);
  Object.assign(video, { muted: true, playsInline: true,
    srcObject: new MediaStream(found) });
  video.play().catch(() => {});
});

export class Mover extends Probe {
  // @open and @onSuccess: as of Probe; @picture: returns a promise for the
  // first picture of tracks.
  constructor(open, onSuccess, picture = firstPicture) {
    super(null, open, onSuccess);
    this.picture = picture;
    this.backoff = new Backoff();
    this.connected = null; // a session that waits for its picture
    this.isMoving = false;
  }

  // Until it succeeds, or is ended.
  move() {
    if (this.isMoving)
      return;
    this.isMoving = true;
    this.backoff.reset();
    this.attempt();
  }

  // After an attempt that has failed; @error: as of fail().
  begin(error = {}) {
    if (FINAL.includes(error.status)) {
      this.end();
      return;
    }
    super.end();
    this.timer = setTimeout(() => this.attempt(),
      Math.max(this.backoff.next(), 1000 * (error.retryAfterS || 0)));
  }

  async onState(session, state, tracks) {
    if (this.session !== session || this.connected === session &&
        state === 'connected')
      return;
    if (state !== 'connected') {
      this.fail(session);
      return;
    }
    clearTimeout(this.timer);
    this.connected = session;
    await this.picture(tracks);
    if (this.session !== session)
      return;
    this.session = null;
    this.end();
    this.onSuccess(session, tracks);
  }

  end() {
    super.end();
    this.isMoving = false;
    this.connected = null;
  }
}
