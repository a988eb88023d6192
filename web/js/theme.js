// Before the first paint: the theme that was chosen here. It is no module, so that it runs before anything is shown.
try {
  const theme = JSON.parse(localStorage.getItem('switchboard:theme'));
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme is shown.
}
