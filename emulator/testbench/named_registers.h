#pragma once

#include <string_view>
#include <vector>

#include "emulator/features/feature.h"
#include "emulator/profile.h"
#include "emulator/testbench/http/route.h"
#include "protocol/gvcp/register_access.h"

namespace emulator::testbench {

using protocol::gvcp::RegisterAccess;

/// The feature is one of the bootstrap registers, or some bits of one.
[[nodiscard]] bool in_bootstrap(const features::Feature&);
/// These bits of a word.
[[nodiscard]] std::uint32_t bits_of(const features::Bits&, std::uint32_t word);
[[nodiscard]] std::uint32_t mask_of(const features::Bits&);

/// Appends an object for each register in it: `address`, `feature` or `register` or `what`, and `value` where
/// all bytes of it are known.
void append_registers(const RegisterAccess&, NodeTypes, Json& list);

/// Where a feature, or a bootstrap register by its name, is found: addresses and numbers of events.
struct FeaturePlaces {
    std::vector<RegisterAccess> registers;
    std::vector<std::uint16_t> events;
    [[nodiscard]] bool none() const { return registers.empty() && events.empty(); }
    [[nodiscard]] bool meet(const RegisterAccess&) const;
};
[[nodiscard]] FeaturePlaces places_of(std::string_view name, NodeTypes);

/// The feature that stands for an event, or its name in the standard; empty if there is none.
[[nodiscard]] std::string_view event_feature(std::uint16_t event_id, NodeTypes);

}  // namespace emulator::testbench
