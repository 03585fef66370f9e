// SPDX-License-Identifier: LGPL-2.1-or-later
// Which browsers play which profiles, as docs/interop.md lists them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Namespace } from './namespace.mjs';
import { SLICED } from './publishers.mjs';
import { RemoteBrowser, RemoteWatcher } from './remote.mjs';
import { watching } from './watcher.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const WATCH_S = 3;
// Takes the place of OpenH264, which is not packaged: libavcodec's decoder.
const H264_PREFS = {
  'media.webrtc.hw.h264.enabled': true,
  'gfx.blacklist.webrtc.hw.acceleration.h264': 1,
  'media.navigator.mediadatadecoder_h264_enabled': true,
};
const QT_FLAGS = '--no-sandbox --autoplay-policy=no-user-gesture-required '
  + '--disable-gpu';

const PROFILES = ['baseline', 'main', 'high'];
const COLOURS = ['green', 'blue', 'red'];

// One publisher per profile, without B-frames, until @look is done. That of the
// high profile has 16 slices per picture.
async function publishingAll({ gateway, publishers }, look) {
  const started = PROFILES.map((profile, i) => publishers.ffmpeg(gateway,
    profile, {
      colour: COLOURS[i],
      tone: 440 + 220 * i,
      h264: ['-preset', 'veryfast', '-profile:v', profile, '-bf', '0',
        ...(profile === 'high' ? SLICED : [])],
    }));
  try {
    for (const profile of PROFILES) {
      await gateway.hasStream(profile);
    }
    await look(started);
  } finally {
    await Promise.all(started.map((one) => one.process.stop()));
  }
}

// @watch opens the page of a profile, for @look.
async function playsAll(world, watch, hears) {
  await publishingAll(world, async (started) => {
    for (const [i, profile] of PROFILES.entries()) {
      await watch(profile, async (watcher) => {
        await watcher.showsPicture();
        const counts = await watcher.playsSmoothly(WATCH_S);
        world.note(`${profile}: ${JSON.stringify(counts)}`);
        await watcher.sees(started[i].picture);
        await hears(watcher, started[i].tone);
      });
    }
  });
}

function remotely({ gateway }, browser, address) {
  return async (profile, look) => look(await RemoteWatcher.open(browser,
    `http://${address}:${gateway.httpPort}/watch/live/${profile}`));
}

async function hearsTone(watcher, tone) {
  await watcher.hears(tone);
}

async function chromiumPlays(world) {
  await playsAll(world, (profile, look) =>
    watching(world, world.gateway.watchUrl(profile), look), hearsTone);
}

// Written to the folder of the logs: this is how a new version's offer is
// captured.
async function keepOffer(world, name, page) {
  const sdp = await page.evaluate(
    () => window.peers[0].localDescription.sdp);
  writeFileSync(join(world.folder, `${name}.sdp`), sdp);
  return sdp;
}

// A Firefox with H.264, a profile and a network namespace of its own. What is
// for HTTPS only works with our address, too, if it @isSecure.
export function startFirefox(world, name, { env = {}, isSecure = false } = {}) {
  const home = join(world.folder, name);
  mkdirSync(home);
  const namespace = new Namespace();
  const prefs = { ...H264_PREFS, ...isSecure
    && { 'dom.securecontext.allowlist': namespace.address } };
  const browser = new RemoteBrowser(namespace.command('node',
    join(HERE, 'firefox-driver.mjs'), home, JSON.stringify(prefs)),
  { log: join(world.folder, `${name}.log`), env });
  return {
    browser,
    namespace,
    close: async () => {
      await browser.close();
      await namespace.close();
    },
  };
}

export async function closeFirefox(world) {
  const { firefox } = world;
  world.firefox = null;
  await firefox?.close();
}

// One Firefox with H.264 serves all cases, because its start takes longer than
// some of them; a case that fails leaves a new one to the next.
export async function withFirefox(world, look) {
  world.firefox ??= startFirefox(world, `firefox-${world.nFirefoxes++}`);
  try {
    const { browser, namespace } = world.firefox;
    await look(browser, namespace.address, namespace);
    await browser.goto('about:blank');
  } catch (error) {
    await closeFirefox(world);
    throw error;
  }
}

async function firefoxPlays(world) {
  await withFirefox(world, async (browser, address) => {
    await playsAll(world, remotely(world, browser, address),
      (watcher) => watcher.hearsSound());
    await keepOffer(world, 'firefox', browser);
  });
}

function qtPlays(version) {
  return async (world) => {
    const browser = new RemoteBrowser(['xvfb-run', '-a',
      join(HERE, 'qtwebengine-driver.py'), `${version}`], {
      log: join(world.folder, `qt${version}.log`),
      env: { QTWEBENGINE_CHROMIUM_FLAGS: QT_FLAGS,
        QTWEBENGINE_DISABLE_SANDBOX: '1' },
    });
    try {
      await playsAll(world, remotely(world, browser, '127.0.0.1'), hearsTone);
      await keepOffer(world, `qt${version}`, browser);
    } finally {
      await browser.close();
    }
  };
}

export const browserCases = [
  ['Chromium plays baseline, main and high', chromiumPlays],
  ['Firefox plays baseline, main and high', firefoxPlays],
  ['Qt WebEngine 102 plays baseline, main and high', qtPlays(6)],
  ['Qt WebEngine 87 plays baseline, main and high', qtPlays(5)],
];
