// SPDX-License-Identifier: LGPL-2.1-or-later
// Snapshots of real publishers, fetched and decoded as a dashboard does it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process, eventually } from './process.mjs';
import { publishing } from './publishers.mjs';

const WIDTH = 1280;
const HEIGHT = 720;
const RED = [255, 0, 0];
const GREEN = [0, 128, 0];
// What YUV and JPEG change.
const TOLERANCE = 8;
const TURNS_AFTER_S = 4;

// Red, then green; a key frame every two seconds, with B-frames.
function turningGreen(world, gateway, name) {
  return { process: new Process('ffmpeg', ['-v', 'error', '-nostdin', '-re',
    '-f', 'lavfi', '-i', `color=c=red:s=${WIDTH}x${HEIGHT}:r=30,drawbox=`
    + `color=green:t=fill:enable='gte(t,${TURNS_AFTER_S})',`
    + 'scale=out_color_matrix=bt709', '-colorspace', 'bt709', '-c:v', 'libx264',
    '-preset', 'ultrafast', '-bf', '2', '-g', '60', '-pix_fmt', 'yuv420p',
    '-f', 'flv', gateway.rtmpUrl(name)],
  { log: join(world.folder, `publisher-${name}.log`) }) };
}

// The size of a JPEG, and the mean of its colours.
function look(jpeg) {
  const size = execFileSync('ffprobe', ['-v', 'error', '-show_entries',
    'stream=codec_name,width,height', '-of', 'csv=p=0', '-'],
  { input: jpeg, encoding: 'utf8' }).trim();
  const mean = execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-',
    '-vf', 'scale=1:1:flags=area', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
  { input: jpeg });
  return { size, colour: [...mean] };
}

function isColour(colour, expected) {
  return colour.every((part, i) => Math.abs(part - expected[i]) <= TOLERANCE);
}

function snapshot(gateway, name, query = '', headers = {}) {
  return fetch(`${gateway.url}/snapshot/live/${name}.jpg${query}`, { headers });
}

async function showsNewestKeyFrame(world) {
  const { gateway } = world;
  assert.equal((await snapshot(gateway, 'turning')).status, 404);
  const publisher = turningGreen(world, gateway, 'turning');
  await publishing(publisher, async () => {
    const first = await eventually(async () => {
      const reply = await snapshot(gateway, 'turning', '?width=320');
      return reply.ok && reply;
    }, 'there is a snapshot');
    assert.equal(first.headers.get('content-type'), 'image/jpeg');
    const red = look(Buffer.from(await first.arrayBuffer()));
    assert.equal(red.size, 'mjpeg,320,180');
    assert(isColour(red.colour, RED), `${red.colour}`);

    // A client that has the picture gets another one once it has changed.
    const etag = first.headers.get('etag');
    const statuses = new Set();
    const changed = await eventually(async () => {
      const reply = await snapshot(gateway, 'turning', '?width=320',
        { 'If-None-Match': etag });
      statuses.add(reply.status);
      const jpeg = Buffer.from(await reply.arrayBuffer());
      return reply.ok && isColour(look(jpeg).colour, GREEN) && reply;
    }, 'the snapshot turns green');
    assert(statuses.has(304), 'the same picture is not sent again');
    assert.notEqual(changed.headers.get('etag'), etag);

    const whole = await snapshot(gateway, 'turning');
    const { size } = look(Buffer.from(await whole.arrayBuffer()));
    assert.equal(size, `mjpeg,${WIDTH},${HEIGHT}`);
  });
  await gateway.hasNoStream('turning');
  const gone = await snapshot(gateway, 'turning');
  assert.equal(gone.status, 404);
  assert.match((await gone.json()).detail, /Nobody publishes/);
}

async function needsRights(world) {
  const keys = join(world.folder, 'snapshot-keys');
  writeFileSync(keys, 'live/closed sesame\n');
  const gateway = await world.startGateway({ name: 'snapshots',
    options: [`--view-keys=${keys}`] });
  const publisher = turningGreen(world, gateway, 'closed');
  try {
    await publishing(publisher, async () => {
      const query = '?token=sesame&width=160';
      const allowed = await eventually(async () => {
        const reply = await snapshot(gateway, 'closed', query);
        return reply.ok && reply;
      }, 'who has the token gets the snapshot');
      const { size } = look(Buffer.from(await allowed.arrayBuffer()));
      assert.equal(size, 'mjpeg,160,90');
      for (const wrong of ['', '?token=open', '?width=160']) {
        const reply = await snapshot(gateway, 'closed', wrong);
        assert.equal(reply.status, 401, wrong);
      }
      const header = await snapshot(gateway, 'closed', '',
        { Authorization: 'Bearer sesame' });
      assert.equal(header.status, 200);
    });
  } finally {
    await gateway.stop();
  }
}

export const snapshotCases = [
  ['a snapshot shows the newest key frame, and is sent once',
    showsNewestKeyFrame],
  ['a snapshot needs the rights of watching', needsRights],
];
