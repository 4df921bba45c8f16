// How many people wait for an adviser, on every page of the console: in the link, and said once when it grows.
const link = document.querySelector('.areas a[href="/console/demandes"]');
const EVERY = 20000;
const said = document.currentScript.dataset;

if (link) {
  const label = link.textContent;
  const live = document.createElement("p");
  live.className = "hidden";
  live.setAttribute("role", "status");
  document.querySelector("main").append(live);
  let before = null;

  const show = ({ waiting, call_backs: callBacks }) => {
    const total = waiting + callBacks;
    link.textContent = total ? `${label} (${total})` : label;
    if (before !== null && total > before) {
      live.textContent = waiting ? said.waiting : said.callBack;
    }
    before = total;
  };
  const look = async () => {
    const response = await fetch("/console/demandes/compte", { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok) show(await response.json());
    setTimeout(look, EVERY);
  };
  look();
}
