#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// A cluster on one machine: an origin, three edges and HAProxy, each in a
// network namespace of its own, publishers, a crowd of peers and Chromium;
// Redis and a second origin, too, if the gateway has --directory. First it is
// measured, then its machines are killed one after the other, at random, while
// everybody watches. Prints a line of JSON for each result. Needs root.
//
//     tests/e2e/cluster.mjs [--build DIR] [--kills 20] [--joins 20]
//       [--peers 300] [--pages 3] [--max-viewers 1000] [--seed N]
//
// The exit status tells whether all viewers came back each time and nothing was
// left behind. Times are printed beside what is wanted of them, and judged by
// who reads them: they are those of a machine that does everything at once.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { followNode, startEdge } from './balancer.mjs';
import { Gateway } from './gateway.mjs';
import { Haproxy } from './haproxy.mjs';
import { Lan } from './lan.mjs';
import { eventually, Process } from './process.mjs';
import { Publishers } from './publishers.mjs';
import { startBrowser, Watcher } from './watcher.mjs';

const ORIGIN = 2;
const BALANCER = 3;
const DIRECTORY = 4;
const SECOND_ORIGIN = 5;
const EDGES = { edge1: 11, edge2: 12, edge3: 13 };
const REDIS_PORT = 6379;
const RTMP_PORT = 1935;
const HTTP_PORT = 8080;
const PORTS = { http: 80, https: 443, rtmp: RTMP_PORT, rtmps: 1936 };
const GOP_10_S = ['-preset', 'ultrafast', '-g', '300', '-keyint_min', '300',
  '-sc_threshold', '0'];
const SETTLE_MS = 3000;
const LOOK_MS = 20;
const ASK_MS = 250;
const PEERS_S = 20;
const HOP_VIEWERS = 10;
const N_STREAMS = 3;
// Longer than anybody needs, on a loaded machine, too.
const BACK_LIMIT_MS = 60000;

// mulberry32
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1,
    Math.floor(share * sorted.length))];
}

function report(line) {
  console.log(JSON.stringify(line));
}

// Runs in a page, before its scripts: when each frame was shown, in ms since
// the epoch.
function recordFrames() {
  window.shown = [];
  addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('video');
    if (!video) {
      return;
    }
    const note = (now) => {
      window.shown.push(performance.timeOrigin + now);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  });
}

// The longest time without a frame from @since on, in ms.
function longestGap(page, since) {
  return page.evaluate((from) => {
    const shown = window.shown.filter((ms) => ms >= from);
    return Math.max(0, ...shown.slice(1).map((ms, i) => ms - shown[i]));
  }, since);
}

// How long it took until the next frame.
function nextFrame(page, since) {
  return page.evaluate((from) =>
    window.shown.find((ms) => ms >= from) - from, since);
}

const lastShown = (page) => page.evaluate(() => window.shown.at(-1) || 0);


class Cluster {
  static async open(options) {
    const self = new Cluster();
    Object.assign(self, options);
    self.lan = new Lan();
    self.places = { origin: self.lan.add(ORIGIN),
      balancer: self.lan.add(BALANCER) };
    self.edges = {};
    for (const [name, number] of Object.entries(EDGES)) {
      self.places[name] = self.lan.add(number);
    }
    self.hasDirectory = execFileSync(join(self.root, 'pipelines', 'gateway'),
      ['--help'], { encoding: 'utf8', env: { ...process.env,
        BUILD: self.build } }).includes('--directory=');
    if (self.hasDirectory) {
      self.places.directory = self.lan.add(DIRECTORY);
      self.places.origin2 = self.lan.add(SECOND_ORIGIN);
      await self.startDirectory();
      self.second = await self.startOrigin('origin2', self.places.origin2);
    }
    self.origin = await self.startOrigin();
    for (const name of Object.keys(EDGES)) {
      await self.startEdge(name);
    }
    self.balancer = await Haproxy.start({ root: self.root,
      folder: self.folder, ports: PORTS, bound: '', ...self.places.balancer,
      servers: { origin1: self.places.origin.host,
        ...self.hasDirectory && { origin2: self.places.origin2.host },
        ...Object.fromEntries(Object.keys(EDGES).map((name) =>
          [name, self.places[name].host])) } });
    self.publishers = new Publishers(self);
    self.publishing = [];
    return self;
  }

