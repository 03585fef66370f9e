// SPDX-License-Identifier: LGPL-2.1-or-later
// What runs in a page, in the syntax of the oldest tested browser. Each
// function is self-contained, because only its text gets there.

// Before the page's scripts: keeps the objects that they create where a test
// finds them.
export function keepPeers() {
  const Native = window.RTCPeerConnection;
  window.peers = [];
  if (!Native) {
    return;
  }
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      window.peers.push(this);
    }
  };
}

// Before the page's scripts: B-frames are not decoded by the page, as without
// HTTPS.
export function haveNoWebCodecs() {
  delete window.VideoDecoder;
}

// Before the page's scripts: records each state of the player's page, its
// words, and how long no frame had been shown by then.
export function recordStates() {
  window.states = [];
  addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('video');
    let shownMs = performance.now();
    const note = () => {
      shownMs = performance.now();
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
    const look = () => window.states.push({ state: document.body.dataset.state,
      text: document.querySelector('#message').textContent,
      stillMs: performance.now() - shownMs });
    const observer = new MutationObserver(look);
    observer.observe(document.body, { attributes: true });
    observer.observe(document.querySelector('#message'), { childList: true });
  });
}

// Counts over @mediaSeconds of the stream's own clock, which a slow machine
// does not slow down. Counting begins before the first frame of that time and
// ends after its last one: frames that a browser shows late count, too. If the
// page has created a new session, the counts are those of that one.
export function decodedOver(mediaSeconds) {
  const video = document.querySelector('video');
  const limit = mediaSeconds * 90000;
  // Undefined before the answer, and for a session that is not the newest.
  const count = async (peer) => {
    const reports = [...(await peer.getStats()).values()];
    const report = reports.find((r) => r.type === 'inbound-rtp'
      && r.kind === 'video');
    return report && peer === window.peers[window.peers.length - 1] && {
      decoded: report.framesDecoded,
      dropped: report.framesDropped || 0,
      keys: report.keyFramesDecoded,
      received: report.framesReceived,
      freezes: report.freezeCount,
      lost: report.packetsLost,
      nacks: report.nackCount,
      plis: report.pliCount,
      retransmitted: report.retransmittedPacketsReceived,
    };
  };
  const nextFrame = () => new Promise((resolve) => {
    video.requestVideoFrameCallback((now, frame) => resolve({ now,
      time: frame.rtpTimestamp }));
  });
  const measure = async () => {
    const peer = window.peers[window.peers.length - 1];
    const start = await count(peer);
    const first = await nextFrame();
    let last = first;
    let maxGapMs = 0;
    // On the stream's own clock, between two frames that are shown.
    let maxGap = 0;
    while (((last.time - first.time) >>> 0) < limit) {
      const frame = await nextFrame();
      maxGapMs = Math.max(maxGapMs, frame.now - last.now);
      maxGap = Math.max(maxGap, (frame.time - last.time) | 0);
      last = frame;
    }
    const end = await count(peer);
    return start && end && {
      seconds: ((last.time - first.time) >>> 0) / 90000, maxGapMs,
      maxGapS: maxGap / 90000, ...Object.fromEntries(Object.keys(end)
        .map((key) => [key, end[key] - start[key]])) };
  };
  return (async () => {
    let counts;
    while (!counts) {
      counts = await measure();
    }
    return counts;
  })();
}

// How many samples arrived in that time, and how many the browser had to
// conceal.
export async function soundOver(seconds) {
  const count = async () => {
    const peer = window.peers[window.peers.length - 1];
    return [...(await peer.getStats()).values()].find((r) =>
      r.type === 'inbound-rtp' && r.kind === 'audio');
  };
  document.querySelector('video').muted = false;
  const start = await count();
  let end = start;
  while (end.totalSamplesDuration - start.totalSamplesDuration < seconds) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    end = await count();
  }
  return {
    received: end.totalSamplesReceived - start.totalSamplesReceived,
    concealed: end.concealedSamples - start.concealedSamples,
    energy: end.totalAudioEnergy - start.totalAudioEnergy,
  };
}

// The loudest frequency, and its level.
export async function loudestTone() {
  const video = document.querySelector('video');
  video.muted = false;
  window.ears = window.ears || new AudioContext();
  const analyser = window.ears.createAnalyser();
  analyser.fftSize = 4096;
  const source = window.ears.createMediaStreamSource(video.srcObject);
  source.connect(analyser);
  await window.ears.resume();
  const bins = new Float32Array(analyser.frequencyBinCount);
  let loudest = { db: -1000, hz: 0 };
  for (let i = 0; i < 20; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    analyser.getFloatFrequencyData(bins);
    bins.forEach((db, bin) => {
      if (db > loudest.db) {
        const hz = bin * window.ears.sampleRate / analyser.fftSize;
        loudest = { db, hz };
      }
    });
  }
  source.disconnect();
  return loudest;
}

// The level of the decoded audio, from 0 to 1: all that a browser without a
// sound card can measure.
export async function soundLevel() {
  const peer = window.peers[window.peers.length - 1];
  const report = [...(await peer.getStats()).values()].find((r) =>
    r.type === 'inbound-rtp' && r.kind === 'audio');
  return Math.sqrt((report.totalAudioEnergy || 0)
    / (report.totalSamplesDuration || 1));
}

