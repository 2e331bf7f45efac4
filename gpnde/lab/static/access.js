// Names, roles and keys for the widgets of a lab: those of ipywidgets come without most of them.

const LANDMARKS = { ".gpnde-controls": "Controls", ".gpnde-right": "Results", ".gpnde-stories": "Questions" };
const OPEN = "jupyter-widget-Collapse-open";

function set(element, name, value) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function textOf(element) {
  return element?.textContent.trim() ?? "";
}

// A heading of a group is a button that says whether the group is open.
function mendHeading(heading) {
  set(heading, "role", "button");
  set(heading, "tabindex", "0");
  set(heading, "aria-expanded", String(heading.parentElement.classList.contains(OPEN)));
  if (heading.gpndeKeys) return;
  heading.gpndeKeys = true;
  heading.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    heading.click();
  });
}

// What a control is called: its name in sight, its label, or its tooltip.
function nameOf(widget) {
  const field = widget.closest(".gpnde-field");
  const name = textOf(field?.querySelector(".gpnde-name")) || textOf(widget.querySelector(".widget-label"));
  return name || widget.title || widget.querySelector("[title]")?.title || "";
}

function mendControl(control) {
  const widget = control.closest(".jupyter-widgets");
  if (!widget || control.labels?.length && textOf(control.labels[0])) return;
  const name = nameOf(widget) || control.placeholder;
  if (name) set(control, "aria-label", name);
}

function mendGroup(group) {
  set(group, "role", "group");
  set(group, "aria-label", group.querySelector("button[title]")?.dataset.group ?? "Groups of charts");
  for (const button of group.querySelectorAll("button")) {
    set(button, "aria-pressed", String(button.classList.contains("mod-active")));
  }
}

function mendProgress(bar) {
  const share = parseFloat(bar.querySelector(".progress-bar")?.style.width || "0");
  set(bar, "role", "progressbar");
  set(bar, "aria-label", "Progress of the run");
  set(bar, "aria-valuemin", "0");
  set(bar, "aria-valuemax", "100");
  set(bar, "aria-valuenow", String(Math.round(share)));
}

function mendReadout(readout) {
  if (readout.isContentEditable) set(readout, "role", "textbox");
  set(readout, "aria-label", `${nameOf(readout.closest(".jupyter-widgets"))}, value`);
}

// Marks of which there are none have no name to be read.
function mendMarks(group) {
  const isEmpty = !group.firstChild;
  if (isEmpty === Boolean(group.gpndeHidden)) return;
  group.gpndeHidden = isEmpty;
  if (isEmpty) set(group, "aria-hidden", "true");
  else group.removeAttribute("aria-hidden");
}

function mend(root) {
  const each = (selector, action) => root.querySelectorAll(selector).forEach(action);
  each(".jupyter-widget-Collapse-header", mendHeading);
  each("input, select, textarea, .noUi-handle", mendControl);
  each(".widget-toggle-buttons", mendGroup);
  each(".widget-hprogress", mendProgress);
  each(".widget-readout", mendReadout);
  each("svg g.role-mark[role=graphics-symbol]", mendMarks);
  for (const [selector, name] of Object.entries(LANDMARKS)) {
    each(selector, (part) => {
      set(part, "role", "region");
      set(part, "aria-label", name);
    });
  }
}

function watch(root, model) {
  let due = 0;
  const soon = () => (due ||= requestAnimationFrame(() => ((due = 0), mend(root))));
  const observer = new MutationObserver(soon);
  const attributeFilter = ["class", "style"];
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter });
  mend(root);
  // JupyterLab writes its own title.
  const entitle = () => document.body.dataset.voila && (document.title = model.get("title"));
  entitle();
  model.on("change:title", entitle);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(due);
    model.off("change:title", entitle);
  };
}

function render({ model, el }) {
  let stop = () => {};
  let frame = 0;
  el.style.display = "none";
  // The lab comes onto the page after its parts were drawn.
  const begin = () => {
    const root = el.closest(".gpnde-lab");
    if (root) stop = watch(root, model);
    else frame = requestAnimationFrame(begin);
  };
  begin();
  return () => {
    cancelAnimationFrame(frame);
    stop();
  };
}

export default { render };
