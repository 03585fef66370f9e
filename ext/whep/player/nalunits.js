// H.264 for WebCodecs. As a byte stream with start codes, browsers decode it
// without its B-frames; with length prefixes and the parameter sets apart, they
// decode all of it.

const SPS = 7;
const PPS = 8;
const DELIMITER = 9;

const typeOf = (unit) => unit[0] & 0x1f;

// The NAL units of a frame, without start codes (H.264, annex B).
export const unitsOf = (data) => {
  const units = [];
  let start = -1;
  const end = (at) => {
    while (at > start && data[at - 1] === 0)
      at -= 1;
    if (start >= 0 && at > start)
      units.push(data.subarray(start, at));
  };
  for (let i = 0; i + 2 < data.length;)
    if (data[i + 2] > 1) {
      i += 3;
    } else if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) {
      end(i);
      i += 3;
      start = i;
    } else {
      i += 1;
    }
  end(data.length);
  return units;
};

const hex = (byte) => byte.toString(16).padStart(2, '0');

// ISO/IEC 14496-15, 5.3.3.1. The server forwards nothing but 4:2:0 of 8 bits.
const HIGH_PROFILES = [100, 110, 122, 144];
const FORMAT = [0xfd, 0xf8, 0xf8, 0];

// What a VideoDecoder is configured with, from the units of a key frame; null
// if they have no parameter sets. The server sends those twice in one packet:
// libwebrtc changes the last SPS to say that there is nothing to reorder.
export const configOf = (units) => {
  const sps = units.find((unit) => typeOf(unit) === SPS && unit.length > 3);
  const pps = [...new Map(units.filter((unit) => typeOf(unit) === PPS)
    .map((unit) => [String(unit), unit])).values()];
  if (!sps || pps.length === 0)
    return null;
  const prefixed = (unit) => [unit.length >> 8, unit.length & 0xff, ...unit];
  const profile = [...sps.subarray(1, 4)];
  return {
    codec: `avc1.${profile.map(hex).join('')}`,
    description: new Uint8Array([1, ...profile, 0xff,
      0xe1, ...prefixed(sps),
      pps.length, ...pps.flatMap(prefixed),
      ...HIGH_PROFILES.includes(profile[0]) ? FORMAT : []]),
    // Otherwise Chromium decodes frames in parallel, each a frame later.
    optimizeForLatency: true,
  };
};

// The pictures of a frame, each unit preceded by its length in four bytes.
export const prefixedOf = (units) => {
  const kept = units.filter((unit) =>
    ![SPS, PPS, DELIMITER].includes(typeOf(unit)));
  const out = new Uint8Array(kept.reduce((sum, { length }) =>
    sum + 4 + length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const unit of kept) {
    view.setUint32(at, unit.length);
    out.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return out;
};
