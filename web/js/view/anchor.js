const near = 24; // pixels from the end that still count as being there

// Keeps a scrolled box still while rows come in above, below or within: at its end, or with one row where it is.
export class Anchor {
  atEnd = true;
  #box;
  #row = null;
  #top = 0; // of that row, from the top of the box

  constructor(box) {
    this.#box = box;
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

  // The reader has scrolled: this is where they are.
  note() {
    const box = this.#box;
    this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= near;
    this.#row = this.#firstShown();
    this.#top = this.#row ? this.#topOf(this.#row) : 0;
  }

  // Something has changed: back to where they were.
  hold() {
    if (this.atEnd) this.#box.scrollTop = this.#box.scrollHeight;
    else if (this.#row?.isConnected) this.#box.scrollTop += this.#topOf(this.#row) - this.#top;
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
