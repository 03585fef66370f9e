// From encoded frames in decoding order, as the publisher sent them, to decoded
// ones in the order in which they are shown.

import { configOf, prefixedOf, unitsOf } from './nalunits.js';

const KEY = 'key';
// After so many errors in a row, this browser can't decode the stream.
const MAX_ERRORS = 3;
// Some decoders have few pictures to give away.
const MAX_DECODED = 12;
// Encoded frames that wait for that; over it, a key frame is next.
const MAX_WAITING = 300;

// RTP times without their wraps.
export class RtpClock {
  constructor(rate) {
    this.rate = rate;
    this.last = null;
  }

  // Returns ms since the server's epoch, which is common to sound and picture.
  ms(rtpTime) {
    this.last = this.last === null ? rtpTime :
      this.last + (rtpTime - this.last | 0);
    return this.last * 1000 / this.rate;
  }
}

const isSame = (a, b) => a.length === b.length &&
  a.every((byte, i) => byte === b[i]);

export class Reordering {
  // @makeDecoder: as new VideoDecoder(); @makeChunk: as new
  // EncodedVideoChunk(); @onFrame gets each VideoFrame, in order; @nShown
  // returns how many of them are not yet closed; @onFailure: see MAX_ERRORS.
  constructor({ makeDecoder, makeChunk, onFrame, nShown, onFailure }) {
    Object.assign(this, { makeDecoder, makeChunk, onFrame, nShown, onFailure });
    this.clock = new RtpClock(90000);
    this.decoder = null;
    this.config = null;
    this.waiting = [];
    this.needsKey = true;
    this.nErrors = 0;
    this.nTaken = 0;
    this.nDecoded = 0;
  }

  // @data: a frame with start codes; @rtpTime: when it is shown.
  take(type, data, rtpTime) {
    this.nTaken += 1;
    const ms = this.clock.ms(rtpTime);
    if (this.needsKey && type !== KEY)
      return;
    this.needsKey = false;
    if (this.waiting.length === MAX_WAITING) {
      this.waiting = [];
      this.needsKey = type !== KEY;
    }
    if (!this.needsKey)
      this.waiting.push({ type, data, timestamp: Math.round(ms * 1000) });
    this.decode();
  }

  // To be called whenever a frame has been closed, too.
  decode() {
    while (this.waiting.length > 0 && (this.decoder === null ||
        this.nShown() + this.decoder.decodeQueueSize < MAX_DECODED))
      this.decodeOne(this.waiting.shift());
  }

  decodeOne({ type, data, timestamp }) {
    const units = unitsOf(data);
    try {
      if (type === KEY)
        this.configure(configOf(units));
      if (this.decoder)
        this.decoder.decode(this.makeChunk({ type, timestamp,
          data: prefixedOf(units) }));
    } catch (error) {
      this.fail(error);
    }
  }

  // Every key frame has parameter sets, most often the same.
  configure(config) {
    if (config === null || this.config &&
        isSame(this.config.description, config.description))
      return;
    if (this.decoder)
      this.decoder.flush().catch(() => {});
    else
      this.begin();
    this.config = config;
    this.decoder.configure(config);
  }

  begin() {
    const decoder = this.makeDecoder({
      output: (frame) => {
        this.nErrors = 0;
        this.nDecoded += 1;
        this.onFrame(frame);
      },
      error: (error) => this.decoder === decoder && this.fail(error),
    });
    this.decoder = decoder;
  }

  // The next key frame is another attempt.
  fail(error) {
    if (this.decoder && this.decoder.state !== 'closed')
      this.decoder.close();
    this.decoder = null;
    this.config = null;
    this.waiting = [];
    this.needsKey = true;
    this.nErrors += 1;
    if (this.nErrors === MAX_ERRORS)
      this.onFailure(error);
  }
}
