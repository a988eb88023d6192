import { reconnectDelay, spreadDelay } from '../model/backoff.js';
import { decode } from '../model/frames.js';
import { openSocket } from './socket.js';

const openTime = 15_000; // for a handshake
const greetTime = 15_000; // for the first greeting, before which nothing else is asked
const kickedFor = 60_000; // the server refuses who was removed for a minute
const relieveTime = 1000;

// The connection to the server, kept up: it says in state what there is, and hands over frames.
//
//	idle         not asked to connect
//	connecting   the first try, or one right after another
//	connected
//	waiting      the next try is at state.until; state.refused: several handshakes in a row have failed
//	offline      the browser has no network
//	out          the server sent us away: state.code, state.reason, state.until (may come back then)
//	refused      the session has ended: only signing in again helps
export class Line {
  state = { kind: 'idle' };
  #address;
  #renew;
  #onFrame;
  #onState;
  #socket = null;
  #timer = null;
  #tries = 0;
  #refusals = 0; // handshakes that failed in a row
  #closing = null;
  #greeted = false;
  #round = 0; // of connecting; what belongs to an older one is of no interest

  // address(refused) gives {url, protocols}, without what may be refused if something was; renew() gets fresh credentials or throws.
  constructor({ address, renew, onFrame, onState }) {
    this.#address = address;
    this.#renew = renew;
    this.#onFrame = onFrame;
    this.#onState = onState;
  }

  // Stays out, as the server said before the page was loaded again.
  stayOut({ code, reason, until }) {
    this.#become({ kind: 'out', code, reason, until });
  }

  // Connects now, whatever there was before.
  connect() {
    this.#hangUp();
    if (!navigator.onLine) {
      this.#become({ kind: 'offline' });
      return;
    }
    this.#become({ kind: 'connecting', again: this.#tries > 0 });
    this.#dial(this.#round);
  }

  // Tries again at once, if it was waiting to.
  hurry() {
    if (this.state.kind === 'waiting' || this.state.kind === 'offline') this.connect();
  }

  // The network went away or came back, as the browser says.
  network(there) {
    if (this.state.kind === 'idle' || this.state.kind === 'out' || this.state.kind === 'refused') return;
    if (there) this.hurry();
    else {
      this.#hangUp();
      this.#become({ kind: 'offline' });
    }
  }

  stop() {
    this.#hangUp();
    this.#become({ kind: 'idle' });
  }

  // Takes another connection in place of this one. quiet: nothing is wrong, so nobody need be told for a moment.
  replace(quiet) {
    if (this.state.kind !== 'connected') return;
    this.#hangUp();
    this.#become({ kind: 'connecting', again: true, quiet });
    this.#dial(this.#round);
  }

  // Takes another connection in place of one that is well, which serves until the other is open and a moment longer: answers may be on
  // their way. Says whether it did; if not, all is as it was.
  async relieve() {
    const round = this.#round;
    const still = () => round === this.#round && this.state.kind === 'connected';
    const next = await this.#address(false).then((address) => openSocket(address, openTime)).catch(() => null);
    if (!next || !still()) {
      next?.close(1000);
      return !still();
    }
    const old = this.#socket;
    old.onclose = null;
    old.onmessage = (event) => this.#take(event.data, true);
    setTimeout(() => old.close(1000), relieveTime);
    this.#closing = null;
    this.#serve(next, ++this.#round);
    this.#become({ kind: 'connected' });
    return true;
  }

  #serve(socket, round) {
    this.#socket = socket;
    socket.onmessage = (event) => this.#take(event.data);
    socket.onclose = () => {
      if (round === this.#round) this.#ended();
    };
  }

  // Says whether the text went into a connection.
  send(text) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    return true;
  }

  async #dial(round) {
    let address;
    try {
      address = await this.#address(this.#refusals > 0);
    } catch (error) {
      if (round !== this.#round) return;
      if (error.ended) this.#become({ kind: 'refused', reason: error.message });
      else this.#retry();
      return;
    }
    if (round !== this.#round) return;
    const socket = new WebSocket(address.url, address.protocols);
    this.#socket = socket;
    let opened = false;
    this.#timer = setTimeout(() => socket.close(), openTime);
    socket.onopen = () => {
      opened = true;
      clearTimeout(this.#timer);
      if (!this.#greeted) this.#timer = setTimeout(() => this.#retry(), greetTime);
      this.#closing = null;
      this.#become({ kind: 'connected' });
    };
    socket.onmessage = (event) => this.#take(event.data);
    socket.onclose = () => {
      if (round !== this.#round) return;
      clearTimeout(this.#timer);
      if (opened) this.#ended();
      else this.#notLetIn();
    };
  }

  // relieved: what is said about the connection itself is of no interest any more.
  #take(text, relieved = false) {
    const frame = decode(text);
    if (!frame || (relieved && (frame.type === 'closing' || frame.type === 'welcome'))) return;
    if (frame.type === 'closing') this.#closing = frame.data;
    if (frame.type === 'welcome') {
      clearTimeout(this.#timer);
      this.#greeted = true;
      this.#tries = 0;
      this.#refusals = 0;
    }
    this.#onFrame(frame);
  }

  // An open connection ended. The server may have said why.
  async #ended() {
    const closing = this.#closing;
    this.#closing = null;
    if (!closing) {
      this.#retry();
    } else if (closing.retry) {
      this.#retry(closing.spreadMs ? spreadDelay(closing.spreadMs) : undefined);
    } else if (closing.code === 'session_expired') {
      this.#become({ kind: 'connecting', again: true, quiet: true }); // the issuer may take its time, and nothing is connected meanwhile
      await this.#withFreshCredentials();
    } else if (closing.code === 'signed_out') {
      this.#hangUp();
      this.#become({ kind: 'refused', reason: closing.reason });
    } else {
      const until = closing.code === 'kicked' ? Date.now() + kickedFor : null;
      this.#hangUp();
      this.#become({ kind: 'out', code: closing.code, reason: closing.reason, until });
    }
  }

  // A browser does not say whether a handshake was refused, and for who we are or for trouble behind the door, or whether nobody was there:
  // fresh credentials are tried once, and the door again and again.
  async #notLetIn() {
    this.#refusals++;
    if (this.#refusals === 2) await this.#withFreshCredentials();
    else this.#retry();
  }

  async #withFreshCredentials() {
    const round = this.#round;
    try {
      await this.#renew();
      if (round === this.#round) this.connect();
    } catch (error) {
      if (round !== this.#round) return;
      if (error.ended) this.#become({ kind: 'refused', reason: error.message });
      else this.#retry();
    }
  }

  #retry(delay = reconnectDelay(this.#tries)) {
    this.#hangUp();
    this.#tries++;
    if (!navigator.onLine) {
      this.#become({ kind: 'offline' });
      return;
    }
    this.#become({ kind: 'waiting', until: Date.now() + delay, refused: this.#refusals > 2 });
    this.#timer = setTimeout(() => this.connect(), delay);
  }

  #hangUp() {
    this.#round++;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  #become(state) {
    this.state = state;
    this.#onState(state);
  }
}
