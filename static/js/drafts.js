// What is typed in form[data-draft="address"] is kept on the server: 1.5 s after the typing stops, and when a field is left.
// Nothing is ever stored in the browser. An anonymous choice ends it, and has the server forget what it had.
const PAUSE = 1500;

const token = () => {
  const header = document.body.getAttribute("hx-headers");
  return header ? JSON.parse(header)["X-CSRFToken"] : "";
};

const isAnonymous = (form) =>
  Boolean(form.querySelector('input[type="radio"][value="anonymous"]:checked, input[type="checkbox"][data-draft-off]:checked'));

const textOf = (form) => {
  const data = new FormData(form);
  const fields = new URLSearchParams();
  for (const [name, value] of data) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !/password/i.test(name)) fields.append(name, value);
  }
  return fields;
};

function watch(form) {
  const place = form.querySelector("[data-saved]");
  let timer = 0;
  let last = textOf(form).toString();
  let off = false;
  let busy = false;

  const say = (words, time) => {
    if (place && words) place.textContent = words.replace("{time}", time || "");
  };

  const post = (fields, leaving) =>
    fetch(form.dataset.draft, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": token() },
      credentials: "same-origin",
      redirect: "error",
      keepalive: leaving,
    });

  const forget = async () => {
    clearTimeout(timer);
    off = true;
    form.toggleAttribute("data-draft-off", true);
    say(place?.dataset.offWords);
    try { await post(new URLSearchParams({ _discard: "1" }), true); } catch { /* tried again at the next change */ off = false; }
  };

  const save = async (leaving = false) => {
    clearTimeout(timer);
    if (form.dataset.sent) return;
    if (isAnonymous(form)) {
      if (!off) await forget();
      return;
    }
    off = false;
    form.toggleAttribute("data-draft-off", false);
    const fields = textOf(form);
    const now = fields.toString();
    if (now === last || busy) return;
    busy = true;
    try {
      const answer = await post(fields, leaving);
      if (!answer.ok) throw new Error(String(answer.status));
      last = now;
      const { saved_at: time } = answer.status === 204 ? {} : await answer.json();
      if (time) say(place?.dataset.savedWords, time);
      form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
    } catch {
      say(place?.dataset.failedWords);
      timer = setTimeout(save, PAUSE * 8);
    } finally {
      busy = false;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (isAnonymous(form)) { save(); return; }
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("change", () => save());
  form.addEventListener("focusout", () => save());
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && form.isConnected) save(true);
  });
  if (isAnonymous(form)) save();
}

export function drafts(root) {
  const forms = root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll("form[data-draft]");
  for (const form of forms) {
    if (form.dataset.watched) continue;
    form.dataset.watched = "1";
    watch(form);
  }
}
