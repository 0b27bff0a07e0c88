// Tabs and count pills scroll inside themselves on a phone: the chosen one is brought into sight.
export const strips = (root) => {
  for (const chosen of root.querySelectorAll(".nav-tabs [aria-current], .segs [aria-current]")) {
    const strip = chosen.closest(".nav-tabs, .segs");
    const room = strip.getBoundingClientRect();
    const place = chosen.getBoundingClientRect();
    if (place.right > room.right) strip.scrollLeft += place.right - room.right + 24;
  }
};
