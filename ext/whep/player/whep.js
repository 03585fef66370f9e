// One WHEP session: an offer is sent, an answer comes back, media flows.
// draft-ietf-wish-whep; independent of the page. Other sites may use it:
// docs/embedding.md.

const PROBLEM_URN = 'urn:problem-type:whep:';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
// What a proxy says of a server that is away, perhaps for a moment.
const AWAY = [502, 503, 504];
const AWAY_RETRY_S = 2;
// A server may ask another one about the viewer, and pull the stream from a
// third.
const PATIENCE_MS = 15000;

// As fetch(): a server that does not answer can't be reached.
const ask = async (url, options) => {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), PATIENCE_MS);
  try {
    return await fetch(url, { ...options, signal: aborter.signal });
  } catch (error) {
    throw new TypeError(error.message);
  } finally {
    clearTimeout(timer);
  }
};

/** The server has rejected a request; the message is for the viewer. */
export class Rejection extends Error {
  /**
   * @param {string} message
   * @param {number} status - of HTTP
   * @param {number} retryAfterS - 0: another attempt is useless
   * @param {string} type - such as 'no-publisher'; '' if unknown
   */
  constructor(message, status, retryAfterS, type) {
    super(message);
    this.status = status;
    this.retryAfterS = retryAfterS;
    this.type = type;
  }
}

// Browsers mix Opus down to mono unless their own offer says otherwise.
export const withStereo = (sdp) => {
  const opus = /^a=rtpmap:(\d+) opus\//im.exec(sdp);
  if (!opus)
    return sdp;
  const fmtp = new RegExp(`^a=fmtp:${opus[1]} (.*)$`, 'm').exec(sdp);
  if (!fmtp)
    return sdp.replace(/^(a=rtpmap:\d+ opus\/.*)$/im,
      `$1\r\na=fmtp:${opus[1]} stereo=1`);
  if (/(^|;)\s*stereo=/.test(fmtp[1]))
    return sdp;
  const line = fmtp[0].replace(/\s*$/, '');
  return sdp.replace(line, `${line};stereo=1`);
};

// The picture may wait for the sound.
const withSound = (endpoint) =>
  `${endpoint}${String(endpoint).includes('?') ? '&' : '?'}sound=true`;

export const rejectionOf = async (response) => {
  let retryAfterS = Number(response.headers.get('Retry-After')) || 0;
  let detail = `The server says: ${response.status} ${response.statusText}`;
  let type = '';
  try {
    const problem = await response.json();
    detail = problem.detail || problem.title || problem.error || detail;
    type = String(problem.type || '').replace(PROBLEM_URN, '');
  } catch (error) {
    // A proxy's page: there is only the status.
    if (!retryAfterS && AWAY.includes(response.status))
      retryAfterS = AWAY_RETRY_S;
  }
  return new Rejection(detail, response.status, retryAfterS, type);
};

const CREDENTIAL = /^a=ice-(ufrag|pwd):.*$/gm;

// All m-sections are bundled: their credentials are the same.
export const credentialsOf = (sdp) =>
  [...new Set(sdp.match(CREDENTIAL))].map((line) => line.trim());

// The answer @sdp with the ICE credentials of @fragment.
export const withCredentials = (sdp, fragment) => {
  const lines = credentialsOf(fragment);
  return sdp.replace(CREDENTIAL, (line, name) =>
    lines.find((other) => other.startsWith(`a=ice-${name}:`)) +
    (line.endsWith('\r') ? '\r' : ''));
};

// The picture is shown as soon as it arrives; sound keeps its small buffer.
const hurry = (receiver) => {
  if ('jitterBufferTarget' in receiver)
    receiver.jitterBufferTarget = 0;
  else if ('playoutDelayHint' in receiver)
    receiver.playoutDelayHint = 0;
};

/** A session with a gateway; StandardSession is one with any server. */
export class WhepSession {
  /**
   * @param {string} endpoint - its URL
   * @param {function(MediaStreamTrack)} onTrack
   * @param {function(string)} onState - gets 'connected', 'disconnected' (may
   *   recover by itself), 'failed' (will not) or 'ended' (by the server)
   * @param {boolean} [isInSync] - the picture may wait for the sound from the
   *   beginning, instead of being shown at once; see lipsync.js
   * @param {Object<string, string>} [headers] - of each request, such as
   *   Authorization
   */
  constructor(endpoint, onTrack, onState, isInSync, headers = {}) {
    this.endpoint = endpoint;
    this.headers = headers;
    this.isInSync = isInSync;
    this.offer = null;
    this.answer = null;
    this.location = null;
    this.isClosed = false;
    this.wasConnected = false;
    this.playbackDelay = null; // the header of the answer
    this.bFrames = null; // the same: 'pass', 'available' or null
    this.link = null; // the same, with the address of the session's events
    this.url = ''; // of the answer, which may come from another server
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.pc.ontrack = (event) => {
      if (event.track.kind === 'video' && !isInSync)
        hurry(event.receiver);
      this.watchTransport(event.receiver.transport, onState);
      onTrack(event.track);
    };
    this.pc.onconnectionstatechange = () => this.report(onState);
    this.pc.oniceconnectionstatechange = () => this.report(onState);
  }

