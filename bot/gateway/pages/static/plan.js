// What a script adds to the plan: copying a sentence, and leaving without a trace in the history. All else is plain HTML.
"use strict";

function copied(sentence) {
  if (navigator.clipboard) return navigator.clipboard.writeText(sentence.textContent.trim());
  getSelection().selectAllChildren(sentence);
  return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
}

for (const line of document.querySelectorAll(".copy")) {
  const button = line.querySelector("button");
  const status = line.querySelector("[role=status]");
  line.hidden = false;
  button.addEventListener("click", () => {
    const say = (outcome) => (status.textContent = status.dataset[outcome]);
    copied(document.getElementById(button.dataset.copy)).then(() => say("done"), () => say("failed"));
  });
}

document.querySelector("form.quit")?.addEventListener("submit", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  const { action, dataset } = event.target;
  const erasing = fetch(action, { method: "POST", keepalive: true, body: new URLSearchParams() }).catch(() => null);
  const patience = new Promise((resolve) => setTimeout(resolve, 300));
  Promise.race([erasing, patience]).then(() => location.replace(dataset.exit));
});
