// SPDX-License-Identifier: LGPL-2.1-or-later
// A network namespace of the test's own, connected to ours: some browsers never
// pair with 127.0.0.1. Needs root.

import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

// RFC 2544's range for network tests: no real host is there.
const PREFIX = '198.18';
const REMOVE_TRIES = 20;
const REMOVE_PAUSE_MS = 500;

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
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
  constructor() {
    nMade += 1;
    const subnet = freeSubnet();
    this.name = `e2e-${process.pid}-${nMade}`;
    // The address at which those inside reach us.
    this.address = `${PREFIX}.${subnet}.1`;
    const outer = `e2e${process.pid}o${nMade}`;
    const inner = `e2e${process.pid}i${nMade}`;
    ip('netns', 'add', this.name);
    this.remove = () => ip('netns', 'del', this.name);
    process.on('exit', this.remove);
    ip('link', 'add', outer, 'type', 'veth', 'peer', inner,
      'netns', this.name);
    ip('addr', 'add', `${this.address}/24`, 'dev', outer);
    ip('link', 'set', outer, 'up');
    ip('-n', this.name, 'addr', 'add', `${PREFIX}.${subnet}.2/24`,
      'dev', inner);
    ip('-n', this.name, 'link', 'set', inner, 'up');
    ip('-n', this.name, 'link', 'set', 'lo', 'up');
    ip('-n', this.name, 'route', 'add', 'default', 'via', this.address);
  }

  // The cable is removed with it. Processes inside may take a while to end.
  async close() {
    process.off('exit', this.remove);
    for (let i = 1; ; i += 1) {
      try {
        this.remove();
        return;
      } catch (error) {
        if (i === REMOVE_TRIES) {
          throw error;
        }
        await pause(REMOVE_PAUSE_MS);
      }
    }
  }

  // The command that runs @command inside.
  command(...command) {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }
}
