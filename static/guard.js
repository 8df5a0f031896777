// Guards the page. If the program stops for good, a card offers to copy the run, to reopen it without
// the last action, or to go home. static/start.js uses the same card if the program never started.
// This is plain JavaScript for old browsers, so that it works when nothing else does. The stored data
// has the format of src/storage.rs.
(function () {
  "use strict";

  var RUN = "faultline.run";
  var REOPEN = "faultline.reopen";
  var shown = false;

  // Scripts run, so the note about blocked scripts stays hidden (static/tokens.css).
  document.documentElement.classList.add("scripted");

  // The poster shows the home scenario, but this address opens something else.
  if (location.hash.length > 1 || history.state !== null) document.documentElement.classList.add("elsewhere");

  // In a frame of another page, only the stage and its controls are shown.
  if (/[?&]embed=1(&|$)/.test(location.search)) document.documentElement.classList.add("embedded");

  try {
    var view = /[?&]view=(light|dark|projector)(&|$)/.exec(location.search);
    var theme = view ? view[1] : localStorage.getItem("faultline.theme");
    if (theme) document.documentElement.setAttribute("data-theme", theme);
  } catch (refused) {
    // No storage: the light theme is the default.
  }

  function saved() {
    try {
      return JSON.parse(sessionStorage.getItem(RUN));
    } catch (broken) {
      return null;
    }
  }

  // The run without its last command.
  function withoutLast(run) {
    var copy = JSON.parse(JSON.stringify(run));
    var commands = copy.recipe.commands || [];
    if (!copy.last) commands.pop();
    copy.recipe.commands = commands;
    copy.last = null;
    return copy;
  }

  function goHome(run) {
    try {
      if (run) sessionStorage.setItem(REOPEN, JSON.stringify(run));
      else sessionStorage.removeItem(RUN);
    } catch (refused) {
      // Without storage the home scenario opens.
    }
    history.replaceState(null, "", location.pathname + location.search);
    location.reload();
  }

  // Opens the page again as it was: the link, else the saved run.
  function tryAgain() {
    var run = saved();
    if (run && location.hash.length <= 1) goHome(run);
    else location.reload();
  }

  function button(text, act) {
    var element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.addEventListener("click", function () { act(element); });
    return element;
  }

  function copyRun(run, message, element, field) {
    var text = JSON.stringify({ run: run, message: message, page: location.href }, null, 2);
    field.value = text;
    field.hidden = false;
    field.focus();
    field.select();
    var done = function () { element.textContent = "Copied"; };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, function () {});
    else if (document.execCommand("copy")) done();
  }

  // Shows the card once. `words` replaces title and text for a failure that may not happen again;
  // `words.tryAgain` labels the button for another try.
  function show(message, words) {
    if (shown) return;
    if (!document.body) {
      // The head of the page calls this before the body exists; a later call may know more.
      document.addEventListener("DOMContentLoaded", function () { show(message, words); });
      return;
    }
    shown = true;
    var run = saved();
    var page = document.getElementById("faultline");
    if (page) page.inert = true;
    // The poster must not look as if something runs (static/tokens.css).
    document.documentElement.classList.add("stopped");

    var card = document.createElement("div");
    card.className = "guard";
    card.setAttribute("role", "alertdialog");
    card.setAttribute("aria-modal", "true");
    card.setAttribute("aria-labelledby", "guard-title");
    card.setAttribute("aria-describedby", "guard-text");

    var title = document.createElement("h2");
    title.id = "guard-title";
    title.textContent = words ? words.title : "Faultline itself has crashed";
    var text = document.createElement("p");
    text.id = "guard-text";
    text.textContent = words ? words.text : run
      ? "This is a bug in the page, not one of your faults. Your run is safe: it was saved before your last action."
      : "This is a bug in the page. You have not lost anything.";
    var detail = document.createElement("pre");
    detail.textContent = String(message).split("\n")[0].slice(0, 300);
    var field = document.createElement("textarea");
    field.hidden = true;
    field.readOnly = true;
    field.rows = 6;
    field.setAttribute("aria-label", "This run as text");
    var row = document.createElement("div");
    row.className = "guard-row";
    if (words) row.appendChild(button(words.tryAgain || "Try again", tryAgain));
    else if (run) row.appendChild(button("Reopen without the last action", function () { goHome(withoutLast(run)); }));
    if (run) row.appendChild(button("Copy this run", function (element) { copyRun(run, message, element, field); }));
    row.appendChild(button("Go home", function () { goHome(null); }));
    [title, text, detail, row, field].forEach(function (part) { card.appendChild(part); });
    document.body.appendChild(card);
    row.firstElementChild.focus();
  }

  // Handles a trap inside the running program. Before the program runs, static/start.js finds the reason.
  function fatal(error, message) {
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) return true;
    var text = String((error && error.message) || message || error);
    return !!window.wasmBindings && /unreachable|wasm|closure invoked/i.test(text);
  }

  // While static/start.js asks the server why a file did not load, later failures are consequences of
  // the first one.
  function failed(error, message) {
    if (!window.faultlineGuard.asking && fatal(error, message)) show(message || error);
  }

  window.addEventListener("error", function (event) { failed(event.error, event.message); });
  window.addEventListener("unhandledrejection", function (event) { failed(event.reason); });

  window.faultlineGuard = { show: show, asking: false };
})();
