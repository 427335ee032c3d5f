// The page: which citizen, which channel, and what happens when one taps.

import * as api from "./api.js";
import { byId, el, paintAvatar, showPhone } from "./dom.js";
import { active, makeFaults } from "./faults.js";
import { makePeople } from "./people.js";
import { makeThread, reached } from "./thread.js";
import { clock, loadLanguage, moment, t } from "./words.js";

const state = {
  phone: localStorage.getItem("carrier.phone") || "",
  channel: localStorage.getItem("carrier.channel") || "whatsapp",
  phones: [],
  files: [],
  lost: false,
  faulty: false,
};

const thread = makeThread({
  press: (button, m) => say({ button, body: button.text, reply_to: m.sid }),
  say: (text) => say({ body: text }),
  resend: (m) => api.resend(m.sid).catch(complain),
  details: showDetails,
});
const people = makePeople(choose);
const faults = makeFaults(() => state.phone, refreshPhones);

function go(view) {
  document.body.dataset.view = view;
  const heading = { people: "people-title", faults: "faults-title" }[view];
  if (heading) byId(heading).focus();
  else byId("text").focus();
}

async function choose(phone) {
  state.phone = phone;
  localStorage.setItem("carrier.phone", phone);
  document.body.dataset.view = "phone";
  byId("arrival").hidden = true;
  await refreshPhones();
  await openThread();
  byId("text").focus();
}

async function openChannel(channel) {
  state.channel = channel;
  localStorage.setItem("carrier.channel", channel);
  byId("arrival").hidden = true;
  drawHead();
  await openThread();
}

async function openThread() {
  if (!state.phone) return drawHead();
  const { phone, channel } = state;
  const messages = await api.listMessages(phone, channel);
  if (phone !== state.phone || channel !== state.channel) return; // another was opened meanwhile
  thread.show(messages);
  drawHead();
  await seen();
}

/** Tells the carrier what is before the citizen's eyes. */
async function seen() {
  if (!state.phone || document.hidden) return;
  const { seen: count } = await api.markSeen(state.phone, state.channel);
  if (count) await refreshPhones();
}

async function refreshPhones() {
  const answer = await api.listPhones();
  state.phones = answer.phones;
  state.target = answer.target;
  byId("people-problem").textContent = answer.people_error ? t("people.problem", { what: answer.people_error }) : "";
  if (!state.phone && state.phones.length) state.phone = state.phones[0].phone;
  people.show(state.phones, state.phone);
  drawHead();
}

const refreshPhonesSoon = soon(refreshPhones, 300);

/** Runs f once, a little after the last of many calls. */
function soon(f, ms) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(() => f().catch(complain), ms); };
}

function drawHead() {
  const p = people.find(state.phone) || { phone: state.phone, name: "" };
  byId("who-name").textContent = p.name || (p.phone ? showPhone(p.phone) : t("who.nobody"));
  byId("who-phone").textContent = p.phone ? showPhone(p.phone) : "";
  paintAvatar(byId("who-avatar"), p.name, p.phone || "?");
  byId("who-note").hidden = !p.note;
  byId("who-note").textContent = p.note || "";
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const on = tab.dataset.channel === state.channel;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    if (on) byId("thread").setAttribute("aria-labelledby", tab.id);
  }
  byId("composer").hidden = !p.phone;
  byId("window").textContent = state.channel === "whatsapp" ? windowText(p) : p.barred ? t("sms.barred") : "";
  drawEmpty(p);
  drawTrouble();
}

function windowText(p) {
  if (!p.phone) return "";
  if (!p.window_until) return t("window.never");
  return new Date(p.window_until) > new Date() ? t("window.open", { time: moment(p.window_until) }) : t("window.closed");
}

function drawEmpty(p) {
  const box = byId("empty");
  box.hidden = !thread.empty();
  if (box.hidden) return;
  const samples = state.channel === "whatsapp" && p.phone ? ["sample.1", "sample.2", "sample.3"] : [];
  const lead = !p.phone ? "empty.nobody" : state.channel === "whatsapp" ? "empty.whatsapp" : "empty.sms";
  box.replaceChildren(el("h2", {}, t("empty.title")), el("p", {}, t(lead)),
    ...(samples.length ? [el("div", { class: "choices" }, ...samples.map((key) => el("button", { type: "button", onclick: () => fill(t(key)) }, t(key))))] : []));
}

function drawTrouble() {
  const strip = byId("trouble");
  strip.classList.toggle("lost", state.lost);
  const text = state.lost ? t("trouble.lost") : state.target === "" ? t("trouble.target") : state.faulty ? t("trouble.faulty") : "";
  strip.hidden = !text;
  strip.textContent = text;
}

function fill(text) {
  byId("text").value = text;
  grow();
  byId("text").focus();
}

