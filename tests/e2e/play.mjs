// SPDX-License-Identifier: LGPL-2.1-or-later
// RTMP players: what a publisher sends comes out again, untouched and at once.
//
//     PLAY_STOP_S=30 tests/e2e/run.mjs stopped
//
// stops a player and a reader over HTTP for half a minute, which takes too long
// for every run.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { packets } from './ffprobe.mjs';
import { Gateway } from './gateway.mjs';
import { startNginx } from './nginx.mjs';
import { Process, eventually, freePort } from './process.mjs';
import { COUNTS, nPublished, publishing } from './publishers.mjs';
import { makeCertificate } from './rtmps.mjs';
import { watching } from './watcher.mjs';

const FPS = 30;
// A GOP so long that waiting for the next key frame is noticed, with B-frames,
// which no browser gets.
const LONG_GOP = ['-preset', 'ultrafast', '-tune', 'film', '-bf', '2', '-g',
  '3000', ...COUNTS];
const SHORT_GOP = ['-preset', 'ultrafast', '-bf', '2', '-g', '30', ...COUNTS];
// Enough to fill all that is between the gateway and a stopped player.
const THICK = ['-b:v', '8M', '-minrate', '8M', '-maxrate', '8M', '-bufsize',
  '1M', '-x264-params', 'nal-hrd=cbr'];
// More than the sockets hold. By the stream's clock, as the next: a publisher
// on a busy machine sends less in that time, and then nobody falls behind.
const STOP_FRAMES = FPS * Number(process.env.PLAY_STOP_S ?? 8);
const STOP_LIMIT_MS = 300000;
// A fifth of what THICK and the audio need.
const SLOW_BYTES_PER_FRAME = 200000 / FPS;
const LINK_POLL_MS = 20;
const LAG_S = 1;
// Without a gap, frames are 33 ms apart, and a jump skips more than this.
const MAX_STEP_S = 0.5;
// What a log keeps, and what the allocator and the sockets may add.
const MAX_GROWTH_KB = 48 * 1024;

export async function withGateway(world, options, run, more = {}) {
  const gateway = await world.startGateway({ name: 'play',
    options: ['--play=true', ...options], ...more });
  try {
    await run(gateway);
  } finally {
    await gateway.stop();
  }
}

// Ways to record a stream untouched, as FLV or Matroska.
const recorders = {
  ffmpeg: (url, path) => ['ffmpeg', ['-v', 'warning', '-nostdin', '-y', '-i',
    url, '-c', 'copy', path]],
  rtmp2src: (url, path) => ['gst-launch-1.0', ['-q', 'rtmp2src',
    `location=${url}`, 'tls-validation-flags=0', '!', 'filesink',
    `location=${path}`]],
  rtmpsrc: (url, path) => ['gst-launch-1.0', ['-q', 'rtmpsrc',
    `location=${url} live=1`, '!', 'filesink', `location=${path}`]],
};

export function record(world, kind, url, name) {
  const path = join(world.folder, `${name}.flv`);
  const [command, args] = recorders[kind](url, path);
  const log = join(world.folder, `player-${name}.log`);
  return { path, process: new Process(command, args, { log }) };
}

// @part is a piece of @whole without a gap; the last packet may have been cut
// off when the recorder ended.
function assertIsPart(part, whole, name) {
  const start = whole.findIndex(({ hash }) => hash === part[0].hash);
  assert.notEqual(start, -1, `${name} begins with a packet that was sent`);
  for (const [i, { hash }] of part.slice(0, -1).entries()) {
    assert.equal(hash, whole[start + i]?.hash, `${name}: packet ${i}`);
  }
}

function assertTimesGoOn(all, name) {
  for (const [i, { time }] of all.slice(1).entries()) {
    assert(time >= all[i].time, `${name}: ${time} after ${all[i].time}`);
  }
}

export async function published(publisher, n) {
  await eventually(() => nPublished(publisher) >= n, `${n} frames`);
}

async function playersGetEverything(world) {
  await withGateway(world, [], async (gateway) => {
    const url = gateway.rtmpUrl('cam');
    // It waits for its publisher.
    const first = record(world, 'ffmpeg', url, 'first');
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: LONG_GOP });
    await publishing(publisher, async () => {
      await published(publisher, 4 * FPS);
      const players = Object.keys(recorders).map((kind) =>
        [kind, record(world, kind, url, `at-once-${kind}`)]);
      await published(publisher, 8 * FPS);
      for (const [, player] of players) {
        await player.process.stop();
      }
      await first.process.stop();
      const whole = packets(first);
      for (const [kind, player] of players) {
        const part = packets(player);
        world.note(`${kind}: ${part.length} packets`);
        // No other key frame has come.
        assert(part[0].isKey, `${kind} begins with a key frame`);
        assert(part.length > 4 * FPS, `${kind} has got the GOP`);
        assertIsPart(part, whole, kind);
        assertTimesGoOn(part, kind);
      }
    });
  });
}

