// SPDX-License-Identifier: LGPL-2.1-or-later
// A viewer: a page of the gateway in a real Chromium, observed from outside.
// All that it knows about the page is that it has a <video> and uses WebRTC.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { decodedOver, keepPeers, lipSync, loudestTone } from './inpage.mjs';
import { eventually, LIMIT_MS } from './process.mjs';
import { BEEP_HZ } from './publishers.mjs';

const ARGS = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required',
  '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage'];
// The tolerance of a colour, of 255: for coding, and conversion by BT.601 or
// 709.
const COLOUR_TOLERANCE = 60;
// In dB of an analyser's full scale; silence is -Infinity.
const HEARD_DB = -60;
// What may be added to a publisher's own offset of sound and picture: the
// smaller of the acceptable values in ITU-R BT.1359. A browser whose sound is
// measured by Web Audio uses up some 35 ms of it by itself.
const MAX_ADDED_MS = 90;
const N_BEEPS = 5;
// Measurements that a busy machine can disturb are repeated for so long.
const SYNC_LIMIT_MS = 180000;
const ENCODED_LIMIT_MS = 180000;
// The allowed deviation from the number of audio packets that the stream's
// clock implies: a browser has some waiting at the start, and others at the
// end.
const MAX_SOUND_OFF = 0.1;
// The share of the frames that the stream's clock implies, at 30 a second, that
// arrived: the browser has decoded them, or skipped them for newer ones, and
// some are on their way to the screen.
const FRAMES_PER_S = 30;
const MIN_ARRIVED = 0.95;
const UNDER_WAY = 8;
// A browser without enough CPU time skips some frames; one that lacks their
// references, most.
const MIN_DECODED = 0.5;
// Neighbouring bins of the analyser's spectrum.
const TONE_TOLERANCE_HZ = 25;

export async function startBrowser(executablePath = '/usr/bin/chromium') {
  return chromium.launch({ executablePath, args: ARGS });
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
  // A tab with storage of its own; @prepare runs in the page before its
  // scripts, @options are the context's.
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

  // Each frame of the stream's clock has arrived complete. How many of them a
  // busy browser has time to show is not the server's concern.
  async playsSmoothly(seconds) {
    let counts;
    await eventually(async () => {
      counts = await this.decodedOver(seconds);
      assert.ok(counts.decoded + counts.dropped + UNDER_WAY
        >= MIN_ARRIVED * FRAMES_PER_S * counts.seconds,
      `frames are missing: ${JSON.stringify(counts)}`);
      return counts.decoded
        >= MIN_DECODED * FRAMES_PER_S * counts.seconds - UNDER_WAY;
    }, 'most frames are decoded').catch((error) => {
      throw new Error(`${error.message}: ${JSON.stringify(counts)}`);
    });
    return counts;
  }

  // The same for video that the server or our streamer encodes: on a busy
  // machine they skip frames that they have no time for, but not always.
  async playsWhatIsEncoded(seconds) {
    let counts;
    await eventually(async () => {
      counts = await this.playsSmoothly(seconds).catch((error) => {
        counts = error.message;
        return null;
      });
      return counts;
    }, 'all frames arrive', ENCODED_LIMIT_MS).catch((error) => {
      throw new Error(`${error.message}: ${counts}`);
    });
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

  // For a publisher that flashes and beeps, whose own offset of the two is
  // taken from the gateway's recording. Returns what was measured. The page
  // must have been opened with bypassCSP, because the measuring script is
  // injected. A busy machine may be late with one and not with the other, but
  // not always.
  async isInSync(gateway) {
    let sync;
    await eventually(async () => {
      sync = await this.page.evaluate(lipSync,
        { beepHz: BEEP_HZ, nBeeps: N_BEEPS });
      sync.published = await gateway.skewMs(N_BEEPS);
      return Math.abs(sync.sent - sync.published) <= MAX_ADDED_MS
        && Math.abs(sync.arrived - 1) <= MAX_SOUND_OFF;
    }, 'sound is whole, and as far from the picture as it was published',
    SYNC_LIMIT_MS).catch((error) => {
      // What the publisher lost by itself is not counted.
      if (!Number.isNaN(sync?.published)) {
        throw new Error(`${error.message}, but ${JSON.stringify(sync)}`);
      }
    });
    return sync;
  }

  // What is on the screen: @picture is [x, y, colour] with x, y from 0 to 1.
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

// Opens a viewer, and closes it in any case.
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
