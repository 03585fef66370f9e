// The player's page: one session at a time, plain words for what goes wrong,
// and another attempt where it may help.

import { Backoff } from './backoff.js';
import { copy, describe } from './diagnostics.js';
import { hasMediaSource, MediaSourceSession } from './mediasource.js';
import { Motion } from './motion.js';
import { Probe } from './probe.js';
import { NO_PICTURE_MS, progressOf } from './progress.js';
import { Statistics } from './statistics.js';
import { CHECK_MS, obstacleOf, Way } from './way.js';
import { Rejection, WhepSession } from './whep.js';
import { noteText, pictureText, rejectionText, wayText } from './words.js';

const TICK_MS = 1000;
// How often to check whether the picture moves.
const GLANCE_MS = 250;
// How often to ask whether the server is still there while nothing arrives.
const ASK_MS = 4000;
// A network that changes takes about this long to recover by itself.
const DISCONNECTED_MS = 3000;
// If an ICE restart finds a path, it finds it within this time.
const RESTART_MS = 5000;
// In full screen, the controls disappear after this long without input.
const IDLE_MS = 3000;
// Long enough to be read.
const COPIED_MS = 3000;

const byId = (id) => document.getElementById(id);
const video = byId('video');
const motion = new Motion(video);
const watchPath = new URL('watch/', document.baseURI).pathname;
const name = location.pathname.slice(watchPath.length);
// ?sync: the picture waits for the sound.
const isInSync = new URLSearchParams(location.search).has('sync');
// A token in the page's address is meant for the endpoint.
const endpoint = new URL(`whep/${name}${location.search}`,
  document.baseURI).href;
const mp4 = new URL(`live/${name}.mp4${location.search}`,
  document.baseURI).href;
const NO_WEBRTC = 'This browser has no WebRTC. ' +
  'Chrome, Edge, Firefox and Safari have it.';

let session = null;
let described = null; // the newest session, also once it has ended
let stream = null;
let statistics = null;
let timer = 0;
let disconnectTimer = 0;
let askedMs = 0;
let openedMs = 0; // when the server accepted the offer
let listed = null; // the stream's entry in the server's list, once known
let listedMs = 0;
let idleTimer = 0;
let checkTimer = 0;
const backoff = new Backoff();
const way = new Way('RTCPeerConnection' in window, hasMediaSource());
const probe = new Probe(way, (onFirstTrack, onFirstState) => {
  const tried = new WhepSession(endpoint,
    (track) => (session === tried ? onTrack : onFirstTrack)(track),
    (state) => (session === tried ? onState : onFirstState)(state), isInSync);
  return tried;
}, (found, tracks) => returnToWebRtc(found, tracks));

// state: connecting, playing, still, sound, waiting, lost, blocked or refused;
// the style sheet depends on it.
const show = (state, message, action) => {
  document.body.dataset.state = state;
  if (byId('message').textContent !== message)
    byId('message').textContent = message;
  byId('action').hidden = !action;
  byId('action').textContent = action ? action.label : '';
  byId('action').onclick = action ? action.run : null;
};

const play = async () => {
  try {
    await video.play();
  } catch (error) {
    if (error.name === 'NotAllowedError')
      show('blocked', 'Your browser wants you to start the picture.',
        { label: 'Play', run: play });
  }
};

// Not before there is something to show: a video without data delays the page's
// load event for ever, and the last picture stays as long as possible.
const onTrack = (track) => {
  if (video.srcObject !== stream)
    video.srcObject = stream;
  stream.addTrack(track);
  play();
};

const close = () => {
  clearTimeout(timer);
  clearTimeout(disconnectTimer);
  clearTimeout(checkTimer);
  probe.end();
  if (session)
    session.close();
  session = null;
};

const retry = (state, message) => {
  show(state, message);
  close();
  timer = setTimeout(start, backoff.next());
};

// The server has ended the session, and gives the reason to the next offer.
const ask = () => retry('connecting', 'Connecting…');

const loseServer = () =>
  retry('lost', 'The server can’t be reached. Trying again…');

// Plays over HTTP instead of WebRTC, if possible; returns whether it is.
const fallBack = (obstacle) => {
  const isLeft = way.leaveWebRtc(obstacle);
  if (isLeft)
    start();
  return isLeft;
};

