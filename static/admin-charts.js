// The charts of the first page: strips on one time axis with one cursor, and beside them what stands at the cursor.
import { bars, hatch, lines } from "./admin-plots.js";

const root = document.getElementById("charts");
const source = () => document.getElementById("series");
const format = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

let plots = [];
let readouts = []; // functions that show what stands at an index
let shape = ""; // what the strips were built for
let board = null;
let chosen = null; // the index of the cursor; null: the newest

const colours = { ClientError: "edge", DeliveryFailures: "lamp", GoneConnections: "quiet", SlowConnections: "notice" };

// errors are the kinds of which there were any.
const errors = (b) => b.errors.filter(({ counts }) => counts.some((n) => n > 0));

// strips says what is drawn: a strip of lines, or one of lanes with a peak each.
function strips(b) {
  return [
    { title: "Connections", note: "open", lines: [{ name: "Open", values: b.open, colour: "ink", width: 1.75 }] },
    {
      title: "Coming and going", note: "each lane to its own peak",
      lanes: [{ name: "Connects", values: b.connects, colour: "on" }, { name: "Disconnects", values: b.disconnects, colour: "edge" }],
    },
    {
      title: "Messages", note: "in: kept; out: copies that reached a connection, the sender’s own too",
      lanes: [{ name: "In", values: b.messagesIn, colour: "ink" }, { name: "Out", values: b.messagesOut, colour: "quiet" }],
    },
    {
      title: "Errors", note: errors(b).length ? "each lane to its own peak" : "none in this time", bare: true,
      lanes: errors(b).map(({ kind, counts }) => ({ name: b.names[kind], values: counts, colour: colours[kind] ?? "danger" })),
    },
    {
      title: "Functions", note: "p99 ms, and p50",
      lanes: b.durations.map((d) => ({ name: d.function, values: d.p99, beside: d.p50, colour: "quiet" })),
    },
    {
      title: "Delivery", note: "frame to last post, ms",
      lines: [
        { name: "p99", values: b.latency.p99, colour: "lamp", width: 1.75 },
        { name: "p95", values: b.latency.p95, colour: "lamp", width: 1.5, dash: [6, 3] },
        { name: "p50", values: b.latency.p50, colour: "lamp", width: 1.5, dash: [1, 3] },
      ],
    },
  ].filter((strip) => strip.bare || (strip.lines ?? strip.lanes).length > 0);
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

const peak = (values) => values.reduce((most, v) => (v > most ? v : most), 0);
const shown = (value) => (value === null || value === undefined ? "–" : format.format(value < 100 ? value : Math.round(value)));

// key is one line of the legend; it is the readout at the same time.
function key(series) {
  const value = element("b", "value");
  const swatch = element("span", `swatch tint-${series.colour}${series.dash ? ` dash-${series.dash[0]}` : ""}`);
  swatch.setAttribute("aria-hidden", "true");
  readouts.push((n, b) => {
    const [now, beside] = [b.values(series.at)[n], series.beside ? b.besides(series.at)[n] : undefined];
    value.textContent = beside === undefined ? shown(now) : `${shown(now)} / ${shown(beside)}`;
  });
  return element("div", "key", swatch, element("span", "name", series.name), value);
}

function build(list) {
  for (const p of plots) p.destroy();
  [plots, readouts] = [[], []];
  root.replaceChildren();
  list.forEach((strip, row) => {
    const body = element("div", strip.lanes ? "lanes" : "lines");
    root.append(element("section", "strip", element("h3", "", strip.title, " ", element("span", "quiet", strip.note)), body));
    const last = row === list.length - 1;
    if (strip.lines) {
      const keys = element("div", "keys");
      const host = element("div", "plot");
      body.append(host, keys);
      strip.lines.forEach((s, n) => { s.at = [row, n]; keys.append(key(s)); });
      plots.push(lines(host, strip, { last, row, moved }));
      return;
    }
    strip.lanes.forEach((s, n) => {
      s.at = [row, n];
      const top = element("span", "peak");
      const host = element("div", "plot");
      body.append(top, host, key(s));
      readouts.push((_, b) => { top.textContent = shown(peak(b.values(s.at))); });
      plots.push(bars(host, s, { row, lane: n, moved }));
    });
  });
}

function moved(index) {
  chosen = index;
  tell();
}

function tell() {
  const list = strips(board);
  const series = ([row, n]) => (list[row].lines ?? list[row].lanes)[n];
  const n = chosen ?? board.times.length - 1;
  const at = new Date(board.times[n] * 1000);
  const word = chosen === null ? "Running" : "At the cursor";
  document.getElementById("cursor-word").textContent = word;
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" };
  if (board.range === "7d") Object.assign(options, { weekday: "short" });
  document.getElementById("cursor-time").textContent = `${at.toLocaleString("en", options)} UTC`;
  for (const show of readouts) show(n, { values: (at) => series(at).values, besides: (at) => series(at).beside });
}

// counted are all the series that CloudWatch gave.
function counted(b) {
  return [
    b.connects, b.disconnects, b.messagesIn, b.messagesOut, b.latency.p99,
    ...b.errors.map((lane) => lane.counts), ...b.durations.map((d) => d.p99),
  ];
}

function draw() {
  const text = source()?.dataset.series;
  if (!root || !text) return;
  board = JSON.parse(text);
  const holes = hatch(counted(board), board.times);
  for (const [from, to] of holes) board.open.fill(null, from, to + 1); // it was counted on through them, but nobody knows
  const list = strips(board);
  const now = JSON.stringify([board.range, board.period, list.map((s) => [s.title, s.note, (s.lines ?? s.lanes).map((l) => l.name)])]);
  if (now !== shape) {
    build(list);
    shape = now;
  }
  for (const p of plots) p.update(board, list, holes);
  tell();
}

function step(by) {
  const last = board.times.length - 1;
  const next = Math.min(last, Math.max(0, (chosen ?? last) + by));
  for (const p of plots) p.point(next);
  moved(next);
}

if (root) {
  draw();
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id === "series") draw();
  });
  root.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !board) return;
    event.preventDefault();
    step(by);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    shape = "";
    draw();
  });
}
