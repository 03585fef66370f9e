// SPDX-License-Identifier: LGPL-2.1-or-later
// A gateway's pages without their Content-Security-Policy, for scripts of tests
// that it would stop. Media does not pass through here.

import { createServer, request } from 'node:http';
import { once } from 'node:events';

export class Lenient {
  // In front of the server at @port of this machine.
  static async listen(port) {
    const self = new Lenient();
    self.server = createServer((asked, reply) => {
      const { method, url, headers } = asked;
      const onward = request({ port, method, path: url, headers },
        (answer) => {
          delete answer.headers['content-security-policy'];
          reply.writeHead(answer.statusCode, answer.headers);
          answer.pipe(reply);
        });
      onward.on('error', () => reply.destroy());
      asked.pipe(onward);
    });
    self.server.listen(0);
    await once(self.server, 'listening');
    return self;
  }

  get port() {
    return this.server.address().port;
  }

  async close() {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
