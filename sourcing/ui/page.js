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

// Where claims come one by one, a key counts once: held down, or pressed twice, it is meant for the
// claim that was on the screen at the first press. Escape leaves a field, so that keys count again;
// a switch that was clicked gives the keyboard back.
if (!window.keysCountOnce) {
  window.keysCountOnce = true;
  window.lastKey = {group: "", at: -Infinity};
  const oneByOne = () => document.querySelector(".item, .one-by-one");
  document.addEventListener("keydown", (event) => {
    if (!oneByOne()) return;
    const field = event.target.closest?.("input, textarea, [contenteditable]");
    if (event.key === "Escape" && field?.tagName === "TEXTAREA") field.blur();
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const group = /^[1-6]$/.test(event.key) && document.querySelector(".item") ? "decide" : event.key;
    if (event.key.length > 1 && event.key !== "Enter") return;
    const again = group === window.lastKey.group && performance.now() - window.lastKey.at < 500;
    if (event.repeat || again) event.stopImmediatePropagation();
    else window.lastKey = {group, at: performance.now()};
  }, true);
  document.addEventListener("click", (event) => {
    if (event.detail && oneByOne() && event.target.matches?.("input[type=checkbox], input[type=radio]"))
      setTimeout(() => document.activeElement?.blur());
  });
}
