// SPDX-License-Identifier: LGPL-2.1-or-later
// A publisher whose pictures no browser can decode: H.264 as agreed, with valid
// parameter sets and packets, and slices whose headers end in zeros.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Mortal, readFlv } from '../support/mortal.mjs';

const CLIP_S = 2;
const AVC_HEADER_BYTES = 5;
const NAL_IDR = 5;
const NAL_SLICE = 1;
// Of a slice, which a depacketizer reads: its NAL unit header, its place, its
// type.
const KEPT_BYTES = 2;

const CLIP = ['-f', 'lavfi', '-i', 'testsrc2=r=30:s=640x360', '-f', 'lavfi',
  '-i', 'sine=frequency=440', '-t', `${CLIP_S}`, '-c:v', 'libx264', '-preset',
  'ultrafast', '-profile:v', 'baseline', '-threads', '1', '-g', '30',
  '-b:v', '800k', '-c:a', 'aac'];

// Zeros, as far as H.264 may have them: no Exp-Golomb code is as long.
function garble(nal) {
  nal[KEPT_BYTES] = 0x80; // the parameter set 0
  for (let i = KEPT_BYTES + 1; i < nal.length - 1; i += 1) {
    nal[i] = i % 3 === 0 ? 3 : 0;
  }
  nal[nal.length - 1] = 0x80;
}

function garblePicture(body) {
  for (let at = AVC_HEADER_BYTES; at + 4 < body.length;) {
    const nal = body.subarray(at + 4, at + 4 + body.readUInt32BE(at));
    if ([NAL_SLICE, NAL_IDR].includes(nal[0] & 0x1f)) {
      garble(nal);
    }
    at += 4 + nal.length;
  }
}

// Of the form of publishers.mjs; the clip is @file. It sounds as it should.
export async function publishGarbled(gateway, name, file) {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...CLIP, file]);
  const tags = readFlv(readFileSync(file));
  tags.filter(({ isFrame }) => isFrame).forEach(({ body }) =>
    garblePicture(body));
  const mortal = await Mortal.start(gateway.rtmpPort, name);
  const sent = mortal.send(tags, Infinity);
  return { process: { output: '', stop: async () => {
    mortal.endsItsStream();
    await sent;
  } } };
}
