// SPDX-License-Identifier: LGPL-2.1-or-later
// What an attacker may send to the viewers' port, over HTTP, HTTPS and UDP, all
// at the same time: a viewer in a browser notices nothing, and memory stays
// within a limit.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { datagramsFor } from '../support/forgery.mjs';
import { numbersFrom } from '../support/relay.mjs';
import { WebEnemy } from '../support/webenemy.mjs';
import { besieged } from './hostile.mjs';
import { eventually } from './process.mjs';

const SEED = 15;
const MAX_VIEWERS = 40;
const N_OFFERS = 10000;
const AT_ONCE = 16;
const N_GUESSES = 2000;
// What is let through: WHEP_RATE_LIMIT_BURST and WHEP_AUTHORIZER_GUESSES, and
// more in each second.
const OFFERS = { burst: 1000, perS: 100 };
const GUESSES = { burst: 20, perS: 1 / 5 };
// More than max-connections-per-address.
const N_SLOW = 160;
const MAX_SLOW = 128;
const SLOW_MS = 1000;
const SLOW_ROUNDS = 8;
const HEADER_FLOOD_BYTES = 64 * 1024 * 1024;
const BODY_BYTES = 100 * 1024 * 1024;
const N_SOCKETS = 8;
const N_DATAGRAMS = 20000;
const DATAGRAMS_AT_ONCE = 50;
// Each kind has an address of its own, as each attacker does.
const FROM = { offers: '127.0.0.2', slow: '127.0.0.3', headers: '127.0.0.4',
  bodies: '127.0.0.5', paths: '127.0.0.6', guesses: '127.0.0.7',
  datagrams: '127.0.0.8' };
const TOKEN = 'the-right-one';
const BOTH = [false, true]; // HTTP, HTTPS

// Of whatever the path is; the file system's root has etc/passwd.
const UP = ['..', '%2e%2e', '%2E%2e', '.%2e', '%c0%ae%c0%ae', '..%00', '..;',
  '%252e%252e', '..%5c', '%uff0e%uff0e'];
const SEPARATORS = ['/', '%2f', '%5c', '\\', '//', '%c0%af'];
const PATHS = [
  ...UP.flatMap((up) => SEPARATORS.map((separator) =>
    `/${Array(8).fill(up).join(separator)}${separator}etc/passwd`)),
  '//attacker.example/%2e%2e', '//attacker.example', '/\\attacker.example',
  '/watch/live/cam%00.html', '/watch//', '/watch/live/%0d%0aSet-Cookie:a=b',
  '/whep/live/%ff%fe', '/whep/%', '/whep/live/cam/%2e%2e/%2e%2e', '/%00',
  '/player.js%00', '/player.js/..', '/api/streams/../../etc/passwd',
  `/${'a'.repeat(60000)}`, `/watch/live/${'%41'.repeat(20000)}`,
  `/${'../'.repeat(20000)}etc/passwd`, 'http://attacker.example/', '*',
  'attacker.example:443',
];

const mostOf = ({ burst, perS }, tookS) => burst + perS * tookS + 1;

function countIn(counts, key) {
  counts[key] = (counts[key] || 0) + 1;
}

class Attack {
  constructor(world, gateway) {
    Object.assign(this, { world, gateway, offered: {}, guessed: {} });
  }

  // What a request, an allocator and TLS take for each of max-viewers and 256
  // connections, and far less than a single body of the attack.
  static maxGrowthKb = 32 * 1024;

  get said() {
    return `seed ${SEED}; offers: ${JSON.stringify(this.offered)}; guesses: `
      + `${JSON.stringify(this.guessed)}; ${this.nSlow} slow bodies left`;
  }

  // The viewer that is sent the stream, of all that have made an offer.
  watching() {
    return eventually(async () => (await this.gateway.viewers('victim'))
      .find(({ packets }) => packets > 0), 'the viewer is counted');
  }

  enemy(from, isSecure) {
    return WebEnemy.come(this.gateway.httpPort, from, isSecure);
  }

