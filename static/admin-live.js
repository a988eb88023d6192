// What a page does while it keeps itself up to date: nothing moves under the pointer, nothing marked or pressed is torn away.

const live = document.getElementById("live");
let heldSince = 0; // when the pointer or the keyboard came to a list; 0: it is elsewhere
let pressed = false;
let tail = null; // how the room's transcript was scrolled before a swap

const within = (selector) => document.querySelector(`${selector}:hover, ${selector}:focus-within`) !== null;

function marked() {
  const chosen = document.getSelection();
  return chosen !== null && !chosen.isCollapsed && live.contains(chosen.anchorNode);
}

document.addEventListener("pointerdown", () => (pressed = true));
for (const end of ["pointerup", "pointercancel", "blur"]) window.addEventListener(end, () => (pressed = false));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});

document.addEventListener("htmx:configRequest", (event) => {
  if (!within("[data-held]")) heldSince = 0;
  else if (heldSince === 0) heldSince = Date.now();
  if (heldSince > 0) event.detail.parameters.at = heldSince;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target === live && (pressed || marked())) event.detail.shouldSwap = false;
  const transcript = document.querySelector("[data-tail]");
  tail = transcript && { top: transcript.scrollTop, end: atEnd(transcript), focused: transcript === document.activeElement };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === live) settle();
});

function atEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 24;
}

function settle() {
  const transcript = document.querySelector("[data-tail]");
  if (transcript) {
    transcript.scrollTop = tail && !tail.end ? tail.top : transcript.scrollHeight;
    if (tail?.focused) transcript.focus({ preventScroll: true });
  }
  speak(live?.querySelector(".fault-note")?.textContent ?? "");
}

// A fault is read aloud once, not at every tick.
function speak(text) {
  const voice = document.getElementById("voice");
  if (voice.textContent !== text) voice.textContent = text;
}

function lost() {
  const lamp = document.getElementById("lamp");
  const dot = document.createElement("span");
  dot.className = "lamp-dot fault";
  lamp.replaceChildren(dot, "Not live, trying again");
}

// A stream that is refused says nothing of why: the live part does, and leads to the sign-in when the session has ended.
document.addEventListener("htmx:sseError", () => {
  if (live) window.htmx.trigger(live, live.getAttribute("hx-trigger"));
});

for (const name of ["htmx:sseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, lost);

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && live) window.htmx.trigger(live, live.getAttribute("hx-trigger"));
});

// The policy lets no form lead elsewhere, and at a session's end every page does: so a search is gone to as a link is.
document.querySelector(".find")?.addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches?.("input, textarea, select");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    document.getElementById("find").focus();
  } else if (event.key === "Escape") {
    document.querySelector("details[open] > summary")?.click();
    document.querySelector("[data-cancel]")?.click();
  }
});

if (live) settle();
