/* Drawings of the signed-in pages: a tree of [tag, attributes, ...children] becomes SVG elements, never raw markup. */
(function () {
  "use strict";

  var TAGS = ["svg", "g", "line", "rect", "circle", "polygon", "polyline", "text", "title"];
  var NAMED = { "class": "className", tabindex: "tabIndex" };

  function built(node, key) {
    if (typeof node === "string") return node;
    if (TAGS.indexOf(node[0]) < 0) return null;
    var attributes = { key: key };
    Object.keys(node[1]).forEach(function (name) {
      if (name.slice(0, 2) !== "on") attributes[NAMED[name] || name] = node[1][name];
    });
    return window.React.createElement(node[0], attributes, node.slice(2).map(built));
  }

  window.portal_drawing = {
    Drawing: function (props) {
      return window.React.createElement("div", { className: "drawing" }, built(props.tree, "drawing"));
    }
  };

  /* One figure of a chart is in the order of the tab key; the arrows lead from it to the others. */
  document.addEventListener("keydown", function (event) {
    var here = event.target.closest && event.target.closest(".point");
    if (!here) return;
    var all = Array.prototype.slice.call(here.ownerSVGElement.querySelectorAll(".point"));
    var steps = { ArrowLeft: -1, ArrowRight: 1, Home: -all.length, End: all.length };
    if (!(event.key in steps)) return;
    event.preventDefault();
    var place = Math.max(0, Math.min(all.length - 1, all.indexOf(here) + steps[event.key]));
    here.setAttribute("tabindex", "-1");
    all[place].setAttribute("tabindex", "0");
    all[place].focus();
  });
})();
