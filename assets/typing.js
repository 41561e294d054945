/* What is typed into the form of a return is kept as it is typed: when the typist pauses, one post at a time, and the
   newest state always last. Which line under the form is true is said by the form's data-typed: going, kept, not, saved. */
(function () {
  "use strict";

  var PAUSE = 800, AGAIN = 5000, PATIENCE = 20000;
  var now = null;

  /* The open form: how often it was changed, up to which change that is kept, and which posts went out with which. */
  function opened(node) {
    if (now && now.node === node && now.id === node.id) return now;
    var name = Math.random().toString(36).slice(2) + Date.now().toString(36);
    now = { node: node, id: node.id, number: JSON.parse(node.id).return, name: name, turn: 0, edits: 0, kept: 0,
      sent: {}, under: 0, since: 0, clicked: 0, keeping: 0, judging: 0 };
    return now;
  }

  function unsaved() {
    return now !== null && document.contains(now.node) && now.node.id === now.id && now.edits > now.kept;
  }

  function put(part, data) {
    window.dash_clientside.set_props({ part: part, return: now.number }, { data: data });
  }

  function next() {
    now.turn += 1;
    put("turn", { form: now.name, number: now.turn });
    return now.turn;
  }

  /* Sends what is typed. While a post is under way it waits for that one, unless the page is being left. */
  function keep(leaving) {
    if (!unsaved()) return;
    clearTimeout(now.keeping);
    if (now.under && !leaving && Date.now() - now.since < PATIENCE) return later(PATIENCE);
    now.under = next();
    now.since = Date.now();
    now.sent[now.under] = now.edits;
    put("typing", { form: now.name, number: now.under });
    later(PATIENCE);
  }

  function later(wait) {
    clearTimeout(now.keeping);
    now.keeping = setTimeout(keep, wait);
  }

  function judge() {
    clearTimeout(now.judging);
    put("judging", now.edits);
  }

  function show(state) {
    now.node.dataset.typed = state;
  }

  document.addEventListener("input", function (event) {
    var node = event.target.closest && event.target.closest("form.answers");
    if (!node) return;
    opened(node).edits += 1;
    if (now.node.dataset.typed !== "not") show("going");
    later(PAUSE);
    count(event.target);
    if (event.target.matches("textarea")) return;
    clearTimeout(now.judging);
    now.judging = setTimeout(judge, PAUSE);
  }, true);

  document.addEventListener("change", function (event) {
    if (!now || !now.node.contains(event.target) || event.target.matches("textarea")) return;
    setTimeout(judge); // Dash hears of the value after this
  }, true);

  /* Pressing a button sends what the form holds by itself: nothing that is still under way is newer. Going elsewhere
     sends what was typed last. */
  document.addEventListener("click", function (event) {
    if (!now || !event.target.closest) return;
    if (event.target.closest("form.answers button") && document.contains(now.node)) {
      clearTimeout(now.keeping);
      now.clicked = now.edits;
      next();
    } else if (event.target.closest("a")) keep(true);
  }, true);
  window.addEventListener("popstate", function () { keep(true); }, true);
  window.addEventListener("online", function () { keep(true); });
  window.addEventListener("focus", function () { keep(); });
  document.addEventListener("visibilitychange", function () { keep(document.hidden); });
  window.addEventListener("beforeunload", function (event) {
    if (!unsaved()) return;
    keep(true);
    event.preventDefault();
  });

  /* What became of a request of the page (portal.js): the server's answer, its refusal, or none. */
  document.addEventListener("portal:became", function (event) {
    if (!now || typeof event.detail.body !== "string") return;
    var body = JSON.parse(event.detail.body), by = body.inputs && body.inputs[0] && body.inputs[0].id;
    if (!by || by.return !== now.number) return;
    var answered = event.detail.outcome === "answered";
    if (by.part === "save" || by.part === "check") {
      if (answered) now.kept = Math.max(now.kept, now.clicked);
      settle(answered, "saved", event.detail.outcome);
    } else if (by.part === "typing") {
      var turn = body.inputs[0].value.number;
      if (now.under === turn) now.under = 0;
      if (answered) now.kept = Math.max(now.kept, now.sent[turn] || 0);
      settle(answered, "kept", event.detail.outcome);
    }
  });

  function settle(answered, state, outcome) {
    if (!unsaved()) {
      clearTimeout(now.keeping);
      show(state);
    } else if (answered) {
      show("going");
      later(PAUSE);
    } else {
      show("not");
      clearTimeout(now.keeping);
      if (outcome === "unreachable") later(AGAIN);
    }
  }

  /* How much of a long text still fits, said when it begins to matter. */
  function count(field) {
    var box = document.getElementById(field.id + "-room");
    if (!box) return;
    var most = Number(box.dataset.most), length = field.value.trim().length;
    var said = length > most ? length - most + " characters too many: at most " + most + " fit." :
      length > most * 0.9 ? "Nearly full: at most " + most + " characters fit." : "";
    if (box.textContent !== said) box.textContent = said;
  }
})();
