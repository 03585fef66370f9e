// SPDX-License-Identifier: LGPL-2.1-or-later
// A viewer: a page of the gateway in a real Chromium, seen from outside. Knows
// of the page only that it has a <video> and that it speaks WebRTC.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { decodedOver, keepPeers, lipSync, loudestTone } from './inpage.mjs';
import { eventually, LIMIT_MS } from './process.mjs';
import { BEEP_HZ } from './publishers.mjs';

const ARGS = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required',
  '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage'];
// How far a colour may be off, of 255: coding, and conversion by BT.601 or 709.
const COLOUR_TOLERANCE = 60;
const CATCH_UP_S = 1;
// Of an analyser's full scale; silence is -Infinity.
const HEARD_DB = -60;
// As they come out. A browser lets its picture wait a little longer each
// second, until it is in step with the sound.
const MAX_SKEW_MS = 50;
const N_BEEPS = 5;
const SYNC_LIMIT_MS = 60000;
// On a busy machine some sound comes too late; more is a fault of its times.
const MAX_MADE_UP = 0.1;
// Neighbouring bins of the analyser's spectrum.
const TONE_TOLERANCE_HZ = 25;

export async function startBrowser() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
}

// Runs in a page: the mean colours around points of a PNG.
async function coloursOf({ png, points }) {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const side = 8;
  return points.map(([x, y]) => {
    const { data } = context.getImageData(x * image.width - side / 2,
      y * image.height - side / 2, side, side);
    const mean = [0, 0, 0];
    for (let i = 0; i < data.length; i += 1) {
      if (i % 4 < 3) {
        mean[i % 4] += data[i] / (side * side);
      }
    }
    return mean.map(Math.round);
  });
}

export class Watcher {
  // A tab of its own, with storage of its own; @prepare runs in the page before
  // its scripts do, @options are the context's.
  static async open(browser, url, prepare = () => {}, options = {}) {
    const self = new Watcher();
    self.context = await browser.newContext({
      viewport: { width: 1280, height: 800 }, ...options,
    });
    self.page = await self.context.newPage();
    self.page.setDefaultTimeout(LIMIT_MS);
    self.errors = [];
    self.page.on('pageerror', (error) => self.errors.push(String(error)));
    await self.page.addInitScript(keepPeers);
    await self.page.addInitScript(prepare);
    await self.page.goto(url);
    return self;
  }

  async close() {
    await this.context.close();
  }

  // Resolves once a frame has been shown.
  async showsPicture() {
    await eventually(() => this.page.evaluate(
      () => document.querySelector('video')?.videoWidth > 0
        && document.querySelector('video').currentTime > 0),
    'a picture is shown');
  }

  async decodedOver(mediaSeconds) {
    return this.page.evaluate(decodedOver, mediaSeconds);
  }

  // Once it is live: on a busy machine a join's backlog is partly passed over
  // by the renderer, and its frames came before they could be counted.
  async playsSmoothly(seconds) {
    await this.decodedOver(CATCH_UP_S);
    const counts = await this.decodedOver(seconds);
    if (counts.decoded < 25 * counts.seconds) {
      throw new Error(`too few frames: ${JSON.stringify(counts)}`);
    }
    return counts;
  }

  async hears(tone) {
    let loudest;
    await eventually(async () => {
      loudest = await this.page.evaluate(loudestTone);
      return loudest.db > HEARD_DB
        && Math.abs(loudest.hz - tone) <= TONE_TOLERANCE_HZ;
    }, `${tone} Hz is heard`).catch((error) => {
      throw new Error(`${error.message}, but ${JSON.stringify(loudest)}`);
    });
  }

  // Of a publisher that flashes and beeps. Returns what was measured. The page
  // must have been opened with bypassCSP: what listens comes from elsewhere. A
  // machine that is busy may be late with one thing and not with the other, but
  // not always.
  async isInSync() {
    let sync;
    await eventually(async () => {
      sync = await this.page.evaluate(lipSync,
        { beepHz: BEEP_HZ, nBeeps: N_BEEPS });
      return Math.abs(sync.apart) <= MAX_SKEW_MS && sync.madeUp <= MAX_MADE_UP;
    }, 'sound is whole and in sync', SYNC_LIMIT_MS).catch((error) => {
      throw new Error(`${error.message}, but ${JSON.stringify(sync)}`);
    });
    return sync;
  }

  // What is on the screen: @picture is [x, y, colour] with x, y of 0 to 1.
  async sees(picture, file) {
    let seen;
    await eventually(async () => {
      const png = await this.page.locator('video').screenshot(
        { path: file, timeout: LIMIT_MS });
      seen = await this.coloursOf(png, picture);
      return picture.every(([, , colour], i) => isNear(seen[i], colour));
    }, `the picture ${JSON.stringify(picture)}`).catch((error) => {
      throw new Error(`${error.message}, but ${JSON.stringify(seen)}`);
    });
  }

  async coloursOf(png, points) {
    const blank = await this.context.newPage();
    try {
      return await blank.evaluate(coloursOf,
        { png: png.toString('base64'), points });
    } finally {
      await blank.close();
    }
  }
}

// Opens a viewer, and closes it whatever happens.
export async function watching(world, url, look, prepare, options) {
  const watcher = await Watcher.open(world.browser, url, prepare, options);
  try {
    const result = await look(watcher);
    assert.deepEqual(watcher.errors, [], 'errors of the page');
    return result;
  } finally {
    await watcher.close();
  }
}

export function isNear(seen, colour) {
  return seen.every((part, i) =>
    Math.abs(part - colour[i]) <= COLOUR_TOLERANCE);
}
