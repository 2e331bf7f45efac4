// What charts need of the page around them: the libraries, its theme, and elements.

function vegaOf(model) {
  const shelf = (globalThis.gpndeVegaLoading ??= {});
  const id = model.get("_library").replace("IPY_MODEL_", "");
  return (async () => {
    const library = await model.widget_manager.get_model(id);
    const version = library.get("version");
    shelf[version] ??= load(library.get("source")).catch((error) => {
      delete shelf[version];
      throw error;
    });
    await shelf[version];
    return globalThis.gpndeVega[version];
  })();
}

async function load(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    await import(/* webpackIgnore: true */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

// JupyterLab and Voila write their theme on the body; elsewhere the system decides.
function isDark() {
  const light = document.body.dataset.jpThemeLight;
  return light === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
}

function theme() {
  return isDark() ? "dark" : "light";
}

function watchTheme(callback) {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", callback);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", callback);
  };
}

// Colours stand alone or inside expressions; rows and words are not touched, since they are not in the description.
function recoloured(part, twins) {
  if (typeof part === "string") {
    return part.replace(/#[0-9a-f]{6}\b/gi, (colour) => twins.get(colour.toLowerCase()) ?? colour);
  }
  if (Array.isArray(part)) return part.map((inner) => recoloured(inner, twins));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, recoloured(inner, twins)]));
}

function twinsOf(colours) {
  return new Map(Object.entries(colours).map(([light, dark]) => [light.toLowerCase(), dark]));
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function flat(datum) {
  return Object.fromEntries(Object.entries(datum).filter(([, value]) => value === null || typeof value !== "object"));
}

function save(filename, parts, type) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = Object.assign(element("a", ""), { href: url, download: filename });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
