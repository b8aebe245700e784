#include <doctest/doctest.h>

#include <set>
#include <string_view>

#include "lens_model/optics/constants.h"

using namespace lens_model;

TEST_CASE("every constant has a key of its own, and its default lies within its limits") {
    std::set<std::string_view> keys;
    const Constants defaults;
    for (const auto& row : constants()) {
        CAPTURE(row.key);
        CHECK(keys.insert(row.key).second);
        CHECK(defaults.*row.member >= row.min);
        CHECK(defaults.*row.member <= row.max);
        CHECK_FALSE(row.unit.empty());
        CHECK_FALSE(row.source.empty());
    }
}

TEST_CASE("no member of the constants is without a key") {
    CHECK(constants().size() * sizeof(double) == sizeof(Constants));
}
