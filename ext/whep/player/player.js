// Plays one stream in a <video>: one session at a time, over WebRTC or HTTP,
// plain words for what goes wrong, and another attempt where it may help. It
// knows nothing of the page around it.

import { Backoff, FIRST_MS } from './backoff.js';
import { describe } from './diagnostics.js';
import { LipSync } from './lipsync.js';
import { hasMediaSource, MediaSourceSession } from './mediasource.js';
import { Motion } from './motion.js';
import { Mover } from './mover.js';
import { Probe } from './probe.js';
import { NO_PICTURE_MS, progressOf } from './progress.js';
import { canReorder, ReorderedSession } from './reorderedsession.js';
import { Rewind } from './rewind.js';
import { SessionEvents } from './sessionevents.js';
import { Statistics } from './statistics.js';
import { tracksOf } from './tracks.js';
import { CHECK_MS, obstacleOf, Way } from './way.js';
import { Rejection, WhepSession } from './whep.js';
import { noteText, pictureText, rejectionText, WORDS, wayText } from
  './words.js';

const TICK_MS = 1000;
// How often to check whether the picture moves.
const GLANCE_MS = 250;
// How often to ask whether the server is still there while nothing arrives.
const ASK_MS = 4000;
// A network that changes takes about this long to recover by itself.
const DISCONNECTED_MS = 3000;
// A session that has lasted so long did not end because of what would end the
// next one, too.
const LASTED_MS = 5000;
// If an ICE restart finds a path, it finds it within this time.
const RESTART_MS = 5000;
// How soon a server without a place for a listener is asked for one again.
const FIRST_FULL_MS = 15000;
const LAST_FULL_MS = 120000;
// The longest wait until the server is listened to again: nothing else tells at
// once that it has died.
const LAST_LISTEN_MS = 2000;
// HTTP is tried after every fourth attempt at a stream that WebRTC can't play.
const HTTP_EVERY = 4;
// The states with something to watch or to hear.
const SHOWING = ['playing', 'still', 'sound'];

const NO_TOKEN = { headers: () => ({}), search: () => '' };

// Where the gateway whose pages are at @base has the stream @path: APP/KEY,
// percent-encoded.
export const addressesOf = (base, path) => ({
  whep: new URL(`whep/${path}`, base).href,
  mp4: new URL(`live/${path}.mp4`, base).href,
  list: new URL('api/streams', base).href,
});

// Events: 'state' (state, message or action has changed), 'session' (another
// one is played from now on, and not yet open), 'delay' (rewind has changed),
// 'list' (listed and tracks have been asked for), 'tick' (each second of an
// open session, once statistics are up to date).
export class Player extends EventTarget {
  // @name: as in the list; @whep, @mp4, @list: see addressesOf(); without the
  // last two, HTTP is no way to play, or nothing is said about the publisher;
  // @token: see Token; @search: a query, which may have delay=, sync or fast;
  // @isInSync: as with sync.
  constructor(video, { name = '', whep, mp4 = '', list = '', token = NO_TOKEN,
    search = '', isInSync = false }) {
    super();
    Object.assign(this, { video, name, whep, mp4, list, token });
    // connecting, playing, still, sound, paused, waiting, lost, blocked or
    // refused.
    this.state = 'connecting';
    this.message = WORDS.connecting;
    this.action = null; // or what may help: {label, run}
    this.session = null;
    this.mending = null; // the session whose ICE restarts
    this.described = null; // the newest session, also once it has ended
    this.stream = null;
    this.statistics = null;
    this.listed = null; // the stream's entry in the server's list, once known
    this.listedMs = 0;
    this.tracks = []; // of the same publisher; see tracksOf()
    this.unplayable = null; // why WebRTC has nothing to play: a Rejection
    this.nUnplayable = 0; // attempts since
    this.askedMs = 0;
    this.openedMs = 0; // when the server accepted the offer
    this.timers = {};
    this.listeners = [];
    this.backoff = new Backoff();
    this.motion = new Motion(video);
    this.rewind = new Rewind(search);
    this.lipSync = new LipSync(video, isInSync ? 'sync' : search,
      { renew: () => this.mover.move() });
    this.canReorder = canReorder();
    this.reorders = false; // once the server has said that it is worth it
    this.way = new Way('RTCPeerConnection' in window,
      mp4 !== '' && hasMediaSource());
    this.probe = new Probe(this.way, (...args) => this.webRtcBeside(...args),
      (found, tracks) => this.returnToWebRtc(found, tracks));
    this.mover = new Mover((...args) => this.webRtcBeside(...args),
      (found, tracks) => this.replaceSession(found, tracks));
    this.events = null; // of the session, once it is open
    this.eventsBackoff = null; // of attempts to listen to them
  }

