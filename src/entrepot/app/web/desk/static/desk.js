// The page works without this: every control is a form, every answer a page. This saves the reload, and moves sliders.
const PARTS = ["headline", "slim", "answer", "how"];
const REST = 1000; // milliseconds without a move after which a hand on a slider begins anew
const PATIENCE = 180; // milliseconds after the last change; a slider that moves is one question
const SILENT = "The server does not answer. Try again in a moment.";
const JOBS = "/api/v1/jobs";
let asking = null;
let timer = 0;
let shown = location.pathname + location.search; // what the page shows; a place on it (#main) is not another page

document.documentElement.classList.add("scripted");

const here = () => location.pathname + location.search;
const form = () => document.getElementById("desk"); // it is replaced where a case or a line changes

function address(button) {
  const said = new URLSearchParams(new FormData(form()));
  if (button) said.append(button.name, button.value);
  return "/?" + said;
}

async function show(where, { parts = PARTS, push = true, focus = null, hand = null } = {}) {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  busy(true);
  let page, message;
  try {
    const response = await fetch(where, { signal: asking.signal, headers: { accept: "text/html" } });
    const text = await response.text();
    page = new DOMParser().parseFromString(text, "text/html");
    if (!page.getElementById("answer")) message = said(text, page);
  } catch (error) {
    if (error.name === "AbortError") return;
    message = SILENT;
  }
  busy(false);
  if (message) return lost(message, () => show(where, { parts, push, focus, hand }));
  document.getElementById("main").classList.remove("stale");
  const sameQuestion = question(page) === question(document); // another country looked at is the same question
  // What cannot be read stays in the form and in the address, to be put right; the page has another state's form.
  for (const id of parts) if (id !== "desk" || canonicalOf(page) || !push) replace(id, page);
  if (!sameQuestion && change() !== answered) closeJobs();
  answered = change();
  const canonical = canonicalOf(page);
  document.title = page.title;
  if (push && canonical) remember(canonical, hand);
  shown = here();
  if (focus) document.querySelector(focus)?.focus();
}

// One move of a slider, or one number typed, is one step back: where it began, not every place it passed.
let moving = null;

function handOn(control) {
  if (moving?.control !== control || (moving.rested && Date.now() - moving.rested > REST)) moving = { control, known: false };
  moving.rested = 0;
  return moving;
}

function remember(canonical, hand) {
  if (!hand) moving = null;
  if (canonical === here()) return;
  if (hand?.known) history.replaceState(null, "", canonical);
  else history.pushState(null, "", canonical);
  if (hand) hand.known = true;
}

function busy(is) {
  for (const id of ["answer", "how"]) document.getElementById(id).setAttribute("aria-busy", is);
}

function canonicalOf(page) {
  return page.querySelector('link[rel="canonical"]')?.getAttribute("href"); // none where the address cannot be read
}

// What changes, as the form says it: an address may leave out what is usual, and still ask the same.
function change() {
  const said = new URLSearchParams(new FormData(form()));
  for (const name of ["look", "partner"]) said.delete(name);
  return said.toString();
}

function question(page) {
  return page.getElementById("further")?.dataset.asked;
}

function replace(id, page) {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (id === "headline") retell(old, fresh);
  else if (id === "slim") old.replaceChildren(...fresh.childNodes);
  else old.replaceWith(fresh);
}

// The region that is read aloud stays, and so does its heading: a screen reader reads what changed, not everything again.
function retell(old, fresh) {
  const [says, said] = [fresh, old].map((part) => part.querySelector(".says"));
  if (said.getAttribute("role") !== says.getAttribute("role")) said.setAttribute("role", says.getAttribute("role"));
  if (said.firstElementChild.textContent !== says.firstElementChild.textContent)
    said.firstElementChild.textContent = says.firstElementChild.textContent;
  for (const other of [...old.children]) if (other !== said) other.remove();
  const around = [...fresh.children];
  said.before(...around.slice(0, around.indexOf(says)));
  said.after(...around.slice(around.indexOf(says) + 1));
}

// What the server says where it does not answer: a document of the API, or a page that is not the desk.
function said(text, page) {
  try {
    return JSON.parse(text).error.message;
  } catch {
    const words = page.querySelector("h1") ?? page.body;
    return words.textContent.trim().slice(0, 300) || SILENT;
  }
}

// The old answer stays to be read, but not as the answer to what the form says now.
function lost(message, again) {
  const page = document.implementation.createHTMLDocument();
  const headline = page.createElement("section");
  const [kicker, says, note] = ["p", "div", "p"].map((name) => headline.appendChild(page.createElement(name)));
  Object.assign(kicker, { className: "kicker", textContent: "Not answered" });
  says.className = "says";
  says.setAttribute("role", "alert");
  says.append(page.createElement("h1"));
  says.firstElementChild.textContent = message;
  Object.assign(note, { className: "note", textContent: "What stands below is the answer to the settings before. " });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Ask again" });
  button.addEventListener("click", again);
  note.append(button);
  const old = document.getElementById("headline");
  const kept = [...old.querySelectorAll(".tiles")];
  retell(old, headline);
  old.append(...kept);
  document.getElementById("slim").textContent = message;
  document.getElementById("main").classList.add("stale");
}

