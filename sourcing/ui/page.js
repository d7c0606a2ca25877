// Streamlit writes two steps into the browser's history where a click leads to another page: the
// page and its query, one after the other. The one in between shows what no reader has seen. They
// are made one, so that one Back returns.
if (!window.stepsAreOne) {
  window.stepsAreOne = true;
  const push = history.pushState.bind(history);
  let last = -Infinity;
  let turnedLast = false;
  history.pushState = (state, unused, url) => {
    const turns = new URL(url, location.href).pathname !== location.pathname;
    const one = turns !== turnedLast && performance.now() - last < 2000;
    (one ? history.replaceState.bind(history) : push)(state, unused, url);
    last = one ? -Infinity : performance.now();
    turnedLast = turns;
  };
}

// "Copy link": the address holds the whole state of a page.
if (!window.linksCanBeCopied) {
  window.linksCanBeCopied = true;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button.copy");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Link copied";
    } catch {
      button.textContent = "Copy it from the address line";
    }
  });
}

// On paper a page is as it is on the screen, only smaller: charts keep the width they were drawn at.
if (!window.paperFits) {
  window.paperFits = true;
  window.addEventListener("beforeprint", () => {
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (!main) return;
    const style = getComputedStyle(main);
    const width = main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    document.documentElement.style.setProperty("--drawn", `${width}px`);
    document.documentElement.style.setProperty("--smaller", Math.min(1, 700 / width));
    document.documentElement.classList.toggle("wide", width > 640);
  });
}

// The clock of an item in a meeting: how long it has been on the screen, marked when over its time.
if (!window.clocksRun) {
  window.clocksRun = true;
  setInterval(() => {
    for (const clock of document.querySelectorAll(".clock[data-since]")) {
      const seconds = Math.max(0, Math.floor(Date.now() / 1000 - Number(clock.dataset.since)));
      const minutes = Math.floor(seconds / 60);
      clock.textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
      clock.classList.toggle("over", seconds > Number(clock.dataset.planned));
    }
  }, 1000);
}

// In a meeting a key that is held down counts once, and Escape leaves a field, so that keys count.
if (!window.keysCountOnce) {
  window.keysCountOnce = true;
  document.addEventListener("keydown", (event) => {
    if (!document.querySelector(".item, .one-by-one")) return;
    const field = event.target.closest?.("input, textarea, [contenteditable]");
    if (event.repeat && !field && event.key.length === 1) event.stopImmediatePropagation();
    if (event.key === "Escape" && field?.tagName === "TEXTAREA") field.blur();
  }, true);
}
