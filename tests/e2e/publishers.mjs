// SPDX-License-Identifier: LGPL-2.1-or-later
// Real publishers, each with a picture and a tone that a test can tell.

import { join } from 'node:path';
import { Process } from './process.mjs';

// What videotestsrc's smpte pattern shows in its upper part, left to right.
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

// @h264: of libx264's own options, what replaces the preset, whose stream is
// always of the constrained baseline profile.
function ffmpegArgs(url, colour, tone, h264) {
  return ['-v', 'error', '-nostdin',
    '-re', '-f', 'lavfi', '-i',
    `color=c=${colour}:s=640x360:r=30,noise=alls=16:allf=t`,
    '-re', '-f', 'lavfi', '-i',
    `sine=frequency=${tone}:sample_rate=48000`,
    '-af', 'volume=4',
    '-c:v', 'libx264', '-tune', 'zerolatency',
    '-pix_fmt', 'yuv420p', '-g', '60', '-b:v', '800k', ...h264,
    '-c:a', 'aac', '-ac', '2', '-b:a', '96k', '-f', 'flv', url];
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

// H.264 baseline and AAC by one of GStreamer's two publishers.
function gstArgs(colour, tone, sink) {
  return ['-q', 'flvmux', 'name=mux', 'streamable=true', '!', ...sink,
    'videotestsrc', 'is-live=true', 'pattern=solid-color',
    `foreground-color=${argb(colour)}`,
    '!', 'video/x-raw,width=640,height=360,framerate=30/1',
    '!', 'queue', '!', 'x264enc', 'tune=zerolatency',
    'speed-preset=ultrafast', 'key-int-max=60', 'bitrate=800',
    '!', 'video/x-h264,profile=baseline', '!', 'h264parse',
    '!', 'queue', '!', 'mux.',
    'audiotestsrc', 'is-live=true', `freq=${tone}`,
    '!', 'audio/x-raw,rate=48000,channels=2', '!', 'queue',
    '!', 'avenc_aac', '!', 'aacparse', '!', 'queue', '!', 'mux.'];
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

  // Each publisher is { process, tone, picture }: the tone in Hz, and what
  // colour is where.
  ffmpeg(gateway, name, { colour = 'green', tone = 440,
    h264 = ['-preset', 'ultrafast'] } = {}) {
    const args = ffmpegArgs(gateway.rtmpUrl(name), colour, tone, h264);
    return {
      process: this.start('ffmpeg', 'ffmpeg', args),
      tone,
      picture: everywhere(COLOURS[colour]),
    };
  }

  // By Enhanced RTMP: @encoder makes frames of raw video. With a @second colour
  // there is a second picture, too: that of track 1.
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

  gstreamer(name, { colour, tone }, sink) {
    const args = gstArgs(colour, tone, sink);
    return {
      process: this.start(name, 'gst-launch-1.0', args),
      tone,
      picture: everywhere(COLOURS[colour]),
    };
  }

  // By librtmp, which cuts chunks in its own way.
  rtmpsink(gateway, name, { colour = 'blue', tone = 660 } = {}) {
    return this.gstreamer('rtmpsink', { colour, tone },
      ['rtmpsink', `location=${gateway.rtmpUrl(name)} live=1`]);
  }

  // By GIO, whatever the certificate.
  rtmp2sink(gateway, name, { colour = 'red', tone = 550 } = {}) {
    return this.gstreamer('rtmp2sink', { colour, tone },
      ['rtmp2sink', `location=${gateway.rtmpUrl(name)}`,
        'tls-validation-flags=0']);
  }

  // By rtmp2sink; audiotestsrc's sine is 440 Hz.
  testStreamer(gateway, name) {
    const script = join(this.root, 'pipelines', 'streamer');
    const args = ['--wave=sine', gateway.rtmpUrl(name)];
    return {
      process: this.start('streamer', script, args),
      tone: 440,
      picture: BARS,
    };
  }

  obs(gateway, name, { colour = 'red', tone = 880, settings = '' } = {}) {
    const script = join(this.root, 'tests', 'e2e', 'obs-publish');
    const url = `rtmp://127.0.0.1:${gateway.rtmpPort}/live`;
    const args = [url, name, join(this.folder, 'obs'), colour, `${tone}`,
      settings];
    return {
      process: this.start('obs', script, args),
      tone,
      picture: everywhere(COLOURS[colour]),
    };
  }
}

// Ends the publisher whatever happens, and lets it have its say.
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
