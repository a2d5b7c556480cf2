// The page works without scripts: controls are a form, results are pages. This script avoids reloads and adds sliders and jobs.
const PARTS = ["headline", "slim", "answer", "how"];
const GESTURE_GAP = 1000; // milliseconds without a change after which a slider starts a new history entry
const DEBOUNCE = 180; // milliseconds after the last change of a slider before a request is sent
const NO_RESPONSE = "The server does not respond. Try again in a moment.";
const JOBS = "/api/v1/jobs";
const STAYS = 700; // milliseconds that an answer stays before its range is asked for
let pending = null; // AbortController of the current request
let timer = 0;
let shown = location.pathname + location.search; // URL of the page without its fragment

document.documentElement.classList.add("scripted");

const here = () => location.pathname + location.search;
const form = () => document.getElementById("desk"); // looked up each time, because it is replaced

function urlOfForm(button) {
  const fields = new URLSearchParams(new FormData(form()));
  if (button) fields.append(button.name, button.value);
  return "/?" + fields;
}

async function show(url, { parts = PARTS, push = true, focus = null, gesture = null } = {}) {
  clearTimeout(timer);
  pending?.abort();
  pending = new AbortController();
  busy(true);
  let page, message;
  try {
    const response = await fetch(url, { signal: pending.signal, headers: { accept: "text/html" } });
    const text = await response.text();
    page = new DOMParser().parseFromString(text, "text/html");
    if (!page.getElementById("answer")) message = errorMessage(text, page);
  } catch (error) {
    if (error.name === "AbortError") return;
    message = NO_RESPONSE;
  }
  busy(false);
  if (message) return showError(message, () => show(url, { parts, push, focus, gesture }));
  document.getElementById("main").classList.remove("stale");
  const sameScenario = scenario(page) === scenario(document); // the focus is not part of the scenario
  // An invalid URL stays in the form and in the address bar to be corrected; the page that came has a default form.
  for (const id of parts) if (id !== "desk" || canonicalOf(page) || !push) replace(id, page);
  if (!sameScenario && formScenario() !== solved) closeJobs();
  solved = formScenario();
  askRange();
  const canonical = canonicalOf(page);
  document.title = page.title;
  if (push && canonical) updateHistory(canonical, gesture);
  shown = here();
  if (focus) document.querySelector(focus)?.focus();
}

// A slider gesture, or a number being typed, is one history entry.
let current = null;

function gestureOn(control) {
  if (current?.control !== control || (current.endedAt && Date.now() - current.endedAt > GESTURE_GAP)) current = { control, pushed: false };
  current.endedAt = 0;
  return current;
}

function updateHistory(canonical, gesture) {
  if (!gesture) current = null;
  if (canonical === here()) return;
  if (gesture?.pushed) history.replaceState(null, "", canonical);
  else history.pushState(null, "", canonical);
  if (gesture) gesture.pushed = true;
}

function busy(is) {
  for (const id of ["answer", "how"]) document.getElementById(id).setAttribute("aria-busy", is);
}

function canonicalOf(page) {
  return page.querySelector('link[rel="canonical"]')?.getAttribute("href"); // null if the URL is invalid
}

// The scenario as form fields: URLs that differ in default values only have the same one.
function formScenario() {
  const fields = new URLSearchParams(new FormData(form()));
  for (const name of ["look", "partner"]) fields.delete(name);
  return fields.toString();
}

// The scenario as a request body of the API.
function scenario(page) {
  return page.getElementById("further")?.dataset.request;
}

function replace(id, page) {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (id === "headline") replaceHeadline(old, fresh);
  else if (id === "slim") old.replaceChildren(...fresh.childNodes);
  else old.replaceWith(fresh);
}

// The live region and its heading stay in the document, so that a screen reader announces only what changed.
function replaceHeadline(old, fresh) {
  const [says, kept] = [fresh, old].map((part) => part.querySelector(".says"));
  if (kept.getAttribute("role") !== says.getAttribute("role")) kept.setAttribute("role", says.getAttribute("role"));
  if (kept.firstElementChild.textContent !== says.firstElementChild.textContent)
    kept.firstElementChild.textContent = says.firstElementChild.textContent;
  for (const other of [...old.children]) if (other !== kept) other.remove();
  const siblings = [...fresh.children];
  kept.before(...siblings.slice(0, siblings.indexOf(says)));
  kept.after(...siblings.slice(siblings.indexOf(says) + 1));
}

