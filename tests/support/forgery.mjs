// SPDX-License-Identifier: LGPL-2.1-or-later
// Datagrams that an attacker sends to a media port: STUN, DTLS, RTCP and SRTP
// of a session whose passwords and keys it does not have.

const STUN_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const USE_CANDIDATE = 0x0025;
const MAX_BYTES = 1400;

function bytesFrom(next, size) {
  return Buffer.from(Array.from({ length: size }, () =>
    Math.floor(next() * 256)));
}

function attribute(type, value, size = value.length) {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(size, 2);
  return Buffer.concat([head, value,
    Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

// RFC 8489 section 5.
function stun(next, attributes, size) {
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(8);
  head.writeUInt16BE(BINDING_REQUEST);
  head.writeUInt16BE(size ?? body.length, 2);
  head.writeUInt32BE(STUN_COOKIE, 4);
  return Buffer.concat([head, bytesFrom(next, 12), body]);
}

// RFC 6347 section 4.1: a record of DTLS 1.2.
function record(type, body, size = body.length) {
  const head = Buffer.alloc(13);
  head[0] = type;
  head.writeUInt16BE(0xfefd, 1);
  head.writeUInt16BE(size, 11);
  return Buffer.concat([head, body]);
}

// RFC 3550 section 6.4: a packet of words after the header.
function rtcp(count, type, words) {
  const packet = Buffer.alloc(4 + 4 * words.length);
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(words.length, 2);
  words.forEach((word, i) => packet.writeUInt32BE(word, 4 + 4 * i));
  return packet;
}

// Yields without an end: each kind in turn, for the session @ufrag.
export function* datagramsFor(ufrag, next) {
  const name = attribute(USERNAME, Buffer.from(`${ufrag}:evil`));
  const forged = () => attribute(MESSAGE_INTEGRITY, bytesFrom(next, 20));
  const nominated = attribute(USE_CANDIDATE, Buffer.alloc(0));
  const kinds = [
    () => bytesFrom(next, Math.floor(next() * MAX_BYTES)),
    () => Buffer.alloc(0),
    () => stun(next, [name]),
    () => stun(next, [name, nominated, forged()]),
    () => stun(next, [name, nominated, forged()], 0xfffc),
    () => stun(next, [attribute(USERNAME, Buffer.from(ufrag), 0xffff)]),
    () => record(22, bytesFrom(next, 200)),
    () => record(22, bytesFrom(next, 20), 0xffff),
    () => record(21, Buffer.from([2, 0])), // a fatal close_notify
    () => record(23, bytesFrom(next, 100)),
    // BYE, PLI, a NACK of 17 packets, and a receiver report that lost all.
    () => rtcp(1, 203, [1]),
    () => rtcp(1, 206, [1, 1]),
    () => rtcp(1, 205, [1, 1, 0x0001ffff]),
    () => rtcp(1, 201, [1, 1, 0xff7fffff, 0xffff, 0xffffffff, 0, 0]),
    () => Buffer.concat([rtcp(1, 203, [1]), bytesFrom(next, 14)]),
    () => Buffer.concat([Buffer.from([0x80, 96]), bytesFrom(next, 1000)]),
  ];
  for (;;) {
    for (const kind of kinds) {
      yield kind();
    }
  }
}
