// What is heard: the announcer, read once by screen readers, and the browser's own voice for who wants it.
import { h } from "./dom.js";

const STAYS = 7000; // then it goes, so that someone who browses the page does not find each message twice

export class Announcer {
  constructor() {
    this.node = h("div", { class: "hidden", "aria-live": "polite", "aria-relevant": "additions" });
  }

  say(words) {
    if (!words) return;
    const line = h("p", {}, words);
    this.node.append(line);
    setTimeout(() => line.remove(), STAYS);
  }
}

export const canSpeak = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;

/** Reads aloud with the voice of the device; nothing leaves it if its French voice is local. */
export function speak(words) {
  if (!canSpeak || !words) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = "fr-FR";
  const voices = speechSynthesis.getVoices().filter((voice) => /^fr/i.test(voice.lang));
  said.voice = voices.find((voice) => voice.localService) || voices[0] || null;
  speechSynthesis.speak(said);
}

export function hush() {
  if (canSpeak) speechSynthesis.cancel();
}
