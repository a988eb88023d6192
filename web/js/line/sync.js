import { isPrivate } from '../model/names.js';
import { mostFollowed } from './rooms.js';

const answerTime = 5000;
const mostTries = 3;
const rotateSpread = 180_000; // at most
const rotateAgain = 5000;
const shut = ['not_found', 'forbidden'];

// Keeps what the page has and what the server has the same: after connecting, and then every few minutes.
export class Sync {
  #chat;
  #waiting = new Set(); // rooms whose resumed has not come yet
  #timers = { resume: null, ping: null, rotate: null };
  #checking = false;
  #heads = new Map(); // at the last ping

  constructor(chat) {
    this.#chat = chat;
  }

  // A connection stands and says who we are.
  start() {
    this.stop();
    const chat = this.#chat;
    const rooms = this.#watched().filter((room) => room !== chat.current || room.private);
    for (const room of rooms) this.#waiting.add(room.id);
    this.#resume(1);
    this.#noteHeads();
    this.#timers.ping = setInterval(() => this.#ping(false), chat.limits.pingSeconds * 1000);
    this.#scheduleRotation();
  }

  stop() {
    this.#waiting.clear();
    clearTimeout(this.#timers.resume);
    clearInterval(this.#timers.ping);
    clearTimeout(this.#timers.rotate);
  }

  // A room that the reader follows on another device, if there is room for one more here.
  follow(room) {
    if (room.followed || this.#chat.rooms.followed.length >= mostFollowed) return;
    this.#chat.rooms.follow(room);
    this.#waiting.add(room.id);
    this.#resume(1);
  }

  resumed(roomId) {
    this.#waiting.delete(roomId);
  }

  // A room was refused. One that is shut to the reader now goes; between two people it is only that nobody has written yet.
  refused({ roomId, code, message }) {
    this.#waiting.delete(roomId);
    if (isPrivate(roomId) || !shut.includes(code)) return;
    const gone = code === 'not_found';
    this.#chat.membership.hearLeft({ roomId, reason: gone ? 'It is not there any more, or not open to you' : message, gone });
  }

  // Asks whether the connection still lives, and whether anything was lost on it.
  async check() {
    if (this.#checking || this.#chat.line.state.kind !== 'connected') return;
    this.#checking = true;
    await this.#ping(true);
    this.#checking = false;
  }

  // Takes in a pong: what differs is fetched, what the server does not hold for this connection is joined again.
  compare({ heads, rooms }) {
    for (const [id, head] of Object.entries(heads)) {
      const room = this.#chat.rooms.get(id);
      room?.log.raise(head);
      room?.gaps.look();
    }
    const lost = this.#chat.rooms.followed.filter((room) => !rooms.includes(room.id));
    for (const room of lost) this.#waiting.add(room.id);
    this.#resume(1);
  }

  // Sends resume for all rooms that wait, and again for those that were not answered. What stays away is found by a later ping.
  #resume(tries) {
    clearTimeout(this.#timers.resume);
    const rooms = [...this.#waiting].map((id) => this.#chat.rooms.at(id));
    if (rooms.length === 0 || tries > mostTries) {
      this.#waiting.clear();
      return;
    }
    const most = this.#chat.limits.resumeRooms;
    for (let at = 0; at < rooms.length; at += most) {
      const list = rooms.slice(at, at + most).map((room) => ({ roomId: room.id, since: room.log.cursor ?? room.readSeq ?? room.log.head }));
      this.#chat.ask('resume', { rooms: list }).catch(() => {}); // asked again below
    }
    this.#timers.resume = setTimeout(() => this.#resume(tries + 1), answerTime);
  }

  // all names every room, else those that were silent since the last ping: the others have just shown that they are heard.
  async #ping(all) {
    const silent = this.#watched().filter((room) => all || this.#heads.get(room.id) === room.log.head);
    const heads = Object.fromEntries(silent.slice(0, this.#chat.limits.pingRooms).map((room) => [room.id, room.log.head]));
    this.#noteHeads();
    try {
      await this.#chat.ask('ping', { heads });
    } catch (error) {
      if (error.code === 'timeout') this.#chat.line.replace(false);
    }
  }

  #watched() {
    return [...this.#chat.rooms.followed, ...this.#chat.rooms.conversations];
  }

  #noteHeads() {
    this.#heads = new Map(this.#watched().map((room) => [room.id, room.log.head]));
  }

  // Takes a new connection before the old one or the session it was opened with ends.
  #scheduleRotation() {
    const { rotateSeconds, connectionSeconds } = this.#chat.limits;
    const spread = Math.min(rotateSpread, (connectionSeconds - rotateSeconds) * 500);
    const old = Date.now() + rotateSeconds * 1000 + Math.random() * spread;
    const at = Math.min(old, this.#chat.session.renewAt ?? Infinity);
    this.#timers.rotate = setTimeout(() => this.#rotate(), Math.max(1000, at - Date.now()));
  }

  // What cannot be done now is tried until the connection ends by itself.
  async #rotate() {
    const { line } = this.#chat;
    if (!(await line.relieve()) && line.state.kind === 'connected') this.#timers.rotate = setTimeout(() => this.#rotate(), rotateAgain);
  }
}
