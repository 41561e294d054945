/* What the signed-in pages need beside Dash: telling of refusals, page titles, and the focus after a navigation. */
(function () {
  "use strict";

  function say(title, sentence, link) {
    var box = document.getElementById("notice");
    if (!box) return;
    if (!box.hidden && box.dataset.said === title + sentence) return; // it need not be heard again
    box.dataset.said = title + sentence;
    box.replaceChildren();
    var strong = document.createElement("strong");
    strong.textContent = title;
    var first = document.createElement("p");
    first.append(strong);
    var second = document.createElement("p");
    second.append(document.createTextNode(sentence + " "));
    if (link) second.append(link);
    box.append(first, second);
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
  }

  /* What was not saved while the line was cut is not lost, and no page says longer than it is true that it is cut. */
  var OFFLINE = "No connection";
  window.addEventListener("online", function () {
    var box = document.getElementById("notice");
    if (!box || box.hidden || box.dataset.said.indexOf(OFFLINE) !== 0) return;
    say("The connection is back", "What you typed is still here. If you pressed a button meanwhile, press it again.", null);
  });

  function quiet() {
    var box = document.getElementById("notice");
    if (box) box.hidden = true;
  }

  function signInLink() {
    var link = document.createElement("a");
    link.href = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in in a new tab";
    return link;
  }

  /* Work that takes longer than most is seen and said to go on. */
  var LONG = 700;
  var waiting = 0, slow = 0;

  function began() {
    waiting += 1;
    if (waiting === 1) slow = setTimeout(function () { working(true); }, LONG);
  }

  function done() {
    waiting -= 1;
    if (waiting) return;
    clearTimeout(slow);
    working(false);
  }

  function working(now) {
    var box = document.getElementById("working");
    if (box) box.textContent = now ? "Working …" : "";
    document.getElementById("main")?.setAttribute("aria-busy", String(now));
  }

  /* A session ends by itself. Three minutes before, the page says so and offers to go on; other tabs of the same
     browser may have kept it alive, so that what each was told last is shared. */
  var WARN = 180, SHARED = "portal-session-ends";
  var ends = 0;

  function heed(response) {
    var left = Number(response.headers.get("Session-Ends-In"));
    if (!left) return;
    ends = Date.now() + left * 1000;
    try { localStorage.setItem(SHARED, String(ends)); } catch (refused) { /* then each tab knows only its own */ }
    watch();
  }

  function watch() {
    var box = document.getElementById("session");
    if (!box || !ends) return;
    try { ends = Math.max(ends, Number(localStorage.getItem(SHARED))); } catch (refused) { /* see heed */ }
    var left = (ends - Date.now()) / 1000;
    var state = left > WARN ? "" : left > 0 ? "ending" : "ended";
    if (box.dataset.state === state) return;
    box.dataset.state = state;
    box.hidden = !state;
    box.replaceChildren();
    if (state) box.append.apply(box, state === "ending" ? ending() : ended());
  }
  setInterval(watch, 5000);

  function paragraph() {
    var drawn = document.createElement("p");
    drawn.append.apply(drawn, arguments);
    return drawn;
  }

  function ending() {
    var at = new Date(ends).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "Stay signed in";
    button.addEventListener("click", function () {
      fetched("/session", { redirect: "manual" }).then(function (response) {
        heed(response);
        if (!response.ok) ends = 1;
        else if (ends - Date.now() <= WARN * 1000) button.replaceWith("It cannot last longer: save what you typed, and sign in anew.");
        watch();
      });
    });
    return [paragraph("You will be signed out at " + at + ", because nothing was done here for a while."), paragraph(button)];
  }

  function ended() {
    return [paragraph("You were signed out. What you typed is still here: sign in, come back to this tab, and go on. "), paragraph(signInLink())];
  }

  /* For who waits to hear whether what was sent has arrived (typing.js). */
  function became(options, outcome) {
    document.dispatchEvent(new CustomEvent("portal:became", { detail: { body: options && options.body, outcome: outcome } }));
  }

  /* The server answers refusals with honest statuses; the renderer would only log them. Nothing on the page is
     touched then, so that what a person typed stays. */
  var fetched = window.fetch;
  window.fetch = function (resource, options) {
    var address = String(resource && resource.url ? resource.url : resource);
    if (address.indexOf("_dash-update-component") < 0) return fetched.apply(this, arguments);
    began();
    return fetched.apply(this, arguments).finally(done).then(
      function (response) {
        heed(response);
        became(options, response.ok ? "answered" : response.status < 500 ? "refused" : "unreachable");
        if (response.ok) {
          quiet();
          return response;
        }
        return response.json().catch(function () { return {}; }).then(function (problem) {
          var title = problem.title || "Something went wrong";
          var sentence = problem.detail || "Nothing was saved. Try again.";
          if (response.status === 401) {
            say(title, "What you typed is still here. Sign in, come back to this tab, and try again.", signInLink());
          } else {
            say(title, sentence, null);
          }
          return new Response(null, { status: 204 });
        });
      },
      function (error) {
        became(options, "unreachable");
        say(OFFLINE, "The portal cannot be reached. Nothing was saved; what you typed is still here.", null);
        throw error;
      }
    );
  };

  var first = true;
  var switched = null;

  function followErrorLink(event) {
    var link = event.target.closest && event.target.closest("a.error-link");
    if (!link) return;
    var field = document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (field) {
      event.preventDefault();
      var fold = field.closest("details");
      if (fold) fold.open = true;
      (field.matches("input, select, textarea") ? field : field.querySelector("input") || field).focus();
    }
  }
  document.addEventListener("click", followErrorLink);

  /* Enter in a one-line field of a form must not send the page away. */
  document.addEventListener("submit", function (event) {
    if (event.target.classList.contains("answers")) event.preventDefault();
  });

  /* An error summary takes the focus when it appears. */
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      change.addedNodes.forEach(function (node) {
        var box = node.nodeType === 1 && (node.matches(".error-summary") ? node : node.querySelector(".error-summary"));
        if (box) box.focus();
      });
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.portal = {
    /* A page has been drawn: give the tab its title, and after a navigation take the reader to its heading. */
    arrive: function (title) {
      if (!title) return window.dash_clientside.no_update;
      document.title = title + " – " + (document.querySelector(".brand")?.textContent || "Partnership portal");
      var box = switched && (document.querySelector('.switches input[value="' + switched + '"]') ||
        document.getElementById('{"filter":"' + switched + '"}'));
      var place = location.hash && document.getElementById(location.hash.slice(1));
      switched = null;
      if (box) {
        box.focus({ preventScroll: true }); // the page was only drawn anew around it
      } else if (place) {
        place.focus(); // what the address names was not there when the browser looked for it
      } else if (!first) {
        var heading = document.querySelector("#page h1");
        if (heading) heading.focus({ preventScroll: true });
        window.scrollTo(0, 0);
      }
      first = false;
      return title;
    },

    /* Every box of the team's queue ticked: only what may be chosen has one. */
    choose_all: function (clicks, options) {
      return options.map(function (box) { return box.map(function (option) { return option.value; }); });
    },

    /* What is laid over a chart's figures is said in the address: nothing there for all of it. */
    lay_over: function (chosen, options, search) {
      var there = options.map(function (option) { return option.value; });
      var address = new URLSearchParams(search || "");
      var asked = address.has("show") ? address.get("show").split(",") : there;
      var now = there.filter(function (layer) { return asked.indexOf(layer) >= 0; });
      var wanted = there.filter(function (layer) { return chosen.indexOf(layer) >= 0; });
      if (now.join() === wanted.join()) return window.dash_clientside.no_update;
      var changed = there.filter(function (layer) { return (now.indexOf(layer) < 0) !== (wanted.indexOf(layer) < 0); });
      switched = changed[0];
      address.delete("show");
      var kept = address.toString();
      var show = wanted.length === there.length ? "" : "show=" + (wanted.join(",") || "figures");
      var said = [kept, show].filter(Boolean).join("&");
      return said ? "?" + said : "";
    },

    /* The filters of the heat map are said in the address: nothing there for all of it. */
    sift: function (chosen, named, search) {
      var address = new URLSearchParams(search || "");
      var before = address.toString();
      named.forEach(function (id, place) {
        var wanted = chosen[place] === "all" ? "" : chosen[place] || "";
        if (wanted !== (address.get(id.filter) || "")) switched = id.filter;
        if (wanted) address.set(id.filter, wanted);
        else address.delete(id.filter);
      });
      var said = address.toString();
      if (said === before) return window.dash_clientside.no_update;
      return said ? "?" + said : "";
    }
  };
})();
