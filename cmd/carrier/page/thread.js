// The messages of one citizen in one channel.

import { byId, el, icon } from "./dom.js";
import { choices, code, rich } from "./text.js";
import { clock, day, t } from "./words.js";

const ONE_TICK = ["M4 6.500l3 3 6-7"];
const TWO_TICKS = ["M1 6.500l3 3 6-7", "M8 9l.8.500 6-7"];

/**
 * Makes the thread. act: press(button, message), say(text), resend(message),
 * details(message).
 */
export function makeThread(act) {
  const list = byId("messages");
  const box = byId("thread");
  let messages = new Map();

  const visible = () => [...messages.values()].filter((m) => m.direction === "inbound" || reached(m)).sort((a, b) => a.seq - b.seq);
  const nearEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  const toEnd = () => { box.scrollTop = box.scrollHeight; };
  let atEnd = true;
  let before = 0;
  box.addEventListener("scroll", () => {
    if (nearEnd()) atEnd = true;
    else if (box.scrollTop < before) atEnd = false; // only the reader goes up
    before = box.scrollTop;
  }, { passive: true });
  // A picture that arrives or a strip that opens must not hide the last line.
  const hold = new ResizeObserver(() => { if (atEnd) toEnd(); });
  hold.observe(box);
  hold.observe(list);

  function draw() {
    const shown = visible();
    const last = shown.at(-1);
    const nodes = [];
    let today = "";
    for (const m of shown) {
      const date = day(m.created);
      if (date !== today) nodes.push(el("li", { class: "day" }, date));
      today = date;
      nodes.push(line(m, m === last, act));
    }
    return nodes;
  }

  function redraw(stay) {
    list.replaceChildren(...draw());
    if (stay) return;
    atEnd = true;
    toEnd();
  }

  return {
    show(all) {
      messages = new Map(all.map((m) => [m.sid, m]));
      list.parentElement.setAttribute("aria-live", "off");
      redraw(false);
      list.parentElement.setAttribute("aria-live", "polite");
    },
    put(m) {
      const stay = !atEnd && messages.has(m.sid);
      const focus = document.activeElement?.dataset?.sid;
      messages.set(m.sid, m);
      patch(list, draw());
      if (!stay) toEnd();
      if (focus) list.querySelector(`[data-sid="${focus}"]`)?.focus();
    },
    redraw: () => redraw(true),
    empty: () => visible().length === 0,
  };
}

/** Replaces only what differs, so that a screen reader hears only what is new. */
function patch(list, nodes) {
  nodes.forEach((node, i) => {
    const old = list.children[i];
    if (!old) list.append(node);
    else if (!old.isEqualNode(node)) old.replaceWith(node);
    else if (node.querySelector("button")) old.replaceWith(node);
  });
  while (list.children.length > nodes.length) list.lastChild.remove();
}

export const reached = (m) => m.direction !== "inbound" && ["sent", "delivered", "read"].includes(m.status);

function line(m, last, act) {
  const mine = m.direction === "inbound";
  const state = mine ? told(m) : "theirs";
  const bubble = el("div", { class: "bubble" }, attached(m), m.body && el("div", { class: "said" }, ...rich(m.body, m.channel === "whatsapp")), meta(m, mine, state, act));
  const node = el("li", { class: `line ${mine ? "mine" : "theirs"} ${state}` }, el("span", { class: "hidden-label" }, t(mine ? "thread.you" : "thread.desk")), bubble);
  const offered = mine ? [] : offers(m, last, act);
  if (offered.length) node.append(el("div", { class: "choices", role: "group", "aria-label": t("thread.choices") }, ...offered));
  if (state === "failed") node.append(el("button", { type: "button", class: "retry", onclick: () => act.resend(m) }, t("thread.retry")));
  return node;
}

/** What became of a citizen's message: "kept", "told" to the desk, or "failed". */
function told(m) {
  const calls = (m.webhooks || []).filter((w) => w.kind === "inbound");
  if (calls.some((w) => w.status >= 200 && w.status < 300)) return "told";
  const hopeless = calls.some((w) => w.try === 2 || (w.status >= 300 && w.status < 500));
  return hopeless ? "failed" : "kept";
}

function meta(m, mine, state, act) {
  const words = mine ? t(`state.${state}`) : t("state.received");
  const button = el("button", { type: "button", class: "meta", "data-sid": m.sid, onclick: () => act.details(m), "aria-label": `${clock(m.created)}, ${words}. ${t("thread.details")}` }, clock(m.created));
  if (mine) {
    const sign = state === "failed" ? el("span", { class: "bad" }, "!") : el("span", { class: state === "told" ? "good" : "" }, icon("0 0 18 12", ...(state === "told" ? TWO_TICKS : ONE_TICK)));
    button.append(sign);
  }
  return button;
}

function attached(m) {
  if (!m.media?.length) return null;
  return el("div", { class: "attached" }, ...m.media.map((file) => {
    const address = `control/media/${file.sid}`;
    const name = file.name || t("thread.file");
    if (file.content_type.startsWith("image/")) return el("a", { href: address, target: "_blank", rel: "noopener" }, el("img", { src: address, alt: t("thread.picture", { name }), loading: "lazy" }));
    return el("a", { href: address, class: "document", download: name }, `${name} · ${size(file.size)}`);
  }));
}

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** What can be tapped below a message of the desk. */
function offers(m, last, act) {
  const tap = (text, onclick) => el("button", { type: "button", onclick }, text);
  if (m.buttons?.length) return m.buttons.map((b) => tap(b.text, () => act.press(b, m)));
  const numbered = last ? choices(m.body) : [];
  if (numbered.length) return numbered.map((c) => tap(`${c.number}. ${c.text}`, () => act.say(c.number)));
  const secret = m.channel === "sms" && code(m.body);
  return secret ? [tap(t("thread.copy", { code: secret }), (event) => copy(secret, event.target))] : [];
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t("thread.copied");
  } catch {
    button.textContent = text;
  }
}
