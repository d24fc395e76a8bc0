// Keys of the review page. They press its own buttons and links, so nothing is possible with them that is not without.
// They can be switched off (kept in this browser), and rest while a field is being filled in.
"use strict";

{
  const OFF = "zhuanti.review.keys.off";
  const items = [...document.querySelectorAll("[data-review] > .hit")];
  const help = document.getElementById("keys");
  const line = help.querySelector("[data-keys]");
  const box = line.querySelector("input");
  let at = Math.max(0, items.findIndex((one) => `#${one.id}` === location.hash));

  const stored = () => {
    try { return localStorage.getItem(OFF); } catch { return null; }
  };
  line.hidden = false;
  box.checked = stored() === null;
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
    } catch { /* storage is forbidden: the choice holds for this page only */ }
  });

  const go = (place, focus = true) => {
    if (!items.length) return;
    items[at].removeAttribute("aria-current");
    at = Math.min(Math.max(place, 0), items.length - 1);
    items[at].setAttribute("aria-current", "true");
    if (focus) {
      items[at].focus({ preventScroll: true });
      items[at].scrollIntoView({ block: "nearest" });
    }
  };
  const press = (key) => items[at]?.querySelector(`button[data-key=${key}]`)?.click();
  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    y: () => press("y"),
    n: () => press("n"),
    x: () => items[at]?.querySelector("[name=id]").click(),
    o: () => items[at]?.querySelector("h3 a").click(),
    u: () => document.querySelector("button[data-key=u]")?.click(),
    a: () => {
      const fold = items[at]?.querySelector("details:has(> summary[data-key=a])");
      if (!fold) return;
      fold.open = true;
      fold.querySelector("[name=node]").focus();
    },
    "?": () => { help.open = !help.open; },
  };

  // After a decision the next label has moved up to the same place: begin there. The last place may be gone.
  go(location.hash && !document.querySelector(location.hash) ? items.length - 1 : at, Boolean(location.hash));
  for (const [place, one] of items.entries()) one.addEventListener("focusin", () => go(place, false));
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (field) {
      if (event.key === "Escape") items[at]?.focus();
      return;
    }
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = keys[event.key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}
