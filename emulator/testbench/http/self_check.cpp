#include "emulator/testbench/http/self_check.h"

#include <httplib.h>

namespace emulator::testbench {

std::string self_check(const HttpPlace& place) {
    constexpr std::chrono::seconds kPatience{3};
    httplib::Client client(place.ip, place.port);
    client.set_connection_timeout(kPatience);
    client.set_read_timeout(kPatience);
    const auto answer = client.Get("/readyz");
    const auto where = place.ip + ":" + std::to_string(place.port);
    if (!answer) return "no camera answers at http://" + where;
    if (answer->status == 200) return "";
    return "the camera at http://" + where + " is not ready (" + std::to_string(answer->status) + ")";
}

}  // namespace emulator::testbench
