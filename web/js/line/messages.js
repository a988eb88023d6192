import { isLong } from '../model/log.js';
import { Search } from './search.js';

const around = 25; // messages after the one that is gone to, so that it stands amid others

// What happens to messages: what the server says of them, and what one can do with them.
export class Messages {
  #chat;
  #heard;
  #quoting = Promise.resolve(); // one quote is fetched at a time

  // heard(room, message) is told of every new message of somebody else.
  constructor(chat, heard) {
    this.#chat = chat;
    this.#heard = heard;
  }

  take(message) {
    const chat = this.#chat;
    const room = chat.rooms.at(message.roomId);
    if (message.clientMessageId) chat.outbox.settle(message.clientMessageId);
    if (room.private && !room.followed) {
      room.readSeq ??= message.seq - 1;
      chat.rooms.follow(room);
    }
    chat.live.typing.over(room.id, message.senderId);
    const fresh = room.take(message, chat.me);
    if (fresh && message.senderId !== chat.me.id) this.#heard(room, message);
  }

  // An event: a message was edited or deleted, or somebody reacted to it. One without a number never was.
  change(event) {
    const room = this.#chat.rooms.get(event.roomId);
    if (!room || event.seq === 0) return;
    const own = event.userId === this.#chat.me.id && event.emoji !== undefined ? { emoji: event.emoji, on: event.on } : null;
    room.change(event, own, this.#chat.me);
    room.search?.renew(event.changed);
  }

  takePage(page) {
    const room = this.#chat.rooms.at(page.roomId);
    const fresh = room.merge(page, this.#chat.me, page.more && page.to < page.head);
    for (const message of page.changed ?? []) room.search?.renew(message);
    for (const message of fresh) if (message.clientMessageId) this.#chat.outbox.settle(message.clientMessageId);
  }

  // Takes in what was missed, or its beginning. Where the rest is so long that it is not fetched by itself, nobody knows what became of the
  // messages that are held: they are let go, and the reader's place is loaded anew.
  async takeMissed(page) {
    const room = this.#chat.rooms.at(page.roomId);
    const unknown = room.log.loaded && isLong({ from: page.to + 1, to: page.head });
    this.takePage(page);
    if (!unknown) return;
    const place = room.readerAt;
    room.letGo();
    room.search?.again();
    if (room !== this.#chat.current) return;
    room.opening = 'loading';
    if (place !== null) await this.goTo(room, place);
    await this.#chat.open(room.id);
  }

  // These reject with a RequestError that says why nothing came of it.
  async edit(room, message, text) {
    await this.#chat.ask('edit_message', { roomId: room.id, messageId: message.messageId, message: text });
  }

  // reason: why, of a message of somebody else's.
  async remove(room, message, reason) {
    await this.#chat.ask('delete_message', { roomId: room.id, messageId: message.messageId, reason });
  }

  async report(message, reason, comment) {
    await this.#chat.ask('report_message', { roomId: message.roomId, messageId: message.messageId, reason, comment: comment || undefined });
  }

  // Gives a reaction, or takes it back; why that cannot be stands above the composer.
  async react(room, message, emoji, on) {
    room.trouble = '';
    try {
      await this.#chat.ask('react', { roomId: room.id, messageId: message.messageId, emoji, on });
    } catch (error) {
      room.trouble = `Your reaction was not kept: ${lowerFirst(error.message)}`;
    }
    this.#chat.changed();
  }

  // The message that another one answers: it, 'gone', 'loading' or 'away' when it could not be had.
  quoted(room, message) {
    return room.log.get(message.replyTo) ?? room.quotes.get(message.replyTo);
  }

  // Fetches what is quoted and not there.
  quote(room, message) {
    if (this.quoted(room, message)) return;
    room.quotes.set(message.replyTo, 'loading');
    this.#quoting = this.#quoting.then(() => this.#fetchQuote(room, message));
  }

  // The search of a room, as it was left.
  searchOf(room) {
    room.search ??= new Search(room, { ask: (type, fields) => this.#chat.ask(type, fields), changed: () => this.#chat.changed() });
    return room.search;
  }

  // Shows a message in its place, with what was said around it; why that cannot be stands above the composer.
  async goTo(room, seq) {
    room.trouble = '';
    try {
      if (!room.log.holds(seq)) await this.#openAround(room, seq);
      if (room.log.holds(seq)) room.sought = { seq };
      else room.trouble = 'That message is not kept any more.';
    } catch (error) {
      room.trouble = `That message did not come: ${lowerFirst(error.message)}`;
    }
    this.#chat.changed();
  }

  async #fetchQuote(room, { replyTo, replyToSeq }) {
    try {
      const page = await this.#page(room, { after: replyToSeq - 1, limit: 1 });
      const message = page.messages.find(({ messageId }) => messageId === replyTo);
      room.quotes.set(replyTo, message ? room.log.latest(message) : 'gone');
    } catch {
      room.quotes.set(replyTo, 'away'); // the quote still leads there
    }
    this.#chat.changed();
  }

  async #openAround(room, seq) {
    let page = await this.#page(room, { before: Math.min(seq + around, room.log.head + 1), limit: 2 * around });
    if (page.from > seq) page = await this.#page(room, { before: seq + 1, limit: around }); // long messages fill an answer
    if (page.messages.some((message) => message.seq === seq)) room.openAt(page, this.#chat.me);
  }

  // A page of history that is not put into the room's log.
  async #page(room, fields) {
    const { data } = await this.#chat.ask('history', { roomId: room.id, ...fields }, { apart: true });
    return data;
  }
}

const lowerFirst = (sentence) => sentence.charAt(0).toLowerCase() + sentence.slice(1);
