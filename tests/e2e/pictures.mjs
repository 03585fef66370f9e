#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes the pictures of the README and of the manual: the pages of a gateway
// with test streams, in Chromium, as on a desktop and on a phone.
//
//     tests/e2e/pictures.mjs [--build DIR] [--out DIR] [--all] [WORD]
//
// Pictures are in DIR (default: docs/pictures); with WORD, only those whose
// names contain it. --all makes further ones, for a look at what is rare: empty
// and crowded pages, long names, each message (default: _build/pictures).

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Gateway } from './gateway.mjs';
import { eventually, Process } from './process.mjs';
import { startBrowser, Watcher } from './watcher.mjs';

const FPS = 30;
// Encoded beforehand, because a machine that encodes, decodes and paints all of
// them at a time is a poor one, and the pages say so.
const CLIP_S = 12;
// [name, how colours run into each other, colours]
const STREAMS = [
  ['stage', 'linear', ['0x0b1d3a', '0x7a2a6d', '0xff5e7e', '0xffc46b']],
  ['keynote', 'radial', ['0x30c5e8', '0x5b3fd6', '0x1a1446']],
  ['workshop', 'linear', ['0x06312b', '0x18a999', '0xf2f0c9']],
  ['lobby', 'circular', ['0xf7b267', '0xf25c54', '0x4a1942']],
  ['кухня', 'linear', ['0x12355b', '0x2a9df4', '0xd9f0ff']],
  ['מטבח', 'spiral', ['0x3d0c11', '0xd80032', '0xf9dec9', '0x3d0c11']],
  ['garden', 'radial', ['0xf4f1bb', '0x6baa75', '0x1d3b2a']],
  ['rooftop', 'linear', ['0x22223b', '0x9a8c98', '0xf2e9e4']],
];
// Names of up to 255 bytes with "live/", which are published along with the
// rest of a crowd.
const LONG = 'a-very-long-name-without-any-place-to-break-it-'.repeat(6)
  .slice(0, 250);
const CROWD = [LONG, 'שידור-חי-מהאולם-הגדול-עם-שם-ארוך-מאוד-'.repeat(3),
  'ünïcödé-🎥', ...Array.from({ length: 21 }, (_, i) => `camera-${i}`)];
// Until the graphs have something to show, and stills have been taken.
const SETTLE_MS = 20000;
const QUALITY = 86;

const DESKTOP = { viewport: { width: 1280, height: 800 } };
// Without empty room below the tiles.
const LOW = { viewport: { width: 1280, height: 640 } };
const WALL = { viewport: { width: 1280, height: 556 } };
const SIX = STREAMS.slice(0, 6).map(([name]) =>
  `live/${encodeURIComponent(name)}`).join();
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2,
  isMobile: true, hasTouch: true };
const LIGHT = { colorScheme: 'light' };
const DARK = { colorScheme: 'dark' };
const PLAYING = '[data-state=playing]';

// [name, path, options of the tab, what is there, what is clicked then …]
const PICTURES = [
  ['list-desktop', '/', { ...LOW, ...LIGHT }, 'main a'],
  ['list-phone', '/', { ...PHONE, ...DARK }, 'main a'],
  ['player-desktop', '/watch/live/stage', { ...DESKTOP, ...DARK }, PLAYING,
    '#health'],
  ['player-phone', '/watch/live/keynote', { ...PHONE, ...DARK }, PLAYING],
  ['wall-desktop', `/wall?streams=${SIX}`, { ...WALL, ...DARK }, 'video'],
];

const path = (name) => `/watch/live/${encodeURIComponent(name)}`;
const RARE = [
  ['list-desktop-dark', '/', { ...DESKTOP, ...DARK }, 'main a'],
  ['list-phone-light', '/', { ...PHONE, ...LIGHT }, 'main a'],
  ['golive', '/', { ...DESKTOP, ...LIGHT }, '#servers code', '#toggle'],
  ['golive-phone', '/', { ...PHONE, ...LIGHT }, '#servers code', '#toggle'],
  ['player-desktop-light', '/watch/live/garden', { ...DESKTOP, ...LIGHT },
    PLAYING],
  ['player-menu', '/watch/live/garden', { ...DESKTOP, ...LIGHT }, PLAYING,
    '#more summary'],
  ['player-share', '/watch/live/garden', { ...DESKTOP, ...LIGHT }, PLAYING,
    '#more summary', '#sharing'],
  ['player-help-phone', '/watch/live/garden', { ...PHONE, ...LIGHT }, PLAYING,
    '#more summary', '#helping'],
  ['player-graphs-phone', '/watch/live/garden', { ...PHONE, ...DARK }, PLAYING,
    '#health'],
  ['player-theatre', '/watch/live/garden', { ...DESKTOP, ...DARK }, PLAYING,
    '#more summary', '#theatre'],
  ['player-low', '/watch/live/garden', { viewport: { width: 320, height: 180 },
    ...DARK }, PLAYING],
  ['nobody', '/watch/live/nobody', { ...DESKTOP, ...LIGHT },
    '[data-state=waiting]'],
  ['nobody-phone', path(LONG.replace('a', 'b')), { ...PHONE, ...LIGHT },
    '[data-state=waiting]'],
  ['wall-desktop-light', '/wall', { ...DESKTOP, ...LIGHT }, 'video'],
  ['wall-large', '/wall', { ...DESKTOP, ...DARK }, '.tile', '.tile'],
  ['wall-phone', '/wall', { ...PHONE, ...DARK }, 'video'],
  ['wall-phone-large', '/wall', { ...PHONE, ...DARK }, '.tile', '.tile'],
  ['embed', '/embed/live/stage', { viewport: { width: 640, height: 360 } },
    'whep-player'],
  ['embed-nobody', '/embed/live/nobody', { viewport: { width: 640,
    height: 360 } }, 'whep-player'],
  ['missing', '/no/such/page', { ...DESKTOP, ...LIGHT }, 'main'],
];
const CROWDED = [
  ['crowd-list', '/', { ...DESKTOP, ...LIGHT }, 'main a'],
  ['crowd-list-phone', '/', { ...PHONE, ...DARK }, 'main a'],
  ['crowd-wall', '/wall', { ...DESKTOP, ...DARK }, 'video'],
  ['crowd-wall-phone', '/wall', { ...PHONE, ...DARK }, 'video'],
  ['long-name', path(CROWD[0]), { ...DESKTOP, ...DARK }, PLAYING],
  ['long-name-phone', path(CROWD[0]), { ...PHONE, ...LIGHT }, PLAYING],
  ['right-to-left', path(CROWD[1]), { ...DESKTOP, ...LIGHT }, PLAYING],
  ['right-to-left-phone', path(CROWD[1]), { ...PHONE, ...DARK }, PLAYING],
];
const EMPTY = [
  ['empty-list', '/', { ...DESKTOP, ...LIGHT }, '#servers code'],
  ['empty-list-phone', '/', { ...PHONE, ...DARK }, '#servers code'],
  ['empty-wall', '/wall', { ...DESKTOP, ...DARK }, '#empty'],
];

