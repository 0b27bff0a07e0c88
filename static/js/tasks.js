// Rows of tasks are added, moved and taken away in the page; without JavaScript the same buttons ask the server.
import { weights } from "./weights.js";

const form = document.getElementById("tasks-form");
const box = form.querySelector("[data-rows]");
const pattern = document.getElementById("task-row");

const rows = () => [...box.querySelectorAll("[data-row]")];

function settle() {
  rows().forEach((row, at) => {
    for (const place of row.querySelectorAll("[data-place]")) place.textContent = String(at + 1);
  });
  weights();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function add() {
  const number = Math.max(0, ...rows().map((row) => Number(row.querySelector("[name=rows]").value))) + 1;
  const row = pattern.content.firstElementChild.cloneNode(true);
  for (const part of [row, ...row.querySelectorAll("*")]) {
    for (const name of ["id", "for", "name", "value"]) {
      if (part.getAttribute(name)?.includes("__n__")) part.setAttribute(name, part.getAttribute(name).replace("__n__", number));
    }
  }
  box.append(row);
  settle();
  row.querySelector("textarea").focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const row = button?.closest("[data-row]");
  if (button?.matches("[data-add]")) {
    event.preventDefault();
    if (rows().length < Number(button.dataset.most)) add();
  } else if (row && button.matches("[data-up], [data-down], [data-remove]")) {
    event.preventDefault();
    if (button.matches("[data-up]")) row.previousElementSibling?.before(row);
    else if (button.matches("[data-down]")) row.nextElementSibling?.after(row);
    else row.remove();
    if (!rows().length) add();
    settle();
    if (row.isConnected) button.focus();
    else form.querySelector("[data-add]").focus();
  }
});