  startGateway(options) {
    return Gateway.start({ root: this.root, build: this.build,
      folder: this.folder, rtmpPort: RTMP_PORT, httpPort: HTTP_PORT,
      ...options });
  }

  get directory() {
    return `--directory=redis://${this.places.directory.host}:${REDIS_PORT}`;
  }

  async startDirectory() {
    const [command, ...args] = [...this.places.directory.wrapper,
      'redis-server', '--bind', this.places.directory.host, '--port',
      `${REDIS_PORT}`, '--save', '', '--protected-mode', 'no'];
    this.redis = new Process(command, args,
      { log: join(this.folder, 'redis.log') });
    await eventually(() => /Ready to accept/.test(this.redis.output),
      'Redis serves');
  }

  startOrigin(name = 'origin1', place = this.places.origin) {
    return this.startGateway({ name, ...place, options: ['--play=true',
      '--max-connections-per-address=0',
      ...this.hasDirectory ? [this.directory] : []],
    env: { GST_DEBUG: 'rtmpplayers:4' } });
  }

  async startEdge(name) {
    this.edges[name] = await startEdge(this, this.hasDirectory ?
      this.directory : `--origin=rtmp://${this.places.origin.host}`, name,
    { ...this.places[name],
      nodes: this.hasDirectory ? [] : Object.keys(EDGES),
      // The crowd has one address.
      options: [`--max-viewers=${this.maxViewers}`,
        '--max-viewers-per-address=0'] });
  }

  // Again and again, until the end. Straight to the origin, so that the
  // balancer's death shows what it does to viewers alone.
  async publish(name, { h264, to = null } = {}) {
    const self = { isOver: false, to };
    this.publishing.push(self);
    const run = async () => {
      while (!self.isOver) {
        self.process = this.publishers.ffmpeg(self.to || this.origin, name,
          { h264 }).process;
        await self.process.ended;
        await pause(LOOK_MS);
      }
    };
    self.ended = run();
    await (to || this.origin).hasStream(name);
    return self;
  }

  async stopPublishing() {
    for (const one of this.publishing) {
      one.isOver = true;
      await one.process.die();
      await one.ended;
    }
    this.publishing = [];
  }

  async nStreamsOfEdges() {
    const lists = await Promise.all(Object.values(this.edges)
      .map((edge) => edge.streams()));
    return lists.flat().length;
  }

  async nViewersOfEdges() {
    const lists = await Promise.all(Object.values(this.edges)
      .map((edge) => edge.streams()));
    return lists.flat().reduce((sum, { viewers }) => sum + viewers, 0);
  }

  async close() {
    await this.stopPublishing();
    await this.balancer.stop();
    await Promise.all(Object.values(this.edges).map((edge) => edge.stop()));
    await this.origin.stop();
    await this.second?.stop();
    await this.redis?.stop();
    await this.lan.close();
  }
}

// In a page, ms after the navigation: when it sent its offer, had the answer,
// and showed the first frame. An offer that was asked to wait counts as sent
// when it was sent first.
function joinTimes() {
  const offers = performance.getEntriesByType('resource')
    .filter(({ name }) => name.includes('/whep/live/'));
  return { offered: offers[0].startTime,
    answered: Math.max(...offers.filter(({ responseStatus }) =>
      responseStatus === 201).map(({ responseEnd }) => responseEnd)),
    shown: window.shown[0] - performance.timeOrigin };
}

// In a page that has been loaded: ms from a click, which opens a session, to
// its first frame.
async function joinOnce(path) {
  const { WhepSession } = await import('/whep.js');
  const video = document.createElement('video');
  const stream = new MediaStream();
  Object.assign(video, { muted: true, autoplay: true });
  document.documentElement.append(video);
  const clicked = performance.now();
  const shown = new Promise((done) => video.requestVideoFrameCallback(done));
  const session = new WhepSession(path, (track) => {
    stream.addTrack(track);
    video.srcObject = stream;
  }, () => {});
  await session.open();
  const answered = performance.now() - clicked;
  await shown;
  const times = { answered, shown: performance.now() - clicked };
  session.close();
  video.remove();
  return times;
}

