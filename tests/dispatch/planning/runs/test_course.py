"""How a search went, in requests and as a picture."""

from dispatch.planning.runs.course import HEIGHT, WIDTH, Step, picture, steps_of

WEIGHTS = {"4": 2, "2": 3, "1": 5}


def test_a_weight_left_open_says_between_how_many_requests_are_filled() -> None:
    [step] = steps_of([[1.5, 5, 2]], WEIGHTS)
    assert step == Step(1.5, least=5, most=8, bound=9)


def test_nothing_left_open_is_everything_filled() -> None:
    [step] = steps_of([[0.1, 0, 0]], WEIGHTS)
    assert (step.least, step.most, step.bound) == (10, 10, 10)


def test_everything_left_open_is_nothing_filled() -> None:
    [step] = steps_of([[0.1, 19, 0]], WEIGHTS)
    assert (step.least, step.most) == (0, 0)


def test_where_all_weigh_the_same_the_number_is_exact() -> None:
    [step] = steps_of([[0.1, 6, 2]], {"2": 30})
    assert (step.least, step.most, step.bound) == (27, 27, 29)


def test_the_picture_climbs_from_bottom_to_top_and_left_to_right() -> None:
    drawn = picture([Step(0, 0, 0, 10), Step(5, 5, 5, 8)], requests=10, seconds=10)
    assert drawn is not None
    assert drawn.filled == f"M0.0 {HEIGHT}.0H{WIDTH / 2}V{HEIGHT / 2}H{WIDTH}"
    assert drawn.bound == f"M0.0 0.0H{WIDTH / 2}V{HEIGHT * 0.2}H{WIDTH}"
    assert drawn.area.startswith(drawn.filled)


def test_without_anything_reached_there_is_no_picture() -> None:
    assert picture([], requests=10, seconds=3) is None