const lose = () => {
  if (!session.wasConnected && fallBack('no-udp'))
    return;
  retry('lost', session.wasConnected || way.isHttp ?
    'The connection was lost. Reconnecting…' :
    'The server’s media doesn’t reach your browser: a firewall may be in the ' +
    'way. Trying again…');
};

// The session is kept if possible: no frame is lost that arrives in time.
const mend = async () => {
  const mended = session;
  clearTimeout(disconnectTimer);
  disconnectTimer = setTimeout(() => mended.isConnected() || lose(),
    RESTART_MS);
  try {
    await mended.restart();
  } catch (error) {
    if (session === mended)
      (error instanceof Rejection ? ask : loseServer)();
  }
};

const onState = (state) => {
  clearTimeout(disconnectTimer);
  if (state === 'failed')
    lose();
  else if (state === 'ended')
    ask();
  else if (state === 'disconnected')
    disconnectTimer = setTimeout(mend, DISCONNECTED_MS);
  else if (state === 'blocked')
    play();
};

const giveUp = (message) => {
  close();
  show('refused', message, { label: 'Try again', run: start });
};

const wait = (rejection) => {
  show('waiting', rejectionText(rejection));
  timer = setTimeout(open, 1000 * rejection.retryAfterS, session);
};

// Tries what is left of the two ways.
const giveWayUp = (error) => {
  const isRejected = error instanceof Rejection;
  const message = isRejected ? rejectionText(error) : error.message;
  // Of who may watch, and not of how.
  const isForbidden = isRejected && [401, 403].includes(error.status);
  if (isForbidden)
    giveUp(message);
  else if (!way.isHttp)
    fallBack(isRejected ? obstacleOf(error) : 'no-match') || giveUp(message);
  else if (way.leaveHttp())
    start();
  else
    giveUp(`${NO_WEBRTC} ${message}`);
};

const open = async (opened) => {
  try {
    await opened.open();
    openedMs = performance.now();
    if (!way.isHttp && session === opened)
      checkTimer = setTimeout(() => opened.isConnected() ||
        fallBack('no-udp'), CHECK_MS);
  } catch (error) {
    if (session !== opened)
      return;
    if (error instanceof Rejection && error.retryAfterS > 0)
      wait(error);
    else if (error instanceof TypeError) // what fetch() throws
      loseServer();
    else
      giveWayUp(error);
  }
};

const start = () => {
  close();
  if (document.body.dataset.state === 'refused')
    show('connecting', 'Connecting…');
  begin(way.isHttp ? new MediaSourceSession(mp4, video, onState) :
    new WhepSession(endpoint, onTrack, onState, isInSync));
  probe.begin();
  open(session);
};

const returnToWebRtc = (found, tracks) => {
  way.returnToWebRtc();
  close();
  begin(found);
  openedMs = performance.now();
  tracks.forEach(onTrack);
};

// To be shown from now on.
const begin = (next) => {
  session = next;
  described = session;
  stream = new MediaStream();
  listed = null;
  listedMs = 0;
  motion.begin();
  statistics = new Statistics(session.pc, video);
};

// Rarely: a thousand viewers ask for the same.
const askList = async () => {
  const asked = session;
  if (listedMs && performance.now() - listedMs < ASK_MS)
    return;
  listedMs = performance.now();
  try {
    const streams = await (await fetch(
      `api/streams${location.search}`)).json();
    const found = streams.find((one) => one.name === decodeURIComponent(name));
    if (session === asked)
      listed = found || null;
  } catch (error) {
    // The list is an extra: the picture plays without it.
  }
};

const showNote = () => {
  byId('note').textContent = listed ? noteText(listed, way.isHttp) : '';
  byId('way').textContent = session.wasConnected ? wayText(way.isHttp,
    way.isHttp ? session.behindS() : statistics.bufferS(), way.obstacle) : '';
};

const showPlaying = () => {
  if (document.body.dataset.state !== 'playing')
    show('playing', '');
  backoff.reset();
  if (!listedMs)
    askList();
};

// Faster than ICE, which takes a browser up to half a minute.
const askServer = async () => {
  const asked = session;
  askedMs = performance.now();
  try {
    if (!await asked.isKnown() && session === asked)
      ask();
  } catch (error) {
    if (session === asked)
      loseServer();
  }
};

