import { bytesOf } from '../model/limits.js';
import { encode, refusalOf, RequestError } from '../model/frames.js';

// Asks questions over a connection and finds the answers that belong to them.
export class Requests {
  #send;
  #timeout;
  #unanswered;
  #most;
  #open = new Map();
  #next = 1;

  // send(text) says whether there is a connection. most() is of a frame, in bytes: for a larger one the gateway would end the connection.
  // unanswered() hears of every question without an answer in time.
  constructor({ send, timeout, most, unanswered = () => {} }) {
    this.#send = send;
    this.#timeout = timeout;
    this.#unanswered = unanswered;
    this.#most = most;
  }

  // Resolves with the first frame that answers, or rejects with a RequestError. apart: the answer is for who asks alone.
  ask(type, fields = {}, { apart = false } = {}) {
    const id = String(this.#next++);
    const text = encode(type, id, fields);
    return new Promise((resolve, reject) => {
      if (bytesOf(text) > this.#most()) {
        reject(refusalOf({ code: 'too_large' }));
        return;
      }
      if (!this.#send(text)) {
        reject(new RequestError('lost', 'There is no connection.'));
        return;
      }
      const timer = setTimeout(() => {
        this.#open.delete(id);
        reject(new RequestError('timeout', 'The server did not answer.'));
        this.#unanswered();
      }, this.#timeout());
      this.#open.set(id, { resolve, reject, timer, apart });
    });
  }

  // Says something that is not answered; without a connection it is not said.
  tell(type, fields) {
    this.#send(encode(type, undefined, fields));
  }

  // Whether a frame is an answer that only who asked is to see.
  isApart(frame) {
    return this.#open.get(frame.ref)?.apart ?? false;
  }

  // Takes a frame from the server and hands it to who asked.
  take(frame) {
    if (frame.type === 'gateway') this.#takeGateway(frame);
    const asked = frame.ref === undefined ? undefined : this.#close(frame.ref);
    if (!asked) return;
    if (frame.type === 'error') asked.reject(refusalOf(frame.data));
    else asked.resolve(frame);
  }

  // The connection is gone: nobody will be answered.
  drop() {
    for (const id of [...this.#open.keys()]) this.#close(id).reject(new RequestError('lost', 'The connection was lost.'));
  }

  // A gateway's frame names no question. It is the answer when there is only one.
  #takeGateway(frame) {
    if (this.#open.size !== 1) return;
    const [id] = this.#open.keys();
    this.#close(id).reject(new RequestError('internal', `${frame.data.message}.`));
  }

  #close(id) {
    const asked = this.#open.get(id);
    if (!asked) return undefined;
    this.#open.delete(id);
    clearTimeout(asked.timer);
    return asked;
  }
}
