// SPDX-License-Identifier: LGPL-2.1-or-later
// Every state that the player's page can be in: it is provoked, and the page
// has to find the words for it and to recover. One after the other in one tab,
// in Chromium and in Firefox.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { withFirefox } from './browsers.mjs';
import { dropInside, dropUdp } from './fallback.mjs';
import { publishGarbled } from './garbled.mjs';
import { blockPlayback } from './page.mjs';
import { eventually } from './process.mjs';
import { click, comeOnline, comesTo, hasSaid, inChromium, mend, NAME, notes,
  plays, setToken, Walk } from './walk.mjs';

const MAX_VIEWERS = 1000;
// A page that mistakes an invisible picture for one that stands still does so
// within a second.
const HIDDEN_MS = 2000;
// WHEP_AUTHORIZER_GUESSES, after which an address has to wait.
const N_GUESSES = 20;
const STILL_AFTER_S = 4;
const PICTURE = ['-re', '-f', 'lavfi', '-i', 'testsrc2=r=30:s=640x360'];
const SHORT_PICTURE = ['-re', '-f', 'lavfi', '-i',
  `testsrc2=r=30:s=640x360:d=${STILL_AFTER_S}`];
const TONE = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440'];
const AAC = ['-c:a', 'aac'];
// Sound does not wait for a picture that has ended: in microseconds.
const AT_ONCE = ['-max_interleave_delta', '100000'];
const QUICK = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune',
  'zerolatency', '-g', '60'];
const WITH_B_FRAMES = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2',
  '-b_strategy', '0', '-g', '60'];
const SORENSON = ['-c:v', 'flv1'];
const ADPCM = ['-c:a', 'adpcm_swf', '-ar', '44100'];
// Two key frames: a viewer that joins once both are gone waits for another
// publisher, however long a busy machine takes to open the page.
const TWO_KEYS = ['-preset', 'ultrafast', '-g', '100000', '-sc_threshold', '0',
  '-force_key_frames', 'expr:lt(n_forced,2)*gte(t,n_forced*2)'];
// RTP by its version, and packets too large for sound.
const LARGE_RTP = 'udp length > 400 @th,64,2 2';

/* What runs in a page before its scripts. A page whose browser lacks something
 * has it once window.isMended is set. */

function haveNoMediaSource() {
  delete window.MediaSource;
  delete window.ManagedMediaSource;
}

function haveNoWebRtc() {
  delete window.RTCPeerConnection;
  delete window.MediaSource;
  delete window.ManagedMediaSource;
}

function haveOnlyHttp() {
  delete window.RTCPeerConnection;
}

function decodeNothingOverHttp() {
  const { isTypeSupported } = MediaSource;
  MediaSource.isTypeSupported = (type) => Boolean(window.isMended)
    && isTypeSupported.call(MediaSource, type);
}

function offerNoH264() {
  const { createOffer } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createOffer = function withoutH264() {
    if (!window.isMended) {
      const { codecs } = RTCRtpReceiver.getCapabilities('video');
      this.getTransceivers()[0].setCodecPreferences(
        codecs.filter((codec) => !/h264/i.test(codec.mimeType)));
    }
    return createOffer.call(this);
  };
}

function offerNoRtcpMux() {
  const { fetch } = window;
  window.fetch = (url, options = {}) => fetch(url,
    window.isMended || options.method !== 'POST' ? options : { ...options,
      body: options.body.replace(/^a=rtcp-mux\r\n/gm, '') });
}

// As a proxy replies whose server is away.
function meetAProxy() {
  const { fetch } = window;
  window.fetch = (url, options = {}) => (
    window.isMended || options.method !== 'POST' ? fetch(url, options)
      : Promise.resolve(new Response('<h1>Bad Gateway</h1>',
        { status: 502, statusText: 'Bad Gateway' })));
}

// RFC 5737: nobody answers there.
function reachNoMedia() {
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function elsewhere(
    { type, sdp }) {
    return setRemoteDescription.call(this, { type, sdp: window.isMended ? sdp
      : sdp.replace(/^(a=candidate:(?:\S+ ){4})\S+/gm, '$1192.0.2.1') });
  };
}

/* Who may watch, and whether there is room. */

async function mayNotWatch({ page, good, expired }) {
  await comesTo(page, 'refused', /^This stream is not public/);
  await setToken(page, expired);
  await comesTo(page, 'refused', /isn’t valid for this stream, or has expired/);
  await setToken(page, good);
}

async function waitsForAPublisher(walk) {
  await comesTo(walk.page, 'waiting', /^Nobody publishes this stream/);
  walk.publish();
  await plays(walk.page);
}

