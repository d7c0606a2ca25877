// Streamlit adds two history entries when a click opens another page: first the page, then its
// query. The first shows a state that no reader has seen, so the two are merged into one, and a
// single Back returns. They belong together if the reader did nothing in between, however long the
// server takes.
if (!window.stepsAreOne) {
  window.stepsAreOne = true;
  const push = history.pushState.bind(history);
  let follows = false;
  let turnedLast = false;
  history.pushState = (state, unused, url) => {
    const turns = new URL(url, location.href).pathname !== location.pathname;
    const one = follows && turns !== turnedLast;
    (one ? history.replaceState.bind(history) : push)(state, unused, url);
    follows = !one;
    turnedLast = turns;
  };
  for (const act of ["pointerdown", "keydown", "click", "popstate"]) {
    window.addEventListener(act, () => (follows = false), {capture: true});
  }
}

// "Copy link": the address contains the whole state of a page.
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

// Streamlit puts the groups of the navigation between a list and its items, where screen readers
// then find neither: each group is a list of its own, named by its heading.
if (!window.groupsAreLists) {
  window.groupsAreLists = true;
  const name = () => {
    const items = document.querySelector('[data-testid="stSidebarNavItems"]:not([role])');
    if (!items?.querySelector("header")) return;
    items.setAttribute("role", "none");
    for (const group of items.children) {
      group.setAttribute("role", "list");
      group.setAttribute("aria-label", group.querySelector("header").textContent);
    }
  };
  name();
  new MutationObserver(name).observe(document.body, {childList: true, subtree: true});
}

// In print a page looks as on the screen, only smaller: charts keep the width they were drawn at.
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

// The clock of a meeting's item: how long it has been on the screen, marked when over its time.
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

// What is typed on a claim is sent in every pause, so that a draft survives a reload or a crash.
// Streamlit sends a text when its field is left; the field is told so, but keeps the focus.
if (!window.draftsAreSent) {
  window.draftsAreSent = true;
  const PAUSE_MS = 700;
  const FIELDS = '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input';
  let timer;
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.(FIELDS);
    if (!field || !document.querySelector("[data-claim]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      field.dispatchEvent(new FocusEvent("focusout", {bubbles: true}));
    }, PAUSE_MS);
  });
}

// Pages with one claim at a time process keys one after the other: a key pressed while an earlier
// one is being processed waits, and is dropped if another claim is on the screen by then. (The
// server would process keys sent together in the order of the buttons.) A key that leads to the next
// claim counts once, even if held down or pressed twice. Escape leaves a field, so that keys work
// again; a clicked switch releases the keyboard focus.
if (!window.keysInTurn) {
  window.keysInTurn = true;
  window.lastKey = {group: "", at: -Infinity};
  const TWICE_MS = 500;
  const DRAWN_WITHIN_MS = 600; // if no button has taken the key by then, there is none
  const ANSWERED_WITHIN_MS = 3000; // otherwise the server is gone, and keys no longer wait
  const held = [];
  let atWork = false, ran = false, timer, tabbed = false;
  const claim = () => document.querySelector("[data-claim]")?.dataset.claim;
  const app = () => document.querySelector('[data-testid="stApp"]');
  const idle = () => app()?.getAttribute("data-test-script-state") === "notRunning";

  const begin = () => {
    clearTimeout(timer);
    atWork = true;
    ran = false;
    timer = setTimeout(end, ANSWERED_WITHIN_MS);
  };
  const end = () => {
    clearTimeout(timer);
    atWork = false;
    next();
  };
  const next = () => {
    if (atWork || !held.length || !idle()) return;
    const key = held[0];
    const gone = key.claim !== undefined && key.claim !== claim();
    const send = (kind) => !document.body.dispatchEvent(new KeyboardEvent(kind, key.init));
    const taken = !gone && send("keydown");
    if (!gone) send("keyup"); // otherwise it would count as held down with later keys
    const late = performance.now() - (key.tried ??= performance.now()) > DRAWN_WITHIN_MS;
    if (!gone && !taken && !late) return void requestAnimationFrame(next);
    held.shift();
    if (!taken) return next();
    begin();
  };
  new MutationObserver(() => {
    if (!idle()) ran = true;
    else if (ran || !atWork) end();
  }).observe(app(), {attributeFilter: ["data-test-script-state"]});

  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") tabbed = true;
    if (!event.isTrusted || claim() === undefined) return;
    const meeting = document.querySelector(".item");
    const decides = meeting && /^[1-9]$/.test(event.key);
    const group = decides ? "decide" : event.key;
    const soon = performance.now() - window.lastKey.at < TWICE_MS;
    const field = event.target.closest?.("input, textarea, [contenteditable]");
    if (event.key === "Escape" && field?.tagName === "TEXTAREA") field.blur();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // The second press of a refused key is not text for the rationale.
    const strays = field && decides && soon && window.lastKey.group === "decide";
    if (field && !strays) return;
    // Enter on a button or link reached by Tab activates that element.
    const own = event.key === "Enter" && tabbed && event.target.matches?.("button, a, summary");
    if (own) return event.stopImmediatePropagation();
    const leads = decides || (meeting ? /^[su]$/i : /^Enter$/).test(event.key);
    const turns = meeting && /^Arrow(Left|Right)$/.test(event.key);
    if (!leads && !turns && (meeting || !/^[1-9]$/.test(event.key))) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const again = leads && soon && group === window.lastKey.group;
    if (event.repeat || again) return;
    window.lastKey = {group, at: performance.now()};
    const {key, code, keyCode} = event;
    const init = {key, code, keyCode, bubbles: true, cancelable: true};
    held.push({init, claim: turns ? undefined : claim()});
    if (held.length === 1) next();
  }, true);
  document.addEventListener("pointerdown", () => (tabbed = false), true);
  document.addEventListener("click", (event) => {
    if (!event.detail || claim() === undefined) return; // by key, or on another page
    const chosen = event.target.matches?.("input[type=checkbox], input[type=radio]");
    if (chosen) setTimeout(() => document.activeElement?.blur());
    // The second click of a double click was meant for the claim shown at the first.
    const decides = event.target.closest?.('[class*="st-key-decide"], [class*="st-key-save"]');
    if (decides && event.detail > 1) return event.stopImmediatePropagation();
    if (chosen || event.target.closest?.('[data-testid^="stButton"] button')) begin();
  }, true);
}
