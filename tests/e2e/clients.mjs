// SPDX-License-Identifier: LGPL-2.1-or-later
// Players that others wrote, unchanged, from npm: each plays from the gateway.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

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
  const started = world.publishers.ffmpeg(gateway, stream);
  await publishing(started, async (publisher) => {
    await gateway.hasStream(stream);
    await watching(world, `${gateway.url}/healthz`, async (watcher) => {
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
      await eventually(async () =>
        (await gateway.stream(stream)).viewers === 0, 'the client has left');
    });
  });
}

export const clientCases = ['whip-whep', '@binbat/whip-whep'].map((name) =>
  [`${name} plays and leaves`, (world) => plays(world, name)]);
