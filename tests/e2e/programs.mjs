// SPDX-License-Identifier: LGPL-2.1-or-later
// The streamer and the gateway as people use them: by typing commands.

import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startNginx } from './nginx.mjs';
import { eventually, freePort, Process } from './process.mjs';
import { watching } from './watcher.mjs';

// Longer than a gateway waits for a publisher that is gone.
const PAUSE_MS = 20000;
const FILE_S = 6;
const SHORT_WATCH_S = 3;
const STOP_LIMIT_MS = 60000;
// A picture counts as frozen after so long without a frame.
const FROZEN_MS = 3000;

// A program with our pipe as its stdin; its lines are replies.
class Program {
  constructor(world, script, args) {
    this.child = spawn(join(world.root, 'pipelines', script), args, {
      env: { ...process.env, BUILD: world.build },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    this.said = '';
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (bytes) => { this.said += bytes; });
    }
    world.programs.push(this);
  }

  type(line) {
    this.child.stdin.write(`${line}\n`);
  }

  // Waits for the reply to what was typed.
  async says(words) {
    await eventually(() => this.said.includes(words),
      `"${words}" is printed; the output was: ${this.said}`);
  }

  async obeys(line) {
    const before = this.said.length;
    this.type(line);
    await eventually(() => this.said.slice(before).includes('OK.'),
      `"${line}" gets a reply`);
    return this.said.slice(before);
  }

  // Returns the exit status.
  async exit() {
    if (this.child.exitCode === null) {
      this.type('exit');
    }
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_LIMIT_MS);
    const [status] = await this.ended;
    clearTimeout(timer);
    return status;
  }
}

async function withPrograms(world, run) {
  const mine = { ...world, programs: [] };
  try {
    await run(mine);
  } finally {
    for (const program of mine.programs) {
      program.child.kill('SIGKILL');
    }
  }
}

function makeFile(world) {
  const path = join(world.folder, 'a "file" ! name=x.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-y',
    '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30',
    '-f', 'lavfi', '-i', 'sine=frequency=440', '-t', `${FILE_S}`,
    '-c:v', 'libx264', '-bf', '0', '-g', '30', '-pix_fmt', 'yuv420p',
    '-c:a', 'aac', path], { stdio: 'ignore' });
  return path;
}

async function pausesAndPlays(world, name, args) {
  const { gateway } = world;
  const streamer = new Program(world, 'streamer',
    [...args, gateway.rtmpUrl(name)]);
  await gateway.hasStream(name);
  await watching(world, gateway.watchUrl(name), async (watcher) => {
    await watcher.showsPicture();
    await watcher.playsWhatIsEncoded(SHORT_WATCH_S);
    await streamer.obeys('pause');
    assert.match(await streamer.obeys('status'), /state: paused/);
    await pause(PAUSE_MS);
    await gateway.hasStream(name);
    await streamer.obeys('play');
    await watcher.playsWhatIsEncoded(SHORT_WATCH_S);
    assert.equal(await watcher.page.evaluate(() => window.peers.length), 1,
      'the viewer had to reconnect');
  });
  assert.equal(await streamer.exit(), 0);
  await gateway.hasNoStream(name);
}

// Both at the same time, because a pause is slow.
async function streamersPause(world) {
  const file = makeFile(world);
  await withPrograms(world, (mine) => Promise.all([
    pausesAndPlays(mine, 'paused-test', []),
    pausesAndPlays(mine, 'paused-file', ['--loop', file]),
  ]));
}

async function gatewayPauses(world) {
  await withPrograms(world, async (mine) => {
    const rtmpPort = await freePort();
    const httpPort = await freePort();
    const gateway = new Program(mine, 'gateway',
      [`--rtmp-port=${rtmpPort}`, `--port=${httpPort}`]);
    const url = `http://127.0.0.1:${httpPort}`;
    await eventually(async () =>
      (await fetch(`${url}/healthz`).catch(() => ({}))).ok, 'it serves');
    const streamer = new Program(mine, 'streamer',
      [`rtmp://127.0.0.1:${rtmpPort}/live/x`]);
    await watching(mine, `${url}/watch/live/x`, async (watcher) => {
      await watcher.showsPicture();
      await watcher.playsWhatIsEncoded(SHORT_WATCH_S);
      await gateway.obeys('pause');
      const received = () => watcher.page.evaluate(async () =>
        [...(await window.peers.at(-1).getStats()).values()].find((r) =>
          r.type === 'inbound-rtp' && r.kind === 'video').framesReceived);
      await eventually(async () => {
        const before = await received();
        await pause(FROZEN_MS);
        return await received() === before;
      }, 'no frames arrive in a pause');
      await gateway.obeys('play');
      await watcher.playsWhatIsEncoded(SHORT_WATCH_S);
      assert.equal(await watcher.page.evaluate(() => window.peers.length), 1);
      assert.match(await gateway.obeys('status'), /viewers: 1/);
    });
    assert.equal(await streamer.exit(), 0);
    assert.equal(await gateway.exit(), 0);
  });
}

