// Draws the cord from the question to the person one points at or has moved to. The page
// works without it.

const corner = 8;

function draw(cord, from, to, bend) {
  const [path, sleeve, tip] = cord.children;
  const start = from.getBoundingClientRect();
  const end = to.getBoundingClientRect();
  const [x0, y0] = [start.right + scrollX, (start.top + start.bottom) / 2 + scrollY];
  const [x1, y1] = [end.left + scrollX, (end.top + end.bottom) / 2 + scrollY];
  const r = Math.min(corner, Math.abs(y1 - y0) / 2);
  const way = Math.sign(y1 - y0);
  const plug = x1 - 16;
  path.setAttribute(
    "d",
    `M${x0} ${y0}H${bend - r}q${r} 0 ${r} ${way * r}V${y1 - way * r}q0 ${way * r} ${r} ${way * r}H${plug}`,
  );
  place(sleeve, plug, y1 - 4);
  place(tip, plug + 10, y1 - 1.5);
}

function place(rect, x, y) {
  rect.setAttribute("x", x);
  rect.setAttribute("y", y);
}

function follow(cord, people) {
  const from = document.querySelector(".question-jack");
  let plugged = null;
  const plug = (person) => {
    plugged = person;
    cord.classList.toggle("plugged", person !== null);
    if (person) {
      draw(cord, from, person.querySelector(".person-jack"), people.getBoundingClientRect().left + scrollX);
    }
  };
  const personOf = (event) => event.target.closest(".person");
  people.addEventListener("pointerover", (event) => plug(personOf(event) ?? plugged));
  people.addEventListener("pointerleave", () => plug(people.querySelector(".person:focus-visible")));
  people.addEventListener("focusin", (event) => plug(personOf(event)));
  people.addEventListener("focusout", () => plug(people.querySelector(".person:hover")));
  addEventListener("resize", () => plug(plugged));
  document.fonts.ready.then(() => plug(people.querySelector(".person:hover, .person:focus-visible")));
}

const cord = document.querySelector(".cord");
if (cord) {
  follow(cord, document.querySelector(".people"));
}
