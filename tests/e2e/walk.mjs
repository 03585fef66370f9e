// SPDX-License-Identifier: LGPL-2.1-or-later
// A walk through the states of the player's page, in one tab of a browser that
// is in a network namespace of its own: the gateway with its administrator and
// its hook, the publisher, and what the page has said so far.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { REJECTIONS, WORDS, wayText } from '../../ext/whep/player/words.js';
import { keepPeers } from './inpage.mjs';
import { Namespace } from './namespace.mjs';
import { eventually, Process } from './process.mjs';
import { keysOf, tokenOf } from './tokens.mjs';
import { startBrowser } from './watcher.mjs';

export const NAME = 'states';
const ADMINISTRATOR = 'administrator';
const HOUR_S = 3600;
const STATES = ['connecting', 'playing', 'still', 'sound', 'paused', 'waiting',
  'lost', 'blocked', 'refused'];
const OBSTACLES = ['no-webrtc', 'no-codec', 'no-match', 'no-udp'];
// Takes the place of a reason that the server gives.
const REASON = 'REASON';

// Runs in the page before its scripts: keeps all that it says.
function keepSaid() {
  window.said = [];
  addEventListener('DOMContentLoaded', () => {
    const [message, way, note] = ['message', 'way', 'note'].map((id) =>
      document.getElementById(id));
    if (!way) {
      return;
    }
    const look = () => {
      const { state } = document.body.dataset;
      const said = [state, message.textContent, way.textContent,
        note.textContent].join('\n').replace(/\d+\.\d s/, '0.0 s');
      if (said !== window.said[window.said.length - 1]) {
        window.said.push(said);
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { attributeFilter: ['data-state'] });
    for (const element of [message, way, note]) {
      observer.observe(element, { childList: true });
    }
    look();
  });
}

// Runs in the page.
const stateOf = () => ({ state: document.body.dataset.state,
  text: document.getElementById('message').textContent,
  way: document.getElementById('way').textContent,
  note: document.getElementById('note').textContent });

export async function sees(page, what, isSo) {
  let seen;
  await eventually(async () => {
    seen = await page.evaluate(stateOf);
    return isSo(seen);
  }, what).catch((error) => {
    throw new Error(`${error.message}, but ${JSON.stringify(seen)}`);
  });
}

export const comesTo = (page, state, words) => sees(page,
  `the page is ${state}: ${words}`, (seen) => seen.state === state
    && words.test(seen.text));

export const notes = (page, words) => sees(page, `the page notes ${words}`,
  (seen) => words.test(seen.note));

// Also if it says something else by now.
export async function hasSaid(page, words) {
  await eventually(async () => (await page.evaluate(() => window.said))
    .some((text) => words.test(text)), `the page has said ${words}`)
    .catch(async (error) => {
      throw new Error(`${error.message}, but ${
        JSON.stringify(await page.evaluate(() => window.said))}`);
    });
}

// By @way, with the picture moving.
export async function plays(page, way = /^(Played over WebRTC|$)/) {
  await sees(page, `the page plays: ${way}`, (seen) =>
    seen.state === 'playing' && seen.text === '' && way.test(seen.way));
}

export const click = (page, selector = '#action') => page.evaluate((what) =>
  document.querySelector(what).click(), selector);

// Another network is another attempt.
export const comeOnline = (page) => page.evaluate(() => {
  dispatchEvent(new Event('online'));
});

export const setToken = (page, token) => page.evaluate((value) => {
  location.hash = `token=${value}`;
}, token);

// Something in the browser that was missing is there from now on.
export const mend = (page) => page.evaluate(() => {
  window.isMended = true;
});

const prepared = (...functions) => functions.map((run) => `(${run})();`)
  .join('\n');

/* Browsers: RemoteBrowser's interface for Chromium. */

class ChromiumTab {
  static async open(browser) {
    const self = new ChromiumTab();
    self.context = await browser.newContext();
    self.page = await self.context.newPage();
    await self.page.addInitScript(keepPeers);
    self.devTools = await self.context.newCDPSession(self.page);
    await self.devTools.send('Page.enable');
    self.errors = [];
    self.page.on('pageerror', (error) => self.errors.push(String(error)));
    return self;
  }

  goto(url) {
    return this.page.goto(url);
  }

  evaluate(run, arg) {
    return this.page.evaluate(run, arg);
  }

  async prepare(source) {
    if (this.prepared) {
      await this.devTools.send('Page.removeScriptToEvaluateOnNewDocument',
        this.prepared);
    }
    this.prepared = await this.devTools.send(
      'Page.addScriptToEvaluateOnNewDocument', { source });
  }
}

// @look gets a tab, the address at which it reaches us, and its namespace.
export async function inChromium(world, look) {
  const namespace = new Namespace();
  const browser = await startBrowser(namespace.writeChromium(
    join(world.folder, 'chromium-inside')));
  try {
    const tab = await ChromiumTab.open(browser);
    await look(tab, namespace.address, namespace);
    assert.deepEqual(tab.errors, [], 'errors of the page');
  } finally {
    await browser.close();
    await namespace.close();
  }
}

/* The hook. */

class Doorman {
  static async listen() {
    const self = new Doorman();
    self.admit();
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

  admit() {
    this.answer = [200, {}];
  }

  fail() {
    this.answer = [500, {}];
  }

  refuse(reason) {
    this.answer = [403, { reason }];
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/* The walk. */

export class Walk {
  static async begin(world, page, address, namespace) {
    const self = new Walk();
    Object.assign(self, { world, page, address, namespace, publisher: null,
      said: new Set() });
    const keys = join(world.folder, 'states-jwt-keys');
    const tokens = join(world.folder, 'states-api-tokens');
    const { ec } = keysOf(keys);
    const now = Math.floor(Date.now() / 1000);
    const token = (exp) => tokenOf(ec, { watch: 'live/*', exp: now + exp });
    writeFileSync(tokens, `${ADMINISTRATOR}\n`);
    self.good = token(HOUR_S);
    self.another = token(2 * HOUR_S);
    self.expired = token(-HOUR_S);
    self.doorman = await Doorman.listen();
    self.options = [`--view-jwt-keys=${keys}`, `--api-token-file=${tokens}`,
      `--on-watch=${self.doorman.url}`];
    await self.startGateway();
    return self;
  }

  // At the same ports each time.
  async startGateway(options = []) {
    const { rtmpPort, httpPort } = this.gateway || {};
    this.gateway = await this.world.startGateway({ rtmpPort, httpPort,
      name: NAME, options: [...this.options, ...options] });
  }

  async stop() {
    await this.stopPublisher();
    await this.gateway.stop();
    await this.doorman.stop();
  }

  publish(options = {}) {
    this.publisher = this.world.publishers.ffmpeg(this.gateway, NAME, options);
  }

  // What ffmpeg encodes as @args say.
  publishOther(args) {
    this.publisher = { process: this.world.publishers.start(NAME, 'ffmpeg',
      ['-v', 'error', '-nostdin', ...args, '-f', 'flv',
        this.gateway.rtmpUrl(NAME)]) };
  }

  async stopPublisher() {
    await this.publisher?.process.stop();
    this.publisher = null;
  }

  // An ordinary one takes its place.
  async publishAgain() {
    await this.stopPublisher();
    this.publish();
  }

  get origin() {
    return `http://${this.address}:${this.gateway.httpPort}`;
  }

  async call(method, path, body) {
    const answer = await fetch(`${this.gateway.url}/api/v1/${path}`, { method,
      headers: { 'Authorization': `Bearer ${ADMINISTRATOR}`,
        'Content-Type': 'application/json' },
      body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  }

  // As the API lists it, once it is as @isSo says.
  lists(what, isSo) {
    return eventually(async () => {
      const stream = await this.gateway.stream(NAME, `?token=${this.good}`);
      return stream && isSo(stream);
    }, what);
  }

  watchElsewhere() {
    const { build, folder } = this.world;
    return new Process(join(build, 'tests', 'bench', 'audience'),
      [`${this.gateway.url}/whep/live/${NAME}?token=${this.good}`, '1'],
      { log: join(folder, `audience-${NAME}.log`) });
  }

  async keepSaid() {
    const said = await this.page.evaluate(() => window.said);
    (said || []).forEach((text) => this.said.add(text));
  }

  // In the same tab, which keeps its token.
  async goto(path, ...functions) {
    await this.keepSaid();
    await this.page.prepare(prepared(keepSaid, ...functions));
    await this.page.goto(`${this.origin}${path}`);
  }

  async open(...functions) {
    await this.goto(`/watch/live/${NAME}`, ...functions);
  }

  // Each state and all the words that there are have been provoked.
  async hasHeardEverything() {
    await this.keepSaid();
    const all = [...this.said].map((text) => text.split('\n'));
    const missing = [
      ...STATES.filter((state) => !all.some(([seen]) => seen === state)),
      ...Object.values(WORDS).filter((words) =>
        !all.some(([, message]) => message.startsWith(words))),
      ...Object.entries(REJECTIONS).filter(([, words]) => {
        const [start, end] = words({ message: REASON }).split(REASON);
        return !all.some(([, message]) => message.startsWith(start)
          && message.endsWith(end || ''));
      }).map(([type]) => type),
      ...OBSTACLES.filter((obstacle) => !all.some(([, , way]) =>
        way === wayText(true, 0, obstacle))),
    ];
    assert.deepEqual(missing, [], 'the page has never said that');
  }
}

