// The switches by which the carrier misbehaves.

import { byId, el } from "./dom.js";
import { setFaults, setWindow } from "./api.js";
import { t } from "./words.js";

// What the next send does; the value is the change it makes.
const SENDS = {
  fine: { send: null, hang: null },
  busy: { send: { http: 429, retry_after: 2, times: 1 }, hang: null },
  broken: { send: { http: 500, times: 1 }, hang: null },
  undelivered: { send: { code: 30008, times: 1 }, hang: null },
  hangTaken: { send: null, hang: { take: true, times: 1 } },
  hangLost: { send: null, hang: { take: false, times: 1 } },
};

const STATES = ["queued", "sent", "delivered", "read"];

/** Whether anything is out of order, for the strip on the phone. */
export const active = (f) => Boolean(f.stop || f.signature || f.duplicate > 1 || f.delay_ms || f.answer_delay_ms || f.status_order || f.drop?.length || f.send || f.hang);

/** Makes the form; phone() names the citizen shown, done() is told of a change of window. */
export function makeFaults(phone, done) {
  const form = byId("faults-form");
  let now = {};

  const set = async (change) => { now = await setFaults(change); draw(); };

  function select(key, values, value, change) {
    const id = `fault-${key}`;
    const options = values.map(([v, text]) => el("option", { value: String(v), selected: String(v) === String(value) }, text));
    return el("div", { class: "field" }, el("label", { for: id }, t(`faults.${key}`)),
      el("select", { id, onchange: (event) => set(change(event.target.value)) }, ...options));
  }

  function check(id, text, on, change) {
    return el("label", { class: "check" }, el("input", { type: "checkbox", id, checked: on, onchange: (event) => set(change(event.target.checked)) }), text);
  }

  const named = (key, values) => values.map((v) => [v, t(`faults.${key}.${v || "none"}`)]);
  const count = (values, text) => values.map((v) => [v, text(v)]);
  const seconds = (ms) => (ms ? t("faults.seconds", { n: ms / 1000 }) : t("faults.none"));

  function sendValue() {
    if (now.hang) return now.hang.take ? "hangTaken" : "hangLost";
    if (!now.send) return "fine";
    return { 429: "busy", 500: "broken" }[now.send.http] || "undelivered";
  }

  function drop(state) {
    const others = (now.drop || []).filter((s) => s !== state);
    return check(`drop-${state}`, t(`faults.drop.${state}`), now.drop?.includes(state), (on) => ({ drop: on ? [...others, state] : others }));
  }

  function draw() {
    const focused = form.contains(document.activeElement) && document.activeElement.id;
    form.replaceChildren(
      el("fieldset", {}, el("legend", {}, t("faults.sends")),
        select("send", Object.keys(SENDS).map((k) => [k, t(`faults.send.${k}`)]), sendValue(), (v) => SENDS[v]),
        check("fault-stop", t("faults.stop"), now.stop, (on) => ({ stop: on }))),
      el("fieldset", {}, el("legend", {}, t("faults.notices")),
        select("duplicate", count([0, 2, 5, 20], (n) => (n ? t("faults.times", { n }) : t("faults.once"))), now.duplicate > 1 ? now.duplicate : 0, (v) => ({ duplicate: Number(v) })),
        select("delay", count([0, 2000, 10000], seconds), now.delay_ms, (v) => ({ delay_ms: Number(v) })),
        select("signature", named("signature", ["", "wrong", "missing"]), now.signature, (v) => ({ signature: v })),
        select("order", named("order", ["", "reverse", "together"]), now.status_order, (v) => ({ status_order: v })),
        el("div", { class: "field", role: "group", "aria-labelledby": "drop-label" }, el("span", { id: "drop-label" }, t("faults.drop")), el("div", { class: "ticks" }, ...STATES.map(drop)))),
      el("fieldset", {}, el("legend", {}, t("faults.whatsapp")),
        select("read", named("read", ["auto", "view", "never"]), now.read, (v) => ({ read: v })),
        select("window", named("window", ["refuse", "fail", "ignore"]), now.window, (v) => ({ window: v })),
        el("button", { type: "button", class: "secondary", id: "close-window", onclick: closeWindow }, t("faults.close"))),
      el("button", { type: "button", class: active(now) ? "secondary on" : "secondary", id: "faults-reset", onclick: () => set({ reset: true }) }, t("faults.reset")),
    );
    if (focused) byId(focused)?.focus();
  }

  async function closeWindow() {
    if (!phone()) return;
    await setWindow(phone(), "24h0m1s");
    done();
  }

  return { show(faults) { now = faults; draw(); } };
}
