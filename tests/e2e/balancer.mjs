// SPDX-License-Identifier: LGPL-2.1-or-later
// Two edges behind HAProxy: a viewer finds its session, and another edge when
// its own one is drained or dies.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Haproxy } from './haproxy.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const TOKEN = 'administrator';
const SHORT_WATCH_S = 2;
const DEADLINE_S = 4;
const EDGES = ['edge1', 'edge2'];

// Before the page's scripts: how long no frame was shown, at most, since
// window.longestMs was last cleared.
export function recordGaps() {
  window.longestMs = 0;
  addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('video');
    if (!video) {
      return;
    }
    let shownMs = performance.now();
    const note = (now) => {
      window.longestMs = Math.max(window.longestMs, now - shownMs);
      shownMs = now;
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  });
}

// The node of a page's newest session.
export function followNode(page) {
  const seen = { node: '', nodes: [] };
  page.on('response', (response) => {
    const location = response.headers().location || '';
    const [, node] = /\/([\w-]+)\.[A-Za-z0-9]{32}$/.exec(location) || [];
    if (response.status() === 201 && node &&
        response.url().includes('/whep/')) {
      seen.node = node;
      seen.nodes.push(node);
    }
  });
  return seen;
}

// @source: the option that says where streams are pulled from.
export async function startEdge(world, source, name, options = {}) {
  const tokens = join(world.folder, 'api-tokens');
  writeFileSync(tokens, `${TOKEN}\n`);
  return world.startGateway({ name, ...options, options: [
    source, `--cluster-node=${name}`, '--origin-linger=1s',
    `--redirect-to=${(options.nodes || EDGES).join(',')}`,
    '--max-connections-per-address=0', `--api-token-file=${tokens}`,
    ...options.options || []] });
}

export async function drain(edge, deadlineS) {
  const answer = await fetch(`${edge.url}/api/v1/drain`, {
    method: deadlineS === null ? 'DELETE' : 'POST',
    headers: { 'Authorization': `Bearer ${TOKEN}`,
      ...deadlineS !== null && { 'Content-Type': 'application/json' } },
    body: deadlineS === null ? undefined :
      JSON.stringify({ deadline_s: deadlineS }),
  });
  assert.equal(answer.status, 200);
}

const other = (node) => EDGES.find((name) => name !== node);

async function moves(world, watcher, seen, why, act) {
  const { page } = watcher;
  const { node } = seen;
  await page.evaluate(() => { window.longestMs = 0; });
  await act(node);
  await eventually(() => seen.node === other(node), `${why}: it moves`);
  await eventually(() => page.evaluate(() =>
    window.peers.slice(0, -1).every((p) => p.connectionState === 'closed')),
  'the former session has been closed');
  await watcher.playsSmoothly(SHORT_WATCH_S);
  world.note(`${why}: ${await page.evaluate(() =>
    window.longestMs.toFixed(0))} ms without a frame`);
}

// One that cannot be asked is disconnected, and comes again.
async function deafViewerMoves(world, edges, balancer) {
  await watching(world, 'about:blank', async (watcher) => {
    const seen = followNode(watcher.page);
    await watcher.page.route('**/events/**', (route) =>
      route.fulfill({ status: 503 }));
    await watcher.page.goto(`${balancer.httpsUrl}/watch/live/moved`);
    await watcher.playsSmoothly(SHORT_WATCH_S);
    await moves(world, watcher, seen, 'drained without events', (node) =>
      drain(edges[node], DEADLINE_S));
    await drain(edges[other(seen.node)], null);
  }, recordGaps, { ignoreHTTPSErrors: true });
}

async function viewersMove(world) {
  const origin = await world.startGateway({ name: 'origin1',
    options: ['--play=true'] });
  const edges = {};
  let balancer = null;
  try {
    for (const name of EDGES) {
      edges[name] = await startEdge(world,
        `--origin=rtmp://127.0.0.1:${origin.rtmpPort}`, name);
    }
    balancer = await Haproxy.start({ ...world, servers: {
      'origin1:1935': `127.0.0.1:${origin.rtmpPort}`,
      'origin1:8080': `127.0.0.1:${origin.httpPort}`,
      ...Object.fromEntries(EDGES.map((name) =>
        [`${name}:8080`, `127.0.0.1:${edges[name].httpPort}`])) } });
    await publishing(world.publishers.ffmpeg(balancer, 'moved'), async () => {
      await origin.hasStream('moved');
      await watching(world, 'about:blank', async (watcher) => {
        const seen = followNode(watcher.page);
        await watcher.page.goto(`${balancer.httpsUrl}/watch/live/moved`);
        await watcher.playsSmoothly(SHORT_WATCH_S);
        await moves(world, watcher, seen, 'drained', (node) =>
          drain(edges[node], DEADLINE_S));
        assert.equal(await watcher.page.evaluate(() => window.peers.length), 2);
        await drain(edges[other(seen.node)], null);
        await deafViewerMoves(world, edges, balancer);
        await moves(world, watcher, seen, 'killed', (node) =>
          edges[node].process.die());
      }, recordGaps, { ignoreHTTPSErrors: true });
    });
  } finally {
    await balancer?.stop();
    await Promise.all(Object.values(edges).map((edge) => edge.stop()));
    await origin.stop();
  }
}

export const balancerCases = [
  ['a viewer behind HAProxy moves when its edge is drained, and when it dies',
    viewersMove],
];
