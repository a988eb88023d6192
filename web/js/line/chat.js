import { RequestError } from '../model/frames.js';
import { defaultLimits } from '../model/limits.js';
import { isGuest, privateRoomId } from '../model/names.js';
import { Pace } from '../model/pace.js';
import { PersonStore } from '../session/storage.js';
import { addressOf } from './address.js';
import { hear } from './hear.js';
import { Line } from './line.js';
import { Live } from './live.js';
import { Membership } from './membership.js';
import { Messages } from './messages.js';
import { Outbox } from './outbox.js';
import { Requests } from './requests.js';
import { Rooms } from './rooms.js';
import { Sync } from './sync.js';

const firstPage = 50;
const quietAfter = 30_000; // hidden for longer, a page asks what it missed

// The whole state of the chat behind the page, and what one can do with it. Views read it and hear of every change.
export class Chat {
  me = null; // {id, name, guest, groups}, once the server has said so
  limits = defaultLimits;
  features = []; // the types of frames that the server knows
  rooms = null;
  outbox = null;
  current = null; // the room that is open
  heardAt = null; // when the server last said something
  newGuest = false; // the guest that this window was has ended, and this is another
  list = 'loading'; // of rooms: loading, done, or the RequestError that it failed with
  #api;
  #wanted; // the room to open as soon as we are in
  #listeners = new Set();
  #pending = false;
  #hiddenAt = null;

  // heardMessage(room, message) is told of every new message of somebody else.
  constructor({ api, session, wanted = null, heardMessage = () => {} }) {
    this.#api = api;
    this.session = session;
    this.#wanted = wanted;
    this.messages = new Messages(this, heardMessage);
    this.line = new Line({
      address: (refused) => this.#address(refused),
      renew: () => session.renew(),
      onFrame: (frame) => this.#take(frame),
      onState: (state) => this.#lineChanged(state),
    });
    this.requests = new Requests({
      send: (text) => this.line.send(text),
      timeout: () => this.limits.requestTimeoutMs,
      most: () => this.limits.frameBytes,
      unanswered: () => this.sync.check(),
    });
    this.sync = new Sync(this);
    this.live = new Live(this);
    this.membership = new Membership(this);
  }

  // Connects, unless the server has sent this window away for a while that is not over.
  start() {
    const out = this.session.sentAway;
    if (out) this.line.stayOut(out);
    else this.line.connect();
  }

  stop() {
    this.line.stop();
    this.rooms?.stop();
  }

