// A WHEP session that gets the publisher's own frames, with their B-frames, if
// the stream has any: the page decodes, reorders and shows them, because no
// browser does so for WebRTC. Otherwise it is like any other.

import { RtpClock } from './reordering.js';
import { WhepSession } from './whep.js';

const CHECK_MS = 500;
// With packets and without a picture for this long, it needs another start.
const STALLED_MS = 2500;
// Sound and picture are in step if they are no farther apart.
const NEAR_MS = 20;
// The sound waits no longer than this for the picture.
const MAX_WAIT_MS = 1000;

// Chromium has all of it, in a secure context; a worker must be of the page's
// own site.
export const canReorder = (view = window, url = import.meta.url) =>
  view.isSecureContext && ['RTCRtpScriptTransform', 'VideoDecoder',
    'MediaStreamTrackGenerator'].every((name) => name in view) &&
  new URL(url).origin === view.location.origin;

export class ReorderedSession extends WhepSession {
  // As for WhepSession; @isAudible: whether the sound is on. Further states, in
  // which another session is to be used: 'undecodable', and 'plain', if there
  // are no B-frames.
  constructor(endpoint, onTrack, onState, isInSync, headers, isAudible) {
    super(`${endpoint}${endpoint.includes('?') ? '&' : '?'}b-frames=pass`,
      (track) => onTrack(track.kind === 'video' && this.picture || track),
      onState, isInSync, headers);
    Object.assign(this, { onState, isAudible });
    this.decodes = true;
    this.picture = null; // the track that the worker fills
    this.counts = { taken: 0, decoded: 0, shown: 0, earliestMs: 0 };
    this.seen = { packets: 0, shown: 0, stalledMs: 0 };
    this.waitMs = 0; // of the sound
    this.heardMs = null; // soundMs() of the last check
  }

  // Chromium takes no transform later than in the task that adds the receiver.
  makeOffer() {
    const offer = super.makeOffer();
    const [video, audio] = this.pc.getReceivers();
    this.audio = audio;
    this.picture = new window.MediaStreamTrackGenerator({ kind: 'video' });
    this.worker = new Worker(new URL('reorderworker.js', import.meta.url),
      { type: 'module' });
    this.worker.onmessage = ({ data }) => this.takeMessage(data);
    this.worker.onerror = () => this.onState('undecodable');
    const { writable } = this.picture;
    video.transform = new window.RTCRtpScriptTransform(this.worker,
      { writable }, [writable]);
    return offer;
  }

  // Without B-frames, another session is to be used: Chromium does not show
  // what comes once a transform has been removed.
  async applyAnswer(headers) {
    if (this.bFrames !== 'pass') {
      this.onState('plain');
      return;
    }
    this.countFrames();
    this.timer = setInterval(() => this.check(), CHECK_MS);
    await super.applyAnswer(headers);
  }

  takeMessage({ counts, failure }) {
    if (failure)
      this.onState('undecodable');
    else
      this.counts = counts;
  }

  // The browser's own decoder counts nothing.
  countFrames() {
    const { pc } = this;
    const getStats = pc.getStats.bind(pc);
    pc.getStats = async () => {
      const { taken, decoded } = this.counts;
      return new Map([...await getStats()].map(([id, entry]) =>
        [id, entry.type === 'inbound-rtp' && entry.kind === 'video' ?
          { ...entry, framesReceived: taken, framesDecoded: decoded } :
          entry]));
    };
  }

  async check() {
    this.followSound();
    const { packetsReceived: packets = 0 } =
      [...(await this.pc.getStats()).values()].find(({ type, kind }) =>
        type === 'inbound-rtp' && kind === 'video') || {};
    const { shown } = this.counts;
    const isStalled = packets > this.seen.packets && shown === this.seen.shown;
    const stalledMs = isStalled ? this.seen.stalledMs + CHECK_MS : 0;
    this.seen = { packets, shown, stalledMs };
    if (stalledMs >= STALLED_MS && !this.isClosed)
      this.onState(shown > 0 ? 'failed' : 'undecodable');
  }

  // From the time of the sound to when it is heard; null if it is not. Sound
  // and picture count from the same instant.
  soundMs() {
    const [source] = this.audio.getSynchronizationSources();
    if (!source || !this.isAudible())
      return null;
    if (!this.soundClock) {
      const { codecs: [codec] } = this.audio.getParameters();
      this.soundClock = new RtpClock(codec ? codec.clockRate : 48000);
    }
    return Math.round(source.timestamp -
      this.soundClock.ms(source.rtpTimestamp));
  }

  // The picture waits for the sound, or the sound for the picture: no longer
  // than it has to.
  followSound() {
    const soundMs = this.soundMs();
    this.worker.postMessage({ soundMs });
    const waitMs = this.wantedWaitMs(soundMs);
    if (waitMs !== this.waitMs)
      this.audio.jitterBufferTarget = waitMs;
    this.waitMs = waitMs;
    this.heardMs = soundMs;
  }

  // Of the sound. A browser stretches and shortens sound over some seconds:
  // what it is still doing is not asked for again.
  wantedWaitMs(soundMs) {
    const { counts, heardMs, waitMs } = this;
    if (soundMs === null)
      return 0;
    const isMoving = heardMs === null || Math.abs(soundMs - heardMs) > NEAR_MS;
    const aheadMs = counts.earliestMs - soundMs;
    if (isMoving || counts.shown === 0 || Math.abs(aheadMs) <= NEAR_MS)
      return waitMs;
    return Math.max(0, Math.min(Math.round(waitMs + aheadMs), MAX_WAIT_MS));
  }

  close() {
    super.close();
    clearInterval(this.timer);
    if (this.worker)
      this.worker.terminate();
    if (this.picture)
      this.picture.stop();
  }
}
