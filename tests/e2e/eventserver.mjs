// SPDX-License-Identifier: LGPL-2.1-or-later
// A server for on-event that believes only what is signed, and a reader of
// /api/v1/events.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const PAGE = new URL('../../docs/events.md', import.meta.url);

// What docs/events.md tells a server to do.
async function documentedCheck(secret) {
  const [block] = readFileSync(PAGE, 'utf8')
    .match(/^ {4}import \{ createHmac[^]*?\n(?=\n\S)/m);
  const code = `${block.replaceAll(/^ {4}/gm, '')}export { isGenuine };`;
  process.env.SECRET = secret;
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`))
    .isGenuine;
}

export class EventServer {
  // Of the secret as the gateway's file has it.
  static async listen(secret) {
    const self = new EventServer();
    self.isGenuine = await documentedCheck(secret);
    self.events = [];
    self.attempts = []; // [id, when it came, in milliseconds]
    self.nForged = 0;
    self.nRejected = 0;
    self.rejects = 0; // the next ones
    self.port = 0;
    await self.start();
    return self;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/events`;
  }

  // At the same port as before, if it was started before.
  async start() {
    this.server = createServer((request, reply) => this.serve(request, reply));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  async serve(request, reply) {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString();
    this.attempts.push([request.headers['webhook-id'], performance.now()]);
    if (!this.isGenuine(request.headers, body) ||
      this.isGenuine(request.headers, `${body} `)) {
      this.nForged += 1;
      reply.writeHead(401).end();
    } else if (this.rejects > 0) {
      this.rejects -= 1;
      this.nRejected += 1;
      reply.writeHead(500).end();
    } else {
      this.take(JSON.parse(body), request.headers['webhook-id']);
      reply.writeHead(204).end();
    }
  }

  // An event whose answer was lost comes again.
  take(event, id) {
    if (event.id === id && !this.events.some((other) => other.id === id)) {
      this.events.push(event);
    }
  }
}

// Reads the data of server-sent events until it is closed.
export class EventReader {
  static async open(gateway, token) {
    const self = new EventReader();
    self.events = [];
    self.controller = new AbortController();
    const reply = await fetch(`${gateway.url}/api/v1/events`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: self.controller.signal,
    });
    self.status = reply.status;
    self.done = self.read(reply.body.pipeThrough(new TextDecoderStream()));
    return self;
  }

  async read(stream) {
    let text = '';
    try {
      for await (const chunk of stream) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop();
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block);
          if (data) {
            this.events.push(JSON.parse(data[1]));
          }
        }
      }
    } catch (error) {
      if (error.name !== 'AbortError') {
        throw error;
      }
    }
  }

  async close() {
    this.controller.abort();
    await this.done;
  }
}
