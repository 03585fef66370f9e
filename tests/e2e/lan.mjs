// SPDX-License-Identifier: LGPL-2.1-or-later
// A network of several machines: a namespace for each, on a bridge that this
// machine is on, too. Needs root.

import { ip, untilRemoved } from './namespace.mjs';

// RFC 2544's range for network tests: no real host is there.
const PREFIX = '198.19';

export class Lan {
  constructor() {
    this.subnet = process.pid % 256;
    this.bridge = `lan${process.pid}`;
    this.names = [];
    ip('link', 'add', this.bridge, 'type', 'bridge');
    process.on('exit', () => this.removeAll());
    ip('addr', 'add', `${this.host(1)}/24`, 'dev', this.bridge);
    ip('link', 'set', this.bridge, 'up');
  }

  host(number) {
    return `${PREFIX}.${this.subnet}.${number}`;
  }

  // Returns its address, and the command that runs another one there.
  add(number) {
    const name = `${this.bridge}-${number}`;
    const outer = `l${process.pid}o${number}`;
    const inner = `l${process.pid}i${number}`;
    ip('netns', 'add', name);
    this.names.push(name);
    ip('link', 'add', outer, 'type', 'veth', 'peer', inner, 'netns', name);
    ip('link', 'set', outer, 'master', this.bridge, 'up');
    ip('-n', name, 'addr', 'add', `${this.host(number)}/24`, 'dev', inner);
    ip('-n', name, 'link', 'set', inner, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    ip('-n', name, 'route', 'add', 'default', 'via', this.host(1));
    return { host: this.host(number),
      wrapper: ['ip', 'netns', 'exec', name] };
  }

  removeAll() {
    while (this.names.length > 0) {
      ip('netns', 'del', this.names.at(-1));
      this.names.pop();
    }
    if (this.bridge) {
      ip('link', 'del', this.bridge);
      this.bridge = '';
    }
  }

  async close() {
    await untilRemoved(() => this.removeAll());
  }
}
