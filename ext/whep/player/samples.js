// What the browser measures each second, for a minute; how good that is, and
// where the time between camera and screen goes. Null is what is unknown.

export const KEPT = 60;
// What is said about now is of so many seconds.
const RECENT = 10;
const SMOOTH = 5;
// At first, a burst arrives, and the browser sets up its decoder.
const WARM_UP = 2;

// In percent of the packets, in ms, and as a share of the usual frame rate.
const FAIR = { loss: 1, rtt: 250, buffer: 300, frames: 0.8 };
const POOR = { loss: 5, frames: 0.5 };

const isNumber = (value) => typeof value === 'number' && isFinite(value);
const numbers = (samples, key) => samples.map((sample) => sample[key])
  .filter(isNumber);

const mean = (values) => values.length === 0 ? null :
  values.reduce((a, b) => a + b, 0) / values.length;

const medianOf = (values) =>
  [...values].sort((a, b) => a - b)[values.length >> 1];

const sum = (entries, key) => {
  const known = numbers(entries, key);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
};

const difference = (now, last) =>
  isNumber(now) && isNumber(last) ? Math.max(0, now - last) : null;

// What has been added per @count: in the same second.
const ratio = (now, last, key, count, factor) => {
  const n = difference(now[count], last[count]);
  const added = difference(now[key], last[key]);
  return n && added !== null ? factor * added / n : null;
};

const entriesOf = (report) => {
  const all = [];
  report.forEach((entry) => all.push(entry));
  return all;
};

// The counts of a report of getStats() so far.
const countsOf = (ms, report) => {
  const all = entriesOf(report);
  const rtp = all.filter(({ type }) => type === 'inbound-rtp');
  const of = (media) => rtp.find(({ kind, mediaType }) =>
    (kind || mediaType) === media) || {};
  const pair = all.find(({ type, state, nominated, selected }) =>
    type === 'candidate-pair' && state === 'succeeded' &&
    (nominated || selected)) || {};
  return { ms, video: of('video'), audio: of('audio'),
    bytes: sum(rtp, 'bytesReceived'), packets: sum(rtp, 'packetsReceived'),
    lost: sum(rtp, 'packetsLost'),
    repaired: sum(rtp, 'retransmittedPacketsReceived'),
    rtt: pair.currentRoundTripTime };
};

const percent = (part, whole) => part === null || whole === null ? null :
  whole > 0 ? 100 * part / whole : 0;

// Of a frame by requestVideoFrameCallback(): how long it was on its way to the
// browser, and in it.
const timesOf = ({ captureTime, receiveTime, expectedDisplayTime } = {}) => ({
  wayMs: difference(receiveTime, captureTime),
  shownMs: difference(expectedDisplayTime, receiveTime),
});

const sampleOf = (now, last, frame) => {
  const perS = (key) => {
    const added = difference(now[key], last[key]);
    return added === null ? null : 1000 * added / (now.ms - last.ms);
  };
  const video = { ms: now.ms, ...now.video };
  const before = { ms: last.ms, ...last.video };
  const frames = difference(video.framesDecoded, before.framesDecoded);
  const lost = difference(now.lost, last.lost);
  const received = difference(now.packets, last.packets);
  const all = received === null ? null : received + (lost || 0);
  const bits = perS('bytes');
  return {
    fps: frames === null ? null : 1000 * frames / (now.ms - last.ms),
    mbit: bits === null ? null : bits / 125000,
    loss: percent(lost, all),
    repaired: percent(difference(now.repaired, last.repaired), all),
    buffer: ratio(video, before, 'jitterBufferDelay',
      'jitterBufferEmittedCount', 1000),
    sound: ratio(now.audio, last.audio, 'jitterBufferDelay',
      'jitterBufferEmittedCount', 1000),
    decode: ratio(video, before, 'totalDecodeTime', 'framesDecoded', 1000),
    freezes: difference(video.freezeCount, before.freezeCount),
    rtt: isNumber(now.rtt) ? 1000 * now.rtt : null,
    ...timesOf(frame || undefined),
  };
};

export class Samples {
  constructor() {
    this.all = []; // the newest last
    this.begin();
  }

  // To be called for each new session, whose counts begin at 0.
  begin() {
    this.last = null;
    this.nLeftOut = 0;
  }

  // Of the clock @ms, a report, and the newest frame, if there is one.
  add(ms, report, frame = null) {
    const now = countsOf(ms, report);
    if (this.last && this.nLeftOut < WARM_UP)
      this.nLeftOut += 1;
    else if (this.last && ms > this.last.ms)
      this.all.push(sampleOf(now, this.last, frame));
    this.all = this.all.slice(-KEPT);
    this.last = now;
  }

  values(key) {
    return this.all.map((sample) => sample[key]);
  }

  // The mean of the last seconds.
  recent(key) {
    return mean(numbers(this.all.slice(-SMOOTH), key));
  }

  // Of the usual frame rate; 1 if that is unknown.
  frameShare() {
    const usual = medianOf(numbers(this.all, 'fps'));
    return usual > 0 ? this.recent('fps') / usual : 1;
  }

  // ['good', 'fair', 'poor' or 'unknown', why, in words].
  health() {
    const recent = this.all.slice(-RECENT);
    const worst = (key) => mean(numbers(recent, key)) || 0;
    const loss = worst('loss');
    const share = this.frameShare();
    if (recent.length < 2)
      return ['unknown', 'Not yet measured.'];
    if (loss > FAIR.loss)
      return [loss > POOR.loss ? 'poor' : 'fair',
        `${loss.toFixed(1)} % of the packets are lost on their way.`];
    if (sum(recent, 'freezes') > 0)
      return ['poor', 'The picture has frozen lately.'];
    if (share < FAIR.frames)
      return [share < POOR.frames ? 'poor' : 'fair',
        'Fewer frames than usual are shown.'];
    if (worst('rtt') > FAIR.rtt)
      return ['fair', 'The network to the server is slow.'];
    if (worst('buffer') > FAIR.buffer)
      return ['fair', 'Frames arrive unevenly, so they are shown late.'];
    return ['good', 'Everything arrives in time.'];
  }

  // Where the time goes, in order: [what, ms].
  budget() {
    const [rtt, buffer, decoder, way, shown] =
      ['rtt', 'buffer', 'decode', 'wayMs', 'shownMs']
        .map((key) => this.recent(key));
    const network = rtt === null ? null : rtt / 2;
    const rest = (whole, ...parts) => [whole, ...parts].includes(null) ? null :
      Math.max(0, parts.reduce((left, part) => left - part, whole));
    return [
      ['Encoder', null], // nothing that it sends says so
      ['Gateway', rest(way, network)],
      ['Network', network],
      ['Jitter buffer', buffer],
      ['Decoder', decoder],
      ['Screen', rest(shown, buffer, decoder)],
    ];
  }
}