async function ffplayPlays(world) {
  await withGateway(world, [], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: LONG_GOP });
    await publishing(publisher, async () => {
      await published(publisher, FPS);
      const player = new Process('ffplay', ['-v', 'verbose', '-nodisp',
        '-autoexit', gateway.rtmpUrl('cam')], {
        log: join(world.folder, 'ffplay.log'),
        env: { SDL_VIDEODRIVER: 'dummy', SDL_AUDIODRIVER: 'dummy' },
      });
      await eventually(() => /Video: h264/.test(player.output),
        'ffplay knows the stream');
      const nNow = nPublished(publisher);
      await published(publisher, nNow + 2 * FPS);
      assert(player.isRunning, player.output);
      await player.stop();
    });
  });
}

async function playersPlayByRtmps(world) {
  const { key, certificate } = makeCertificate(world);
  const port = await freePort();
  await withGateway(world, [`--tls-certificate=${certificate}`,
    `--tls-key=${key}`, `--rtmps-port=${port}`], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: LONG_GOP });
    await publishing(publisher, async () => {
      await published(publisher, FPS);
      const url = `rtmps://127.0.0.1:${port}/live/cam`;
      const players = ['ffmpeg', 'rtmp2src'].map((kind) =>
        [kind, record(world, kind, url, `tls-${kind}`)]);
      await published(publisher, 4 * FPS);
      for (const [kind, player] of players) {
        await player.process.stop();
        const part = packets(player);
        world.note(`${kind}: ${part.length} packets`);
        assert(part[0].isKey && part.length > 2 * FPS, kind);
      }
    });
  });
}

export function assertHasNoGap(all, name) {
  for (const [i, { time }] of all.slice(1).entries()) {
    assert(time - all[i].time < MAX_STEP_S, `${name} has a gap at ${time}`);
  }
}

// @rest has skipped a part of @whole, each time up to a key frame, and its end
// is live: @whole has up to @nSince frames that came later.
function assertIsLiveAgain(rest, whole, name, nSince) {
  assertTimesGoOn(rest, name);
  const jumps = rest.filter(({ time }, i) =>
    i > 0 && time - rest[i - 1].time >= MAX_STEP_S);
  assert(jumps.length > 0, `${name} has skipped nothing`);
  assert(jumps.every(({ isKey }) => isKey), `${name} goes on with a key frame`);
  const end = whole.findIndex(({ hash }) => hash === rest.at(-2).hash);
  assert(end > whole.length - nSince - 3 * FPS,
    `${name} is live: ${end} of ${whole.length}, ${nSince} of them later`);
}

// A link that takes as many bytes for each frame that is published, in the
// direction of the player.
async function startSlowLink(port, nFrames) {
  const self = { bytesPerFrame: Infinity };
  const server = createServer((player) => {
    const gateway = connect({ port, host: '127.0.0.1' });
    let due = 0;
    const resume = () => {
      if (nFrames() >= due || self.bytesPerFrame === Infinity) {
        gateway.resume();
      } else {
        setTimeout(resume, LINK_POLL_MS);
      }
    };
    player.pipe(gateway);
    gateway.on('data', (bytes) => {
      player.write(bytes);
      if (self.bytesPerFrame < Infinity) {
        gateway.pause();
        due = Math.max(due, nFrames()) + bytes.length / self.bytesPerFrame;
        resume();
      }
    });
    for (const [one, other] of [[player, gateway], [gateway, player]]) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  self.url = `rtmp://127.0.0.1:${server.address().port}/live/cam`;
  self.close = () => server.close();
  return self;
}

function assertOnlyTheyMissAnything(world, other, slow, nSince) {
  const whole = packets(other);
  assertTimesGoOn(whole, 'the other');
  assertHasNoGap(whole, 'the other');
  for (const [name, player] of Object.entries(slow)) {
    const rest = packets(player);
    world.note(`${name}: ${rest.length} of ${whole.length} packets`);
    assertIsLiveAgain(rest, whole, `the ${name} one`, nSince);
  }
}

async function slowPlayersAreLiveAgain(world) {
  await withGateway(world, [`--max-lag=${LAG_S}s`], async (gateway) => {
    const url = gateway.rtmpUrl('cam');
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: [...SHORT_GOP, ...THICK] });
    const link = await startSlowLink(gateway.rtmpPort,
      () => nPublished(publisher));
    await publishing(publisher, async () => {
      await published(publisher, 2 * FPS);
      const other = record(world, 'ffmpeg', url, 'other');
      const stopped = record(world, 'ffmpeg', url, 'stopped');
      const slow = record(world, 'ffmpeg', link.url, 'slow');
      const httpUrl = gateway.mp4Url('cam');
      const reader = record(world, 'ffmpeg', httpUrl, 'reader');
      const stoppedReader = record(world, 'ffmpeg', httpUrl, 'stopped-reader');
      await published(publisher, 5 * FPS);
      const before = gateway.process.rssKb;
      stopped.process.kill('SIGSTOP');
      stoppedReader.process.kill('SIGSTOP');
      link.bytesPerFrame = SLOW_BYTES_PER_FRAME;
      const nThen = nPublished(publisher) + STOP_FRAMES;
      await eventually(() => nPublished(publisher) >= nThen,
        `${nThen} frames`, STOP_LIMIT_MS);
      const growth = gateway.process.rssKb - before;
      stopped.process.kill('SIGCONT');
      stoppedReader.process.kill('SIGCONT');
      link.bytesPerFrame = Infinity;
      const nNow = nPublished(publisher);
      await published(publisher, nNow + 5 * FPS);
      const nLive = nPublished(publisher);
      await Promise.all([stopped, slow, stoppedReader].map((player) =>
        player.process.stop()));
      await Promise.all([other, reader].map((player) => player.process.stop()));
      const nSince = nPublished(publisher) - nLive;
      link.close();
      world.note(`${growth} kB more while two were stopped`);
      assert(growth < MAX_GROWTH_KB);

      assertOnlyTheyMissAnything(world, other, { stopped, slow }, nSince);
      assertOnlyTheyMissAnything(world, reader,
        { 'stopped reader': stoppedReader }, nSince);
    });
  });
}

