// SPDX-License-Identifier: LGPL-2.1-or-later
// Third-party players, unchanged, from npm: each plays from the gateway.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const SHORT_WATCH_S = 3;
const HERE = dirname(fileURLToPath(import.meta.url));

// Each runs in a page of the gateway's origin with window.client, the package,
// and a <video>, as its manual describes. Each returns a function that leaves.
async function viewByWhepClient({ url }) {
  const video = document.querySelector('video');
  video.srcObject = new MediaStream();
  const peer = new RTCPeerConnection();
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  peer.addEventListener('track', ({ track }) => {
    video.srcObject.addTrack(track);
  });
  const whep = new window.client.WHEPClient();
  window.leave = () => whep.stop();
  await whep.view(peer, url);
}

async function viewByEyevinn({ url }) {
  const player = new window.client.WebRTCPlayer({
    video: document.querySelector('video'), type: 'whep' });
  window.leave = () => player.unload();
  await player.load(new URL(url));
}

async function viewByMediaMtx({ url }) {
  const reader = new window.client.MediaMTXWebRTCReader({
    url,
    onTrack: ({ streams }) => {
      document.querySelector('video').srcObject = streams[0];
    },
  });
  window.leave = () => reader.close();
}

// @name's module, and how it is played.
const CLIENTS = {
  'whip-whep': ['whip-whep/whep.js', viewByWhepClient],
  '@binbat/whip-whep': ['@binbat/whip-whep/whep.js', viewByWhepClient],
  '@eyevinn/webrtc-player': ['@eyevinn/webrtc-player', viewByEyevinn],
  'mediamtx-webrtc-react': ['mediamtx-webrtc-react', viewByMediaMtx],
};

async function scriptOf(module) {
  const { outputFiles: [script] } = await build({
    stdin: { contents: `export * from '${module}'`, resolveDir: HERE },
    bundle: true,
    format: 'iife',
    globalName: 'client',
    write: false,
    logLevel: 'error',
  });
  return script.text;
}

function makeVideo() {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  document.body.append(video);
}

async function plays(world, name) {
  const { gateway } = world;
  const stream = name.replace(/\W/g, '');
  const [module, view] = CLIENTS[name];
  const script = await scriptOf(module);
  const started = world.publishers.ffmpeg(gateway, stream);
  await publishing(started, async (publisher) => {
    await gateway.hasStream(stream);
    await watching(world, `${gateway.url}/healthz`, async (watcher) => {
      await watcher.page.addScriptTag({ content: script });
      await watcher.page.evaluate(makeVideo);
      await watcher.page.evaluate(view,
        { url: `${gateway.url}/whep/live/${stream}` });
      await watcher.showsPicture();
      await watcher.playsSmoothly(SHORT_WATCH_S);
      await watcher.hears(publisher.tone);
      await watcher.page.evaluate(() => window.leave());
      await eventually(async () =>
        (await gateway.stream(stream)).viewers === 0, 'the client has left');
    });
  });
}

export const clientCases = Object.keys(CLIENTS).map((name) =>
  [`${name} plays and leaves`, (world) => plays(world, name)]);
