"use strict";
(() => {
const D = document, $ = s => D.querySelector(s), each = (s, f) => D.querySelectorAll(s).forEach(f), R = JSON.parse($("#data").textContent), OWN = "(project)";
const el = (t, a = {}, ...k) => { const n = D.createElement(t); for (const [x, v] of Object.entries(a)) x === "text" ? n.textContent = v : x === "style" ? Object.assign(n.style, v) : x.startsWith("on") ? n[x] = v : n.setAttribute(x, v); n.append(...k); return n; };
const size = n => { let i = 0; while (Math.abs(n) >= 1024 && i < 3) { n /= 1024; i++; } return (i ? n.toFixed(1) : n) + " " + ["B", "KiB", "MiB", "GiB"][i]; };
const time = us => us >= 1e6 ? (us / 1e6).toFixed(1) + " s" : (us / 1000).toFixed(us && us < 1000 ? 1 : 0) + " ms";
const sum = (list, f) => list.reduce((s, x) => s + f(x), 0);
const px = (x, y, w, h) => ({ left: x + "px", top: y + "px", width: w + "px", height: h + "px" });
const START = { f: 0, q: "", metric: "bytes", by: "distribution", zoom: "", node: -1, sort: "frees", up: false, heavy: false }, S = { ...START };
for (const p of location.hash.slice(1).split("&")) { const [k, v] = p.split("="), t = typeof START[k]; if (v !== undefined && t !== "undefined") S[k] = t === "number" ? +v || 0 : t === "boolean" ? v === "true" : decodeURIComponent(v); }
S.f = Math.min(Math.max(0, S.f), R.functions.length - 1);
const has = (...s) => s.join(" ").toLowerCase().includes(S.q.toLowerCase()), put = (n, ...k) => (typeof n === "string" ? $(n) : n).replaceChildren(...k);

// The columns that pack.py makes become rows again.
function open(f) {
  if (f.all) return f;
  const P = f.files, I = f.imports, loaded = new Set(), paths = [], owner = f.owners;
  P.folders.forEach(([d, k], i) => P.names[i].split("/").forEach(n => paths.push([d ? d + "/" + n : n, owner[k]])));
  if (I) {
    I.nodes = I.own.map((own, id) => ({ id, up: I.up[id], name: I.name[id], dist: owner[I.owner[id]], file: (paths[I.file[id]] || [""])[0], own, total: own, line: I.line[id], calls: [], kids: [] }));
    for (const [i, line, call, us] of I.calls) { I.nodes[i].calls.push({ line, call, us }); I.nodes[i].total += us; }
    for (const i of I.failed) I.nodes[i].failed = true;
    for (const n of [...I.nodes].reverse()) { const up = I.nodes[n.up]; if (!n.failed) loaded.add(n.file); if (up) { up.total += n.total; up.kids.unshift(n); } }
  }
  f.all = paths.map(([path, distribution], i) => { const [decision, rule, why] = P.fates[P.fate[i]], gone = decision !== "kept"; return { path, distribution, kind: P.kinds[P.kind[i]], bytes: P.bytes[i], zipped: P.zipped[i], why, gone, fate: gone ? "left out: " + rule : "kept", loaded: loaded.has(path) ? "loaded at INIT" : "not loaded" }; });
  for (const x of f.all) x.hay = [x.distribution, x.path, x.kind, x.fate, x.loaded];
  f.hues = {};
  return f;
}
const F = () => open(R.functions[S.f]);

// One colour a group, the largest first; what is not of a distribution has a colour of its own.
const HUES = [215, 28, 152, 338, 268, 190, 95, 8, 300, 240, 120], FIXED = { [OWN]: 46, kept: 152, "loaded at INIT": 215 };
function group(by, metric) {
  const sums = {};
  for (const x of F().all) sums[x[by]] = (sums[x[by]] || 0) + x[metric];
  return Object.fromEntries(Object.entries(sums).sort((a, b) => b[1] - a[1]));
}
function hues(by) {
  const known = F().hues, made = {}; let n = 0;
  if (known[by]) return known[by];
  known[by] = made;
  for (const k in group(by, "bytes")) made[k] = FIXED[k] ?? (k === "not loaded" || n >= HUES.length ? -1 : HUES[n++]);
  return made;
}
const colour = (k, by = "distribution") => { const h = hues(by)[k]; return h === undefined || h < 0 ? "var(--std)" : `hsl(${h} var(--s) var(--l))`; };

const tip = $("#tip");
function point(n, x, y) { tip.textContent = n.say; tip.style.display = "block"; tip.style.left = Math.max(4, Math.min(x + 12, innerWidth - tip.offsetWidth - 6)) + "px"; tip.style.top = Math.min(y + 14, innerHeight - tip.offsetHeight - 6) + "px"; }
const off = () => tip.style.display = "none";
function picture(box) {
  box.onmousemove = e => e.target.say ? point(e.target, e.clientX, e.clientY) : off();
  box.onmouseleave = box.onblur = off;
  box.onclick = e => { off(); if (e.target.go) e.target.go(); };
  box.onkeydown = e => {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] }[e.key], now = box.querySelector(".on");
    if (e.key === "Enter" && now) now.go();
    if (!way) return;
    e.preventDefault();
    const edges = n => [[n.offsetLeft, n.offsetLeft + n.offsetWidth], [n.offsetTop, n.offsetTop + n.offsetHeight]], a = now ? edges(now) : [[0, 0], [0, 0]], [axis, up] = way;
    const gap = (p, q) => Math.max(0, p[0] - q[1], q[0] - p[1]);
    let best, least = 1e9;
    for (const n of box.children) if (n.go && n !== now && !n.classList.contains("grp")) {
      const b = edges(n), ahead = up > 0 ? b[axis][0] - a[axis][1] : a[axis][0] - b[axis][1], far = ahead + 3 * gap(a[1 - axis], b[1 - axis]) + (b[1 - axis][0] - a[1 - axis][0]) ** 2 / 1e6;
      if ((ahead > -2 || !now) && far < least) { least = far; best = n; }
    }
    if (!best) return;
    if (now) now.classList.remove("on");
    best.classList.add("on"); $("#live").textContent = best.say;
    const r = best.getBoundingClientRect(); point(best, r.left, r.bottom);
  };
}
const cell = (box, cls, text, at, background, say, go) => { const n = el("div", { class: cls, text, style: { ...at, background } }); n.say = say; n.go = go; box.append(n); return n; };