  // Sends @n requests over kept connections, half of them by TLS.
  async requests(n, from, path, options, counts) {
    const beganMs = Date.now();
    const agents = [http, https].map(({ Agent }) => new Agent({
      keepAlive: true, maxSockets: AT_ONCE, localAddress: from,
      rejectUnauthorized: false }));
    const send = async (i) => {
      const { headers, body, ...rest } = options(i);
      const { request } = [http, https][i % 2];
      const sent = request({ host: '127.0.0.1', port: this.gateway.httpPort,
        agent: agents[i % 2], path, headers, ...rest });
      sent.end(body);
      const [answer] = await once(sent, 'response');
      answer.resume();
      await once(answer, 'end');
      countIn(counts, answer.statusCode);
    };
    for (let i = 0; i < n; i += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, n - i) },
        (_, k) => send(i + k)));
    }
    agents.forEach((agent) => agent.destroy());
    return (Date.now() - beganMs) / 1000;
  }

  // Nobody connects after them.
  async offers(n) {
    const body = readFileSync(join(this.world.root,
      'tests/support/offers/chromium-156-linux.sdp'));
    this.offersTookS = await this.requests(n, FROM.offers,
      '/whep/live/victim', () => ({ method: 'POST',
        headers: { 'Content-Type': 'application/sdp' }, body }), this.offered);
  }

  async guesses(n) {
    this.guessesTookS = await this.requests(n, FROM.guesses, '/metrics',
      () => ({ headers: {
        Authorization: `Bearer ${randomBytes(16).toString('hex')}` } }),
      this.guessed);
  }

  // Bodies of a byte a second.
  async slowBodies(n, nRounds) {
    const enemies = await Promise.all(Array.from({ length: n }, (_, i) =>
      this.enemy(FROM.slow, i % 2 === 1)));
    enemies.forEach((enemy) => enemy.says('POST /whep/live/victim HTTP/1.1\r\n'
      + 'Host: gateway\r\nContent-Type: application/sdp\r\n'
      + 'Content-Length: 1000\r\n\r\n'));
    for (let i = 0; i < nRounds; i += 1) {
      enemies.forEach((enemy) => enemy.says('v'));
      assert.ok((await fetch(`${this.gateway.url}/healthz`)).ok);
      await pause(SLOW_MS);
    }
    this.nSlow = enemies.filter(({ isGone }) => !isGone).length;
    enemies.forEach((enemy) => enemy.leaves());
  }

  // One line without an end, and lines without an end.
  async headerFloods(size) {
    const piece = Buffer.alloc(64 * 1024, 'a');
    const lines = Buffer.from('A: b\r\n'.repeat(10000));
    await Promise.all(BOTH.flatMap((isSecure) => [piece, lines].map(
      async (bytes) => {
        const enemy = await this.enemy(FROM.headers, isSecure);
        enemy.says('GET / HTTP/1.1\r\nHost: gateway\r\nA: ');
        await enemy.floods(bytes, size);
        await enemy.isDisconnected('a flood of headers');
        assert.match(enemy.heard, /^(HTTP\/1\.1 4|$)/);
      })));
  }

  // Of a length that is announced, and of one that is not.
  async largeBodies(size) {
    const piece = Buffer.alloc(64 * 1024, 'v');
    const kinds = [[`Content-Length: ${size}`, piece, ''],
      ['Transfer-Encoding: chunked', Buffer.concat([
        Buffer.from(`${piece.length.toString(16)}\r\n`), piece,
        Buffer.from('\r\n')]), '0\r\n\r\n']];
    await Promise.all(BOTH.flatMap((isSecure) => kinds.map(
      async ([header, bytes, end]) => {
        const enemy = await this.enemy(FROM.bodies, isSecure);
        enemy.says('POST /whep/live/victim HTTP/1.1\r\nHost: gateway\r\n'
          + `Content-Type: application/sdp\r\n${header}\r\n\r\n`);
        await enemy.floods(bytes, size);
        enemy.says(end);
        await enemy.isAnswered(header);
        assert.match(enemy.heard, /^HTTP\/1\.1 413 /, header);
        enemy.leaves();
      })));
  }

  async paths() {
    for (const [i, path] of PATHS.entries()) {
      const enemy = await this.enemy(FROM.paths, i % 2 === 1);
      enemy.says(`GET ${path} HTTP/1.1\r\nHost: gateway\r\n`
        + 'Connection: close\r\n\r\n');
      await enemy.isDisconnected(path);
      const what = `${path.slice(0, 100)}: ${enemy.heard.slice(0, 300)}`;
      assert.match(enemy.heard, /^(HTTP\/1\.1 [1-4]|$)/, what);
      assert.doesNotMatch(enemy.heard, /root:|Set-Cookie/, what);
      assert.doesNotMatch(enemy.heard, /\nLocation: *(\w+:|\/\/|\/?\\)/, what);
    }
  }

  // To the media port: with the names of an own session and of the viewer's,
  // but without their passwords.
  async datagrams(n) {
    const { viewer } = await this.watching();
    const forged = datagramsFor(viewer, numbersFrom(SEED));
    const sockets = await Promise.all(Array.from({ length: N_SOCKETS },
      async () => {
        const socket = createSocket('udp4');
        socket.bind(0, FROM.datagrams);
        await once(socket, 'listening');
        return socket;
      }));
    for (let i = 0; i < n; i += DATAGRAMS_AT_ONCE) {
      for (let k = 0; k < DATAGRAMS_AT_ONCE; k += 1) {
        sockets[k % N_SOCKETS].send(forged.next().value,
          this.gateway.httpPort, '127.0.0.1');
      }
      await pause(1);
    }
    sockets.forEach((socket) => socket.close());
  }

  // As many connections at any time, because OpenSSL and malloc keep what a
  // connection took for the next one, but only a share of all requests.
  async all(share) {
    await Promise.all([this.offers(N_OFFERS * share),
      this.guesses(N_GUESSES * share), this.headerFloods(HEADER_FLOOD_BYTES),
      this.slowBodies(N_SLOW, Math.ceil(SLOW_ROUNDS * share)),
      this.largeBodies(BODY_BYTES * share), this.paths(),
      this.datagrams(N_DATAGRAMS * share)]);
  }

  async isRehearsed() {
    await this.all(0.05);
    Object.assign(this, { offered: {}, guessed: {} });
  }

  async isLaid() {
    await this.all(1);
  }

  async isReported() {
    const { offered, guessed, nSlow } = this;
    const nOther = (counts, ...known) => Object.entries(counts).filter(
      ([status]) => !known.includes(status)).length;
    assert.equal(nOther(offered, '201', '429', '503'), 0);
    assert.ok(offered[201] > 0 && offered[429] > 0);
    assert.ok(offered[201] <= mostOf(OFFERS, this.offersTookS));
    assert.equal(nOther(guessed, '401', '429'), 0);
    assert.ok((guessed[401] ?? 0) <= mostOf(GUESSES, this.guessesTookS));
    assert.ok(nSlow > 0 && nSlow <= MAX_SLOW);
    assert.doesNotMatch(this.gateway.process.output, /CRITICAL|WARNING \*\*/);
  }

  // All that the browser asked for was its start.
  async hasCost({ lost, plis }) {
    const { key_frame_requests: nRequests, nacked } = await this.watching();
    assert.deepEqual({ lost, nacked }, { lost: 0, nacked: 0 });
    assert.ok(plis <= 1 && nRequests <= 1, `${plis} PLIs, ${nRequests}`);
  }
}

async function attacked(world) {
  const tokens = join(world.folder, 'attack-tokens');
  writeFileSync(tokens, `${TOKEN}\n`);
  await besieged(world, Attack, [`MAX_VIEWERS=${MAX_VIEWERS}`,
    `TLS_SELF_SIGNED=${join(world.folder, 'attack-tls')}`,
    `API_TOKEN_FILE=${tokens}`], { Authorization: `Bearer ${TOKEN}` });
}

export const attackCases = [
  ["attacks on the viewers' port cost a viewer no frame", attacked],
];
