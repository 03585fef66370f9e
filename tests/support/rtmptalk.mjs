// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of a publisher, made by hand.

const BLOCK_BYTES = 1536;

// C0, C1 and C2, the last before S1 has been received.
export const HANDSHAKE = Buffer.concat([Buffer.from([3]),
  Buffer.alloc(2 * BLOCK_BYTES)]);

function string(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length]), bytes]);
}

// AMF0, as far as a publisher's commands need it.
export function amf0(value) {
  if (value === null) {
    return Buffer.from([5]);
  }
  if (typeof value === 'string') {
    return Buffer.concat([Buffer.from([2]), string(value)]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  return Buffer.concat([Buffer.from([3]),
    ...Object.entries(value).flatMap(([name, v]) => [string(name), amf0(v)]),
    Buffer.from([0, 0, 9])]);
}

// One message in one chunk with a header of type 0.
export function message(chunkStream, type, streamId, time, body) {
  const header = Buffer.alloc(12);
  header[0] = chunkStream;
  header.writeUIntBE(time, 1, 3);
  header.writeUIntBE(body.length, 4, 3);
  header[7] = type;
  header.writeUInt32LE(streamId, 8);
  return Buffer.concat([header, body]);
}

export function command(streamId, ...values) {
  return message(3, 20, streamId, 0, Buffer.concat(values.map(amf0)));
}

export function setChunkSize(size) {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(size);
  return message(2, 1, 0, 0, body);
}
