// SPDX-License-Identifier: LGPL-2.1-or-later
// Every state that the player's page can be in: it is provoked, and the page
// has to find the words for it and to recover. In Firefox all of them, one
// after the other in one tab; in Chromium those that no other case provokes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { withFirefox } from './browsers.mjs';
import { dropUdp } from './fallback.mjs';
import { haveNoWebRtc, blockPlayback } from './page.mjs';
import { eventually, Process } from './process.mjs';
import { publishing } from './publishers.mjs';
import { keysOf, tokenOf } from './tokens.mjs';
import { watching } from './watcher.mjs';

const NAME = 'states';
const ADMINISTRATOR = 'administrator';
const HOUR_S = 3600;
const MAX_VIEWERS = 1000;
// A page that mistakes an invisible picture for one that stands still does so
// within a second.
const HIDDEN_MS = 2000;
// WHEP_AUTHORIZER_GUESSES, after which an address has to wait.
const N_GUESSES = 20;
const SOUND = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'aac'];

// Runs in the page.
const stateOf = () => ({ state: document.body.dataset.state,
  text: document.getElementById('message').textContent,
  way: document.getElementById('way').textContent });

async function sees(page, what, isSo) {
  let seen;
  await eventually(async () => {
    seen = await page.evaluate(stateOf);
    return isSo(seen);
  }, what).catch((error) => {
    throw new Error(`${error.message}, but ${JSON.stringify(seen)}`);
  });
}

const comesTo = (page, state, words) => sees(page,
  `the page is ${state}: ${words}`, (seen) => seen.state === state
    && words.test(seen.text));

// By @way, with the picture moving.
async function plays(page, way = /^(Played over WebRTC|$)/) {
  await sees(page, `the page plays: ${way}`, (seen) =>
    seen.state === 'playing' && seen.text === '' && way.test(seen.way));
}

// A state that lasts as long as something is missing ends by itself.
const click = (page) => page.evaluate(() =>
  document.getElementById('action').click());

// Another network is another attempt.
const comeOnline = (page) => page.evaluate(() => {
  dispatchEvent(new Event('online'));
});

const setToken = (page, token) => page.evaluate((value) => {
  location.hash = `token=${value}`;
}, token);

/* What runs in a page before its scripts. */

function haveNoMediaSource() {
  delete window.MediaSource;
  delete window.ManagedMediaSource;
}

function haveOnlyHttp() {
  delete window.RTCPeerConnection;
}

// Without H.264 until window.hasH264 is set.
function offerNoH264() {
  const { createOffer } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createOffer = function withoutH264() {
    if (!window.hasH264) {
      const { codecs } = RTCRtpReceiver.getCapabilities('video');
      this.getTransceivers()[0].setCodecPreferences(
        codecs.filter((codec) => !/h264/i.test(codec.mimeType)));
    }
    return createOffer.call(this);
  };
}

// RFC 5737: nobody answers there.
function reachNoMedia() {
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function elsewhere(
    { type, sdp }) {
    return setRemoteDescription.call(this, { type, sdp: window.isReachable ? sdp
      : sdp.replace(/^(a=candidate:(?:\S+ ){4})\S+/gm, '$1192.0.2.1') });
  };
}

/* Firefox. */

const prepared = (...functions) => functions.map((run) => `(${run})();`)
  .join('\n');

// The gateway and its administrator, the page and its publisher.
class Walk {
  constructor(world, { browser, address, namespace }) {
    Object.assign(this, { world, page: browser, address, namespace });
    const keys = join(world.folder, 'states-jwt-keys');
    const tokens = join(world.folder, 'states-api-tokens');
    const { ec } = keysOf(keys);
    const now = Math.floor(Date.now() / 1000);
    const token = (exp) => tokenOf(ec, { watch: 'live/*', exp: now + exp });
    writeFileSync(tokens, `${ADMINISTRATOR}\n`);
    this.good = token(HOUR_S);
    this.expired = token(-HOUR_S);
    this.options = [`--view-jwt-keys=${keys}`, `--api-token-file=${tokens}`];
    this.publisher = null;
  }

  async startGateway() {
    const { rtmpPort, httpPort } = this.gateway || {};
    this.gateway = await this.world.startGateway({ rtmpPort, httpPort,
      name: NAME, options: this.options });
  }

  async stop() {
    await this.stopPublisher();
    await this.gateway.stop();
  }

