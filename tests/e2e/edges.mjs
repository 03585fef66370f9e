// SPDX-License-Identifier: LGPL-2.1-or-later
// Several gateways: origins that are published to, and an edge that pulls from
// them, which it finds by an option, or in Debian's Redis.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drain, startEdge } from './balancer.mjs';
import { eventually, freePort, Process } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const N_VIEWERS = 20;
const WATCH_S = 2;

const ORIGIN = { name: 'origin', options: ['--play=true'],
  env: { GST_DEBUG: 'rtmpplayers:4' } };

function nPlayers({ process }) {
  return process.output.split('a player has joined').length - 1;
}

// Viewers that do not stay: their browsers never connect.
async function offerAtOnce(world, edge, name) {
  const offer = readFileSync(join(world.root, 'tests', 'support', 'offers',
    'chromium-156-linux.sdp'));
  const answers = await Promise.all(Array.from({ length: N_VIEWERS }, () =>
    fetch(`${edge.url}/whep/live/${name}`, { method: 'POST', body: offer,
      headers: { 'Content-Type': 'application/sdp' } })));
  return Promise.all(answers.map(async (answer) => {
    await answer.text();
    if (answer.ok) {
      await fetch(new URL(answer.headers.get('location'), answer.url),
        { method: 'DELETE' });
    }
    return answer.status;
  }));
}

const connected = async (edge, name) =>
  (await edge.viewers(name)).map(({ viewer }) => viewer);

// Returns the only viewer's name, in an array.
const oneIsConnected = (edge, name) => eventually(async () => {
  const found = await connected(edge, name);
  return found.length === 1 && /./.test(found[0]) && found;
}, 'the viewer is reported');

async function edgePulls(world) {
  let origin = await world.startGateway(ORIGIN);
  const edge = await world.startGateway({ name: 'edge', options: [
    `--origin=rtmp://127.0.0.1:${origin.rtmpPort}`, '--origin-linger=1s'] });
  const publish = () => world.publishers.ffmpeg(origin, 'pulled');
  try {
    assert.deepEqual(new Set(await offerAtOnce(world, edge, 'pulled')),
      new Set([409]));
    assert.ok(nPlayers(origin) <= 1, 'offers share a pull');
    await watching(world, edge.watchUrl('pulled'), async (watcher) => {
      let viewers;
      await publishing(publish(), async (publisher) => {
        await watcher.showsPicture();
        await watcher.sees(publisher.picture,
          join(world.folder, 'edge.png'));
        await watcher.hears(publisher.tone);
        const nBefore = nPlayers(origin);
        assert.deepEqual(new Set(await offerAtOnce(world, edge, 'pulled')),
          new Set([201]));
        assert.equal(nPlayers(origin), nBefore, 'it is pulled once');
        viewers = await oneIsConnected(edge, 'pulled');
        await origin.stop();
      });
      const { rtmpPort, httpPort } = origin;
      origin = await world.startGateway({ ...ORIGIN, rtmpPort, httpPort });
      await publishing(publish(), async () => {
        await edge.hasStream('pulled');
        world.note(`after a restart of the origin: ${JSON.stringify(
          await watcher.playsSmoothly(WATCH_S))}`);
        assert.deepEqual(await connected(edge, 'pulled'), viewers);
        await watcher.close();
        await edge.hasNoStream('pulled');
        await eventually(() => /pulled: a player has left/
          .test(origin.process.output), 'the pull has ended');
      });
    });
  } finally {
    await edge.stop();
    await origin.stop();
  }
}

const PASSWORD = 'a secret';

async function startRedis(world, port) {
  const redis = new Process('redis-server', ['--port', `${port}`,
    '--bind', '127.0.0.1', '--save', '', '--dir', world.folder,
    '--requirepass', PASSWORD], { log: join(world.folder, 'redis.log') });
  await eventually(() => {
    assert.ok(redis.isRunning, redis.output);
    return redis.output.includes('Ready to accept connections');
  }, 'Redis is ready');
  return redis;
}

function ask(port, ...words) {
  return execFileSync('redis-cli', ['-p', `${port}`, '--raw', ...words],
    { env: { ...process.env, REDISCLI_AUTH: PASSWORD } }).toString().trim();
}

