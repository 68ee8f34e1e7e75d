// What a screen can do beside showing the page; all of it can be read without. Nothing is fetched, and nothing is kept.
"use strict";
document.documentElement.classList.add("js");
addEventListener("DOMContentLoaded", () => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

  // The words behind a number stand beside it as long as the pointer is on either, or the keyboard at it; Escape takes them away.
  const EDGE = 8, PATIENCE = 300;
  let shown = null, leaving = 0;
  const card = () => shown.querySelector(".om > span");
  const place = () => {
    if (!shown) return;
    const words = card(), at = shown.getClientRects()[0] || shown.getBoundingClientRect();
    const atKey = shown.contains(document.activeElement); // which the browser is about to bring into view
    if (!atKey && (at.bottom < 0 || at.top > innerHeight)) return hide();
    const below = at.bottom + words.offsetHeight <= innerHeight || at.top < words.offsetHeight;
    words.style.top = (below ? at.bottom : at.top - words.offsetHeight) + "px";
    words.style.left = clamp(at.left, EDGE, innerWidth - words.offsetWidth - EDGE) + "px";
  };
  const hide = () => {
    clearTimeout(leaving);
    if (shown) shown.classList.remove("vist");
    shown = null;
  };
  const show = number => {
    clearTimeout(leaving);
    if (number === shown) return;
    hide();
    shown = number;
    shown.classList.add("vist");
    place();
  };
  const numberOf = target => target instanceof Element ? target.closest(".tal") : null;
  document.addEventListener("pointerover", event => {
    const number = numberOf(event.target);
    if (number) show(number);
    else if (shown) leaving = setTimeout(hide, PATIENCE);
  });
  document.addEventListener("focusin", event => event.target.classList.contains("om") && show(event.target.parentElement));
  document.addEventListener("focusout", event => event.target.classList.contains("om") && hide());
  document.addEventListener("keydown", event => event.key === "Escape" && hide());
  addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);

  // The place in the contents: the last heading above the upper third of the window.
  const entries = all(".ved-siden li a").map(link => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]);
  let current = null;
  const follow = () => {
    const passed = entries.filter(([, heading]) => heading && heading.getBoundingClientRect().top < innerHeight / 3);
    const link = passed.length ? passed[passed.length - 1][0] : null;
    if (link === current) return;
    if (current) current.removeAttribute("aria-current");
    current = link;
    if (!link) return;
    link.setAttribute("aria-current", "true");
    const list = link.closest(".ved-siden"), down = link.offsetTop - list.scrollTop;
    if (down < 0 || down > list.clientHeight - 40) list.scrollTop = link.offsetTop - list.clientHeight / 2;
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; follow(); });
    waiting = true;
  }, { passive: true });
  follow();

  // A cell as people read it (without the words behind its numbers), and as a spreadsheet reads a number.
  const wordsOf = cell => {
    const copy = cell.cloneNode(true);
    all(".om, .kun-oplaest", copy).forEach(part => part.remove());
    return copy.textContent.replace(/[\s\u00a0\u202f]+/g, " ").trim();
  };
  const NUMBER = /^[-\u2212]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/;
  const plain = text => NUMBER.test(text) ? text.replace(/\./g, "").replace("\u2212", "-") : text;
  const valueOf = text => {
    const first = text.match(/[-\u2212]?\d[\d.]*(,\d+)?/);
    return first ? Number(plain(first[0]).replace(/\./g, "").replace(",", ".")) : NaN;
  };

  // Rows that are copied paste as rows and columns, and their numbers as numbers.
  document.addEventListener("copy", event => {
    const selection = getSelection();
    const within = selection.rangeCount ? selection.getRangeAt(0).commonAncestorContainer : null;
    const table = within && (within instanceof Element ? within : within.parentElement).closest("table");
    const rows = table ? all("tr", table).filter(row => selection.containsNode(row, true)) : [];
    if (!rows.length || all("td, th", table).filter(cell => selection.containsNode(cell, true)).length < 2) return;
    const lines = rows.map(row => [...row.cells].filter(cell => selection.containsNode(cell, true)).map(cell => plain(wordsOf(cell))));
    event.clipboardData.setData("text/plain", lines.map(cells => cells.join("\t")).join("\n"));
    event.preventDefault();
  });

  // The table behind a figure as a file for a spreadsheet.
  for (const table of all(".figurdata table")) {
    const button = document.createElement("button"), name = table.closest("details").querySelector("summary").textContent;
    button.type = "button";
    button.className = "hent";
    button.textContent = "Hent som CSV";
    button.addEventListener("click", () => {
      const quoted = text => /[";\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      const lines = [...table.rows].map(row => [...row.cells].map(cell => quoted(plain(wordsOf(cell)))).join(";"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
      link.download = name.toLowerCase().replace(/\s+/g, "-") + ".csv";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    table.closest(".rulle").before(button);
  }

  // Long tables are sorted by the column whose heading is pressed: up, down, and as they were. A sum stays last.
  const LONG = 8, SUM = /^(i alt|alle|samlet|hele)\b/i;
  for (const table of all("main table")) {
    const body = table.tBodies[0], heads = table.tHead ? [...table.tHead.rows] : [];
    const rows = body ? [...body.rows] : [];
    if (heads.length !== 1 || rows.length < LONG || all(".gruppe, [rowspan], [colspan]", table).length) continue;
    [...heads[0].cells].forEach((head, column) => {
      if (!wordsOf(head)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorter";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const was = head.getAttribute("aria-sort");
        const now = was === "ascending" ? "descending" : was === "descending" ? null : "ascending";
        [...heads[0].cells].forEach(other => other.removeAttribute("aria-sort"));
        if (now) head.setAttribute("aria-sort", now);
        const sign = now === "descending" ? -1 : 1;
        const keyed = rows.map((row, index) => {
          const text = wordsOf(row.cells[column]), value = valueOf(text);
          return { row, index, text, value, sum: SUM.test(wordsOf(row.cells[0])) };
        });
        const numbers = keyed.some(entry => !isNaN(entry.value)) && column > 0;
        if (now) keyed.sort((one, two) => {
          if (one.sum !== two.sum) return one.sum - two.sum;
          if (numbers && isNaN(one.value) !== isNaN(two.value)) return isNaN(one.value) - isNaN(two.value);
          const way = numbers ? one.value - two.value || 0 : one.text.localeCompare(two.text, "da");
          return sign * way || one.index - two.index;
        });
        body.append(...keyed.map(entry => entry.row));
      });
    });
  }
});
