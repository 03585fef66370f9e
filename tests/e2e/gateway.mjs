// SPDX-License-Identifier: LGPL-2.1-or-later
// The gateway, started as a user starts it.

import { join, resolve } from 'node:path';
import { Process, eventually, freePort } from './process.mjs';

// A port that was free may have been taken by another process since.
const TRIES = 3;

export class Gateway {
  // @launch: another pipeline than the gateway's, run by the controller.
  // @wrapper: a command that ends with exec of the one that it is given.
  // @host: the address at which it is reached then.
  static async start(options) {
    const isAnyPort = !options.rtmpPort && !options.httpPort;
    for (let i = 1; ; i += 1) {
      try {
        return await Gateway.tryToStart(options);
      } catch (error) {
        if (!isAnyPort || i === TRIES || !/ on port \d+/.test(error.message)) {
          throw error;
        }
      }
    }
  }

  static async tryToStart({ root, build, folder, name = 'gateway', rtmpPort,
    httpPort, options = [], env = {}, launch = null, wrapper = [],
    kind: Kind = Gateway, host = '127.0.0.1' }) {
    const self = new Kind();
    self.host = host;
    self.rtmpPort = rtmpPort || await freePort();
    self.httpPort = httpPort || await freePort();
    const pipelines = join(root, 'pipelines');
    const [program, ...first] = [...wrapper, ...launch
      ? [join(build, 'pipelines', 'rtmp-webrtc-controller'),
        resolve(pipelines, launch)]
      : [join(pipelines, 'gateway')]];
    self.process = new Process(program, [...first,
      `RTMP_PORT=${self.rtmpPort}`, `HTTP_PORT=${self.httpPort}`, ...options], {
      log: join(folder, `${name}.log`),
      env: { BUILD: build, GST_PLUGIN_PATH: build, GST_DEBUG_NO_COLOR: '1',
        ...env },
    });
    await eventually(() => self.isServing(), 'the gateway serves');
    return self;
  }

  get url() {
    return `http://${this.host}:${this.httpPort}`;
  }

  rtmpUrl(name) {
    return `rtmp://${this.host}:${this.rtmpPort}/live/${name}`;
  }

  mp4Url(name) {
    return `${this.url}/live/live/${name}.mp4`;
  }

  watchUrl(name) {
    return `${this.url}/watch/live/${name}`;
  }

  async isServing() {
    if (!this.process.isRunning) {
      throw new Error(`the gateway ended: ${this.process.output}`);
    }
    try {
      return (await fetch(`${this.url}/healthz`)).ok;
    } catch (error) {
      return false;
    }
  }

  async streams(query = '') {
    const answer = await fetch(`${this.url}/api/streams${query}`);
    return answer.json();
  }

  async stream(name, query) {
    const streams = await this.streams(query);
    return streams.find((stream) => stream.name === `live/${name}`);
  }

  async viewers(name) {
    const answer = await fetch(`${this.url}/api/streams/live/${name}/viewers`);
    return answer.json();
  }

  async hasStream(name, query) {
    return eventually(() => this.stream(name, query),
      `live/${name} is listed`);
  }

  async hasNoStream(name) {
    await eventually(async () => !(await this.stream(name)),
      `live/${name} is gone`);
  }

  async stop() {
    return this.process.stop();
  }
}
