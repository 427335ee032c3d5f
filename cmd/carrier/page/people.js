// The list of citizens and the form that makes a new one.

import { byId, el, paintAvatar, showPhone } from "./dom.js";
import { makePhone } from "./api.js";
import { t } from "./words.js";

/** Makes the list; choose(phone) is called with the number picked. */
export function makePeople(choose) {
  const list = byId("people-list");
  const filter = byId("people-filter");
  const form = byId("person-form");
  let people = [];
  let chosen = "";

  function draw() {
    const wanted = filter.value.trim().toLowerCase();
    const matches = (p) => `${p.name} ${p.phone} ${showPhone(p.phone)} ${p.note || ""}`.toLowerCase().includes(wanted);
    const focused = list.contains(document.activeElement) && document.activeElement.dataset.phone;
    list.replaceChildren(...people.filter(matches).map((p) => row(p, p.phone === chosen, choose)));
    filter.parentElement.hidden = people.length < 8;
    if (focused) list.querySelector(`[data-phone="${focused}"]`)?.focus();
  }

  function open(show) {
    form.hidden = !show;
    byId("person-error").textContent = "";
    if (!show) return byId("new-person").focus();
    form.reset();
    byId("person-phone").value = freeNumber(people);
    byId("person-name").focus();
  }

  async function save(event) {
    event.preventDefault();
    try {
      const made = await makePhone(byId("person-phone").value, byId("person-name").value);
      open(false);
      choose(made.phone);
    } catch {
      byId("person-error").textContent = t("person.wrong");
      byId("person-phone").focus();
    }
  }

  filter.addEventListener("input", draw);
  form.addEventListener("submit", save);
  byId("new-person").addEventListener("click", () => open(true));
  byId("person-cancel").addEventListener("click", () => open(false));

  return {
    show(all, current) { people = all; chosen = current; draw(); },
    find: (phone) => people.find((p) => p.phone === phone),
  };
}

/** A number of nobody: 0899-0000-xxxx, the first that is not in the list. */
function freeNumber(people) {
  for (let n = 1; ; n++) {
    const number = `+628990000${String(n).padStart(4, "0")}`;
    if (!people.some((p) => p.phone === number)) return showPhone(number);
  }
}

function row(p, current, choose) {
  const lines = el("span", {}, el("b", {}, p.name || showPhone(p.phone)), el("small", {}, showPhone(p.phone)), p.note ? el("small", { class: "reason" }, p.note) : null);
  const unread = p.unread ? el("span", { class: "badge", "aria-label": t("people.unread", { n: p.unread }) , role: "img" }, String(p.unread)) : null;
  return el("li", {}, el("button", { type: "button", class: "person", "data-phone": p.phone, "aria-current": current ? "true" : undefined, onclick: () => choose(p.phone) },
    paintAvatar(el("span", { "aria-hidden": "true" }), p.name, p.phone), lines, unread));
}
