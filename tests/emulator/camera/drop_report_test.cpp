#include <doctest/doctest.h>

#include "emulator/camera/drop_report.h"

using emulator::DropReport;
using emulator::acquisition::DropCause;
using namespace std::chrono_literals;

TEST_CASE("frames that a slow host lost are logged once a second, all of them, by their causes") {
    DropReport report;
    CHECK(report.add(DropCause::rendering_late, 1s) == 1s);
    CHECK_FALSE(report.add(DropCause::rendering_late, 1s));
    CHECK(report.sentence().find("2 because their images came late, 0 because") != std::string::npos);
    CHECK(report.add(DropCause::rendering_late, 1100ms) == 2s);
    for (int i = 0; i < 69; ++i) CHECK_FALSE(report.add(DropCause::rendering_late, 1100ms + i * 10ms));
    for (int i = 0; i < 6; ++i) CHECK_FALSE(report.add(DropCause::sending_late, 1900ms));
    CHECK(report.sentence().find("70 because their images came late, 6 because") != std::string::npos);
    CHECK(report.add(DropCause::sending_late, 10s) == 10s);
}

TEST_CASE("frames that are lost for other reasons are not worth a line in the log") {
    DropReport report;
    for (const auto cause : {DropCause::abandoned, DropCause::unreachable, DropCause::channel_closed})
        CHECK_FALSE(report.add(cause, 1s));
    CHECK(report.add(DropCause::sending_late, 3s));
}
