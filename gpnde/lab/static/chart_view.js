// The page's side of ChartView: draws a chart with Vega, feeds it rows, tells the kernel what was drawn and clicked.

const NARROWEST = 160;
const PADDING = 6;
const MOST_OLD_ROWS = 200;
const LIMIT = "gpnde_limit";
const ENDS_OF_A_KERNEL = ["restarting", "autorestarting", "terminating", "dead"];
const GONE = "The kernel has stopped: start it again and run the cell, or reload the page.";

// Requests to save something reach every view of a chart; the first one does it.
const done = new Set();

class ChartOnPage {
  constructor(model, el) {
    this.model = model;
    this.wanted = null; // the whole chart as the kernel wants it: seq, spec, words, data
    this.recompile = false; // the description changed: compile and draw from the start
    this.changed = new Set(); // names of datasets with new rows
    this.refit = false;
    this.busy = false;
    this.closed = false;
    this.build(el);
  }

  build(el) {
    this.host = element("div", "gpnde-chart");
    this.host.tabIndex = 0;
    this.host.setAttribute("role", "figure");
    this.host.dataset.frames = "0";
    this.words = element("p", "gpnde-unseen");
    this.words.id = `gpnde-words-${Math.random().toString(36).slice(2)}`;
    this.host.setAttribute("aria-describedby", this.words.id);
    this.error = element("p", "gpnde-error");
    this.error.setAttribute("role", "alert");
    this.gone = element("p", "gpnde-gone");
    this.gone.setAttribute("role", "alert");
    this.table = new RowsTable((datum) => this.send({ kind: "click", datum }));
    this.table.element.addEventListener("toggle", () => this.fillTable());
    this.host.append(this.words, this.gone, this.error, this.table.element);
    this.walker = new MarkWalker(this.host, (item) => this.click(item));
    this.host.gpndeView = this;
    this.relabel();
    el.append(this.host);
  }

  relabel() {
    this.host.setAttribute("aria-label", this.model.get("label"));
  }

