// SPDX-License-Identifier: LGPL-2.1-or-later
// Viewers that stay behind live, beside one that does not: how far is read off
// the two pictures, whose brightness is the publisher's clock.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withFirefox } from './browsers.mjs';
import { Process, eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { RemoteWatcher } from './remote.mjs';
import { watching } from './watcher.mjs';

const LEVELS_PER_S = 6;
const PERIOD_S = 32;
const DARKEST = 32;
const STEP_S = 10;
const KEPT_S = 25;
// What a step of brightness, the time between two looks and a busy machine add.
const TOLERANCE_S = 1;
const STAYS_MS = 5000;

function clock(world, gateway, name) {
  const luma = `${DARKEST}+mod(T*${LEVELS_PER_S},${PERIOD_S * LEVELS_PER_S})`;
  return { process: new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re',
    '-f', 'lavfi', '-i', 'color=c=black:s=192x108:r=15,format=gray,'
    + `geq=lum='${luma}',format=yuv420p`, '-c:v', 'libx264', '-preset',
    'ultrafast', '-tune', 'zerolatency', '-g', '30', '-f', 'flv',
    gateway.rtmpUrl(name)],
  { log: join(world.folder, `publisher-${name}.log`) }) };
}

// Runs in a page. Returns the publisher's time, within a period.
function timeShown({ darkest, levelsPerS }) {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = 8;
  canvas.height = 8;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 8, 8);
  const [red] = context.getImageData(4, 4, 1, 1).data;
  return (red - darkest) / levelsPerS;
}

const shown = (watcher) => watcher.page.evaluate(timeShown,
  { darkest: DARKEST, levelsPerS: LEVELS_PER_S });

// How far the picture of @watcher is behind that of @live.
async function behindS(live, watcher) {
  const [now, then] = await Promise.all([shown(live), shown(watcher)]);
  const behind = (now - then + PERIOD_S) % PERIOD_S;
  return behind > PERIOD_S - TOLERANCE_S ? behind - PERIOD_S : behind;
}

async function isBehind(live, watcher, expectedS) {
  let seenS;
  await eventually(async () => {
    seenS = await behindS(live, watcher);
    return Math.abs(seenS - expectedS) <= TOLERANCE_S;
  }, `the picture is ${expectedS} s behind`).catch((error) => {
    throw new Error(`${error.message}, but ${seenS}`);
  });
}

const press = (watcher, selector) => watcher.page.evaluate(
  (what) => document.querySelector(what).click(), selector);

const isHidden = (watcher, selector) => watcher.page.evaluate(
  (what) => document.querySelector(what).hidden, selector);

const badge = (watcher) => watcher.page.textContent('#live');

async function goesBack(gateway, live, watcher, url) {
  await live.showsPicture();
  await watcher.showsPicture();
  assert(await isHidden(watcher, '#catchup'));
  await isBehind(live, watcher, 0);
  await eventually(async () => {
    const { live_since: since } = await gateway.stream('clock');
    return Date.now() - Date.parse(since) > (STEP_S + 2) * 1000;
  }, 'there is enough to go back to');

  await press(watcher, '#back');
  await eventually(async () => await badge(watcher) === '−10 s',
    'the badge says how far');
  await isBehind(live, watcher, STEP_S);
  await pause(STAYS_MS);
  await isBehind(live, watcher, STEP_S);
  assert.equal(await badge(live), 'Live');

  await press(watcher, '#catchup');
  await isBehind(live, watcher, 0);
  assert.equal(await badge(watcher), 'Live');

  // A link, further back than anything that is kept: the stream may not even be
  // that old.
  await watcher.page.goto(`${url}?delay=60`);
  await watcher.showsPicture();
  assert.equal(await badge(watcher), `−${KEPT_S} s`);
  await isBehind(live, watcher, KEPT_S);
}

// @look gets the gateway, and a browser that stays live.
async function besideLive(world, look) {
  const gateway = await world.startGateway({ name: 'rewind',
    options: [`--rewind=${KEPT_S}s`] });
  try {
    await publishing(clock(world, gateway, 'clock'), () =>
      watching(world, gateway.watchUrl('clock'),
        (live) => look(gateway, live)));
  } finally {
    await gateway.stop();
  }
}

async function chromiumGoesBack(world) {
  await besideLive(world, async (gateway, live) => {
    const url = gateway.watchUrl('clock');
    await watching(world, url,
      (watcher) => goesBack(gateway, live, watcher, url));
  });
}

async function firefoxGoesBack(world) {
  await besideLive(world, (gateway, live) =>
    withFirefox(world, async (browser, address) => {
      const url = `http://${address}:${gateway.httpPort}/watch/live/clock`;
      const watcher = await RemoteWatcher.open(browser, url);
      await goesBack(gateway, live, watcher, url);
    }));
}

export const rewindCases = [
  ['a viewer goes back by ten seconds, stays there, and returns to live',
    chromiumGoesBack],
  ['a viewer in Firefox goes back by ten seconds and stays there, too',
    firefoxGoesBack],
];
