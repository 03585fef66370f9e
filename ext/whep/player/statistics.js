// What the browser counts for one connection, as a line for people.

export class Statistics {
  // @clock: in ms.
  constructor(pc, video, clock = () => performance.now()) {
    this.pc = pc;
    this.video = video;
    this.clock = clock;
    this.last = null;
    this.now = null;
    this.report = new Map(); // all that the browser counts
    this.received = 0;
    this.frames = 0;
    this.hasMedia = false;
    this.startedMs = 0; // when the first byte was seen
    this.movedMs = 0; // when the last one was
  }

  async update() {
    const now = { ms: this.clock(), bytes: 0, lost: null, received: 0,
      frames: 0, delayS: 0, emitted: 0 };
    const report = await this.pc.getStats();
    report.forEach((entry) => {
      if (entry.type !== 'inbound-rtp')
        return;
      now.bytes += entry.bytesReceived || 0;
      if ('packetsLost' in entry)
        now.lost += entry.packetsLost;
      if ((entry.kind || entry.mediaType) !== 'video')
        return;
      now.received = entry.framesReceived || 0;
      now.frames = entry.framesDecoded || 0;
      now.delayS = entry.jitterBufferDelay || 0;
      now.emitted = entry.jitterBufferEmittedCount || 0;
    });
    if (now.bytes > (this.now === null ? 0 : this.now.bytes))
      this.movedMs = now.ms;
    if (!this.hasMedia)
      this.startedMs = now.ms;
    this.hasMedia = this.movedMs > 0;
    this.report = report;
    this.received = now.received;
    this.frames = now.frames;
    this.last = this.now;
    this.now = now;
  }

  ageMs() {
    return this.clock() - this.startedMs;
  }

  silentMs() {
    return this.clock() - this.movedMs;
  }

  // How long the frames of the last second waited in the jitter buffer, on
  // average; null if that is not known.
  bufferS() {
    const { last, now } = this;
    if (last === null || now.emitted <= last.emitted)
      return null;
    return (now.delayS - last.delayS) / (now.emitted - last.emitted);
  }

  text() {
    if (this.last === null || this.video.videoWidth === 0)
      return '';
    const { last, now, video } = this;
    const seconds = (now.ms - last.ms) / 1000;
    const parts = [
      `${video.videoWidth}×${video.videoHeight}`,
      `${Math.round((now.frames - last.frames) / seconds)} fps`,
      `${Math.round((now.bytes - last.bytes) / 125 / seconds)} kbit/s`,
    ];
    if (now.lost !== null)
      parts.push(`${now.lost} lost`);
    if (this.bufferS() !== null)
      parts.push(`buffer ${Math.round(1000 * this.bufferS())} ms`);
    return parts.join(' · ');
  }
}
