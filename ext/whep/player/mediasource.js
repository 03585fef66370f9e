// One stream over HTTP: a reply without an end, of fragmented MP4 from the
// newest key frame on, played by MediaSource. For the page it is used like a
// WhepSession.

import { BoxReader, fragmentOf, join, tracksOf, typeOf } from './fmp4.js';
import { isBacklogOver, LiveEdge, REORDER_S } from './liveedge.js';
import { Rejection, rejectionOf } from './whep.js';

// What is this far behind the picture is removed, with whole GOPs.
const KEPT_S = 2;
// A key frame's time is known by the end of what was there before it; with
// B-frames, that may be a little later.
const REORDERING_S = 0.5;
const START_POLL_MS = 5;

// Safari on iPhones has only the latter.
const sourceClass = () => window.MediaSource || window.ManagedMediaSource;

export const hasMediaSource = () => typeof window.fetch === 'function' &&
  'ReadableStream' in window && Boolean(sourceClass());

const once = (target, type) => new Promise((resolve) =>
  target.addEventListener(type, resolve, { once: true }));

export class MediaSourceSession {
  // onState, headers: as of a WhepSession.
  constructor(url, video, onState, headers = {}) {
    this.url = url;
    this.headers = headers;
    this.video = video;
    this.onState = onState;
    this.location = null;
    this.offer = null;
    this.answer = null;
    this.isClosed = false;
    this.wasConnected = false;
    this.abort = new AbortController();
    this.edge = new LiveEdge();
    this.reader = new BoxReader();
    this.tracks = null; // of the init segment
    this.fragment = null; // the newest
    this.boxes = []; // to be appended
    this.keys = []; // the time of each key frame that is kept
    this.buffer = null;
    this.hasStarted = false;
    this.firstMs = 0;
    this.lastMs = 0;
    this.nBytes = 0;
    this.nReceived = 0;
    // What the browser would count if this were WebRTC.
    this.pc = { getStats: async () => new Map([['http', this.report()]]) };
    this.onWaiting = () => this.noteStall();
    this.onError = () => this.fail();
  }

  nowS() {
    return performance.now() / 1000;
  }

  report() {
    const quality = this.video.getVideoPlaybackQuality();
    return { type: 'inbound-rtp', kind: 'video', bytesReceived: this.nBytes,
      framesReceived: this.nReceived,
      framesDecoded: this.hasStarted ? quality.totalVideoFrames : 0 };
  }

  // Rejects like WhepSession.open().
  async open() {
    const response = await fetch(this.url,
      { headers: this.headers, signal: this.abort.signal });
    if (!response.ok)
      throw await rejectionOf(response);
    const type = response.headers.get('Content-Type') || '';
    const Source = sourceClass();
    if (!Source.isTypeSupported(type)) {
      this.abort.abort();
      throw new Rejection('Your browser can’t decode this stream.', 0, 0,
        'undecodable');
    }
    this.location = this.url;
    this.answer = `${response.status} ${type}`;
    await this.attach(new Source(), type);
    if (!this.isClosed)
      this.read(response.body.getReader());
  }

  async attach(source, type) {
    const { video } = this;
    const opened = once(source, 'sourceopen');
    // What ManagedMediaSource requires.
    video.disableRemotePlayback = true;
    video.addEventListener('waiting', this.onWaiting);
    video.addEventListener('error', this.onError);
    video.srcObject = null;
    this.objectUrl = URL.createObjectURL(source);
    video.src = this.objectUrl;
    await opened;
    if (this.isClosed)
      return;
    this.buffer = source.addSourceBuffer(type);
    source.duration = Infinity;
    this.buffer.addEventListener('updateend', () => this.update());
    this.buffer.addEventListener('error', this.onError);
  }