function tree(f) {
  const root = { name: "", path: "", kids: new Map(), v: 0 };
  for (const x of f.all) {
    const v = x[S.metric]; if (!v) continue;
    const hit = has(...x.hay), parts = [x.distribution, ...x.path.split("/")];
    let n = root, p = ""; n.v += v;
    parts.forEach((s, i) => { p += (i ? "/" : "") + s; let k = n.kids.get(s); if (!k) n.kids.set(s, k = { name: s, path: p, kids: new Map(), v: 0, n: 0, big: x }); n = k; n.v += v; n.n++; n.hit ||= hit; if (v > n.big[S.metric]) n.big = x; if (i === parts.length - 1) n.file = x; });
  }
  return root;
}
// Squarified treemap (Bruls, Huizing, van Wijk 2000): rows are filled while the worst aspect ratio improves.
function squarify(items, x, y, w, h, out) {
  items = [...items].sort((a, b) => b.v - a.v || (a.name < b.name ? -1 : 1));
  let total = sum(items, i => i.v), k = 0;
  while (k < items.length && w > 0 && h > 0) {
    const side = Math.min(w, h), scale = w * h / total, row = []; let sum = 0, worst = 1e9;
    while (k < items.length) {
      const a = items[k].v * scale, s = sum + a, m = Math.max(side * side * (row.length ? row[0].v * scale : a) / (s * s), s * s / (side * side * a));
      if (m > worst) break;
      worst = m; sum = s; row.push(items[k++]);
    }
    let o = 0; const d = sum / side;
    for (const i of row) { const l = i.v * scale / d; w >= h ? out(i, x, y + o, d, l) : out(i, x + o, y, l, d); o += l; total -= i.v; }
    if (w >= h) { x += d; w -= d; } else { y += d; h -= d; }
  }
}
const zoom = p => () => { S.zoom = S.zoom === p ? "" : p; all(); };
function map() {
  const box = $("#map"), by = S.by; let node = tree(F());
  box.textContent = "";
  for (const part of S.zoom ? S.zoom.split("/") : []) { if (!node.kids.has(part)) { S.zoom = ""; return map(); } node = node.kids.get(part); }
  const draw = (n, x, y, w, h, depth) => {
    if (w < 2 || h < 2) return;
    let name = n.name, kid;
    while (n.kids.size === 1 && (kid = [...n.kids.values()][0]).kids.size) { name += kid.name === name ? "" : "/" + kid.name; n = kid; }
    if (n.kids.size && w > 26 && h > 18 && depth < 6) {
      const label = w > 54 && h > 34 && depth < 3 ? 15 : 1;
      cell(box, "grp", label > 1 ? name + "  " + size(n.v) : "", px(x, y, w, h), depth ? "none" : `color-mix(in srgb, ${colour(n.big.distribution)} 26%, transparent)`, `${n.path}\n${size(n.v)} in ${n.n} files`, zoom(n.path));
      return squarify(n.kids.values(), x + 2, y + label, w - 4, h - label - 2, (c, a, b, p, q) => draw(c, a, b, p, q, depth + 1));
    }
    const f = n.file;
    cell(box, (n.big.gone ? "gone " : "") + (n.hit ? "" : "dim"), w > 38 && h > 14 ? name : "", px(x, y, w, h), colour(n.big[by], by), `${n.path}\n${size(n.v)}` + (f ? `\n${f.kind}, ${f.loaded}\n${f.fate}  ${f.why}` : ` in ${n.n} files`), zoom(f ? n.path.slice(0, n.path.lastIndexOf("/")) : n.path));
  };
  squarify(node.kids.values(), 1, 1, box.clientWidth - 2, box.clientHeight - 2, (c, a, b, p, q) => draw(c, a, b, p, q, 0));
  const sums = group(by, S.metric), keys = Object.keys(sums).filter(k => sums[k]); let p = "";
  put("#crumb", ...S.zoom ? [el("button", { text: "all", onclick: zoom(S.zoom) }), ...S.zoom.split("/").map(s => { p += (p ? "/" : "") + s; return el("button", { text: "› " + s, onclick: zoom(p) }); })] : []);
  put("#legend", ...keys.slice(0, 14).map(k => el("button", { title: "search", onclick: () => find(S.q === k ? "" : k) }, dot(colour(k, by)), k + " ", note(size(sums[k])))), keys.length > 14 ? note(`and ${keys.length - 14} more`) : "");
}

