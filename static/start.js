// Finds out why the program cannot start, and shows the reason and a remedy on the guard's card
// (static/guard.js). Without it, the poster would look like a running page that does not respond. This
// is plain JavaScript because an old browser is one of the reasons.
(function () {
  "use strict";

  var BROWSERS = "Chrome or Edge 111, Firefox 113, Safari 16.4, or a newer version";
  var REPORT_MS = 100;
  // A module with the newer WebAssembly features that the program uses: several results, references,
  // sign extension, conversion without traps, and bulk memory.
  var NEWER = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 12, 2, 96, 0, 2, 127, 127, 96, 1, 111, 2, 127, 127, 3, 2, 1, 1, 5, 3, 1, 0, 1,
    10, 23, 1, 21, 0, 65, 0, 65, 0, 65, 0, 252, 11, 0, 67, 0, 0, 0, 0, 252, 0, 192, 65, 1, 11,
  ];
  // What the program needs but a content security policy forbade.
  var forbidden = "";
  var failing = false;

  // ---- the reasons: what happened, and what to do ----

  function tooOld(what) {
    return {
      title: "This browser is too old for Faultline",
      text: "It lacks " + what + ". Update the browser, or open this page in " + BROWSERS + ".",
    };
  }

  function noWebAssembly() {
    return {
      title: "WebAssembly is not available",
      text: "Faultline is a WebAssembly program. Either this browser is too old, or WebAssembly is turned off: " +
        "by a security setting, or by Lockdown Mode on an iPhone or a Mac. Allow it for this site, or open " +
        "this page in " + BROWSERS + ".",
    };
  }

  function aFile() {
    return {
      title: "Faultline must be opened from a web server",
      text: "This page was opened as a file, and browsers do not load programs from files. In the source code, run " +
        "“cargo xtask serve”. For a built page, run “python3 -m http.server 8000” in its folder and open " +
        "http://localhost:8000.",
    };
  }

  function sandboxed() {
    return {
      title: "A sandbox keeps Faultline from starting",
      text: "Another page shows this one in a sandboxed frame, and the browser does not load programs there. Open " +
        location.href + " in its own tab. The author of the other page can also add allow-scripts and " +
        "allow-same-origin to the frame’s sandbox attribute.",
    };
  }

  function policy() {
    return {
      title: "A security policy blocks Faultline",
      text: "The content security policy of this site does not allow the program (" + forbidden + "). The owner " +
        "of the site can send the policy that “cargo xtask build” prints; Faultline’s README explains it.",
    };
  }

  function replaced() {
    return {
      title: "A newer version of this page is online",
      text: "A file of the version that you opened is no longer on the server. Reload the page to get the new " +
        "version. If this card comes back, the page was published incompletely: tell its owner.",
      tryAgain: "Reload",
    };
  }

  function refused() {
    return {
      title: "The server did not send the program",
      text: "The server has a problem, or it refuses to send the file. Try again in a minute.",
    };
  }

  function offline() {
    return {
      title: "Part of the page did not load",
      text: "The network may be down. Try again when it is back. The page will open as it was.",
    };
  }

  function unknown() {
    return {
      title: "Faultline could not start",
      text: "The program has loaded, but it does not run in this browser. Reload the page. If this card comes " +
        "back, open the page in " + BROWSERS + ".",
      tryAgain: "Reload",
    };
  }

  // ---- finding the reason ----

  function isOpaque() {
    return (window.origin || location.origin) === "null";
  }

  // The program's address, from the loader. The loader is the page's only module (Trunk writes it).
  function filesOfLoader() {
    var files = [];
    var scripts = document.querySelectorAll("script[type=module]:not([src])");
    for (var i = 0; i < scripts.length; i += 1) {
      var quoted = /["'](\.?\.?\/?[^"'\s]+\.(?:js|wasm))["']/g;
      for (var found; (found = quoted.exec(scripts[i].textContent));) {
        if (files.indexOf(found[1]) < 0) files.push(found[1]);
      }
    }
    return files;
  }

  // Asks the server for each file. Its answer for the first missing file tells the reason.
  function ask(files) {
    var file = files[0];
    if (!file) return Promise.resolve(null);
    return fetch(file, { method: "HEAD", cache: "no-store" }).then(function (answer) {
      // Some servers answer with an HTML page for every missing file.
      var isPage = /html/i.test(answer.headers.get("content-type") || "");
      if (answer.ok && !isPage) return ask(files.slice(1));
      var gone = answer.ok || answer.status === 404 || answer.status === 410;
      return { words: gone ? replaced() : refused(), detail: file + ": the server answered " + answer.status };
    }, function () {
      return { words: offline(), detail: file + " did not load" };
    });
  }

  // The program or a part of it did not load: asks for `files`. The first failure decides.
  function cannotLoad(message, files) {
    if (failing) return;
    failing = true;
    window.faultlineGuard.asking = true;
    function say(words, detail) {
      window.faultlineGuard.show(detail || message, words);
    }
    if (location.protocol === "file:") return say(aFile());
    if (isOpaque()) return say(sandboxed());
    ask(files).then(function (found) {
      // The browser reports a policy violation a moment after the failure.
      setTimeout(function () { decide(found); }, REPORT_MS);
    });

    function decide(found) {
      if (/content security policy|disallowed by embedder/i.test(message)) forbidden = forbidden || "WebAssembly";
      if (forbidden) say(policy());
      else if (found) say(found.words, found.detail);
      else if (/SyntaxError|CompileError/.test(message)) say(tooOld("something that the program needs"));
      else say(unknown());
    }
  }

  function cannotStart(message) {
    // The guard handles later failures: then the program itself has broken.
    if (!window.wasmBindings) cannotLoad(message, filesOfLoader());
  }

  // A module that does not load fires an event at its script, which does not bubble: hence the capture.
  window.addEventListener("error", function (event) {
    var script = event.target;
    if (script && script.tagName === "SCRIPT") {
      if (script.type === "module" && !script.src) cannotStart("the program’s module did not load");
      return;
    }
    var isOurs = !/^[\w-]+-extension:/.test(event.filename || "");
    var isTrap = typeof WebAssembly === "object" && event.error instanceof WebAssembly.RuntimeError;
    if (isOurs && !isTrap && event.message) cannotStart(text(event.error || event.message));
  }, true);

  window.addEventListener("unhandledrejection", function (event) {
    var isTrap = typeof WebAssembly === "object" && event.reason instanceof WebAssembly.RuntimeError;
    if (!isTrap) cannotStart(text(event.reason));
  });

  document.addEventListener("securitypolicyviolation", function (event) {
    var rule = event.effectiveDirective || event.violatedDirective || "";
    if (event.disposition !== "report" && /^(script|connect|default)-src/.test(rule)) {
      forbidden = forbidden || rule + ": " + (event.blockedURI || "inline");
    }
  });

  function text(error) {
    return error && error.name ? error.name + ": " + error.message : String(error);
  }

  // ---- checks before anything loads ----

  function lacking() {
    if (!("noModule" in document.createElement("script"))) return tooOld("JavaScript modules");
    if (typeof WebAssembly !== "object") return noWebAssembly();
    if (!WebAssembly.validate(new Uint8Array(NEWER))) return tooOld("newer WebAssembly");
    return null;
  }

  var words = lacking();
  if (words) {
    failing = true;
    window.faultlineGuard.show(navigator.userAgent, words);
  }

  window.faultlineStart = { cannotLoad: cannotLoad };
})();
