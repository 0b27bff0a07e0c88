// A step's form comes into a dialog on the page it belongs to; without JavaScript its own page opens instead.
export function moves() {
  const box = document.getElementById("move");
  if (box) {
    let opener = null;
    document.addEventListener("click", (event) => {
      const link = event.target.closest('[hx-target="#move-content"]');
      if (link) opener = link;
    });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target.id === "move-content") window.bootstrap.Modal.getOrCreateInstance(box).show();
    });
    box.addEventListener("shown.bs.modal", () => {
      box.querySelector("input:not([type=hidden]), textarea, select, button[type=submit], button:not([data-bs-dismiss])")?.focus();
    });
    box.addEventListener("hidden.bs.modal", () => opener?.focus());
  }

  // "Take the draft": its text into the field, after what may stand there already.
  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take]");
    if (!take) return;
    const source = document.querySelector(take.dataset.take);
    const field = document.querySelector(take.dataset.into);
    if (!source || !field) return;
    field.value = [field.value.trim(), source.innerText.trim()].filter(Boolean).join("\n\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
