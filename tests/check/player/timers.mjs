// SPDX-License-Identifier: LGPL-2.1-or-later
// setTimeout in virtual time. Node's own mock is of use from Node 20 on.

const REAL = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
};

export class Timers {
  #now = 0;
  #pending = new Map(); // timer → {due, call}, in the order of their setting

  // Until the end.
  begin() {
    globalThis.setTimeout = (func, ms = 0, ...args) => {
      // What Node's own fetch expects of one, for timers of its own.
      const timer = { ref: () => timer, unref: () => timer, refresh: () => {
        this.#pending.delete(timer);
        this.#pending.set(timer,
          { due: this.#now + ms, call: () => func(...args) });
        return timer;
      } };
      return timer.refresh();
    };
    globalThis.clearTimeout = (timer) => {
      this.#pending.delete(timer);
    };
  }

  end() {
    Object.assign(globalThis, REAL);
    this.#pending.clear();
  }

  // Also calls what those functions set, if it is due.
  tick(ms) {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.#pending].filter(([, { due }]) => due <= until)
        .sort(([, a], [, b]) => a.due - b.due)[0];
      if (!next) {
        break;
      }
      const [timer, { due, call }] = next;
      this.#pending.delete(timer);
      this.#now = due;
      call();
    }
    this.#now = until;
  }
}