function grow() {
  const box = byId("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 132)}px`;
}

function complain(error) {
  byId("send-error").textContent = t("send.failed", { what: error.message });
}

/** Sends as the citizen; true when the carrier has it. */
async function say(message) {
  byId("send-error").textContent = "";
  try {
    const name = people.find(state.phone)?.name || "";
    await api.send({ channel: state.channel, from: state.phone, name, ...message });
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

async function submit(event) {
  event.preventDefault();
  const box = byId("text");
  const text = box.value.trim();
  if (!text && !state.files.length) return box.focus();
  const media = await Promise.all(state.files.map(api.readFile));
  if (!(await say({ body: text, media }))) return;
  box.value = "";
  state.files = [];
  drawFiles();
  grow();
  box.focus();
}

function drawFiles() {
  byId("files").replaceChildren(...state.files.map((file, i) => el("div", {}, el("span", {}, file.name),
    el("button", { type: "button", class: "quiet", "aria-label": t("files.remove", { name: file.name }), onclick: () => { state.files.splice(i, 1); drawFiles(); byId("text").focus(); } }, "×"))));
}

const LARGEST = 16 * 1024 * 1024; // the carrier's own bound

function addFiles(event) {
  byId("send-error").textContent = "";
  for (const file of event.target.files) {
    if (file.size > LARGEST || file.size === 0) byId("send-error").textContent = t("files.size", { name: file.name });
    else if (state.files.length < 10) state.files.push(file);
  }
  event.target.value = "";
  drawFiles();
}

let detailed;

function showDetails(m) {
  detailed = m;
  const rows = [["sid", m.sid], ["status", m.status], ["error", m.error_code ? `${m.error_code} ${m.error_message}` : ""], ["template", m.content_sid], ["created", moment(m.created)], ["button", m.pressed ? `${m.pressed.text} → ${m.pressed.payload}` : ""]];
  byId("details-list").replaceChildren(...rows.filter(([, v]) => v).flatMap(([k, v]) => [el("dt", {}, t(`details.${k}`)), el("dd", {}, v)]));
  const calls = (m.webhooks || []).map((w) => el("li", {}, `${clock(w.at)} · ${w.kind} · ${w.status || w.error} · ${w.took_ms} ms${w.copy > 1 ? ` · ${t("details.copy", { n: w.copy })}` : ""}${w.try > 1 ? ` · ${t("details.again")}` : ""}`));
  byId("details-calls").replaceChildren(...(calls.length ? calls : [el("li", {}, t("details.nocalls"))]));
  for (const id of ["resend", "resend-forged"]) byId(id).hidden = m.direction !== "inbound";
  if (!byId("details").open) byId("details").showModal();
}

async function again(signature) {
  try {
    showDetails(await api.resend(detailed.sid, signature));
  } catch (error) {
    byId("details").close();
    complain(error);
  }
}

function arrived(m) {
  if (m.phone === state.phone && m.channel === state.channel) {
    thread.put(m);
    byId("empty").hidden = !thread.empty();
    if (!m.seen && reached(m)) seen();
  } else if (m.phone === state.phone && reached(m) && !m.seen) {
    const note = byId("arrival");
    note.textContent = t("arrival", { channel: m.channel === "sms" ? "SMS" : "WhatsApp", text: m.body || t("thread.file") });
    note.onclick = () => openChannel(m.channel);
    note.hidden = false;
  }
  if (detailed?.sid === m.sid && byId("details").open) showDetails(m);
  refreshPhonesSoon();
}

async function refreshFaults() {
  const now = await api.faults();
  state.faulty = active(now);
  faults.show(now);
  drawTrouble();
}

async function refreshAll() {
  await refreshPhones();
  await openThread();
  await refreshFaults();
}

function drawBadges() {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const waiting = tab.dataset.channel !== state.channel && !byId("arrival").hidden;
    tab.querySelector(".badge").hidden = !waiting;
    tab.querySelector(".badge").textContent = waiting ? "•" : "";
  }
}

function wire() {
  byId("composer").addEventListener("submit", submit);
  byId("text").addEventListener("input", grow);
  byId("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  byId("file").addEventListener("change", addFiles);
  byId("resend").addEventListener("click", () => again(""));
  byId("resend-forged").addEventListener("click", () => again("wrong"));
  byId("details-close").addEventListener("click", () => byId("details").close());
  document.addEventListener("visibilitychange", () => seen().catch(complain));
  new MutationObserver(drawBadges).observe(byId("arrival"), { attributes: true, attributeFilter: ["hidden"] });
  for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => go(button.dataset.go));
  for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", async () => {
    await loadLanguage(button.dataset.language);
    thread.redraw();
    await refreshPhones();
    await refreshFaults();
  });
  const tabs = [...document.querySelectorAll("[role=tab]")];
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => openChannel(tab.dataset.channel));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const other = tabs[(i + 1) % tabs.length];
      other.focus();
      openChannel(other.dataset.channel);
    });
  });
}

async function start() {
  await loadLanguage();
  wire();
  await refreshAll();
  if (!state.phone) document.body.dataset.view = "people";
  api.follow({
    message: arrived,
    phones: refreshPhonesSoon,
    faults: () => refreshFaults().catch(complain),
    cleared: () => refreshAll().catch(complain),
    hello: () => { state.lost = false; refreshAll().catch(complain); },
    lost: () => { state.lost = true; drawTrouble(); },
  });
}

start().catch(complain);