// By how much a beep is heard later than the flash is seen that was made with
// it: medians in ms over @nBeeps. @apart: of the two as they are played;
// @waits: the browser's own share, because its audio waits longer in a jitter
// buffer than its video, by the clock of the Sender Reports; @sent: the rest,
// which was there when it reached the browser. For audio also the share of what
// the stream's clock implies that arrived (@arrived), and the share that the
// browser had to conceal, which a busy machine contributes to. Only Chromium
// reports all of that.
export async function lipSync({ beepHz, nBeeps }) {
  // Of a packet: 20 ms.
  const OPUS_SAMPLES = 960;
  const listen = (hz) => registerProcessor('beeps',
    class extends AudioWorkletProcessor {
      process([[samples]]) {
        let re = 0;
        let im = 0;
        (samples || []).forEach((sample, i) => {
          const angle = 2 * Math.PI * hz * (currentFrame + i) / sampleRate;
          re += sample * Math.cos(angle);
          im += sample * Math.sin(angle);
        });
        const isLoud = samples
          && 2 * Math.hypot(re, im) / samples.length > 0.08;
        if (isLoud && !(currentTime - this.loudTime < 0.5)) {
          this.port.postMessage(currentTime);
        }
        this.loudTime = isLoud ? currentTime : this.loudTime;
        return true;
      }
    });
  const reports = async () => {
    const peer = window.peers[window.peers.length - 1];
    const all = [...(await peer.getStats()).values()].filter((r) =>
      r.type === 'inbound-rtp');
    return ['audio', 'video'].map((kind) => all.find((r) => r.kind === kind));
  };
  const median = (numbers) =>
    [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

  const video = document.querySelector('video');
  video.muted = false;
  const ears = new AudioContext();
  const code = `(${listen})(${beepHz})`;
  await ears.audioWorklet.addModule(URL.createObjectURL(
    new Blob([code], { type: 'text/javascript' })));
  const beeps = new AudioWorkletNode(ears, 'beeps');
  ears.createMediaStreamSource(video.srcObject).connect(beeps);
  await ears.resume();

  const eye = document.createElement('canvas').getContext('2d',
    { willReadFrequently: true });
  const flashes = [];
  let wasBright = true;
  const onFrame = (now, frame) => {
    eye.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 4, 4,
      0, 0, 1, 1);
    const isBright = eye.getImageData(0, 0, 1, 1).data.every((c) => c > 160);
    if (isBright && !wasBright) {
      flashes.push(frame.expectedDisplayTime);
    }
    wasBright = isBright;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);

  // How much audio has arrived, and where in the stream it is.
  const soundSoFar = async () => {
    const [report] = await reports();
    const [{ rtpTimestamp }] = window.peers[window.peers.length - 1]
      .getReceivers().find(({ track }) => track.kind === 'audio')
      .getSynchronizationSources();
    return { ...report, rtpTimestamp };
  };

  const before = await soundSoFar();
  const heard = [];
  await new Promise((resolve) => {
    beeps.port.onmessage = async ({ data }) => {
      const { contextTime, performanceTime } = ears.getOutputTimestamp();
      const time = performanceTime + (data - contextTime) * 1000;
      const [audio, picture] = await reports();
      heard.push({ time, wait: picture.estimatedPlayoutTimestamp
        - audio.estimatedPlayoutTimestamp });
      if (heard.length > nBeeps) {
        resolve();
      }
    };
  });
  const after = await soundSoFar();
  await ears.close();
  const pairs = heard.map(({ time, wait }) => ({ wait, apart: time
    - flashes.reduce((best, flash) =>
      (Math.abs(flash - time) < Math.abs(best - time) ? flash : best),
    Infinity) }));
  return {
    apart: median(pairs.map(({ apart }) => apart)),
    waits: median(pairs.map(({ wait }) => wait)),
    sent: median(pairs.map(({ apart, wait }) => apart - wait)),
    arrived: OPUS_SAMPLES * (after.packetsReceived - before.packetsReceived)
      / ((after.rtpTimestamp - before.rtpTimestamp) >>> 0),
    madeUp: (after.concealedSamples - before.concealedSamples)
      / (after.totalSamplesReceived - before.totalSamplesReceived),
  };
}

// The mean colours around points of what the video shows.
export function coloursOfVideo(points) {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const side = 8;
  return points.map(([x, y]) => {
    const { data } = context.getImageData(x * canvas.width - side / 2,
      y * canvas.height - side / 2, side, side);
    const mean = [0, 0, 0];
    for (let i = 0; i < data.length; i += 1) {
      if (i % 4 < 3) {
        mean[i % 4] += data[i] / (side * side);
      }
    }
    return mean.map(Math.round);
  });
}

// As in "video/H264".
export async function codecPlayed() {
  const peer = window.peers[window.peers.length - 1];
  const reports = [...(await peer.getStats()).values()];
  const video = reports.find((r) => r.type === 'inbound-rtp'
    && r.kind === 'video');
  return reports.find((r) => r.id === video.codecId).mimeType;
}
