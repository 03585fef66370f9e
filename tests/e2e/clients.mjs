// SPDX-License-Identifier: LGPL-2.1-or-later
// Players that others wrote, unchanged, from npm: each plays from the gateway.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './process.mjs';
import { Watcher } from './watcher.mjs';

const SHORT_WATCH_S = 3;
const MODULES = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');

// Runs in a page of the gateway's origin, as the clients' manuals say.
async function view({ url, token }) {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.srcObject = new MediaStream();
  document.body.append(video);
  const peer = new RTCPeerConnection();
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  peer.addEventListener('track', ({ track }) => {
    video.srcObject.addTrack(track);
  });
  window.client = new window.WHEPClient();
  await window.client.view(peer, url, token);
}

async function plays(world, name) {
  const { gateway } = world;
  const stream = name.replace(/\W/g, '');
  const source = readFileSync(join(MODULES, name, 'whep.js'), 'utf8');
  const publisher = world.publishers.ffmpeg(gateway, stream);
  try {
    await gateway.hasStream(stream);
    const watcher = await Watcher.open(world.browser, `${gateway.url}/healthz`);
    try {
      await watcher.page.addScriptTag({
        type: 'module',
        content: `${source}\nwindow.WHEPClient = WHEPClient;`,
      });
      await eventually(() => watcher.page.evaluate(
        () => window.WHEPClient !== undefined), 'the client is loaded');
      await watcher.page.evaluate(view,
        { url: `${gateway.url}/whep/live/${stream}` });
      await watcher.showsPicture();
      await watcher.playsSmoothly(SHORT_WATCH_S);
      await watcher.hears(publisher.tone);
      await watcher.page.evaluate(() => window.client.stop());
      await eventually(async () => {
        const answer = await fetch(`${gateway.url}/api/streams`);
        const streams = await answer.json();
        return streams.find((s) => s.name === `live/${stream}`).viewers === 0;
      }, 'the client has left');
      assert.deepEqual(watcher.errors, [], 'errors of the client');
    } finally {
      await watcher.close();
    }
  } finally {
    await publisher.process.stop();
  }
}

export const clientCases = ['whip-whep', '@binbat/whip-whep'].map((name) =>
  [`${name} plays and leaves`, (world) => plays(world, name)]);
