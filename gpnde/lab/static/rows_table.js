// The rows of a chart as a table, for use without sight or without a mouse.

const CHOSEN_BY = ["firm", "site", "tier", "cluster"];
const MOST_ROWS_IN_TABLE = 200;

// Four figures, and all of those before the point: 1,234,567 and 0.2891.
function rounded(number) {
  const most = Math.abs(number) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return number.toLocaleString("en", most);
}

// The name of a column as it is read.
function entitled(name) {
  const words = name.replace(/_/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

class RowsTable {
  // Calls choose with the row whose button is pressed.
  constructor(choose) {
    this.choose = choose;
    this.element = element("details", "gpnde-rows");
    this.body = element("div", "");
    this.element.append(element("summary", "", "Table"), this.body);
  }

  get isInUse() {
    return this.body.contains(document.activeElement);
  }

  // Show the datasets that hold rows, or nothing while the table is closed.
  show(datasets, title) {
    const filled = this.element.open ? datasets.filter((rows) => Array.isArray(rows) && rows.length) : [];
    this.body.replaceChildren(...filled.map((rows) => this.tableOf(rows, title)));
  }

  tableOf(rows, title) {
    const names = Object.keys(rows[0]);
    const table = element("table", "");
    const more = rows.length > MOST_ROWS_IN_TABLE ? `, the first ${MOST_ROWS_IN_TABLE} of ${rows.length} rows` : "";
    table.createCaption().textContent = `${title}${more}`;
    const head = table.createTHead().insertRow();
    head.append(...names.map((name) => Object.assign(element("th", "", entitled(name)), { scope: "col" })));
    const body = table.createTBody();
    for (const row of rows.slice(0, MOST_ROWS_IN_TABLE)) this.addRow(body.insertRow(), names, row);
    return table;
  }

  addRow(line, names, row) {
    const choice = names.find((name) => CHOSEN_BY.includes(name));
    for (const name of names) {
      const text = typeof row[name] === "number" ? rounded(row[name]) : String(row[name] ?? "");
      if (name === choice) line.insertCell().append(this.button(text, row));
      else line.insertCell().textContent = text;
    }
  }

  button(text, row) {
    const made = Object.assign(element("button", "", text), { type: "button" });
    made.addEventListener("click", () => this.choose(flat(row)));
    return made;
  }
}
