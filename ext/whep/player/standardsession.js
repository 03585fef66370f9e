// A session with any WHEP server, of which only the draft is known: it may name
// ICE servers, want the browser's candidates, reject PATCH, or keep its
// sessions' addresses to itself.

import { iceServersOf } from './icelinks.js';
import { Trickle } from './trickle.js';
import { Rejection, rejectionOf, WhepSession } from './whep.js';

// After an error that says nothing about when to ask again.
const RETRY_S = 2;
// A publisher may come, and a server recover.
const MAY_PASS = [404, 409, 425, 429, 500, 502, 503, 504];

const FRAGMENT = 'application/trickle-ice-sdpfrag';

/** The constructor and the methods are those of WhepSession. */
export class StandardSession extends WhepSession {
  constructor(...args) {
    super(...args);
    this.sdp = ''; // of the offer, until it is applied
    this.etag = null;
    this.hasLocation = false;
    this.trickle = new Trickle(this.pc, (fragment) => this.patch(fragment));
  }

  async open() {
    try {
      await super.open();
    } catch (error) {
      if (error instanceof Rejection && !error.retryAfterS &&
          MAY_PASS.includes(error.status))
        error.retryAfterS = RETRY_S;
      if (error instanceof Rejection && error.status === 404 && !error.type)
        error.type = 'no-publisher';
      throw error;
    }
  }

  // There is nothing to choose; its picture waits if the page says so.
  async control() {
    return false;
  }

  // Not before the answer has named the ICE servers: candidates are gathered
  // from then on.
  async applyOffer(sdp) {
    this.sdp = sdp;
  }

  // Without it, the session ends with the connection.
  takeLocation(location, url) {
    this.hasLocation = Boolean(location);
    this.location = new URL(location || '', url);
  }

  async applyAnswer(headers) {
    const iceServers = iceServersOf(headers.get('Link'));
    this.etag = headers.get('ETag');
    if (iceServers.length > 0)
      this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers });
    await super.applyOffer(this.sdp);
    await super.applyAnswer();
    // A server of ICE-lite does not need them: it checks nothing.
    if (this.hasLocation && !/^a=ice-lite/m.test(this.answer))
      this.trickle.open();
  }

  async patch(fragment) {
    const response = await fetch(this.location, {
      method: 'PATCH',
      headers: { 'Content-Type': FRAGMENT,
        ...(this.etag ? { 'If-Match': this.etag } : {}), ...this.headers },
      body: fragment,
    });
    if (!response.ok)
      throw await rejectionOf(response);
  }

  async restart() {
    if (!this.hasLocation)
      throw new Rejection('The session has no address.', 405, 0, '');
    await super.restart();
  }

  // The draft has no request for it: ICE finds out.
  async isKnown() {
    return true;
  }

  async farewell() {
    return null;
  }

  sayGoodbye() {
    this.trickle.close();
    if (!this.hasLocation)
      this.location = null;
    super.sayGoodbye();
  }
}