  // Calls back after every change, soon; gives a function that ends it.
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed() {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      for (const listener of this.#listeners) listener();
    });
  }

  async ask(type, fields, options) {
    try {
      return await this.requests.ask(type, fields, options);
    } catch (error) {
      if (error.code !== 'gone' || !error.message.startsWith('Connection not found')) throw error;
      this.line.replace(true); // the server has forgotten this connection
      throw new RequestError('lost', 'The connection was lost.');
    }
  }

  // Opens a room, joining it if need be. What fails is in the room's opening.
  async open(roomId) {
    const room = this.rooms.at(roomId);
    if (room !== this.current) {
      this.current?.putAway();
      this.current = room;
      if (this.line.state.kind === 'connected' && room.log.detached) room.letGo();
      room.unreadFrom = null;
      if (room.log.loaded) room.markUnread(this.me); // else when it is
    }
    if (room.opening !== 'done') room.opening = 'loading';
    room.putOutFor = '';
    this.changed();
    try {
      if (!room.private) await this.ask('join_room', { roomId, stay: true, since: room.log.cursor ?? undefined });
      if (!room.log.detached && !room.hasLatest(firstPage)) await this.ask('history', { roomId, limit: firstPage });
      room.opening = 'done';
      this.live.loadMembers(room);
    } catch (error) {
      room.openFailed(error);
    }
    this.changed();
  }

  async openPrivate(userId) {
    const room = this.rooms.at(await privateRoomId(this.me.id, userId));
    room.other = { id: userId, name: this.rooms.nameOf(userId) || room.other?.name || userId };
    this.rooms.follow(room);
    await this.open(room.id);
    return room.id;
  }

  // Puts a room off the list. Rejects with a RequestError.
  async leave(room) {
    if (room.private) this.rooms.unfollow(room);
    else await this.ask('leave_room', { roomId: room.id });
    room.opening = 'no';
    this.changed();
  }

  send(text) {
    const room = this.current;
    this.outbox.add(room.id, room.private ? room.other.id : null, text, room.composing?.reply ?? null);
    room.composing = null;
    room.trouble = '';
    room.unreadFrom = null;
    this.changed();
  }

  // Everything up to seq was on the screen of somebody who looked.
  seen(room, seq) {
    if (!this.rooms.read(room, seq)) return;
    this.live.markers.moved(room);
    this.changed();
  }

  async listRooms(query) {
    try {
      await this.ask('room_list', query ? { query } : {});
      this.list = 'done';
    } catch (error) {
      if (this.list !== 'done') this.list = error;
    }
    this.changed();
  }

  visible(shown) {
    if (!shown) {
      this.#hiddenAt = Date.now();
      return;
    }
    this.line.hurry();
    if (this.#hiddenAt !== null && Date.now() - this.#hiddenAt > quietAfter) this.sync.check();
    this.#hiddenAt = null;
  }

  welcome(data) {
    const known = this.me;
    this.me = { id: data.userId, name: data.username ?? data.userId, guest: isGuest(data.userId), groups: data.groups ?? [] };
    this.limits = { ...defaultLimits, ...data.limits };
    this.features = data.features;
    const earlier = this.session.meet(data);
    if (earlier) (earlier === known?.id ? this.store : new PersonStore(earlier)).forget();
    this.newGuest ||= earlier !== null;
    if (known?.id !== this.me.id) this.#becomeSomebody();
    for (const [id, head] of Object.entries(data.heads)) this.rooms.at(id).log.raise(head);
    this.rooms.follow(this.rooms.at(data.roomId));
    if (known?.id !== this.me.id) this.#begin(data.roomId);
  }

  // Takes back the word that somebody has read.
  noticed() {
    this.newGuest = false;
    this.changed();
  }

  #becomeSomebody() {
    this.rooms?.stop();
    this.store = new PersonStore(this.me.id);
    const fetch = (roomId, fields) => this.ask('history', { roomId, limit: this.limits.historyLimit, ...fields });
    this.rooms = new Rooms({ store: this.store, fetch, changed: () => this.changed() });
    this.pace = new Pace((roomId) => ({ rate: this.limits.messageRate, slow: this.rooms.at(roomId).slowOf(this.limits, this.me) }));
    this.outbox = new Outbox({ pace: this.pace, store: this.store, ask: (type, fields) => this.ask(type, fields), changed: () => this.changed() });
    this.current = null;
    this.membership.begin();
    this.live.chosen(this.store.get('presence'));
  }

  // In sync from here on: the first time after the greeting, later as soon as there is a connection.
  #begin(roomId) {
    this.sync.start();
    this.live.connected();
    this.outbox.connected(true);
    if (!this.current) this.#openWanted(roomId);
    else if (!this.current.putOutFor) this.open(this.current.id);
    this.listRooms();
  }

  async #openWanted(roomId) {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted?.person && wanted.person !== this.me.id) await this.openPrivate(wanted.person);
    else await this.open(wanted?.room ?? roomId);
  }

  #lineChanged(state) {
    if (state.kind === 'out') this.session.keepSentAway(state);
    if (state.kind === 'refused') this.session.expire();
    if (state.kind === 'connected') {
      if (this.me) this.#begin(this.current?.id);
    } else {
      this.requests.drop();
      this.sync.stop();
      this.live.disconnected();
      this.outbox?.connected(false);
    }
    this.changed();
  }

  #take(frame) {
    if (!this.me && frame.type !== 'welcome' && frame.type !== 'closing') return;
    this.heardAt = Date.now();
    if (!this.requests.isApart(frame)) hear(this, frame);
    this.requests.take(frame);
    this.changed();
  }

  // A room that one may not enter closes the door too, so the second try names none.
  async #address(refused) {
    const [first] = this.rooms?.followed ?? [];
    const room = this.current && !this.current.private && this.current.opening === 'done' ? this.current : first;
    return addressOf(this.#api, await this.session.credentials(), refused ? null : room?.id);
  }
}