function ice() {
  const I = F().imports, box = $("#ice"), H = 20;
  $("#imports").hidden = !I; box.textContent = "";
  if (!I) return;
  const W = box.clientWidth, top = I.nodes.filter(n => n.up < 0), focus = I.nodes[S.node];
  const total = sum(focus ? [focus] : top, n => n.total) || 1;
  let step = 1; while (total / step > W / 90) step *= /^2/.test(step) ? 2.5 : 2;
  for (let t = 0; t < total; t += step) cell(box, "axis", time(t), { left: t / total * W + "px" }, "", "");
  let deep = 1;
  const go = n => () => { S.node = S.node === n.id ? n.up : n.id; all(); };
  const one = (n, x, w, depth) => {
    if (w < 1.5) return; deep = Math.max(deep, depth);
    cell(box, (n.failed ? "miss" : "") + (has(n.name, n.dist, n.file) ? "" : " dim"), w > 30 ? n.name : "", px(x, depth * H, w, H), colour(n.dist), `${n.name}\n${n.dist}  ${n.file}\n${time(n.total)}, by itself ${time(n.own)}${n.failed ? "\nfailed: it is not there" : ""}${n.line ? "\nasked for in line " + n.line : ""}`, go(n));
  };
  const walk = (n, x, depth) => {
    const w = n.total / total * W, kids = S.heavy ? [...n.kids].sort((a, b) => b.total - a.total) : n.kids;
    one(n, x, w, depth);
    for (const k of kids) { walk(k, x, depth + 1); x += k.total / total * W; }
    for (const b of n.calls) { const v = b.us / total * W; if (v > 1.5) { deep = Math.max(deep, depth + 1); cell(box, "call" + (has(b.call, n.file) ? "" : " dim"), v > 30 ? b.call : "", px(x, (depth + 1) * H, v, H), colour(n.dist), `${b.call}  ${n.file}:${b.line}\n${time(b.us)} in the module's body`, go(n)); } x += v; }
  };
  let x = 0, depth = 1;
  const above = []; for (let n = focus; n && n.up >= 0; n = I.nodes[n.up]) above.unshift(I.nodes[n.up]);
  for (const n of above) one(n, 0, W, depth++);
  for (const n of focus ? [focus] : top) { walk(n, x, depth); x += n.total / total * W; }
  box.style.height = (deep + 1) * H + 2 + "px";
}

