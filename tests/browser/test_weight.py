"""What the home page costs someone with a modest phone and a slow network."""

import pytest

from tests.browser.conftest import IN_A_BROWSER, PHONE, StartVisit

pytestmark = IN_A_BROWSER

SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""The mobile profile of Lighthouse: 1.6 Mbit/s, 150 ms a round trip; with it the processor is slowed four times."""
MOST = 60_000
"""Bytes of everything that the page asks for before one can begin."""


async def test_la_page_pese_peu_et_se_commence_vite(visit: StartVisit, capsys: pytest.CaptureFixture[str]):
    """Bytes and requests are held; the time is printed, since it depends on the machine (`pytest -s`)."""
    visitor = await visit(viewport=PHONE)
    page = visitor.page
    developer = await visitor.context.new_cdp_session(page)
    await developer.send("Network.enable")
    await developer.send("Network.emulateNetworkConditions", SLOW)
    await developer.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[int] = []
    developer.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    await page.add_init_script(
        """window.long = []; new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) =>
        window.long.push(Math.round(duration)))).observe({ type: "longtask", buffered: true });"""
    )
    await visitor.open()
    await visitor.widget.get_by_role("button", name="Commencer", exact=True).click(trial=True)
    ready = await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    long = await page.evaluate("window.long")
    told = f"home page: {sum(sizes)} bytes in {len(sizes)} requests, interactive at {ready:.0f} ms, long tasks {long}"
    with capsys.disabled():
        print(f"\n{told}")
    assert sum(sizes) <= MOST, told
    assert len(sizes) <= 6, told
