const near = 24; // pixels from the end that still count as being there

// Keeps a scrolled box still while rows come in above, below or within, or it changes its size: at its end, or with one row where it is.
// What ends where more can be loaded has no end to stay at.
export class Anchor {
  atEnd = true;
  #box;
  #endless;
  #sizes = ''; // when the box was last looked at
  #row = null;
  #top = 0; // of that row, from the top of the box

  constructor(box, endless) {
    this.#box = box;
    this.#endless = endless;
  }

  // Starts at the end, or with line a third down when it would be above.
  begin(line) {
    this.#box.scrollTop = this.#box.scrollHeight;
    if (line && this.#topOf(line) < 0) this.#box.scrollTop += this.#topOf(line) - this.#box.clientHeight / 3;
    this.note();
  }

  toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.note();
  }

  // Goes to a row, a third down.
  toRow(row) {
    this.#box.scrollTop += this.#topOf(row) - this.#box.clientHeight / 3;
    this.note();
  }

  // The box has scrolled: because the reader did, who is there now, or because it got another size, which moves nobody.
  scrolled() {
    if (this.#sizes === this.#measure()) this.note();
    else this.hold();
  }

  // The number of the message at the top; null: they are at the end.
  get seq() {
    return this.atEnd || !this.#row ? null : Number(this.#row.dataset.seq);
  }

  note() {
    const box = this.#box;
    this.#sizes = this.#measure();
    this.atEnd = !this.#endless() && box.scrollHeight - box.scrollTop - box.clientHeight <= near;
    this.#row = this.#firstShown();
    this.#top = this.#row ? this.#topOf(this.#row) : 0;
  }

  // Something has changed: back to where they were.
  hold() {
    this.#sizes = this.#measure();
    if (this.atEnd) this.#box.scrollTop = this.#box.scrollHeight;
    else if (this.#row?.isConnected) this.#box.scrollTop += this.#topOf(this.#row) - this.#top;
  }

  #measure() {
    return `${this.#box.clientWidth} ${this.#box.clientHeight} ${this.#box.scrollHeight}`;
  }

  #topOf(row) {
    return row.getBoundingClientRect().top - this.#box.getBoundingClientRect().top;
  }

  // The first row of a message that is on the screen: lines between messages come and go.
  #firstShown() {
    const rows = this.#box.querySelectorAll('.message');
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#topOf(rows[middle]) + rows[middle].offsetHeight > 0) high = middle;
      else low = middle + 1;
    }
    return rows[low] ?? null;
  }
}