// Sound alone may be all that there is, or the picture has a reason to be late.
const showMissing = () => {
  askList();
  if (!listed)
    return;
  const [state, text] = pictureText(listed, statistics);
  const isEarly = statistics.frames === 0 &&
    statistics.ageMs() < NO_PICTURE_MS;
  if (!isEarly || listed.video && (listed.video.unplayable ||
      listed.video.waits_for_key_frame))
    show(state, text);
};

const showProgress = () => {
  const progress = progressOf({
    hasMedia: statistics.hasMedia,
    silentMs: statistics.silentMs(),
    frames: statistics.frames,
    stillMs: motion.stillMs(),
    openMs: performance.now() - openedMs,
  });
  if (document.body.dataset.state === 'blocked')
    return;
  if (progress === 'silent') {
    show('waiting', 'The publisher sends nothing at the moment. ' +
      'The picture resumes by itself.');
    if (performance.now() - askedMs > ASK_MS)
      askServer();
  } else if (progress === 'playing') {
    showPlaying();
  } else if (progress === 'missing') {
    showMissing();
  }
};

// Between two ticks: a picture that stands still is not live.
const glance = () => {
  const isStill = motion.stillMs() > 0;
  const { state } = document.body.dataset;
  if (state === 'playing' && isStill)
    show('still', '');
  else if (state === 'still' && !isStill)
    showPlaying();
};

const tick = async () => {
  if (session && session.location) {
    await statistics.update();
    byId('stats').textContent = statistics.text();
    showProgress();
    showNote();
  }
  setTimeout(tick, TICK_MS);
};

byId('sound').onclick = () => {
  video.muted = !video.muted;
  play();
};
video.onvolumechange = () => {
  byId('sound').textContent = video.muted ? 'Sound on' : 'Sound off';
};
const fullElement = () =>
  document.fullscreenElement || document.webkitFullscreenElement;

// The whole page, so that its controls stay within reach.
byId('full').onclick = () => {
  const page = document.body;
  if (fullElement())
    (document.exitFullscreen || document.webkitExitFullscreen).call(document);
  else if (page.requestFullscreen)
    page.requestFullscreen();
  else if (page.webkitRequestFullscreen) // Safari before 16.4
    page.webkitRequestFullscreen();
  else if (video.webkitEnterFullscreen) // iPhone
    video.webkitEnterFullscreen();
};

// Any input shows the controls for a while.
const stir = () => {
  clearTimeout(idleTimer);
  delete document.body.dataset.idle;
  if (fullElement())
    idleTimer = setTimeout(() => {
      document.body.dataset.idle = '';
    }, IDLE_MS);
};

const onFull = () => {
  const isFull = Boolean(fullElement());
  document.body.classList.toggle('full', isFull);
  byId('full').textContent = isFull ? 'Leave full screen' : 'Full screen';
  stir();
};

for (const type of ['fullscreenchange', 'webkitfullscreenchange'])
  document.addEventListener(type, onFull);
for (const type of ['pointermove', 'pointerdown', 'keydown'])
  addEventListener(type, stir);
byId('copy').onclick = async () => {
  let verdict = 'Copied';
  try {
    await copy(await describe({
      name: decodeURIComponent(name),
      time: new Date(),
      browser: navigator.userAgent,
      state: document.body.dataset.state,
      message: byId('message').textContent,
      session: described,
    }));
  } catch (error) {
    verdict = 'Not allowed';
  }
  byId('copy').textContent = verdict;
  setTimeout(() => {
    byId('copy').textContent = 'Copy diagnostics';
  }, COPIED_MS);
};
// Sooner than the next tick.
video.onplaying = () => video.videoWidth > 0 && showPlaying();

addEventListener('pagehide', close);
// Back from the back-forward cache.
addEventListener('pageshow', (event) => event.persisted && start());
addEventListener('online', () => {
  if (!session)
    start();
  else if (way.isHttp)
    probe.hurry();
  else if (session.location)
    mend();
});
// From Wi-Fi to a mobile network, for example; the event also reports rates.
const network = navigator.connection;
let networkType = network && network.type;
if (network)
  network.addEventListener('change', () => {
    const hasChanged = network.type !== networkType;
    networkType = network.type;
    if (hasChanged && session && way.isHttp)
      probe.hurry();
  });

byId('name').textContent = decodeURIComponent(name);
document.title = decodeURIComponent(name);
video.muted = true;
if (!way.isPossible) {
  show('refused', NO_WEBRTC);
} else {
  show('connecting', 'Connecting…');
  start();
  tick();
  setInterval(glance, GLANCE_MS);
}
