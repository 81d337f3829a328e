// Draws a chart over the table that stands behind it: <figure class="chart" data-x="time|number" data-unit="…"> with a table whose first
// column is x and whose other columns are lines. A column's data-band="low|high" makes a band of two columns. Cells have their value in data-v.
"use strict";
(() => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const value = (cell) => {
    const text = cell?.dataset.v ?? cell?.textContent ?? "";
    const number = text === "" ? NaN : Number(text);
    return Number.isFinite(number) ? number : null;
  };
  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const labels = rows.map((row) => row.cells[0].textContent.trim());
    return { names: heads.map((head) => head.textContent.trim()), heads, labels, data: heads.map((_, i) => rows.map((row) => value(row.cells[i]))) };
  };

  // A table with a body for each line (data-groups): its first row names the line, the others are points.
  const readGroups = (table) => {
    const bodies = [...table.tBodies];
    const lines = bodies.map((body) => new Map([...body.rows].slice(1).map((row) => [value(row.cells[0]), value(row.cells[1])])));
    const xs = [...new Set(lines.flatMap((line) => [...line.keys()]))].sort((a, b) => a - b);
    return {
      names: [table.tHead.rows[0].cells[0].textContent.trim(), ...bodies.map((body) => body.rows[0].textContent.trim())],
      heads: [{ dataset: {} }, ...bodies.map((_, i) => ({ dataset: Math.floor(i / 6) % 2 ? { dash: "" } : {} }))],
      labels: [],
      data: [xs, ...lines.map((line) => xs.map((x) => line.get(x) ?? null))],
    };
  };

  const smoothed = (values, weight) => {
    let last = null;
    return values.map((v) => {
      if (v === null || !Number.isFinite(v)) return v;
      last = last === null ? v : last * weight + v * (1 - weight);
      return last;
    });
  };

  const digits = (v) => v === null || v === undefined ? "–" : Math.abs(v) >= 1e6 || (v !== 0 && Math.abs(v) < 1e-4) ? v.toExponential(3) : String(+v.toPrecision(6));

  class Chart {
    constructor(figure) {
      this.figure = figure;
      this.plot = document.createElement("div");
      this.plot.className = "plot";
      this.plot.setAttribute("aria-hidden", "true");
      const holder = figure.querySelector(".table");
      if (holder && holder.tagName !== "DETAILS") {
        const details = document.createElement("details");
        const summary = document.createElement("summary");
        summary.textContent = "Show the numbers as a table";
        holder.before(details);
        details.append(summary, holder);
      }
      (figure.querySelector("details") ?? figure.firstElementChild).before(this.plot);
      this.draw();
    }

    draw() {
      const table = this.figure.querySelector("table:not(.u-legend)");
      if (!table) return;
      const grouped = this.figure.dataset.groups !== undefined;
      const { names: lineNames, heads, labels, data } = grouped ? readGroups(table) : read(table);
      const many = grouped && lineNames.length > 13;
      const named = this.figure.dataset.x === "label";
      const weight = Number(this.figure.dataset.smooth ?? 0);
      const lines = weight ? data.map((column, i) => i ? smoothed(column, weight) : column) : data;
      const time = this.figure.dataset.x === "time";
      const log = this.figure.dataset.log === "true";
      const series = heads.map((head, i) => {
        if (!i) return { label: lineNames[0], value: time ? (_, v) => v === null || v === undefined ? "–" : new Date(v * 1000).toLocaleString() : (_, v) => named ? labels[Math.round(v)] ?? "" : digits(v) };
        const colour = style("--" + (head.dataset.colour ?? names[(i - 1) % 6]));
        const edge = head.dataset.band !== undefined;
        return { label: lineNames[i], stroke: colour, width: edge ? 0 : many ? 1 : 2, dash: head.dataset.dash !== undefined ? [6, 4] : undefined, points: { show: !many && lines[0].length < 40 && !edge && head.dataset.dash === undefined }, spanGaps: true, value: (_, v) => digits(v) };
      });
      const bands = [];
      heads.forEach((head, i) => {
        if (head.dataset.band === "high") bands.push({ series: [i, i + 1], fill: style("--" + (head.dataset.colour ?? "a")) + "33" });
      });
      // Times by the clock of the reader, in 24 hours; a tick of another day has its date.
      const clock = (ticks, step) => ticks.map((tick) => {
        const at = new Date(tick * 1000);
        const two = (n) => String(n).padStart(2, "0");
        const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
        if (step >= 86400) return day;
        const time = `${two(at.getHours())}:${two(at.getMinutes())}` + (step < 60 ? `:${two(at.getSeconds())}` : "");
        return at.getHours() === 0 && at.getMinutes() === 0 ? day : time;
      });
      const axis = { font: "12px system-ui, sans-serif", stroke: style("--quiet"), grid: { stroke: style("--line"), width: 1 }, ticks: { stroke: style("--line"), width: 1 } };
      const options = {
        width: Math.max(240, this.plot.clientWidth), height: 240, series, bands,
        scales: { x: { time }, y: log ? { distr: 3 } : {} },
        axes: [named ? { ...axis, incrs: [1, 2, 5, 10, 20, 50], values: (_, ticks) => ticks.map((tick) => labels[tick] ?? "") } : time ? { ...axis, values: (_, ticks, __, ___, step) => clock(ticks, step) } : axis, { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => tick === null ? "" : digits(tick)) }],
        cursor: { drag: { x: true, y: false }, focus: { prox: grouped ? 24 : -1 } },
        focus: { alpha: grouped ? 0.25 : 1 },
        legend: { show: !many, live: true },
        hooks: { setSeries: [(_, i) => { if (many) this.tell(i === null || i === undefined ? "" : lineNames[i]); }] },
      };
      const positive = log ? lines.map((column, i) => i ? column.map((v) => v !== null && v > 0 ? v : null) : column) : lines;
      this.drawn?.destroy();
      this.drawn = new uPlot(options, positive, this.plot);
    }

    /** Names the line that the pointer is near, where there are too many for a legend. */
    tell(name) {
      this.near ??= this.figure.querySelector("figcaption").appendChild(document.createElement("span"));
      this.near.className = "quiet";
      this.near.textContent = name ? ` · ${name}` : "";
    }

    /** New rows of the table: those with an x that is there already take its place. */
    merge(rows) {
      const body = this.figure.querySelector("table:not(.u-legend)").tBodies[0];
      const known = new Map([...body.rows].slice(-40).map((row) => [row.cells[0].dataset.v, row]));
      for (const row of rows) {
        const old = known.get(row.cells[0].dataset.v);
        const copy = document.importNode(row, true);
        if (old) old.replaceWith(copy); else body.append(copy);
      }
      // A page may stay open for days: of the older half of the rows every second one goes.
      while (body.rows.length > 800) [...body.rows].slice(0, body.rows.length >> 1).forEach((row, i) => { if (i % 2) row.remove(); });
      const { data } = read(this.figure.querySelector("table:not(.u-legend)"));
      this.drawn?.setData(data);
    }

    resize() { this.drawn?.setSize({ width: Math.max(240, this.plot.clientWidth), height: 240 }); }
  }

  const charts = new Map();
  const find = (root) => root.querySelectorAll("figure.chart").forEach((figure) => {
    if (!charts.has(figure) && figure.querySelector("table tbody tr")) charts.set(figure, new Chart(figure));
  });
  const tidy = () => { for (const figure of charts.keys()) if (!figure.isConnected) { charts.get(figure).drawn?.destroy(); charts.delete(figure); } };

  find(document);
  document.addEventListener("htmx:afterSwap", () => { tidy(); find(document); });
  document.addEventListener("htmx:sseMessage", () => { tidy(); find(document); });
  let planned = 0;
  addEventListener("resize", () => { clearTimeout(planned); planned = setTimeout(() => charts.forEach((chart) => chart.resize()), 150); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.draw()));

  // Controls of a chart: log scale and smoothing.
  document.addEventListener("input", (event) => {
    const control = event.target.closest("[data-chart-control]");
    if (!control) return;
    charts.forEach((chart, figure) => {
      if (control.dataset.chartControl === "log") figure.dataset.log = control.checked;
      if (control.dataset.chartControl === "smooth") figure.dataset.smooth = control.value;
      chart.draw();
    });
  });

  // Rows that a live message brings, for the chart of that id.
  document.addEventListener("htmx:sseMessage", () => {
    document.querySelectorAll("template[data-rows-for]").forEach((news) => {
      const figure = document.getElementById(news.dataset.rowsFor);
      const chart = figure && charts.get(figure);
      if (chart) chart.merge([...news.content.querySelectorAll("tr")]);
    });
  });
})();
