// How the person likes to read: kept in localStorage, nothing personal in it. Works without storage too.

const KEY = "relais-affichage";
const DEFAULTS = { size: "normal", contrast: false, aloud: false };

export function readPreferences() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) || "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export function keepPreferences(preferences) {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // private browsing, or storage refused: they last as long as the page
  }
}
