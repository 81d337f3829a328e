// One event stream for all tabs of a browser: browsers open at most six connections to a host. The tab that holds the lock has the
// stream and tells the others. Topics are what the tabs show; the stream asks for all of them.
"use strict";
(() => {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("modelward-live") : null;
  const me = crypto.randomUUID?.() ?? String(Math.random());
  const sources = new Set();
  const others = new Map();
  let stream = null, leads = false, planned = 0, wait = 1000;

  const mine = () => [...new Set([...sources].flatMap((source) => source.topics))];
  const all = () => {
    const old = Date.now() - 20000;
    for (const [tab, entry] of others) if (entry.seen < old) others.delete(tab);
    return [...new Set([...mine(), ...[...others.values()].flatMap((entry) => entry.topics)])].sort();
  };
  const say = (message) => channel?.postMessage({ from: me, ...message });

  const deliver = (parts) => {
    for (const source of sources) {
      for (const topic of source.topics) {
        if (topic in parts) source.dispatchEvent(new MessageEvent(topic, { data: parts[topic] }));
      }
    }
  };
  const state = (up) => {
    for (const source of sources) source.up(up);
  };

  // Topics come and go in bursts while tabs load.
  const plan = (delay = 250) => {
    if (!leads) return;
    clearTimeout(planned);
    planned = setTimeout(connect, delay);
  };
  const connect = () => {
    const topics = all();
    const wanted = topics.join("\n");
    if (stream && stream.wanted === wanted && stream.readyState !== EventSource.CLOSED) return;
    stream?.close();
    stream = null;
    if (!topics.length) return;
    stream = new EventSource("/ui/events?" + topics.map((topic) => "topic=" + encodeURIComponent(topic)).join("&"));
    stream.wanted = wanted;
    stream.onopen = () => { wait = 1000; state(true); say({ up: true }); };
    stream.addEventListener("live", (event) => {
      const parts = JSON.parse(event.data);
      deliver(parts);
      say({ parts });
    });
    stream.onerror = () => {
      state(false);
      say({ up: false });
      if (stream?.readyState === EventSource.CLOSED) {
        stream = null;
        wait = Math.min(wait * 2, 30000);
        plan(wait);
      }
    };
  };

  channel?.addEventListener("message", ({ data }) => {
    if (data.topics) { others.set(data.from, { topics: data.topics, seen: Date.now() }); plan(); }
    if (data.gone) { others.delete(data.from); plan(); }
    if (data.who) say({ topics: mine() });
    if (data.parts) deliver(data.parts);
    if ("up" in data && !leads) state(data.up);
  });

  const announce = () => { say({ topics: mine() }); plan(); };
  const lead = () => {
    leads = true;
    say({ who: true });
    plan(300);
  };
  if (navigator.locks && channel) {
    navigator.locks.request("modelward-live", () => new Promise((release) => { lead(); addEventListener("pagehide", release, { once: true }); }));
  } else {
    lead();
  }
  setInterval(() => { if (sources.size) announce(); }, 8000);
  addEventListener("pagehide", () => { say({ gone: true }); stream?.close(); stream = null; leads = false; });
  // A page that comes back from the browser's memory begins anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // What htmx takes for an EventSource.
  class SharedSource extends EventTarget {
    constructor(url) {
      super();
      this.topics = new URL(url, location.href).searchParams.getAll("topic");
      this.readyState = 0;
      sources.add(this);
      announce();
    }
    up(is) {
      this.readyState = is ? 1 : 0;
      document.body.toggleAttribute("data-offline", !is);
      if (is) this.onopen?.(new Event("open"));
    }
    close() {
      this.readyState = 2;
      sources.delete(this);
      announce();
    }
  }
  window.modelwardLive = (topics, listener) => {
    const source = new SharedSource("/ui/events?" + topics.map((topic) => "topic=" + encodeURIComponent(topic)).join("&"));
    topics.forEach((topic) => source.addEventListener(topic, listener));
    return source;
  };
  htmx.createEventSource = (url) => new SharedSource(url);
})();
