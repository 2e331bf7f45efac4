// The second part: the stage, which draws a film on a canvas.

// Draws a film at a time, in a layout, onto any canvas.
class Stage {
  constructor(film) {
    this.film = film;
    this.layout = film.words.layouts[0];
    this.chosen = -1;
    this.mixed = null;
    this.widths = new Float32Array(film.edges);
    this.tints(false);
  }

  tints(dark) {
    const twins = twinsOf(this.film.words.dark);
    const tint = (colour) => (dark ? twins.get(colour.toLowerCase()) ?? colour : colour);
    const given = this.film.words.colours;
    this.colours = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? value.map(tint) : tint(value)]),
    );
    this.roles = new Map(this.film.words.roles.map(({ role, colour }) => [role, tint(colour)]));
  }

  size(width, height) {
    this.width = width;
    this.height = height;
    this.fixed = null;
  }

  heightFor(width) {
    const least = this.layout === "map" ? 240 : 400;
    return Math.round(clamp(width * this.film.words.heights[this.layout], least, 560));
  }

  // Places that do not change with time; on the ladder the height does.
  places() {
    const { film, layout, width, height } = this;
    if (this.fixed) return this.fixed;
    const onMap = layout === "map";
    const room = { left: onMap ? 0 : EDGE.left, top: onMap ? 0 : EDGE.top };
    room.width = width - (onMap ? 0 : EDGE.left + (layout === "tier" && this.namesAll() ? BESIDE : EDGE.right));
    room.height = height - (onMap ? 0 : EDGE.top + EDGE.bottom);
    const column = onMap ? film.map : film.tier;
    this.room = room;
    this.fixed = film.nodes.map((_, node) => [
      room.left + column[2 * node] * room.width,
      room.top + column[2 * node + 1] * room.height,
    ]);
    if (layout === "ladder") this.spreadOverRungs();
    return this.fixed;
  }

  // On the ladder every node has a place of its own across, those of a tier side by side, so that climbs do not cross.
  spreadOverRungs() {
    const { film, width } = this;
    const order = film.nodes.map((_, node) => node).sort((a, b) => film.nodes[b].tier - film.nodes[a].tier || a - b);
    const left = 178, step = (width - left - EDGE.right) / Math.max(order.length, 1);
    this.room.left = left;
    this.spacing = step;
    order.forEach((node, rank) => (this.fixed[node][0] = left + (rank + 0.5) * step));
  }

  rungY(level) {
    return this.height - EDGE.bottom - ((level + 1.5) / (this.film.words.rungs.length + 1)) * (this.height - EDGE.bottom - 12);
  }

  placeOf(node, time) {
    const place = this.places()[node];
    return this.layout === "ladder" ? [place[0], this.rungY(this.film.levelAt(node, time))] : place;
  }

  namesAll() {
    const counts = new Map();
    for (const node of this.film.nodes) counts.set(node.tier, (counts.get(node.tier) ?? 0) + 1);
    return this.width >= 640 && this.film.words.tiers.length <= 5 && Math.max(...counts.values()) <= 24;
  }

  // The middle of the curve of a link, by which it bends a little to one side.
  bend(from, to) {
    const bow = this.layout === "map" ? 0.16 : Math.abs(to[0] - from[0]) < 40 ? 0.3 : 0.05;
    return [(from[0] + to[0]) / 2 + bow * (to[1] - from[1]), (from[1] + to[1]) / 2 - bow * (to[0] - from[0])];
  }

  draw(context, time, clock, still) {
    this.context = context;
    this.time = time;
    this.clock = clock;
    this.still = still;
    context.globalAlpha = 1;
    context.fillStyle = this.colours.ground;
    context.fillRect(0, 0, this.width, this.height);
    this.places();
    this.backdrop();
    this.spots = this.film.nodes.map((_, node) => this.placeOf(node, time));
    this.lines();
    this.goods();
    this.knowledge();
    this.nodes();
    this.climbs();
    this.names();
    this.stamp();
    context.globalAlpha = 1;
  }

  backdrop() {
    if (this.layout === "map") this.land();
    else if (this.layout === "ladder") this.rungs();
    else this.tierNames();
  }

  land() {
    const { context, film } = this;
    context.beginPath();
    let point = 0;
    for (const count of film.rings) {
      for (let step = 0; step < count; step++, point++) {
        const x = film.land[2 * point] * this.width, y = film.land[2 * point + 1] * this.height;
        step ? context.lineTo(x, y) : context.moveTo(x, y);
      }
      context.closePath();
    }
    context.fillStyle = this.colours.land;
    context.strokeStyle = this.colours.grid;
    context.lineWidth = 0.8;
    context.fill();
    context.stroke();
  }

  rungs() {
    const { context, film } = this;
    this.text(12);
    for (let level = -1; level < film.words.rungs.length; level++) {
      const y = this.rungY(level);
      context.fillStyle = level < 0 ? this.colours.frame : this.colours.rungs[level];
      context.globalAlpha = 0.16;
      const high = this.rungY(level) - this.rungY(level + 1);
      context.fillRect(0, y - high / 2 + 1, this.width, high - 2);
      context.globalAlpha = 1;
      context.fillStyle = this.colours.ink;
      context.fillText(level < 0 ? "none, or not there" : film.words.rungs[level], 8, y + 4);
    }
    this.underRungs();
  }

  // Names of tiers below the columns that their nodes take.
  underRungs() {
    const { film } = this;
    for (const tier of film.words.tiers) {
      const across = this.fixed.filter((_, node) => film.nodes[node].tier === tier).map((place) => place[0]);
      if (!across.length) continue;
      this.centred(this.tierName(tier), (Math.min(...across) + Math.max(...across)) / 2, this.height - 8);
    }
  }

  tierName(tier) {
    return tier === 0 ? "Flagships" : `Tier ${tier}`;
  }

  tierNames() {
    const { room, film } = this, tiers = film.words.tiers, step = room.width / tiers.length;
    tiers.forEach((tier, column) => this.centred(this.tierName(tier), room.left + (column + 0.5) * step, 18));
  }

  centred(text, x, y) {
    const { context } = this;
    this.text(12);
    context.fillStyle = this.colours.muted;
    context.textAlign = "center";
    context.fillText(text, clamp(x, 24, this.width - 24), y);
    context.textAlign = "left";
  }

  text(size, weight = "") {
    this.context.font = `${weight} ${size}px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif`;
  }

  // How much a link is there: 0 before it begins and after it has broken, growing and fading between.
  presence(edge) {
    const { film, time } = this, day = film.dayAt(time);
    const span = (film.ends[film.periods - 1] / film.periods) * LASTS;
    const age = day - film.opened[edge], since = day - film.closed[edge];
    if (age < 0) return { kind: "none", share: 0 };
    if (since >= 0) return since < span ? { kind: "broken", share: since / span } : { kind: "none", share: 0 };
    if (film.ends2(edge).some((node) => film.stateAt(node, time) === film.words.states.not_open)) return { kind: "none", share: 0 };
    if (film.opened[edge] > 0 && age < span) return { kind: "grown", share: age / span };
    return { kind: "there", share: 1 };
  }

  shows(edge) {
    if (this.chosen < 0) return 1;
    const [from, to] = this.film.ends2(edge);
    return from === this.chosen || to === this.chosen ? 1 : 0.06;
  }

  showsNode(node) {
    return this.chosen < 0 || this.film.neighbours[this.chosen].has(node) ? 1 : 0.12;
  }

  lines() {
    const { film, context } = this;
    const quiet = new Path2D(), faint = new Path2D(), special = [];
    this.present = new Uint8Array(film.edges);
    for (let edge = 0; edge < film.edges; edge++) {
      const { kind, share } = this.presence(edge);
      this.present[edge] = kind === "there" || kind === "grown" ? 1 : 0;
      const curve = this.curve(edge);
      if (!curve || kind === "none") continue;
      if (kind !== "there") special.push([edge, kind, share, curve]);
      else this.trace(this.shows(edge) === 1 ? quiet : faint, curve);
    }
    context.lineWidth = this.film.edges > 600 ? 0.6 : 0.9;
    context.strokeStyle = this.colours.frame;
    context.globalAlpha = this.chosen < 0 ? (film.edges > MANY_LINKS ? 0.28 : 0.42) : 0.75;
    context.stroke(quiet);
    context.globalAlpha = 0.05;
    context.stroke(faint);
    for (const one of special) this.change(...one);
  }

  curve(edge) {
    const [from, to] = this.film.ends2(edge);
    const start = this.spots[from], end = this.spots[to];
    if (from === to || Number.isNaN(start[0]) || Number.isNaN(end[0])) return null;
    return [start, this.bend(start, end), end];
  }

  trace(path, [start, middle, end]) {
    path.moveTo(...start);
    path.quadraticCurveTo(...middle, ...end);
  }

  // A new link grows from the buyer to the supplier; one that was ended tears in its middle and draws back.
  change(edge, kind, share, curve) {
    const { context } = this;
    context.globalAlpha = this.shows(edge) * (kind === "broken" ? 1 - 0.8 * share : 0.9);
    context.strokeStyle = kind === "broken" ? this.colours.broken : this.colours.grown;
    context.lineWidth = 2.4;
    const gap = kind === "broken" ? 0.08 + 0.42 * ease(share) : 0;
    if (kind === "broken") {
      this.part(curve, 0, 0.5 - gap);
      this.part(curve, 0.5 + gap, 1);
    } else this.part(curve, 1 - ease(Math.min(1, share * 2)), 1);
  }

  part(curve, from, to) {
    const { context } = this;
    context.beginPath();
    for (let step = 0; step <= 12; step++) {
      const point = this.along(curve, mix(from, to, step / 12));
      step ? context.lineTo(...point) : context.moveTo(...point);
    }
    context.stroke();
  }

  along([start, middle, end], share) {
    const rest = 1 - share;
    return [
      rest * rest * start[0] + 2 * rest * share * middle[0] + share * share * end[0],
      rest * rest * start[1] + 2 * rest * share * middle[1] + share * share * end[1],
    ];
  }

  goods() {
    const { film, context, time } = this;
    const bright = new Path2D(), pale = new Path2D();
    for (let edge = 0; edge < film.edges; edge++) {
      const amount = film.goodsAt(edge, time), curve = amount > 0 ? this.curve(edge) : null;
      if (!curve) continue;
      const radius = 1.1 + 1.9 * Math.sqrt(Math.min(1, amount / film.most));
      this.stream(this.shows(edge) === 1 ? bright : pale, edge, curve, film.filled(amount, film.most), radius);
    }
    context.fillStyle = this.colours.ink;
    context.globalAlpha = 0.85;
    context.fill(bright);
    context.globalAlpha = 0.08;
    context.fill(pale);
  }

  stream(path, edge, curve, filled, radius) {
    const offset = (edge * 0.618034) % 1, moved = this.clock / CROSSING;
    for (let rank = 0; rank < filled; rank++) {
      const share = clamp(filled - rank, 0, 1);
      const [x, y] = this.along(curve, (SLOTS[rank] / SLOTS.length + offset + moved) % 1);
      const size = radius * Math.sqrt(share);
      path.moveTo(x + size, y);
      path.arc(x, y, size, 0, 6.2832);
    }
  }

  knowledge() {
    const { film, context, time } = this;
    const bright = new Path2D(), pale = new Path2D();
    for (const [column, way] of [[film.taught, -1], [film.reported, 1]]) {
      for (let edge = 0; edge < film.edges; edge++) {
        const amount = film.at(column, film.edges, edge, time);
        const curve = amount > 1e-9 ? this.curve(edge) : null;
        if (curve) this.diamonds(this.shows(edge) === 1 ? bright : pale, edge, curve, amount / film.mostKnown, way);
      }
    }
    context.fillStyle = this.colours.knowledge;
    context.globalAlpha = 0.95;
    context.fill(bright);
    context.globalAlpha = 0.1;
    context.fill(pale);
  }

  diamonds(path, edge, curve, strength, way) {
    const count = strength > 0.25 && this.film.edges <= MANY_LINKS ? 2 : 1, size = 1.6 + 3.2 * Math.sqrt(Math.min(1, strength));
    for (let number = 0; number < count; number++) {
      const phase = (number / count + edge * 0.381966 + this.clock / (1.6 * CROSSING)) % 1;
      const [x, y] = this.along(curve, way < 0 ? 1 - phase : phase);
      path.moveTo(x, y - size);
      path.lineTo(x + size, y);
      path.lineTo(x, y + size);
      path.lineTo(x - size, y);
      path.closePath();
    }
  }

  radius(node) {
    const many = this.film.nodes.length > 120 || (this.layout === "map" && this.film.nodes.length > 60);
    const most = many ? 6 : 8.5;
    const room = this.layout === "ladder" ? Math.max(2.5, this.spacing * 0.6) : 99;
    return Math.min(3 + (most - 3) * this.film.nodes[node].size, room);
  }

  nodes() {
    const { film, context, spots } = this, states = film.words.states;
    film.nodes.forEach(({ role }, node) => {
      const [x, y] = spots[node], state = film.stateAt(node, this.time), radius = this.radius(node);
      if (Number.isNaN(x)) return;
      context.globalAlpha = this.showsNode(node);
      context.fillStyle = this.roles.get(role);
      if (state === states.not_open) this.empty(x, y, radius);
      else if (state === states.out) this.out(x, y, radius);
      else this.dot(x, y, radius);
      if (node === this.chosen) this.ring(x, y, radius + 4, this.colours.ink, 1.6);
    });
  }

  dot(x, y, radius) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 6.2832);
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = this.colours.ground;
    context.stroke();
  }

  empty(x, y, radius) {
    const { context } = this;
    context.lineWidth = 1;
    context.strokeStyle = this.colours.frame;
    context.globalAlpha *= 0.7;
    context.strokeRect(x - radius * 0.6, y - radius * 0.6, radius * 1.2, radius * 1.2);
  }

  // A site that is out of order is a cross in a ring that flashes, and stands still where motion is not wanted.
  out(x, y, radius) {
    const { context } = this, arm = radius * 0.9;
    const beat = this.still ? 0.5 : (this.clock % 900) / 900;
    context.lineWidth = 2.6;
    context.strokeStyle = this.colours.ink;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
    context.stroke();
    const before = context.globalAlpha;
    context.globalAlpha = before * (1 - 0.7 * beat);
    this.ring(x, y, radius + 3 + 7 * beat, this.colours.broken, 2);
    context.globalAlpha = before;
  }

  ring(x, y, radius, colour, width) {
    const { context } = this;
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 6.2832);
    context.stroke();
  }

  // For some periods after a firm took on a higher rung, or lost one, that stands above it.
  climbs() {
    const { film, time } = this, now = Math.floor(time), count = film.nodes.length, before = Math.max(0, now - LASTS);
    if (film.words.grouped) return;
    this.taken = [];
    for (let node = 0; node < count; node++) {
      const level = film.levels[now * count + node];
      let at = now;
      while (at > before && film.levels[(at - 1) * count + node] === level) at -= 1;
      const old = film.levels[(at - 1) * count + node];
      if (at > before && level >= 0 && old >= 0) this.climb(node, level, level > old, (time - at) / LASTS);
    }
  }

  climb(node, level, up, share) {
    const { context } = this, [x, y] = this.spots[node];
    if (Number.isNaN(x)) return;
    const rise = y - this.radius(node) - (this.still ? 8 : 3 + 14 * ease(share));
    context.globalAlpha = this.showsNode(node) * (1 - 0.7 * share);
    this.ring(x, y, this.radius(node) + 3, this.colours.rungs[level], 2.5);
    this.arrow(x, rise, up ? -5 : 5);
    // On the ladder the row says which function it is.
    if (this.layout !== "ladder") this.sayRung(this.film.words.rungs[level], x, rise);
  }

  // Drawn, since a letter for it comes out of another font, which takes long to find.
  arrow(x, y, size) {
    const { context } = this;
    context.fillStyle = this.colours.ink;
    context.beginPath();
    context.moveTo(x, y + size);
    context.lineTo(x - 5, y - size * 0.6);
    context.lineTo(x + 5, y - size * 0.6);
    context.fill();
  }

  sayRung(words, x, y) {
    this.text(11, "600");
    const wide = this.context.measureText(words).width, left = clamp(x + 9, 4, this.width - wide - 4);
    if (this.isFree(left, y + 4, wide)) this.halo(words, left, y + 4, this.colours.ink);
  }

  // Whether there is room for words; where many firms climb at once, the first ones are named.
  isFree(x, y, wide) {
    const free = this.taken.every(([left, top, right]) => x > right || x + wide < left || Math.abs(y - top) > 13);
    if (free) this.taken.push([x, y, x + wide]);
    return free;
  }

  names() {
    const { film } = this, all = this.layout === "tier" && this.namesAll();
    if (!all && this.chosen < 0) return;
    this.text(11);
    film.nodes.forEach((node, number) => {
      const near = this.chosen >= 0 && film.neighbours[this.chosen].has(number);
      if (!(all || near) || Number.isNaN(this.spots[number][0])) return;
      this.context.globalAlpha = this.showsNode(number);
      this.name(node.label, number);
    });
  }

  name(label, node) {
    const [x, y] = this.spots[node], room = this.radius(node) + 4;
    const shown = label.length > 24 ? `${label.slice(0, 23)}…` : label;
    const wide = this.context.measureText(shown).width;
    const left = x + room + wide > this.width - 4;
    this.halo(shown, left ? x - room - wide : x + room, y + 4, this.colours.ink);
  }

  halo(text, x, y, colour) {
    const { context } = this;
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.colours.ground;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  stamp() {
    const { context } = this, words = this.film.dateAt(this.time), onMap = this.layout === "map";
    this.text(15, "600");
    context.globalAlpha = 0.9;
    const x = onMap ? this.width - context.measureText(words).width - 10 : 8;
    this.halo(words, x, onMap ? 22 : this.height - 8, this.colours.ink);
  }

  nodeAt(x, y) {
    let found = -1, nearest = REACH;
    this.spots?.forEach((spot, node) => {
      const away = Math.hypot(spot[0] - x, spot[1] - y);
      if (away < nearest) [found, nearest] = [node, away];
    });
    return found;
  }
}
