/* How far a workbook that is being sent has come. Without this the form is sent by the browser alone, with the same result. */
(function () {
  "use strict";

  var form, file, button, place, bar, said, problem;

  function megabytes(bytes) { return (bytes / 1048576).toFixed(1) + " MB"; }

  function refuse(text) {
    problem.textContent = text;
    file.setAttribute("aria-invalid", "true");
    file.focus();
  }

  function rest(text) {
    button.disabled = false;
    place.hidden = !text;
    bar.hidden = true;
    said.textContent = text;
  }

  function show(request) {
    /* What the portal answered instead: the same page with what is the matter, or an error's. */
    var page = new DOMParser().parseFromString(request.responseText, "text/html");
    var main = page.getElementById("main");
    if (!main) return rest("The portal could not be reached. Nothing was written. Try again.");
    document.title = page.title;
    document.getElementById("main").innerHTML = main.innerHTML;
    var first = document.querySelector("#main .error-summary") || document.getElementById("main");
    first.focus();
    start();
  }

  function send(event) {
    problem.textContent = "";
    file.removeAttribute("aria-invalid");
    var chosen = file.files[0], largest = Number(form.dataset.largest);
    if (chosen && chosen.size > largest) {
      event.preventDefault();
      return refuse("The file has " + megabytes(chosen.size) + "; at most " + megabytes(largest) + " are taken.");
    }
    if (!chosen) return undefined;
    event.preventDefault();
    var request = new XMLHttpRequest();
    button.disabled = true;
    place.hidden = bar.hidden = false;
    bar.value = 0;
    said.textContent = "Step 1 of 2: sending the file.";
    request.upload.addEventListener("progress", function (sent) {
      if (sent.lengthComputable) bar.value = 100 * sent.loaded / sent.total;
    });
    request.upload.addEventListener("load", function () {
      bar.removeAttribute("value");
      said.textContent = "Step 2 of 2: the file has arrived, and every row is being checked.";
    });
    request.addEventListener("load", function () {
      if (request.status === 200 && request.responseURL) return window.location.assign(request.responseURL);
      return show(request);
    });
    request.addEventListener("error", function () {
      rest("The file did not arrive: the portal could not be reached, or refused it. Nothing was written. Try again.");
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
    return undefined;
  }

  function start() {
    form = document.querySelector("form.sending");
    if (!form || !window.FormData || !window.DOMParser) return;
    file = form.querySelector("input[type=file]");
    button = form.querySelector("button");
    place = form.querySelector(".progress-of-sending");
    bar = place.querySelector("progress");
    said = place.querySelector("p");
    problem = document.getElementById("file-problem");
    form.addEventListener("submit", send);
  }

  window.addEventListener("pageshow", function () { if (button && button.disabled) rest(""); });
  start();
})();
