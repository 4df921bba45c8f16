from bot.directory.matching import PlaceMention


def mentions(text: str) -> tuple[PlaceMention, ...]:
    return ()