  publish(args = null) {
    const { publishers } = this.world;
    this.publisher = args ? { process: publishers.start(NAME, 'ffmpeg',
      ['-v', 'error', '-nostdin', ...args, '-f', 'flv',
        this.gateway.rtmpUrl(NAME)]) }
      : publishers.ffmpeg(this.gateway, NAME);
  }

  async stopPublisher() {
    await this.publisher?.process.stop();
    this.publisher = null;
  }

  get url() {
    return `http://${this.address}:${this.gateway.httpPort}/watch/live/${NAME}`;
  }

  async call(method, path, body) {
    const answer = await fetch(`${this.gateway.url}/api/v1/${path}`, { method,
      headers: { 'Authorization': `Bearer ${ADMINISTRATOR}`,
        'Content-Type': 'application/json' },
      body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  }

  watchElsewhere() {
    const { build, folder } = this.world;
    return new Process(join(build, 'tests', 'bench', 'audience'),
      [`${this.gateway.url}/whep/live/${NAME}?token=${this.good}`, '1'],
      { log: join(folder, `audience-${NAME}.log`) });
  }

  // The same page with other means; it has the token already.
  async open(...functions) {
    await this.page.prepare(prepared(...functions));
    await this.page.goto(this.url);
  }
}

async function mayNotWatch({ page, good, expired }) {
  await comesTo(page, 'refused', /This stream is not public/);
  await setToken(page, expired);
  await comesTo(page, 'refused', /isn’t valid for this stream, or has expired/);
  await setToken(page, good);
}

async function waitsForAPublisher(walk) {
  await comesTo(walk.page, 'waiting', /Nobody publishes this stream/);
  walk.publish();
  await plays(walk.page);
}

async function isHidden({ page }) {
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

async function isDisconnected(walk) {
  const viewer = await eventually(async () =>
    (await walk.call('GET', 'viewers')).find(({ state, packets }) =>
      state === 'connected' && packets > 0), 'the viewer is listed');
  assert.match(viewer.browser, /^Firefox \d+$/);
  await walk.call('DELETE', `viewers/${viewer.id}`);
  await comesTo(walk.page, 'refused', /disconnected by the operator/);
}

// It asks again by itself after ten seconds, or as soon as it is online.
async function findsNoRoom(walk) {
  const { page } = walk;
  await walk.call('PATCH', 'settings', { max_viewers: 1 });
  const other = walk.watchElsewhere();
  try {
    await eventually(async () => (await walk.call('GET', 'viewers'))
      .some(({ state }) => state === 'connected'), 'another viewer is there');
    await click(page);
    await comesTo(page, 'waiting', /reached its limit of viewers/);
  } finally {
    await other.stop();
  }
  await walk.call('PATCH', 'settings', { max_viewers: MAX_VIEWERS });
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

async function losesThePublisher(walk) {
  await walk.stopPublisher();
  await comesTo(walk.page, 'waiting', /The publisher sends nothing/);
  walk.publish();
  await plays(walk.page);
}

async function losesTheGateway(walk) {
  await walk.stopPublisher();
  await walk.gateway.stop();
  await comesTo(walk.page, 'lost', /can’t be reached/);
  await walk.startGateway();
  walk.publish();
  await plays(walk.page);
}

async function isBlocked(walk) {
  await walk.open(blockPlayback);
  await comesTo(walk.page, 'blocked', /blocked automatic playback/);
  await click(walk.page);
  await plays(walk.page);
}

async function hasNoWebRtc(walk) {
  await walk.open(haveNoWebRtc);
  await comesTo(walk.page, 'refused', /^This browser has no WebRTC/);
  await walk.open(haveOnlyHttp);
  await plays(walk.page, /^Played over HTTP, .*: this browser has no WebRTC$/);
}

async function hasNoH264(walk) {
  const { page } = walk;
  const getH264 = () => page.evaluate(() => {
    window.hasH264 = true;
  });
  await walk.open(offerNoH264, haveNoMediaSource);
  await comesTo(page, 'refused', /H\.264/);
  await getH264();
  await click(page);
  await plays(page);
  await walk.open(offerNoH264);
  await plays(page, /^Played over HTTP, .*: this browser can’t play the/);
  await getH264();
  await comeOnline(page);
  await plays(page, /^Played over WebRTC/);
}

async function hasNoUdp(walk) {
  const allowUdp = dropUdp(walk.namespace);
  await walk.open();
  await plays(walk.page, /^Played over HTTP, .*packets don’t get through/);
  allowUdp();
  await comeOnline(walk.page);
  await plays(walk.page, /^Played over WebRTC/);
}

async function hasSoundAlone(walk) {
  await walk.stopPublisher();
  walk.publish(SOUND);
  await comesTo(walk.page, 'sound', /has sound only\.$|sends sound only/);
  await walk.stopPublisher();
  walk.publish();
  await plays(walk.page);
}

const STEPS = [mayNotWatch, waitsForAPublisher, isHidden, changesItsNetwork,
  isDisconnected, findsNoRoom, isDrained, losesThePublisher, losesTheGateway,
  isBlocked, hasNoWebRtc, hasNoH264, hasNoUdp, hasSoundAlone];

async function firefoxKnowsTheWords(world) {
  await withFirefox(world, async (browser, address, namespace) => {
    const walk = new Walk(world, { browser, address, namespace });
    await walk.startGateway();
    const took = [];
    try {
      await browser.goto(walk.url);
      for (const step of STEPS) {
        const start = Date.now();
        await step(walk).catch((error) => {
          error.message = `${step.name}: ${error.message}`;
          throw error;
        });
        took.push(`${step.name} ${((Date.now() - start) / 1000).toFixed(1)} s`);
      }
    } finally {
      world.note(took.join(', '));
      await browser.prepare('');
      await walk.stop();
    }
  });
}

/* Chromium. */

// A server for on-watch.
class Doorman {
  static async listen() {
    const self = new Doorman();
    self.answer = [200, {}];
    self.server = createServer((request, reply) => {
      const [status, body] = self.answer;
      request.resume();
      reply.writeHead(status, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(body));
    });
    self.server.listen(0, '127.0.0.1');
    await once(self.server, 'listening');
    return self;
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}/`;
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

// Another on the same address has no end of wrong tokens.
async function guess(gateway, url) {
  for (let i = 0; i <= N_GUESSES; i += 1) {
    await (await fetch(url.replace('/watch/', '/whep/'), { method: 'POST',
      headers: { 'Content-Type': 'application/sdp',
        'Authorization': `Bearer wrong-${i}` },
      body: 'v=0\r\n' })).text();
  }
}

async function isHeldUp(gateway, doorman, { page }) {
  const url = gateway.watchUrl(NAME);
  doorman.answer = [500, {}];
  await guess(gateway, url);
  await page.goto(`${url}#token=open`);
  await comesTo(page, 'waiting', /^Too many requests come from your network/);
  await comesTo(page, 'waiting', /can’t check at the moment whether you may/);
  doorman.answer = [403, { reason: 'Members only.' }];
  await comesTo(page, 'refused', /^You may not watch .*: Members only/);
  doorman.answer = [200, {}];
  await page.click('#action');
  await plays(page);
}

async function findsAWay({ page }) {
  await comesTo(page, 'lost', /media doesn’t reach your browser: a firewall/);
  await page.evaluate(() => {
    window.isReachable = true;
  });
  await plays(page);
}

async function chromiumKnowsTheRest(world) {
  const keys = join(world.folder, 'states-view-keys');
  writeFileSync(keys, `live/${NAME} open\n`);
  const doorman = await Doorman.listen();
  const gateway = await world.startGateway({ name: `${NAME}-hook`,
    options: [`VIEW_KEYS=${keys}`, `ON_WATCH=${doorman.url}`] });
  const blocked = `${gateway.watchUrl(NAME)}#token=open`;
  const prepare = `${prepared(haveNoMediaSource, reachNoMedia)}`;
  try {
    await publishing(world.publishers.ffmpeg(gateway, NAME), async () => {
      await gateway.hasStream(NAME, '?token=open');
      await watching(world, blocked, async (first) => {
        await comesTo(first.page, 'connecting', /./);
        await watching(world, 'about:blank', (second) =>
          isHeldUp(gateway, doorman, second));
        await findsAWay(first);
      }, { content: prepare });
    });
  } finally {
    await gateway.stop();
    await doorman.stop();
  }
}

export const everyStateCases = [
  ['Firefox: every state of the page has its words, and ends',
    firefoxKnowsTheWords],
  ['the page says that it is not let in, or that media cannot reach it',
    chromiumKnowsTheRest],
];
