"use strict";
(() => {
const R = JSON.parse(document.getElementById("data").textContent), $ = s => document.querySelector(s);
const el = (t, a = {}, ...k) => { const n = document.createElement(t); for (const [x, v] of Object.entries(a)) x === "text" ? n.textContent = v : x.startsWith("on") ? n.addEventListener(x.slice(2), v) : n.setAttribute(x, v); n.append(...k); return n; };
const size = n => { let u = ["B", "KiB", "MiB", "GiB"], i = 0; while (n >= 1024 && i < 3) { n /= 1024; i++; } return (i ? n.toFixed(1) : n) + " " + u[i]; };
const time = us => us >= 1e6 ? (us / 1e6).toFixed(1) + " s" : us >= 1000 ? Math.round(us / 1000) + " ms" : (us / 1000).toFixed(1) + " ms";
const hue = s => { let h = 7; for (const c of s) h = (h * 31 + c.charCodeAt(0)) >>> 0; return h % 360; };
const colour = d => d === "(stdlib)" || d === "(runtime)" ? "#b9c0c6" : d === "(project)" ? "#f5cf57" : `hsl(${hue(d)} 58% 72%)`;
const S = { f: 0, q: "", metric: "bytes", by: "distribution", zoom: "", sort: "freed_bytes", up: false, heavy: false };
const read = () => { for (const p of location.hash.slice(1).split("&")) { const [k, v] = p.split("="); if (k in S && v !== undefined) S[k] = typeof S[k] === "number" ? Math.min(+v || 0, R.functions.length - 1) : typeof S[k] === "boolean" ? v === "true" : decodeURIComponent(v); } };
const save = () => history.replaceState(null, "", "#" + Object.entries(S).map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&"));
const F = () => R.functions[S.f];
const files = f => f._files || (f._files = f.files.rows.map(r => Object.fromEntries(f.files.columns.map((c, i) => [c, r[i]]))));
const hit = s => !S.q || s.toLowerCase().includes(S.q.toLowerCase());
const tip = $("#tip");
const hint = (n, text) => { n.addEventListener("mousemove", e => { tip.textContent = text; tip.style.display = "block"; const w = tip.offsetWidth; tip.style.left = Math.max(4, Math.min(e.clientX + 12, innerWidth - w - 6)) + "px"; tip.style.top = Math.min(e.clientY + 14, innerHeight - tip.offsetHeight - 6) + "px"; }); n.addEventListener("mouseleave", () => tip.style.display = "none"); n.title = text; };

function tree(f) {
  const root = { name: "", path: "", kids: new Map(), v: 0 };
  for (const x of files(f)) {
    const v = x[S.metric] || 0; if (!v) continue;
    let n = root; n.v += v; const parts = [x.distribution, ...x.path.split("/")]; let p = "";
    parts.forEach((s, i) => { p += (i ? "/" : "") + s; if (!n.kids.has(s)) n.kids.set(s, { name: s, path: p, kids: new Map(), v: 0, dist: x.distribution, file: i === parts.length - 1 ? x : null }); n = n.kids.get(s); n.v += v; });
  }
  return root;
}
// Squarified treemap (Bruls, Huizing, van Wijk 2000): rows are filled while the worst aspect ratio improves.
function squarify(items, x, y, w, h, out) {
  items = items.filter(i => i.v > 0).sort((a, b) => b.v - a.v || (a.name < b.name ? -1 : 1));
  let total = items.reduce((s, i) => s + i.v, 0), k = 0;
  while (k < items.length && w > 0 && h > 0) {
    const side = Math.min(w, h), scale = w * h / total; let row = [], sum = 0, worst = Infinity;
    while (k < items.length) {
      const s = sum + items[k].v * scale, m = Math.max(...[...row, items[k]].map(i => { const a = i.v * scale; return Math.max(side * side * a / (s * s), s * s / (side * side * a)); }));
      if (m > worst) break; worst = m; sum = s; row.push(items[k++]);
    }
    let o = 0; const d = sum / side;
    for (const i of row) { const l = i.v * scale / d; out(i, w >= h ? x : x + o, w >= h ? y + o : y, w >= h ? d : l, w >= h ? l : d); o += l; total -= i.v; }
    if (w >= h) { x += d; w -= d; } else { y += d; h -= d; }
  }
}
function shade(n) {
  if (S.by === "distribution" || !n.file) return colour(n.dist);
  if (S.by === "fate") return n.file.decision === "kept" ? "#9fd3b1" : `hsl(${hue(n.file.rule)} 55% 74%)`;
  return n.file.loaded ? "#8fc2f2" : "#d3d8dc";
}
function map() {
  const box = $("#map"), W = box.clientWidth, H = box.clientHeight; let node = tree(F());
  box.textContent = "";
  for (const part of S.zoom ? split(S.zoom) : []) { if (!node.kids.has(part)) { S.zoom = ""; return map(); } node = node.kids.get(part); }
  const draw = (n, x, y, w, h, depth) => {
    if (w < 2 || h < 2) return;
    if (n.kids.size && (w > 26 && h > 18) && depth < 5) {
      const label = depth < 2 && w > 50 && h > 30 ? 15 : 0;
      if (label) { const t = el("div", { class: "top", text: n.name + "  " + size(n.v) }); Object.assign(t.style, { left: x + "px", top: y + "px", width: w + "px", height: label + "px" }); box.append(t); }
      squarify([...n.kids.values()], x + 1, y + label, w - 2, h - label - 1, (c, a, b, p, q) => draw(c, a, b, p, q, depth + 1));
      return;
    }
    const c = el("div", { text: w > 34 && h > 13 ? n.name : "", tabindex: -1 });
    Object.assign(c.style, { left: x + "px", top: y + "px", width: w + "px", height: h + "px", background: shade(n) });
    if (n.file && n.file.decision !== "kept") c.classList.add("gone");
    if (!hit(n.path)) c.classList.add("dim");
    hint(c, n.path + "\n" + size(n.v) + (n.file ? `\n${n.file.decision}: [${n.file.rule}] ${n.file.why}` : ""));
    c.onclick = () => { const up = n.file ? n.path.slice(0, n.path.lastIndexOf("/")) : n.path; S.zoom = S.zoom === up ? "" : up; all(); };
    box.append(c);
  };
  squarify([...node.kids.values()], 0, 0, W, H, (c, a, b, p, q) => draw(c, a, b, p, q, 0));
  const crumb = $("#crumb"); crumb.textContent = "";
  if (S.zoom) { crumb.append(el("button", { text: "all", onclick: () => { S.zoom = ""; all(); } })); let p = ""; for (const s of split(S.zoom)) { p += (p ? "/" : "") + s; const q = p; crumb.append(" / ", el("button", { text: s, onclick: () => { S.zoom = q; all(); } })); } }
}
const split = p => p.split("/");

function ice() {
  const I = F().imports, part = $("#imports"); part.hidden = !I; if (!I) return;
  const kids = new Map(), box = $("#ice"); box.textContent = "";
  for (const n of I.nodes) { if (!kids.has(n.parent)) kids.set(n.parent, []); kids.get(n.parent).push(n); }
  if (S.heavy) for (const k of kids.values()) k.sort((a, b) => b.total_us - a.total_us);
  const total = (kids.get(null) || []).reduce((s, n) => s + n.total_us, 0) || 1, W = box.clientWidth; let deepest = 0;
  const cell = (name, title, x, w, depth, bg, cls) => {
    if (w < 1.5) return; deepest = Math.max(deepest, depth);
    const c = el("div", { text: w > 30 ? name : "", class: cls }); Object.assign(c.style, { left: x + "px", top: depth * 19 + "px", width: w + "px", height: "19px", background: bg });
    if (!hit(title)) c.classList.add("dim"); hint(c, title); c.onclick = () => { $("#q").value = S.q = S.q === name ? "" : name; all(); }; box.append(c);
  };
  const walk = (n, x, depth) => {
    const w = n.total_us / total * W;
    cell(n.module, `${n.module}\n${n.distribution}${n.file ? "  " + n.file : ""}\n${time(n.total_us)}, itself ${time(n.self_us)}${n.status === "ok" ? "" : "\n" + n.status}`, x, w, depth, colour(n.distribution), n.status === "failed" ? "failed" : "");
    let p = x; for (const k of kids.get(n.id) || []) { walk(k, p, depth + 1); p += k.total_us / total * W; }
    for (const b of n.body_calls) { const bw = b.us / total * W; cell(b.call, `${b.call}  ${n.file}:${b.line}\n${time(b.us)} in the module's body`, p, bw, depth + 1, colour(n.distribution), "call"); p += bw; }
  };
  let x = 0; for (const r of kids.get(null) || []) { walk(r, x, 0); x += r.total_us / total * W; }
  box.style.height = (deepest + 1) * 19 + "px";
}
const COLUMNS = [["name", "distribution"], ["own_bytes", "own"], ["freed_bytes", "frees"], ["zipped_bytes", "zipped"], ["import_self_us", "import"], ["modules_loaded", "loaded"], ["modules_shipped", "modules"], ["required_by", "required by"]];
function table() {
  const rows = F().distributions.filter(d => hit(d.name + " " + d.required_by.join(" ") + " " + d.first_import.map(c => c[0]).join(" "))), key = S.sort, value = d => key === "required_by" ? d.required_by.join() : d[key];
  rows.sort((a, b) => { const x = value(a), y = value(b); return (x < y ? -1 : x > y ? 1 : 0) * (S.up ? 1 : -1); });
  const most = Object.fromEntries(COLUMNS.map(([k]) => [k, Math.max(1, ...F().distributions.map(d => typeof d[k] === "number" ? d[k] : 0))]));
  const head = el("tr", {}, ...COLUMNS.map(([k, t], i) => el("th", { class: i ? (i > 4 ? "opt num" : "num") : "", "aria-sort": key === k ? (S.up ? "ascending" : "descending") : "none" }, el("button", { text: t + (key === k ? (S.up ? " ↑" : " ↓") : ""), onclick: () => { S.up = key === k ? !S.up : k === "name"; S.sort = k; all(); } }))));
  const cell = (d, k, i) => {
    if (k === "name") return el("td", { text: d.name + " " + d.version });
    if (k === "required_by") return el("td", { class: "opt", text: d.direct ? "you" : d.required_by.join(", ") });
    const td = el("td", { class: "num" + (i > 4 ? " opt" : ""), text: k.endsWith("_us") ? (d[k] ? time(d[k]) : "") : k.endsWith("bytes") ? size(d[k]) : d[k] || "" });
    if (i < 5) { const bar = el("span", { class: "bar opt" }, el("i")); bar.firstChild.style.width = 100 * d[k] / most[k] + "%"; td.append(bar); }
    return td;
  };
  $("#table").replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows.map(d => el("tr", {}, ...COLUMNS.map(([k], i) => cell(d, k, i))))));
}
function rows(id, list, make) { const part = $(id); part.hidden = !list.length; part.querySelector("tbody").replaceChildren(...list.map(make)); }
function card(title, big, small, share) { const c = el("div", { class: "card" }, el("span", { class: "mute", text: title }), el("b", { text: big }), el("span", { class: "mute", text: small })); if (share !== undefined) { const b = el("div", { class: "bar" }, el("i")); b.firstChild.style.width = Math.min(100, share * 100) + "%"; c.append(b); } return c; }
function all() {
  const f = F(), s = f.after || f.before, I = f.imports, C = f.cold_start; save();
  $("#sub").textContent = `${f.handler} · ${f.runtime} ${f.architecture} · ${f.memory_mb} MB`;
  const cards = [card("unzipped", size(s.unzipped_bytes), `${(100 * s.unzipped_bytes / 262144000).toFixed(0)} % of 250 MiB` + (f.after ? `, was ${size(f.before.unzipped_bytes)}` : ""), s.unzipped_bytes / 262144000)];
  if (s.zipped_bytes) cards.push(card("zipped", size(s.zipped_bytes), `${(100 * s.zipped_bytes / 52428800).toFixed(0)} % of 50 MiB for direct upload`, s.zipped_bytes / 52428800));
  if (I) cards.push(card("import", time(I.total_us), `${I.nodes.filter(n => n.status === "ok").length} modules, median of ${I.runs}, ±${Math.round(100 * I.spread_us / I.total_us)} %`));
  if (C) cards.push(card("cold start", time(C.init_us), `INIT, 80 %: ${time(C.init_low_us)} to ${time(C.init_high_us)}, ${C.calibrated ? "calibrated" : "published figures"}`));
  const left = files(f).filter(x => x.decision !== "kept"); cards.push(card("left out", size(left.reduce((a, x) => a + x.bytes, 0)), `${left.length} of ${files(f).length} files`));
  cards.push(card("findings", f.findings.length, f.findings.filter(x => x.level === "error").length + " errors"));
  if (f.proof) cards.push(card("proof", f.proof.result, `${f.proof.events} events, ${f.proof.modules} modules`));
  $("#cards").replaceChildren(...cards);
  for (const [id, k] of [["metric", "metric"], ["by", "by"]]) for (const b of document.querySelectorAll(`[data-${id}]`)) b.setAttribute("aria-pressed", b.dataset[id] === S[k]);
  $("#heavy").setAttribute("aria-pressed", S.heavy);
  map(); ice(); table();
  rows("#rules", f.rules.filter(r => hit(r.rule + r.why)), r => el("tr", {}, el("td", { text: r.rule }), el("td", { class: "num", text: size(r.bytes) }), el("td", { class: "num", text: r.files }), el("td", { text: r.why })));
  rows("#findings", f.findings.filter(x => hit(x.rule + x.file + x.message)), x => el("tr", {}, el("td", { class: x.level, text: x.rule + " " + x.level }), el("td", { text: (x.file ? x.file + (x.line ? ":" + x.line : "") + "  " : "") + x.message }), el("td", { class: "num", text: [x.saves_bytes && "−" + size(x.saves_bytes), x.saves_us && "−" + time(x.saves_us)].filter(Boolean).join(" ") })));
  rows("#checks", f.checks.filter(x => hit(x.id)), x => el("tr", {}, el("td", { class: x.status === "failed" ? "error" : "", text: x.status }), el("td", { text: x.id }), el("td", { class: "num", text: x.value }), el("td", { class: "num", text: x.limit }), el("td", { text: x.message })));
  const found = S.q ? files(f).filter(x => hit(x.path)).slice(0, 40) : [];
  rows("#found", found, x => el("tr", {}, el("td", { text: x.path }), el("td", { class: "num", text: size(x.bytes) }), el("td", { text: `${x.decision}: [${x.rule}] ${x.why}` })));
}
read();
const pick = $("#pick"); R.functions.forEach((f, i) => pick.append(el("option", { value: i, text: f.name }))); pick.value = S.f; pick.hidden = R.functions.length < 2; $("#name").textContent = R.functions.length < 2 ? F().name : "";
pick.onchange = () => { S.f = +pick.value; S.zoom = ""; all(); };
$("#q").value = S.q; $("#q").oninput = e => { S.q = e.target.value; all(); };
document.querySelectorAll("[data-metric]").forEach(b => b.onclick = () => { S.metric = b.dataset.metric; all(); });
document.querySelectorAll("[data-by]").forEach(b => b.onclick = () => { S.by = b.dataset.by; all(); });
$("#heavy").onclick = () => { S.heavy = !S.heavy; all(); };
addEventListener("keydown", e => { if (e.key === "/" && e.target !== $("#q")) { e.preventDefault(); $("#q").focus(); } if (e.key === "Escape") { S.q = S.zoom = ""; $("#q").value = ""; all(); } });
let late; addEventListener("resize", () => { clearTimeout(late); late = setTimeout(all, 120); });
all(); document.documentElement.dataset.ready = "1";
})();
