// SPDX-License-Identifier: LGPL-2.1-or-later
// A lossy network in front of a gateway, at a port of its own for HTTP and UDP.
// It rewrites the answers that it forwards, so that the browser's media passes
// through it, too. It drops a share of RTP and RTCP, in both directions, by a
// seed, and all copies of the video packets that a test selects; handshakes are
// forwarded, so that all runs start alike.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { freePort } from '../e2e/process.mjs';

// UDP peers; a browser that checks all candidates uses a few.
const MAX_PEERS = 64;
const MAX_BODY_BYTES = 65536;

// Mulberry32: the same numbers from 0 to 1 for the same seed.
export function numbersFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const RTP_HEADER_BYTES = 12;
const VIDEO_CLOCK_HZ = 90000;

// RFC 7983 section 7.
function isMedia(packet) {
  return packet.length > 0 && packet[0] >= 128 && packet[0] <= 191;
}

// RFC 5761 section 4.
function isRtp(packet) {
  return isMedia(packet) && packet.length >= RTP_HEADER_BYTES
    && (packet[1] < 192 || packet[1] > 223);
}

// The video of one viewer, as far as it can be read without the keys.
class Video {
  constructor(answer) {
    const section = answer.split(/^(?=m=)/m)
      .find((lines) => lines.startsWith('m=video')) ?? '';
    const formats = [...section.matchAll(/^a=rtpmap:(\d+) (\w+)/gm)]
      .map(([, number, name]) => [Number(number), name]);
    this.names = new Map(formats);
    this.seqs = new Set();
    this.nRepeated = 0;
    this.nRtx = 0;
    // Of the newest packet; the first one begins a key frame.
    this.seconds = 0;
  }

  // The packet's place in the stream; undefined if it is no video packet.
  read(packet) {
    const name = isRtp(packet) ? this.names.get(packet[1] & 0x7f) : undefined;
    if (name === undefined) {
      return undefined;
    }
    const time = packet.readUInt32BE(4);
    this.firstTime ??= time;
    const seconds = ((time - this.firstTime) >>> 0) / VIDEO_CLOCK_HZ;
    this.seconds = Math.max(this.seconds, seconds);
    this.count(name, packet.readUInt16BE(2));
    return seconds;
  }

  // RTX packets have sequence numbers of their own.
  count(name, seq) {
    if (name === 'rtx') {
      this.nRtx += 1;
      return;
    }
    if (this.seqs.has(seq)) {
      this.nRepeated += 1;
    }
    this.seqs.add(seq);
  }
}

// The offer of a browser that knows no retransmission format (RFC 4588).
export function withoutRtx(sdp) {
  const formats = [...sdp.matchAll(/^a=rtpmap:(\d+) rtx\//gm)]
    .map((match) => match[1]);
  return sdp.split('\r\n')
    .filter((line) => !formats.some((format) =>
      line.startsWith(`a=rtpmap:${format} `)
        || line.startsWith(`a=fmtp:${format} `)))
    .map((line) => (line.startsWith('m=video') ? line.split(' ')
      .filter((word, i) => i < 3 || !formats.includes(word)).join(' ') : line))
    .join('\r\n');
}

async function bodyOf(stream) {
  const parts = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_BODY_BYTES) {
      throw new Error('the body exceeds MAX_BODY_BYTES');
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

// Of an IPv4 address as an IPv6 socket reports it.
function ipv4(address) {
  return address.replace(/^::ffff:/, '');
}

// It reaches the gateway at the address that the browser used: Firefox discards
// a response to its check that names 127.0.0.1 ("XOR-MAPPED-ADDRESS is bogus").
export class Relay {
  // @loss: a share from 0 to 1. @changeOffer: maps each offer to what is
  // forwarded.
  static async start(port, { loss = 0, seed = 0,
    changeOffer = (sdp) => sdp } = {}) {
    const self = new Relay();
    Object.assign(self, { port, loss, changeOffer, nLost: 0, nPassed: 0,
      nOffers: 0, next: numbersFrom(seed), peers: new Map() });
    // Whether video of this second of the stream never arrives.
    self.losesForGood = () => false;
    self.http = createServer((from, to) => self.passRequest(from, to));
    self.http.listen(await freePort());
    await once(self.http, 'listening');
    self.udp = createSocket('udp6');
    self.udp.on('message', (packet, from) => self.passUp(packet, from));
    self.udp.bind(self.ownPort);
    await once(self.udp, 'listening');
    return self;
  }

  get ownPort() {
    return this.http.address().port;
  }

  async passRequest(from, to) {
    try {
      const isOffer = from.method === 'POST';
      const body = await bodyOf(from);
      this.address = ipv4(from.socket.localAddress);
      const passed = isOffer ? this.changeOffer(body.toString()) : body;
      const headers = { ...from.headers, connection: 'close' };
      // An empty chunked body would still be in flight when the answer arrives.
      if (body.length > 0) {
        headers['content-length'] = Buffer.byteLength(passed);
      }
      const sent = request({ host: this.address, port: this.port,
        method: from.method, path: from.url, headers, agent: false });
      sent.end(passed);
      const [answer] = await once(sent, 'response');
      const text = await bodyOf(answer);
      const replied = { ...answer.headers, connection: 'close' };
      delete replied['content-length'];
      to.writeHead(answer.statusCode, replied);
      to.end(isOffer ? this.takeAnswer(text.toString()) : text);
    } catch (error) {
      to.writeHead(502);
      to.end(error.message);
    }
  }

  takeAnswer(sdp) {
    this.nOffers += 1;
    this.video = new Video(sdp);
    return sdp.replaceAll(` ${this.port} typ host`,
      ` ${this.ownPort} typ host`);
  }

  isLost(packet) {
    const isLost = isMedia(packet) && this.next() < this.loss;
    if (isLost) {
      this.nLost += 1;
    } else {
      this.nPassed += 1;
    }
    return isLost;
  }

  passUp(packet, from) {
    const key = `${from.address} ${from.port}`;
    if (!this.peers.has(key) && this.peers.size < MAX_PEERS) {
      this.peers.set(key, this.makePeer(from));
    }
    if (!this.isLost(packet)) {
      this.peers.get(key)?.send(packet, this.port, this.address);
    }
  }

  makePeer(to) {
    const socket = createSocket('udp4');
    socket.on('message', (packet) => {
      const seconds = this.video.read(packet);
      const isGone = seconds !== undefined && this.losesForGood(seconds);
      if (!isGone && !this.isLost(packet)) {
        this.udp.send(packet, to.port, to.address);
      }
    });
    return socket;
  }

  async close() {
    this.http.closeAllConnections();
    this.http.close();
    this.udp.close();
    for (const peer of this.peers.values()) {
      peer.close();
    }
  }
}