const COLUMNS = { name: "distribution", own: "own", frees: "frees", zipped: "zipped", us: "import", loaded: "modules", first: "first imported at", by: "required by" };
const dot = background => el("i", { class: "dot", style: { background } }), note = text => el("small", { text }), pill = (text, cls) => el("span", { class: "pill " + cls, text });
const bar = (cls, left, width, tick) => el("div", { class: "bar " + cls }, el("i", { style: { left: left + "%", width: width + "%" } }), tick ? el("u", { style: { left: tick + "%" } }) : "");
function table() {
  const key = S.sort, list = F().rows.filter(d => has(d.name, d.version, d.by, d.first)).sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) * (S.up ? 1 : -1)), keys = Object.keys(COLUMNS);
  const cls = i => (i && i < 6 ? "num" : "") + (i > 4 ? " opt" : "");
  const head = keys.map((k, i) => el("th", { class: cls(i), "aria-sort": key !== k ? "none" : S.up ? "ascending" : "descending" }, el("button", { text: COLUMNS[k] + (key !== k ? "" : S.up ? " ↑" : " ↓"), onclick: () => { S.up = key === k ? !S.up : !i; S.sort = k; all(); } })));
  const body = d => keys.map((k, i) => {
    const v = d[k], cell = el("td", { class: cls(i) });
    if (!i) cell.append(dot(colour(v)), `${v} ${d.version}`);
    else cell.append(i < 4 ? size(v) : i === 4 ? v ? time(v) : "" : i === 5 ? d.modules : v);
    if (i && i < 5 && v) { const b = bar("opt", 0, 100 * v / Math.max(1, ...F().rows.map(x => x[k]))); cell.append(b); }
    return cell;
  });
  put("#table", el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...list.map(d => el("tr", {}, ...body(d)))));
}
function rows(id, list) {
  $(id).hidden = !list.length;
  put(id + " tbody", ...list.map(r => el("tr", {}, ...r.map(([text, cls, more]) => el("td", { class: cls.replace(/pill.*/, "") }, cls.startsWith("pill") ? pill(text, cls.slice(5)) : text, ...more ? [el("br"), note(more)] : [])))));
}
function all() {
  const f = F(), C = f.cold, made = Object.entries(S).filter(([k, v]) => v !== START[k]);
  try { history.replaceState(null, "", "#" + made.map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&")); } catch (e) {}
  $("#name").textContent = D.title = f.name; $("#sub").textContent = f.sub;
  put("#cards", ...f.cards.map(([title, big, text, cls, b, to]) => el("div", { class: "card", onclick: () => to && $("#" + to).scrollIntoView({ block: "center" }) }, note(title), el("b", { text: big }), note(text), b[1] ? bar(cls, ...b) : "")));
  for (const k of ["metric", "by"]) each(`[data-${k}]`, b => { b.setAttribute("aria-pressed", b.dataset[k] === S[k]); b.onclick = () => { S[k] = b.dataset[k]; all(); }; });
  $("#heavy").setAttribute("aria-pressed", S.heavy);
  map(); ice(); table();
  $("#steps").hidden = !f.steps.length;
  put("#steps ol", ...f.steps.map(([saves, text, command]) => el("li", {}, el("span", {}, ...saves.length ? saves.map(t => pill(t, "good")) : [pill(command ? "look" : "note", "info")]), el("span", { text }), el("code", { text: command }))));
  const T = { ...f.tables, ...R.tables };
  for (const k in T) rows("#" + k, T[k].filter(r => has(...r.flat())));
  $("#cold").hidden = !C;
  if (C) {
    const shade = i => `hsl(${HUES[i]} var(--s) var(--l))`;
    $("#cold small").textContent = C.head;
    put(".bars", ...C.bars.map(([w, text, title], i) => el("span", { text, title, style: { width: w + "%", background: shade(i) } })));
    rows("#cold", C.rows); each("#cold tr", (r, i) => r.firstChild.prepend(dot(shade(i))));
    put("#cold ul", ...C.notes.map(text => el("li", { text })));
  }
  const hits = S.q ? f.all.filter(x => has(...x.hay)) : [];
  rows("#found", hits.slice(0, 12).map(x => [[x.path, "path"], [size(x.bytes), "num"], [x.fate, "opt", x.why]]));
  $("#found small").textContent = hits.length > 12 ? "12 of " + hits.length : "";
}
const find = q => { $("#q").value = S.q = q; all(); };
const pick = $("#pick"); R.functions.forEach((f, i) => pick.append(el("option", { value: i, text: f.name }))); pick.value = S.f; pick.hidden = R.functions.length < 2;
pick.onchange = () => { S.f = +pick.value; S.zoom = ""; S.node = -1; all(); };
$("#q").value = S.q; $("#q").oninput = e => { S.q = e.target.value; all(); };
$("#heavy").onclick = () => { S.heavy = !S.heavy; all(); };
$("#version").textContent = R.tool_version;
addEventListener("keydown", e => { if (e.key === "/" && e.target !== $("#q")) { e.preventDefault(); $("#q").focus(); } if (e.key === "Escape") { S.zoom = ""; S.node = -1; off(); find(""); } });
let late; addEventListener("resize", () => { clearTimeout(late); late = setTimeout(all, 120); });
picture($("#map")); picture($("#ice")); all(); D.documentElement.dataset.ready = "1";
})();
