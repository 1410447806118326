// What the pages do more where scripts run. Everything here can be done without.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);

  // Times in the reader's zone; the title keeps UTC.
  const zone = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const localise = (within) => all("time[datetime]", within).forEach((time) => {
    const at = new Date(time.dateTime);
    if (time.title && !isNaN(at)) time.textContent = zone.format(at);
  });

  // Parts of the page as the server has them now. What a person is in stays as it is.
  let asked = 0;
  const refresh = async (address, names) => {
    const mine = ++asked;
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected || mine !== asked) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of names) {
      const [now, then] = [document.getElementById(name), page.getElementById(name)];
      if (!now || !then || now.innerHTML === then.innerHTML) continue;
      const focus = now.contains(document.activeElement) && document.activeElement.getAttribute("href");
      localise(then);
      now.replaceChildren(...then.childNodes);
      if (focus) all("a", now).find((link) => link.getAttribute("href") === focus)?.focus();
    }
    return true;
  };

  // Search as you type: the address bar follows.
  const search = (form) => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = form.getAttribute("action") + (fields.length ? "?" + new URLSearchParams(fields) : "");
    refresh(address, ["list", "export"]).then((done) => done && history.replaceState(null, "", address), () => form.submit());
  };
  let waiting;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-search]");
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(search, event.target.tagName === "SELECT" ? 0 : 180, form);
  });

  // Pages that say so stay up to date while they are looked at.
  const live = document.body.dataset.live;
  const follow = async () => {
    const busy = document.hidden || one("dialog[open]") || document.activeElement?.matches("input, select, textarea");
    if (!busy && !getSelection().toString()) await refresh(location.href, live.split(" ")).catch(() => false);
    setTimeout(follow, 3000);
  };
  if (live) setTimeout(follow, 3000);

  // Nothing is sent twice by a second click.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-search]")) { event.preventDefault(); search(event.target); return; }
    const button = event.submitter;
    if (button?.getAttribute("aria-busy")) event.preventDefault();
    else button?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => all("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy")));

  // A file that is chosen fills the field beside it.
  document.addEventListener("change", async (event) => {
    const field = event.target.dataset?.fills && document.getElementById(event.target.dataset.fills);
    if (field && event.target.files[0]) field.value = await event.target.files[0].text();
  });
  all("[data-script]").forEach((part) => { part.hidden = false; });

  // What is pointed at lights up in the other panes.
  const panes = one(".panes");
  let pinned = null;
  const numbers = (line) => line?.dataset.of?.split(" ") ?? [];
  const related = (line) => all("li[data-of]", panes).filter((other) => numbers(other).some((n) => numbers(line).includes(n)));
  const light = (line, follows) => {
    all(".lit", panes).forEach((other) => other.classList.remove("lit"));
    const lines = line ? related(line) : [];
    lines.forEach((other) => other.classList.add("lit"));
    const seen = new Set([line?.closest("ol")]);
    if (follows) for (const other of lines) {
      const list = other.closest("ol");
      if (seen.has(list)) continue;
      seen.add(list);
      const [box, at] = [list.getBoundingClientRect(), other.getBoundingClientRect()];
      if (at.top < box.top || at.bottom > box.bottom) list.scrollTop += at.top - box.top - box.height / 3;
    }
  };
  if (panes) {
    const line = (event) => event.target.closest?.("li[data-of]");
    panes.addEventListener("mouseover", (event) => light(line(event) ?? pinned, false));
    panes.addEventListener("mouseleave", () => light(pinned, false));
    panes.addEventListener("focusin", (event) => { pinned = line(event); light(pinned, true); });
    panes.addEventListener("click", (event) => line(event)?.focus());
    all("ol", panes).forEach((list) => all("li[data-of]", list).forEach((item, at) => { item.tabIndex = at ? -1 : 0; }));
    panes.addEventListener("keydown", (event) => {
      const here = line(event);
      if (!here || event.target.matches("input")) return;
      const list = all("li[data-of]", here.closest("ol"));
      const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
      const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      let next = step && list[list.indexOf(here) + step];
      if (side) {
        const sides = all(".pane", panes);
        const beside = sides[sides.indexOf(here.closest(".pane")) + side];
        next = related(here).find((other) => beside?.contains(other)) ?? beside?.querySelector("li[data-of]");
      }
      if (step || side) { event.preventDefault(); event.stopPropagation(); }
      next?.focus();
    });
  }

  // Keys: j and k move, g and a letter go, / searches, ? shows them all; the page's own actions name theirs.
  const sheet = one("dialog");
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (sheet?.open) return;
    const { key } = event;
    const go = Date.now() - going < 1500;
    going = 0;
    const target = go ? one(`[data-go="${CSS.escape(key)}"]`) : one(`main [data-key="${CSS.escape(key)}"]`);
    if (target) target.click();
    else if (key === "g") going = Date.now();
    else if (key === "/") one("[type=search]")?.focus();
    else if (key === "?") sheet?.showModal();
    else if (key === "j" || key === "k") {
      const rows = all("[data-row]");
      const at = rows.indexOf(document.activeElement);
      rows[key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)]?.focus();
    } else return;
    event.preventDefault();
  });

  localise(document);
})();