  // Until the reply ends.
  async read(reader) {
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (this.isClosed)
          return;
        if (done)
          break;
        this.take(value);
      }
    } catch (error) {
      this.fail();
      return;
    }
    this.onState('ended');
  }

  take(chunk) {
    this.lastMs = performance.now();
    this.firstMs = this.firstMs || this.lastMs;
    this.nBytes += chunk.length;
    for (const box of this.reader.push(chunk))
      this.takeBox(box);
    if (!this.wasConnected && this.boxes.length > 0) {
      this.wasConnected = true;
      this.onState('connected');
    }
    this.pump();
  }

  takeBox(box) {
    const type = typeOf(box);
    if (type === 'moov')
      this.takeTracks(tracksOf(box));
    else if (type === 'moof')
      this.fragment = fragmentOf(box, this.tracks || []);
    if (type === 'moof' && this.fragment.isReordered)
      this.edge.reorderS = REORDER_S;
    if (type === 'moof' && this.fragment.track.isVideo)
      this.nReceived += 1;
    this.boxes.push({ box,
      isKey: type === 'moof' && this.fragment.isKey &&
        this.fragment.track.isVideo });
  }

  // Other parameters are one thing, other codecs another: the next reply's
  // headers name those.
  takeTracks(tracks) {
    const name = (all) => all.map(({ id, type }) => `${id} ${type}`).join();
    if (this.tracks && name(this.tracks) !== name(tracks))
      throw new Error('The stream has other tracks now.');
    this.tracks = tracks;
    this.edge.reorderS = 0;
  }

  pump() {
    if (!this.buffer || this.buffer.updating || this.boxes.length === 0)
      return;
    const { boxes } = this;
    this.boxes = [];
    if (boxes.some(({ isKey }) => isKey))
      this.keys.push(this.newest() ? this.newest().end : 0);
    try {
      this.buffer.appendBuffer(join(boxes.map(({ box }) => box)));
    } catch (error) {
      // The browser has no room for more, or could not decode.
      this.fail();
    }
  }

  newest() {
    const { buffered } = this.buffer;
    const last = buffered.length - 1;
    return last < 0 ? null :
      { start: buffered.start(last), end: buffered.end(last) };
  }

  update() {
    if (this.isClosed)
      return;
    if (this.hasStarted)
      this.steer();
    else if (this.newest())
      this.begin();
    this.clean();
    this.pump();
  }

  // With the backlog complete, the picture starts behind its end.
  begin() {
    const now = performance.now();
    clearTimeout(this.timer);
    if (this.isClosed || this.boxes.length > 0 || this.buffer.updating)
      return;
    if (!isBacklogOver(now - this.firstMs, now - this.lastMs)) {
      this.timer = setTimeout(() => this.begin(), START_POLL_MS);
      return;
    }
    const { start, end } = this.newest();
    this.edge.skip(end);
    this.hasStarted = true;
    this.video.currentTime = this.edge.place(start, end);
    this.play();
  }

  // A browser that wants a tap is asked by the page.
  play() {
    const playing = this.video.play();
    if (playing)
      playing.catch((error) => {
        if (error.name === 'NotAllowedError')
          this.onState('blocked');
      });
  }

  // A jump waits, too, but not for the network.
  noteStall() {
    if (this.hasStarted && !this.video.seeking)
      this.edge.stall(this.nowS());
  }

  steer() {
    const newest = this.newest();
    if (!newest)
      return;
    if (this.video.seeking) {
      this.edge.skip(newest.end);
      return;
    }
    const { rate, jump } = this.edge.steer({ start: newest.start,
      end: newest.end, position: this.video.currentTime, now: this.nowS() });
    if (jump !== null)
      this.video.currentTime = jump;
    if (this.video.playbackRate !== rate)
      this.video.playbackRate = rate;
  }

  // Removing stops only at a key frame: without one behind the picture, it
  // would take the picture's own GOP.
  clean() {
    const past = this.keys.filter((time) =>
      time < this.video.currentTime - KEPT_S);
    if (past.length === 0 || this.buffer.updating)
      return;
    const newest = past[past.length - 1] - REORDERING_S;
    this.keys = this.keys.filter((time) => !past.includes(time));
    if (newest > this.buffer.buffered.start(0))
      this.buffer.remove(0, newest);
  }

  // How far the picture is behind the newest frame, in seconds; null without a
  // picture.
  behindS() {
    const newest = this.hasStarted && this.newest();
    return newest ? Math.max(0, newest.end - this.video.currentTime) : null;
  }

  isConnected() {
    return this.wasConnected && !this.isClosed;
  }

  // A reply without an end is there as long as the server is. Throws if it
  // cannot be asked.
  async isKnown() {
    await fetch(this.url, { method: 'HEAD', headers: this.headers });
    return true;
  }

  // A reply that ends says nothing about it.
  async farewell() {
    return null;
  }

  fail() {
    if (!this.isClosed)
      this.onState('failed');
  }

  close() {
    const { video } = this;
    this.isClosed = true;
    this.location = null;
    clearTimeout(this.timer);
    this.abort.abort();
    video.removeEventListener('waiting', this.onWaiting);
    video.removeEventListener('error', this.onError);
    video.playbackRate = 1;
    if (this.objectUrl)
      URL.revokeObjectURL(this.objectUrl);
  }
}
