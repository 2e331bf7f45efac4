// Titles in as many lines as their place needs.

const pen = document.createElement("canvas").getContext("2d");

// Return title and subtitle of *words*, broken anew where a line is wider than the *room* (pixels; 0 is no limit).
function broken(words, config, room) {
  const { font = "sans-serif", title = {} } = config ?? {};
  const fonts = {
    title: `${title.fontWeight ?? "bold"} ${title.fontSize ?? 13}px ${font}`,
    subtitle: `${title.subtitleFontWeight ?? "normal"} ${title.subtitleFontSize ?? 11}px ${font}`,
  };
  const shown = {};
  for (const [name, face] of Object.entries(fonts)) {
    if (words[name] !== undefined) shown[name] = inLines(words[name], face, room);
  }
  return shown;
}

function inLines(text, face, room) {
  pen.font = face;
  const fits = (line) => pen.measureText(line).width <= room;
  if (room <= 0 || [text].flat().every(fits)) return text;
  const lines = [""];
  for (const word of pieces([text].flat().join(" "), fits)) {
    const longer = lines.at(-1) + word;
    if (fits(longer.trimEnd())) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line);
}

// Words with the space behind them; one that is wider than a line, as of a script without spaces, letter by letter.
function pieces(text, fits) {
  const words = text.match(/\S+\s*/gu) ?? [];
  return words.flatMap((word) => (fits(word.trimEnd()) ? [word] : [...word]));
}
