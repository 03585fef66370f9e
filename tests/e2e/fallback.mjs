// SPDX-License-Identifier: LGPL-2.1-or-later
// The page where WebRTC is impossible: it plays over HTTP, and says so.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Namespace } from './namespace.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { RemoteBrowser, RemoteWatcher } from './remote.mjs';
import { startBrowser, watching } from './watcher.mjs';

const PLAYED_S = 3;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

// Runs in a page: what of the audio has been decoded, as each engine tells it.
function hasSound() {
  const video = document.querySelector('video');
  return video.webkitAudioDecodedByteCount > 0 || video.mozHasAudio === true
    || Boolean(video.audioTracks && video.audioTracks.length > 0);
}

// Picture and sound, by MediaSource, and the words @why.
async function playsOverHttp(watcher, publisher, why) {
  const { page } = watcher;
  const text = (id) => page.textContent(id);
  await eventually(async () => /^Played over HTTP, \d+\.\d s behind: /
    .test(await text('#way')), 'the page plays over HTTP').catch(async (e) => {
    throw new Error(`${e.message}, but ${await text('#message')}`);
  });
  assert.match(await text('#way'), why);
  const time = () => page.evaluate(() =>
    document.querySelector('video').currentTime);
  const start = await time();
  await eventually(async () => await time() > start + PLAYED_S,
    'the picture moves');
  assert.ok(await page.evaluate(hasSound), 'no sound');
  await watcher.sees(publisher.picture);
}

async function withStream(world, name, look) {
  const publisher = world.publishers.ffmpeg(world.gateway, name);
  await publishing(publisher, async () => {
    await world.gateway.hasStream(name);
    await look(publisher);
  });
}

// Drops what nft's @match selects in @namespace, in both directions; returns
// the function that ends it.
export function dropInside(namespace, match) {
  const nft = (rules) => {
    const [command, ...args] = namespace.command('nft', '-f', '-');
    execFileSync(command, args, { input: rules });
  };
  nft(`table inet blocked {
    chain received {
      type filter hook input priority filter; policy accept;
      ${match} drop
    }
    chain sent {
      type filter hook output priority filter; policy accept;
      ${match} drop
    }
  }\n`);
  return () => nft('delete table inet blocked');
}

export const dropUdp = (namespace) => dropInside(namespace, 'meta l4proto udp');

// A Chromium whose processes are all inside.
async function startInside(world, namespace) {
  return startBrowser(namespace.writeChromium(
    join(world.folder, 'chromium-inside')));
}

async function playsWithoutUdp(world) {
  await withStream(world, 'no-udp', async (publisher) => {
    const namespace = new Namespace();
    const allowUdp = dropUdp(namespace);
    const browser = await startInside(world, namespace);
    const url = `http://${namespace.address}:${world.gateway.httpPort}`
      + '/watch/live/no-udp';
    try {
      await watching({ ...world, browser }, url, async (watcher) => {
        await playsOverHttp(watcher, publisher, /packets don’t get through/);
        allowUdp();
        await watcher.page.evaluate(() => dispatchEvent(new Event('online')));
        await eventually(async () => /^Played over WebRTC/.test(
          await watcher.page.textContent('#way')), 'WebRTC is back');
        await watcher.showsPicture();
        await watcher.sees(publisher.picture);
      });
    } finally {
      await browser.close();
      await namespace.close();
    }
  });
}

// As Firefox downloads OpenH264 when it can, it is not to be able to.
const NO_PLUGINS = { 'media.gmp-manager.updateEnabled': false,
  'media.gmp-gmpopenh264.enabled': false };

async function playsInFreshFirefox(world) {
  await withStream(world, 'fresh', async (publisher) => {
    const home = join(world.folder, 'fresh-firefox');
    mkdirSync(home);
    const namespace = new Namespace();
    const browser = new RemoteBrowser(namespace.command('node',
      file('firefox-driver.mjs'), home, JSON.stringify(NO_PLUGINS)),
    { log: join(world.folder, 'fresh-firefox.log') });
    try {
      const watcher = await RemoteWatcher.open(browser,
        `http://${namespace.address}:${world.gateway.httpPort}`
        + '/watch/live/fresh');
      await playsOverHttp(watcher, publisher, /can’t play the stream over/);
    } finally {
      await browser.close();
      await namespace.close();
    }
  });
}

// Debian builds it without WebRTC. As root it has no sandbox.
async function playsInWebKit(world) {
  await withStream(world, 'webkit', async (publisher) => {
    const browser = new RemoteBrowser(['xvfb-run', '-a',
      file('webkit-driver.py')], {
      log: join(world.folder, 'webkit.log'),
      env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    });
    try {
      const watcher = await RemoteWatcher.open(browser,
        world.gateway.watchUrl('webkit'));
      await playsOverHttp(watcher, publisher, /has no WebRTC/);
    } finally {
      await browser.close();
    }
  });
}

export const fallbackCases = [
  ['without UDP the page plays over HTTP, and WebRTC as soon as it can',
    playsWithoutUdp],
  ['a fresh Firefox, without H.264 in WebRTC, plays over HTTP',
    playsInFreshFirefox],
  ['WebKitGTK, without WebRTC, plays over HTTP', playsInWebKit],
];