async function measureClicks(cluster, nJoins) {
  const all = [];
  const context = await cluster.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${cluster.balancer.url}/whep.js`);
  for (let i = 0; i < nJoins; i += 1) {
    await eventually(async () => await cluster.nStreamsOfEdges() === 0,
      'no edge has the stream');
    all.push(await page.evaluate(joinOnce, '/whep/live/join'));
  }
  await context.close();
  const at = (share, time) => Math.round(quantile(all.map(time), share));
  report({ result: 'click', stream_is: 'elsewhere', joins: all.length,
    click_to_answer_p50_ms: at(0.5, ({ answered }) => answered),
    click_to_first_frame_p50_ms: at(0.5, ({ shown }) => shown),
    max_ms: at(1, ({ shown }) => shown), wanted_p50_ms: 250 });
}

// From the navigation to the first frame: the page's own loading, by a browser
// that has never seen it, is part of it.
async function measureJoins(cluster, nJoins) {
  const firsts = { elsewhere: [], here: [] };
  await cluster.publish('join', { h264: GOP_10_S });
  await pause(SETTLE_MS);
  await measureClicks(cluster, nJoins);
  const watch = async (kind) => {
    const watcher = await Watcher.open(cluster.browser,
      `${cluster.balancer.url}/watch/live/join`, recordFrames);
    await watcher.showsPicture();
    firsts[kind].push(await watcher.page.evaluate(joinTimes));
    return watcher;
  };
  for (let i = 0; i < nJoins; i += 1) {
    await eventually(async () => await cluster.nStreamsOfEdges() === 0,
      'no edge has the stream');
    const watcher = await watch('elsewhere');
    const second = await watch('here');
    await watcher.close();
    await second.close();
  }
  await cluster.stopPublishing();
  for (const [kind, all] of Object.entries(firsts)) {
    const half = (time) =>
      Math.round(quantile(all.map(time), 0.5));
    report({ result: 'join', stream_is: kind, joins: all.length,
      page_to_offer_p50_ms: half(({ offered }) => offered),
      offer_to_answer_p50_ms: half((one) => one.answered - one.offered),
      answer_to_first_frame_p50_ms: half((one) => one.shown - one.answered),
      page_to_first_frame_p50_ms: half(({ shown }) => shown),
      max_ms: Math.round(Math.max(...all.map(({ shown }) => shown))) });
  }
}

// Returns the last sample of tests/bench/load, which publishes @nStreams and
// watches them at @url. It does not ask twice: somebody else asks until each
// stream is pulled, for a snapshot.
async function load({ root, build, folder }, { wrapper = [], url, rtmpPort,
  process: { child }, nStreams, nViewers }) {
  const [command, ...args] = [...wrapper, join(build, 'tests', 'bench', 'load'),
    `--url=${url}`, `--rtmp-port=${rtmpPort}`, `--pid=${child.pid}`,
    `--clip=${join(root, 'tests', 'support', 'flv', 'h264-aac.flv')}`,
    `--streams=${nStreams}`, `--viewers=${nViewers}`, `--seconds=${PEERS_S}`,
    `--sample=${PEERS_S}`];
  const running = new Process(command, args,
    { log: join(folder, 'load.log') });
  while (running.isRunning) {
    for (let i = 0; i < nStreams && nViewers > 0; i += 1) {
      await fetch(`${url}/snapshot/live/load${i}.jpg`).catch(() => {});
    }
    await Promise.race([running.ended, pause(ASK_MS)]);
  }
  const lines = running.output.trim().split('\n');
  assert.equal(running.child.exitCode, 0, lines.join('\n'));
  return JSON.parse(lines.at(-1));
}

// What the origin pays: for a publisher alone, and with the crowd at the edges.
async function measurePeers(cluster, nPeers) {
  const costs = {};
  for (const nViewers of [0, nPeers]) {
    costs[nViewers] = await load(cluster, { ...cluster.places.balancer,
      url: cluster.balancer.url, rtmpPort: RTMP_PORT,
      process: cluster.origin.process, nStreams: N_STREAMS, nViewers });
    await eventually(async () => await cluster.nStreamsOfEdges() === 0,
      'the edges have dropped the streams');
  }
  const sample = costs[nPeers];
  report({ result: 'peers', peers: nPeers, starved: sample.starved,
    lost: sample.lost, join_p50_ms: sample.join_ms,
    latency_p50_ms: sample.latency_p50_ms,
    latency_p99_ms: sample.latency_p99_ms,
    origin_cpu_percent: sample.cpu_percent,
    origin_cpu_percent_without_edges: costs[0].cpu_percent });
  assert.equal(sample.starved, 0, 'each peer receives video');
}

// On loopback, without a balancer: what the way through an edge adds.
async function measureHop(world) {
  const start = (options) => Gateway.start({ ...world, ...options });
  const origin = await start({ name: 'hop-origin', options: ['--play=true'] });
  const edge = await start({ name: 'hop-edge',
    options: [`--origin=rtmp://127.0.0.1:${origin.rtmpPort}`] });
  const latencies = {};
  try {
    for (const [kind, { url }] of Object.entries({ origin, edge })) {
      latencies[kind] = await load(world, { url, rtmpPort: origin.rtmpPort,
        process: origin.process, nStreams: 1, nViewers: HOP_VIEWERS });
    }
  } finally {
    await edge.stop();
    await origin.stop();
  }
  const added = (key) => latencies.edge[key] - latencies.origin[key];
  report({ result: 'hop', added_p50_ms: added('latency_p50_ms'),
    added_p99_ms: added('latency_p99_ms'), wanted_p99_ms: 5 });
}

