from collections.abc import Iterator

import pytest

from tests.conversations.product import Person, Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("product") / "var").running() as running:
        yield running


@pytest.fixture
async def person(product: Product) -> Person:
    return await Person(product).arrive()
