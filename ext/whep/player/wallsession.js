// One stream of the wall: at most one session, with the frames that are wanted.

import { Backoff } from './backoff.js';
import { rejectionText } from './words.js';

// A tile that is scrolled past is not worth a session; one that was just left
// may come back.
export const OPEN_MS = 150;
export const CLOSE_MS = 3000;
// After a change, frames are dropped that would come too late.
export const SETTLE_MS = 3000;

const TEXTS = { all: 'Live', key: 'Preview', '': '' };

export class WallSession {
  // @makeSession: gets the frames for the offer, and onState; returns a
  // WhepSession. @onChange: gets what is shown, 'all', 'key' or '', and a text.
  constructor(makeSession, onChange) {
    Object.assign(this, { makeSession, onChange });
    this.wanted = ''; // all, key, or '' for no session
    this.sent = ''; // as the server knows it
    this.changedMs = 0;
    this.counted = null;
    this.session = null;
    this.backoff = new Backoff();
  }

  want(frames) {
    if (frames === this.wanted)
      return;
    this.wanted = frames;
    clearTimeout(this.timer);
    if (this.session && frames)
      this.control();
    else
      this.settleAfter(frames ? OPEN_MS : CLOSE_MS);
  }

  settleAfter(ms) {
    this.timer = setTimeout(() => {
      if (!this.wanted)
        this.close();
      else if (!this.session)
        this.open();
    }, ms);
  }

  async open() {
    const frames = this.wanted;
    const session = this.makeSession(frames, (state) =>
      session === this.session && this.onState(state));
    this.session = session;
    this.onChange('', 'Connecting…');
    try {
      await session.open();
    } catch (error) {
      this.fail(session, error);
      return;
    }
    if (session !== this.session)
      return;
    this.sent = frames;
    this.changedMs = Date.now();
    this.control();
  }

  onState(state) {
    if (state === 'connected')
      this.backoff.reset();
    else if (state !== 'disconnected')
      this.fail(this.session, new Error(state));
  }

  // A session that the server no longer has is opened anew.
  async control() {
    const { session, sent, wanted } = this;
    // The answer is not there yet, or nothing is wanted for the moment.
    if (!sent || !wanted)
      return;
    this.onChange(wanted, TEXTS[wanted]);
    if (sent === wanted)
      return;
    this.sent = wanted;
    this.changedMs = Date.now();
    if (!(await session.control({ frames: wanted }).catch(() => false)))
      this.fail(session, new Error('rejected'));
  }

  fail(session, error) {
    if (session !== this.session)
      return;
    const retryMs = 1000 * (error.retryAfterS || 0);
    this.close();
    this.onChange('', error.status ? rejectionText(error) : 'Trying again…');
    if (!error.status || retryMs)
      this.settleAfter(Math.max(retryMs, this.backoff.next()));
  }

  close() {
    clearTimeout(this.timer);
    if (this.session)
      this.session.close();
    this.session = null;
    this.sent = '';
    this.counted = null;
    this.onChange('', '');
  }

  // What was received, dropped and decoded since the last call; null while that
  // does not tell how well this machine decodes.
  async count() {
    const then = this.counted;
    this.counted = null;
    if (this.sent !== 'all' || Date.now() - this.changedMs < SETTLE_MS)
      return null;
    const reports = [...(await this.session.pc.getStats()).values()];
    const now = reports.find(({ type, kind }) =>
      type === 'inbound-rtp' && kind === 'video');
    this.counted = now;
    return now && then && { received: now.framesReceived - then.framesReceived,
      dropped: now.framesDropped - then.framesDropped,
      decodeS: now.totalDecodeTime - then.totalDecodeTime };
  }
}
