// SPDX-License-Identifier: LGPL-2.1-or-later
// A hostile client of the viewers' port, over TCP or TLS, that says each byte.

import { connect } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { eventually } from '../e2e/process.mjs';

export class WebEnemy {
  // @localAddress may be any address of this machine.
  static async come(port, localAddress, isSecure) {
    const self = new WebEnemy();
    self.heard = '';
    const raw = connect({ port, host: '127.0.0.1', localAddress });
    // It may be disconnected while it is sending.
    raw.on('error', () => {});
    await once(raw, 'connect');
    self.raw = raw;
    self.socket = isSecure
      ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
    self.socket.on('error', () => {});
    self.socket.setEncoding('latin1');
    self.socket.on('data', (text) => { self.heard += text; });
    return self;
  }

  get isGone() {
    return this.raw.closed;
  }

  says(bytes) {
    if (!this.isGone) {
      this.socket.write(bytes);
    }
  }

  // Repeats @bytes up to @size, until it is disconnected.
  async floods(bytes, size) {
    for (let n = 0; n < size && !this.isGone; n += bytes.length) {
      if (!this.socket.write(bytes)) {
        await this.hasRoom();
      }
    }
  }

  // Whether for more, or because nobody reads it any more.
  async hasRoom() {
    const ended = new AbortController();
    const either = [[this.socket, 'drain'], [this.socket, 'close'],
      [this.raw, 'close']].map(([socket, event]) =>
      new Promise((resolve) => {
        socket.once(event, resolve);
        ended.signal.addEventListener('abort', () =>
          socket.off(event, resolve));
      }));
    if (!this.isGone) {
      await Promise.race(either);
    }
    ended.abort();
  }

  async isAnswered(what) {
    await eventually(() => this.isGone || this.heard.includes('\r\n\r\n'),
      `answered: ${what}`);
  }

  async isDisconnected(what) {
    await eventually(() => this.isGone, `disconnected: ${what.slice(0, 100)}`);
  }

  leaves() {
    this.socket.destroy();
    this.raw.destroy();
  }
}
