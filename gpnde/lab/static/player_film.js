// The page's side of Player, first part: the film of a run, as columns of numbers that come once.

const SLOTS = [0, 4, 2, 6, 1, 5, 3, 7]; // phases of the particles of a link, in the order in which they appear
const MANY_LINKS = 250; // above this number links have half as many particles
const CROSSING = 2600; // ms that a particle takes along a link
const RUN_SECONDS = 60; // a run at normal speed
const LASTS = 8; // periods for which a break, a new link or a climb is shown
const REACH = 16; // px around a node that count as the node
const FILM = { pictures: 90, width: 720 };
const SPEEDS = [["Slow", 0.5], ["Normal", 1], ["Fast", 2], ["Very fast", 4]];
const LAYOUTS = { tier: "By tier", map: "On the map", ladder: "On the ladder" };
const EDGE = { left: 20, right: 20, top: 30, bottom: 26 };
const BESIDE = 124; // room for names to the right of the last column

const ease = (share) => 1 - (1 - share) ** 3;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const mix = (one, other, share) => one + (other - one) * share;

// The numbers of a film, and what they come to at a time between two periods.
class Film {
  constructor(words, columns) {
    this.words = words;
    for (const [name, view] of Object.entries(columns)) {
      const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
      this[name] = new Float32Array(bytes);
    }
    this.nodes = words.nodes;
    this.periods = this.ends.length;
    this.edges = this.pairs.length / 2;
    this.most = Math.max(...this.peaks(this.goods), 1e-30);
    this.mostKnown = Math.max(...this.peaks(this.taught), ...this.peaks(this.reported), 1e-30);
    this.neighbours = this.nodes.map((_, node) => new Set([node]));
    for (let edge = 0; edge < this.edges; edge++) {
      const [from, to] = this.ends2(edge);
      this.neighbours[from].add(to);
      this.neighbours[to].add(from);
    }
  }

  // A high quantile of each column rather than its peak, so that one large delivery does not make all others small.
  peaks(column) {
    const found = Array.from(column).filter((value) => value > 0).sort((a, b) => a - b);
    return found.length ? [found[Math.floor(0.98 * (found.length - 1))]] : [0];
  }

  ends2(edge) {
    return [this.pairs[2 * edge], this.pairs[2 * edge + 1]];
  }

  at(column, width, index, time) {
    const before = Math.floor(time), share = time - before;
    const now = column[before * width + index];
    return share && before + 1 < this.periods ? mix(now, column[(before + 1) * width + index], share) : now;
  }

  goodsAt(edge, time) {
    return this.at(this.goods, this.edges, edge, time);
  }

  stateAt(node, time) {
    return this.states[Math.floor(time) * this.nodes.length + node];
  }

  levelAt(node, time) {
    return this.at(this.levels, this.nodes.length, node, time);
  }

  dayAt(time) {
    const before = Math.floor(time), share = time - before;
    return share && before + 1 < this.periods ? mix(this.ends[before], this.ends[before + 1], share) : this.ends[before];
  }

  dateAt(time) {
    const date = new Date(`${this.words.start}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + Math.floor(this.dayAt(time)));
    return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  // How many of the slots of a link are filled, growing with the root of what it carries.
  filled(amount, most) {
    const full = this.edges > MANY_LINKS ? SLOTS.length / 2 : SLOTS.length;
    return amount > 0 ? Math.min(1 + (full - 2) * Math.sqrt(amount / most), full - 1) : 0;
  }

  // The particles of one link at a time, each with its share of what the link carries: together all of it.
  particles(edge, time) {
    const amount = this.goodsAt(edge, time);
    const filled = this.filled(amount, this.most);
    const shares = SLOTS.map((slot, rank) => clamp(filled - rank, 0, 1));
    const whole = shares.reduce((sum, one) => sum + one, 0) || 1;
    return shares.map((share, rank) => ({ phase: SLOTS[rank] / SLOTS.length, share, amount: (amount * share) / whole }));
  }

  outOfOrder(time) {
    const count = this.nodes.length, row = Math.floor(time) * count;
    return this.states.subarray(row, row + count).reduce((sum, one) => sum + (one === this.words.states.out), 0);
  }

  sent(time) {
    const row = Math.floor(time) * this.edges;
    return this.goods.subarray(row, row + this.edges).reduce((sum, one) => sum + one, 0);
  }
}