// Each of @nPages streams has a page, beside those that all watch the first.
async function openPages(cluster, nPages) {
  const pages = [];
  for (let i = 0; i < nPages; i += 1) {
    for (const name of [`chaos${i}`, 'chaos0']) {
      const watcher = await Watcher.open(cluster.browser, 'about:blank',
        recordFrames);
      const seen = followNode(watcher.page);
      await watcher.page.goto(`${cluster.balancer.url}/watch/live/${name}`);
      await watcher.showsPicture();
      pages.push({ watcher, seen, name });
    }
  }
  return pages;
}

const kinds = {
  // One that has viewers.
  async edge(cluster, pages, next) {
    const nodes = [...new Set(pages.map(({ seen }) => seen.node))];
    const node = nodes[Math.floor(next() * nodes.length)];
    const at = Date.now();
    await cluster.edges[node].process.die();
    return { what: node, at, start: () => cluster.startEdge(node),
      isHit: ({ seen }) => seen.before === node, wanted_ms: 2000 };
  },

  async origin(cluster) {
    const at = Date.now();
    await cluster.origin.process.die();
    cluster.origin = await cluster.startOrigin();
    // What the publisher needs to come back is not the cluster's.
    await eventually(async () => {
      const streams = await cluster.origin.streams();
      return streams.length === cluster.publishing.length
        && streams.every(({ video }) => video && !video.waits_for_key_frame);
    }, 'all publishers are back');
    return { what: 'origin', at, keyAt: Date.now(), start: async () => {},
      isHit: () => true, wanted_ms: 300 };
  },

  async balancer(cluster) {
    const at = Date.now();
    await cluster.balancer.process.die();
    return { what: 'balancer', at, start: () => cluster.balancer.run(),
      isHit: () => false };
  },

  async directory(cluster) {
    const at = Date.now();
    await cluster.redis.die();
    return { what: 'directory', at, start: () => cluster.startDirectory(),
      isHit: () => false };
  },
};

// The page keeps its session, which its peer connections show.
async function publisherMoves(cluster) {
  const watcher = await Watcher.open(cluster.browser, 'about:blank',
    recordFrames);
  const one = await cluster.publish('moving');
  await watcher.page.goto(`${cluster.balancer.url}/watch/live/moving`);
  await watcher.showsPicture();
  const at = Date.now();
  one.to = cluster.second;
  await one.process.die();
  await cluster.second.hasStream('moving');
  await eventually(async () => await lastShown(watcher.page) > at + SETTLE_MS,
    'the picture moves again');
  report({ result: 'publisher moves',
    without_a_frame_ms: Math.round(await longestGap(watcher.page, at)) });
  assert.equal(await watcher.page.evaluate(() => window.peers.length), 1,
    'the session is kept');
  await watcher.close();
  await cluster.stopPublishing();
}

