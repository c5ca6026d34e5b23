// j and k walk from change to change; nothing else runs on these pages.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const items = [...document.querySelectorAll(".change")];
  const at = items.indexOf(document.activeElement);
  const next = items[at < 0 ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "center" }); event.preventDefault(); }
});