// Runs in the page: another tab on the same machine has no end of wrong tokens.
// Then the page asks with another right @token, before it may guess again.
async function guess({ nGuesses, name, token }) {
  await Promise.all(Array.from({ length: nGuesses }, (_, i) =>
    fetch(`whep/live/${name}`, { method: 'POST',
      headers: { 'Content-Type': 'application/sdp',
        'Authorization': `Bearer wrong-${i}` },
      body: 'v=0\r\n' })));
  location.hash = `token=${token}`;
}

async function isHeldUp(walk) {
  const { page, doorman } = walk;
  doorman.fail();
  await page.evaluate(guess, { nGuesses: 2 * N_GUESSES, name: NAME,
    token: walk.another });
  await hasSaid(page, /^waiting\nToo many requests come from your network/);
  await comesTo(page, 'waiting', /can’t check at the moment whether you may/);
  doorman.refuse('Members only.');
  await comesTo(page, 'refused', /^You may not watch .*: Members only/);
  doorman.admit();
  await click(page);
  await plays(page);
}

async function isDisconnected(walk) {
  const viewer = await eventually(async () =>
    (await walk.call('GET', 'viewers')).find(({ state, packets }) =>
      state === 'connected' && packets > 0), 'the viewer is listed');
  assert.match(viewer.browser, /^(Chrome|Firefox) \d+$/);
  await walk.call('DELETE', `viewers/${viewer.id}`);
  await comesTo(walk.page, 'refused', /disconnected by the operator/);
}

// It asks again by itself after ten seconds, or as soon as it is online.
async function findsNoRoom(walk) {
  const { page } = walk;
  const other = walk.watchElsewhere();
  try {
    await eventually(async () => (await walk.call('GET', 'viewers'))
      .some(({ state }) => state === 'connected'), 'another viewer is there');
    await walk.call('PATCH', 'settings', { max_viewers: 1 });
    await click(page);
    await comesTo(page, 'waiting', /^The server has reached its limit of view/);
    await walk.call('PATCH', 'settings', { max_viewers: MAX_VIEWERS,
      max_viewers_per_stream: 1 });
    await comeOnline(page);
    await comesTo(page, 'waiting', /viewers of this stream\. Trying again…$/);
  } finally {
    await other.stop();
  }
  await walk.call('PATCH', 'settings', { max_viewers_per_stream: 0 });
  await comeOnline(page);
  await plays(page);
}

async function isDrained(walk) {
  const { page } = walk;
  await walk.call('POST', 'drain', { deadline_s: 0 });
  await comesTo(page, 'waiting', /admits no new viewers/);
  await walk.call('DELETE', 'drain');
  await comeOnline(page);
  await plays(page);
}

/* What the viewer and the network do. */

// Firefox alone hides a tab without a window.
async function isHidden({ page }) {
  if (!page.setHidden) {
    return;
  }
  await page.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => window.seen.push(document.body.dataset.state))
      .observe(document.body, { attributeFilter: ['data-state'] });
  });
  await page.setHidden(true);
  assert.ok(await page.evaluate(() => document.hidden));
  await page.evaluate((ms) => new Promise((done) => {
    setTimeout(done, ms);
  }), HIDDEN_MS);
  assert.deepEqual(await page.evaluate(() => window.seen), []);
  await page.setHidden(false);
  await plays(page);
}

async function isPaused({ page }) {
  await click(page, '#pause');
  await comesTo(page, 'paused', /^$/);
  await click(page);
  await plays(page);
}

// Runs in the page.
const iceOf = () => {
  const peer = window.peers[window.peers.length - 1];
  const [, name] = /a=ice-ufrag:(\S+)/.exec(peer.localDescription.sdp);
  return { name, state: peer.iceConnectionState, n: window.peers.length };
};

async function changesItsNetwork({ page }) {
  const before = await page.evaluate(iceOf);
  await comeOnline(page);
  await eventually(async () => {
    const { name, state } = await page.evaluate(iceOf);
    return name !== before.name && ['connected', 'completed'].includes(state);
  }, 'ICE restarts');
  assert.equal((await page.evaluate(iceOf)).n, before.n, 'another session');
  await plays(page);
}

async function isBlocked(walk) {
  await walk.open(blockPlayback);
  await comesTo(walk.page, 'blocked', /^Your browser blocked automatic/);
  await click(walk.page);
  await plays(walk.page);
}

async function meetsAProxy(walk) {
  await walk.open(meetAProxy);
  await comesTo(walk.page, 'waiting',
    /^The server says: 502 Bad Gateway Trying again…$/);
  await mend(walk.page);
  await plays(walk.page);
}

async function reachesNoMedia(walk) {
  await walk.open(haveNoMediaSource, reachNoMedia);
  await hasSaid(walk.page, /^lost\nThe server’s media doesn’t reach your brow/);
  await mend(walk.page);
  await plays(walk.page);
}

