// SPDX-License-Identifier: LGPL-2.1-or-later
// Real publishers, each with a picture and a tone that a test can recognize.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Process } from './process.mjs';

// The colours of the upper part of videotestsrc's smpte pattern, left to right.
const BARS = [
  [0.07, 0.3, [255, 255, 255]],
  [0.21, 0.3, [255, 255, 0]],
  [0.36, 0.3, [0, 255, 255]],
  [0.64, 0.3, [255, 0, 255]],
  [0.79, 0.3, [255, 0, 0]],
  [0.93, 0.3, [0, 0, 255]],
];

const COLOURS = {
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
};

function everywhere(colour) {
  return [[0.2, 0.2, colour], [0.8, 0.2, colour], [0.5, 0.8, colour]];
}

// Each second begins with a white flash in the middle of the picture and a beep
// besides the tone.
export const BEEP_HZ = 3000;
// Something for the encoder to work on.
const NOISE = 'noise=alls=16:allf=t,';
const IS_MARKED = 'lt(mod(t,1),0.1)';

function flashing(colour, look = '') {
  return `color=c=${colour}:s=640x360:r=30,${look}`
    + `drawbox=x=280:y=150:w=80:h=60:color=white:t=fill:enable='${IS_MARKED}'`;
}

function beeping(tone) {
  return `aevalsrc='0.4*sin(2*PI*${tone}*t)`
    + `+0.2*${IS_MARKED}*sin(2*PI*${BEEP_HZ}*t)':s=48000`;
}

// @h264: libx264 options that replace the preset, whose stream is always
// constrained baseline profile.
function ffmpegArgs(url, colour, tone, h264 = ['-preset', 'ultrafast']) {
  return ['-v', 'error', '-nostdin',
    '-re', '-f', 'lavfi', '-i', flashing(colour, NOISE),
    '-re', '-f', 'lavfi', '-i', beeping(tone),
    '-c:v', 'libx264', '-tune', 'zerolatency',
    '-pix_fmt', 'yuv420p', '-g', '60', '-b:v', '800k', ...h264,
    '-c:a', 'aac', '-ac', '2', '-b:a', '96k', '-f', 'flv', url];
}

// As part of @h264: ffmpeg reports how many frames it has sent so far.
export const COUNTS = ['-stats', '-stats_period', '0.1'];

// As part of @h264: as on a machine of 16 cores, where x264 with this tune
// makes a slice of each picture for each core.
export const SLICED = ['-b:v', '2500k', '-threads', '1', '-slices', '16'];

export function nPublished({ process }) {
  const counts = [...process.output.matchAll(/frame= *(\d+)/g)];
  return counts.length > 0 ? Number(counts.at(-1)[1]) : 0;
}

function argb(colour) {
  return 0xff000000 + COLOURS[colour]
    .reduce((all, part) => all * 256 + part, 0);
}

function plainVideo(colour, encoder) {
  return 'videotestsrc is-live=true pattern=solid-color '
    + `foreground-color=${argb(colour)} ! `
    + 'video/x-raw,format=I420,width=640,height=360,framerate=30/1 ! '
    + `queue ! ${encoder}`;
}

// A shell command line: ffmpeg's stream, remuxed for @sink.
function throughSink(sink, colour, tone) {
  const quote = (word) => `'${word.replaceAll("'", "'\\''")}'`;
  const source = ['ffmpeg', ...ffmpegArgs('pipe:1', colour, tone)];
  const rest = 'gst-launch-1.0 -q fdsrc ! flvdemux name=demux '
    + 'demux.video ! queue ! h264parse ! queue ! mux. '
    + 'demux.audio ! queue ! aacparse ! queue ! mux. '
    + `flvmux name=mux streamable=true ! ${sink}`;
  return ['-c', `${source.map(quote).join(' ')} | ${rest}`];
}

export class Publishers {
  constructor({ root, build, folder }) {
    this.root = root;
    this.build = build;
    this.folder = folder;
  }

