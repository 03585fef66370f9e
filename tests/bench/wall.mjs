#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// What the wall costs: nine streams at full rate, then 64 by their key frames,
// in headless Chromium; and how long one that is clicked takes until it is at
// full rate. Prints a line of JSON for each.
//
//     tests/bench/wall.mjs [--build DIR] [--seconds 10] [--clicks 20]

import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Gateway } from '../e2e/gateway.mjs';
import { Process, eventually } from '../e2e/process.mjs';
import { startBrowser } from '../e2e/watcher.mjs';
import { quantile, root, round } from './strip.mjs';

const FPS = 30;
const GOP_S = 2;
const BITRATE_KBPS = 800;
const SIZE = '640x360';
const VIEWPORT = { width: 1280, height: 800 };
const TICKS_PER_S = 100;
// Sessions that have just begun are not measured.
const SETTLE_MS = 5000;
// A picture this old is live.
const LIVE_MS = 100;

// Encoded once, and published as all of them by one process.
function publish(gateway, folder, n) {
  const outputs = Array.from({ length: n }, (_, i) =>
    `[f=flv]${gateway.rtmpUrl(`tile${i + 1}`)}`);
  return new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re', '-f', 'lavfi',
    '-i', `testsrc2=s=${SIZE}:r=${FPS}`, '-c:v', 'libx264', '-preset',
    'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g',
    `${FPS * GOP_S}`, '-b:v', `${BITRATE_KBPS}k`, '-maxrate',
    `${BITRATE_KBPS}k`, '-bufsize', `${BITRATE_KBPS / 2}k`, '-flags',
    '+global_header', '-map', '0:v', '-f', 'tee', outputs.join('|')],
  { log: join(folder, 'wall-publisher.log') });
}

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      pid: Number(pid),
      name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
      parent: Number(fields[1]),
      group: Number(fields[2]),
      ticks: Number(fields[11]) + Number(fields[12]),
    };
  } catch (error) {
    // It has just ended.
    return null;
  }
}

// The seconds of CPU that the processes have used for which @isCounted.
function cpuOf(isCounted) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map(statOf).filter(Boolean);
  return all.filter((one) => isCounted(one, all))
    .reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_S;
}

// The browser is the child of this process that is neither of the others.
const isOfBrowser = (one, all) => {
  for (let at = one; at; at = all.find(({ pid }) => pid === at.parent)) {
    if (at.parent === process.pid) {
      return at.name.startsWith('chrom');
    }
  }
  return false;
};

function busyTicks() {
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n')[0]
    .trim().split(/\s+/).map(Number);
  const all = ticks.slice(0, 8).reduce((sum, one) => sum + one, 0);
  return { all, busy: all - ticks[3] - ticks[4] };
}

async function bytesSent(gateway) {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(/^whep_bytes_sent_total (\d+)$/m.exec(text)[1]);
}

// Runs in the page.
function framesShown() {
  return [...document.querySelectorAll('.tile')].map((tile) => ({
    rate: tile.dataset.rate,
    width: tile.querySelector('video').videoWidth,
    frames: tile.querySelector('video').getVideoPlaybackQuality()
      .totalVideoFrames,
    dropped: tile.querySelector('video').getVideoPlaybackQuality()
      .droppedVideoFrames }));
}

const sum = (tiles, name) => tiles.reduce((all, one) => all + one[name], 0);

async function look(page, gateway) {
  return { tiles: await page.evaluate(framesShown), ms: performance.now(),
    bytes: await bytesSent(gateway), machine: busyTicks(),
    gatewayS: cpuOf(({ group }) => group === gateway.process.child.pid),
    browserS: cpuOf(isOfBrowser) };
}

async function measure(name, page, gateway, seconds) {
  const before = await look(page, gateway);
  await pause(seconds * 1000);
  const after = await look(page, gateway);
  const passedS = (after.ms - before.ms) / 1000;
  const share = (key) => round((after[key] - before[key]) / passedS * 100);
  const n = after.tiles.length;
  console.log(JSON.stringify({
    bench: name,
    tiles: n,
    full: after.tiles.filter(({ rate }) => rate === 'all').length,
    frames_per_tile_s: round((sum(after.tiles, 'frames')
      - sum(before.tiles, 'frames')) / passedS / n),
    dropped_per_tile_s: round((sum(after.tiles, 'dropped')
      - sum(before.tiles, 'dropped')) / passedS / n),
    kbps_per_tile: round((after.bytes - before.bytes) * 8 / 1000 / passedS / n),
    gateway_cpu_percent: share('gatewayS'),
    browser_cpu_percent: share('browserS'),
    machine_busy_percent: round((after.machine.busy - before.machine.busy)
      / (after.machine.all - before.machine.all) * 100),
  }));
}

// Runs in the page: enlarges a tile, and makes it small again.
async function clickOnce({ index, liveMs }) {
  const tile = document.querySelectorAll('.tile')[index];
  const video = tile.querySelector('video');
  const clicked = performance.now();
  const result = {};
  await new Promise((done) => {
    const onFrame = (now, { captureTime, expectedDisplayTime }) => {
      result.first_ms = result.first_ms || performance.now() - clicked;
      const shown = Math.max(now, expectedDisplayTime || 0);
      if (captureTime === undefined || shown - captureTime <= liveMs) {
        result.live_ms = performance.now() - clicked;
        result.has_capture_time = captureTime !== undefined;
        done();
      } else {
        video.requestVideoFrameCallback(onFrame);
      }
    };
    video.requestVideoFrameCallback(onFrame);
    tile.click();
  });
  document.querySelector('#all').click();
  return result;
}

async function click(page, n, clicks) {
  const all = [];
  while (all.length < clicks) {
    await pause(1000 + all.length * 370 % (GOP_S * 1000));
    all.push(await page.evaluate(clickOnce,
      { index: all.length * 7 % n, liveMs: LIVE_MS }));
  }
  const of = (key, part) => round(quantile(all.map((one) => one[key]), part));
  console.log(JSON.stringify({ bench: 'wall-click', clicks,
    capture_times: all.filter((one) => one.has_capture_time).length,
    first_p50_ms: of('first_ms', 0.5), first_max_ms: of('first_ms', 1),
    live_p50_ms: of('live_ms', 0.5), live_max_ms: of('live_ms', 1) }));
}

async function withWall(build, n, query, use) {
  const folder = join(build, 'bench');
  mkdirSync(folder, { recursive: true });
  const gateway = await Gateway.start({ root, build, folder, name: 'wall' });
  const publisher = publish(gateway, folder, n);
  const browser = await startBrowser();
  try {
    await eventually(async () => (await gateway.streams()).length === n,
      `${n} streams are live`);
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.goto(`${gateway.url}/wall${query}`);
    await eventually(async () => {
      const tiles = await page.evaluate(framesShown);
      return tiles.length === n && tiles.every(({ width }) => width > 0);
    }, `${n} tiles have a picture`);
    await pause(SETTLE_MS);
    await use(page, gateway);
  } finally {
    await browser.close();
    await publisher.stop();
    await gateway.stop();
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      build: { type: 'string', default: join(root, '_build') },
      seconds: { type: 'string', default: '10' },
      clicks: { type: 'string', default: '20' },
    },
  });
  const build = resolve(values.build);
  const seconds = Number(values.seconds);
  await withWall(build, 9, '', (page, gateway) =>
    measure('wall-full', page, gateway, seconds));
  await withWall(build, 64, '', async (page, gateway) => {
    await measure('wall-keys', page, gateway, seconds);
    await click(page, 64, Number(values.clicks));
  });
}

await main();
