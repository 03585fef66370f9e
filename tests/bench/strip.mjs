// SPDX-License-Identifier: LGPL-2.1-or-later
// The stage for benches in a browser: a gateway, a publisher whose frames carry
// the time at which they were drawn in their picture (strip-publish.c), and a
// page that reads it. Frames are 720p30; only readings of one machine's clock
// are compared.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gateway } from '../e2e/gateway.mjs';
import { Process } from '../e2e/process.mjs';
import { startBrowser } from '../e2e/watcher.mjs';
import { openNetwork } from './network.mjs';

const FPS = 30;
const BITRATE_KBPS = 2500;
const FRAMES_S = 2;

export const root = resolve(dirname(fileURLToPath(import.meta.url)),
  '..', '..');

// The film, decoded once.
function makeFrames(path) {
  if (!existsSync(path)) {
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i',
      `testsrc2=size=1280x720:rate=${FPS}`, '-t', `${FRAMES_S}`,
      '-pix_fmt', 'yuv420p', '-f', 'rawvideo', path],
    { stdio: ['ignore', 'inherit', 'inherit'] });
  }
}

// Runs in the page, before its scripts.
function installReader() {
  const bits = 32;
  const checkBits = 8;
  const square = 16;
  const canvas = document.createElement('canvas');
  canvas.width = (bits + checkBits) * square;
  canvas.height = square;
  const context = canvas.getContext('2d', { willReadFrequently: true });

  // The wall clock time of performance.now() = 0, in ms: the first moment of a
  // millisecond, observed many times.
  const calibrate = () => {
    let origin = Infinity;
    for (let i = 0; i < 20; i += 1) {
      const before = Date.now();
      let now = before;
      while (now === before) {
        now = Date.now();
      }
      origin = Math.min(origin, now - performance.now());
    }
    return origin;
  };
  let origin = calibrate();

  // When a video's picture was drawn, on the clock of performance.now(), in ms;
  // NaN if the strip cannot be read.
  window.drawnAt = (video) => {
    const { width, height } = canvas;
    context.drawImage(video, 0, 0, width, height, 0, 0, width, height);
    const { data } = context.getImageData(0, square / 2, width, 1);
    let time = 0;
    let check = 0;
    for (let i = 0; i < bits + checkBits; i += 1) {
      const bit = data[4 * (i * square + square / 2)] > 127 ? 1 : 0;
      if (i < bits) {
        time = time * 2 + bit;
      } else {
        check = check * 2 + bit;
      }
    }
    const sum = (time >>> 24) + (time >>> 16 & 255) + (time >>> 8 & 255)
      + (time & 255);
    if ((sum & 255) !== check) {
      return NaN;
    }
    // The strip has the lower 32 bits of the microseconds.
    const nowUs = (origin + performance.now()) * 1000;
    const ageUs = ((nowUs % 2 ** 32) - time + 2 ** 32) % 2 ** 32;
    return (nowUs - ageUs) / 1000 - origin;
  };
  // The two clocks drift apart where the wall clock is adjusted.
  window.recalibrate = () => {
    origin = calibrate();
    return origin;
  };

  // A viewer of its own, without the player's page: what a click starts.
  window.joinStream = async (path) => {
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    const video = document.createElement('video');
    const stream = new MediaStream();
    video.muted = true;
    video.autoplay = true;
    document.body.append(video);
    peer.ontrack = ({ track, receiver }) => {
      receiver.jitterBufferTarget = 0;
      stream.addTrack(track);
      video.srcObject = stream;
    };
    peer.addTransceiver('video', { direction: 'recvonly' });
    peer.addTransceiver('audio', { direction: 'recvonly' });
    await peer.setLocalDescription();
    const posted = performance.now();
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: peer.localDescription.sdp,
    });
    const answered = performance.now();
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status}`);
    }
    await peer.setRemoteDescription({ type: 'answer',
      sdp: await answer.text() });
    const session = new URL(answer.headers.get('Location'), answer.url);
    const leave = async () => {
      await fetch(session, { method: 'DELETE' });
      peer.close();
      video.remove();
    };
    return { peer, video, posted, answered, leave };
  };
}

export class Stage {
  static async open({ build, name, gopSeconds, bFrames = 0,
    network = 'loopback' }) {
    const self = new Stage();
    self.name = name;
    const folder = join(build, 'bench');
    mkdirSync(folder, { recursive: true });
    const frames = join(folder, 'testsrc2-720p.yuv');
    makeFrames(frames);
    self.gateway = await Gateway.start({ root, build, folder });
    self.log = join(folder, `${name}-publisher.log`);
    writeFileSync(self.log, '');
    self.publisher = new Process(
      join(build, 'tests', 'bench', 'strip-publish'),
      [self.gateway.rtmpUrl(name), frames, `${gopSeconds * FPS}`,
        `${BITRATE_KBPS}`, `${bFrames}`], { log: self.log });
    await self.gateway.hasStream(name);
    self.network = await openNetwork(network, build, folder);
    self.browser = await startBrowser(self.network.browser);
    self.page = await self.browser.newPage();
    await self.page.addInitScript(installReader);
    await self.page.goto(
      `http://${self.network.address}:${self.gateway.httpPort}/`);
    return self;
  }

  get whepPath() {
    return `/whep/live/${this.name}`;
  }

  // From the drawing of a frame to its leaving the muxer, in ms, of all frames.
  publisherTimes() {
    return readFileSync(this.log, 'utf8').trim().split('\n')
      .map((line) => Number(line.split(' ')[1]) / 1000)
      .filter((ms) => Number.isFinite(ms));
  }

  async close() {
    await this.browser.close();
    await this.publisher.stop();
    await this.gateway.stop();
    await this.network.close();
  }
}

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function round(ms) {
  return Math.round(ms * 100) / 100;
}
