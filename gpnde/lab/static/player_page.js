// The controls around the stage: play, speed, scrub, layout, a firm to follow; pictures and films to keep.

class PlayerOnPage {
  constructor(model, el) {
    this.model = model;
    this.time = 0;
    this.clock = 0;
    this.playing = false;
    this.speed = 1;
    this.held = -1; // the node chosen in the list, which stays while others are only passed over
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
    this.build(el);
    this.take();
    this.listen();
    this.send({ kind: "hello" });
  }

  get still() {
    return this.motion.matches;
  }

  build(el) {
    this.host = element("div", "gpnde-player");
    this.host.tabIndex = 0;
    this.host.setAttribute("role", "group");
    this.host.gpndePlayer = this;
    this.canvas = element("canvas", "gpnde-player-canvas");
    this.canvas.setAttribute("role", "img");
    this.tip = element("div", "gpnde-player-tip");
    this.tip.hidden = true;
    this.scene = element("div", "gpnde-player-scene");
    this.scene.append(this.canvas, this.tip);
    this.said = element("p", "gpnde-player-said");
    this.said.setAttribute("aria-live", "polite");
    this.legend = element("ul", "gpnde-player-legend");
    this.host.append(this.scene, this.controls(), this.said, this.legend);
    el.append(this.host);
  }

  controls() {
    const row = element("div", "gpnde-player-controls");
    this.playButton = this.button("Play", () => this.toggle());
    this.playButton.classList.add("gpnde-player-play");
    this.slider = Object.assign(element("input", "gpnde-player-time"), { type: "range", min: 0, step: 1, value: 0 });
    this.slider.setAttribute("aria-label", "Time");
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
    this.speedList = this.list("Speed", SPEEDS.map(([name, value]) => [name, value]), (value) => (this.speed = Number(value)));
    this.speedList.value = "1";
    this.layoutList = this.list("Arrangement", [], (value) => this.arrange(value));
    this.firmList = this.list("Follow", [], (value) => this.hold(Number(value)));
    row.append(
      this.playButton, this.slider, this.labelled("Speed", this.speedList), this.labelled("Show", this.layoutList),
      this.labelled("Follow", this.firmList), this.button("Save picture", () => this.savePicture()),
      this.button("Save film", () => this.send({ kind: "film" })),
    );
    return row;
  }

  button(name, action) {
    const made = element("button", "gpnde-player-button", name);
    made.type = "button";
    made.addEventListener("click", action);
    return made;
  }

  list(name, options, action) {
    const made = element("select", "gpnde-player-list");
    made.setAttribute("aria-label", name);
    made.addEventListener("change", () => action(made.value));
    this.fill(made, options);
    return made;
  }

  fill(list, options) {
    list.replaceChildren(
      ...options.map(([name, value]) => Object.assign(element("option", "", name), { value: String(value) })),
    );
  }

  labelled(name, list) {
    const label = element("label", "gpnde-player-label", name);
    label.append(list);
    return label;
  }

  take() {
    const given = this.model.get("_film");
    if (!given?.words) return;
    const arranged = this.stage?.layout;
    this.film = new Film(given.words, given.columns);
    this.stage = new Stage(this.film);
    if (this.film.words.layouts.includes(arranged)) this.stage.layout = arranged;
    this.held = -1;
    this.pause();
    this.offer();
    this.time = clamp(this.time, 0, this.film.periods - 1);
    this.retint();
    this.resize();
    this.host.dataset.ready = "yes";
  }

  offer() {
    const { words } = this.film;
    this.host.setAttribute("aria-label", `The network at work: ${words.title}`);
    this.slider.max = String(this.film.periods - 1);
    this.fill(this.layoutList, words.layouts.map((name) => [LAYOUTS[name], name]));
    this.layoutList.value = this.stage.layout;
    const names = words.nodes.map((node, number) => [node.label, number]);
    names.sort(([one], [other]) => one.localeCompare(other));
    this.fill(this.firmList, [["nobody", -1], ...names]);
  }

