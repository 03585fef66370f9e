// SPDX-License-Identifier: LGPL-2.1-or-later
// A browser behind a driver, which is a program that reads lines of JSON:
//
//     {"url": …}       opens the page                  → {"value": null}
//     {"script": …}    evaluates an expression         → {"value": …}
//
// and, if it is Firefox's,
//
//     {"prepare": …}   runs in each page from now on, instead of the last one,
//                      before the page's scripts       → {"value": null}
//     {"hidden": …}    whether another tab is in front → {"value": null}
//
// and replies {"error": …} to what fails. The @prepare argument of its command
// line runs in each page before the page's scripts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { coloursOfVideo, keepPeers, soundLevel } from './inpage.mjs';
import { Watcher, isNear } from './watcher.mjs';
import { eventually } from './process.mjs';

// A browser's start on a loaded machine.
const ANSWER_LIMIT_MS = 120000;
// From 0 to 1: a tone has more, silence nothing.
const HEARD_LEVEL = 0.05;
// These browsers lose a picture by themselves on a busy machine, but not in
// each of so many looks.
const LOOKS = 3;

export class RemoteBrowser {
  constructor(command, { log, env = {} }) {
    const [program, ...args] = command;
    const out = openSync(log, 'a');
    this.child = spawn(program, [...args, `(${keepPeers})()`], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', out],
    });
    closeSync(out);
    this.ended = once(this.child, 'close');
    this.answers = createInterface({ input: this.child.stdout })[
      Symbol.asyncIterator]();
    this.log = log;
  }

  async ask(question) {
    let timer;
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(
        `the driver did not reply: see ${this.log}`)), ANSWER_LIMIT_MS);
    });
    const next = await Promise.race([this.answers.next(), late]);
    clearTimeout(timer);
    if (next.done) {
      throw new Error(`the driver ended: see ${this.log}`);
    }
    const answer = JSON.parse(next.value);
    if (answer.error !== undefined) {
      throw new Error(answer.error);
    }
    return answer.value;
  }

  async goto(url) {
    await this.ask({ url });
  }

  async evaluate(run, arg) {
    return this.ask({ script: `(${run})(${JSON.stringify(arg ?? null)})` });
  }

  async prepare(script) {
    await this.ask({ prepare: script });
  }

  async setHidden(isHidden) {
    await this.ask({ hidden: isHidden });
  }

  async textContent(selector) {
    return this.evaluate((what) => document.querySelector(what).textContent,
      selector);
  }

  // The driver ends with its input, and its browser with it.
  async close() {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'),
      ANSWER_LIMIT_MS);
    await this.ended;
    clearTimeout(timer);
  }
}

// A viewer in such a browser, whose screen is read through a canvas.
export class RemoteWatcher extends Watcher {
  static async open(page, url) {
    const self = new RemoteWatcher();
    self.page = page;
    self.errors = [];
    await page.goto(url);
    return self;
  }

  async playsSmoothly(seconds) {
    const missed = [];
    while (missed.length < LOOKS) {
      const counts = await super.playsSmoothly(seconds).catch((error) => {
        missed.push(error.message);
      });
      if (counts) {
        return counts;
      }
    }
    throw new Error(missed.join('\n'));
  }

  async sees(picture) {
    let seen;
    await eventually(async () => {
      seen = await this.page.evaluate(coloursOfVideo, picture);
      return picture.every(([, , colour], i) => isNear(seen[i], colour));
    }, `the picture ${JSON.stringify(picture)}`).catch((error) => {
      throw new Error(`${error.message}, but ${JSON.stringify(seen)}`);
    });
  }

  // Firefox runs no AudioContext on a machine without a sound card.
  async hearsSound() {
    let level;
    await eventually(async () => {
      level = await this.page.evaluate(soundLevel);
      return level > HEARD_LEVEL;
    }, 'sound is decoded').catch((error) => {
      throw new Error(`${error.message}, but ${level}`);
    });
  }
}
