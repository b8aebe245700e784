#include <doctest/doctest.h>

#include "emulator/camera/drop_report.h"

using emulator::DropReport;
using emulator::acquisition::DropCause;
using namespace std::chrono_literals;

TEST_CASE("frames that a slow host lost are logged once in ten seconds, all of them, by their causes") {
    DropReport report;
    const auto first = report.add(DropCause::rendering_late, 1s);
    REQUIRE(first);
    CHECK(first->find("1 because their images came late, 0 because") != std::string::npos);
    for (int i = 0; i < 70; ++i) CHECK_FALSE(report.add(DropCause::rendering_late, 2s + i * 100ms));
    for (int i = 0; i < 5; ++i) CHECK_FALSE(report.add(DropCause::sending_late, 10s));
    const auto second = report.add(DropCause::sending_late, 11s);
    REQUIRE(second);
    CHECK(second->find("70 because their images came late, 6 because") != std::string::npos);
}

TEST_CASE("frames that a client gave up are not worth a line in the log") {
    DropReport report;
    CHECK_FALSE(report.add(DropCause::abandoned, 1s));
    CHECK_FALSE(report.add(DropCause::channel_closed, 2s));
    CHECK(report.add(DropCause::sending_late, 3s));
}