  report(onState) {
    const states = [this.pc.connectionState, this.pc.iceConnectionState];
    if (this.isClosed)
      return;
    this.wasConnected = this.wasConnected || this.isConnected();
    if (states.includes('closed'))
      onState('ended');
    else if (states.includes('failed'))
      onState('failed');
    else if (states.includes('disconnected'))
      onState('disconnected');
    // Older Firefox has no connectionState.
    else if ((states[0] || 'connected') === 'connected' &&
        ['connected', 'completed'].includes(states[1]))
      onState('connected');
  }

  // A close_notify of the server leaves the connection's own state as it is.
  watchTransport(transport, onState) {
    if (transport)
      transport.addEventListener('statechange', () => {
        if (!this.isClosed && ['closed', 'failed'].includes(transport.state))
          onState(transport.state === 'closed' ? 'ended' : 'failed');
      });
  }

  /**
   * Posts the offer and applies the answer. May be called again after a
   * rejection: the offer remains valid.
   * @throws {Rejection} by the server
   * @throws {TypeError} what fetch() throws if the server can't be reached
   */
  async open() {
    if (this.offer === null)
      this.offer = await this.makeOffer();
    const response = await ask(this.isInSync ? withSound(this.endpoint) :
      this.endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...this.headers },
      body: this.offer,
    });
    if (response.status !== 201)
      throw await rejectionOf(response);
    this.takeLocation(response.headers.get('Location'), response.url);
    this.playbackDelay = response.headers.get('Playback-Delay');
    this.bFrames = response.headers.get('B-Frames');
    this.link = response.headers.get('Link');
    this.url = response.url;
    this.answer = await response.text();
    if (this.isClosed)
      this.sayGoodbye();
    else
      await this.applyAnswer(response.headers);
  }

  // @location: the header, relative to the @url of the reply, or null.
  takeLocation(location, url) {
    this.location = new URL(location, url);
  }

  async applyAnswer() {
    await this.pc.setRemoteDescription({ type: 'answer', sdp: this.answer });
  }

  async applyOffer(sdp) {
    await this.pc.setLocalDescription({ type: 'offer', sdp });
  }

  async makeOffer() {
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    this.pc.addTransceiver('audio', { direction: 'recvonly' });
    const offer = await this.pc.createOffer();
    const sdp = withStereo(offer.sdp);
    await this.applyOffer(sdp);
    return sdp;
  }

  /**
   * After a change of network or an outage: restarts ICE, and keeps everything
   * else.
   * @throws {Rejection} open another session then
   */
  async restart() {
    const offer = await this.pc.createOffer({ iceRestart: true });
    const sdp = withStereo(offer.sdp);
    await this.pc.setLocalDescription({ type: 'offer', sdp });
    const response = await ask(this.location, {
      method: 'PATCH',
      headers: { 'Content-Type': FRAGMENT, 'If-Match': '*',
        ...this.headers },
      body: credentialsOf(sdp).join('\r\n') + '\r\n',
    });
    if (response.status !== 200)
      throw await rejectionOf(response);
    this.answer = withCredentials(this.answer, await response.text());
    if (!this.isClosed)
      await this.pc.setRemoteDescription(
        { type: 'answer', sdp: this.answer });
  }

  /**
   * Chooses for the rest of the session.
   * @param {{sound: boolean, frames: string}} wishes - whether it is heard;
   *   'key' frames or 'all'; either may be missing
   * @returns {Promise<boolean>} whether the server agrees
   */
  async control(wishes) {
    return (await ask(this.location, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', ...this.headers },
      body: JSON.stringify(wishes),
    })).ok;
  }

  /** @returns {boolean} */
  isConnected() {
    return ['connected', 'completed'].includes(this.pc.iceConnectionState);
  }

  /**
   * @returns {Promise<boolean>} whether the server still has the session;
   *   rejected if it cannot be asked
   */
  async isKnown() {
    return (await ask(this.location,
      { method: 'HEAD', headers: this.headers })).ok;
  }

  /**
   * @returns {Promise<?Rejection>} why the operator has ended the session; null
   *   if something else has; rejected if the server cannot be asked
   */
  async farewell() {
    if (!this.location)
      return null;
    const response = await ask(this.location, { headers: this.headers });
    return response.status === 410 ? rejectionOf(response) : null;
  }

  // Works on a page that is being unloaded, too.
  sayGoodbye() {
    if (this.location)
      fetch(this.location, { method: 'DELETE', keepalive: true,
        headers: this.headers }).catch(() => {});
    this.location = null;
  }

  /** Ends the session, at the server, too. */
  close() {
    this.isClosed = true;
    this.sayGoodbye();
    this.pc.close();
  }
}
