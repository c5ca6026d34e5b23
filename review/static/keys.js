// The review by keyboard: j k n walk, c confirms and goes on, x overrides, m comments, u takes back, / finds, ? helps.
// Every key only presses what is on the page; without this file the same buttons and links work.
"use strict";
const $ = (selector, within = document) => within.querySelector(selector);
const items = () => [...document.querySelectorAll(".change")];
const held = () => document.activeElement?.closest(".change");
const waits = (item) => $('button[data-key="c"]', item) && $(".badge.waiting", item);
let lastDecided = "";

function go(item) {
  if (!item) return false;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "center" });
  return true;
}

function say(what) {
  const status = $("#status");
  if (status) status.textContent = status.dataset[what] || "";
}

function nextWaiting(from) {
  const all = items(), at = all.indexOf(from);
  return [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))].find(waits);
}

// Sends a verdict's form and puts the answered page's version of the change and of the progress in place.
async function send(form, submitter) {
  const id = form.closest(".change").id, fields = new URLSearchParams(new FormData(form, submitter));
  const decision = submitter?.value || fields.get("choice");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" });
  } catch { say("failed"); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(id);
  if (!answer.ok) { trouble(page); say("failed"); return; }
  const old = document.getElementById(id), following = nextWaiting(old);
  if (fresh) old.replaceWith(document.adoptNode(fresh)); else old.remove(); // a filter may show it no longer
  const progress = $("#progress", page);
  if (progress && $("#progress")) $("#progress").replaceWith(document.adoptNode(progress));
  say("saved");
  if (decision === "undo" || decision === "comment") { go(document.getElementById(id)); return; }
  lastDecided = id;
  if (!following) say("allDone");
  go(following || document.getElementById(id) || items()[0]);
}

function trouble(page) {
  const box = document.createElement("dialog"), close = document.createElement("form");
  close.method = "dialog";
  close.append(Object.assign(document.createElement("button"), { textContent: "Esc ×" }));
  box.append(...document.adoptNode($("main", page)).childNodes, close);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

function openMenu(item, choice) {
  const menu = item && $("details.override", item);
  if (!menu) return false;
  menu.open = true;
  const radio = choice ? $(`input[value="${choice}"]`, menu) : $("input[type=radio]", menu);
  if (choice && radio) { radio.checked = true; $("textarea", menu).focus(); } else radio?.focus();
  return true;
}

function inMenu(event) {
  const menu = event.target.closest("details.override[open]");
  if (!menu) return false;
  if (event.key === "Escape") { menu.open = false; go(menu.closest(".change")); return true; }
  if (event.key === "Enter" && event.ctrlKey) { $("form", menu).requestSubmit(); return true; }
  if (event.target.matches("textarea")) return false;
  const radios = [...menu.querySelectorAll("input[type=radio]")];
  const wanted = radios.find((radio) => $("kbd", radio.parentElement)?.textContent === event.key);
  if (!wanted) return false;
  wanted.checked = true;
  $("textarea", menu).focus();
  return true;
}

function undo() {
  const item = held(), button = (item && $('button[data-key="u"]', item)) || (lastDecided && $(`#${CSS.escape(lastDecided)} button[data-key="u"]`));
  button?.click();
  return Boolean(button);
}

const KEYS = {
  j: () => go(items()[Math.min(items().indexOf(held()) + 1, items().length - 1)]),
  k: () => go(items()[Math.max(items().indexOf(held()) - 1, 0)]),
  n: () => go(nextWaiting(held())),
  c: () => { const button = held() && $('button[data-key="c"]', held()); button?.click(); return Boolean(button); },
  x: () => openMenu(held()),
  m: () => openMenu(held(), "comment"),
  r: () => { const way = held() && $('a[data-key="r"]', held()); if (way) location.assign(way.href); return Boolean(way); },
  N: () => { const way = $('a[data-key="N"]'); if (way) location.assign(way.href); return Boolean(way); },
  u: undo,
  "/": () => { const field = $("[data-find]"); field?.focus(); field?.select(); return Boolean(field); },
  "?": () => { const help = $("#help"); help?.showModal(); return Boolean(help); },
};

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.altKey || event.isComposing) return;
  if (inMenu(event)) { event.preventDefault(); return; }
  if (event.ctrlKey || $("dialog[open]") || event.target.closest("input:not([type=radio]), textarea, select")) return;
  if (event.repeat && !"jk".includes(event.key)) return;
  if (Object.hasOwn(KEYS, event.key) && KEYS[event.key]()) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (!event.target.closest(".change") || event.target.method !== "post") return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) KEYS["?"]();
  if (event.target.closest("[data-print]")) print();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto] select")) event.target.form.requestSubmit();
});

// Words are looked for while they are typed; the form still asks the server when it is sent.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  const words = event.target.value.trim();
  for (const item of items()) item.hidden = Boolean(words) && !item.textContent.includes(words);
  for (const part of document.querySelectorAll(".section")) part.hidden = !$(".change:not([hidden])", part);
});

const landed = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (landed) go(landed);
