// Loads the second part of the program. The published page comes in two parts (xtask/split): the first
// picture needs a third of the code and should not wait for the rest. A page under development is in
// one part, and this script does nothing.
(function () {
  "use strict";

  var RETRY_MS = 5000;
  var UNSEEN_MS = 1000;
  var mark = document.querySelector('meta[name="rest"]');
  var address = mark && mark.content;
  var exported = null;
  var here = !address;
  var begun = false;
  var urgent = false;
  var retry = 0;
  // The compiled parts, for a worker (static/worker.js).
  var compiled = { first: null, rest: null };
  // With a link to another run, a query in the address, reduced motion or stored settings, the first
  // picture differs from the poster and needs more code. The second part then loads together with the
  // first.
  var wanted = address && (location.hash.length > 1 || location.search.length > 1 || history.state !== null ||
    matchMedia("(prefers-reduced-motion: reduce)").matches ||
    remembered("reopen", "sessionStorage") || ["theme", "spacetime"].some(remembered));
  var early = wanted ? compile() : null;
  // Callbacks that wait for the whole program.
  var waiting = [];
  // `offer` handles a failure before the first part has loaded.
  if (early) early.catch(function () {});

  // A compiler can merge identical functions under another name, so even a function that runs at the
  // very start may be in the second part. The exports of the first part are kept before any of it runs.
  ["instantiate", "instantiateStreaming"].forEach(function (way) {
    var real = WebAssembly[way];
    if (real) WebAssembly[way] = function () {
      return real.apply(WebAssembly, arguments).then(function (made) {
        if (!exported && made.instance) {
          exported = made.instance.exports;
          compiled.first = made.module;
        }
        return made;
      });
    };
  });

  function remembered(name, where) {
    try {
      return window[where === "sessionStorage" ? where : "localStorage"].getItem("faultline." + name) !== null;
    } catch (refused) {
      return false;
    }
  }

  function compile() {
    return fetch(address, { priority: wanted ? "auto" : "low" })
      .then(function (answer) {
        if (!answer.ok) throw gone("the server answered " + answer.status, answer.status);
        return answer.arrayBuffer();
      })
      .then(function (bytes) {
        return WebAssembly.compile(bytes).catch(function (error) { throw gone(error.message, 404); });
      });
  }

  // An error that another try will not fix: the file does not exist.
  function gone(message, status) {
    var error = new Error(message);
    error.gone = status === 404 || status === 410;
    return error;
  }

  // The second part replaces the stubs of the first part with its functions.
  function install(module) {
    if (here) return;
    return WebAssembly.instantiate(module, { first: exported }).then(function () { come(module); });
  }

  function come(module) {
    if (here) return;
    here = true;
    compiled.rest = module;
    var style = document.getElementById("rest-style");
    var texts = WebAssembly.Module.customSections(module, "style");
    if (style && texts.length) style.textContent = new TextDecoder().decode(texts[0]);
    // Timeouts, so that no callback runs in the middle of a call.
    waiting.splice(0).forEach(function (done) { setTimeout(done, 0); });
  }

  function whenHere(done) {
    if (here) done();
    else waiting.push(done);
  }

  // Loads while no one waits: the browser compiles in the background.
  function fetchQuietly() {
    if (here) return;
    begun = true;
    retry = 0;
    compile().then(install).catch(function (failed) {
      if (urgent || failed.gone) say(failed.message);
      retry = setTimeout(fetchQuietly, RETRY_MS);
    });
  }

  // The person now waits for the second part, and sees an error if it does not load.
  function hurry() {
    urgent = true;
    if (begun && !retry) return;
    clearTimeout(retry);
    fetchQuietly();
  }

  // static/start.js asks the server why.
  function say(reason) {
    var message = "The second part of the program did not load: " + reason;
    window.faultlineStart.cannotLoad(message, [address]);
    throw new Error(message);
  }

  // A function of the second part was called before it loaded. Only a synchronous request is possible
  // in the middle of a function.
  function restNow() {
    if (here) return;
    var request = new XMLHttpRequest();
    try {
      request.open("GET", address, false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
    } catch (refused) {
      say(refused.message);
    }
    if (request.status >= 400) say("the server answered " + request.status + ".");
    var bytes = Uint8Array.from(request.responseText, function (letter) { return letter.charCodeAt(0) & 255; });
    var module = new WebAssembly.Module(bytes);
    new WebAssembly.Instance(module, { first: exported });
    come(module);
  }

  // Takes the exports of the first part and continues: at once if the first part is enough.
  function offer(exports, goOn) {
    exported = exports;
    if (early) return early.then(install).catch(fetchQuietly).then(goOn);
    goOn();
    if (here) return;
    // After two frames the first picture is painted and can answer a click. A page in the background
    // has no frames.
    var fetchOnce = function () {
      if (!begun) fetchQuietly();
    };
    requestAnimationFrame(function () { requestAnimationFrame(fetchOnce); });
    setTimeout(fetchOnce, UNSEEN_MS);
  }

  window.faultlineRest = {
    offer: offer,
    restNow: restNow,
    whenHere: whenHere,
    hurry: hurry,
    // What a worker needs: the address of the script around the program, and both compiled parts.
    parts: function () {
      var glue = document.querySelector('link[rel="modulepreload"]');
      var found = glue ? glue.href : new URL("./faultline-web.js", document.baseURI).href;
      return { glue: found, first: compiled.first, rest: compiled.rest };
    },
    // For tests: whether the whole program is there.
    get here() { return here; },
  };
})();
