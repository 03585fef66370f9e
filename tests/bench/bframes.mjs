#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// B-frames that the page reorders: the share of frames that Chromium is given
// to show, and their delay beyond what their order costs by itself. The stream
// is x264's as OBS has it by default, encoded beforehand. Prints a line of JSON
// for each size.
//
//     tests/bench/bframes.mjs [--build DIR] [--seconds 20] [--size 1280x720]
//         [--rate 30]

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Gateway } from '../e2e/gateway.mjs';
import { eventually, Process } from '../e2e/process.mjs';
import { startBrowser, Watcher } from '../e2e/watcher.mjs';

// OBS 29's: x264 veryfast, CBR, high profile; the rest is x264's default, with
// three B-frames, of which one is referred to.
const OBS = ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high',
  '-pix_fmt', 'yuv420p', '-x264-params', 'nal-hrd=cbr'];
const KBPS = { '1280x720': 2500, '1920x1080': 6000 };
// What follows the first frames, which catch up.
const SETTLE_MS = 3000;
// The frames of a group of B-frames, and more.
const GROUP = 8;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];

// At the end of the worker's module: [time of the frame, now] of each frame
// that arrives, and of each that is shown.
const INSTRUMENTED = `
{
  const log = { came: [], shown: [] };
  const { take } = Reordering.prototype;
  Reordering.prototype.take = function (...args) {
    const now = performance.now();
    take.apply(this, args);
    log.came.push([this.clock.last * 1000 / 90000, now]);
  };
  const { write } = WritableStreamDefaultWriter.prototype;
  WritableStreamDefaultWriter.prototype.write = function (frame) {
    log.shown.push([frame.timestamp / 1000, performance.now()]);
    return write.call(this, frame);
  };
  const channel = new BroadcastChannel('bench');
  channel.onmessage = () => channel.postMessage(log);
}
`;

// Runs in the page.
const readLog = () => new Promise((done) => {
  const channel = new BroadcastChannel('bench');
  channel.onmessage = ({ data }) => done(data);
  channel.postMessage('read');
});

function encode(film, size, rate, seconds) {
  const kbps = KBPS[size] ?? 1000;
  spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i',
    `testsrc2=s=${size}:r=${rate}`, '-f', 'lavfi', '-i', 'sine=440', '-t',
    String(seconds), ...OBS, '-b:v', `${kbps}k`, '-maxrate', `${kbps}k`,
    '-bufsize', `${kbps}k`, '-c:a', 'aac', film], { stdio: 'inherit' });
}

// Of the frames that came and were shown after @from, by the worker's clock.
function figuresOf({ came, shown }, from, rate) {
  const late = ([, at]) => at >= from;
  const times = shown.filter(late).map(([ms]) => ms);
  const delays = came.filter(late).map(([ms, at]) => at - ms);
  const ofOrder = [];
  for (let i = GROUP; i <= delays.length; i += 1) {
    ofOrder.push(Math.max(...delays.slice(i - GROUP, i)));
  }
  const own = quantile(ofOrder, 0.5);
  const beyond = shown.filter(late).map(([ms, at]) => at - ms - own);
  const expected = Math.round((times.at(-1) - times[0]) * rate / 1000) + 1;
  const round = (value) => Math.round(value * 10) / 10;
  return {
    came: delays.length,
    shown: times.length,
    shown_percent: round(100 * times.length / expected),
    in_order: times.every((ms, i) => i === 0 || ms > times[i - 1]),
    order_ms: round(own - Math.min(...delays)),
    beyond_ms_median: round(quantile(beyond, 0.5)),
    beyond_ms_p95: round(quantile(beyond, 0.95)),
  };
}

async function main() {
  const { values } = parseArgs({ options: {
    build: { type: 'string', default: join(root, '_build') },
    seconds: { type: 'string', default: '20' },
    size: { type: 'string', default: '1280x720' },
    rate: { type: 'string', default: '30' },
  } });
  const build = resolve(values.build);
  const folder = join(build, 'bench');
  const film = join(folder, `obs-${values.size}-${values.rate}.flv`);
  mkdirSync(folder, { recursive: true });
  encode(film, values.size, values.rate, Number(values.seconds) + 15);
  const gateway = await Gateway.start({ root, build, folder });
  const publisher = new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re',
    '-i', film, '-c', 'copy', '-f', 'flv', gateway.rtmpUrl('cam')],
  { log: join(folder, 'ffmpeg.log') });
  const browser = await startBrowser();
  await eventually(async () => (await gateway.stream('cam'))?.video?.b_frames,
    'the stream has B-frames');
  const watcher = await Watcher.open(browser, 'about:blank');
  await watcher.page.route('**/reorderworker.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response,
      body: await response.text() + INSTRUMENTED });
  });
  await watcher.page.goto(gateway.watchUrl('cam'));
  await eventually(() => watcher.page.evaluate(
    () => document.body.dataset.state === 'playing'), 'it plays');
  await pause(1000 * Number(values.seconds));
  const log = await watcher.page.evaluate(readLog);
  const figures = figuresOf(log, log.shown[0][1] + SETTLE_MS,
    Number(values.rate));
  const { video } = await gateway.stream('cam');
  console.log(JSON.stringify({ size: values.size, rate: Number(values.rate),
    b_frames: video.b_frames, ...figures }));
  await browser.close();
  await publisher.stop();
  await gateway.stop();
}

await main();
