#include <doctest/doctest.h>

#include "emulator/testbench/scenario/client_report.h"
#include "emulator/testbench/scenario/pattern.h"

using emulator::testbench::fits;
using emulator::testbench::fitting_keys;
using emulator::testbench::Json;
using emulator::testbench::mistake_in;
using emulator::testbench::parse_frame_line;
using nlohmann::json;

namespace {

bool pattern_fits(const char* pattern, const char* item) {
    return fits(json::parse(pattern), Json::parse(item));
}

std::string mistake(const char* pattern) {
    const auto found = mistake_in(json::parse(pattern));
    return found ? found->key + ": " + found->sentence : "";
}

}  // namespace

TEST_CASE("scenario patterns: an object fits by the keys that are asked for") {
    CHECK(pattern_fits(R"({})", R"({"a": 1})"));
    CHECK(pattern_fits(R"({"a": 1})", R"({"a": 1.0, "b": 2})"));
    CHECK(!pattern_fits(R"({"a": 1})", R"({"a": 2})"));
    CHECK(!pattern_fits(R"({"c": 1})", R"({"a": 1})"));
    CHECK(pattern_fits(R"({"a": {"b": null}})", R"({"a": {"b": null, "c": 1}})"));
    CHECK(!pattern_fits(R"({"a": {"b": 1}})", R"({"a": 1})"));
    CHECK(!pattern_fits(R"({"a": true})", R"({"a": 1})"));
}

TEST_CASE("scenario patterns: one element of an array fits, or one for each that is asked for") {
    CHECK(pattern_fits(R"({"w": {"f": "Gain"}})", R"({"w": [{"f": "Zoom"}, {"f": "Gain", "v": 1}]})"));
    CHECK(!pattern_fits(R"({"w": {"f": "Gain", "v": 2}})",
                        R"({"w": [{"f": "Gain", "v": 1}, {"f": "Zoom", "v": 2}]})"));
    CHECK(pattern_fits(R"({"w": [2, 1]})", R"({"w": [1, 2, 3]})"));
    CHECK(!pattern_fits(R"({"w": [2, 4]})", R"({"w": [1, 2, 3]})"));
    CHECK(!pattern_fits(R"({"w": {}})", R"({"w": []})"));
}

TEST_CASE("scenario patterns: operators, at both ends of their ranges") {
    CHECK(pattern_fits(R"({"a": {"$min": 2, "$max": 3}})", R"({"a": 2})"));
    CHECK(pattern_fits(R"({"a": {"$min": 2, "$max": 3}})", R"({"a": 3})"));
    CHECK(!pattern_fits(R"({"a": {"$min": 2, "$max": 3}})", R"({"a": 1.999})"));
    CHECK(!pattern_fits(R"({"a": {"$min": 2, "$max": 3}})", R"({"a": 3.001})"));
    CHECK(!pattern_fits(R"({"a": {"$min": 2}})", R"({"a": "3"})"));
    CHECK(pattern_fits(R"({"a": {"$matches": "^ab+$"}})", R"({"a": "abb"})"));
    CHECK(!pattern_fits(R"({"a": {"$matches": "^ab+$"}})", R"({"a": "a"})"));
    CHECK(!pattern_fits(R"({"a": {"$matches": "1"}})", R"({"a": 1})"));
    CHECK(pattern_fits(R"({"a": {"$not": {"b": 1}}})", R"({"a": {"b": 2}})"));
    CHECK(!pattern_fits(R"({"a": {"$not": 1}})", R"({"a": 1})"));
    CHECK(pattern_fits(R"({"a": {"$in": [1, "x", null]}})", R"({"a": null})"));
    CHECK(!pattern_fits(R"({"a": {"$in": []}})", R"({"a": 1})"));
}

TEST_CASE("scenario patterns: no regular expression takes more than a moment") {
    const auto text = json{{"a", std::string(100'000, 'A')}};
    CHECK(!pattern_fits(R"({"a": {"$matches": "^(([A-Z_]+)+)+!"}})", text.dump().c_str()));
    CHECK(mistake(R"({"a": {"$matches": "((a{1000}){1000}){1000}"}})").starts_with("a.$matches"));
}

TEST_CASE("scenario patterns: the nearest item is the one with most keys") {
    CHECK(fitting_keys(json::parse(R"({"a": 1, "b": 2, "c": 3})"),
                       Json::parse(R"({"a": 1, "b": 9, "c": 3})")) == 2);
    CHECK(fitting_keys(json::parse(R"(1)"), Json::parse(R"(1)")) == 0);
}

TEST_CASE("scenario patterns: a mistake is named with its key") {
    CHECK(mistake(R"({"a": {"b": [1, {"c": 2}]}})").empty());
    CHECK(mistake(R"({"a": {"$atleast": 1}})") ==
          "a.$atleast: $min, $max, $matches, $not and $in are the operators that exist.");
    CHECK(mistake(R"({"a": {"$min": "1"}})") == "a.$min: a number is expected.");
    CHECK(mistake(R"({"a": {"$in": 1}})") == "a.$in: a list is expected.");
    CHECK(mistake(R"({"a": {"$matches": "("}})") == "a.$matches: this is not a regular expression of RE2.");
    CHECK(mistake(R"({"a": {"$matches": 1}})") == "a.$matches: a text is expected.");
    CHECK(mistake(R"({"a": {"$not": {"$or": 1}}})").starts_with("a.$not"));
    CHECK(mistake(R"({"a": {"$min": 1, "b": 1}})").starts_with("a.b: "));
}

TEST_CASE("lines of a client: a frame is one of five words, and nothing else") {
    const auto frame = parse_frame_line("gigemu-frame 65535 complete 00c0FFEE 3145728");
    REQUIRE(frame);
    CHECK(frame->block_id == 65535);
    CHECK(frame->status == "complete");
    CHECK(frame->crc32 == 0x00C0FFEE);
    CHECK(frame->bytes == 3145728);
    CHECK(parse_frame_line("gigemu-frame 18446744073709551615 x 0 0"));
    for (const char* line : {"", "gigemu-frame", "gigemu-frame 1 complete 0", "gigemu-frame 1 complete 0 0 0",
                             "gigemu-frame -1 complete 0 0", "gigemu-frame 1 complete 100000000 0",
                             "gigemu-frame 18446744073709551616 x 0 0", "gigemu-frames 1 complete 0 0",
                             "gigemu-frame 1 complete zz 0"})
        CHECK_MESSAGE(!parse_frame_line(line), line);
}