async function isAnnounced(port, gateway, name) {
  await eventually(() => ask(port, 'GET', `rtmp-webrtc:stream:live/${name}`)
    .endsWith(` address=rtmp://127.0.0.1:${gateway.rtmpPort}`),
  `live/${name} is announced`);
}

// What a gateway has logged of the directory.
function changes({ process: { output } }) {
  return output.match(/the directory at \S+ is (away|back)/g)
    .map((line) => line.split(' ').pop());
}

async function publisherMoves(world) {
  const port = await freePort();
  const file = join(world.folder, 'redis-password');
  writeFileSync(file, `${PASSWORD}\n`);
  const options = [`--directory=redis://127.0.0.1:${port}`,
    `--directory-password-file=${file}`, '--play=true'];
  let redis = await startRedis(world, port);
  const gateways = await Promise.all(['a', 'b', 'edge'].map((name) =>
    world.startGateway({ name: `directory-${name}`, options,
      env: { GST_DEBUG: 'directory:2,rtmpplayers:4' } })));
  const [a, b, edge] = gateways;
  try {
    await publishing(world.publishers.ffmpeg(a, 'moving'), async () => {
      await isAnnounced(port, a, 'moving');
      await watching(world, edge.watchUrl('moving'), async (watcher) => {
        await watcher.showsPicture();
        const viewers = await oneIsConnected(edge, 'moving');
        await redis.die();
        await eventually(() => gateways.every(({ process: { output } }) =>
          output.includes('is away')), 'the gateways notice');
        world.note(`without Redis: ${JSON.stringify(
          await watcher.playsSmoothly(WATCH_S))}`);
        redis = await startRedis(world, port);
        await isAnnounced(port, a, 'moving');
        await publishing(world.publishers.ffmpeg(b, 'moving'), async () => {
          await isAnnounced(port, b, 'moving');
          await eventually(() => /has joined/.test(b.process.output),
            'the edge has found it');
          world.note(`moved: ${JSON.stringify(
            await watcher.playsSmoothly(WATCH_S))}`);
          assert.deepEqual(await connected(edge, 'moving'), viewers);
          // It has not announced what it has pulled.
          await isAnnounced(port, b, 'moving');
          assert.equal(ask(port, 'KEYS', 'rtmp-webrtc:gateway:*')
            .split('\n').length, gateways.length);
          await watcher.close();
        });
      });
    });
    for (const gateway of gateways) {
      assert.deepEqual(changes(gateway), ['away', 'back']);
    }
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await redis.stop();
  }
}

// Nobody has told them each other's names.
async function roomIsFound(world) {
  const port = await freePort();
  const redis = await startRedis(world, port);
  const start = (name, maxViewers) => startEdge(world,
    `--directory=redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
    name, { nodes: [], options: [`--max-viewers=${maxViewers}`] });
  const edges = [];
  const redirectsTo = (edge, node) => eventually(async () => {
    const answer = await fetch(`${edge.url}/whep/live/any`, { method: 'POST',
      redirect: 'manual', body: 'v=0',
      headers: { 'Content-Type': 'application/sdp' } });
    await answer.text();
    return answer.status === (node ? 307 : 503) &&
      answer.headers.get('location') === (node && `any?node=${node}`);
  }, `viewers are sent to ${node}`);
  try {
    for (const [name, maxViewers] of [['a', 20], ['b', 10], ['c', 30]]) {
      edges.push(await start(name, maxViewers));
    }
    const [a, b, c] = edges;
    await drain(a, 60);
    await redirectsTo(a, 'c');
    await c.stop();
    await redirectsTo(a, 'b');
    await drain(b, 60);
    await redirectsTo(a, null);
    assert.equal(ask(port, 'SMEMBERS', 'rtmp-webrtc:nodes').split('\n').length,
      2);
  } finally {
    await Promise.all(edges.map((edge) => edge.stop()));
    await redis.stop();
  }
}

export const edgeCases = [
  ['an edge pulls a stream once; its viewers outlast a restart of the origin',
    edgePulls],
  ['gateways find streams in Redis, which may fail; a publisher moves',
    publisherMoves],
  ['a drained gateway finds one with room in Redis', roomIsFound],
];
