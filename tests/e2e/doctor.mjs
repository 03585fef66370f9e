// SPDX-License-Identifier: LGPL-2.1-or-later
// The encoder doctor, with encoders that are set well and badly.

import assert from 'node:assert/strict';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';

// Of 320 x 180, so that all of them have time.
const SOURCE = ['-v', 'error', '-nostdin',
  '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30',
  '-re', '-f', 'lavfi', '-i', 'sine=sample_rate=48000',
  '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-b:v', '500k', '-c:a', 'aac'];
const GOOD = ['-preset', 'veryfast', '-tune', 'zerolatency', '-threads', '2',
  '-g', '30'];
// x264 has a slice for each row of macroblocks, of which there are twelve.
const BAD = ['-preset', 'veryfast', '-bf', '3', '-b_strategy', '0', '-g', '300',
  '-keyint_min', '300', '-sc_threshold', '0', '-slices', '12'];
const BASELINE = ['-preset', 'ultrafast', '-tune', 'zerolatency', '-threads',
  '2', '-g', '10'];
const OTHER_CHROMA = [...GOOD, '-pix_fmt', 'yuv444p'];

// What depends on the settings alone, and not on how busy the machine is.
const BY_SETTINGS = new Set(['b-frames', 'long-gop', 'short-gop', 'slices',
  'profile', 'codec', 'low-frame-rate']);
// Each grade costs one minor finding.
const COSTS = { major: 2, minor: 1, info: 0 };

const ENCODERS = {
  'doctor-good': { h264: GOOD, finds: {} },
  'doctor-bad': { h264: BAD,
    finds: { 'b-frames': 'major', 'long-gop': 'major', slices: 'minor' } },
  'doctor-baseline': { h264: BASELINE,
    finds: { profile: 'info', 'short-gop': 'minor' } },
  'doctor-chroma': { h264: OTHER_CHROMA, finds: { profile: 'major' } },
};

function publisher({ publishers, gateway }, name, h264) {
  return { process: publishers.start(name, 'ffmpeg',
    [...SOURCE, ...h264, '-f', 'flv', gateway.rtmpUrl(name)]) };
}

function bySettings({ findings }) {
  return Object.fromEntries(findings.filter(({ id }) => BY_SETTINGS.has(id))
    .map(({ id, severity }) => [id, severity]));
}

// A GOP is known to be long once it has lasted that long.
async function isDiagnosed({ gateway }, name, expected) {
  let last = null;
  await eventually(async () => {
    last = (await gateway.stream(name))?.doctor;
    return last && Object.entries(expected).every(([id, severity]) =>
      bySettings(last)[id] === severity);
  }, `${name} is diagnosed`).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
  return last;
}

function isConsistent({ grade, findings }) {
  const lost = findings.reduce((sum, { severity }) =>
    sum + COSTS[severity], 0);
  assert.equal(grade, 'ABCDEF'[Math.min(lost, 5)]);
  for (const { text, obs, ffmpeg } of findings) {
    assert.match(text, /\.$/);
    assert.match(obs, /^(Settings|View|Edit) → /);
    assert.match(ffmpeg, /-/);
  }
}

async function metricShowsGrade({ gateway }) {
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  assert.match(metrics,
    /whep_stream_encoder_grade\{stream="live\/doctor-bad"\} [2-5]\n/);
}

async function each(world, entries, look) {
  if (entries.length === 0) {
    await look();
    return;
  }
  const [[name, { h264 }], ...rest] = entries;
  await publishing(publisher(world, name, h264), () =>
    each(world, rest, look));
}

async function encodersAreDiagnosed(world) {
  await each(world, Object.entries(ENCODERS), async () => {
    for (const [name, { finds }] of Object.entries(ENCODERS)) {
      const doctor = await isDiagnosed(world, name, finds);
      world.note(`${name}: ${doctor.grade} `
        + doctor.findings.map(({ id }) => id).join(' '));
      assert.deepEqual(bySettings(doctor), finds, name);
      isConsistent(doctor);
    }
    await metricShowsGrade(world);
  });
  await Promise.all(Object.keys(ENCODERS).map((name) =>
    world.gateway.hasNoStream(name)));
}

export const doctorCases = [
  ['the encoder doctor finds what is set badly, and nothing else',
    encodersAreDiagnosed],
];
