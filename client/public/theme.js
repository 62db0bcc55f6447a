// Before the first paint: the theme chosen on this device, as client/state/settings.ts keeps it.
try {
  const { theme } = JSON.parse(localStorage.getItem("chautari.settings"));
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Nothing was chosen: the system's.
}