  // A session that is not shown until it is taken.
  webRtcBeside(onTrack, onState) {
    const tried = this.webRtc(
      (track) => (this.session === tried ? this.onTrack(track) :
        onTrack(track)),
      (state) => {
        if (state === 'plain')
          this.reorders = false;
        return this.session === tried ? this.onState(state) : onState(state);
      });
    return tried;
  }

  // To be called once.
  begin() {
    if (!this.way.isPossible) {
      this.show('refused', WORDS.noWebRtc);
      return;
    }
    this.listen(window, 'pagehide', () => this.close());
    // Back from the back-forward cache.
    this.listen(window, 'pageshow', (event) => event.persisted &&
      !this.isAtRest && this.start());
    this.listen(window, 'online', () => this.onOnline());
    this.listenToNetwork();
    // Sooner than the next tick.
    this.listen(this.video, 'volumechange', () => this.lipSync.update());
    // By the browser's own controls, a key for media, or an iPhone that leaves
    // full screen.
    this.listen(this.video, 'pause', () => this.onPause());
    this.listen(this.video, 'play', () => this.state === 'paused' &&
      !this.video.paused && this.start());
    this.listen(this.video, 'playing', () =>
      this.session && this.video.videoWidth > 0 && this.showPlaying());
    this.timers.glance = setInterval(() => this.glance(), GLANCE_MS);
    this.start();
    this.tick();
  }

  // For good.
  end() {
    this.close();
    this.isEnded = true;
    this.motion.end();
    clearInterval(this.timers.glance);
    clearTimeout(this.timers.tick);
    this.listeners.forEach((remove) => remove());
    this.listeners = [];
  }

  listen(target, type, run) {
    target.addEventListener(type, run);
    this.listeners.push(() => target.removeEventListener(type, run));
  }

  emit(type) {
    this.dispatchEvent(new Event(type));
  }

  show(state, message, action = null) {
    const hasChanged = state !== this.state || message !== this.message ||
      action !== this.action;
    Object.assign(this, { state, message, action });
    if (hasChanged)
      this.emit('state');
  }

  async play() {
    try {
      await this.video.play();
      if (this.state === 'blocked')
        this.show('connecting', WORDS.connecting);
    } catch (error) {
      if (error.name === 'NotAllowedError')
        this.show('blocked', WORDS.blocked,
          { label: 'Play', run: () => this.play() });
    }
  }

  // Nothing happens until the viewer wants it.
  get isAtRest() {
    return ['paused', 'refused'].includes(this.state);
  }

  // Also while it connects, or waits for a picture.
  pause() {
    if (!this.isAtRest)
      this.stop();
  }

  // A browser also pauses what has no source yet, or what nobody sees.
  onPause() {
    const { ended, paused } = this.video;
    if (paused && !ended && !document.hidden && SHOWING.includes(this.state))
      this.stop();
  }

  // The last picture stays, and costs nothing.
  stop() {
    // A picture that has paused outlasts its session.
    this.video.pause();
    this.close();
    this.show('paused', '', { label: 'Play', run: () => this.start() });
  }

  addressOf(url) {
    return `${url}${this.token.search()}`;
  }

  webRtc(onTrack, onState) {
    const Session = this.reorders ? ReorderedSession : WhepSession;
    return new Session(this.rewind.endpoint(this.addressOf(this.whep)),
      onTrack, onState, this.lipSync.isWanted, this.token.headers(),
      () => this.lipSync.isWanted);
  }

  makeSession() {
    const onState = (state) => this.onState(state);
    return this.way.isHttp ?
      new MediaSourceSession(this.addressOf(this.mp4), this.video, onState,
        this.token.headers()) :
      this.webRtc((track) => this.onTrack(track), onState);
  }

  // Also when there is a session already.
  start() {
    this.close();
    if (this.isAtRest)
      this.show('connecting', WORDS.connecting);
    this.take(this.makeSession());
    this.probe.begin();
    this.open(this.session);
  }

  // With a picture that stands still until then.
  startAnew() {
    this.show('connecting', WORDS.connecting);
    this.start();
  }