async function kill(cluster, pages, kind, next) {
  for (const page of pages) {
    page.seen.before = page.seen.node;
  }
  const death = await kinds[kind](cluster, pages, next);
  await pause(SETTLE_MS);
  const isBack = async ({ watcher }) =>
    await lastShown(watcher.page) > Date.now() - SETTLE_MS / 3;
  await eventually(async () => (await Promise.all(pages.map(isBack)))
    .every(Boolean), `after the death of ${death.what} all play`,
  BACK_LIMIT_MS);
  await death.start();
  const gaps = await Promise.all(pages.map(async (page) => ({
    isHit: death.isHit(page),
    ms: death.keyAt ? await nextFrame(page.watcher.page, death.keyAt) :
      await longestGap(page.watcher.page, death.at - SETTLE_MS / 3) })));
  const of = (isHit) => gaps.filter((gap) => gap.isHit === isHit)
    .map(({ ms }) => Math.round(ms));
  report({ result: 'kill', killed: death.what,
    wanted_ms: death.wanted_ms, hit_ms: of(true), others_ms: of(false) });
}

// No session, pull or player is left, and what survived is no larger.
async function nothingIsLeft(cluster, before) {
  await eventually(async () => await cluster.nViewersOfEdges() === 0,
    'no session is left');
  await eventually(async () => await cluster.nStreamsOfEdges() === 0,
    'no pull is left');
  const { output } = cluster.origin.process;
  const count = (words) => output.split(words).length - 1;
  await eventually(() => {
    const text = cluster.origin.process.output;
    return text.split('a player has joined').length
      === text.split('a player has left').length;
  }, `no player is left: ${count('a player has joined')} came`);
  report({ result: 'memory', before, after: memory(cluster) });
}

function memory(cluster) {
  return Object.fromEntries([['origin', cluster.origin],
    ...Object.entries(cluster.edges)].map(([name, { process }]) =>
    [name, process.rssKb]));
}

async function chaos(cluster, nPages, nKills, seed) {
  const next = random(seed);
  for (let i = 0; i < nPages; i += 1) {
    await cluster.publish(`chaos${i}`);
  }
  const pages = await openPages(cluster, nPages);
  const before = memory(cluster);
  const pieces = Object.keys(kinds).filter((kind) =>
    kind !== 'directory' || cluster.hasDirectory);
  for (let i = 0; i < nKills; i += 1) {
    await kill(cluster, pages, pieces[Math.floor(next() * pieces.length)],
      next);
  }
  for (const { watcher } of pages) {
    assert.deepEqual(watcher.errors, []);
    await watcher.close();
  }
  await nothingIsLeft(cluster, before);
}

async function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { values } = parseArgs({ options: {
    build: { type: 'string', default: join(root, '_build') },
    kills: { type: 'string', default: '20' },
    joins: { type: 'string', default: '20' },
    peers: { type: 'string', default: '300' },
    pages: { type: 'string', default: '3' },
    'max-viewers': { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(process.pid) },
  } });
  const build = resolve(values.build);
  const folder = join(build, 'tests', 'cluster');
  const [nKills, nJoins, nPeers, nPages, seed] = ['kills', 'joins', 'peers',
    'pages', 'seed'].map((name) => Number(values[name]));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.GST_REGISTRY = join(build, 'tests', 'registry.bin');
  report({ result: 'begin', seed, kills: nKills, joins: nJoins,
    peers: nPeers, pages: nPages });
  if (nPeers > 0) {
    await measureHop({ root, build, folder });
  }
  const browser = await startBrowser();
  const cluster = await Cluster.open({ root, build, folder, browser,
    maxViewers: values['max-viewers'] });
  try {
    if (nJoins > 0) {
      await measureJoins(cluster, nJoins);
    }
    if (nPeers > 0) {
      await measurePeers(cluster, nPeers);
    }
    if (nKills > 0 && cluster.hasDirectory) {
      await publisherMoves(cluster);
    }
    if (nKills > 0) {
      await chaos(cluster, nPages, nKills, seed);
    }
    report({ result: 'end' });
  } finally {
    await cluster.close();
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
