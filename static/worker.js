// Runs the simulation beside the page: many runs take seconds, and the page must not stand still. The page
// sends the compiled program first, then requests (src/worker.rs). To end a request, it terminates the
// worker.

// Answers travel together: many short runs must not flood the page, which draws numbers ten times a second.
const GATHER_MS = 100;

let ready = null;

// The program asks for its second part by this name. Here it is complete before any call.
self.faultlineRest = {
  offer: (exports, goOn) => goOn(),
  restNow: () => {},
  whenHere: (done) => done(),
  hurry: () => {},
};

// Both parts are put together before the first function runs.
async function start({ glue, first, rest }) {
  const real = WebAssembly.instantiate;
  WebAssembly.instantiate = async (module, imports) => {
    const instance = await real(module, imports);
    if (rest) await real(rest, { first: instance.exports });
    return instance;
  };
  const program = await import(glue);
  await program.default({ module_or_path: first });
  return program;
}

function answer(program, request) {
  let answers = [];
  let sent = performance.now();
  const send = (done) => {
    postMessage({ answers, done });
    answers = [];
    sent = performance.now();
  };
  program.work(request, (one) => {
    answers.push(one);
    if (performance.now() - sent > GATHER_MS) send(false);
  });
  send(true);
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.glue) ready = start(data);
    const program = await ready;
    if (data.request) answer(program, data.request);
    else postMessage({ ready: true });
  } catch (error) {
    postMessage({ failed: String(error?.message ?? error) });
  }
});