  // To be shown from now on.
  take(session) {
    this.session = session;
    this.described = session;
    this.stream = new MediaStream();
    this.listed = null;
    this.listedMs = 0;
    this.motion.begin();
    this.statistics = new Statistics(session.pc, this.video);
    this.lipSync.take(session);
    this.emit('session');
  }

  close() {
    clearTimeout(this.timers.attempt);
    clearTimeout(this.timers.disconnect);
    clearTimeout(this.timers.check);
    this.probe.end();
    this.mover.end();
    this.stopListening();
    if (this.session)
      this.session.close();
    this.session = null;
  }

  async open(opened) {
    try {
      await opened.open();
      if (this.session !== opened)
        return;
      if (this.canReorder && !this.reorders &&
          opened.bFrames === 'available')
        return this.reorder();
      this.openedMs = performance.now();
      this.takeDelay();
      if (this.way.isHttp)
        return;
      this.listenToServer();
      this.unplayable = null;
      this.timers.check = setTimeout(() => opened.isConnected() ||
        this.fallBack('no-udp'), CHECK_MS);
    } catch (error) {
      if (this.session === opened)
        this.onRejection(error);
    }
  }

  onRejection(error) {
    const isRejected = error instanceof Rejection;
    if (error instanceof TypeError) // what fetch() throws
      this.loseServer();
    else if (isRejected && error.type === 'unplayable' && !this.way.isHttp)
      this.tryHttp(error);
    else if (isRejected && this.unplayable && this.way.isHttp &&
        ![401, 403].includes(error.status))
      this.leaveUnplayable(error);
    else if (isRejected && error.retryAfterS > 0)
      this.wait(error);
    else
      this.giveWayUp(error);
  }

  // Somebody publishes what WebRTC can't play: MediaSource may.
  tryHttp(rejection) {
    this.nUnplayable = this.unplayable ? this.nUnplayable + 1 : 0;
    this.unplayable = rejection;
    if (this.nUnplayable % HTTP_EVERY !== 0 || !this.fallBack('no-codec'))
      this.wait(rejection);
  }

  // HTTP can't, either. The publisher may change: that shows over WebRTC, and
  // its words say more.
  leaveUnplayable({ status, retryAfterS, type, message }) {
    const isBusy = status >= 429;
    this.way.returnToWebRtc();
    this.close();
    this.show('waiting', rejectionText(isBusy ?
      { retryAfterS, type, message } : this.unplayable));
    this.timers.attempt = setTimeout(() => this.start(),
      1000 * (retryAfterS || this.unplayable.retryAfterS));
  }

  // Over HTTP there is no delay to choose.
  takeDelay() {
    this.rewind.take(this.way.isHttp ? null : this.session.playbackDelay);
    this.emit('delay');
  }

  // Each joins anew.
  goBack() {
    this.rewind.goBack();
    this.start();
  }

  goLive() {
    this.rewind.goLive();
    this.start();
  }

  // Not before there is something to show: a video without data delays the
  // page's load event for ever, and the last picture stays as long as possible.
  onTrack(track) {
    if (this.video.srcObject !== this.stream)
      this.video.srcObject = this.stream;
    this.stream.addTrack(track);
    this.play();
  }

  onState(state) {
    clearTimeout(this.timers.disconnect);
    if (state === 'failed')
      this.lose();
    else if (state === 'ended')
      this.ask();
    else if (state === 'disconnected')
      this.timers.disconnect = setTimeout(() => this.mend(), DISCONNECTED_MS);
    else if (state === 'blocked')
      this.play();
    else if (state === 'undecodable' || state === 'plain')
      this.stopReordering(state);
  }

  reorder() {
    this.reorders = true;
    this.start();
  }

  // Either the page has failed, or there are no B-frames any longer.
  stopReordering(state) {
    this.canReorder = state === 'plain';
    this.reorders = false;
    this.start();
  }

  retry(state, message) {
    this.show(state, message);
    this.close();
    this.timers.attempt = setTimeout(() => this.start(), this.backoff.next());
  }

  giveUp(message) {
    this.close();
    this.show('refused', message,
      { label: 'Try again', run: () => this.start() });
  }

  wait(rejection) {
    const { session } = this;
    if (rejection.type !== 'unplayable')
      this.unplayable = null;
    this.show('waiting', rejectionText(rejection));
    this.timers.attempt = setTimeout(() => this.open(session),
      1000 * rejection.retryAfterS);
  }

  loseServer() {
    this.retry('lost', WORDS.noServer);
  }

