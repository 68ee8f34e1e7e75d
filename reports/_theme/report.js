// What a screen can do beside showing the page; all of it can be read without. Nothing is fetched, and nothing is kept.
"use strict";
document.documentElement.classList.add("js");
addEventListener("DOMContentLoaded", async () => {
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

  // On a phone a figure is drawn again as wide as the window, from the same drawing: panels become narrower and words stay 12 px.
  // Names beside rows, which would leave the panels no room, stand above them; phases side by side stand below each other.
  const NAME = 12, KEY = 13, EDGE_TICK = 14, LEAST = 80; // in the picture's units: lines of a name and of keys, half a tick's words, a panel
  const at = (part, name) => Number(part.getAttribute(name)), put = (part, values) => Object.entries(values).forEach(([name, value]) => part.setAttribute(name, value));
  const pointsOf = part => part.matches("use") ? [[at(part, "x"), at(part, "y")]] : [...part.getAttribute("d").matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [+x, +y]);
  const redraw = (svg, shapes, place, room, height) => {
    for (const part of shapes) {
      if (part.matches("use")) { const [x, y] = place(...pointsOf(part)[0]); put(part, { x, y }); }
      else put(part, { d: part.getAttribute("d").replace(/(-?[\d.]+) (-?[\d.]+)/g, (_, x, y) => place(+x, +y).map(value => value.toFixed(2)).join(" ")) });
    }
    svg.setAttribute("viewBox", "0 0 " + room + " " + height);
    for (const name of ["width", "height"]) svg.removeAttribute(name);
    svg.classList.add("smal");
  };
  const wrapped = (svg, shapes, texts, room) => { // columns of one width that fill the picture: as many beside each other as there is room for
    const { width, height } = svg.viewBox.baseVal, GAP = 5, columns = [];
    for (const part of shapes) {
      const [left, right] = [Math.min, Math.max].map(end => end(...pointsOf(part).map(([x]) => x)));
      if (right - left < width - 1 && !columns.some(([from]) => Math.abs(from - left) < 1)) columns.push([left, right]);
    }
    const wide = (width + GAP) / columns.length - GAP, across = Math.floor((room + GAP) / (wide + GAP));
    if (columns.length < 2 || across < 1 || columns.some(([left, right]) => Math.abs(right - left - wide) > 1)) return;
    const more = (room + GAP) / across - GAP - wide, of = x => clamp(Math.floor((x + 1) / (wide + GAP)), 0, columns.length - 1);
    const place = (x, y, index = of(x), from = index * (wide + GAP)) =>
      [x - from + (x - from > wide / 2 ? more : 0) + (index % across) * (wide + more + GAP), y + Math.floor(index / across) * (height + GAP)];
    for (const text of texts) put(text, { x: place(at(text, "x"), 0)[0] - (at(text, "x") - of(at(text, "x")) * (wide + GAP) > wide / 2 ? more : 0), y: place(at(text, "x"), at(text, "y"))[1] });
    const last = Math.ceil(columns.length / across) * (height + GAP) - GAP;
    redraw(svg, shapes.filter(part => pointsOf(part).some(([x]) => x > 0 && x < width - 1)), place, room, last);
  };
  const long = text => text.getComputedTextLength();
  const first = text => at(text, "x") - long(text) * ({ middle: 0.5, end: 1 }[text.getAttribute("text-anchor")] || 0), last = text => first(text) + long(text);
  const middle = text => (first(text) + last(text)) / 2, under = (x, [from, to]) => x > from && x < to;
  const isNumber = text => (text.dataset.tal || "").includes("akse:") || NUMBER.test(text.textContent.trim());
  // How a figure of panels is drawn: its frames, their columns, what stands beside and above them, and how narrow they become.
  const layoutOf = (svg, shapes, texts, frames, room) => {
    const columns = []; // of panels: those that begin at the same place stand below each other
    for (const [x, , across] of frames) if (!columns.some(([from]) => Math.abs(from - x) < 1)) columns.push([x, x + across]);
    const edges = columns.sort((one, two) => one[0] - two[0]).flat(), left = edges[0], right = edges[edges.length - 1];
    const top = Math.min(...frames.map(([, y]) => y)), base = Math.max(...frames.map(([, y, , down]) => y + down));
    const beside = texts.filter(text => last(text) < left && at(text, "y") > top);
    const start = Math.max(EDGE_TICK, ...beside.filter(isNumber).map(text => left - first(text)));
    const begin = beside.length ? start : Math.min(left, EDGE_TICK), between = edges.reduce((sum, edge, index) => sum + (index % 2 ? 0 : edge - (index ? edges[index - 1] : edge)), 0);
    const share = (room - (svg.viewBox.baseVal.width - right) - begin - between) / (right - left - between);
    const points = new Map(shapes.map(part => [part, pointsOf(part)]));
    return { svg, shapes, texts, frames, room, columns, edges, left, right, top, base, beside, begin, share, points };
  };
  const fits = ({ texts, base, share }, column) => (column[1] - column[0]) * share >= LEAST
    && !texts.some(text => at(text, "y") < base && under(middle(text), column) && long(text) > (column[1] - column[0]) * share + 8);
  // The panels of the second column below those of the first, which lend them what stands beside them.
  const stacked = ({ svg, shapes, texts, frames, columns, left, right, base, beside }) => {
    const { width, height } = svg.viewBox.baseVal, of = x => columns.slice(1).filter((_, index) => x > columns[index][1] + 1).length;
    for (const text of beside) columns.slice(1).forEach(([from], index) => frames.some(([x, y, , down]) => Math.abs(x - from) < 1
      && under(at(text, "y"), [y - 4, y + down + 4])) && put(text.parentNode.appendChild(text.cloneNode(true)), { y: at(text, "y") + height * (index + 1) }));
    const move = (part, x, y) => put(part, { x: at(part, "x") - columns[of(x)][0] + left, y: at(part, "y") + height * of(x) });
    for (const text of texts) {
      move(text, at(text, "x"));
      if (last(text) > columns[0][1]) put(text, { x: at(text, "x") + columns[0][1] - last(text) });
    }
    for (const clip of all("clipPath rect", svg)) move(clip, at(clip, "x"));
    redraw(svg, shapes, (x, y) => [x - columns[of(x)][0] + left, y + height * of(x)], columns[0][1] + width - right,
      height * (columns.length - 1) + height - base + Math.max(...frames.filter(([x]) => of(x) === columns.length - 1).map(([, y, , down]) => y + down)));
  };
  // The keys of the head with their marks, in as many lines as they need: what has its place with them, and how much higher the head is.
  const keysInLines = ({ shapes, texts, top, room, points }) => {
    const head = texts.filter(text => at(text, "y") < top), inHead = [...head].sort((one, two) => at(one, "x") - at(two, "x"));
    const own = new Map(inHead.map((key, index) => [key, shapes.filter(part => { // the marks between the words before it and its own
      const [x, y] = points.get(part)[0];
      return y < top && x > 0 && x < at(key, "x") && (!index || x > at(inHead[index - 1], "x"));
    })]));
    const keys = inHead.filter(key => own.get(key).length);
    let line = 0, free = 0;
    for (const key of keys) {
      const from = Math.min(at(key, "x"), ...own.get(key).map(part => points.get(part)[0][0] - 5)), wide = at(key, "x") - from + 1.1 * long(key);
      if (free && free + wide > room) { line += 1; free = 0; }
      for (const part of [key, ...own.get(key)]) part.setAttribute("transform", "translate(" + (free - from) + " " + KEY * line + ")");
      free += wide + 10;
    }
    return { placed: [...keys, ...keys.flatMap(key => own.get(key))], above: keys.length ? KEY * (line + (head.length > keys.length ? 1 : 0)) : 0 };
  };
  // Where a place across the figure goes: panels narrower, what is between and behind them as wide as before.
  const acrossOf = ({ edges, left, right, begin, share }) => {
    const made = [begin];
    edges.forEach((edge, index) => index && made.push(made[index - 1] + (edge - edges[index - 1]) * (index % 2 ? share : 1)));
    return x => {
      const next = edges.findIndex(edge => x < edge);
      return next < 0 ? x - right + made[made.length - 1] : next ? made[next] - (edges[next] - x) * (next % 2 ? share : 1) : Math.max(0, x - left + begin);
    };
  };
  // The names beside rows go above them: the lines of each, where its row begins, and where a place down the figure then goes.
  const namesAbove = ({ frames, top, base, beside, points }, above) => {
    const rows = [];
    for (const name of beside.filter(text => !isNumber(text)).sort((one, two) => at(one, "y") - at(two, "y"))) {
      const row = rows[rows.length - 1], y = at(name, "y");
      if (row && y < base && y - at(row[row.length - 1], "y") < NAME) row.push(name);
      else rows.push([name]);
    }
    const middles = rows.map(row => (at(row[0], "y") + at(row[row.length - 1], "y")) / 2 - 3), tops = frames.map(([, y]) => y);
    const starts = middles.map((middle, index) => middle > base ? middle - 5
      : Math.max(...tops.filter(y => y < middle), index ? (middle + middles[index - 1]) / 2 : top));
    const deep = y => y + (y > 0 ? above : 0) + NAME * rows.reduce((sum, row, index) => sum + (starts[index] < y ? row.length : 0), 0);
    const heights = [...points.values()].map(all => all.map(([, y]) => y)).map(ys => [Math.min(...ys), Math.max(...ys)]);
    const crowns = middles.map((middle, index) => Math.min(middle - 6, ...heights // a bar may reach higher than words
      .filter(([high, low]) => high > starts[index] && high < middle && low > middle).map(([high]) => high)));
    return { rows, deep, lastLine: index => deep(middles[index]) - middles[index] + crowns[index] - 3 };
  };
  // Of the words below each column every one, every second, every third ...: so many that none meets the next.
  const thinFeet = ({ texts, columns, base, beside }, reach) => {
    const feet = texts.filter(text => at(text, "y") > base && !beside.includes(text)), foot = Math.min(...feet.map(text => at(text, "y")));
    for (const [from, to] of columns) {
      const ticks = feet.filter(text => at(text, "y") - foot < 1 && at(text, "x") >= from - 1 && at(text, "x") <= to + 1);
      const kept = every => ticks.filter((_, index) => index % every === 0).map(reach);
      const meet = words => words.some(([start], index) => index && start < words[index - 1][1] + 4);
      let every = 1;
      while (every < ticks.length && meet(kept(every))) every += 1;
      ticks.forEach((tick, index) => index % every && tick.remove());
    }
  };
  const narrow = svg => {
    const { width, height } = svg.viewBox.baseVal, room = (svg.closest(".rulle").clientWidth - 1) * 0.75, texts = all("text", svg);
    const shapes = all("path, use", svg).filter(part => !part.closest("defs")), clips = all("clipPath rect", svg);
    const frames = clips.map(clip => ["x", "y", "width", "height"].map(name => at(clip, name)));
    if (room >= width || texts.some(text => text.hasAttribute("transform"))) return;
    if (!frames.length) return wrapped(svg, shapes, texts, room);
    const layout = layoutOf(svg, shapes, texts, frames, room), { columns, top, base } = layout;
    if (!columns.every(column => fits(layout, column))) {
      if (columns.length < 2) return svg.classList.remove("smal");
      stacked(layout);
      return narrow(svg);
    }
    const { placed, above } = keysInLines(layout), far = acrossOf(layout), { rows, deep, lastLine } = namesAbove(layout, above);
    const reach = text => { // from where to where its words go, when they are in their new place
      const centred = columns.some(([from, to]) => Math.abs(middle(text) - (from + to) / 2) < 2);
      const from = centred ? far(middle(text)) - long(text) / 2 : far(at(text, "x")) - at(text, "x") + first(text);
      return [from, from + long(text)];
    };
    thinFeet(layout, reach);
    const moved = new Set([...rows.flat(), ...placed]);
    for (const text of texts) {
      if (moved.has(text)) continue;
      const [from, to] = reach(text), x = at(text, "x") - first(text) + clamp(from, 0, Math.max(0, room - to + from));
      if (!rows.length && at(text, "y") > top && at(text, "y") < base) text.setAttribute("class", "over-streg");
      put(text, { x, y: deep(at(text, "y")) });
    }
    rows.forEach((row, index) => row.forEach((name, place) =>
      put(name, { x: 0, y: lastLine(index) - 11 * (row.length - 1 - place), "text-anchor": "start", class: "over-raekke" })));
    for (const [index, [x, y, across, down]] of frames.entries())
      put(clips[index], { x: far(x), y: deep(y), width: far(x + across) - far(x), height: deep(y + down) - deep(y) });
    redraw(svg, shapes.filter(part => !moved.has(part)), (x, y) => [far(x), deep(y)], room, deep(height));
  };
  if (innerWidth <= 640) {
    document.body.getBoundingClientRect(); // asks for the fonts, which words are measured by
    await document.fonts.ready;
    all(".figurblok .rulle > svg").forEach(narrow);
  }

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

  // Values in a picture: the rows of the table below it that stand nearest to the pointer, the finger or, at the line under
  // it, the arrow keys. Where a row stands is told by the picture's own words: weeks on the axis, or the rows' names.
  const MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
  const momentOf = (text, bands) => { // of "uge 5 til 8" its middle where each row is a band, or its end where all begin at once
    const range = text.match(/(\d+) til (\d+)/), month = text.toLowerCase().match(/^([a-z]{3})[a-z.]*\s(\d{4})$/);
    return month ? 12 * month[2] + MONTHS.indexOf(month[1]) : range ? (bands ? (+range[1] + +range[2]) / 2 : +range[2]) : valueOf(text);
  };
  const reading = document.createElement("div"), guide = document.createElement("div");
  reading.className = "aflaest";
  guide.className = "aflaest-streg";
  for (const part of [reading, guide]) part.setAttribute("aria-hidden", "true"); // the line under the picture says the same
  let read = null, ending = 0;
  const stop = () => {
    clearTimeout(ending);
    reading.remove();
    guide.remove();
    read = null;
  };
  const point = () => {
    if (!read) return;
    const { spot, svg } = read, matrix = svg.getScreenCTM(), frame = svg.getBoundingClientRect();
    const x = spot.x * matrix.a + matrix.e, y = spot.y * matrix.d + matrix.f;
    Object.assign(guide.style, spot.across
      ? { left: frame.left + "px", width: frame.width + "px", top: y + 12 + "px", height: "0" }
      : { left: x + "px", width: "0", top: frame.top + "px", height: frame.height + "px" });
    const left = spot.across ? frame.left + frame.width / 2 : x + 12, top = spot.across ? y + 16 : frame.top + 12;
    const turned = !spot.across && left + reading.offsetWidth > innerWidth - EDGE;
    reading.style.left = clamp(turned ? x - 12 - reading.offsetWidth : left, EDGE, innerWidth - reading.offsetWidth - EDGE) + "px";
    reading.style.top = clamp(top, EDGE, innerHeight - reading.offsetHeight - EDGE) + "px";
  };
  const tell = (spot, svg) => {
    clearTimeout(ending);
    if (read && read.spot === spot) return;
    read = { spot, svg };
    const title = document.createElement("strong"), lines = spot.lines.map(text => {
      const line = document.createElement("div");
      line.textContent = text;
      return line;
    });
    title.textContent = spot.title;
    reading.replaceChildren(title, ...lines);
    (document.querySelector("main") || document.body).append(guide, reading);
    point();
  };
  const leave = () => { clearTimeout(ending); ending = setTimeout(stop, PATIENCE); };
  reading.addEventListener("pointerenter", () => clearTimeout(ending));
  reading.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", event => event.key === "Escape" && stop());
  document.addEventListener("pointerdown", event => event.target.closest(".aflaest, .kan-aflaeses") || stop());
  addEventListener("scroll", point, { capture: true, passive: true });
  addEventListener("resize", point);

  const spotsOf = (figure, table) => {
    const words = all("svg text", figure).map(text => ({
      said: text.textContent.replace(/\s+/g, " ").trim(), x: Number(text.getAttribute("x")), y: Number(text.getAttribute("y")),
      axis: (text.dataset.tal || "").includes("akse:"),
    })).filter(word => word.said);
    const [head, ...rows] = [...table.rows].map(row => [...row.cells].map(wordsOf));
    const between = (low, high) => low && high ? " (" + low + " til " + high + ")" : "";
    const told = row => head.slice(1).flatMap((name, at) => {
      const cell = row[at + 1], base = name.replace(/: fra$/, "");
      if (!cell || name.endsWith(": til")) return [];
      if (base === name) return [name + ": " + cell + (head[at + 2] === name + ": fra" ? between(row[at + 2], row[at + 3]) : "")];
      return head[at] === base ? [] : [base + ":" + between(cell, row[at + 2])];
    });
    if (head[0] === "Tid") {
      const bands = rows.some(row => /\b([2-9]|\d{2,}) til \d/.test(row[0]));
      const foot = Math.max(...words.filter(word => word.axis).map(word => word.y));
      const ticks = words.filter(word => word.axis && Math.abs(word.y - foot) < 1), panels = [];
      ticks.forEach((tick, at) => at && tick.x > ticks[at - 1].x ? panels[panels.length - 1].push(tick) : panels.push([tick]));
      const found = panels.filter(panel => panel.length > 1).flatMap(panel => {
        const first = panel[0], last = panel[panel.length - 1], start = momentOf(first.said);
        const step = (last.x - first.x) / (momentOf(last.said) - start);
        return rows.map(row => ({ x: first.x + (momentOf(row[0], bands) - start) * step, y: 0, title: row[0], lines: told(row) }));
      }).filter(spot => isFinite(spot.x) && spot.lines.length);
      if (found.length) return found;
    }
    const within = (name, word) => {
      const inside = (", " + name + ", ").toLowerCase(), part = ", " + word.said.toLowerCase();
      return inside.includes(part + ", ") || (word.said.length > 4 && inside.includes(part + " "));
    };
    const apart = (name, word) => { // the label in the name of a row, whole where the picture breaks its line, and the rest
      const from = name.toLowerCase().indexOf(word.said.toLowerCase()), end = name.indexOf(", ", from + word.said.length);
      const to = end < 0 ? name.length : end;
      return [name.slice(from, to), (name.slice(0, from) + name.slice(to + 2)).replace(/, $/, "")];
    };
    const named = words.filter(word => !word.axis && word.said.length > 1 && rows.some(row => within(row[0], word)));
    const covered = group => rows.filter(row => group.some(word => within(row[0], word))).length;
    const groups = ["x", "y"].flatMap(way => named.map(one => ({ way, of: named.filter(word => Math.abs(word[way] - one[way]) < 1) })));
    const best = groups.filter(group => group.of.length > 1).reduce((one, two) => covered(two.of) > covered(one.of) ? two : one, { of: [] });
    return best.of.map(word => ({
      x: word.x, y: word.y - 3, across: best.way === "x", title: apart(rows.find(row => within(row[0], word))[0], word)[0],
      lines: rows.filter(row => within(row[0], word)).flatMap(row => {
        if (head[0] === "Tid") return told(row);
        const rest = apart(row[0], word)[1];
        const ends = head.includes("Interval fra") ? between(row[2], row[3]) : "", count = row[row.length - 1];
        return (rest ? rest + ": " : "") + row[1] + ends + (count ? ", antal " + count : "");
      }),
    }));
  };
  for (const table of all(".figurdata table")) {
    const figure = table.closest(".figurdata").previousElementSibling, pictures = figure ? all("svg", figure) : [];
    const spots = pictures.length ? spotsOf(figure, table).sort((one, two) => one.x - two.x || one.y - two.y) : [];
    if (!spots.length) continue;
    const inside = (svg, spot) => spot.x >= svg.viewBox.baseVal.x && spot.x < svg.viewBox.baseVal.x + svg.viewBox.baseVal.width;
    const at = event => {
      const svg = event.currentTarget, place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const far = spot => spot.across ? Math.abs(spot.y - place.y) : Math.abs(spot.x - place.x);
      const here = spots.filter(spot => spot.across || inside(svg, spot));
      if (here.length) tell(here.reduce((one, two) => far(two) < far(one) ? two : one), svg);
    };
    for (const svg of pictures) {
      svg.classList.add("kan-aflaeses");
      svg.addEventListener("pointermove", at);
      svg.addEventListener("pointerdown", at);
      svg.addEventListener("pointerleave", event => event.pointerType === "mouse" && leave());
    }
    const slider = document.createElement("div");
    let now = 0;
    const go = to => {
      now = clamp(to, 0, spots.length - 1);
      slider.setAttribute("aria-valuenow", now + 1);
      slider.setAttribute("aria-valuetext", [spots[now].title, ...spots[now].lines].join(". "));
    };
    const look = () => tell(spots[now], spots[now].across ? pictures[0] : pictures.find(svg => inside(svg, spots[now])) || pictures[0]);
    const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    slider.className = "aflaes";
    const how = matchMedia("(hover: none), (pointer: coarse)").matches ? /* some phones say that they hover */ "tryk på figuren" : "peg på figuren, eller brug piletasterne her";
    slider.textContent = `Aflæs tallene: ${how}`;
    for (const [name, value] of Object.entries({ role: "slider", tabindex: 0, "aria-label": slider.textContent, "aria-valuemin": 1, "aria-valuemax": spots.length })) slider.setAttribute(name, value);
    go(0);
    slider.addEventListener("focus", look);
    slider.addEventListener("blur", stop);
    slider.addEventListener("keydown", event => {
      if (!(event.key in STEPS)) return;
      event.preventDefault();
      go(now + STEPS[event.key]);
      look();
    });
    (pictures[0].closest(".rulle") || pictures[0]).after(slider);
  }
});
