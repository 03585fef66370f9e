// SPDX-License-Identifier: LGPL-2.1-or-later
// What ffprobe says of a file. If it rejects the file, the error has its words
// and what is on the disk; the file itself is left for a closer look.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_OUTPUT_BYTES = 1 << 28;
// More than the boxes before the first frame.
const SHOWN_BYTES = 64;

function describe(path) {
  if (!existsSync(path)) {
    return `it does not exist beside ${readdirSync(dirname(path))}`;
  }
  const bytes = readFileSync(path);
  return `it has ${bytes.length} bytes: `
    + bytes.subarray(0, SHOWN_BYTES).toString('latin1')
      .replaceAll(/[^ -~]/g, '.');
}

export function ffprobe(path, args) {
  const { status, signal, error, stdout, stderr } = spawnSync('ffprobe',
    ['-v', 'error', ...args, path],
    { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  if (status !== 0) {
    throw new Error(`ffprobe rejects ${path} `
      + `(${error ?? signal ?? `status ${status}`}), ${describe(path)}\n`
      + stderr.trim());
  }
  return stdout;
}

// The packets of a recording's video: time, whether it is a key frame, hash.
export function packets({ path }) {
  const text = ffprobe(path, ['-select_streams', 'v', '-show_entries',
    'packet=dts_time,flags,data_hash', '-show_data_hash', 'md5', '-of',
    'csv=p=0']);
  return text.split('\n').filter(Boolean).map((line) => {
    const [time, flags, hash] = line.split(',');
    return { time: Number(time), isKey: flags.startsWith('K'), hash };
  });
}
