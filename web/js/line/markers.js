// How far the reader has read, told to the server so that all their devices agree: at once, then not more often than it takes.
export class Markers {
  #tell;
  #every;
  #toldAt = new Map(); // by room
  #timers = new Map();

  // tell(fields) asks the server and rejects where that failed; every() is in milliseconds.
  constructor({ tell, every }) {
    this.#tell = tell;
    this.#every = every;
  }

  // The reader has read up to room.readSeq, or it is known how far the server knows that.
  moved(room) {
    if (this.#timers.has(room) || !this.#behind(room)) return;
    const wait = Math.max(0, (this.#toldAt.get(room) ?? -Infinity) + this.#every() - Date.now());
    this.#timers.set(room, setTimeout(() => this.#now(room), wait));
  }

  // There is no connection any more. What was not told is told when the server has said on the next one what it knows.
  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #behind(room) {
    return room.keptRead !== null && room.readSeq > room.keptRead;
  }

  async #now(room) {
    this.#timers.delete(room);
    if (!this.#behind(room)) return;
    this.#toldAt.set(room, Date.now());
    await this.#tell({ roomId: room.id, seq: room.readSeq }).catch(() => {}); // told with the next number, or on the next connection
  }
}