// While it plays; from then on, it plays over HTTP.
async function losesUdp(walk) {
  const { page } = walk;
  const allowUdp = dropUdp(walk.namespace);
  await hasSaid(page, /^lost\nThe connection was lost\. Reconnecting…/);
  await plays(page, /^Played over HTTP, .*packets don’t get through/);
  allowUdp();
  await comeOnline(page);
  await plays(page, /^Played over WebRTC/);
}

// As where packets of full size get lost.
async function getsNoPicture(walk) {
  const allow = dropInside(walk.namespace, LARGE_RTP);
  await walk.open();
  await comesTo(walk.page, 'waiting', /^The picture has not arrived yet\.$/);
  allow();
  await plays(walk.page);
}

/* What the browser lacks. */

async function hasNoWebRtc(walk) {
  const { page } = walk;
  await walk.open(haveNoWebRtc);
  await comesTo(page, 'refused', /^This browser has no WebRTC/);
  await walk.open(haveOnlyHttp);
  await plays(page, /^Played over HTTP, .*: this browser has no WebRTC$/);
  await walk.open(haveOnlyHttp, decodeNothingOverHttp);
  await comesTo(page, 'refused',
    /^This browser has no WebRTC\. .* Your browser can’t decode this stream/);
  await mend(page);
  await click(page);
  await plays(page, /^Played over HTTP/);
}

async function hasNoH264(walk) {
  const { page } = walk;
  await walk.open(offerNoH264, haveNoMediaSource);
  await comesTo(page, 'refused', /H\.264/);
  assert.equal(await page.evaluate(() =>
    document.getElementById('action').textContent), 'Try again');
  await mend(page);
  await click(page);
  await plays(page);
  await walk.open(offerNoH264);
  await plays(page, /^Played over HTTP, .*: this browser can’t play the/);
  await mend(page);
  await comeOnline(page);
  await plays(page, /^Played over WebRTC/);
}

async function hasAnOddOffer(walk) {
  await walk.open(offerNoRtcpMux);
  await plays(walk.page, /^Played over HTTP, .*: the server rejected this/);
  await mend(walk.page);
  await comeOnline(walk.page);
  await plays(walk.page, /^Played over WebRTC/);
}

/* What the publisher sends. */

async function losesThePublisher(walk) {
  await walk.stopPublisher();
  await comesTo(walk.page, 'waiting', /^The publisher sends nothing/);
  walk.publish();
  await plays(walk.page);
}

async function standsStill(walk) {
  await walk.stopPublisher();
  walk.publishOther([...SHORT_PICTURE, ...TONE, ...QUICK, ...AAC,
    ...AT_ONCE]);
  await comesTo(walk.page, 'waiting', /^The picture stands still/);
  await walk.publishAgain();
  await plays(walk.page);
}

async function cannotDecode(walk) {
  await walk.stopPublisher();
  walk.publisher = await publishGarbled(walk.gateway, NAME,
    join(walk.world.folder, 'garbled.flv'));
  await walk.open();
  await comesTo(walk.page, 'sound',
    /^The picture arrives, but your browser can’t decode it\.$/);
  await walk.publishAgain();
  await plays(walk.page);
}

async function hasSoundAlone(walk) {
  const { page } = walk;
  await walk.stopPublisher();
  walk.publishOther([...TONE, ...AAC]);
  await comesTo(page, 'sound', /^The publisher sends sound only at the moment/);
  await walk.publishAgain();
  await plays(page);
}

// The next gateway transcodes nothing, keeps a second, and has never had a
// picture.
async function losesTheGateway(walk) {
  const { page } = walk;
  await walk.stopPublisher();
  await walk.gateway.stop();
  await comesTo(page, 'lost', /^The server can’t be reached/);
  await walk.startGateway(['TRANSCODE=never', 'B_FRAMES=pass',
    'MAX_BACKLOG_TIME=1s']);
  walk.publishOther([...TONE, ...AAC]);
  await comesTo(page, 'sound', /^This stream has sound only\.$/);
  await walk.publishAgain();
  await plays(page);
}

/* From now on, of that gateway. */

