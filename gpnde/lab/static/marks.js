// Lets a keyboard walk through the marks of a chart: arrow keys go from one to the next, Enter chooses it.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const AT = "gpnde-at";

class MarkWalker {
  // Calls choose with the item of Vega behind the mark that is chosen.
  constructor(host, choose) {
    this.host = host;
    this.choose = choose;
    this.place = -1;
    this.said = element("p", "gpnde-unseen");
    this.said.setAttribute("aria-live", "polite");
    host.append(this.said);
    host.setAttribute("aria-keyshortcuts", "ArrowRight ArrowLeft Enter Escape");
    host.addEventListener("keydown", (event) => event.target === host && this.press(event));
    host.addEventListener("blur", () => this.leave());
  }

  get marks() {
    const drawn = [...this.host.querySelectorAll("svg .role-mark > path[aria-label]")];
    return drawn.filter((mark) => mark.__data__?.datum);
  }

  press(event) {
    if (event.key in STEPS) this.step(STEPS[event.key], event);
    if (event.key === "Escape") this.leave();
    if (event.key === "Enter" && this.place >= 0) this.choose(this.marks[this.place]?.__data__);
  }

  step(direction, event) {
    const { marks } = this;
    if (!marks.length) return;
    event.preventDefault();
    const from = this.place < 0 && direction < 0 ? 0 : this.place;
    this.unmark();
    this.place = (from + direction + marks.length) % marks.length;
    const mark = marks[this.place];
    mark.classList.add(AT);
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.said.textContent = `${mark.getAttribute("aria-label")} (${this.place + 1} of ${marks.length})`;
  }

  unmark() {
    this.host.querySelectorAll(`.${AT}`).forEach((mark) => mark.classList.remove(AT));
  }

  leave() {
    this.unmark();
    this.place = -1;
    this.said.textContent = "";
  }
}
