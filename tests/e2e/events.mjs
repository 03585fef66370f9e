// SPDX-License-Identifier: LGPL-2.1-or-later
// What happens in a gateway, as a web hook, a reader of the API and the log
// have it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventReader, EventServer } from './eventserver.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const TOKEN = 'administrator';
// docs/events.md: half a second, then a second; half of each is random.
const MIN_PAUSES_MS = [250, 500];

function file(world, name, text) {
  const path = join(world.folder, name);
  writeFileSync(path, `${text}\n`);
  return path;
}

// Those of the log that are events, without what else a line of the log has.
function logged(gateway) {
  return gateway.process.output.split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter((line) => line.id)
    .map(({ level, text, ...event }) => {
      assert.equal(level, 'info');
      assert.ok(text);
      return event;
    });
}

function of(events, stream) {
  return events.filter((event) => event.stream === stream);
}

async function has(server, name, stream) {
  await eventually(() => of(server.events, stream)
    .find(({ event }) => event === name), `${name} of ${stream} arrives`);
}

async function refuse(gateway) {
  const reply = await fetch(`${gateway.url}/whep/live/nobody`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: 'v=0\r\n',
  });
  assert.equal(reply.status, 409);
}

async function rival(world, gateway, server) {
  const publisher = world.publishers.ffmpeg(gateway, 'news');
  try {
    await has(server, 'publisher-refused', 'live/news');
  } finally {
    await publisher.process.stop();
  }
}

// The server rejects the first event twice, and is away when the publisher
// leaves.
async function live(world, gateway, server) {
  server.rejects = 2;
  const publisher = world.publishers.ffmpeg(gateway, 'news');
  await publishing(publisher, async () => {
    await gateway.hasStream('news');
    await watching(world, gateway.watchUrl('news'), async (watcher) => {
      await watcher.showsPicture();
      await has(server, 'viewer-added', 'live/news');
      await rival(world, gateway, server);
    });
    await has(server, 'viewer-removed', 'live/news');
    await server.stop();
  });
  await gateway.hasNoStream('news');
  await refuse(gateway);
  await server.start();
  await has(server, 'publisher-removed', 'live/news');
  await has(server, 'viewer-refused', 'live/nobody');
}

function check(events) {
  const [come, watch, late, leave, end] = of(events, 'live/news');
  assert.deepEqual(of(events, 'live/news').map(({ event }) => event),
    ['publisher-added', 'viewer-added', 'publisher-refused', 'viewer-removed',
      'publisher-removed']);
  assert.match(come.encoder, /^Lavf/);
  assert.equal(watch.video, 'H264');
  assert.equal(watch.audio, 'OPUS');
  assert.match(watch.user_agent, /Chrome/);
  assert.match(late.reason, /another publisher/i);
  assert.notEqual(late.address, come.address);
  assert.equal(leave.viewer, watch.viewer);
  assert.equal(end.address, come.address);
  for (const { reason, duration_ms: durationMs, bytes } of [leave, end]) {
    assert.ok(reason);
    assert.ok(durationMs > 0);
    assert.ok(bytes > 0);
  }
  const [refused] = of(events, 'live/nobody');
  assert.match(refused.reason, /Nobody publishes/);
  assert.match(refused.address, /^127\.0\.0\.1:\d+$/);
  assert.ok(end.bytes > leave.bytes, 'a viewer is sent less than there is');
}

// The first event was rejected twice; nothing of its stream came in between.
function checkPauses([[id, first], [second, then], [third, last]]) {
  assert.deepEqual([second, third], [id, id]);
  assert.ok(then - first >= MIN_PAUSES_MS[0], `repeated in ${then - first} ms`);
  assert.ok(last - then >= MIN_PAUSES_MS[1], `repeated in ${last - then} ms`);
}

function sorted(events) {
  return [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function isReported(world) {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const server = await EventServer.listen(secret);
  const gateway = await world.startGateway({
    name: 'events',
    options: ['--log=json', '--takeover=reject', `--on-event=${server.url}`,
      `--on-event-secret-file=${file(world, 'event-secret', secret)}`,
      `--api-token-file=${file(world, 'event-token', TOKEN)}`],
  });
  const reader = await EventReader.open(gateway, TOKEN);
  try {
    assert.equal(reader.status, 200);
    await live(world, gateway, server);
    check(server.events);
    checkPauses(server.attempts);
    assert.equal(server.nRejected, 2);
    assert.equal(server.nForged, 0);
    assert.deepEqual(sorted(reader.events), reader.events, 'ids ascend');
    assert.deepEqual(sorted(server.events), reader.events);
    assert.deepEqual(sorted(logged(gateway)), reader.events);
    assert.match(gateway.process.output, /Events are not accepted/);
  } finally {
    await reader.close();
    await gateway.stop();
    await server.stop();
  }
}

export const eventCases = [
  ['who comes and goes is in events, at a web hook and in the log, once',
    isReported],
];