  async open() {
    this.listen();
    try {
      this.libraries = await vegaOf(this.model);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.takeDrawing();
    this.send({ kind: "hello", seq: this.model.get("_drawing")?.seq ?? 0 });
  }

  listen() {
    const bound = {
      "change:_drawing": () => this.takeDrawing(),
      "change:renderer": () => this.redraw(),
      "change:label": () => this.relabel(),
      "msg:custom": (message, buffers) => this.receive(message, buffers),
    };
    for (const [name, callback] of Object.entries(bound)) this.model.on(name, callback);
    const unwatch = watchTheme(() => this.host.dataset.theme !== theme() && this.redraw());
    const sizes = new ResizeObserver(() => this.fitSoon());
    sizes.observe(this.host);
    const unwatchKernel = this.watchKernel();
    this.stopListening = () => {
      for (const [name, callback] of Object.entries(bound)) this.model.off(name, callback);
      unwatch();
      unwatchKernel();
      sizes.disconnect();
    };
  }

  // Nothing that is clicked would reach a kernel that has ended, and some pages do not say so themselves.
  watchKernel() {
    const kernel = this.model.widget_manager?.kernel;
    const changed = (_kernel, status) => ENDS_OF_A_KERNEL.includes(status) && this.sayItIsGone();
    const disposed = () => this.sayItIsGone();
    kernel?.statusChanged?.connect(changed);
    kernel?.disposed?.connect(disposed);
    return () => {
      kernel?.statusChanged?.disconnect(changed);
      kernel?.disposed?.disconnect(disposed);
    };
  }

  sayItIsGone() {
    this.gone.textContent = GONE;
  }

  close() {
    this.closed = true;
    this.stopListening();
    this.embedded?.finalize();
    this.embedded = null;
    this.host.remove();
  }

  // A kernel that has gone must not break the page.
  send(message) {
    try {
      this.model.send(message);
    } catch (error) {
      console.warn(`gpnde: the kernel does not answer: ${error.message}`);
    }
  }

  fail(error) {
    this.error.textContent = `${this.model.get("label")}: cannot be drawn: ${error.message}`;
    this.host.dataset.error = error.message;
  }

  takeDrawing() {
    const drawing = this.model.get("_drawing");
    if (!drawing?.spec) return;
    this.wanted = { ...drawing, data: { ...drawing.data } };
    this.redraw();
  }

  receive(message, buffers) {
    if (message.kind === "rows") this.takeRows(message);
    if (message.kind === "export") this.answer(message);
    if (message.kind === "download") this.once(message, () => save(message.filename, buffers, ""));
  }

  takeRows({ seq, words, data }) {
    if (!this.wanted) return;
    Object.assign(this.wanted, { seq, words });
    Object.assign(this.wanted.data, data);
    for (const name of Object.keys(data)) this.changed.add(name);
    this.pump();
  }

  redraw() {
    if (!this.wanted) return;
    this.recompile = true;
    this.pump();
  }

  fitSoon() {
    this.refit = true;
    this.pump();
  }

  once({ request }, action) {
    if (done.has(request)) return;
    done.add(request);
    action();
  }

  async pump() {
    if (this.busy || !this.libraries) return;
    this.busy = true;
    try {
      while (!this.closed && (await this.step()));
    } finally {
      this.busy = false;
    }
  }

  // Return whether there was anything to do.
  async step() {
    if (!this.wanted || !(this.recompile || this.changed.size || this.refit || this.wanted.seq !== this.drawnSeq)) {
      return false;
    }
    const seq = this.wanted.seq;
    const start = performance.now();
    try {
      if (this.recompile) await this.embed();
      else await this.update();
    } catch (error) {
      this.recompile = false;
      this.fail(error);
    }
    if (!this.closed) this.report(seq, performance.now() - start);
    return true;
  }

  report(seq, milliseconds) {
    if (seq === this.drawnSeq) return;
    this.drawnSeq = seq;
    this.host.dataset.drawMs = milliseconds.toFixed(1);
    this.host.dataset.frames = String(Number(this.host.dataset.frames) + 1);
    this.send({ kind: "drawn", seq });
  }

  // The old picture stays until the new one is there, so that nothing flickers.
  async embed() {
    this.recompile = false;
    this.changed.clear();
    const stage = element("div", "gpnde-stage gpnde-coming");
    this.host.insertBefore(stage, this.table.element);
    let embedded;
    try {
      embedded = await this.vegaOnPage(stage);
    } catch (error) {
      stage.remove();
      throw error;
    }
    this.swap(stage, embedded);
    if (this.closed) return;
    // Vega keeps rows that have been replaced until there are so many of them; its own limit is 10,000 for each step.
    embedded.view.cleanThreshold = MOST_OLD_ROWS;
    embedded.view.addEventListener("click", (_event, item) => this.click(item));
    this.refit = true;
    await this.fit();
    // JupyterLab hides the page for less than a frame while it changes its theme: there is no room then.
    if (!this.host.clientWidth) requestAnimationFrame(() => this.fitSoon());
    this.showWords();
    this.host.dataset.ready = "1";
    this.host.dataset.theme = theme();
  }

  swap(stage, embedded) {
    if (this.closed) {
      embedded.finalize();
      return;
    }
    this.embedded?.finalize();
    this.stage?.remove();
    this.stage = stage;
    this.embedded = embedded;
    stage.classList.remove("gpnde-coming");
    this.error.textContent = "";
    delete this.host.dataset.error;
  }

  // On the page a chart is drawn in its colours and on its background.
  vegaOnPage(stage) {
    const { spec } = this.wanted;
    const description = isDark() ? recoloured(spec, twinsOf(this.model.get("_dark"))) : structuredClone(spec);
    description.background = "transparent";
    return this.vega(stage, description, this.model.get("renderer"), this.limit());
  }

  vega(stage, description, renderer, limit) {
    const { data, words, spec } = this.wanted;
    description.datasets = structuredClone(data);
    description.description = words.description ?? "";
    return this.libraries.vegaEmbed(stage, description, {
      renderer,
      actions: false,
      defaultStyle: false,
      tooltip: { theme: theme() },
      patch: (compiled) => withSignals(compiled, broken(words, spec.config, limit), limit),
    });
  }

  async update() {
    const names = [...this.changed];
    this.changed.clear();
    const view = this.embedded?.view;
    if (!view) return;
    for (const name of names) this.feed(view, name);
    this.setWords(view);
    if (names.length) await view.resize().runAsync();
    else await view.runAsync();
    if (this.refit || names.length) await this.fit();
    this.showWords();
  }

  setWords(view) {
    const known = new Set(this.embedded.vgSpec.signals.map((one) => one.name));
    for (const [name, word] of Object.entries(broken(this.wanted.words, this.wanted.spec.config, this.limit()))) {
      if (known.has(signalOf(name))) view.signal(signalOf(name), word);
    }
    view.description(this.wanted.words.description ?? "");
  }

  feed(view, name) {
    const isKnown = (this.embedded.vgSpec.data ?? []).some((one) => one.name === name);
    if (isKnown) view.data(name, this.wanted.data[name]);
  }

  // A chart of one panel gives way in a narrow place, down to a limit; others can be scrolled.
  async fit() {
    const fromTheStart = this.refit;
    this.refit = false;
    if (fromTheStart) await this.fitTitles();
    const design = this.embedded?.vgSpec.width;
    const room = this.host.clientWidth;
    if (typeof design !== "number" || !room) return;
    if (fromTheStart) await this.setWidth(Math.min(design, room));
    const over = Math.ceil(this.stage.querySelector("svg, canvas").getBoundingClientRect().width - room);
    if (over > 0) await this.setWidth(Math.max(NARROWEST, this.embedded.view.width() - over));
  }

  async fitTitles() {
    const view = this.embedded?.view;
    if (!view || view.signal(LIMIT) === this.limit()) return;
    view.signal(LIMIT, this.limit());
    this.setWords(view);
    await view.resize().runAsync();
  }

  async setWidth(width) {
    const { view, vgSpec } = this.embedded;
    if (view.width() === width) return;
    // A map that only becomes narrower would be squeezed.
    if (vgSpec.usermeta?.gpnde?.keepsItsShape) view.height(Math.round((vgSpec.height * width) / vgSpec.width));
    await view.width(width).resize().runAsync();
  }

  // Titles are broken where the place ends, so that they do not take part in how wide the chart is. 0 is no limit.
  limit() {
    return Math.max(0, this.host.clientWidth - 2 * PADDING);
  }

  showWords() {
    this.words.textContent = this.wanted.words.description ?? "";
    if (!this.table.isInUse) this.fillTable();
  }

  fillTable() {
    const { data, words } = this.wanted ?? { data: {}, words: {} };
    this.table.show(Object.values(data), [words.title ?? this.model.get("label")].flat().join(" "));
  }

  click(item) {
    if (item?.mark?.role === "mark" && item.datum) this.send({ kind: "click", datum: flat(item.datum) });
  }

  async answer(message) {
    const reply = { kind: "export", request: message.request, format: message.format };
    try {
      reply.body = await this.picture(message.format);
      if (message.filename) this.once(message, () => this.savePicture(message, reply.body));
    } catch (error) {
      reply.error = error.message;
    }
    this.send(reply);
  }

  async savePicture({ filename, format }, body) {
    if (format === "svg") save(filename, [body], "image/svg+xml");
    else save(filename, [await (await fetch(body)).blob()], "image/png");
  }

  // Pictures are for paper: on white and in their full width, whatever the page looks like.
  async picture(format) {
    if (!this.wanted) throw new Error("no chart yet");
    const stage = element("div", "gpnde-stage gpnde-coming");
    this.host.append(stage);
    const embedded = await this.vega(stage, structuredClone(this.wanted.spec), "svg", 0);
    try {
      return format === "svg" ? await embedded.view.toSVG() : await embedded.view.toImageURL("png", 2);
    } finally {
      embedded.finalize();
      stage.remove();
    }
  }

  datasets() {
    const names = Object.keys(this.wanted?.data ?? {});
    const known = new Set((this.embedded?.vgSpec.data ?? []).map((one) => one.name));
    return Object.fromEntries(names.filter((name) => known.has(name)).map((name) => [name, this.rowsDrawn(name)]));
  }

  rowsDrawn(name) {
    return this.embedded.view.data(name).map(flat);
  }
}

// Title and subtitle become signals of the compiled chart, so that new words need no new compilation.
function withSignals(compiled, words, limit) {
  (compiled.signals ??= []).push({ name: LIMIT, value: limit });
  if (compiled.title) compiled.title.limit = { signal: LIMIT };
  for (const [name, key] of [["title", "text"], ["subtitle", "subtitle"]]) {
    if (words[name] === undefined || !compiled.title) continue;
    compiled.signals.push({ name: signalOf(name), value: words[name] });
    compiled.title[key] = { signal: signalOf(name) };
  }
  return compiled;
}

function signalOf(word) {
  return `gpnde_${word}`;
}

async function render({ model, el }) {
  const chart = new ChartOnPage(model, el);
  await chart.open();
  return () => chart.close();
}

export default { render };
