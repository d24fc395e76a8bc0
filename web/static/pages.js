// Saves steps; every page works without it. Submits a choice when it changes, counts what is picked, copies a list.
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
