#pragma once

#include <span>

#include "emulator/testbench/http/route.h"

/// The rows of the table of routes, by noun.
namespace emulator::testbench::routes {

std::span<const Route> index();
std::span<const Route> health();
std::span<const Route> state();
std::span<const Route> features();
std::span<const Route> lines();
std::span<const Route> clock();
std::span<const Route> reset();
std::span<const Route> frame_number();
std::span<const Route> signals();
std::span<const Route> truth();
std::span<const Route> preview();
std::span<const Route> page();
std::span<const Route> network();
std::span<const Route> automatics();
std::span<const Route> journal();
std::span<const Route> recordings();
std::span<const Route> events();
std::span<const Route> camera_pose();
std::span<const Route> world();
std::span<const Route> scene_list();
std::span<const Route> faults();
std::span<const Route> scenario();
std::span<const Route> scenario_list();

}  // namespace emulator::testbench::routes
