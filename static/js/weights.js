// Weights that must sum to 100 are added up while one types: [data-weight=name] into [data-sum=name].
const FULL = 100;

const number = (text) => Number(text.trim().replace(/\s/g, "").replace(",", ".")) || 0;

function show(name) {
  const place = document.querySelector(`[data-sum="${name}"]`);
  if (!place) return;
  const fields = [...document.querySelectorAll(`[data-weight="${name}"]`)];
  const cents = fields.reduce((sum, field) => sum + Math.round(number(field.value) * FULL), 0);
  place.textContent = `${new Intl.NumberFormat(document.documentElement.lang).format(cents / FULL)}/${FULL}`;
  place.classList.toggle("t-red", cents !== FULL * FULL);
  place.classList.toggle("t-pri", cents === FULL * FULL);
}

export const weights = () => {
  for (const place of document.querySelectorAll("[data-sum]")) show(place.dataset.sum);
};

document.addEventListener("input", (event) => {
  const name = event.target.dataset?.weight;
  if (name) show(name);
});
weights();
