#include "emulator/testbench/routes/table.h"

namespace emulator::testbench {

const std::vector<Route>& route_table() {
    static const std::vector<Route> all = [] {
        std::vector<Route> list;
        for (const auto& rows :
             {routes::page(),       routes::index(),        routes::health(),      routes::state(),
              routes::features(),   routes::lines(),        routes::signals(),     routes::journal(),
              routes::recordings(), routes::truth(),        routes::preview(),     routes::network(),
              routes::automatics(), routes::frame_number(), routes::camera_pose(), routes::world(),
              routes::scene_list(), routes::faults(),       routes::scenario(),    routes::scenario_list(),
              routes::clock(),      routes::reset(),        routes::events()})
            list.insert(list.end(), rows.begin(), rows.end());
        return list;
    }();
    return all;
}

}  // namespace emulator::testbench