  listen() {
    const bound = { "change:_film": () => this.take(), "msg:custom": (message, buffers) => this.receive(message, buffers) };
    for (const [name, callback] of Object.entries(bound)) this.model.on(name, callback);
    const unwatch = watchTheme(() => this.retint());
    const sizes = new ResizeObserver(() => this.resize());
    sizes.observe(this.scene);
    const keys = (event) => this.key(event);
    this.host.addEventListener("keydown", keys);
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.leave());
    this.canvas.addEventListener("click", (event) => this.pick(event));
    this.stopListening = () => {
      for (const [name, callback] of Object.entries(bound)) this.model.off(name, callback);
      unwatch();
      sizes.disconnect();
    };
  }

  close() {
    this.closed = true;
    this.pause();
    this.stopListening();
    this.host.remove();
  }

  send(message, buffers) {
    try {
      this.model.send(message, undefined, buffers);
    } catch (error) {
      console.warn(`gpnde: the kernel does not answer: ${error.message}`);
    }
  }

  retint() {
    this.host.dataset.theme = theme();
    this.stage?.tints(isDark());
    this.showLegend();
    this.redraw();
  }

  resize() {
    if (!this.stage) return;
    const width = Math.max(280, Math.min(1100, this.scene.clientWidth));
    const height = this.stage.heightFor(width), dense = globalThis.devicePixelRatio || 1;
    if (this.width === width && this.height === height && this.stage.width === width) return;
    [this.width, this.height] = [width, height];
    Object.assign(this.canvas, { width: width * dense, height: height * dense });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.stage.size(width, height);
    this.redraw();
  }

  redraw() {
    if (!this.stage?.width) return;
    const context = this.canvas.getContext("2d"), dense = globalThis.devicePixelRatio || 1;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    this.stage.draw(context, this.time, this.clock, this.still);
    if (!this.playing) this.say();
    this.host.dataset.time = String(this.time);
  }

  say() {
    const { film } = this, out = film.outOfOrder(this.time);
    const units = film.sent(this.time).toLocaleString("en-GB", { maximumFractionDigits: 0 });
    const of = film.words.grouped ? "groups of sites" : "sites";
    const words = `${film.dateAt(this.time)}: ${units} units sent in this period, ${out} of ${film.nodes.length} ${of} out of order`;
    if (this.said.textContent !== words) this.said.textContent = words;
    this.canvas.setAttribute("aria-label", words);
    this.slider.value = String(Math.round(this.time));
    this.slider.setAttribute("aria-valuetext", film.dateAt(this.time));
  }

  toggle() {
    this.playing ? this.pause() : this.play();
  }

  play() {
    if (!this.film || this.playing) return;
    if (this.time >= this.film.periods - 1) this.time = 0;
    this.playing = true;
    this.playButton.textContent = "Pause";
    this.said.textContent = "Playing";
    this.last = performance.now();
    this.counted = { since: this.last, spent: [] };
    requestAnimationFrame((now) => this.step(now));
  }

  pause() {
    this.playing = false;
    this.playButton.textContent = "Play";
    if (!this.film) return;
    // A whole period, whose numbers are those of the tables.
    this.time = clamp(Math.round(this.time), 0, this.film.periods - 1);
    this.redraw();
  }

  step(now) {
    if (!this.playing || this.closed) return;
    const passed = Math.min(now - this.last, 250);
    this.last = now;
    this.forward(passed);
    const begun = performance.now();
    this.redraw();
    this.count(now, performance.now() - begun);
    this.slider.value = String(Math.round(this.time));
    if (this.time >= this.film.periods - 1) this.pause();
    else requestAnimationFrame((next) => this.step(next));
  }

  // Where motion is not wanted, periods follow each other like pictures, two a second at most, and nothing glides.
  forward(passed) {
    const rate = (this.film.periods / RUN_SECONDS) * this.speed;
    if (!this.still) {
      this.clock += passed;
      this.time = Math.min(this.time + (passed / 1000) * rate, this.film.periods - 1);
      return;
    }
    this.waited = (this.waited ?? 0) + passed;
    if (this.waited < 500) return;
    this.time = Math.min(this.time + Math.max(1, Math.round(rate / 2)), this.film.periods - 1);
    this.waited = 0;
  }

  // Frames a second, and the median of the time that drawing one takes.
  count(now, spent) {
    const { since, spent: all } = this.counted;
    all.push(spent);
    if (now - since < 1000) return;
    this.host.dataset.fps = ((1000 * all.length) / (now - since)).toFixed(1);
    this.host.dataset.drawMs = all.sort((one, other) => one - other)[Math.floor(all.length / 2)].toFixed(2);
    this.counted = { since: now, spent: [] };
  }

  seek(time) {
    if (!this.film) return;
    this.time = clamp(time, 0, this.film.periods - 1);
    this.redraw();
  }

  arrange(name) {
    this.stage.layout = name;
    this.stage.fixed = null;
    this.stage.width = 0;
    this.resize();
  }

  hold(node) {
    this.held = node;
    this.firmList.value = String(node);
    this.choose(node);
  }

  choose(node) {
    if (this.stage.chosen === node) return;
    this.stage.chosen = node;
    if (!this.playing) this.redraw();
  }

  spotOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  hover(event) {
    if (!this.stage) return;
    const [x, y] = this.spotOf(event), node = this.stage.nodeAt(x, y);
    this.choose(node >= 0 ? node : this.held);
    this.tip.hidden = node < 0;
    if (node < 0) return;
    this.tip.textContent = this.aboutNode(node);
    this.tip.style.left = `${Math.min(x + 14, this.width - 220)}px`;
    this.tip.style.top = `${y + 14}px`;
  }

  leave() {
    this.tip.hidden = true;
    if (this.stage) this.choose(this.held);
  }

  aboutNode(number) {
    const { film } = this, node = film.nodes[number], level = Math.round(film.levelAt(number, this.time));
    const state = Object.entries(film.words.states).find(([, value]) => value === film.stateAt(number, this.time))[0];
    const parts = [node.name, `${this.stage.tierName(node.tier)}, ${node.role.replaceAll("-", " ")}`];
    parts.push({ works: "at work", out: "out of order", not_open: "not open" }[state]);
    if (level >= 0) parts.push(film.words.rungs[level]);
    return parts.join("\n");
  }

  pick(event) {
    const node = this.stage ? this.stage.nodeAt(...this.spotOf(event)) : -1;
    this.hold(node === this.held ? -1 : node);
    if (node >= 0) this.send({ kind: "pick", site: this.film.nodes[node].name, firm: this.film.nodes[node].firm });
  }

  key(event) {
    // Lists and buttons use these keys themselves.
    if (!this.film || ["SELECT", "BUTTON"].includes(event.target.tagName)) return;
    const jumps = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
    if (event.key === " ") this.toggle();
    else if (event.key in jumps && event.target !== this.slider) {
      this.pause();
      this.seek(this.time + jumps[event.key]);
    } else return;
    event.preventDefault();
  }

  showLegend() {
    if (!this.stage) return;
    const { colours, roles } = this.stage, items = [...roles].map(([role, colour]) => ["●", colour, role.replaceAll("-", " ")]);
    items.push(["•••", colours.ink, "goods"], ["◆", colours.knowledge, "knowledge"], ["✕", colours.broken, "out of order"]);
    items.push(["– –", colours.broken, "link ended"], ["—", colours.grown, "new link"], ["□", colours.frame, "not open"]);
    if (this.film.words.layouts.includes("ladder")) items.push(["▲", colours.rungs[3], "takes on a higher function"]);
    this.legend.replaceChildren(...items.map((item) => this.entry(...item)));
  }

  entry(sign, colour, words) {
    const made = element("li", ""), mark = element("span", "gpnde-player-sign", sign);
    mark.style.color = colour;
    mark.setAttribute("aria-hidden", "true");
    made.append(mark, ` ${words}`);
    return made;
  }

  receive(message, buffers) {
    const answers = {
      still: () => this.savePicture(message.filename),
      shoot: () => this.shoot(message),
      told: () => (this.said.textContent = message.text),
      file: () => save(message.filename, buffers, message.type),
    };
    answers[message.kind]?.();
  }

  // A stage of its own for pictures, so that they are alike whatever the page is like.
  apart() {
    const stage = new Stage(this.film), canvas = element("canvas", ""), width = FILM.width;
    stage.layout = this.stage.layout;
    stage.chosen = this.held;
    const height = 2 * Math.round(stage.heightFor(width) / 2);
    stage.size(width, height);
    return { stage, canvas, width, height };
  }

  picture({ stage, canvas, width, height }, time, clock, dense) {
    Object.assign(canvas, { width: width * dense, height: height * dense });
    const context = canvas.getContext("2d");
    context.setTransform(dense, 0, 0, dense, 0, 0);
    stage.draw(context, time, clock, false);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  async savePicture(filename = "") {
    if (!this.film) return;
    const blob = await this.picture(this.apart(), this.time, this.clock, 2);
    const name = filename || `${this.film.words.name}-${Math.round(this.film.dayAt(this.time))}.png`;
    save(name, [blob], "image/png");
  }

  async shoot({ request }) {
    const apart = this.apart(), of = Math.min(FILM.pictures, this.film.periods);
    for (let number = 0; number < of; number++) {
      const time = of > 1 ? (number * (this.film.periods - 1)) / (of - 1) : 0;
      const blob = await this.picture(apart, time, number * 100, 1);
      this.said.textContent = `Film: picture ${number + 1} of ${of}`;
      this.send({ kind: "picture", request, number, of }, [await blob.arrayBuffer()]);
    }
  }
}

export default {
  render({ model, el }) {
    const player = new PlayerOnPage(model, el);
    return () => player.close();
  },
};
