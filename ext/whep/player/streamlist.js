// The live streams, kept up to date by the server's events.

// From so many on, there is a search.
export const SEARCH_FROM = 10;

const byName = (a, b) =>
  a.name.localeCompare(b.name, undefined, { numeric: true });

const ORDERS = {
  name: byName,
  viewers: (a, b) => b.viewers - a.viewers || byName(a, b),
  since: (a, b) => Date.parse(b.live_since) - Date.parse(a.live_since) ||
    byName(a, b),
};

export class StreamList {
  constructor() {
    this.streams = new Map();
  }

  get size() {
    return this.streams.size;
  }

  // Unknown events are of later versions.
  take({ event, data }) {
    const { changed = [], gone = [] } = event === 'streams' ?
      { changed: JSON.parse(data) } :
      event === 'changes' ? JSON.parse(data) : {};
    if (event === 'streams')
      this.streams.clear();
    gone.forEach((name) => this.streams.delete(name));
    changed.forEach((stream) => this.streams.set(stream.name, stream));
  }

  // Those whose name has each word of @query, in @order.
  find(query = '', order = 'name') {
    const words = query.toLowerCase().split(/\s+/);
    return [...this.streams.values()].filter(({ name }) =>
      words.every((word) => name.toLowerCase().includes(word)))
      .sort(ORDERS[order] || byName);
  }
}
