// Tries WebRTC while a stream is played over HTTP, which is not disturbed.

import { CHECK_MS } from './way.js';

export class Probe {
  // @way: a Way; @open: takes callbacks for tracks and states as WhepSession
  // does, and returns such a session, not yet open; @onSuccess: gets the
  // session and its tracks so far, and owns it from then on.
  constructor(way, open, onSuccess) {
    this.way = way;
    this.open = open;
    this.onSuccess = onSuccess;
    this.session = null;
    this.timer = 0;
  }

  // The first attempt is made after a while.
  begin() {
    this.end();
    if (this.way.isProbing)
      this.timer = setTimeout(() => this.attempt(), this.way.nextProbeMs());
  }

  // After a change of the network: an attempt is made at once.
  hurry() {
    this.end();
    this.way.renew();
    if (this.way.isProbing)
      this.attempt();
  }

  async attempt() {
    const tracks = [];
    const session = this.open((track) => tracks.push(track),
      (state) => this.onState(session, state, tracks));
    this.session = session;
    try {
      await session.open();
    } catch (error) {
      this.fail(session, error);
      return;
    }
    if (this.session === session)
      this.timer = setTimeout(() => this.fail(session), CHECK_MS);
  }

  onState(session, state, tracks) {
    if (this.session !== session)
      return;
    if (state !== 'connected') {
      this.fail(session);
      return;
    }
    clearTimeout(this.timer);
    this.session = null;
    this.onSuccess(session, tracks);
  }

  // @error: why it was not accepted, if it was not.
  fail(session, error) {
    if (this.session === session)
      this.begin(error);
  }

  end() {
    clearTimeout(this.timer);
    if (this.session)
      this.session.close();
    this.session = null;
  }
}
