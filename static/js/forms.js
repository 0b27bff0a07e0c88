// Small helps around forms: sent once, warned before leaving, characters counted, choices marked, passwords shown, text copied.
import { toast } from "./toasts.js";

const once = (element, name) => {
  if (element.dataset[name]) return false;
  element.dataset[name] = "1";
  return true;
};

const all = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

// A second tap on "send" does nothing; the server's submit key is the real guard.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // Back from the browser's memory: the form may be sent again.
    window.addEventListener("pageshow", (shown) => { if (shown.persisted) delete form.dataset.sent; }, { once: true });
    setTimeout(() => { delete form.dataset.sent; }, 15000);
  });
}

// Typed and not sent: the browser asks before the page is left. A saved draft makes the question needless.
function guard(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("draft:saved", () => { dirty = false; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && form.isConnected) event.preventDefault();
  });
}

function count(field) {
  const place = document.querySelector(field.dataset.counter);
  if (!place) return;
  const max = field.maxLength > 0 ? field.maxLength : Number(place.dataset.max || 0);
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const show = () => {
    const used = [...field.value].length;
    place.textContent = max ? `${format.format(used)}/${format.format(max)}` : format.format(used);
    place.classList.toggle("t-red", max > 0 && used > max);
  };
  field.addEventListener("input", show);
  show();
}

function pick(group) {
  const mark = () => {
    for (const label of group.querySelectorAll("label")) {
      label.classList.toggle("on", Boolean(label.querySelector("input:checked")));
    }
  };
  group.addEventListener("change", mark);
  mark();
}

// data-unless="name=value": gone while that is chosen. What was typed stays, and the server drops it if it is sent.
function unless(part) {
  const [name, value] = part.dataset.unless.split("=");
  const form = part.closest("form");
  const show = () => { part.hidden = new FormData(form).get(name) === value; };
  form.addEventListener("change", show);
  show();
}

export function forms(root) {
  for (const form of all(root, 'form[method="post"]')) if (once(form, "once")) sendOnce(form);
  for (const form of all(root, "form[data-guard], form[data-draft]")) if (once(form, "guarded")) guard(form);
  for (const field of all(root, "[data-counter]")) if (once(field, "counted")) count(field);
  for (const group of all(root, ".pick")) if (once(group, "picked")) pick(group);
  for (const part of all(root, "[data-unless]")) if (once(part, "watched")) unless(part);
  all(root, "[data-errors]")[0]?.focus();
}

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const source = copy.dataset.copy.startsWith("#") ? document.querySelector(copy.dataset.copy)?.textContent : copy.dataset.copy;
    try {
      await navigator.clipboard.writeText((source || "").trim());
      toast(copy.dataset.copied);
    } catch {
      // Without HTTPS there is no clipboard: the text is selected, Ctrl+C takes it.
      const place = document.querySelector(copy.dataset.copy);
      if (place) window.getSelection().selectAllChildren(place);
    }
    return;
  }
  const eye = event.target.closest("[data-show]");
  if (eye) {
    const field = document.querySelector(eye.dataset.show);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
    return;
  }
  if (event.target.closest("[data-print]")) window.print();
});

// A filter that names its form is sent when a choice changes; without JavaScript its button does it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
});
