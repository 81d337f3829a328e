// What makes pages pleasant. Every page works without it.
"use strict";
(() => {
  const each = (root, selector, action) => root.querySelectorAll(selector).forEach(action);
  const typing = (target) => target.matches?.("input, select, textarea, [contenteditable]");

  // Times tell how long ago; their titles tell exactly when.
  const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const ago = (then) => {
    const seconds = Math.round((Date.now() - then) / 1000);
    const size = Math.abs(seconds);
    if (seconds >= 0 && size < 5) return "just now";
    const [unit, length] = units.find(([name, l]) => size >= l * (name === "day" || name === "month" || name === "year" ? (name === "day" ? 1 : 2) : 1)) ?? units[5];
    const count = Math.max(1, Math.floor(size / length));
    const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
    return seconds < 0 ? `in ${words}` : `${words} ago`;
  };
  const clocks = (root) => each(root, "time[data-ago]", (time) => {
    const words = ago(Date.parse(time.dateTime));
    if (time.textContent !== words) time.textContent = words;
  });

  // Buttons that copy.
  const copying = (root) => {
    if (!navigator.clipboard) return;
    each(root, "pre.copyable:not(.has-copy)", (pre) => {
      pre.classList.add("has-copy");
      const box = document.createElement("div");
      box.className = "copy";
      pre.replaceWith(box);
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(pre.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
      box.append(pre, button);
    });
    each(root, "button[data-copy]", (button) => { button.hidden = false; });
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  });

  // Links and forms to a page of one question open it in a dialog.
  const dialog = document.getElementById("dialog");
  const fill = (answer) => {
    const page = new DOMParser().parseFromString(answer, "text/html");
    const content = page.querySelector("[data-dialog]");
    if (!content) return false;
    const body = dialog.querySelector(".content");
    body.replaceChildren(document.importNode(content, true));
    window.htmx?.process(body);
    refresh(body);
    if (!dialog.open) dialog.showModal();
    (body.querySelector("[autofocus], [aria-invalid=true]") ?? body.querySelector("input, select, textarea, button"))?.focus();
    return true;
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-opens-dialog]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !dialog?.showModal) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
      if (!fill(await answer.text())) location.href = link.href;
    } catch {
      location.href = link.href;
    }
  });
  dialog?.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method.toLowerCase() !== "post") return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    each(form, "button", (button) => { button.disabled = true; });
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "text/html" } });
      if (answer.ok && answer.redirected) {
        location.href = answer.url;
        return;
      }
      if (!fill(await answer.text())) form.submit();
    } catch {
      each(form, "button", (button) => { button.disabled = false; });
      let note = form.querySelector(".sent-in-vain");
      if (!note) {
        note = document.createElement("p");
        note.className = "error sent-in-vain";
        note.setAttribute("role", "alert");
        form.append(note);
      }
      note.textContent = "The server cannot be reached. Try again.";
    }
  });
  dialog?.querySelector(".close")?.addEventListener("click", () => dialog.close());

  // Boxes that choose what is compared: the button tells how many, and is off with fewer than two.
  const choosing = () => each(document, "form[data-compare]", (form) => {
    const most = Number(form.dataset.compare);
    const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${CSS.escape(form.id)}"]`)];
    const chosen = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => { box.disabled = !box.checked && chosen >= most; });
    each(form, "button[type=submit]", (button) => {
      button.disabled = chosen < 2;
      button.textContent = chosen < 2 ? "Compare (tick two or more)" : `Compare ${chosen}`;
    });
  });
  document.addEventListener("change", choosing);

  // Keys: / to search, ? for help, arrows in lists, space to tick.
  const rows = () => [...document.querySelectorAll("table[data-list] > tbody > tr")];
  const reach = (row) => (row.querySelector("a[href]") ?? row.querySelector("input"))?.focus();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const inside = typing(event.target) && event.target.type !== "checkbox";
    if (event.key === "Escape" && inside) event.target.blur();
    if (inside) return;
    if (event.key === "/") {
      event.preventDefault();
      (document.querySelector("main input[type=search]") ?? document.getElementById("find"))?.focus();
    } else if (event.key === "?") {
      document.getElementById("keys")?.showModal();
    } else if (["ArrowDown", "ArrowUp", "j", "k"].includes(event.key)) {
      const list = rows();
      if (!list.length) return;
      const here = list.findIndex((row) => row.contains(document.activeElement));
      if (here < 0 && document.activeElement !== document.body && event.key.startsWith("Arrow")) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" || event.key === "j" ? 1 : -1;
      reach(list[here < 0 ? 0 : Math.min(list.length - 1, Math.max(0, here + step))]);
    } else if (event.key === " " && event.target.closest?.("table[data-list] tr") && event.target.matches("a")) {
      const box = event.target.closest("tr").querySelector("input[type=checkbox]");
      if (box) { event.preventDefault(); box.click(); }
    }
  });
  document.querySelector("[data-keys]")?.addEventListener("click", () => document.getElementById("keys").showModal());
  each(document, "#keys .close", (button) => button.addEventListener("click", () => button.closest("dialog").close()));

  const refresh = (root) => { clocks(root); copying(root); choosing(); };
  refresh(document);
  each(document, "[data-script]", (element) => { element.hidden = false; });
  setInterval(() => clocks(document), 10000);
  document.addEventListener("htmx:afterSwap", (event) => refresh(event.detail.elt ?? document));
})();
