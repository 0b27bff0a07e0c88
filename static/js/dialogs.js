// Questions before what cannot be undone: data-confirm="question" on a button; data-confirm-text says the consequence,
// data-confirm-yes and data-confirm-no name the two answers by their verbs. Without JavaScript the server asks.
export function dialogs() {
  const box = document.getElementById("dialog");
  if (!box) return;
  const title = box.querySelector("#dialog-title");
  const text = box.querySelector("#dialog-text");
  const yes = box.querySelector("#dialog-yes");
  const no = box.querySelector("#dialog-no");
  const usual = no.textContent;
  let opener = null;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    opener = button;
    title.textContent = button.dataset.confirm;
    text.textContent = button.dataset.confirmText || "";
    yes.textContent = button.dataset.confirmYes || button.textContent.trim();
    no.textContent = button.dataset.confirmNo || usual;
    yes.className = `btn ${button.classList.contains("btn-danger") ? "btn-danger" : "btn-primary"}`;
    window.bootstrap.Modal.getOrCreateInstance(box).show();
  }, true);

  yes.addEventListener("click", () => {
    if (!opener) return;
    const button = opener;
    window.bootstrap.Modal.getInstance(box).hide();
    button.dataset.confirmed = "1";
    button.click();
    delete button.dataset.confirmed;
  });
  box.addEventListener("hidden.bs.modal", () => {
    opener?.focus();
    opener = null;
  });

  // A refused action stays where it is, and its reason is read out.
  document.addEventListener("click", (event) => {
    const refused = event.target.closest('[aria-disabled="true"]');
    if (refused) event.preventDefault();
  }, true);

  // A dialog that came with the page (after a refused form) opens at once.
  for (const open of document.querySelectorAll(".modal[data-open]")) window.bootstrap.Modal.getOrCreateInstance(open).show();
}