  lose() {
    const { wasConnected } = this.session;
    if (!wasConnected && this.fallBack('no-udp'))
      return;
    this.retry('lost', wasConnected || this.way.isHttp ? WORDS.lost :
      WORDS.firewall);
  }

  // Plays over HTTP instead of WebRTC, if possible; returns whether it is.
  fallBack(obstacle) {
    const isLeft = this.way.leaveWebRtc(obstacle);
    if (isLeft)
      this.start();
    return isLeft;
  }

  // Tries what is left of the two ways.
  giveWayUp(error) {
    const isRejected = error instanceof Rejection;
    const message = isRejected ? rejectionText(error) : error.message;
    // Of who may watch, and not of how.
    const isForbidden = isRejected && [401, 403].includes(error.status);
    if (isForbidden)
      this.giveUp(message);
    else if (!this.way.isHttp)
      this.fallBack(isRejected ? obstacleOf(error) : 'no-match') ||
        this.giveUp(message);
    else if (this.way.leaveHttp())
      this.start();
    else
      this.giveUp(`${WORDS.noWebRtc} ${message}`);
  }

  returnToWebRtc(found, tracks) {
    this.way.returnToWebRtc();
    this.replaceSession(found, tracks);
  }

  // By one that is open already.
  replaceSession(found, tracks) {
    this.close();
    this.take(found);
    this.openedMs = performance.now();
    this.takeDelay();
    this.listenToServer();
    tracks.forEach((track) => this.onTrack(track));
  }

  listenToServer() {
    const { session } = this;
    const fullBackoff = new Backoff(FIRST_FULL_MS, LAST_FULL_MS);
    this.events = new SessionEvents(session, {
      onReconnect: () => this.mover.move(),
      onLost: (lastedMs) => {
        if (lastedMs > LASTED_MS)
          this.eventsBackoff.reset();
        this.onServerLost(session);
      },
      onFull: () => this.listenAgain(fullBackoff),
    });
    this.eventsBackoff = new Backoff(FIRST_MS, LAST_LISTEN_MS);
    this.events.open();
  }

  listenAgain(backoff) {
    this.timers.events = setTimeout(() => this.events && this.events.open(),
      backoff.next());
  }

  stopListening() {
    clearTimeout(this.timers.events);
    if (this.events)
      this.events.close();
    this.events = null;
  }

  // Either the server has died, or a proxy before it: then the picture goes on,
  // and nothing is to be done but to listen again.
  async onServerLost(session) {
    let isKnown = true;
    let farewell = null;
    try {
      isKnown = await session.isKnown();
      farewell = isKnown ? null : await session.farewell();
    } catch (error) {
      // The proxy, or the network.
    }
    // Who was disconnected by the operator is shown why when the media end.
    if (this.session !== session || farewell)
      return;
    if (isKnown)
      this.listenAgain(this.eventsBackoff);
    else if (session.isConnected())
      this.mover.move();
  }

  // The session is kept if possible: no frame is lost that arrives in time.
  async mend() {
    const mended = this.session;
    if (this.mending === mended)
      return;
    this.mending = mended;
    clearTimeout(this.timers.disconnect);
    this.timers.disconnect = setTimeout(() => mended.isConnected() ||
      this.lose(), RESTART_MS);
    try {
      await mended.restart();
    } catch (error) {
      if (this.session !== mended)
        return;
      if (error instanceof Rejection)
        this.ask();
      else
        this.loseServer();
    } finally {
      if (this.mending === mended)
        this.mending = null;
    }
  }

  onOnline() {
    if (this.isAtRest)
      return;
    if (!this.session)
      this.start();
    else if (this.way.isHttp)
      this.probe.hurry();
    else if (this.session.location)
      this.mend();
    else // its candidates are of the former network
      this.start();
  }

  // From Wi-Fi to a mobile network, for example; the event also reports rates.
  listenToNetwork() {
    const network = navigator.connection;
    let type = network && network.type;
    if (network)
      this.listen(network, 'change', () => {
        const hasChanged = network.type !== type;
        ({ type } = network);
        if (hasChanged && this.session && this.way.isHttp)
          this.probe.hurry();
      });
  }

  // The server has ended the session. If the operator has, it says so;
  // otherwise it gives the reason to the next offer.
  async ask() {
    const ended = this.session;
    let farewell = null;
    try {
      farewell = await ended.farewell();
    } catch (error) {
      // The next offer finds out.
    }
    if (this.session !== ended)
      return;
    if (farewell)
      this.giveUp(rejectionText(farewell));
    else if (performance.now() - this.openedMs > LASTED_MS)
      this.startAnew();
    else
      this.retry('connecting', WORDS.connecting);
  }