// The message of an error response: JSON from the API, or an HTML page without results.
function errorMessage(text, page) {
  try {
    return JSON.parse(text).error.message;
  } catch {
    const heading = page.querySelector("h1") ?? page.body;
    return heading.textContent.trim().slice(0, 300) || NO_RESPONSE;
  }
}

// The old results stay readable, marked as results of the previous settings.
function showError(message, retry) {
  const page = document.implementation.createHTMLDocument();
  const headline = page.createElement("section");
  const [kicker, says, note] = ["p", "div", "p"].map((name) => headline.appendChild(page.createElement(name)));
  Object.assign(kicker, { className: "kicker", textContent: "Request failed" });
  says.className = "says";
  says.setAttribute("role", "alert");
  says.append(page.createElement("h1"));
  says.firstElementChild.textContent = message;
  Object.assign(note, { className: "note", textContent: "The results below are for the previous settings. " });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Retry" });
  button.addEventListener("click", retry);
  note.append(button);
  const old = document.getElementById("headline");
  const kept = [...old.querySelectorAll(".tiles")];
  replaceHeadline(old, headline);
  old.append(...kept);
  document.getElementById("slim").textContent = message;
  document.getElementById("main").classList.add("stale");
}

function showSoon(control) {
  const gesture = gestureOn(control);
  clearTimeout(timer);
  timer = setTimeout(() => show(urlOfForm(), { gesture }), DEBOUNCE);
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.with && target.type === "range") {
    document.getElementById(target.dataset.with).value = target.value;
    showSoon(target.dataset.with);
  } else if (target.form === form() && target.type === "number") {
    const slider = document.querySelector(`input[type=range][data-with="${CSS.escape(target.id)}"]`);
    if (slider) slider.value = target.value;
    if (target.value !== "") showSoon(target.id);
  }
});

document.addEventListener("change", ({ target }) => {
  if (current && current.control === (target.dataset.with ?? target.id)) current.endedAt = Date.now();
  if (target.form !== form() || target.type === "range" || target.type === "number") return;
  if (target.id === "case") return show("/?" + new URLSearchParams({ v: "1", case: target.value }), { parts: [...PARTS, "desk"], focus: "#case" });
  if (target.name === "do" || target.dataset.fresh !== undefined) return show(urlOfForm(), { parts: [...PARTS, "desk"], focus: "#" + target.id });
  show(urlOfForm(), target.id === "look" || target.id === "partner" ? { focus: "#" + target.id } : {});
});

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  const button = event.submitter;
  const added = button?.name === "add";
  const focus = added ? "#lines .line:last-child select" : button?.name === "remove" ? ".add" : null;
  show(urlOfForm(button?.name ? button : null), { parts: button?.name ? [...PARTS, "desk"] : PARTS, focus });
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part]");
  const land = event.target.closest("[data-look]");
  const job = event.target.closest("button[data-job]");
  const copy = event.target.closest("button[data-copy]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    show(link.getAttribute("href"), { focus: "#look" });
  } else if (land) {
    const look = document.getElementById("look");
    look.value = land.dataset.look;
    look.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (job) {
    startJob(job);
  } else if (copy) {
    await navigator.clipboard?.writeText(new URL(copy.dataset.copy, location.href).href).then(
      () => (copy.textContent = "Copied"),
      () => (copy.textContent = "Copy the URL from the address bar"),
    );
  }
});

addEventListener("popstate", () => {
  if (here() === shown) return;
  shown = here();
  current = null;
  show(shown, { parts: [...PARTS, "desk"], push: false });
});

// Jobs: started with a button, followed as an event stream, cancelled with another button.
const streams = new Set();

function cancelJob(id) {
  fetch(`${JOBS}/${id}`, { method: "DELETE" }).catch(() => {}); // a server that is gone has cancelled it
}

function closeJobs() {
  for (const { stream, id } of streams) {
    stream.close();
    cancelJob(id);
  }
  streams.clear();
  document.getElementById("jobs").replaceChildren();
}

// The request body of a job about the scenario of the page.
function jobBody(kind, more, without = "") {
  const body = JSON.parse(scenario(document));
  for (const name of without.split(" ")) delete body[name];
  return JSON.stringify({ ...body, ...JSON.parse(more ?? "{}"), kind });
}

// Return the job, null where the server has no time for it, or throw a message.
async function postJob(url, body) {
  let response, answer;
  try {
    response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    if (response.status === 204) return null;
    answer = await response.json();
  } catch {
    throw NO_RESPONSE;
  }
  if (!response.ok) throw answer.error.message;
  return answer;
}

