// SPDX-License-Identifier: LGPL-2.1-or-later
// Debian's HAProxy with docs/cluster/haproxy.cfg, in which only addresses and
// the number of servers are others.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, Process } from './process.mjs';

const PROGRAM = '/usr/sbin/haproxy';

// For tests alone; browsers are asked to ignore that nobody has signed it.
function makeCertificate(folder) {
  const path = join(folder, 'gateway.pem');
  const [key, certificate] = [`${path}.key`, `${path}.crt`];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj',
    '/CN=cluster', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  writeFileSync(path, `${readFileSync(certificate)}${readFileSync(key)}`);
  return path;
}

// @servers: the addresses by name, such as { origin1: '127.0.0.1' }, or
// HOST:PORT by what stands in the file: { 'origin1:8080': '127.0.0.1:4711' }.
// A line about the first one of a kind is repeated for each.
function withServers(text, servers) {
  const names = [...new Set(Object.keys(servers)
    .map((address) => address.split(':')[0]))];
  return text.split('\n').flatMap((line) => {
    const [, indent, kind, , port] =
      /^(\s+server )([a-z]+)(\d+) \S+:(\d+)$/.exec(line) || [];
    if (!kind) {
      return [line];
    }
    if (!/1:\d+$/.test(line)) {
      return [];
    }
    return names.filter((name) => name.startsWith(kind)).map((name) =>
      `${indent}${name} ${servers[`${name}:${port}`] ||
        `${servers[name]}:${port}`}`);
  }).join('\n');
}

// @binds: [what stands in the file, what is bound].
function withBinds(text, binds) {
  let result = text;
  for (const [from, to] of binds) {
    assert.ok(result.includes(`bind ${from}`), `no line binds ${from}`);
    result = result.replace(new RegExp(`bind ${from}(?!\\d)`), `bind ${to}`);
  }
  return result;
}

export class Haproxy {
  // @host: its address; @bound: what is bound, '' for all; @wrapper: a command
  // that runs it elsewhere.
  static async start({ root, folder, servers, host = '127.0.0.1',
    bound = host, ports = null, wrapper = [] }) {
    const self = new Haproxy();
    const own = join(folder, 'haproxy');
    mkdirSync(own, { recursive: true });
    self.host = host;
    self.ports = ports || { http: await freePort(), https: await freePort(),
      rtmp: await freePort(), rtmps: await freePort() };
    const { http, https, rtmp, rtmps } = self.ports;
    const shipped = readFileSync(join(root, 'docs', 'cluster', 'haproxy.cfg'),
      'utf8').replaceAll('/etc/haproxy/gateway.pem', makeCertificate(own));
    self.file = join(own, 'haproxy.cfg');
    writeFileSync(self.file, withBinds(withServers(shipped, servers), [
      [':80', `${bound}:${http}`], [':443', `${bound}:${https}`],
      [':1935', `${bound}:${rtmp}`], [':1936', `${bound}:${rtmps}`]]));
    self.log = join(folder, 'haproxy.log');
    self.wrapper = wrapper;
    await self.run();
    return self;
  }

  async run() {
    const [program, ...args] = [...this.wrapper, PROGRAM, '-db', '-f',
      this.file];
    this.process = new Process(program, args, { log: this.log });
    await eventually(async () => {
      if (!this.process.isRunning) {
        throw new Error(`HAProxy ended: ${this.process.output}`);
      }
      return (await fetch(`${this.url}/healthz?live`).catch(() => ({}))).ok;
    }, 'HAProxy serves');
  }

  get url() {
    return `http://${this.host}:${this.ports.http}`;
  }

  get httpsUrl() {
    return `https://${this.host}:${this.ports.https}`;
  }

  // As of a gateway.
  rtmpUrl(name) {
    return `rtmp://${this.host}:${this.ports.rtmp}/live/${name}`;
  }

  async stop() {
    return this.process.stop();
  }
}
