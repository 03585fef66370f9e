#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Lip sync of the player's page: muted, with the sound on, muted again, in one
// session, or in two where the browser needs another to be instant again. How
// far apart a flash and its beep come out, how late the picture is, and what is
// missing at each change. A line of JSON for each part.
//
//     tests/bench/lipsync.mjs [--build DIR] [--seconds 20] [--query '?fast']
//       [--browser chromium] [--b-frames 0]
//
// With --browser firefox, as root: it is in a network namespace, and needs a
// sound card, which Debian's pulseaudio pretends to be. With --b-frames, the
// picture of Chromium is the one that the page puts into order.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startFirefox } from '../e2e/browsers.mjs';
import { Gateway } from '../e2e/gateway.mjs';
import { keepPeers } from '../e2e/inpage.mjs';
import { eventually, Process } from '../e2e/process.mjs';
import { BEEP_HZ, Publishers } from '../e2e/publishers.mjs';
import { RecordingGateway } from '../e2e/recording.mjs';
import { startBrowser } from '../e2e/watcher.mjs';
import { Lenient } from '../support/lenient.mjs';
import { quantile, root, round } from './strip.mjs';

const NAME = 'lipsync';
const SETTLE_MS = 6000;
const MUTED_AGAIN_S = 8;
// Until which flash and beep need not be in step, after a change.
const CHANGE_MS = 1000;
const N_SKEWS = 20;
// A beep farther from any flash has lost its own.
const MAX_APART_MS = 1000;