function encode(folder, [name, type, colours], index) {
  const clip = join(folder, `${index}.mp4`);
  const look = colours.map((colour, i) => `c${i}=${colour}`).join(':');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i',
    `gradients=s=640x360:r=${FPS}:n=${colours.length}:${look}:type=${type}`
    + `:speed=0.01:seed=${index + 3}`, '-f', 'lavfi', '-i',
    `sine=f=${300 + 50 * index}:r=48000`, '-t', `${CLIP_S}`, '-c:v', 'libx264',
    '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g',
    `${2 * FPS}`, '-b:v', '800k', '-maxrate', '800k', '-bufsize', '400k',
    '-c:a', 'aac', '-b:a', '96k', clip]);
  return { name, clip };
}

function publish(gateway, folder, { name, clip }, index) {
  return new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re',
    '-stream_loop', '-1', '-i', clip, '-c', 'copy', '-f', 'flv',
    gateway.rtmpUrl(name)], { log: join(folder, `publisher-${index}.log`) });
}

// Encoded once for all of them.
function publishCrowd(gateway, folder) {
  const outputs = CROWD.map((name) => `[f=flv]${gateway.rtmpUrl(name)}`);
  return new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re', '-f', 'lavfi',
    '-i', `testsrc2=s=320x180:r=${FPS / 2}`, '-map', '0:v', '-c:v', 'libx264',
    '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p',
    '-g', `${2 * FPS}`, '-flags', '+global_header', '-f', 'tee',
    outputs.join('|')], { log: join(folder, 'publisher-crowd.log') });
}

async function take(browser, gateway, out,
  [name, address, options, awaited, ...clicked]) {
  const watcher = await Watcher.open(browser, gateway.url + address, () => {},
    options);
  const file = join(out, `${name}.jpg`);
  try {
    const { page } = watcher;
    await page.waitForSelector(awaited, { state: 'attached' });
    for (const one of clicked) {
      await page.locator(one).first().click();
    }
    await page.waitForTimeout(SETTLE_MS);
    await page.screenshot({ path: file, quality: QUALITY });
    console.log(file);
  } finally {
    await watcher.close();
  }
}

const areLive = (gateway, n) => eventually(async () =>
  (await gateway.streams()).length === n, `${n} streams are live`);

async function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { values, positionals: [word = ''] } = parseArgs({
    allowPositionals: true,
    options: {
      build: { type: 'string', default: join(root, '_build') },
      out: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  });
  const build = resolve(values.build);
  const folder = join(build, 'tests', 'pictures');
  const out = values.out ?? (values.all ? join(build, 'pictures')
    : join(root, 'docs', 'pictures'));
  mkdirSync(folder, { recursive: true });
  mkdirSync(out, { recursive: true });
  process.env.GST_REGISTRY = join(build, 'tests', 'registry.bin');
  const clips = STREAMS.map((stream, i) => encode(folder, stream, i));
  const gateway = await Gateway.start({ root, build, folder });
  const browser = await startBrowser();
  const started = [];
  const takeAll = async (pictures) => {
    for (const picture of pictures.filter(([name]) => name.includes(word))) {
      await take(browser, gateway, out, picture);
    }
  };
  try {
    await takeAll(values.all ? EMPTY : []);
    started.push(...clips.map((clip, i) => publish(gateway, folder, clip, i)));
    await areLive(gateway, STREAMS.length);
    await takeAll(PICTURES);
    if (values.all) {
      await takeAll(RARE);
      started.push(publishCrowd(gateway, folder));
      await areLive(gateway, STREAMS.length + CROWD.length);
      await takeAll(CROWDED);
    }
  } finally {
    await browser.close();
    await Promise.all(started.map((one) => one.stop()));
    await gateway.stop();
  }
}

await main();