async function isUnplayable(walk) {
  const { page } = walk;
  await walk.stopPublisher();
  walk.publishOther([...PICTURE, ...SORENSON]);
  await walk.lists('the picture is Sorenson’s', ({ video }) =>
    video?.unplayable);
  await walk.open();
  await comesTo(page, 'waiting',
    /video \(Sorenson.*\) can't be played.* Trying again…$/);
  await walk.stopPublisher();
  walk.publishOther([...PICTURE, ...TONE, ...SORENSON, ...AAC, '-ar', '44100']);
  await comesTo(page, 'sound', /picture \(Sorenson.*\) can’t be played: brow/);
  await walk.publishAgain();
  await plays(page);
}

async function hasNotes(walk) {
  const { page } = walk;
  await walk.stopPublisher();
  walk.publishOther([...PICTURE, ...TONE, ...QUICK, ...ADPCM]);
  await walk.lists('the sound is ADPCM', ({ audio }) => audio?.unplayable);
  await walk.open();
  await notes(page, /^The publisher’s sound \(ADPCM\) can’t be played: /);
  await plays(page);
  await walk.stopPublisher();
  walk.publishOther([...PICTURE, ...TONE, ...WITH_B_FRAMES, ...AAC]);
  await walk.lists('there are B-frames', ({ video }) => video?.b_frames);
  await walk.open();
  await notes(page, /^The publisher sends B-frames: browsers drop them/);
  await walk.publishAgain();
  await walk.lists('there are none', ({ video }) => video && !video.b_frames);
  await walk.open();
  await plays(page);
  await notes(page, /^$/);
}

async function waitsForAKeyFrame(walk) {
  await walk.stopPublisher();
  walk.publish({ h264: TWO_KEYS });
  await walk.lists('both key frames have been published, and viewers wait',
    ({ video }) => video?.gop_ms && video.waits_for_key_frame);
  await walk.open();
  await comesTo(walk.page, 'waiting',
    /^The publisher sends a key frame every \d+ seconds\. .* next key frame/);
  await walk.publishAgain();
  await plays(walk.page);
}

// Runs in a page: what somebody sees of an element; '' if it is hidden.
const shownText = (selector) => {
  const element = document.querySelector(selector);
  return element && element.checkVisibility() ? element.textContent : '';
};

async function shows(page, selector, words) {
  let text;
  await eventually(async () => {
    text = await page.evaluate(shownText, selector);
    return words.test(text);
  }, `${selector} shows ${words}`).catch((error) => {
    throw new Error(`${error.message}, but ${text}`);
  });
}

// The last step: it leaves the player's page.
async function readsListAndWall(walk) {
  const { page } = walk;
  await walk.stopPublisher();
  walk.publishOther([...PICTURE, ...SORENSON, ...TONE, ...AAC, '-ar', '44100']);
  await walk.lists('the picture is Sorenson’s', ({ video }) =>
    video?.unplayable);
  await walk.goto('/');
  await shows(page, '#streams', /No picture: browsers can't decode it/);
  await walk.goto('/wall');
  await shows(page, '#tiles', /This picture can’t be played/);
  await walk.stopPublisher();
  await shows(page, '#empty', /./);
  walk.publishOther([...TONE, ...AAC]);
  await shows(page, '#tiles', /Sound only/);
  await walk.gateway.stop();
  await shows(page, '#problem', /^The server can’t be reached\. Trying again/);
  await walk.startGateway();
  await shows(page, '#problem', /^$/);
  await walk.goto('/');
  await shows(page, '#empty', /./);
  await walk.stopPublisher();
  walk.publishOther([...TONE, ...AAC]);
  await shows(page, '#streams', /Sound only/);
  await walk.gateway.stop();
  await shows(page, '#problem', /^The server can’t be reached\. Trying again/);
  await walk.startGateway();
  await shows(page, '#problem', /^$/);
  await walk.goto('/wall', haveOnlyHttp);
  await shows(page, '#problem', /^This browser has no WebRTC, or it is off/);
}

const STEPS = [mayNotWatch, waitsForAPublisher, isHidden, isPaused,
  changesItsNetwork, isDisconnected, findsNoRoom, isDrained, losesThePublisher,
  standsStill, hasSoundAlone, isHeldUp, isBlocked, meetsAProxy, hasNoWebRtc,
  hasNoH264, hasAnOddOffer, losesUdp, getsNoPicture, cannotDecode,
  reachesNoMedia, losesTheGateway, isUnplayable, hasNotes,
  waitsForAKeyFrame, readsListAndWall];

async function walkThrough(world, page, address, namespace) {
  const walk = await Walk.begin(world, page, address, namespace);
  const took = [];
  try {
    await walk.open();
    for (const step of STEPS) {
      const start = Date.now();
      await step(walk).catch((error) => {
        error.message = `${step.name}: ${error.message}`;
        throw error;
      });
      took.push(`${step.name} ${((Date.now() - start) / 1000).toFixed(1)} s`);
    }
    await walk.hasHeardEverything();
  } finally {
    world.note(took.join(', '));
    await walk.stop();
  }
}

async function chromiumKnowsTheWords(world) {
  await inChromium(world, (tab, address, namespace) =>
    walkThrough(world, tab, address, namespace));
}

async function firefoxKnowsTheWords(world) {
  await withFirefox(world, async (browser, address, namespace) => {
    await walkThrough(world, browser, address, namespace);
    await browser.prepare('');
  });
}

export const everyStateCases = [
  ['Chromium: every state of the page has its words, and ends',
    chromiumKnowsTheWords],
  ['Firefox: every state of the page has its words, and ends',
    firefoxKnowsTheWords],
];
