// The waits between attempts.

// To reach the server.
export const FIRST_MS = 500;
export const LAST_MS = 10000;

export class Backoff {
  constructor(firstMs = FIRST_MS, lastMs = LAST_MS) {
    this.firstMs = firstMs;
    this.lastMs = lastMs;
    this.reset();
  }

  // To be called when an attempt has succeeded.
  reset() {
    this.ms = this.firstMs;
  }

  // Returns the next wait; each is twice as long as the one before, and spread
  // out, so that a thousand viewers do not return at the same moment. @random
  // is from 0 to 1.
  next(random = Math.random()) {
    const waitMs = this.ms * (0.75 + random / 2);
    this.ms = Math.min(2 * this.ms, this.lastMs);
    return waitMs;
  }
}