async function playerOutlastsPublisher(world) {
  await withGateway(world, ['--linger=10s'], async (gateway) => {
    const first = world.publishers.ffmpeg(gateway, 'cam', { h264: SHORT_GOP });
    const player = record(world, 'ffmpeg', gateway.rtmpUrl('cam'), 'lasting');
    await published(first, 3 * FPS);
    await first.process.die();
    await gateway.hasNoStream('cam');
    const second = world.publishers.ffmpeg(gateway, 'cam', { h264: SHORT_GOP });
    await published(second, 3 * FPS);
    await second.process.stop();
    // It ends by itself, because nobody comes back.
    const [status] = await player.process.ended;
    assert.equal(status, 0, player.process.output);
    const all = packets(player);
    world.note(`${all.length} packets of two publishers`);
    assertTimesGoOn(all, 'the player');
    assert(all.length > 5 * FPS);
  });
}

async function nginxPulls(world) {
  await withGateway(world, [], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: SHORT_GOP });
    await publishing(publisher, async () => {
      await published(publisher, FPS);
      const nginx = await startNginx(world,
        `pull ${gateway.rtmpUrl('cam')} name=x static;`);
      try {
        const player = record(world, 'ffmpeg', nginx.url, 'nginx');
        const nNow = nPublished(publisher);
        await published(publisher, nNow + 5 * FPS);
        await player.process.stop();
        const part = packets(player);
        world.note(`${part.length} packets by way of nginx`);
        assert(part.length > 2 * FPS);
        assertTimesGoOn(part, 'nginx');
      } finally {
        await nginx.server.stop();
      }
    });
  });
}

async function gatewaysAreChained(world) {
  await withGateway(world, [], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam');
    await publishing(publisher, async () => {
      await gateway.hasStream('cam');
      const second = Object.assign(new Gateway(),
        { host: '127.0.0.1', httpPort: await freePort() });
      second.process = new Process('gst-launch-1.0', ['rtmp2src',
        `location=${gateway.rtmpUrl('cam')}`, '!', 'rtmpwebrtcsink',
        `port=${second.httpPort}`], {
        log: join(world.folder, 'second.log'),
        env: { GST_PLUGIN_PATH: world.build },
      });
      try {
        await eventually(() => second.isServing(), 'the second serves');
        await second.hasStream('stream');
        await watching(world, second.watchUrl('stream'), async (watcher) => {
          await watcher.showsPicture();
          await watcher.hears(publisher.tone);
          await watcher.sees(publisher.picture,
            join(world.folder, 'chained.png'));
        });
      } finally {
        await second.stop();
      }
    });
  });
}

async function keysOfViewersAreThoseOfPlayers(world) {
  const keys = join(world.folder, 'play.keys');
  writeFileSync(keys, 'live/cam sesame\n');
  await withGateway(world, [`--view-keys=${keys}`], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'cam',
      { h264: SHORT_GOP });
    await publishing(publisher, async () => {
      await published(publisher, FPS);
      const refused = record(world, 'ffmpeg', gateway.rtmpUrl('cam'),
        'refused');
      await refused.process.ended;
      assert.match(refused.process.output, /a token is needed/);
      const allowed = record(world, 'ffmpeg',
        `${gateway.rtmpUrl('cam')}?token=sesame`, 'allowed');
      const nNow = nPublished(publisher);
      await published(publisher, nNow + 2 * FPS);
      await allowed.process.stop();
      assert(packets(allowed).length > FPS);
    });
  });
}

export const playCases = [
  ['ffmpeg, rtmp2src and rtmpsrc play at once what is published, untouched',
    playersGetEverything],
  ['ffplay plays', ffplayPlays],
  ['ffmpeg and rtmp2src play by RTMPS', playersPlayByRtmps],
  ['stopped and slow players and readers cost nobody a frame, and go on live',
    slowPlayersAreLiveAgain],
  ['a player outlasts its publisher, and its times go on',
    playerOutlastsPublisher],
  ['nginx pulls from the gateway', nginxPulls],
  ['two gateways are chained: a browser plays at the second',
    gatewaysAreChained],
  ['the keys of viewers are those of players', keysOfViewersAreThoseOfPlayers],
];
