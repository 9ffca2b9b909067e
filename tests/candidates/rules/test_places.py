from candidates.rules.places import places


def test_provinces_come_with_their_prefectures_and_municipalities_alone():
    assert [one for one in places() if one.startswith(("北京", "河北省石", "台湾", "香港", "澳门"))] == [
        "北京市",
        "河北省石家庄市",
        "台湾省",
        "香港特别行政区",
        "澳门特别行政区",
    ]


def test_no_place_is_twice_there_or_a_mere_heading():
    assert (len(places()), len(set(places()))) == (340, 340)
    assert [one for one in places() if "直辖" in one or "-" in one] == []
