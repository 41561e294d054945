/* What is said of a field is tied to it for those who do not see where it stands: its hint, and what is wrong with it.
   Dash gives its fields no aria attributes. The summary of errors says what is wrong; here it is said at the field too. */
(function () {
  "use strict";

  var planned = 0;

  function set(node, name, value) {
    if (value && node.getAttribute(name) !== value) node.setAttribute(name, value);
    if (!value && node.hasAttribute(name)) node.removeAttribute(name);
  }

  function tie() {
    planned = 0;
    var wrong = {};
    var summary = document.querySelector("#page .error-summary");
    document.querySelectorAll("#page a.error-link").forEach(function (link) {
      wrong[decodeURIComponent(link.getAttribute("href").slice(1))] = link.textContent;
    });
    document.querySelectorAll("#page .field").forEach(function (field) {
      var control = field.querySelector("input, select, textarea");
      if (!control || !control.id) return;
      var error = document.getElementById(control.id + "-error"), said = wrong[control.id] || "";
      if (error && error.textContent !== said) error.textContent = said;
      var about = ["-hint", "-error", "-room"].map(function (end) { return document.getElementById(control.id + end); });
      about = about.filter(function (one) { return one && (one.textContent || one.dataset.most); });
      set(control, "aria-describedby", about.map(function (one) { return one.id; }).join(" "));
      set(control, "aria-invalid", said && "true");
    });
    var title = document.title.replace(/^Error: /, "");
    if (summary) title = "Error: " + title;
    if (document.title !== title) document.title = title;
  }

  new MutationObserver(function () {
    if (!planned) planned = requestAnimationFrame(tie);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
