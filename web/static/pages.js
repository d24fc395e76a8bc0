// Saves steps; every page works without it. Submits a choice when it changes, counts what is picked, copies a list,
// brings in a part of another page, and lists the last searches, which stay in this browser's own storage.
"use strict";

for (const choice of document.querySelectorAll(".tools select, .tree select")) {
  choice.addEventListener("change", () => choice.form.requestSubmit(choice.form.querySelector("[value=show]")));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const list = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    list.select();
    await navigator.clipboard.writeText(list.value.trim());
    button.textContent = button.dataset.done;
  });
}

const picked = document.querySelector("[name=do][value=picked]");
if (picked) {
  const name = picked.textContent;
  const count = () => {
    const boxes = picked.form.querySelectorAll("[name=id]:checked").length;
    picked.disabled = boxes === 0;
    picked.textContent = boxes ? `${name} (${boxes})` : name;
  };
  picked.form.addEventListener("change", count);
  count();
}

for (const place of document.querySelectorAll("[data-bring]")) {
  new IntersectionObserver(async ([seen], watching) => {
    if (!seen.isIntersecting) return;
    watching.disconnect();
    const answer = await fetch(place.querySelector("a").href);
    if (!answer.ok) return;     // the link stays
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceWith(page.getElementById(place.dataset.bring));
  }, { rootMargin: "50%" }).observe(place);
}

const KEY = "zhuanti.searches", MOST = 20;
const searches = {
  read() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(found) ? found.filter((one) => typeof one.to === "string" && one.to.startsWith("/search?")) : [];
    } catch { return []; }
  },
  write(list) {
    try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* storage is full or forbidden: no list then */ }
  },
};

const asked = document.querySelector("[data-asked]");
if (asked) {
  const { asked: to, said, total } = asked.dataset;
  searches.write([{ to, said, total }, ...searches.read().filter((one) => one.to !== to)].slice(0, MOST));
}

const past = document.querySelector("[data-history]");
if (past && searches.read().length) {
  const list = past.querySelector("ol");
  for (const one of searches.read()) {
    const item = document.createElement("li"), link = document.createElement("a"), total = document.createElement("span");
    link.href = one.to;
    link.textContent = one.said;
    total.className = "mute small";
    total.textContent = ` ${one.total}`;
    item.append(link, total);
    list.append(item);
  }
  past.hidden = false;
  past.querySelector("button").addEventListener("click", () => {
    searches.write([]);
    past.hidden = true;
  });
}
