// Results of an action: shown for six seconds, longer while the pointer or the focus rests on them.
const SHOWN = 6000;

export function toast(text) {
  const box = document.getElementById("toasts");
  const template = document.getElementById("toast");
  if (!box || !template || !text) return;
  const piece = template.content.firstElementChild.cloneNode(true);
  piece.querySelector("[data-text]").textContent = text;
  let timer = 0;
  const leave = () => piece.remove();
  const wait = () => { timer = setTimeout(leave, SHOWN); };
  const stay = () => clearTimeout(timer);
  piece.addEventListener("mouseenter", stay);
  piece.addEventListener("focusin", stay);
  piece.addEventListener("mouseleave", wait);
  piece.addEventListener("focusout", wait);
  piece.querySelector("[data-close]").addEventListener("click", leave);
  box.append(piece);
  wait();
}

// Without JavaScript the server's messages stay in the page as notes.
export function toasts(root) {
  for (const source of root.querySelectorAll("[data-toast]")) {
    toast(source.textContent.trim());
    source.remove();
  }
}

document.addEventListener("toast", (event) => toast(event.detail.value || event.detail.text));
