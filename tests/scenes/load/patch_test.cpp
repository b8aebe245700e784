#include <doctest/doctest.h>

#include "scenes/load/scene_file.h"

using namespace scenes;
using nlohmann::json;

// Patches of a scene's content: RFC 7396, and elements of lists by their names.

namespace {

json patched(const char* content, const char* patch) {
    auto result = json::parse(content);
    apply_patch(result, json::parse(patch));
    return result;
}

ConfigError error_of(const char* content, const char* patch) {
    try {
        (void)patched(content, patch);
    } catch (const ConfigError& error) {
        return error;
    }
    return {"", "", "nothing is wrong"};
}

}  // namespace

TEST_CASE("a patch does what the examples of RFC 7396 say") {
    struct Row {
        const char *content, *patch, *result;
    };
    const Row table[] = {
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", R"({})"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    };
    for (const Row& row : table) {
        CAPTURE(row.patch);
        CHECK(patched(row.content, row.patch) == json::parse(row.result));
    }
}

TEST_CASE("where a list stands, an object patches elements by name, kind or index, and null removes them") {
    const char* items =
        R"({"items": [{"kind": "qr", "name": "a", "x": 1}, {"kind": "text", "x": 2}, {"x": 3}]})";
    CHECK(patched(items, R"({"items": {"a": {"x": 7}}})")["items"][0] ==
          json::parse(R"({"kind": "qr", "name": "a", "x": 7})"));
    CHECK(patched(items, R"({"items": {"text": {"x": null}}})")["items"][1] ==
          json::parse(R"({"kind": "text"})"));
    CHECK(patched(items, R"({"items": {"2": {"x": 9}}})")["items"][2]["x"] == 9);
    // Numbers count in the list as it was.
    CHECK(patched(items, R"({"items": {"0": null, "1": {"x": 5}, "2": null}})")["items"] ==
          json::parse(R"([{"kind": "text", "x": 5}])"));
    CHECK(patched(items, R"({"items": []})")["items"].empty());
}

TEST_CASE("an element that is not there, and a patch without end, are refused with the key") {
    const auto none = error_of(R"({"items": [{"name": "a"}]})", R"({"items": {"b": {"x": 1}}})");
    CHECK(none.key == "items.b");
    CHECK(none.sentence == "there is no \"b\" in this list.");
    CHECK(error_of(R"({"light": []})", R"({"light": {"0": null}})").key == "light.0");
    std::string deep = "1";
    for (int i = 0; i < 1000; ++i) deep = R"({"a":)" + deep + "}";
    CHECK(error_of("{}", deep.c_str()).sentence == "this is nested too deeply.");
}
