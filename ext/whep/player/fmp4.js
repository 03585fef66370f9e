// Fragmented MP4 (ISO/IEC 14496-12), as far as the page must understand it:
// where a box ends, what the tracks are, and which fragments are key frames.

const HEADER_BYTES = 8;
// More than any frame has; a longer box is not one.
export const MAX_BOX_BYTES = 1 << 25;
const NON_SYNC = 0x10000; // of a sample's flags
const NOT_MP4 = 'What the server sends isn’t MP4.';

const uint32 = (bytes, at) => {
  if (at + 4 > bytes.length)
    throw new Error(NOT_MP4);
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) |
    bytes[at + 3]) >>> 0;
};

const fourCc = (bytes, at) => {
  uint32(bytes, at);
  return String.fromCharCode(...bytes.subarray(at, at + 4));
};

export const join = (chunks) => {
  if (chunks.length === 1)
    return chunks[0];
  const joined = new Uint8Array(
    chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
};

// Boxes whose size is 0 or 1, which is to the end of the file or a size of 64
// bits, do not occur in a live stream of ours.
const sizeAt = (bytes, at) => {
  const size = uint32(bytes, at);
  if (size < HEADER_BYTES || size > MAX_BOX_BYTES)
    throw new Error(NOT_MP4);
  return size;
};

// Cuts a stream at the ends of its boxes.
export class BoxReader {
  constructor() {
    this.chunks = [];
    this.nBytes = 0;
    this.nNeeded = HEADER_BYTES;
  }

  // Returns the boxes that @chunk completes, as bytes with their headers.
  // Throws if it is not MP4.
  push(chunk) {
    const boxes = [];
    this.chunks.push(chunk);
    this.nBytes += chunk.length;
    while (this.nBytes >= this.nNeeded) {
      const bytes = join(this.chunks);
      const size = sizeAt(bytes, 0);
      const isWhole = size <= bytes.length;
      if (isWhole)
        boxes.push(bytes.subarray(0, size));
      this.chunks = [isWhole ? bytes.subarray(size) : bytes];
      this.nBytes = this.chunks[0].length;
      this.nNeeded = isWhole ? HEADER_BYTES : size;
    }
    return boxes;
  }
}

export const typeOf = (box) => fourCc(box, 4);

// The children of @type of a box, which are after its first @nBefore bytes.
const childrenOf = (box, type, nBefore = HEADER_BYTES) => {
  const found = [];
  for (let at = nBefore; at < box.length;) {
    const size = sizeAt(box, at);
    if (at + size > box.length)
      throw new Error(NOT_MP4);
    if (fourCc(box, at + 4) === type)
      found.push(box.subarray(at, at + size));
    at += size;
  }
  return found;
};

const descend = (box, ...path) => path.reduce((parent, type) => {
  const [child] = childrenOf(parent, type);
  if (!child)
    throw new Error(NOT_MP4);
  return child;
}, box);

// tkhd's times are of 32 or 64 bits, by its version.
const trackId = (tkhd) => uint32(tkhd, tkhd[HEADER_BYTES] === 1 ? 28 : 20);

const defaultFlags = (moov, id) => {
  for (const mvex of childrenOf(moov, 'mvex'))
    for (const trex of childrenOf(mvex, 'trex'))
      if (uint32(trex, 12) === id)
        return uint32(trex, 28);
  return 0;
};

// Of a "moov" box, one entry per track: its id, whether it is video, the type
// of its samples ("avc1"), and the flags of samples that say nothing else.
export const tracksOf = (moov) => childrenOf(moov, 'trak').map((trak) => {
  const id = trackId(descend(trak, 'tkhd'));
  const mdia = descend(trak, 'mdia');
  const stsd = descend(mdia, 'minf', 'stbl', 'stsd');
  return {
    id,
    isVideo: fourCc(descend(mdia, 'hdlr'), 16) === 'vide',
    type: fourCc(stsd, 20),
    flags: defaultFlags(moov, id),
  };
});

// Which optional fields of four bytes precede, by the bits of @flags.
const nFields = (flags, bits) =>
  bits.reduce((sum, bit) => sum + (flags & bit ? 1 : 0), 0);

const tfhdFlags = (tfhd) => {
  const flags = uint32(tfhd, 8) & 0xffffff;
  const at = 16 + (flags & 1 ? 8 : 0) + 4 * nFields(flags, [2, 8, 16]);
  return flags & 0x20 ? uint32(tfhd, at) : null;
};

const trunFlags = (trun) => {
  const flags = uint32(trun, 8) & 0xffffff;
  const at = 16 + 4 * nFields(flags, [1]);
  if (flags & 4)
    return uint32(trun, at);
  return flags & 0x400 ?
    uint32(trun, at + 4 * nFields(flags, [0x100, 0x200])) : null;
};

// From when a frame is decoded to when it is shown.
const compositionOffset = (trun) => {
  const flags = uint32(trun, 8) & 0xffffff;
  return flags & 0x800 ?
    uint32(trun, 16 + 4 * nFields(flags, [1, 4, 0x100, 0x200, 0x400])) : 0;
};

// Of a "moof" box with one frame: the entry of @tracks that it belongs to,
// whether it is a key frame, and whether it is shown later than it is decoded.
export const fragmentOf = (moof, tracks) => {
  const traf = descend(moof, 'traf');
  const tfhd = descend(traf, 'tfhd');
  const track = tracks.find(({ id }) => id === uint32(tfhd, 12));
  if (!track)
    throw new Error(NOT_MP4);
  const trun = descend(traf, 'trun');
  const found = [trunFlags(trun), tfhdFlags(tfhd), track.flags].find((flags) =>
    flags !== null);
  return { track, isKey: !(found & NON_SYNC),
    isReordered: compositionOffset(trun) !== 0 };
};