  // Faster than ICE, which takes a browser up to half a minute.
  async askServer() {
    const asked = this.session;
    this.askedMs = performance.now();
    try {
      if (!await asked.isKnown() && this.session === asked)
        this.ask();
    } catch (error) {
      if (this.session === asked)
        this.loseServer();
    }
  }

  // Rarely: a thousand viewers ask for the same.
  async askList() {
    const asked = this.session;
    if (!this.list || !asked ||
        this.listedMs && performance.now() - this.listedMs < ASK_MS)
      return;
    this.listedMs = performance.now();
    try {
      const streams = await (await fetch(this.addressOf(this.list),
        { headers: this.token.headers() })).json();
      if (this.session !== asked)
        return;
      this.listed = streams.find(({ name }) => name === this.name) || null;
      this.tracks = tracksOf(streams, this.name);
      this.emit('list');
    } catch (error) {
      // The list is an extra: the picture plays without it.
    }
  }

  showPlaying() {
    if (this.state !== 'playing')
      this.show('playing', '');
    this.backoff.reset();
    if (!this.listedMs)
      this.askList();
  }

  // Sound alone may be all that there is, or the picture has a reason to be
  // late.
  showMissing() {
    const { listed, statistics } = this;
    const waitText = statistics.hasMedia ? '' :
      this.rewind.waitText(performance.now() - this.openedMs);
    this.askList();
    if (waitText)
      this.show('waiting', waitText);
    else if (!listed && statistics.hasMedia && statistics.received === 0 &&
        statistics.ageMs() > NO_PICTURE_MS)
      this.show('sound', '');
    if (waitText || !listed)
      return;
    const [state, text] = pictureText(listed, statistics);
    const isEarly = statistics.frames === 0 &&
      statistics.ageMs() < NO_PICTURE_MS;
    if (!isEarly || listed.video && (listed.video.unplayable ||
        listed.video.waits_for_key_frame))
      this.show(state, text);
  }

  showProgress() {
    const { statistics } = this;
    const progress = progressOf({
      hasMedia: statistics.hasMedia,
      silentMs: statistics.silentMs(),
      frames: statistics.frames,
      stillMs: this.motion.stillMs(),
      openMs: performance.now() - this.openedMs,
    });
    if (this.state === 'blocked')
      return;
    if (progress === 'silent') {
      this.show('waiting', WORDS.silent);
      // Another session may be on its way already.
      if (!this.mover.isMoving && performance.now() - this.askedMs > ASK_MS)
        this.askServer();
    } else if (progress === 'playing') {
      this.showPlaying();
    } else if (progress === 'missing') {
      this.showMissing();
    }
  }

  // Between two ticks: a picture that stands still is not live.
  glance() {
    const isStill = this.motion.stillMs() > 0;
    if (this.state === 'playing' && isStill)
      this.show('still', '');
    else if (this.state === 'still' && !isStill && this.motion.shownMs > 0)
      this.showPlaying();
  }

  async tick() {
    if (this.session && this.session.location) {
      const { session } = this;
      // Of a connection that has been closed, Firefox says nothing.
      await this.statistics.update().catch(() => {});
      this.lipSync.update();
      if (this.session === session) {
        this.showProgress();
        this.emit('tick');
      }
    }
    if (!this.isEnded)
      this.timers.tick = setTimeout(() => this.tick(), TICK_MS);
  }

  // What is worth knowing while it plays; '' for nothing.
  get note() {
    const isUntouched = this.way.isHttp ||
      Boolean(this.session && this.session.picture);
    return this.listed ? noteText(this.listed, isUntouched) : '';
  }

  // The way, and how far behind.
  get wayText() {
    const { session, way } = this;
    return session && session.wasConnected ? wayText(way.isHttp,
      way.isHttp ? session.behindS() : this.statistics.bufferS(),
      way.obstacle) : '';
  }

  // Why it is not WebRTC; '' if it is.
  get wayNote() {
    return this.way.isHttp ? this.wayText : '';
  }

  // For a bug report.
  describe() {
    return describe({
      name: this.name,
      time: new Date(),
      browser: navigator.userAgent,
      state: this.state,
      message: this.message,
      session: this.described,
    });
  }
}
