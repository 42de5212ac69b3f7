// What the pages do with a script, and without it do not need: the journal grows by itself, commands are copied,
// times are the reader's own. Rows come as the portal wrote and escaped them; nothing of a client becomes markup here.
"use strict";

const MOST = 500;

function localTimes(within) {
  for (const shown of within.querySelectorAll("time[datetime]:not([title])")) {
    const moment = new Date(shown.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    shown.title = shown.dateTime;
    const [day, clock] = new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 19).split("T");
    shown.textContent = shown.textContent.length > 8 ? `${day} ${clock}` : clock;
  }
}

function copies() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy), name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let told = "Copied";
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {  // no right to, or not by a name of this machine: the reader copies what is selected
        getSelection().selectAllChildren(text);
        told = document.execCommand("copy") ? "Copied" : "Selected: copy it";
      }
      button.textContent = told;
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  }
}

function live(table) {
  const body = table.tBodies[0], empty = document.querySelector("[data-empty]");
  const spoken = document.querySelector("[data-spoken]"), count = document.querySelector("[data-count]");
  const state = document.querySelector("[data-live-state]"), word = document.querySelector("[data-live-word]");
  const pause = document.querySelector("[data-pause]");
  let since = Number(table.dataset.since), source = null, busy = false, again = false, paused = false;
  let untold = 0, speaking = 0, wait = 1000, trouble = 0;

  function tell(name, words) {
    if (state.dataset.state === name) return;
    state.dataset.state = name;
    word.textContent = words;
  }

  function speak() {
    if (untold) spoken.textContent = untold === 1 ? "1 new exchange" : `${untold} new exchanges`;
    untold = speaking = 0;
  }

  function add(html, anew) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const rows = [...made.content.querySelectorAll("tr[data-number]")];
    const name = (row) => `${row.dataset.number} ${row.querySelector("time").dateTime}`;
    const known = new Set([...body.rows].map(name)), fresh = rows.filter((row) => !known.has(name(row)));
    if (anew && !fresh.length && rows.length === body.rows.length) return;
    if (anew) body.replaceChildren();
    for (const row of fresh) row.classList.add("new");
    localTimes(made.content);
    body.prepend(...rows);
    while (body.rows.length > MOST) body.lastElementChild.remove();
    empty.hidden = body.rows.length > 0;
    untold += fresh.length;
    if (untold && !speaking) speaking = setTimeout(speak, 1000);
  }

  async function fill() {
    again = true;
    if (busy || paused) return;
    busy = true;
    try {
      while (again && !paused) {
        again = false;
        const answer = await fetch(table.dataset.rows + since);
        if (!answer.ok) break;
        add(await answer.text(), answer.headers.get("Portal-Anew") === "yes");
        since = Number(answer.headers.get("Portal-Seen"));
        count.textContent = since;
        await new Promise((done) => setTimeout(done, 100));
      }
    } catch { /* the portal is away: the stream says so and comes back */ }
    busy = false;
  }

  function listen() {
    source = new EventSource(table.dataset.events);
    source.addEventListener("open", () => { wait = 1000; clearTimeout(trouble); trouble = 0; tell("live", "live"); fill(); });
    for (const kind of ["exchange", "lost"]) source.addEventListener(kind, fill);
    source.addEventListener("cleared", () => { since = Infinity; add("", true); since = 0; count.textContent = 0; fill(); });
    source.addEventListener("error", () => {
      source.close();
      if (paused) return;
      trouble ||= setTimeout(() => tell("waiting", "no connection, trying again"), 2500);
      setTimeout(() => { if (!paused) { fill(); listen(); } }, wait);
      wait = Math.min(wait * 2, 10000);
    });
  }

  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    pause.textContent = paused ? "Go on" : "Pause";
    if (paused) {
      source.close();
      tell("paused", "paused");
    } else {
      listen();
    }
  });
  state.hidden = false;
  document.querySelector("[data-refresh]").hidden = true;
  listen();
  // What other processes on the same store were sent, no stream of this one tells.
  if ("shared" in table.dataset) setInterval(fill, 3000);
  addEventListener("pagehide", () => source.close());
}

localTimes(document);
copies();
const journal = document.querySelector("table[data-journal]");
if (journal) live(journal);
