// Small makers of elements; text is always set as text, never as HTML.

export const byId = (id) => document.getElementById(id);

/** el("p", {class: "x", onclick: f, "aria-label": "y"}, "text", child) */
export function el(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== undefined && c !== null && c !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A line icon out of path data. */
export function icon(box, ...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** The initials in a coloured disc; the colour follows the number. */
export function paintAvatar(node, name, phone) {
  const words = (name || "").trim().split(/\s+/).filter(Boolean);
  const letters = words.length ? words.slice(0, 2).map((w) => [...w][0].toUpperCase()).join("") : phone.slice(-2);
  const hue = [...phone].reduce((sum, digit) => sum + digit.charCodeAt(0), 0) % 6;
  node.className = `avatar hue-${hue}`;
  node.textContent = letters;
  return node;
}

/** +6281234567890 as people write it: 0812-3456-7890. */
export function showPhone(number) {
  const local = number.startsWith("+62") ? "0" + number.slice(3) : number;
  return local.replace(/^(\+?\d{4})(\d{3,4})(\d+)$/, "$1-$2-$3");
}
