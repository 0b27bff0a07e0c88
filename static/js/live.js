// Failed requests of htmx: an error is a note in the page, never a toast, and nothing on the page is replaced.
export function live() {
  const note = document.getElementById("request-note");
  if (!note) return;
  const show = (kind) => {
    for (const text of note.querySelectorAll("[data-kind]")) text.hidden = text.dataset.kind !== kind;
    note.hidden = false;
  };
  document.addEventListener("htmx:sendError", () => show("lost"));
  document.addEventListener("htmx:timeout", () => show("lost"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    // A refusal that carries its own fragment is shown in place.
    if (event.detail.xhr.getResponseHeader("HX-Reswap")) return;
    show(status === 401 || status === 403 ? "signed-out" : "refused");
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) note.hidden = true; });
}
