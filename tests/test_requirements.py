from tests.check_requirements import problems


def test_requirements_are_locked_hashed_and_name_no_host() -> None:
    assert problems() == []
