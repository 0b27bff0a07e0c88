// One entry for every page; each module looks for its own markers and does nothing without them.
import { toasts } from "./toasts.js";
import { drafts } from "./drafts.js";
import { forms } from "./forms.js";
import { keys } from "./keys.js";
import { dialogs } from "./dialogs.js";
import { session } from "./session.js";
import { live } from "./live.js";
import { moves } from "./moves.js";
import { strips } from "./strips.js";

const start = (root) => {
  toasts(root);
  drafts(root);
  forms(root);
  strips(root);
};

keys();
dialogs();
session();
live();
moves();
start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) start(event.target);
});
