// Two minutes before the session ends for lack of requests, the page says so. Autosave counts as a request.
const WARNING = 120;

export function session() {
  const seconds = Number(document.body.dataset.session || 0);
  const note = document.getElementById("session-note");
  if (!seconds || !note) return;
  let timer = 0;
  const restart = () => {
    clearTimeout(timer);
    note.hidden = true;
    timer = setTimeout(() => { note.hidden = false; }, Math.max(seconds - WARNING, 10) * 1000);
  };
  note.querySelector("[data-stay]")?.addEventListener("click", async () => {
    const answer = await fetch(note.dataset.alive, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) restart();
  });
  document.addEventListener("draft:saved", restart);
  document.addEventListener("htmx:afterRequest", restart);
  restart();
}
