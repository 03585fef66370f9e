// Listens to a session's events, for a server that wants its viewer to come
// again elsewhere; the connection also shows at once that the server has died.

import { eventsOf } from './icelinks.js';
import { EventParser } from './sse.js';

const EVENT = 'reconnect';
// Browsers open six connections to a server of HTTP/1.1: a page with many
// players listens for some of them, and the others are disconnected instead.
export const MAX_OPEN = 2;

let nOpen = 0;

export class SessionEvents {
  // @session: open. @onReconnect: the server asks for another session; @onLost:
  // the connection has ended, which may have been the server's or a proxy's,
  // after it was listened to for so many ms; @onFull: the server has no place
  // for a listener at the moment.
  constructor(session, { onReconnect, onLost, onFull }) {
    Object.assign(this, { session, onReconnect, onLost, onFull });
    this.aborter = null;
    this.heardMs = null; // since when the server is listened to
  }

  get isListening() {
    return this.heardMs !== null;
  }

  // Returns whether there is anything to listen to.
  open() {
    const { link, url, headers } = this.session;
    const events = eventsOf(link, EVENT);
    if (!events || this.aborter || nOpen >= MAX_OPEN)
      return false;
    nOpen += 1;
    this.aborter = new AbortController();
    this.run(new URL(events, url), headers, this.aborter.signal);
    return true;
  }

  close() {
    if (!this.aborter)
      return;
    nOpen -= 1;
    this.aborter.abort();
    this.aborter = null;
    this.heardMs = null;
  }

  async run(url, headers, signal) {
    const isFull = await this.isFull(url, headers, signal);
    if (signal.aborted)
      return;
    const lastedMs = this.isListening ? performance.now() - this.heardMs : 0;
    this.close();
    if (isFull)
      this.onFull();
    else
      this.onLost(lastedMs);
  }

  // Listens to the end. Returns whether there was no place: that says nothing
  // of the session.
  async isFull(url, headers, signal) {
    try {
      const response = await fetch(url, { method: 'POST', signal,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify([EVENT]) });
      if (response.ok)
        await this.read(new URL(response.headers.get('Location'),
          response.url), headers, signal);
      return response.status === 503 || response.status === 429;
    } catch (error) {
      return false; // The connection is lost, or was closed here.
    }
  }

  async read(url, headers, signal) {
    const response = await fetch(url, { headers, signal, cache: 'no-store' });
    if (!response.ok || signal.aborted)
      return;
    this.heardMs = performance.now();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted)
        return;
      const events = parser.push(decoder.decode(value, { stream: true }));
      if (events.some(({ event }) => event === EVENT))
        this.onReconnect();
    }
  }
}
