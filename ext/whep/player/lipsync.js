// Instant while muted, in step with the sound as soon as that is on, in one
// session. The server then lets the picture wait, and the page chooses for how
// long: until both come out together, according to the browser's estimate.

// The browser's estimates waver by about this much.
const NEAR_MS = 10;
// Chromium moves a picture towards its target by this much in a second, as slow
// motion that nobody notices.
const RATE_MS = 100;
// The share of a difference that a step corrects, except the first ones.
const SHARE = 0.6;
// A sound that is later than this is not waited for: a browser that has fallen
// behind with it catches up by itself, faster than the picture could follow.
const MAX_TARGET_MS = 500;
// What a picture that waits takes besides: to be decoded and drawn.
const OWN_MS = 10;

// How much later the sound of @reports, of a connection's statistics, comes out
// than the picture; null if the browser doesn't say. Browsers count from
// different years.
export const apartOf = (reports) => {
  const times = {};
  reports.forEach(({ type, kind, estimatedPlayoutTimestamp }) => {
    if (type === 'inbound-rtp')
      times[kind] = estimatedPlayoutTimestamp;
  });
  return times.audio > 0 && times.video > 0 ? times.video - times.audio : null;
};

// For how long the picture is to wait, in ms.
export class Steering {
  constructor() {
    this.end();
  }

  // Returns the new target, with the picture @apartMs ahead by the last one.
  // What the browser has not done yet of that is not asked for again.
  step(apartMs, nowMs) {
    const isFirst = this.movedMs === null;
    if (apartMs === null || isFirst && apartMs <= NEAR_MS)
      return this.targetMs;
    const wayMs = isFirst ? 0 : (nowMs - this.movedMs) * RATE_MS / 1000;
    const leftMs = this.targetMs - this.reachedMs;
    const isSettled = Math.abs(leftMs) <= wayMs;
    this.reachedMs += Math.max(-wayMs, Math.min(leftMs, wayMs));
    this.movedMs = nowMs;
    const isNear = !isFirst && isSettled && Math.abs(apartMs) <= NEAR_MS;
    const wantedMs = this.reachedMs + (isFirst ? apartMs - OWN_MS :
      isSettled ? SHARE * apartMs : apartMs);
    if (!isNear && wantedMs <= MAX_TARGET_MS)
      this.targetMs = Math.max(0, Math.round(wantedMs));
    return this.targetMs;
  }

  get isSteering() {
    return this.movedMs !== null;
  }

  end() {
    this.targetMs = 0;
    this.reachedMs = 0; // of the target, by now
    this.movedMs = null; // when that was
    return this.targetMs;
  }
}

const delay = (receiver, ms) => {
  if ('jitterBufferTarget' in receiver)
    receiver.jitterBufferTarget = ms;
  else if ('playoutDelayHint' in receiver)
    receiver.playoutDelayHint = ms / 1000;
};

const receiverOf = (pc) => pc.getReceivers().find(({ track }) =>
  track.kind === 'video');

// Firefox gives frames that are to be shown at once no time, and after one that
// had a time it shows none of those any more.
const isFirefox = () => 'mozInnerScreenX' in globalThis;

// Of one <video>, and of one WhepSession after another.
export class LipSync {
  // ?sync keeps the picture in step even while muted, ?fast never. @renew: to
  // be called for another session where this one can't be instant again, once
  // each time that the sound is turned off.
  constructor(video, search = '', { clock = () => performance.now(),
    renew = () => {}, isOneWay = isFirefox() } = {}) {
    const query = new URLSearchParams(search);
    Object.assign(this, { video, clock, renew, isOneWay });
    this.forced = query.has('sync') ? true : query.has('fast') ? false : null;
    this.session = null;
    this.steering = new Steering();
    this.isTold = false; // as the server knows it
    this.isTelling = false;
  }

  // Whether the picture is to be in step.
  get isWanted() {
    return this.forced === null ? !this.video.muted && this.video.volume > 0 :
      this.forced;
  }

  // Another session is shown from now on. One that isn't of WebRTC, or decodes
  // its picture, takes care of itself.
  take(session) {
    this.session = session.control && !session.decodes ? session : null;
    this.steering = new Steering();
    this.isTold = Boolean(session.isInSync);
    this.isTelling = false;
    this.isRenewing = false;
  }

  // To be called once a second, and when the volume changes.
  async update() {
    const { session } = this;
    if (session === null || !session.location)
      return;
    const { isWanted } = this;
    const receiver = receiverOf(session.pc);
    if (this.isOneWay && this.isTold)
      this.stay(isWanted);
    else
      this.tell(session, isWanted);
    if (!receiver || !isWanted && !this.steering.isSteering)
      return;
    const apartMs = isWanted ? apartOf(await session.pc.getStats()) : null;
    const { steering } = this;
    if (session === this.session)
      delay(receiver, this.isWanted ? steering.step(apartMs, this.clock()) :
        steering.end());
  }

  // The server is not told.
  stay(isWanted) {
    const wasRenewing = this.isRenewing;
    this.isRenewing = !isWanted;
    if (this.isRenewing && !wasRenewing)
      this.renew();
  }

  // Until the server has been reached; one that rejects it has no such choice.
  async tell(session, isWanted) {
    if (this.isTelling || isWanted === this.isTold)
      return;
    this.isTelling = true;
    try {
      await session.control({ sound: isWanted });
      if (session === this.session)
        this.isTold = isWanted;
    } catch (error) {
      // The next second may bring the network back.
    }
    if (session === this.session)
      this.isTelling = false;
  }
}
