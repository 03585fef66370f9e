// SPDX-License-Identifier: LGPL-2.1-or-later
// A WHEP server that behaves as MediaMTX does, as far as its manual and its
// replies tell: the endpoint of the path `cam` is /cam/whep.
//
// - OPTIONS of an endpoint names the ICE servers in Link; a preflight is
//   answered for any origin.
// - POST is answered with 201, a Location from the root of the server, ETag: *,
//   and the ICE servers in Link; 404 with {"error": …} if nobody publishes; 401
//   without credentials, which may be a bearer token.
// - GET, HEAD and PUT of an endpoint are 405. GET and HEAD of a session are
//   404, whether it is there or not.
// - PATCH takes candidates and answers 204. There are no ICE restarts: a
//   fragment is nothing but candidates.
// - DELETE is answered with 200, later with 404.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const FRAGMENT = 'application/trickle-ice-sdpfrag';
const ALLOWED = {
  'Access-Control-Allow-Methods': 'OPTIONS, GET, POST, PATCH, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
};

export const ICE_LINKS = [
  '<stun:127.0.0.1:9>; rel="ice-server"',
  '<turn:127.0.0.1:9?transport=udp>; rel="ice-server"; username="an,\\"na"; '
    + 'credential="a;b"; credential-type="password"',
];

const bodyOf = async (request) => {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

export class MediaMtx {
  // @answer: gets the path and the offer, and resolves with {sdp, end}, where
  // end() is called once the session is deleted, or with null if nobody
  // publishes. @token: what viewers must have.
  static async start(answer, { token = '' } = {}) {
    const self = new MediaMtx();
    self.answer = answer;
    self.token = token;
    self.sessions = new Map();
    self.requests = []; // [method, path, status]
    self.fragments = [];
    self.server = createServer((request, response) =>
      self.serve(request, response));
    await new Promise((resolve) => {
      self.server.listen(0, '127.0.0.1', resolve);
    });
    self.url = `http://127.0.0.1:${self.server.address().port}`;
    return self;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  async serve(request, response) {
    const { pathname } = new URL(request.url, this.url);
    const body = await bodyOf(request);
    const [status, headers, text] = await this.reply(request, pathname, body);
    this.requests.push([request.method, pathname, status]);
    response.writeHead(status, { 'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Credentials': 'true', ...headers });
    response.end(text);
  }

  async reply(request, pathname, body) {
    const [, path, kind, id] =
      /^\/(.+?)\/(whep|moved)(?:\/(.+))?$/.exec(pathname) ?? [];
    const isPreflight = request.method === 'OPTIONS'
      && request.headers['access-control-request-method'];
    if (isPreflight) {
      return [204, ALLOWED];
    }
    if (!path) {
      return [404];
    }
    // What a balancer before it does.
    if (kind === 'moved') {
      return [307, { Location: `/${path}/whep` }];
    }
    return id ? this.replyOfSession(request, id, body)
      : this.replyOfEndpoint(request, path, body);
  }

  async replyOfEndpoint({ method, headers }, path, offer) {
    if (!['OPTIONS', 'POST'].includes(method)) {
      return [405, {}, '{"error":"method not allowed"}'];
    }
    if (this.token && headers.authorization !== `Bearer ${this.token}`) {
      return [401, { 'WWW-Authenticate': 'Basic realm="mediamtx"' }];
    }
    if (method === 'OPTIONS') {
      return [204, { ...ALLOWED, 'Access-Control-Expose-Headers': 'Link',
        'Link': ICE_LINKS }];
    }
    if (headers['content-type'] !== 'application/sdp') {
      return [400, {}, '{"error":"invalid Content-Type"}'];
    }
    const answer = await this.answer(path, offer);
    if (!answer) {
      return [404, {}, `{"error":"no one is publishing to path '${path}'"}`];
    }
    const id = randomUUID();
    this.sessions.set(id, answer);
    return [201, {
      'Content-Type': 'application/sdp',
      'Access-Control-Expose-Headers':
        'ETag, ID, Accept-Patch, Link, Location',
      'ETag': '*',
      'ID': randomUUID(),
      'Accept-Patch': FRAGMENT,
      'Link': ICE_LINKS,
      'Location': `/${path}/whep/${id}`,
    }, answer.sdp];
  }

  replyOfSession({ method, headers }, id, fragment) {
    const session = this.sessions.get(id);
    if (method !== 'PATCH' && method !== 'DELETE') {
      return [404];
    }
    if (method === 'PATCH' && headers['content-type'] !== FRAGMENT) {
      return [400, {}, '{"error":"invalid Content-Type"}'];
    }
    if (!session) {
      return [404, {}, '{"error":"session not found"}'];
    }
    if (method === 'PATCH') {
      this.fragments.push(fragment);
      return [204];
    }
    this.sessions.delete(id);
    session.end();
    return [200];
  }
}
