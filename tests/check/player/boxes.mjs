// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes fragmented MP4 for the player's tests, with nothing in it but what the
// player reads.

export const VIDEO = 1;
export const AUDIO = 2;
const NOTHING = new Uint8Array(0);
const NON_SYNC = 0x10000;

export function uint32(...numbers) {
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => view.setUint32(4 * i, number));
  return bytes;
}

export function concat(...parts) {
  return new Uint8Array(Buffer.concat(parts));
}

export function text(string) {
  return new Uint8Array(Buffer.from(string, 'latin1'));
}

export function box(type, ...parts) {
  const body = concat(...parts);
  return concat(uint32(8 + body.length), text(type), body);
}

function trak(id, handler, entry, isLong) {
  return box('trak',
    box('tkhd', uint32(isLong ? 1 << 24 : 0),
      uint32(...new Array(isLong ? 4 : 2).fill(0), id, 0)),
    box('mdia',
      box('hdlr', uint32(0, 0), text(handler)),
      box('minf', box('stbl',
        box('stsd', uint32(0, 1), box(entry, uint32(0)))))));
}

export function moov({ video = 'avc1', audio = 'mp4a', isLong = false,
  flags = 0 } = {}) {
  return box('moov', box('mvhd', uint32(0)),
    video ? trak(VIDEO, 'vide', video, isLong) : NOTHING,
    audio ? trak(AUDIO, 'soun', audio, isLong) : NOTHING,
    box('mvex', box('trex', uint32(0, VIDEO, 1, 0, 0, flags))));
}

// @where: the box with the sample's flags; @offset: from decoding to showing.
export function moof({ track = VIDEO, isKey = false, where = 'tfhd',
  offset = null } = {}) {
  const flags = isKey ? 0 : NON_SYNC;
  const tfhd = where === 'tfhd'
    ? uint32(0x20039, track, 0, 0, 3000, 100, flags)
    : uint32(0x20008, track, 3000);
  const trun = {
    first: uint32(0x5, 1, 80, flags),
    sample: uint32(0x701, 1, 80, 3000, 100, flags),
  }[where] ?? uint32(0x201, 1, 80, 100);
  if (offset !== null) {
    trun[2] |= 0x08;
  }
  return box('moof', box('mfhd', uint32(0, 1)),
    box('traf', box('tfhd', tfhd), box('trun', trun,
      offset === null ? NOTHING : uint32(offset))));
}

export function fragment(options) {
  return concat(moof(options), box('mdat', new Uint8Array(100)));
}