// Runs in the page: notes flashes, beeps, frames, and quiet in what is a
// continuous tone besides the beeps.
async function listen({ beepHz }) {
  const code = (hz) => registerProcessor('ears',
    class extends AudioWorkletProcessor {
      process([[samples]]) {
        let re = 0;
        let im = 0;
        let peak = 0;
        (samples || []).forEach((sample, i) => {
          const angle = 2 * Math.PI * hz * (currentFrame + i) / sampleRate;
          re += sample * Math.cos(angle);
          im += sample * Math.sin(angle);
          peak = Math.max(peak, Math.abs(sample));
        });
        const isLoud = samples
          && 2 * Math.hypot(re, im) / samples.length > 0.08;
        if (isLoud && !(currentTime - this.loudTime < 0.5)) {
          this.port.postMessage({ beep: currentTime });
        }
        this.loudTime = isLoud ? currentTime : this.loudTime;
        const isQuiet = peak < 0.02;
        if (isQuiet && this.wasLoud) {
          this.quietTime = currentTime;
        } else if (!isQuiet && this.quietTime) {
          this.port.postMessage({ quiet: this.quietTime,
            seconds: currentTime - this.quietTime });
          this.quietTime = 0;
        }
        this.wasLoud = !isQuiet;
        return true;
      }
    });
  const video = document.querySelector('video');
  const seen = { flashes: [], beeps: [], frames: [], quiets: [] };
  window.seen = seen;
  const ears = new AudioContext();
  await ears.audioWorklet.addModule(URL.createObjectURL(
    new Blob([`(${code})(${beepHz})`], { type: 'text/javascript' })));
  const node = new AudioWorkletNode(ears, 'ears');
  ears.createMediaStreamSource(video.srcObject).connect(node);
  await ears.resume();
  node.port.onmessage = ({ data }) => {
    const { contextTime, performanceTime } = ears.getOutputTimestamp();
    const at = (time) => performanceTime + (time - contextTime) * 1000;
    if (data.beep) {
      seen.beeps.push(at(data.beep));
    } else {
      seen.quiets.push({ time: at(data.quiet), ms: data.seconds * 1000 });
    }
  };
  const eye = document.createElement('canvas').getContext('2d',
    { willReadFrequently: true });
  let wasBright = true;
  const onFrame = (now, frame) => {
    eye.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 4, 4,
      0, 0, 1, 1);
    const isBright = eye.getImageData(0, 0, 1, 1).data.every((c) => c > 160);
    if (isBright && !wasBright) {
      seen.flashes.push(frame.expectedDisplayTime);
    }
    wasBright = isBright;
    seen.frames.push({ time: frame.expectedDisplayTime,
      late: frame.expectedDisplayTime - frame.receiveTime });
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

// Runs in the page: mutes or not, and returns the time and all counts.
async function turn(isMuted) {
  const video = document.querySelector('video');
  const peer = window.peers[window.peers.length - 1];
  const count = { now: performance.now(), seen: window.seen,
    nPeers: window.peers.length,
    target: peer.getReceivers().find(({ track }) => track.kind === 'video')
      .jitterBufferTarget };
  (await peer.getStats()).forEach((report) => {
    if (report.type === 'inbound-rtp') {
      count[report.kind] = report;
    }
  });
  count.now = performance.now();
  video.muted = isMuted;
  return count;
}

function nearest(times, time) {
  return times.reduce((best, one) =>
    (Math.abs(one - time) < Math.abs(best - time) ? one : best), Infinity);
}

const median = (values) => (values.length === 0 ? null
  : round(quantile(values, 0.5)));

const growth = (before, after, figure) => after[figure] - (before[figure] || 0);

const meanMs = (before, after, sum, count = 'jitterBufferEmittedCount') =>
  round(1000 * growth(before, after, sum)
    / Math.max(1, growth(before, after, count)));

// Of the time between two turns.
function part(name, before, after, skewMs) {
  const { flashes, beeps, frames, quiets } = after.seen;
  const since = before.now + CHANGE_MS;
  const isWithin = (time) => time >= since && time <= after.now;
  const aparts = beeps.filter(isWithin)
    .map((beep) => ({ second: Math.floor((beep - before.now) / 1000),
      ms: beep - nearest(flashes, beep) - skewMs }))
    .filter(({ ms }) => Math.abs(ms) <= MAX_APART_MS);
  const shown = frames.filter(({ time }) =>
    time >= before.now && time <= after.now);
  const gaps = shown.slice(1).map(({ time }, i) => time - shown[i].time);
  // Firefox has another session once it is muted again.
  const { video, audio } = before.nPeers === after.nPeers ? before
    : { video: {}, audio: {} };
  const change = (kind, figure) =>
    growth({ video, audio }[kind], after[kind], figure);
  return {
    bench: 'lipsync',
    part: name,
    seconds: round((after.now - before.now) / 1000),
    load: round(loadavg()[0]),
    beeps: aparts.length,
    apart_p50_ms: median(aparts.map(({ ms }) => ms)),
    apart_ms: aparts.map(({ second, ms }) => [second, Math.round(ms)]),
    late_p50_ms: median(frames.filter(({ time }) => isWithin(time))
      .map(({ late }) => late).filter(Number.isFinite)),
    target_ms: after.target,
    frames: change('video', 'framesDecoded'),
    dropped: change('video', 'framesDropped'),
    freezes: change('video', 'freezeCount'),
    longest_gap_ms: round(Math.max(...gaps, 0)),
    quiet_ms: round(quiets.filter(({ time }) =>
      time >= before.now && time <= after.now)
      .reduce((sum, { ms }) => sum + ms, 0)),
    concealed_ms: round(change('audio', 'concealedSamples') / 48),
    stretched_ms: round(change('audio', 'insertedSamplesForDeceleration') / 48),
    shortened_ms: round(change('audio', 'removedSamplesForAcceleration') / 48),
    sound_buffer_ms: meanMs(audio, after.audio, 'jitterBufferDelay'),
    picture_buffer_ms: meanMs(video, after.video, 'jitterBufferDelay'),
  };
}

// With a Web Audio that the page's policy does not stop.
async function openChromium(url) {
  const browser = await startBrowser();
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.addInitScript(keepPeers);
  await page.goto(url('127.0.0.1'));
  return { page, close: () => browser.close() };
}

// A sound card that plays to nobody, at the pace of a clock.
async function startSoundServer(folder) {
  const home = join(folder, 'pulse');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const socket = join(home, 'socket');
  const server = new Process('pulseaudio', ['-n', '--daemonize=no',
    '--exit-idle-time=-1', '--disallow-exit',
    '-L', 'module-null-sink rate=48000',
    '-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
  { log: join(folder, 'pulse.log'),
    env: { HOME: home, XDG_RUNTIME_DIR: home, PULSE_RUNTIME_PATH: home } });
  await eventually(() => existsSync(socket), 'pulseaudio listens');
  return { server, env: { PULSE_SERVER: `unix:${socket}` } };
}

// Its driver has no means against the page's policy, so that is removed on the
// way.
async function openFirefox(url, { folder, gateway }) {
  const sound = await startSoundServer(folder);
  const lenient = await Lenient.listen(gateway.httpPort);
  rmSync(join(folder, 'firefox-lipsync'), { recursive: true, force: true });
  const firefox = startFirefox({ folder }, 'firefox-lipsync',
    { env: sound.env, isSecure: true });
  await firefox.browser.goto(url(firefox.namespace.address, lenient.port));
  return { page: firefox.browser, close: async () => {
    await firefox.close();
    await lenient.close();
    await sound.server.stop();
  } };
}

const OPENERS = { chromium: openChromium, firefox: openFirefox };

function publish(world, gateway, nBFrames) {
  return new Publishers(world).ffmpeg(gateway, NAME, nBFrames > 0
    ? { h264: ['-preset', 'veryfast', '-tune', 'film', '-bf', `${nBFrames}`] }
    : {});
}

async function main() {
  const { values } = parseArgs({
    options: {
      build: { type: 'string', default: join(root, '_build') },
      seconds: { type: 'string', default: '20' },
      query: { type: 'string', default: '' },
      browser: { type: 'string', default: 'chromium' },
      'b-frames': { type: 'string', default: '0' },
    },
  });
  const build = resolve(values.build);
  const folder = join(build, 'bench');
  mkdirSync(folder, { recursive: true });
  const world = { root, build, folder, startGateway: (options) =>
    Gateway.start({ root, build, folder, ...options }) };
  const gateway = await RecordingGateway.start(world, NAME);
  const publisher = publish(world, gateway, Number(values['b-frames']));
  await gateway.hasStream(NAME);
  const { page, close } = await OPENERS[values.browser]((host,
    port = gateway.httpPort) =>
    `http://${host}:${port}/watch/live/${NAME}${values.query}`,
  { folder, gateway });
  await eventually(() => page.evaluate(() =>
    document.querySelector('video').currentTime > 0), 'it plays');
  await pause(SETTLE_MS);
  await page.evaluate(listen, { beepHz: BEEP_HZ });
  const turns = [];
  for (const [isMuted, seconds] of [[true, MUTED_AGAIN_S],
    [false, Number(values.seconds)], [true, MUTED_AGAIN_S], [true, 0]]) {
    turns.push(await page.evaluate(turn, isMuted));
    await pause(seconds * 1000);
  }
  writeFileSync(join(folder, `lipsync-${values.browser}.json`),
    JSON.stringify(turns));
  const skewMs = await gateway.skewMs(N_SKEWS);
  await close();
  await publisher.process.stop();
  await gateway.stop();
  for (const [i, name] of ['muted', 'sound on', 'muted again'].entries()) {
    console.log(JSON.stringify({ browser: values.browser,
      b_frames: Number(values['b-frames']),
      ...part(name, turns[i], turns[i + 1], skewMs) }));
  }
}

await main();
