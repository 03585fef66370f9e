// SPDX-License-Identifier: LGPL-2.1-or-later
// Floods over HTTP, RTCP and video, all at the same time, of a gateway with few
// viewer slots: a viewer of another stream notices nothing, and memory comes
// back.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Enemy } from '../support/enemy.mjs';
import { command, HANDSHAKE, message, setChunkSize }
  from '../support/rtmptalk.mjs';
import { besieged } from './hostile.mjs';
import { eventually, Process } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const MAX_VIEWERS = 40;
const OPTIONS = [`MAX_VIEWERS=${MAX_VIEWERS}`];
const N_OFFERS = 1000;
const OFFERS_AT_ONCE = 16;
const N_READERS = 6;
const N_RANGES = 10000;
const N_HUGE = 5;
const HUGE = '4096x4096';
const N_FLOODERS = 5;
const FLOOD_VIEWERS_SEEN = 100;
const N_BROKEN = 25;
const N_BROKEN_FRAMES = 200;
const BROKEN_BYTES = 32 * 1024;
const VIDEO = 9;
// Each client has an address of its own.
const FROM = { offers: '127.0.0.2', ranges: '127.0.0.3', broken: '127.0.0.4' };

const run = promisify(execFile);

// Posts an offer as a browser does, from another address. Resolves to the
// status.
async function offer(gateway, name, sdp) {
  const post = request({ host: '127.0.0.1', port: gateway.httpPort,
    localAddress: FROM.offers, method: 'POST', path: `/whep/live/${name}`,
    headers: { 'Content-Type': 'application/sdp' } });
  post.end(sdp);
  const [answer] = await once(post, 'response');
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

// Requests one file many times over, from a client that does not read.
function rangesOf(path) {
  return `GET ${path} HTTP/1.1\r\nHost: gateway\r\n`
    + `Range: bytes=${Array(N_RANGES).fill('0-').join(',')}\r\n\r\n`;
}

// Over Enhanced RTMP: frames of @fourCc that no payloader can parse.
function brokenFrames(fourCc, name) {
  const body = Buffer.alloc(BROKEN_BYTES, 0xa5);
  body[0] = 0x91; // a key frame's CodedFrames
  body.write(fourCc, 1, 'latin1');
  return Buffer.concat([HANDSHAKE, setChunkSize(1 << 20),
    command(0, 'connect', 1, { app: 'live' }),
    command(0, 'createStream', 2, null),
    command(1, 'publish', 3, null, name, 'live'),
    ...Array.from({ length: N_BROKEN_FRAMES }, (_, i) =>
      message(6, VIDEO, 1, 33 * i, body))]);
}

class Flood {
  constructor(world, gateway) {
    Object.assign(this, { world, gateway, statuses: {} });
  }

  get said() {
    return `offers: ${JSON.stringify(this.statuses)}; `
      + `readers received ${this.nRead} bytes each; ${this.asked}`;
  }

  // Nobody connects after them.
  async offers(name, nOffers) {
    const sdp = readFileSync(join(this.world.root,
      'tests/support/offers/chromium-156-linux.sdp'));
    for (let i = 0; i < nOffers; i += OFFERS_AT_ONCE) {
      const statuses = await Promise.all(Array.from({ length: OFFERS_AT_ONCE },
        () => offer(this.gateway, name, sdp)));
      for (const status of statuses) {
        this.statuses[status] = (this.statuses[status] || 0) + 1;
      }
    }
  }

  async ranges(nReaders) {
    const readers = await Promise.all(Array.from({ length: nReaders },
      async () => {
        const socket = connect({ host: '127.0.0.1',
          port: this.gateway.httpPort, localAddress: FROM.ranges });
        await once(socket, 'connect');
        socket.on('error', () => {});
        socket.pause();
        socket.write(rangesOf('/player.js'));
        return socket;
      }));
    assert.ok((await fetch(`${this.gateway.url}/healthz`)).ok);
    this.nRead = readers.map(({ bytesRead }) => bytesRead);
    readers.forEach((socket) => socket.destroy());
  }

  // The viewers of a stream of their own keep requesting all of it again.
  async feedback() {
    const { world, gateway } = this;
    await publishing(world.publishers.ffmpeg(gateway, 'flooded'), async () => {
      await gateway.hasStream('flooded');
      const flood = new Process(join(world.build, 'tests', 'bench', 'flood'),
        [`${gateway.url}/whep/live/flooded`, `${N_FLOODERS}`],
        { log: join(world.folder, 'flood.log') });
      try {
        await eventually(async () => (await gateway.viewers('flooded'))
          .filter(({ nacked }) => nacked >= FLOOD_VIEWERS_SEEN).length
          === N_FLOODERS, 'the flood has arrived');
        await Promise.all([this.offers('flooded', N_OFFERS),
          this.ranges(N_READERS), this.huge(N_HUGE), this.broken(N_BROKEN)]);
        // A real viewer gets a slot.
        await watching(world, gateway.watchUrl('flooded'),
          (watcher) => watcher.showsPicture());
      } finally {
        await flood.stop();
      }
      this.asked = flood.output.trim().split('\n').at(-1);
    });
  }

  // Few bytes, many pixels, and B-frames, which would be transcoded.
  async huge(nHuge) {
    const { world, gateway } = this;
    const file = join(world.folder, 'huge.flv');
    if (!existsSync(file)) {
      await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i',
        `color=size=${HUGE}:rate=5:duration=1`, '-c:v', 'libx264', '-preset',
        'ultrafast', '-bf', '2', '-g', '5', file]);
    }
    const publishers = Array.from({ length: nHuge }, (_, i) =>
      world.publishers.start(`huge-${i}`,
        join(world.root, 'tests/support/flv-publish.mjs'),
        [file, '127.0.0.1', `${gateway.rtmpPort}`, 'live', `huge-${i}`]));
    try {
      for (let i = 0; i < nHuge; i += 1) {
        await eventually(async () =>
          (await gateway.stream(`huge-${i}`))?.video?.unplayable,
        `huge-${i} is reported as too large`);
      }
    } finally {
      await Promise.all(publishers.map((publisher) => publisher.stop()));
    }
  }

  async broken(nBroken) {
    for (let i = 0; i < nBroken; i += 1) {
      const enemy = await Enemy.come(this.gateway.rtmpPort, FROM.broken);
      enemy.says(brokenFrames(i % 2 === 0 ? 'vp08' : 'vp09', `broken-${i}`));
      await enemy.ends(`broken-${i}`);
    }
  }

  async isRehearsed() {
    await Promise.all([this.offers('victim', 1), this.ranges(1), this.huge(1),
      this.broken(2)]);
  }

  async isLaid() {
    await this.feedback();
  }

  async isReported() {
    assert.ok(this.statuses[201] > 0);
    assert.doesNotMatch(this.gateway.process.output, /CRITICAL|WARNING \*\*/);
  }
}

export const floodCases = [
  ['floods by HTTP, RTCP and video cost a viewer no frame',
    (world) => besieged(world, Flood, OPTIONS)],
];
