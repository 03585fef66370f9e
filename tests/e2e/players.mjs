// SPDX-License-Identifier: LGPL-2.1-or-later
// Programs for people that play RTMP, without a screen and without a sound
// card: what they show and sound.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { published, record, withGateway } from './play.mjs';
import { Process, eventually } from './process.mjs';
import { COUNTS, nPublished, publishing } from './publishers.mjs';

const FPS = 30;
// A GOP so long that a player that waited for the next key frame would show
// nothing, with B-frames.
const LONG_GOP = ['-preset', 'ultrafast', '-tune', 'film', '-bf', '2', '-g',
  '3000', ...COUNTS];
const PLAY_S = 3;
const GREEN = [0, 128, 0];
// Noise of the encoder, and other matrices of colours.
const MAX_COLOUR_ERROR = 40;
const TONE_HZ = 440;
const SILENT_HZ = 1900;
const MIN_TONE_DB = 15;
// VLC does not run as root.
const NOBODY = 65534;

// The colour of the corner of the last picture.
function colourOf(path) {
  const pixels = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path,
    '-vf', 'crop=40:40:40:40,scale=1:1', '-f', 'rawvideo', '-pix_fmt', 'rgb24',
    '-'], { maxBuffer: 1 << 24 });
  return [...pixels.subarray(-3)];
}

function assertIsGreen(path, name) {
  const colour = colourOf(path);
  colour.forEach((value, i) =>
    assert(Math.abs(value - GREEN[i]) < MAX_COLOUR_ERROR,
      `${name} shows ${colour}`));
}

function loudnessDb(path, hz) {
  const { stderr } = spawnSync('ffmpeg', ['-nostdin', '-i', path, '-af',
    `bandpass=f=${hz}:width_type=h:w=40,volumedetect`, '-f', 'null', '-'],
  { encoding: 'utf8' });
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)[1]);
}

function assertHasTone(path, name) {
  const db = loudnessDb(path, TONE_HZ) - loudnessDb(path, SILENT_HZ);
  assert(db > MIN_TONE_DB, `${name}: the tone is ${db} dB louder`);
}

// A folder that VLC can write to as well.
async function inFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), 'players-'));
  try {
    chmodSync(folder, 0o777);
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const asUser = process.getuid() === 0 ? ['setpriv', `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`, '--clear-groups'] : [];

// Commands that leave pictures and sound.wav in a folder; both programs follow
// the stream's clock.
const programs = {
  VLC: (url, folder) => [...asUser, 'cvlc', '-I', 'dummy', '--vout=vdummy',
    '--aout=afile', `--audiofile-file=${join(folder, 'sound.wav')}`,
    '--video-filter=scene', `--scene-path=${folder}`, '--scene-format=png',
    '--scene-ratio=1', '--scene-prefix=picture', url],
  mpv: (url, folder) => ['mpv', '--no-config', '--vo=image',
    `--vo-image-outdir=${folder}`, '--vo-image-format=jpg', '--ao=pcm',
    `--ao-pcm-file=${join(folder, 'sound.wav')}`, url],
};

const picturesIn = (folder) =>
  readdirSync(folder).filter((name) => /\.(png|jpg)$/.test(name)).sort();

// @way: the address of a stream.
async function plays(world, name, way = 'rtmpUrl') {
  await withGateway(world, [], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: LONG_GOP });
    await publishing(publisher, () => inFolder(async (folder) => {
      await published(publisher, FPS);
      const [command, ...args] =
        programs[name](gateway[way]('cam'), folder);
      const player = new Process(command, args, { env: { HOME: folder },
        log: join(world.folder, `player-${name}.log`) });
      await eventually(() => picturesIn(folder).length >= PLAY_S * FPS
        || !player.isRunning, `${name} shows ${PLAY_S} s`);
      assert(player.isRunning, player.output);
      await player.stop();
      const pictures = picturesIn(folder);
      world.note(`${name}: ${pictures.length} pictures`);
      // The last one may be incomplete.
      assertIsGreen(join(folder, pictures.at(-2)), name);
      assertHasTone(join(folder, 'sound.wav'), name);
    }));
  });
}

// OBS publishes what its media source plays.
async function obsPlays(world) {
  await withGateway(world, [], async (gateway) => {
    const camera = world.publishers.ffmpeg(gateway, 'cam',
      { h264: LONG_GOP });
    await publishing(camera, async () => {
      await published(camera, FPS);
      const studio = world.publishers.obs(gateway, 'studio',
        { source: gateway.rtmpUrl('cam') });
      await publishing(studio, async () => {
        await gateway.hasStream('studio');
        const recorder = record(world, 'ffmpeg', gateway.rtmpUrl('studio'),
          'studio');
        // Its source may begin later than its output.
        await published(camera, nPublished(camera) + 2 * PLAY_S * FPS);
        await recorder.process.stop();
        assertIsGreen(recorder.path, 'OBS');
        assertHasTone(recorder.path, 'OBS');
      });
    });
  });
}

export const playerCases = [
  ['VLC plays', (world) => plays(world, 'VLC')],
  ['mpv plays', (world) => plays(world, 'mpv')],
  ['VLC plays over HTTP', (world) => plays(world, 'VLC', 'mp4Url')],
  ['mpv plays over HTTP', (world) => plays(world, 'mpv', 'mp4Url')],
  ['the media source of OBS plays', obsPlays],
];
