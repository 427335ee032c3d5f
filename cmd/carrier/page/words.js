// The page's texts: one catalogue a language, Indonesian first.

const STORE = "carrier.language";
const LOCALE = { ind: "id-ID", eng: "en-GB" };
let catalogue = {};
let current = "ind";

export const language = () => current;

export async function loadLanguage(code = localStorage.getItem(STORE) || "ind") {
  current = LOCALE[code] ? code : "ind";
  const answer = await fetch(`words/${current}.json`);
  catalogue = await answer.json();
  localStorage.setItem(STORE, current);
  document.documentElement.lang = current === "ind" ? "id" : "en";
  paint(document);
}

/** Text of a key, with {name} filled in. */
export function t(key, values = {}) {
  return (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function paint(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
  for (const node of root.querySelectorAll("[data-language]")) node.setAttribute("aria-pressed", node.dataset.language === current);
}

// The programme's own clock, whatever the reader's computer says.
const ZONE = "Asia/Jakarta";
const format = (options) => (time) => new Intl.DateTimeFormat(LOCALE[current], { timeZone: ZONE, ...options }).format(new Date(time));

export const clock = format({ hour: "2-digit", minute: "2-digit" });
export const day = format({ weekday: "long", day: "numeric", month: "long" });
export const moment = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
