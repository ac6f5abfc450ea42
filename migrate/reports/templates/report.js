(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);

  // One tooltip for everything that carries data-tip; its text is never read as HTML.
  const tip = byId("tip");
  const hideTip = () => { tip.hidden = true; };
  const showTip = (owner, x, y) => {
    tip.textContent = owner.dataset.tip;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, x + 14), document.documentElement.clientWidth - box.width - 8);
    const top = y + 18 + box.height > window.innerHeight ? y - box.height - 12 : y + 18;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, top)}px`;
  };
  document.addEventListener("pointermove", (event) => {
    const owner = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    if (owner) showTip(owner, event.clientX, event.clientY); else hideTip();
  });
  document.addEventListener("focusin", (event) => {
    const owner = event.target.closest("[data-tip]");
    if (!owner || !owner.matches(":focus-visible")) return;
    const box = owner.getBoundingClientRect();
    showTip(owner, box.left, box.bottom - 12);
  });
  document.addEventListener("focusout", hideTip);
  document.addEventListener("scroll", hideTip, { passive: true, capture: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

  // Sorting: by data-v where a cell has one (empty: unknown, always last), else by its text.
  const valueOf = (row, at) => {
    const cell = row.cells[at];
    const raw = cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
    const number = Number(raw);
    return raw === "" ? null : Number.isNaN(number) ? raw.toLocaleLowerCase("en") : number;
  };
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en"));
  for (const table of all("table.sortable")) {
    for (const button of all("thead button", table)) {
      button.addEventListener("click", () => {
        const head = button.closest("th");
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = all("tbody tr", table).map((row) => [valueOf(row, head.cellIndex), row]);
        rows.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : down ? order(b, a) : order(a, b)));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    }
  }

  // Filtering the applications.
  const applications = byId("application-rows");
  if (applications) {
    const [find, domain, wave, found] = ["find", "of-domain", "of-wave", "found"].map(byId);
    const rows = all("tbody tr", applications).map((row) => ({
      row, text: row.textContent.toLocaleLowerCase("en"), domain: row.cells[1].textContent, wave: row.cells[4].textContent.trim(),
    }));
    const filter = () => {
      const wanted = find.value.trim().toLocaleLowerCase("en");
      let shown = 0;
      for (const entry of rows) {
        const hit = entry.text.includes(wanted) && (!domain.value || entry.domain === domain.value)
          && (!wave.value || entry.wave === wave.value);
        entry.row.hidden = !hit;
        shown += hit;
      }
      found.textContent = `${shown.toLocaleString("en")} shown`;
    };
    for (const control of [find, domain, wave]) control.addEventListener("input", filter);
    find.form.addEventListener("submit", (event) => event.preventDefault());
  }

  // The dependency map: a chosen wave stands out, and the table beneath follows.
  const map = document.querySelector(".map");
  if (map) {
    const arcs = all(".arc", map), places = all(".place", map), rows = all("#links tbody tr"), said = byId("links-of");
    const standing = said.textContent;
    const withShared = byId("with-shared");
    const counts = (item) => !item.classList.contains("service") || (withShared !== null && withShared.checked);
    let chosen = null;
    const touches = (item, place) => counts(item) && (item.dataset.a === place || item.dataset.b === place);
    const show = (place) => {
      const tied = new Set();
      for (const arc of arcs) {
        const on = place !== null && touches(arc, place);
        arc.classList.toggle("on", on);
        if (on) { tied.add(arc.dataset.a); tied.add(arc.dataset.b); }
      }
      map.classList.toggle("chosen", place !== null);
      for (const button of places) button.classList.toggle("tied", tied.has(button.dataset.place));
    };
    const choose = (place) => {
      chosen = place;
      for (const button of places) button.setAttribute("aria-pressed", String(button.dataset.place === chosen));
      for (const row of rows) row.hidden = chosen === null ? row.classList.contains("more") : !touches(row, chosen);
      for (const panel of all("#chosen > div")) panel.hidden = panel.dataset.of !== chosen;
      byId("chosen").hidden = chosen === null;
      const button = places.find((item) => item.dataset.place === chosen);
      said.textContent = button ? `Links of ${button.getAttribute("aria-label")}.` : standing;
      show(chosen);
    };
    if (withShared) {
      withShared.checked = false;
      withShared.addEventListener("change", () => {
        map.classList.toggle("plain", !withShared.checked);
        choose(chosen);
      });
    }
    for (const button of places) {
      button.addEventListener("click", () => choose(chosen === button.dataset.place ? null : button.dataset.place));
      button.addEventListener("pointerenter", () => show(button.dataset.place));
      button.addEventListener("pointerleave", () => show(chosen));
    }
  }

  // The section being read is marked in the navigation.
  const links = new Map(all(".jump a").map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      const link = links.get(entry.target.id);
      link.setAttribute("aria-current", "true");
      link.parentElement.scrollTo({ left: link.offsetLeft - link.parentElement.clientWidth / 2, behavior: "auto" });
    }
  }, { rootMargin: "-30% 0px -65% 0px" });
  for (const section of all("main > section")) watch.observe(section);
})();
