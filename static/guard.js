// Watches over the page. If the program inside it stops for good, a card offers to copy the run, to
// open it again without the last action, or to go home. Plain JavaScript, so that it works when
// nothing else does. The forms of what is stored are those of src/storage.rs.
(function () {
  "use strict";

  var RUN = "faultline.run";
  var REOPEN = "faultline.reopen";
  var shown = false;

  // The poster shows the home scenario; another address is about to open something else.
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

  // The run as it was, without what was done last.
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

  // The page once more as it was: what a link shows, else the run as it was saved.
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

  // Shows the card, once. Whoever knows better than "a mistake", and that it may work the next time, gives
  // a title and a text.
  function show(message, words) {
    if (shown) return;
    shown = true;
    var run = saved();
    var page = document.getElementById("faultline");
    if (page) page.inert = true;

    var card = document.createElement("div");
    card.className = "guard";
    card.setAttribute("role", "alertdialog");
    card.setAttribute("aria-modal", "true");
    card.setAttribute("aria-labelledby", "guard-title");
    card.setAttribute("aria-describedby", "guard-text");

    var title = document.createElement("h2");
    title.id = "guard-title";
    title.textContent = words ? words.title : "Faultline itself has broken";
    var text = document.createElement("p");
    text.id = "guard-text";
    text.textContent = words ? words.text : run
      ? "That is a mistake in this page, not one of your faults. Your run is safe: it was saved before your last action."
      : "That is a mistake in this page. Nothing of yours is lost.";
    var detail = document.createElement("pre");
    detail.textContent = String(message).split("\n")[0].slice(0, 300);
    var field = document.createElement("textarea");
    field.hidden = true;
    field.readOnly = true;
    field.rows = 6;
    field.setAttribute("aria-label", "This run as text");
    var row = document.createElement("div");
    row.className = "guard-row";
    if (words) row.append(button("Try again", tryAgain));
    else if (run) row.append(button("Reopen without the last action", function () { goHome(withoutLast(run)); }));
    if (run) row.append(button("Copy this run", function (element) { copyRun(run, message, element, field); }));
    row.append(button("Go home", function () { goHome(null); }));
    card.append(title, text, detail, row, field);
    document.body.append(card);
    row.firstElementChild.focus();
  }

  // A trap inside the program arrives here, as does a page that could not load it.
  function fatal(error, message) {
    var text = String((error && error.message) || message || error);
    // Until the program is there, whatever kept it from loading leaves a poster that does nothing.
    if (!window.wasmBindings && /fetch|load|import|module|webassembly/i.test(text)) return true;
    return (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) ||
      /unreachable|wasm|closure invoked/i.test(text);
  }

  window.addEventListener("error", function (event) {
    if (fatal(event.error, event.message)) show(event.message);
  });
  window.addEventListener("unhandledrejection", function (event) {
    if (fatal(event.reason)) show(event.reason);
  });

  window.faultlineGuard = { show: show };
})();
