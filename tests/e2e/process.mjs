// SPDX-License-Identifier: LGPL-2.1-or-later
// Child processes that never outlive the run, and waits for claims.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, readdirSync }
  from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

// The limit for what should happen immediately, on a loaded machine, too.
export const LIMIT_MS = 60000;
const POLL_MS = 100;
// gst-launch and OBS are slow to exit.
const STOP_LIMIT_MS = 60000;

const running = new Set();

process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(1));
}

// A command with a process group of its own and its output in a log.
export class Process {
  constructor(command, args, { log, env = {} }) {
    const out = openSync(log, 'a');
    this.log = log;
    // The log may have the output of processes before it.
    this.nBytesBefore = fstatSync(out).size;
    this.child = spawn(command, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    this.ended = once(this.child, 'close');
    running.add(this);
    this.ended.finally(() => running.delete(this)).catch(() => {});
  }

  get isRunning() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get output() {
    return readFileSync(this.log).subarray(this.nBytesBefore).toString();
  }

  kill(signal) {
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      // Waits until it has ended by itself.
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }

  // Ctrl-C; kills a process that ignores it. Returns the exit status.
  async stop() {
    this.kill('SIGINT');
    const timer = setTimeout(() => this.kill('SIGKILL'), STOP_LIMIT_MS);
    const [status] = await this.ended;
    clearTimeout(timer);
    return status;
  }

  // As if its machine had lost power.
  async die() {
    this.kill('SIGKILL');
    await this.ended;
  }

  get rssKb() {
    return this.statusKb('VmRSS');
  }

  get peakRssKb() {
    return this.statusKb('VmHWM');
  }

  statusKb(field) {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]);
  }

  get nFds() {
    return readdirSync(`/proc/${this.child.pid}/fd`).length;
  }
}

export async function eventually(claim, what, limitMs = LIMIT_MS) {
  const until = Date.now() + limitMs;
  for (;;) {
    const result = await claim();
    if (result) {
      return result;
    }
    if (Date.now() > until) {
      throw new Error(`not in ${limitMs / 1000} s: ${what}`);
    }
    await pause(POLL_MS);
  }
}

// A free TCP port may by chance be one that another process uses for UDP.
const PORT_TRIES = 20;

async function isFreeForUdp(port) {
  const udp = createSocket('udp6');
  try {
    udp.bind(port);
    await once(udp, 'listening');
    return true;
  } catch (error) {
    if (error.code !== 'EADDRINUSE') {
      throw error;
    }
    return false;
  } finally {
    udp.close();
  }
}

// Free for TCP and UDP at the moment.
export async function freePort() {
  for (let i = 0; i < PORT_TRIES; i += 1) {
    const tcp = createServer().listen(0);
    await once(tcp, 'listening');
    const { port } = tcp.address();
    const isFree = await isFreeForUdp(port);
    tcp.close();
    await once(tcp, 'close');
    if (isFree) {
      return port;
    }
  }
  throw new Error('no port is free for both TCP and UDP');
}