async function publishesToNginx(world, args) {
  const nginx = await startNginx(world);
  try {
    const streamer = new Program(world, 'streamer', [...args, nginx.url]);
    await eventually(() => nginx.log().includes("publish: name='x'"),
      'nginx has a publisher');
    await pause(2000);
    assert.equal(await streamer.exit(), 0);
    await eventually(() => nginx.log().includes('disconnect'),
      'nginx has no publisher');
    // The streamer reports this: nginx reacts to a lost connection only later.
    const end = nginx.log().split('\n').filter((line) =>
      /deleteStream|disconnect/.test(line));
    assert.match(end[0], /deleteStream/, end.join('\n'));
  } finally {
    await nginx.server.stop();
  }
}

async function nginxIsServed(world) {
  const file = makeFile(world);
  await withPrograms(world, async (mine) => {
    await publishesToNginx(mine, []);
    await publishesToNginx(mine, [file]);
    await publishesToNginx(mine, ['--copy', '--loop', file]);
  });
}

async function framesAtFfmpeg(world, args) {
  const port = await freePort();
  const out = join(world.folder, 'listened.flv');
  const url = `rtmp://127.0.0.1:${port}/live/x`;
  rmSync(out, { force: true });
  const listener = new Process('ffmpeg', ['-v', 'error', '-y', '-listen', '1',
    '-i', url, '-c', 'copy', out], { log: join(world.folder, 'listener.log') });
  // It retries until ffmpeg listens.
  const streamer = new Program(world, 'streamer', [...args, url]);
  assert.equal((await streamer.ended)[0], 0, streamer.said);
  await listener.ended;
  const counts = execFileSync('ffprobe', ['-v', 'error', '-count_frames',
    '-show_entries', 'stream=codec_name,nb_read_frames', '-of', 'csv=p=0',
    out]).toString();
  return Object.fromEntries(counts.trim().split('\n').map((line) => {
    const [codec, n] = line.split(',');
    return [codec, Number(n)];
  }));
}

async function ffmpegListens(world) {
  const file = makeFile(world);
  await withPrograms(world, async (mine) => {
    const copied = await framesAtFfmpeg(mine, ['--copy', file]);
    assert.equal(copied.h264, FILE_S * 30, JSON.stringify(copied));
    const coded = await framesAtFfmpeg(mine, [file]);
    assert.equal(coded.h264, FILE_S * 30, JSON.stringify(coded));
    assert.ok(coded.aac >= FILE_S * 48000 / 1024, JSON.stringify(coded));
    const test = await framesAtFfmpeg(mine, ['--seconds=2']);
    assert.equal(test.h264, 60, JSON.stringify(test));
  });
}

async function comesAgain(world) {
  await withPrograms(world, async (mine) => {
    const rtmpPort = await freePort();
    const httpPort = await freePort();
    const url = `rtmp://127.0.0.1:${rtmpPort}/live/x`;
    const streamer = new Program(mine, 'streamer', [url]);
    await streamer.says('Again in 1 s.');
    const gateway = await world.startGateway(
      { name: 'again', rtmpPort, httpPort });
    await gateway.hasStream('x');
    await gateway.process.die();
    const before = streamer.said.length;
    await eventually(() => streamer.said.slice(before).includes('Again in'),
      'the streamer notices that the server is gone');
    const second = await world.startGateway(
      { name: 'again-2', rtmpPort, httpPort });
    await second.hasStream('x');
    assert.equal(await streamer.exit(), 0);
    await second.process.stop();

    const strict = new Program(mine, 'streamer', ['--no-reconnect', url]);
    assert.equal((await strict.ended)[0], 1, strict.said);
  });
}

export const programCases = [
  ['streamer: a test picture and a file can pause and keep their viewers',
    streamersPause],
  ['gateway: pause freezes every picture, play resumes it', gatewayPauses],
  ['streamer: nginx sees the stream end properly', nginxIsServed],
  ["streamer: ffmpeg's listener receives every frame", ffmpegListens],
  ['streamer: it retries when the server goes away', comesAgain],
];
