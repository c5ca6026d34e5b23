// j and k walk from change to change, c confirms and u takes back what has the focus; nothing else runs on these pages.
const landed = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (landed) landed.focus();
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && "cu".includes(event.key)) return;
  if (event.target.closest("input, textarea, select")) return;
  const items = [...document.querySelectorAll(".change")];
  const held = document.activeElement.closest(".change");
  const step = { j: 1, k: -1 }[event.key];
  if (step) {
    const at = items.indexOf(held);
    const next = items[at < 0 ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "center" }); event.preventDefault(); }
  } else if (held && (event.key === "c" || event.key === "u")) {
    const button = held.querySelector(`button[data-key="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); }
  }
});