function soon(control) {
  const hand = handOn(control);
  clearTimeout(timer);
  timer = setTimeout(() => show(address(), { hand }), PATIENCE);
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.with && target.type === "range") {
    document.getElementById(target.dataset.with).value = target.value;
    soon(target.dataset.with);
  } else if (target.form === form() && target.type === "number") {
    const slider = document.querySelector(`input[type=range][data-with="${CSS.escape(target.id)}"]`);
    if (slider) slider.value = target.value;
    if (target.value !== "") soon(target.id);
  }
});

document.addEventListener("change", ({ target }) => {
  if (moving && moving.control === (target.dataset.with ?? target.id)) moving.rested = Date.now();
  if (target.form !== form() || target.type === "range" || target.type === "number") return;
  if (target.id === "case") return show("/?" + new URLSearchParams({ v: "1", case: target.value }), { parts: [...PARTS, "desk"], focus: "#case" });
  if (target.name === "do" || target.dataset.fresh !== undefined) return show(address(), { parts: [...PARTS, "desk"], focus: "#" + target.id });
  show(address(), target.id === "look" || target.id === "partner" ? { focus: "#" + target.id } : {});
});

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  const button = event.submitter;
  const added = button?.name === "add";
  const focus = added ? "#lines .line:last-child select" : button?.name === "remove" ? ".add" : null;
  show(address(button?.name ? button : null), { parts: button?.name ? [...PARTS, "desk"] : PARTS, focus });
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part]");
  const land = event.target.closest("[data-look]");
  const ask = event.target.closest("button[data-job]");
  const copy = event.target.closest("button[data-copy]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    show(link.getAttribute("href"), { focus: "#look" });
  } else if (land) {
    const look = document.getElementById("look");
    look.value = land.dataset.look;
    look.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (ask) {
    begin(ask);
  } else if (copy) {
    await navigator.clipboard?.writeText(new URL(copy.dataset.copy, location.href).href).then(
      () => (copy.textContent = "Copied"),
      () => (copy.textContent = "The address bar has the link"),
    );
  }
});

addEventListener("popstate", () => {
  if (here() === shown) return;
  shown = here();
  moving = null;
  show(shown, { parts: [...PARTS, "desk"], push: false });
});

// Jobs: begun with a button, followed as a stream, called off with another.
const streams = new Set();

function callOff(id) {
  fetch(`${JOBS}/${id}`, { method: "DELETE" }).catch(() => {}); // a server that is gone has called it off itself
}

function closeJobs() {
  for (const { stream, id } of streams) {
    stream.close();
    callOff(id);
  }
  streams.clear();
  document.getElementById("jobs").replaceChildren();
}

async function begin(button) {
  const asked = JSON.parse(question(document));
  for (const name of (button.dataset.without ?? "").split(" ")) delete asked[name];
  Object.assign(asked, JSON.parse(button.dataset.with ?? "{}"), { kind: button.dataset.job });
  const box = document.createElement("div");
  box.className = "job";
  document.getElementById("jobs").prepend(box);
  let job;
  try {
    const response = await fetch(JOBS, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) });
    job = await response.json();
    if (!response.ok) return void (box.textContent = job.error.message);
  } catch {
    return void (box.textContent = SILENT);
  }
  if (!box.isConnected) return callOff(job.id); // the question changed before the job had a name
  const bar = document.createElement("progress");
  const says = document.createElement("span");
  const stop = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Call it off" });
  bar.setAttribute("aria-label", button.textContent);
  box.append(bar, says, " ", stop);
  stop.addEventListener("click", () => callOff(job.id));
  const stream = new EventSource(job.links.events);
  const known = { stream, id: job.id };
  streams.add(known);
  stream.addEventListener("progress", ({ data }) => {
    const { part, doing, state } = JSON.parse(data);
    if (part) bar.value = part;
    says.textContent = doing || state;
  });
  stream.addEventListener("end", async ({ data }) => {
    stream.close();
    streams.delete(known);
    const { state, error, id } = JSON.parse(data);
    if (state !== "done") return void (box.textContent = error?.message ?? "Called off.");
    try {
      const piece = await fetch(`/jobs/${id}`, { headers: { accept: "text/html" } });
      const text = await piece.text();
      const page = new DOMParser().parseFromString(text, "text/html");
      if (piece.ok) box.replaceChildren(...page.body.childNodes);
      else box.textContent = said(text, page);
    } catch {
      box.textContent = SILENT;
    }
  });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return; // it is asking again by itself
    streams.delete(known);
    box.textContent = SILENT;
  });
}

// On a narrow screen the form stands below the answer: what a slider does is told at the top while the headline is away.
new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
  document.getElementById("slim").classList.toggle("needed", !isIntersecting && boundingClientRect.top < 0);
}).observe(document.querySelector("#headline .says"));

let answered = change();

// The address that opened the page may be longer than it has to be. One that cannot be read stays, to be put right.
if (canonicalOf(document)) history.replaceState(null, "", canonicalOf(document) + location.hash);
shown = here();
