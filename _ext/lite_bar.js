/* The bar above a chapter in JupyterLite: the way back, the state of Python, the reader's file. */

"use strict";

(() => {
  const path = new URLSearchParams(location.search).get("path") || "index.ipynb";
  const student = path.startsWith("coursework/");
  const page = student ? "chapters/coursework/assignments" : path.replace(/\.ipynb$/, "");
  const book = new URL(`../../${page}.html`, location.href).href;
  const PATIENCE = 120; // seconds, after which Python is late

  // What the first cells need is imported while the reader still reads. Matplotlib, which makes a
  // list of fonts on its first day, would say so under the reader's first picture. The next cell
  // is the reader's first.
  const WARM_UP = `
def warm_up():
    import logging

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    import matplotlib.pyplot
    import xent_lib.plots

    get_ipython().execution_count = 0


warm_up()
del warm_up`;

  document.body.insertAdjacentHTML(
    "afterbegin",
    `<header id="bar">
      <a id="bar-back" href="${book}">${student ? "Back to the assignments" : "Back to the chapter"}</a>
      <strong id="bar-name"></strong>
      <span id="bar-state" role="status"></span>
      <span id="bar-buttons">
        <button id="bar-run" type="button" disabled>Run all</button>
        <button id="bar-download" type="button" disabled>Download</button>
        <button id="bar-reset" type="button" disabled>Reset this ${student ? "file" : "chapter"}</button>
      </span>
      <div id="bar-notice" role="alert"></div>
    </header>
    <dialog id="bar-ask" aria-labelledby="bar-question">
      <p id="bar-question">Go back to the book’s version? What you changed here is lost.
        To keep it, download it first.</p>
      <form method="dialog">
        <button value="no" autofocus>Keep my changes</button>
        <button value="yes">Reset</button>
      </form>
    </dialog>`,
  );
  const part = (name) => document.getElementById(`bar-${name}`);

  /* JupyterLab fills the window: leave it what the bar leaves over, whatever its height. */
  new ResizeObserver(() => {
    const height = document.getElementById("bar").offsetHeight;
    document.documentElement.style.setProperty("--bar", `${height}px`);
    window.dispatchEvent(new Event("resize"));
  }).observe(document.getElementById("bar"));

  function say(state, kind = "") {
    part("state").textContent = state;
    part("state").dataset.kind = kind;
  }

  /* What is wrong, and what the reader can do. */
  function warn(state, reason) {
    say(state, "wrong");
    part("notice").innerHTML = `<p>${reason}</p><ul>
      <li><button type="button">Try again</button></li>
      <li><a href="${book}">Read on in the book</a>: all its results stand there, figures move and
        quizzes answer without Python.</li>
      <li>Or run it on your own computer: download the file here and open it in Jupyter.
        The book’s <code>README.md</code> says how to start.</li>
    </ul>`;
    part("notice").querySelector("button").onclick = () => location.reload();
  }

  function calm() {
    part("notice").replaceChildren();
  }

  const until = async (find) => {
    for (let found; ; await new Promise((wait) => setTimeout(wait, 100))) {
      if ((found = find())) return found;
    }
  };

  /* Pyodide's host, asked before the kernel asks it: the kernel would wait for it in silence. */
  async function reachable(address) {
    try {
      return (await fetch(address, { cache: "force-cache" })).ok;
    } catch {
      return false;
    }
  }

  async function watch(panel) {
    const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const settings = config.litePluginSettings["@jupyterlite/pyodide-kernel-extension:kernel"];
    const host = new URL(settings.pyodideUrl).host;
    let turn = 0;

    async function start(kernel) {
      const mine = ++turn; // a kernel that was started anew takes the older one's place
      const latest = (act) => (...what) => mine === turn && act(...what);
      say("Starting Python in your browser … (about 35 MB the first time)", "busy");
      const late = setTimeout(
        latest(() =>
          warn(
            "Python has not started yet",
            `Python is still not there after ${PATIENCE} seconds. The connection to
             <code>${host}</code>, from which it comes, may be slow: then wait. Or it is broken.`,
          ),
        ),
        PATIENCE * 1000,
      );
      if (!(await reachable(settings.pyodideUrl))) {
        clearTimeout(late);
        latest(warn)(
          "Python cannot start",
          `Python comes from <code>${host}</code>, and this host cannot be reached. Is the
           computer offline, or does a filter of your network block the host?`,
        );
        return;
      }
      const reply = await kernel
        .requestExecute({ code: WARM_UP, silent: true })
        .done.catch(() => null); // this kernel was stopped: the next one is on its way
      clearTimeout(late);
      latest(() => {
        calm();
        if (!reply) return;
        if (reply.content.status === "ok") return say("Ready", "ready");
        warn(
          "The book’s library is missing",
          "Python runs, but <code>xent_lib</code>, which most cells need, could not be loaded.",
        );
      })();
    }

    const session = panel.sessionContext;
    const restart = () => session.session?.kernel && start(session.session.kernel);
    session.kernelChanged.connect(restart);
    session.statusChanged.connect((_, status) => status === "restarting" && restart());
    restart();
  }

  function offer(panel) {
    const { context, content } = panel;
    const first = content.model.cells.get(0).sharedModel.getSource();
    const name = first.split("\n")[0].replace(/^#\s*/, "");
    part("name").textContent = name;
    document.title = name;

    part("run").onclick = () => jupyterapp.commands.execute("notebook:run-all-cells");

    /* Keep the work in the browser; where that is forbidden, as in some private windows, go on. */
    const save = () => context.save().catch(() => {});

    part("download").onclick = async () => {
      await save();
      const text = JSON.stringify(context.model.toJSON(), null, 1) + "\n";
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
      link.download = path.split("/").pop();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };

    part("reset").onclick = () => part("ask").showModal();
    part("ask").onclose = async () => {
      if (part("ask").returnValue !== "yes") return;
      await jupyterapp.serviceManager.contents.delete(path); // the copy in the browser only
      await context.revert();
      await panel.sessionContext.restartKernel();
    };

    part("back").onclick = async (event) => {
      event.preventDefault();
      await save(); // or the browser asks whether to leave
      location.href = book;
    };

    for (const button of ["run", "download", "reset"]) part(button).disabled = false;
  }

  /* A link to a page of the book that is no notebook leads to the book. */
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.(".jp-Notebook a[href]");
      const inside = link?.href.match(/\/files\/(.+)\.md(#.*)?$/);
      if (!inside) return;
      event.preventDefault();
      event.stopPropagation();
      open(new URL(`../../${inside[1]}.html${inside[2] || ""}`, location.href));
    },
    true,
  );

  if (location.protocol === "file:") {
    warn(
      "Python cannot start",
      `This copy of the book lies in a folder, and a browser runs nothing from there. Type
       <code>python -m http.server</code> in the book's folder, and open the address it names.`,
    );
    return;
  }
  say("Opening …", "busy");
  until(() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.isReady && panel.sessionContext && panel;
  }).then((panel) => {
    offer(panel);
    watch(panel);
  });
})();
