// When the pictures of the tiles are loaded: while a tile is visible, each a
// few seconds after the last one, few at a time.

export const REFRESH_MS = 4000;
// After failures, each wait is twice as long as the one before.
export const LAST_MS = 64000;
export const AT_ONCE = 2;

export class Stills {
  // @load: gets a name; resolves to whether that went well, or to null if
  // there will never be a picture.
  constructor(load) {
    this.load = load;
    this.tiles = new Map(); // of those that are visible
    this.queue = [];
    this.nLoading = 0;
    this.isPaused = false;
  }

  watch(name) {
    if (this.tiles.has(name))
      return;
    this.tiles.set(name, { name, waitMs: REFRESH_MS, timer: 0 });
    this.enqueue(this.tiles.get(name));
  }

  unwatch(name) {
    const tile = this.tiles.get(name);
    if (!tile)
      return;
    clearTimeout(tile.timer);
    this.tiles.delete(name);
    this.queue = this.queue.filter((other) => other !== tile);
  }

  pause() {
    this.isPaused = true;
    this.queue = [];
    for (const { timer } of this.tiles.values())
      clearTimeout(timer);
  }

  resume() {
    if (!this.isPaused)
      return;
    this.isPaused = false;
    for (const tile of this.tiles.values())
      if (!tile.isLoading)
        this.enqueue(tile);
  }

  enqueue(tile) {
    this.queue.push(tile);
    this.pump();
  }

  pump() {
    while (this.nLoading < AT_ONCE && this.queue.length > 0)
      this.refresh(this.queue.shift());
  }

  async refresh(tile) {
    this.nLoading += 1;
    tile.isLoading = true;
    let isGood = false;
    try {
      isGood = await this.load(tile.name);
    } catch (error) {
      // The server can't be reached, or says nothing useful.
    }
    this.nLoading -= 1;
    tile.isLoading = false;
    if (isGood !== null)
      this.schedule(tile, isGood);
    this.pump();
  }

  schedule(tile, isGood) {
    const waitMs = isGood ? REFRESH_MS : tile.waitMs;
    tile.waitMs = isGood ? REFRESH_MS : Math.min(2 * tile.waitMs, LAST_MS);
    if (this.tiles.get(tile.name) === tile && !this.isPaused)
      tile.timer = setTimeout(() => this.enqueue(tile), waitMs);
  }
}
