"""Numbers in the query: each is refused beyond its documented range, with that range, at both ends alike."""

from plaudit.web.app import documents


def ranges():
    """Give each call without ids in its path that has numbers, with the name and the range of each."""
    for document in documents().values():
        root = document["servers"][0]["url"]
        for path, told in document["paths"].items():
            for it in told.get("get", {}).get("parameters", ()):
                if "minimum" in it["schema"] and "{" not in path:
                    yield f"{root}{path}", it["name"], it["schema"]["minimum"], it["schema"].get("maximum")


async def test_a_number_beyond_its_range_is_refused_with_the_range_it_has(house):
    tried = set()
    for path, name, least, most in ranges():
        limits = f"from {least} to {'' if most is None else most}"
        beyond = [least - 1, "x", "", *([] if most is None else [most + 1, most * 10, most * 100])]
        for value in beyond:
            answer = await house.http.get(path, params={name: value})
            assert answer.status_code == 422, (path, name, value, answer.text)
            sentence = answer.json()["error"]
            assert sentence.startswith(f"The parameter {name} must be a whole number {limits}"), sentence
        tried.add((name, least, most))
    assert {("limit", 1, 100), ("skip", 0, None)} <= tried
