// SPDX-License-Identifier: LGPL-2.1-or-later
// A network namespace of the test's own, connected to ours: some browsers never
// pair with 127.0.0.1. Needs root.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

// RFC 2544's range for network tests: no real host is there.
const PREFIX = '198.18';
const REMOVE_TRIES = 20;
const REMOVE_PAUSE_MS = 500;

export function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

// Processes inside may take a while to end.
export async function untilRemoved(remove) {
  for (let i = 1; ; i += 1) {
    try {
      remove();
      return;
    } catch (error) {
      if (i === REMOVE_TRIES) {
        throw error;
      }
      await pause(REMOVE_PAUSE_MS);
    }
  }
}

let nMade = 0;

// Another run on this machine may have taken the first one.
function freeSubnet() {
  const taken = execFileSync('ip', ['-o', '-4', 'addr']).toString();
  const first = (process.pid + nMade) % 256;
  for (let i = 0; i < 256; i += 1) {
    const subnet = (first + i) % 256;
    if (!taken.includes(` ${PREFIX}.${subnet}.`)) {
      return subnet;
    }
  }
  throw new Error(`no subnet of ${PREFIX} is free`);
}

export class Namespace {
  // Without a cable, attach() connects it.
  constructor(hasCable = true) {
    nMade += 1;
    this.subnet = freeSubnet();
    this.name = `e2e-${process.pid}-${nMade}`;
    // The address at which those inside reach us.
    this.address = `${PREFIX}.${this.subnet}.1`;
    ip('netns', 'add', this.name);
    this.remove = () => ip('netns', 'del', this.name);
    process.on('exit', this.remove);
    ip('-n', this.name, 'link', 'set', 'lo', 'up');
    if (hasCable) {
      const outer = `e2e${process.pid}o${nMade}`;
      const inner = `e2e${process.pid}i${nMade}`;
      ip('link', 'add', outer, 'type', 'veth', 'peer', inner,
        'netns', this.name);
      this.attach(outer, inner);
    }
  }

  // By the device @outer here and @inner inside.
  attach(outer, inner) {
    ip('addr', 'add', `${this.address}/24`, 'dev', outer);
    ip('link', 'set', outer, 'up');
    ip('-n', this.name, 'addr', 'add', `${PREFIX}.${this.subnet}.2/24`,
      'dev', inner);
    ip('-n', this.name, 'link', 'set', inner, 'up');
    ip('-n', this.name, 'route', 'add', 'default', 'via', this.address);
    this.outer = outer;
  }

  // The cable is removed with it.
  async close() {
    process.off('exit', this.remove);
    await untilRemoved(this.remove);
  }

  // The command that runs @command inside.
  command(...command) {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }
  // Writes @path, a program that runs Chromium with all its processes inside.
  writeChromium(path) {
    writeFileSync(path, `#!/bin/sh\nexec ${this.command(
      '/usr/bin/chromium').join(' ')} "$@"\n`, { mode: 0o755 });
    return path;
  }
}
