// Plots by uPlot: a strip of lines, and a lane of bars. All share one cursor and the time axis.
const { uPlot } = window;

const sync = uPlot.sync("switchboard");
const gutter = 64; // where the values of the left axis stand

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// resolved turns light-dark() into the colour of the theme that is shown: a canvas knows no theme.
function resolved(name) {
  const probe = document.createElement("i");
  probe.className = `tint-${name}`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value || colour(name);
}

// hatch finds the stretches of time in which nothing is known of anything. The running one is not over: nothing is missing yet.
export function hatch(series, times) {
  const holes = [];
  times.slice(0, -1).forEach((_, n) => {
    if (series.some((values) => values[n] !== null)) return;
    const last = holes.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else holes.push([n, n]);
  });
  return holes;
}

function drawHoles(u, holes, period, named) {
  const { ctx, bbox } = u;
  let widest = null;
  ctx.save();
  ctx.strokeStyle = resolved("hairline");
  ctx.lineWidth = devicePixelRatio;
  for (const [from, to] of holes) {
    const left = Math.max(bbox.left, u.valToPos(u.data[0][from], "x", true));
    const right = Math.min(bbox.left + bbox.width, u.valToPos(u.data[0][to] + period, "x", true));
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.save();
    ctx.clip();
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += 7 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
    if (right - left > 80 * devicePixelRatio && right - left > (widest?.[1] ?? 0)) widest = [left, right - left];
  }
  if (named && widest) {
    ctx.fillStyle = resolved("quiet");
    ctx.font = `${12 * devicePixelRatio}px ${colour("sans")}`;
    ctx.textAlign = "center";
    ctx.fillText("no data", widest[0] + widest[1] / 2, bbox.top + 16 * devicePixelRatio);
  }
  ctx.restore();
}

const clockWords = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" };
const dayWords = { weekday: "short", day: "numeric", timeZone: "UTC" };

function timeAxis(week, font, ink) {
  return {
    size: 24, font, stroke: ink, gap: 4, space: 72, grid: { show: false }, ticks: { show: false },
    values: (_, list) => list.map((at) => new Date(at * 1000).toLocaleString("en", week ? dayWords : clockWords)),
  };
}

// plot wraps one uPlot: it follows its host's width, the shared cursor and the board.
function plot(host, options, rows, { moved, named = false }) {
  const state = { holes: [], period: 60, end: 1 };
  const u = new uPlot({
    width: Math.max(120, host.clientWidth), legend: { show: false }, padding: [2, 0, 2, 0],
    cursor: { sync: { key: sync.key, scales: ["x", null] }, y: false, drag: { x: false, y: false }, points: { size: 7, width: 1.5, fill: resolved("card") } },
    hooks: {
      drawClear: [(u) => drawHoles(u, state.holes, state.period, named)],
      setCursor: [(u) => { if (u.cursor.event || u.cursor.left < 0) moved(u.cursor.left < 0 ? null : u.cursor.idx); }],
    },
    ...options,
    scales: { x: { time: true, range: () => [u0(), state.end] }, ...options.scales },
  }, [[0, 1], ...options.series.slice(1).map(() => [null, null])], host);
  function u0() { return state.begin ?? 0; }
  const watch = new ResizeObserver(() => u.setSize({ width: Math.max(120, host.clientWidth), height: u.height }));
  watch.observe(host);
  return {
    update(board, list, holes) {
      Object.assign(state, { holes, period: board.period, begin: board.times[0], end: board.times.at(-1) + board.period });
      u.setData([board.times, ...rows(list)]);
    },
    point: (n) => u.setCursor({ left: u.valToPos(u.data[0][n], "x"), top: 4 }, false),
    destroy() {
      watch.disconnect();
      u.destroy();
    },
  };
}

export function lines(host, strip, { last, row, moved }) {
  const font = `12px ${colour("sans")}`;
  const ink = resolved("quiet");
  const fromZero = (_, low, high) => [0, Math.max(high ?? 1, 1) * 1.1];
  return plot(host, {
    height: last ? 120 : 104,
    padding: [2, 0, last ? 2 : 10, 0], // the lowest label stands across the axis' end
    scales: { y: { range: fromZero } },
    axes: [
      last ? timeAxis(false, font, ink) : { show: false },
      { size: gutter, font, stroke: ink, gap: 8, space: 32, grid: { stroke: resolved("hairline"), width: 1 }, ticks: { show: false },
        values: (_, list) => list.map((v) => (Number.isInteger(v) ? v.toLocaleString("en") : "")) },
    ],
    series: [{}, ...strip.lines.map((s) => ({ stroke: resolved(s.colour), width: s.width, dash: s.dash, points: { size: 4, fill: resolved(s.colour) } }))],
  }, (list) => list[row].lines.map((s) => s.values), { moved, named: row === 0 });
}

export function bars(host, series, { row, lane, moved }) {
  const fill = resolved(series.colour);
  return plot(host, {
    height: 24,
    scales: { y: { range: [0, 1] } },
    axes: [{ show: false }, { show: false }],
    series: [{}, { stroke: fill, fill, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.7, 12], align: 1 }) }],
  }, (list) => {
    const { values } = list[row].lanes[lane];
    const most = values.reduce((top, v) => (v > top ? v : top), 0);
    return [values.map((v) => (v === null ? null : v > 0 ? Math.max(v / most, 0.12) : 0))]; // what is not 0 is seen
  }, { moved });
}