// Follow a job: `tell` gets each state, `end` the nodes of its answer, or a message as the second argument.
function followJob(job, tell, end) {
  const stream = new EventSource(job.links.events);
  stream.addEventListener("progress", ({ data }) => tell(JSON.parse(data)));
  stream.addEventListener("end", async ({ data }) => {
    stream.close();
    const { state, error, id } = JSON.parse(data);
    if (state !== "done") return end(null, error?.message ?? "Cancelled.");
    try {
      const response = await fetch(`/jobs/${id}`, { headers: { accept: "text/html" } });
      const text = await response.text();
      const page = new DOMParser().parseFromString(text, "text/html");
      if (response.ok) end(page.body.childNodes);
      else end(null, errorMessage(text, page));
    } catch {
      end(null, NO_RESPONSE);
    }
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) end(null, NO_RESPONSE); // otherwise the browser reconnects by itself
  });
  return stream;
}

async function startJob(button) {
  const body = jobBody(button.dataset.job, button.dataset.with, button.dataset.without);
  const box = document.createElement("div");
  box.className = "job";
  document.getElementById("jobs").prepend(box);
  let job;
  try {
    job = await postJob(JOBS, body);
  } catch (message) {
    return void (box.textContent = message);
  }
  if (!box.isConnected) return cancelJob(job.id); // the scenario changed before the job had an id
  const bar = document.createElement("progress");
  const says = document.createElement("span");
  const stop = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Cancel" });
  bar.setAttribute("aria-label", button.textContent);
  box.append(bar, says, " ", stop);
  stop.addEventListener("click", () => cancelJob(job.id));
  const entry = { id: job.id };
  entry.stream = followJob(job, ({ part, doing, state }) => {
    if (part) bar.value = part;
    says.textContent = doing || state;
  }, (nodes, message) => {
    streams.delete(entry);
    if (nodes) box.replaceChildren(...nodes);
    else box.textContent = message;
  });
  streams.add(entry);
}

// The range below the headline: asked for by itself once an answer stays; a button where the server has other work.
let range = null; // the question whose range the page shows or waits for: its key, box, timer, stream and job

function askRange() {
  const box = document.getElementById("range");
  const key = box && box.dataset.with + scenario(document);
  if (box && range?.key === key) return box.replaceWith(range.box); // the same question keeps its range
  leaveRange();
  if (!box) return;
  const asked = (range = { key, box });
  box.querySelector("[data-range]").addEventListener("click", () => startRange(asked, JOBS));
  asked.timer = setTimeout(() => startRange(asked, "/range"), STAYS);
}

// A job that still waits is taken back. One that runs goes on: it ends within seconds, and its result is kept.
function leaveRange() {
  clearTimeout(range?.timer);
  range?.stream?.close();
  if (range?.job && !range.ended) fetch(`/range/${range.job.id}`, { method: "DELETE" }).catch(() => {});
  range = null;
}

async function startRange(asked, url) {
  const [says, button] = asked.box.querySelectorAll("span, button");
  const tell = (text, offered) => {
    says.textContent = text;
    button.hidden = !offered;
  };
  tell("The range over other models, closures and elasticities is being computed …", false);
  try {
    asked.job = await postJob(url, jobBody("range", asked.box.dataset.with));
  } catch (message) {
    return tell(`No range over other models, closures and elasticities: ${message}`, true);
  }
  if (!asked.job) return tell("The range over other models, closures and elasticities waits for other jobs.", true);
  if (range !== asked) return void fetch(`/range/${asked.job.id}`, { method: "DELETE" }).catch(() => {});
  asked.stream = followJob(asked.job, () => {}, (nodes, message) => {
    asked.ended = true;
    if (nodes) asked.box.replaceChildren(...nodes);
    else tell(`No range over other models, closures and elasticities: ${message}`, true);
  });
}

// On a narrow screen the form is below the results: a bar at the top shows the first number while the headline is out of view.
new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
  document.getElementById("slim").classList.toggle("needed", !isIntersecting && boundingClientRect.top < 0);
}).observe(document.querySelector("#headline .says"));

let solved = formScenario(); // the scenario of the results on the page

// Shorten the URL to its canonical form; an invalid URL stays to be corrected.
if (canonicalOf(document)) history.replaceState(null, "", canonicalOf(document) + location.hash);
shown = here();
askRange();
