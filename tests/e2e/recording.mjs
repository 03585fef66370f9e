// SPDX-License-Identifier: LGPL-2.1-or-later
// A gateway that records what its first publisher sends, unchanged, and how far
// apart audio and video already are in that.

import { execFile } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Gateway } from './gateway.mjs';
import { BEEP_HZ } from './publishers.mjs';

const run = promisify(execFile);
// The first publisher's FLV, with its own timestamps.
const LAUNCH = 'rtmpserversrc name=rtmp port=${RTMP_PORT:-1935} '
  + '! tee name=show '
  + 'show. ! queue ! filesink sync=false async=false location=FILE '
  + 'show. ! queue ! rtmpwebrtcsink name=webrtc port=${HTTP_PORT:-8080}';
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
// Of the mean brightness in the middle of the picture; of the sound around
// BEEP_HZ, in dB of full scale: between presence and absence.
const BRIGHT = 160;
const LOUD_DB = -30;
// 2.7 ms.
const SAMPLES = 128;
// A beep further than this from any flash has lost its own.
const MAX_SKEW_S = 0.5;

// Times in seconds at which @filters' value of @key rises above @limit.
async function rises(file, stream, filters, key, limit) {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-nostdin', '-copyts',
    '-i', file, '-map', `0:${stream}:0`, `-${stream}f`,
    `${filters}metadata=print:key=${key}:file=-`, '-f', 'null', '-'],
  { maxBuffer: MAX_OUTPUT_BYTES });
  const times = [];
  let time;
  let wasAbove = true;
  for (const line of stdout.split('\n')) {
    const [, seconds] = /pts_time:([\d.]+)/.exec(line) ?? [];
    const [, value] = /=(-?[\d.]+|-inf)$/.exec(line) ?? [];
    time = seconds === undefined ? time : Number(seconds);
    if (value !== undefined) {
      const isAbove = Number(value) > limit;
      if (isAbove && !wasAbove) {
        times.push(time);
      }
      wasAbove = isAbove;
    }
  }
  return times;
}

const median = (numbers) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

export class RecordingGateway extends Gateway {
  static async start(world, name) {
    const file = join(world.folder, `${name}.flv`);
    rmSync(file, { force: true });
    const launch = join(world.folder, `${name}.launch`);
    writeFileSync(launch, LAUNCH.replace('FILE', file));
    const self = await world.startGateway({ name, kind: RecordingGateway,
      launch });
    self.file = file;
    return self;
  }

  // By how much the publisher's beep comes after the flash that was made with
  // it, according to its own timestamps: the median in ms of the newest @nBeeps
  // that still have their flash; NaN if a publisher without enough CPU time has
  // lost nearly all.
  async skewMs(nBeeps) {
    // The file grows while it is read, and parsing it may take long.
    const file = `${this.file}.part`;
    copyFileSync(this.file, file);
    const [flashes, beeps] = await Promise.all([
      rises(file, 'v', 'crop=8:8,signalstats,',
        'lavfi.signalstats.YAVG', BRIGHT),
      rises(file, 'a', `asetnsamples=${SAMPLES},pan=mono|c0=c0,`
        + `bandpass=f=${BEEP_HZ}:width_type=h:w=400,`
        + 'astats=metadata=1:reset=1,a', 'lavfi.astats.1.RMS_level', LOUD_DB),
    ]);
    const skews = beeps.map((beep) => beep - flashes.reduce(
      (best, flash) =>
        (Math.abs(flash - beep) < Math.abs(best - beep) ? flash : best),
      Infinity)).filter((skew) => Math.abs(skew) <= MAX_SKEW_S);
    return skews.length < nBeeps / 2 ? NaN : 1000 * median(
      skews.slice(-nBeeps));
  }
}
