// Reads the server's events about the list, as long as it is open, over and
// over again.

import { Backoff } from './backoff.js';
import { EventParser } from './sse.js';

// The server says something every 15 s.
const SILENCE_MS = 40000;

export class Feed {
  // @request: returns the URL and the headers of a request.
  // @onEvent: gets { event, data }. @onState: gets whether the server answers.
  constructor({ request, onEvent, onState }) {
    Object.assign(this, { request, onEvent, onState });
    this.backoff = new Backoff();
    this.aborter = null;
    this.timer = 0;
  }

  open() {
    if (!this.aborter)
      this.connect();
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    if (this.aborter)
      this.aborter.abort();
    this.aborter = null;
  }

  // At once, as the network or the token is another one.
  reopen() {
    this.close();
    this.backoff.reset();
    this.open();
  }

  async connect() {
    const aborter = new AbortController();
    this.aborter = aborter;
    let waitMs = 0;
    try {
      waitMs = await this.read(aborter);
    } catch (error) {
      aborter.abort();
      if (this.aborter === aborter)
        this.onState(false);
    }
    // It was closed, and maybe opened again.
    if (this.aborter !== aborter)
      return;
    clearTimeout(this.silence);
    this.timer = setTimeout(() => this.connect(),
      waitMs || this.backoff.next());
  }

  async ask(accept, { signal }) {
    const { url, headers } = this.request();
    return fetch(url, { headers: { ...headers, Accept: accept },
      cache: 'no-store', signal });
  }

  // Returns how long to wait for the next attempt, if that is known.
  async read(aborter) {
    this.expect(aborter);
    const response = await this.ask('text/event-stream', aborter);
    if (response.status === 503)
      return this.readOnce(response, aborter);
    if (!response.ok)
      throw new Error(response.statusText);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.aborter !== aborter)
        return 0;
      this.expect(aborter);
      this.take(parser.push(decoder.decode(value, { stream: true })));
    }
  }

  take(events) {
    if (events.length === 0)
      return;
    this.backoff.reset();
    events.forEach((event) => this.onEvent(event));
    this.onState(true);
  }

  // All places of readers are taken, so there is only the list of now.
  async readOnce(rejection, aborter) {
    const response = await this.ask('application/json', aborter);
    if (!response.ok)
      throw new Error(response.statusText);
    const data = await response.text();
    if (this.aborter === aborter)
      this.take([{ event: 'streams', data }]);
    return 1000 * Number(rejection.headers.get('Retry-After'));
  }

  // A connection that has died silently is one that says nothing.
  expect(aborter) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => aborter.abort(), SILENCE_MS);
  }
}
