// SPDX-License-Identifier: LGPL-2.1-or-later
// What viewers see of an administrator: one that is disconnected, and a server
// that is drained.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comesTo } from './page.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const SHORT_WATCH_S = 2;
const TOKEN = 'administrator';

async function call(gateway, method, path, body) {
  const answer = await fetch(`${gateway.url}/api/v1/${path}`, { method,
    headers: { 'Authorization': `Bearer ${TOKEN}`,
      ...body && { 'Content-Type': 'application/json' } },
    body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

// A viewer that plays, as the API describes it.
function playingViewer(gateway) {
  return eventually(async () => {
    const [viewer] = await call(gateway, 'GET', 'viewers');
    return viewer && viewer.state === 'connected' && viewer.packets > 0 &&
      viewer;
  }, 'the viewer is described');
}

const says = (page, words) => page.waitForFunction((text) =>
  document.getElementById('message').textContent.includes(text), words);

async function isDisconnected(world, gateway, watcher) {
  const viewer = await playingViewer(gateway);
  assert.equal(viewer.stream, 'live/farewell');
  assert.match(viewer.browser, /^Chrome \d+$/);
  assert.match(viewer.address, /^[\d.]+$|^[\da-f:]+$/);
  await call(gateway, 'DELETE', `viewers/${viewer.id}`);
  await comesTo(watcher, 'refused');
  await says(watcher.page, 'disconnected by the operator');
  assert.deepEqual(await call(gateway, 'GET', 'viewers'), []);
  await watcher.page.click('#action');
  await comesTo(watcher, 'playing');
  const again = await playingViewer(gateway);
  assert.notEqual(again.id, viewer.id);
}

async function isDrained(gateway, watcher) {
  await call(gateway, 'POST', 'drain', { deadline_s: 0 });
  await comesTo(watcher, 'waiting');
  await says(watcher.page, 'admits no new viewers');
  assert.equal((await call(gateway, 'GET', 'drain')).state, 'drained');
  await call(gateway, 'DELETE', 'drain');
  await comesTo(watcher, 'playing');
}

async function tellsWhy(world) {
  const { publishers } = world;
  const path = join(world.folder, 'api-tokens');
  writeFileSync(path, `${TOKEN}\n`);
  const gateway = await world.startGateway({ name: 'farewell',
    options: [`--api-token-file=${path}`] });
  try {
    await publishing(publishers.ffmpeg(gateway, 'farewell'), async () => {
      await gateway.hasStream('farewell');
      const url = gateway.watchUrl('farewell');
      await watching(world, url, async (watcher) => {
        await comesTo(watcher, 'playing');
        await watcher.playsSmoothly(SHORT_WATCH_S);
        await isDisconnected(world, gateway, watcher);
        await isDrained(gateway, watcher);
      });
      const stream = await call(gateway, 'GET', 'streams/live/farewell');
      assert.ok(stream.video.bits_per_second > 0, JSON.stringify(stream));
      assert.ok(stream.video.width > 0, JSON.stringify(stream));
      assert.ok(stream.audio.sample_rate > 0, JSON.stringify(stream));
      assert.match(stream.publisher.encoder, /^Lavf/);
    });
  } finally {
    await gateway.stop();
  }
}

export const farewellCases = [
  ['a viewer that is disconnected, or drained, is shown why', tellsWhy],
];
