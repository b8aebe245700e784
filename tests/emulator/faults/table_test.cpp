#include "emulator/faults/table.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "emulator/faults/describe.h"
#include "emulator/faults/faults.h"
#include "emulator/faults/order_text.h"
#include "tests/support/source_dir.h"

// The table of faults.

namespace faults = emulator::faults;

TEST_CASE("faults: docs/faults.md lists them as the table has them") {
    const auto file = support::source_dir() / "docs/faults.md";
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const std::string mark = "<!-- What follows is generated from the table of faults. -->\n";
    const auto begin = text.str().find(mark);
    REQUIRE(begin != std::string::npos);
    const auto wanted = text.str().substr(0, begin) + mark + faults::kinds_markdown();
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file) << wanted;
    CHECK(text.str() == wanted);
}

TEST_CASE("faults: each kind has a name of its own, a summary, and what a client does about it") {
    std::set<std::string_view> names;
    for (const auto* kind : faults::kinds()) {
        CAPTURE(kind->name);
        CHECK(names.insert(kind->name).second);
        CHECK(!kind->summary.empty());
        CHECK(!kind->client.empty());
        CHECK(kind->client.ends_with('.'));
        CHECK((kind->make != nullptr));
    }
    CHECK(names.size() >= 20);
}

TEST_CASE("faults: the command line names kind and keys, or has JSON") {
    using nlohmann::json;
    CHECK(faults::order_of_text("cable_out") == json{{"fault", "cable_out"}});
    CHECK(faults::order_of_text("packet_loss:rate=0.5,part=leader,blocks=[1,2],resent=false") ==
          json{{"fault", "packet_loss"},
               {"rate", 0.5},
               {"part", "leader"},
               {"blocks", {1, 2}},
               {"resent", false}});
    CHECK(faults::order_of_text(R"({"fault": "mtu_drop"})") == json{{"fault", "mtu_drop"}});
    for (const auto* wrong :
         {"packet_loss:", "packet_loss:rate", "packet_loss:=1", "packet_loss:rate=1,", "{"})
        CHECK_THROWS_AS((void)faults::order_of_text(wrong), scenes::ConfigError);
}

TEST_CASE("faults: the schema of a kind has the limits of its reader") {
    using nlohmann::json;
    int limits = 0;
    for (const auto* kind : faults::kinds()) {
        CAPTURE(kind->name);
        const auto schema = faults::order_schema(*kind);
        const auto& properties = schema["properties"];
        CHECK(properties["fault"]["enum"] == json{kind->name});
        CHECK(schema["additionalProperties"] == false);
        json least{{"fault", kind->name}};
        for (const auto& [key, value] : properties.items())
            if (value.contains("minimum") && key != "times") least[key] = value["minimum"];
        for (const auto& property : properties.items()) {
            const auto& key = property.key();
            const auto& value = property.value();
            if (!value.contains("minimum")) continue;
            CAPTURE(key);
            for (const double beyond :
                 {value["minimum"].get<double>() - 1, value["maximum"].get<double>() * 1.001 + 1}) {
                auto order = least;
                order.erase("every_us");
                order[key] = beyond;
                CHECK_THROWS_WITH_AS((void)faults::read_order(scenes::Node(order, "fault")),
                                     doctest::Contains(key.c_str()), scenes::ConfigError);
                ++limits;
            }
        }
    }
    CHECK(limits > 200);
}
