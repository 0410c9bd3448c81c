// Progress and hints: kept in this browser, sent nowhere. Without scripts the pages lose neither text nor hints.
"use strict";

const store = {
  read(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  write(key, value) {
    try { localStorage.setItem(key, value); } catch { /* a private window forgets, and that is all */ }
  },
};

const pageName = (address) => new URL(address, location).pathname.split("/").pop();
const isChapter = (name) => /^\d\d-/.test(name);
const done = (page) => JSON.parse(store.read(`done:${page}`) || "[]");

function addTicks(page) {
  for (const heading of document.querySelectorAll(".md-content h2[id]")) {
    const tick = document.createElement("button");
    tick.type = "button";
    tick.className = "tick";
    const show = () => {
      const ticked = done(page).includes(heading.id);
      tick.setAttribute("aria-pressed", ticked);
      tick.textContent = ticked ? "Done" : "Mark as done";
    };
    tick.setAttribute("aria-describedby", heading.id);
    tick.addEventListener("click", () => {
      const others = done(page).filter((id) => id !== heading.id);
      const all = others.length < done(page).length ? others : [...others, heading.id];
      store.write(`done:${page}`, JSON.stringify(all));
      store.write(`all:${page}`, document.querySelectorAll(".tick").length);
      show();
    });
    show();
    heading.after(tick);
  }
}

function showProgress() {
  for (const link of document.querySelectorAll(".goals a[href]")) {
    const page = pageName(link.href);
    const all = store.read(`all:${page}`);
    if (!all) continue;
    const progress = document.createElement("span");
    progress.className = "progress";
    progress.textContent = ` (${done(page).length} of ${all} done)`;
    link.after(progress);
  }
}

function unfoldInOrder(hints) {
  const all = [...hints.querySelectorAll(":scope > details")];
  const show = () => all.forEach((hint, place) => { hint.hidden = place > 0 && !all[place - 1].wasOpened; });
  for (const hint of all) {
    hint.addEventListener("toggle", () => {
      hint.wasOpened ||= hint.open;
      show();
    });
  }
  show();
}

// Material's search is a dialog without a name, which a screen reader cannot announce.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");

const page = pageName(location);
if (isChapter(page)) addTicks(page);
showProgress();
document.querySelectorAll(".hints").forEach(unfoldInOrder);
