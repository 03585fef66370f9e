// Server-sent events, as the HTML standard has them: what EventSource does,
// which can't send a token in a header.

export class EventParser {
  constructor() {
    this.rest = '';
    this.clear();
  }

  clear() {
    this.event = '';
    this.data = [];
  }

  // Returns the events, { event, data }, that @text completes.
  push(text) {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop();
    return lines.map((line) => this.take(line.replace(/\r$/, '')))
      .filter(Boolean);
  }

  // Returns an event at its end, else null.
  take(line) {
    const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line);
    if (field === 'event')
      this.event = value;
    else if (field === 'data')
      this.data.push(value);
    if (line !== '')
      return null;
    const found = this.data.length > 0 ?
      { event: this.event || 'message', data: this.data.join('\n') } : null;
    this.clear();
    return found;
  }
}
