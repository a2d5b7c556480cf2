from entrepot.core import errors


def test_at_most_five_labels_are_listed() -> None:
    assert errors.listed("abcde") == "a, b, c, d, e"
    assert errors.listed("abcdefgh") == "a, b, c, d, e and 3 more"


def test_nearest_names_compare_with_codes_and_names() -> None:
    known, names = ["IND", "IDN", "USA"], ["India", "Indonesia", "United States"]
    assert errors.nearest("India", known, names).startswith("; nearest: IND (India), IDN (Indonesia)")
    assert errors.nearest("usa", known, names).startswith("; nearest: USA (United States)")
    assert errors.nearest("zzzzzz", known, names) == ""


def test_input_errors_are_value_errors_too() -> None:
    assert issubclass(errors.InvalidEconomy, ValueError)
    assert issubclass(errors.NotConverged, RuntimeError)
    assert not issubclass(errors.NotConverged, errors.InputError)


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    written = {
        word
        for line in (errors.__doc__ or "").splitlines()
        if "──" in line
        for word in [line.split("── ")[1].split()[0]]
    }
    coded = {
        name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.EntrepotError)
    }
    assert written == coded - {"EntrepotError"}
