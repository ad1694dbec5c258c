(() => {
const D = document, $ = s => D.querySelector(s), each = (s, f) => D.querySelectorAll(s).forEach(f), R = JSON.parse($("#data").textContent), OWN = "(project)", { max, min, abs } = Math;
const el = (t, a, ...k) => { const n = D.createElement(t); for (const x in a) x === "style" ? Object.assign(n.style, a[x]) : /^(on|text)/.test(x) ? n[x] = a[x] : n.setAttribute(x, a[x]); n.append(...k); return n; };
const say = (tag, text) => el(tag, 0, text);
const size = n => { let i = 0; while (abs(n) >= 1024 && i < 3) { n /= 1024; i++; } return (i ? n.toFixed(1) : n) + " " + ["B", "KiB", "MiB", "GiB"][i]; };
const time = us => us >= 1e6 ? (us / 1e6).toFixed(1) + " s" : (us / 1000).toFixed(us && us < 1000 ? 1 : 0) + " ms";
const sum = (list, f) => list.reduce((s, x) => s + f(x), 0);
const many = (n, word) => n.toLocaleString("en") + " " + word + (n === 1 ? "" : "s");
const START = { f: "", q: "", metric: "bytes", by: "dist", zoom: "", node: "-1", sort: R.sort, up: "", heavy: "", why: "", at: "" }, S = {};
function read() {
  Object.assign(S, START);
  for (const p of location.hash.slice(1).split("&")) { const [k, v] = p.split("="); if (v && k in START) S[k] = decodeURIComponent(v); }
}
read();
const has = (...s) => s.join(" ").toLowerCase().includes(S.q.toLowerCase()), put = (n, ...k) => (typeof n === "string" ? $(n) : n).replaceChildren(...k);
// Long names may break after their parts, numbers nowhere.
const soft = t => t.split(/(?<=[\/_.:])(?=\D)/).flatMap((s, i) => i ? [el("wbr"), s] : [s]);
const push = (text, onclick, cls = "") => el("button", { class: cls, onclick }, text), ask = to => () => { S.why = to; all(); $("#why").focus({ preventScroll: true }); };
const title = text => el("h3", 0, ...soft(text));
const go = (text, to) => el("button", { class: "go", onclick: ask(to) }, ...soft(text));

// The columns that pack.py makes become rows again.
function open(f) {
  if (f.all) return f;
  f.named = {}; f.first = {};
  const P = f.files, I = f.imports, paths = [], owner = f.owners;
  P.folders.forEach(([d, k], i) => P.names[i].split("/").forEach(n => paths.push([d ? d + "/" + n : n, owner[k]])));
  if (I) {
    I.nodes = I.own.map((own, id) => ({ id, up: I.up[id], name: I.name[id], dist: owner[I.owner[id]], file: (paths[I.file[id]] || [""])[0], own, total: own, line: I.line[id], calls: [], kids: [] }));
    for (const [i, line, call, us] of I.calls) { I.nodes[i].calls.push({ line, call, us }); I.nodes[i].total += us; }
    for (const i of I.failed) I.nodes[i].failed = true;
    for (const n of [...I.nodes].reverse()) { const up = I.nodes[n.up]; f.named[n.name] = n; if (!n.failed) f.first[n.file] = n; if (up) { up.total += n.total; up.kids.unshift(n); } }
  }
  f.all = paths.map(([path, dist], i) => { const [decision, rule, why] = P.fates[P.fate[i]], gone = decision !== "kept"; return { path, dist, kind: P.kinds[P.kind[i]], bytes: P.bytes[i], zipped: P.zipped[i], why, gone, fate: gone ? "left out: " + rule : "kept", loaded: f.first[path] ? "loaded at INIT" : "not loaded" }; });
  for (let i = 0; i < P.ways.length; i += 4) f.all[P.ways[i]].way = { up: f.all[P.ways[i + 1]], line: P.ways[i + 2], how: P.hows[P.ways[i + 3]] };
  for (const x of f.all) x.hay = [x.dist, x.path, x.kind, x.fate, x.loaded];
  f.at = Object.fromEntries(f.all.map(x => [x.path, x])); f.hues = {};
  return f;
}
const F = () => open(R.functions.find(f => f.name === S.f) || R.functions[0]), OLD = () => F().old && open(F().old);

// One colour a group, the largest first; what is not of a distribution has a colour of its own.
const HUES = [215, 28, 152, 338, 268, 190, 95, 8, 300, 240, 120], FIXED = { [OWN]: 46, kept: 152, "loaded at INIT": 215 };
function group(by, metric) {
  const sums = {};
  for (const f of [F(), OLD()]) for (const x of f ? f.all : []) sums[x[by]] = (sums[x[by]] || 0) + x[metric];
  return Object.fromEntries(Object.entries(sums).sort((a, b) => b[1] - a[1]));
}
function hues(by) {
  const known = F().hues, made = {}; let n = 0;
  if (known[by]) return known[by];
  known[by] = made;
  for (const k in group(by, "bytes")) made[k] = FIXED[k] ?? (k === "not loaded" || n >= HUES.length ? -1 : HUES[n++]);
  return made;
}
const colour = (k, by = "dist") => { const h = hues(by)[k]; return h >= 0 ? `hsl(${h} var(--s) var(--l))` : "var(--std)"; };

const tip = $("#tip");
function point(n, x, y) { tip.textContent = n.say; tip.style.display = "block"; tip.style.left = max(4, min(x + 12, innerWidth - tip.offsetWidth - 6)) + "px"; tip.style.top = min(y + 14, innerHeight - tip.offsetHeight - 6) + "px"; }
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
    const gap = (p, q) => max(0, p[0] - q[1], q[0] - p[1]);
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
const cell = (box, cls, text, at, background, say, go) => { const n = el("div", { class: cls, style: { ...at, background } }, text); n.say = say; n.go = go; box.append(n); return n; };

function tree(f) {
  const root = { name: "", path: "", kids: new Map(), v: 0 };
  for (const x of f.all) {
    const v = x[S.metric]; if (!v) continue;
    const hit = has(...x.hay), parts = [x.dist, ...x.path.split("/")];
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
    const side = min(w, h), scale = w * h / total, row = []; let sum = 0, worst = 1e9;
    while (k < items.length) {
      const a = items[k].v * scale, s = sum + a, m = max(side * side * (row.length ? row[0].v * scale : a) / (s * s), s * s / (side * side * a));
      if (m > worst) break;
      worst = m; sum = s; row.push(items[k++]);
    }
    let o = 0; const d = sum / side;
    for (const i of row) { const l = i.v * scale / d; w >= h ? out(i, x, y + o, d, l) : out(i, x + o, y, l, d); o += l; total -= i.v; }
    if (w >= h) { x += d; w -= d; } else { y += d; h -= d; }
  }
}
// Where a cell lies: from the left and as wide as so much of a whole, from the top and as high as is said.
const part = (v, of) => 100 * v / of + "%", place = (x, w, of, top, height) => ({ left: part(x, of), width: part(w, of), top, height });
const zoom = p => () => { S.zoom = S.zoom === p ? "" : p; all(); };
function map(box, f, most) {
  const by = S.by; let node = tree(f), W = box.clientWidth, H = box.clientHeight;
  box.textContent = "";
  if (most) { H = max(60, 480 * node.v / most); box.style.height = H + "px"; }
  const px = (x, y, w, h) => place(x, w, W, part(y, H), part(h, H));
  for (const name of S.zoom ? S.zoom.split("/") : []) { node = node.kids.get(name); if (!node) return; }
  const draw = (n, x, y, w, h, depth) => {
    if (w < 2 || h < 2) return;
    let name = n.name, kid;
    while (n.kids.size === 1 && (kid = [...n.kids.values()][0]).kids.size) { name += kid.name === name ? "" : "/" + kid.name; n = kid; }
    if (n.kids.size && w > 26 && h > 18 && depth < 6) {
      const label = w > 54 && h > 34 && depth < 3 ? 15 : 1;
      cell(box, "grp", label > 1 ? name + "  " + size(n.v) : "", px(x, y, w, h), depth ? "none" : `color-mix(in srgb, ${colour(n.big.dist)} 26%, transparent)`, `${n.path}\n${size(n.v)} in ${many(n.n, "file")}`, zoom(n.path));
      return squarify(n.kids.values(), x + 2, y + label, w - 4, h - label - 2, (c, a, b, p, q) => draw(c, a, b, p, q, depth + 1));
    }
    const f = n.file;
    cell(box, (n.big.gone ? "gone " : "") + (n.hit ? "" : "dim"), w > 38 && h > 14 ? name : "", px(x, y, w, h), colour(n.big[by], by), `${n.path}\n${size(n.v)}` + (f ? `\n${f.kind}, ${f.loaded}\n${f.fate}  ${f.why}` : " in " + many(n.n, "file")), f ? ask(f.path) : zoom(n.path));
  };
  squarify(node.kids.values(), 1, 1, W - 2, H - 2, (c, a, b, p, q) => draw(c, a, b, p, q, 0));
}
function legend() {
  const by = S.by, own = k => sum(F().all, x => x[by] === k && x[S.metric]), keys = Object.keys(group(by, S.metric)).filter(own); let p = "";
  put("#crumb", ...S.zoom ? [push("all", zoom(S.zoom)), ...S.zoom.split("/").map(s => { p += (p ? "/" : "") + s; return push("› " + s, zoom(p)); }), push("why?", ask(/\//.test(S.zoom) ? S.zoom.replace(/^.*?\//, "") : "d:" + S.zoom))] : []);
  put("#legend", ...keys.slice(0, 14).map(k => el("button", { onclick: () => find(S.q === k ? "" : k) }, dot(colour(k, by)), k, " ", note(size(own(k))))), keys[14] ? note(`and ${keys.length - 14} more`) : "");
}

// What INIT leaves for later: for each import that waits, what hangs on it.
function doors(f) {
  const made = new Map();
  for (const x of f.all) {
    let top = x, left = 99;
    if (x.gone || f.first[x.path] || !x.way) continue;
    while (left-- && top.way && top.way.up && !f.first[top.way.up.path]) top = top.way.up;
    if (!top.way || !top.way.up) continue;
    const d = made.get(top) || { x: top, v: 0, n: 0 }; d.v += x.bytes; d.n++; made.set(top, d);
  }
  return [...made.values()].sort((a, b) => b.v - a.v);
}
function ice(box, f, most) {
  const I = f.imports, H = 20;
  box.textContent = ""; box.style.height = "";
  if (!I) return;
  const W = box.clientWidth, focus = !R.sides && I.nodes[S.node], roots = focus ? [focus] : I.nodes.filter(n => n.up < 0), waits = {};
  for (const [name, file, line, us] of f.lazy) waits[name] = { name, file, line, us };
  const later = focus ? [] : Object.values(waits).filter(w => w.us && !f.named[w.name]);
  const px = (x, y, w, h) => place(x, w, W, y + "px", h + "px");
  const init = sum(roots, n => n.total), total = most || init + sum(later, w => w.us) || 1;
  let step = 1; while (total / step > W / 90) step *= /^2/.test(step) ? 2.5 : 2;
  for (let t = 0; t < total; t += step) cell(box, "axis", time(t), { left: part(t, total) }, "", "");
  let deep = 1;
  const zoomed = n => () => { const out = S.node == n.id; S.node = out ? n.up : n.id; S.why = out ? "" : "m:" + n.id; all(); };
  const one = (n, x, w, depth) => {
    if (w < 1.5) return; deep = max(deep, depth); const l = waits[n.name];
    cell(box, (n.failed ? "miss" : l ? "wait" : "") + (has(n.name, n.dist, n.file) ? "" : " dim"), w > 30 ? n.name : "", px(x, depth * H, w, H), colour(n.dist), `${n.name}\n${n.dist}  ${n.file}\n${time(n.total)}, by itself ${time(n.own)}${n.failed ? "\nfailed: it is not there" : ""}${n.line ? "\nimported in line " + n.line : ""}` + (l ? `\nas built it waits until ${l.file}:${l.line} uses it` : ""), zoomed(n));
  };
  const walk = (n, x, depth) => {
    const w = n.total / total * W, kids = S.heavy ? [...n.kids].sort((a, b) => b.total - a.total) : n.kids;
    one(n, x, w, depth);
    for (const k of kids) { walk(k, x, depth + 1); x += k.total / total * W; }
    for (const b of n.calls) { const v = b.us / total * W; if (v > 1.5) { deep = max(deep, depth + 1); cell(box, "call" + (has(b.call, n.file) ? "" : " dim"), v > 30 ? b.call : "", px(x, (depth + 1) * H, v, H), colour(n.dist), `${b.call}  ${n.file}:${b.line}\n${time(b.us)} in the module's body`, zoomed(n)); } x += v; }
  };
  let x = 0, depth = 1;
  const above = []; for (let n = focus; n && n.up >= 0; n = I.nodes[n.up]) above.unshift(I.nodes[n.up]);
  for (const n of above) one(n, 0, W, depth++);
  for (const n of roots) { walk(n, x, depth); x += n.total / total * W; }
  for (const w of later) { const v = w.us / total * W; cell(box, "wait", v > 30 ? w.name : "", px(x, H, v, H), "var(--card)", `${w.name}\n${time(w.us)} after INIT: it waits until ${w.file}:${w.line} uses it`, ask(w.file)); x += v; }
  const wait = focus || R.sides ? [] : doors(f), bytes = sum(wait, d => d.v); x = 0;
  if (bytes) {
    cell(box, "axis", "NOT LOADED AT INIT (width: bytes)", { top: (deep + 2) * H + "px" }, "", ""); deep += 3;
    for (const d of wait) { const v = d.v / bytes * W; if (v > 2) cell(box, "wait" + (has(...d.x.hay) ? "" : " dim"), v > 30 ? d.x.path.replace(/(\/__init__)?\.[^\/]*$/, "").replaceAll("/", ".") : "", px(x, deep * H, v, H), colour(d.x.dist), `${d.x.path}\n${size(d.v)} in ${many(d.n, "file")}\n${d.x.way.how}, ${d.x.way.up.path}:${d.x.way.line}`, ask(d.x.path)); x += v; }
  }
  box.style.height = (deep + 1) * H + 2 + "px";
}

// Why something is here: the decision, who requires it, and the imports that lead to it.
const facts = rows => el("dl", 0, ...rows.filter(r => r[1]).flatMap(([k, v]) => [say("dt", k), el("dd", 0, ...[v].flat())]));
const list = (title, items) => items.length ? [say("h4", title), el("ol", 0, ...items.map(i => el("li", 0, ...[i].flat())))] : [];
function chain(f, x, n) {
  const steps = [];
  if (n) for (; n; n = f.imports.nodes[n.up]) { const up = f.imports.nodes[n.up]; steps.unshift([go(n.name, "m:" + n.id), note(" " + (up ? `${up.file}:${n.line || "?"}, ` : "") + time(n.total))]); }
  else for (let left = 99; x && x.way && left--; x = x.way.up) steps.unshift([go(x.path, x.path), note(" " + x.way.how + (x.way.line ? ", line " + x.way.line : ""))]);
  return steps;
}
const owner = (f, name) => name === OWN ? "your code" : f.rows.some(d => d.name === name) ? go(name, "d:" + name) : name;
function whole(f, files, rows) {
  const told = list => list.length && `${many(list.length, "file")}, ${size(sum(list, x => x.bytes))}`;
  return [facts([["files", told(files)], ["left out", told(files.filter(x => x.gone))], ...rows]), ...list("Largest files", [...files].sort((a, b) => b.bytes - a.bytes).slice(0, 15).map(x => [go(x.path, x.path), note(` ${size(x.bytes)}, ${x.fate}`)]))];
}
function reasons(f, w) {
  if (w.startsWith("d:")) {
    const d = f.rows.find(d => "d:" + d.name === w), files = f.all.filter(x => "d:" + x.dist === w), n = files.map(x => f.first[x.path]).filter(n => n).sort((a, b) => a.id - b.id)[0];
    if (!d) return [];
    return [title(`${d.name} ${d.version}`), ...whole(f, files, [["required by", d.chain], ["frees", d.frees && size(d.frees) + d.with], ["INIT", d.us && `${time(d.us)}, ${d.modules} modules`]]), ...list(n ? "Imports that first lead to it" : "", chain(f, files.find(x => x.way && x.way.up && x.way.up.dist !== d.name), n))];
  }
  const n = w.startsWith("m:") ? f.imports && f.imports.nodes[w.slice(2)] : f.first[w], path = n ? n.file : w, x = f.at[path];
  if (!n && !x) { const files = f.all.filter(x => x.path.startsWith(w + "/")); return files.length ? [title(w + "/"), ...whole(f, files, [])] : []; }
  const steps = chain(f, x, n);
  return [title(w === path ? path : n.name), facts([
    ["file", x && w !== path && go(path, path)], ["size", x && size(x.bytes) + (x.zipped ? `, ${size(x.zipped)} zipped, ` : ", ") + x.kind], ["distribution", owner(f, n ? n.dist : x.dist)], ["required by", x && (f.rows.find(d => d.name === x.dist) || x).chain],
    ["decision", x && x.fate], ["because", x && x.why], ["INIT", n ? `${time(n.total)} with what it imports, ${time(n.own)} by itself${n.failed ? "; it failed: it is not there" : ""}` : x && f.imports && "not loaded"]]),
  ...list("Imports that lead to it", steps), ...steps.length ? [] : [el("p", 0, note("No import from the handler leads to it."))]];
}
function why() {
  const box = $("#why"), body = S.why ? reasons(F(), S.why) : [];
  box.hidden = !body.length;
  put(box, push("×", ask("")), ...body);
}

const SHOWN = { size: v => v ? size(v) : "", of: (v, d) => d.modules, time: v => v ? time(v) : "", delta: (v, d) => v ? (d.less ? "−" : "+") + size(v) : "" };
const dot = background => el("i", { class: "dot", style: { background } }), note = text => say("small", text), pill = (text, cls) => el("span", { class: "pill " + cls }, text);
const bar = (cls, left, width, tick) => el("div", { class: "bar " + cls }, el("i", { style: { left: left + "%", width: width + "%" } }), tick ? el("u", { style: { left: tick + "%" } }) : "");
function table() {
  const key = S.sort, f = F(), list = f.rows.filter(d => has(d.name, d.version, d.by, d.first)).sort((a, b) => ((a[key] > b[key]) - (a[key] < b[key])) * (S.up ? 1 : -1));
  const head = R.columns.map(([k, text, kind]) => el("th", { class: kind && "num", "aria-sort": key !== k ? "none" : S.up ? "ascending" : "descending" }, push(text + (key !== k ? "" : S.up ? " ↑" : " ↓"), () => { S.up = (key === k ? !S.up : !kind) ? 1 : ""; S.sort = k; all(); })));
  const body = d => R.columns.map(([k, text, kind], i) => {
    const v = d[k], show = SHOWN[kind], cell = el("td", { class: kind && "num", "data-l": text }, ...i ? soft(show ? show(v, d) : v) : [dot(colour(v)), go(`${v} ${d.version}`, "d:" + v)]);
    if (show && kind !== "of" && v > 0 && !R.sides) cell.append(bar("", 0, 100 * v / max(1, ...f.rows.map(x => x[k]))));
    return cell;
  });
  put("#table thead tr", ...head);
  put("#table tbody", ...list.map(d => el("tr", 0, ...body(d))));
}
const linked = text => { const path = text.replace(/:\d+$/, ""); return F().at[path] ? go(text, path) : el("span", 0, ...soft(text)); };
function rows(id, list) {
  $(id).hidden = !list.length;
  put(id + " tbody", ...list.map(r => el("tr", 0, ...r.map(([text, cls, more]) => el("td", { class: cls }, ...text ? [cls[0] === "!" ? pill(text, cls.slice(1)) : linked(text)] : [], ...more ? [el("br"), el("small", 0, linked(more))] : [])))));
}
const to = id => () => { S.at = id; all(); scroll(); };
const scroll = () => { const n = S.at && D.getElementById(S.at); if (n && !n.hidden) n.scrollIntoView(); };
function pictures() {
  const f = F(), old = OLD(), both = old ? [old, f] : [f], most = g => max(...both.map(g)), total = g => g.imports ? sum(g.imports.nodes.filter(n => n.up < 0), n => n.total) : 0;
  if (S.zoom && !both.some(g => g.all.some(x => (x.dist + "/" + x.path).startsWith(S.zoom + "/")))) S.zoom = "";
  $("#imports").hidden = !both.some(g => g.imports);
  [["#old-", old], ["#", f]].forEach(([id, g], i) => ["map", "ice"].forEach(kind => {
    const box = $(id + kind), head = box.previousElementSibling;
    box.parentNode.hidden = !g || kind === "ice" && !g.imports; head.hidden = !old; head.textContent = R.sides ? R.sides[i] : "";
    if (g) kind === "map" ? map(box, g, old && !S.zoom && most(o => sum(o.all, x => x[S.metric]))) : ice(box, g, old && most(total));
  }));
  legend();
}
function all() {
  const f = F(), C = f.cold, made = Object.entries(S).filter(([k, v]) => v !== START[k]);
  try { history.replaceState(null, "", "#" + made.map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&")); } catch (e) {}
  put("#name", D.title = f.name); put("#sub", f.sub);
  put("#moves", ...f.moves.map(([title, was, now, change, cls, bars, text]) => el("div", { class: "card move" }, note(title), el("p", 0, was ? say("s", was + " →") : "", say("b", now), change ? pill(change, cls) : ""), was ? bar("was", 0, bars[0]) : "", bar(cls, 0, bars[1]), note(text))));
  put("#cards", ...f.cards.map(([title, big, text, cls, b, id]) => el(id ? "button" : "div", { class: "card", onclick: id ? to(id) : null }, note(title), say("b", big), note(text), b[1] ? bar(cls, ...b) : "")));
  for (const k of ["metric", "by"]) each(`[data-${k}]`, b => { b.ariaPressed = b.dataset[k] === S[k]; b.onclick = () => { S[k] = b.dataset[k]; all(); }; });
  $("#heavy").ariaPressed = !!S.heavy;
  pictures(); table(); why();
  $("#steps").hidden = !f.steps.length;
  put("#steps ol", ...f.steps.map(([saves, text, command]) => el("li", 0, el("span", 0, ...saves.length ? saves.map(t => pill(t, "good")) : [pill(command ? "look" : "note", "info")]), say("span", text), say("code", command))));
  const T = { ...f.tables, ...R.tables };
  for (const k in T) rows("#" + k, T[k].filter(r => has(...r.flat())));
  $("#cold").hidden = !C;
  if (C) {
    const shade = i => `hsl(${HUES[i]} var(--s) var(--l))`;
    $("#cold small").textContent = C.head;
    put(".bars", ...C.bars.map(([w, text, title], i) => el("span", { title, style: { width: w + "%", background: shade(i) } }, text)));
    rows("#cold", C.rows); each("#cold tr", (r, i) => r.firstChild.prepend(dot(shade(i))));
    put("#cold ul", ...C.notes.map(text => say("li", text)));
  }
  const hits = S.q ? f.all.filter(x => has(...x.hay)) : [];
  rows("#found", hits.slice(0, 40).map(x => [[x.path, "path"], [size(x.bytes), "num"], [x.fate, "", x.why]]));
  $("#found small").textContent = many(hits.length, "file");
}
const find = q => { $("#q").value = S.q = q; all(); };
const pick = $("#pick"); pick.append(...R.functions.map(f => say("option", f.name))); pick.hidden = R.functions.length < 2;
pick.onchange = () => { Object.assign(S, { f: pick.value, zoom: "", node: START.node, why: "" }); all(); };
$("#q").oninput = e => { S.q = e.target.value; all(); };
$("#heavy").onclick = () => { S.heavy = S.heavy ? "" : 1; all(); };
$("#version").textContent = R.tool_version;
each("h2", h => h.onclick = e => e.target === h && to(h.parentNode.id)());
onkeydown = e => { if (e.key === "/" && e.target !== $("#q")) { e.preventDefault(); $("#q").focus(); } if (e.key === "Escape") { off(); if (S.why) return ask("")(); S.zoom = ""; S.node = START.node; find(""); } };
let late; onresize = () => { clearTimeout(late); late = setTimeout(all, 120); };
const start = () => { pick.value = F().name; $("#q").value = S.q; all(); scroll(); };
onhashchange = () => { read(); start(); };
each(".box", picture);
start(); D.documentElement.dataset.ready = "1";
})();
