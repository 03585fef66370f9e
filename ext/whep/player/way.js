// Which way a stream is played: over WebRTC, or over HTTP by MediaSource where
// that is impossible.

import { Backoff } from './backoff.js';

// A path over UDP that works is found within this time.
export const CHECK_MS = 3000;
// While a stream is played over HTTP, WebRTC is tried again, ever less often.
export const FIRST_PROBE_MS = 15000;
export const LAST_PROBE_MS = 300000;

const NOT_ACCEPTABLE = 406;
const CODEC_TYPES = ['no-video-codec', 'no-audio-codec', 'packetization-mode'];

// Why the server's rejection of an offer makes WebRTC impossible; '' if it is
// not about WebRTC.
export const obstacleOf = ({ status, type }) => {
  if (status !== NOT_ACCEPTABLE)
    return '';
  return CODEC_TYPES.includes(type) ? 'no-codec' : 'no-match';
};

export class Way {
  constructor(hasWebRtc, hasMediaSource) {
    this.hasWebRtc = hasWebRtc;
    this.hasMediaSource = hasMediaSource;
    // Of WebRTC: no-webrtc, no-codec, no-match or no-udp; '' for none.
    this.obstacle = hasWebRtc ? '' : 'no-webrtc';
    this.probes = new Backoff(FIRST_PROBE_MS, LAST_PROBE_MS);
  }

  get isPossible() {
    return this.hasWebRtc || this.hasMediaSource;
  }

  get isHttp() {
    return this.hasMediaSource && this.obstacle !== '';
  }

  // Whether another attempt over WebRTC may succeed while HTTP plays.
  get isProbing() {
    return this.isHttp && this.hasWebRtc;
  }

  // WebRTC has met an @obstacle: returns whether HTTP is to be used instead.
  leaveWebRtc(obstacle) {
    const wasHttp = this.isHttp;
    if (obstacle === '' || !this.hasMediaSource)
      return false;
    this.obstacle = obstacle;
    return !wasHttp;
  }

  // HTTP is impossible, too: returns whether WebRTC is to be used again. Where
  // there is none, only HTTP is left to try.
  leaveHttp() {
    if (!this.hasWebRtc)
      return false;
    this.hasMediaSource = false;
    this.obstacle = '';
    return true;
  }

  // WebRTC has been tried successfully.
  returnToWebRtc() {
    this.obstacle = '';
    this.probes.reset();
  }

  // The network has changed: what failed so far may succeed.
  renew() {
    this.probes.reset();
  }

  // Returns the wait before the next attempt over WebRTC; see Backoff.next().
  nextProbeMs(random = Math.random()) {
    return this.probes.next(random);
  }
}
