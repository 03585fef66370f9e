#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Publishes the tags of an FLV file byte for byte, in a loop, where ffmpeg
// would repair what is unusual about them:
//
//     flv-publish.mjs [--by-frames] FILE HOST PORT APP KEY
//
// The pace is that of the tags' timestamps or, where these are what is unusual,
// that of the frames: 30 pictures and 46.875 AAC frames a second.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { command, HANDSHAKE, message, setChunkSize } from './rtmptalk.mjs';

const AUDIO = 8;
const VIDEO = 9;
const SCRIPT = 18;
const CHUNK_STREAMS = { [AUDIO]: 4, [VIDEO]: 6, [SCRIPT]: 5 };
const CHUNK_BYTES = 1 << 20;
const FILE_HEADER_BYTES = 9;
const TAG_HEADER_BYTES = 11;
const SIZE_BYTES = 4;
const PICTURE_MS = 1000 / 30;
const SOUND_MS = 1024 / 48;

function readTags(path) {
  const file = readFileSync(path);
  const tags = [];
  let at = FILE_HEADER_BYTES + SIZE_BYTES;
  while (at + TAG_HEADER_BYTES <= file.length) {
    const size = file.readUIntBE(at + 1, 3);
    const start = at + TAG_HEADER_BYTES;
    tags.push({
      type: file[at] & 31,
      time: file.readUIntBE(at + 4, 3) | file[at + 7] << 24,
      body: file.subarray(start, start + size),
    });
    at = start + size + SIZE_BYTES;
  }
  return tags;
}

function isFrame({ body }) {
  return body[1] === 1;
}

// When each tag is due, in ms after the first.
function paceByTimes(tags) {
  return tags.map((tag) => ({ ...tag, due: tag.time }));
}

function paceByFrames(tags) {
  const counts = { [AUDIO]: 0, [VIDEO]: 0, [SCRIPT]: 0 };
  const each = { [AUDIO]: SOUND_MS, [VIDEO]: PICTURE_MS, [SCRIPT]: 0 };
  const paced = tags.map((tag) => {
    const due = counts[tag.type] * each[tag.type];
    counts[tag.type] += isFrame(tag) ? 1 : 0;
    return { ...tag, due };
  });
  return paced.sort((a, b) => a.due - b.due);
}

function opening(app, key) {
  return Buffer.concat([HANDSHAKE, setChunkSize(CHUNK_BYTES),
    command(0, 'connect', 1, { app, flashVer: 'FMLE/3.0' }),
    command(0, 'releaseStream', 2, null, key),
    command(0, 'FCPublish', 3, null, key),
    command(0, 'createStream', 4, null),
    command(1, 'publish', 5, null, key, 'live')]);
}

async function play(socket, tags) {
  const start = performance.now();
  const length = Math.max(...tags.map(({ due }) => due)) + PICTURE_MS;
  for (let base = 0; ; base = Math.round(base + length)) {
    for (const { type, time, body, due } of tags) {
      const waitMs = start + base + due - performance.now();
      if (waitMs > 0) {
        await pause(waitMs);
      }
      socket.write(message(CHUNK_STREAMS[type], type, 1, time + base, body));
    }
  }
}

async function main() {
  const { values, positionals: [file, host, port, app, key] } = parseArgs({
    allowPositionals: true,
    options: { 'by-frames': { type: 'boolean', default: false } },
  });
  const tags = readTags(file);
  const socket = connect({ host, port: Number(port) });
  socket.setNoDelay(true);
  socket.resume();
  socket.on('close', () => {
    console.log('disconnected');
    process.exit(1);
  });
  await once(socket, 'connect');
  socket.write(opening(app, key));
  await play(socket,
    values['by-frames'] ? paceByFrames(tags) : paceByTimes(tags));
}

main();
