// One WHEP session: an offer goes out, an answer comes back, media flows.
// draft-ietf-wish-whep; knows nothing of the page.

const PROBLEM_URN = 'urn:problem-type:whep:';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

// What the server refused, in words for the viewer.
export class Rejection extends Error {
  constructor(message, status, retryAfterS, type) {
    super(message);
    this.status = status;
    this.retryAfterS = retryAfterS; // 0: trying again is of no use
    this.type = type; // '' if it doesn't say
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

const PLAYOUT_DELAY = /^a=extmap:.*\/playout-delay\r?\n/gm;

// Whoever isn't offered playout delay 0 leaves the picture's delay to the
// browser, which lets it wait for the sound.
const withoutPlayoutDelay = (sdp) => sdp.replace(PLAYOUT_DELAY, '');

const rejectionOf = async (response) => {
  const retryAfterS = Number(response.headers.get('Retry-After')) || 0;
  let detail = `The server says: ${response.status} ${response.statusText}`;
  let type = '';
  try {
    const problem = await response.json();
    detail = problem.detail || problem.title || detail;
    type = String(problem.type || '').replace(PROBLEM_URN, '');
  } catch (error) {
    // A proxy's page: the status must do.
  }
  return new Rejection(detail, response.status, retryAfterS, type);
};

const CREDENTIAL = /^a=ice-(ufrag|pwd):.*$/gm;

// All m-sections are bundled: their credentials are the same.
const credentialsOf = (sdp) =>
  [...new Set(sdp.match(CREDENTIAL))].map((line) => line.trim());

const withCredentials = (sdp, fragment) => {
  const lines = credentialsOf(fragment);
  return sdp.replace(CREDENTIAL, (line, name) =>
    lines.find((other) => other.startsWith(`a=ice-${name}:`)) +
    (line.endsWith('\r') ? '\r' : ''));
};

// A picture is shown as soon as it is there; sound keeps its small buffer.
const hurry = (receiver) => {
  if ('jitterBufferTarget' in receiver)
    receiver.jitterBufferTarget = 0;
  else if ('playoutDelayHint' in receiver)
    receiver.playoutDelayHint = 0;
};

export class WhepSession {
  // onTrack gets each MediaStreamTrack; onState 'connected', 'disconnected'
  // (may come back by itself), 'failed' (won't) or 'ended' (by the server).
  // isInSync: the picture waits for the sound, instead of being shown at once.
  constructor(endpoint, onTrack, onState, isInSync) {
    this.endpoint = endpoint;
    this.isInSync = isInSync;
    this.offer = null;
    this.answer = null;
    this.location = null;
    this.isClosed = false;
    this.wasConnected = false;
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

  // A server that says goodbye leaves the connection's own state as it is.
  watchTransport(transport, onState) {
    if (transport)
      transport.addEventListener('statechange', () => {
        if (!this.isClosed && ['closed', 'failed'].includes(transport.state))
          onState(transport.state === 'closed' ? 'ended' : 'failed');
      });
  }

  // May be called again after a rejection: the offer stays good.
  async open() {
    if (this.offer === null)
      this.offer = await this.makeOffer();
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: this.offer,
    });
    if (response.status !== 201)
      throw await rejectionOf(response);
    this.location = new URL(response.headers.get('Location'), response.url);
    this.answer = await response.text();
    if (this.isClosed)
      this.sayGoodbye();
    else
      await this.pc.setRemoteDescription(
        { type: 'answer', sdp: this.answer });
  }

  async makeOffer() {
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    this.pc.addTransceiver('audio', { direction: 'recvonly' });
    const offer = await this.pc.createOffer();
    const sdp = withStereo(offer.sdp);
    await this.pc.setLocalDescription({ type: 'offer', sdp });
    return this.isInSync ? withoutPlayoutDelay(sdp) : sdp;
  }

  // From another network, or after one that was gone: ICE begins anew, and
  // all else goes on.
  async restart() {
    const offer = await this.pc.createOffer({ iceRestart: true });
    const sdp = withStereo(offer.sdp);
    await this.pc.setLocalDescription({ type: 'offer', sdp });
    const response = await fetch(this.location, {
      method: 'PATCH',
      headers: { 'Content-Type': FRAGMENT, 'If-Match': '*' },
      body: credentialsOf(sdp).join('\r\n') + '\r\n',
    });
    if (response.status !== 200)
      throw await rejectionOf(response);
    this.answer = withCredentials(this.answer, await response.text());
    if (!this.isClosed)
      await this.pc.setRemoteDescription(
        { type: 'answer', sdp: this.answer });
  }

  isConnected() {
    return ['connected', 'completed'].includes(this.pc.iceConnectionState);
  }

  // Whether the server still knows the session. Throws if it can't be asked.
  async isKnown() {
    return (await fetch(this.location, { method: 'HEAD' })).ok;
  }

  // Also from a page that is going away.
  sayGoodbye() {
    if (this.location)
      fetch(this.location, { method: 'DELETE', keepalive: true })
        .catch(() => {});
    this.location = null;
  }

  close() {
    this.isClosed = true;
    this.sayGoodbye();
    this.pc.close();
  }
}
