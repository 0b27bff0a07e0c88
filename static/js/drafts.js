// What is typed in form[data-draft="address"] is kept on the server: 1.5 s after the typing stops, and when a field is left.
// Nothing is ever stored in the browser. An anonymous choice ends it, and has the server forget what it had.
const PAUSE = 1500;
const ANONYMOUS = 'input[type="radio"][value="anonymous"]:checked, input[type="checkbox"][data-draft-off]:checked';

const token = () => {
  const header = document.body.getAttribute("hx-headers");
  return header ? JSON.parse(header)["X-CSRFToken"] : "";
};

const fieldsOf = (form) => {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !/password/i.test(name)) fields.append(name, value);
  }
  return fields;
};

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

function watch(form) {
  const place = form.querySelector("[data-saved]");
  const isAnonymous = () => Boolean(form.querySelector(ANONYMOUS));
  let last = fieldsOf(form).toString();
  let timer = 0;
  let pending = null; // the request under way
  let forgotten = false;
  let sent = false;

  const say = (words, time) => {
    if (place && words) place.textContent = words.replace("{time}", time || "");
  };

  const post = async (fields, keepalive) => {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": token() },
      credentials: "same-origin",
      redirect: "error",
      keepalive,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.status === 204 ? {} : answer.json();
  };

  const forget = async () => {
    await post(new URLSearchParams({ _discard: "1" }), true);
    forgotten = true;
    last = "";
    say(place?.dataset.offWords);
  };

  const keep = async (keepalive) => {
    const fields = fieldsOf(form);
    const { saved_at: time } = await post(fields, keepalive);
    forgotten = false;
    last = fields.toString();
    if (time) say(place?.dataset.savedWords, time);
    // Without a time the server kept nothing (an asking form not signed yet): the page still asks before it is left.
    if (time && fieldsOf(form).toString() === last) form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
  };

  const save = async (keepalive = false) => {
    clearTimeout(timer);
    if (sent) return;
    if (pending) {
      // Later, so that requests of one form never overtake each other.
      timer = setTimeout(save, PAUSE);
      return;
    }
    if (isAnonymous() ? forgotten : fieldsOf(form).toString() === last) return;
    pending = isAnonymous() ? forget() : keep(keepalive);
    try {
      await pending;
    } catch {
      say(place?.dataset.failedWords);
      timer = setTimeout(save, PAUSE * 8);
    } finally {
      pending = null;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, isAnonymous() ? 0 : PAUSE);
  });
  form.addEventListener("change", () => save());
  form.addEventListener("focusout", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && form.isConnected) save(true);
  });
  // A draft that is under way arrives first: sending discards it, and it must not come back to life.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    sent = true;
    if (!pending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await Promise.race([pending.catch(() => {}), wait(PAUSE * 2)]);
    pending = null;
    form.requestSubmit(event.submitter);
  }, true);
  window.addEventListener("pageshow", () => { sent = false; });
  // Only the form's own request: that of a field in it (looking for what is alike) says nothing about the sending, and
  // the draft would come back to life behind it.
  form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt === form) sent = false; });
  if (isAnonymous()) save();
}

export function drafts(root) {
  const forms = root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll("form[data-draft]");
  for (const form of forms) {
    if (form.dataset.watched) continue;
    form.dataset.watched = "1";
    watch(form);
  }
}
