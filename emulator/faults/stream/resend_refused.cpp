#include <array>

#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

using protocol::Status;

constexpr std::array kStatuses{
    std::pair<std::string_view, Status>{"GEV_STATUS_PACKET_UNAVAILABLE", Status::packet_unavailable},
    std::pair<std::string_view, Status>{"GEV_STATUS_PACKET_TEMPORARILY_UNAVAILABLE",
                                        Status::packet_temporarily_unavailable},
    std::pair<std::string_view, Status>{"GEV_STATUS_PACKET_NOT_YET_AVAILABLE",
                                        Status::packet_not_yet_available},
    std::pair<std::string_view, Status>{"GEV_STATUS_PACKET_AND_PREV_REMOVED_FROM_MEMORY",
                                        Status::packet_and_previous_removed},
    std::pair<std::string_view, Status>{"GEV_STATUS_PACKET_REMOVED_FROM_MEMORY", Status::packet_removed}};

class ResendRefused final : public ResendFault {
  public:
    explicit ResendRefused(const scenes::Node& node) : ResendFault(node) {
        std::vector<std::string_view> names;
        names.reserve(kStatuses.size());
        for (const auto& row : kStatuses) names.push_back(row.first);
        const auto name = node.choice("status", names, std::string(names.front()));
        for (const auto& row : kStatuses)
            if (row.first == name) status_ = row.second;
    }

  private:
    void hit(ResendFate& fate) override { fate.refused = status_; }

    Status status_ = Status::packet_unavailable;
};

}  // namespace

const Kind& resend_refused() {
    static const Kind kind{
        .name = "resend_refused",
        .subject = Subject::stream,
        .summary = "resend requests are refused packet by packet, though the packets are kept",
        .client = "Gives these packets up at once, and delivers the image as incomplete.",
        .keys =
            "`status` (GEV_STATUS_PACKET_UNAVAILABLE, GEV_STATUS_PACKET_TEMPORARILY_UNAVAILABLE, "
            "GEV_STATUS_PACKET_NOT_YET_AVAILABLE, GEV_STATUS_PACKET_AND_PREV_REMOVED_FROM_MEMORY, "
            "GEV_STATUS_PACKET_REMOVED_FROM_MEMORY; default the first, which a client gets in any case that "
            "has not "
            "enabled extended status codes)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ResendRefused>(node); }};
    return kind;
}

}  // namespace emulator::faults