  start(name, command, args, env) {
    const log = join(this.folder, `publisher-${name}.log`);
    return new Process(command, args, { log, env });
  }

  // Each publisher is { process, tone, picture, flashes }: the tone in Hz, the
  // colours and their places, and whether it also flashes and beeps.
  ffmpeg(gateway, name, { colour = 'green', tone = 440, h264,
    url = gateway.rtmpUrl(name) } = {}) {
    const args = ffmpegArgs(url, colour, tone, h264);
    return {
      process: this.start('ffmpeg', 'ffmpeg', args),
      tone,
      picture: everywhere(COLOURS[colour]),
      flashes: true,
    };
  }

  // Over Enhanced RTMP: @encoder encodes raw video. With a @second colour there
  // is a second video, too: that of track 1.
  enhanced(gateway, name, encoder,
    { colour = 'blue', tone = 660, second } = {}) {
    const audio = `audiotestsrc is-live=true freq=${tone} `
      + 'samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=2 ! '
      + 'queue ! opusenc';
    const program = join(this.build, 'tests', 'support', 'enhanced-publish');
    const args = [gateway.rtmpUrl(name), plainVideo(colour, encoder), audio];
    if (second) {
      args.push(plainVideo(second, encoder));
    }
    return {
      process: this.start('enhanced', program, args),
      tone,
      picture: everywhere(COLOURS[colour]),
      secondPicture: second && everywhere(COLOURS[second]),
    };
  }

  // With librtmp, which splits chunks in its own way.
  rtmpsink(gateway, name, options) {
    return this.bySink(`rtmpsink location='${gateway.rtmpUrl(name)} live=1'`,
      options);
  }

  // With GIO, whatever the certificate.
  rtmp2sink(gateway, name, options) {
    return this.bySink(`rtmp2sink location=${gateway.rtmpUrl(name)} `
      + 'tls-validation-flags=0', options);
  }

  bySink(sink, { colour = 'blue', tone = 660 } = {}) {
    const [kind] = sink.split(' ');
    return {
      process: this.start(kind, 'sh', throughSink(sink, colour, tone)),
      tone,
      picture: everywhere(COLOURS[colour]),
      flashes: true,
    };
  }

  // With rtmp2sink; audiotestsrc's sine is 440 Hz.
  testStreamer(gateway, name) {
    const script = join(this.root, 'pipelines', 'streamer');
    const args = ['--wave=sine', gateway.rtmpUrl(name)];
    return {
      process: this.start('streamer', script, args),
      tone: 440,
      picture: BARS,
    };
  }

  // OBS's own log.
  obsLog() {
    const logs = join(this.folder, 'obs', '.config', 'obs-studio', 'logs');
    return existsSync(logs) ? readdirSync(logs).map((name) =>
      readFileSync(join(logs, name), 'utf8')).join('') : '';
  }

  // @settings: default, or quick, the ones with the lowest latency. @login: its
  // user and password. @source: the URL of a stream to play and publish again.
  obs(gateway, name, { colour = 'red', tone = 880, settings = 'quick',
    login = [], source = flashing(colour) } = {}) {
    const script = join(this.root, 'tests', 'e2e', 'obs-publish');
    const url = `rtmp://127.0.0.1:${gateway.rtmpPort}/live`;
    const args = [url, name, join(this.folder, 'obs'), source,
      beeping(tone), settings, ...login];
    return {
      process: this.start('obs', script, args),
      tone,
      picture: everywhere(COLOURS[colour]),
      flashes: true,
    };
  }
}

// Ends the publisher in any case, so that its output is complete.
export async function publishing(publisher, look) {
  try {
    return await look(publisher);
  } catch (error) {
    error.message += `\npublisher: ${publisher.process.output.slice(-2000)}`;
    throw error;
  } finally {
    await publisher.process.stop();
  }
}
