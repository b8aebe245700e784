#include "emulator/testbench/journal_filter.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/net/interface.h"
#include "emulator/testbench/event_items.h"
#include "emulator/testbench/fault_names.h"
#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;

std::string names_of(std::span<const gvcp::GvcpName> all) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + std::string(one.name);
    return text;
}

/// The name, which must be one of these, or one that stands for none of them.
std::string known(const std::string& key, const std::string& name, std::span<const gvcp::GvcpName> all,
                  std::initializer_list<std::string_view> besides) {
    const bool found = std::ranges::find(all, name, &gvcp::GvcpName::name) != all.end() ||
                       std::ranges::find(besides, name) != besides.end();
    if (found) return name;
    auto sentence = "there is no " + key + " " + name + "; there are " + names_of(all);
    for (const auto one : besides) sentence += ", " + std::string(one);
    throw Problem(kBadRequest, key, sentence + ".");
}

void take_client(JournalFilter& filter, const std::string& text) {
    const auto colon = std::min(text.find(':'), text.size());
    filter.client_ip = net::parse_dotted(text.substr(0, colon));
    std::uint16_t port = 0;
    const auto* const end = text.data() + text.size();
    const bool has_port = colon < text.size();
    const auto [stopped, error] =
        has_port ? std::from_chars(text.data() + colon + 1, end, port) : std::from_chars_result{end, {}};
    if (!filter.client_ip || error != std::errc{} || stopped != end)
        throw Problem(kBadRequest, "client", "an IPv4 address, or address:port, is expected.");
    if (has_port) filter.client_port = port;
}

bool meets(const FeaturePlaces& places, const JournalEntry& entry) {
    const auto command = entry.command();
    if (!command) return false;
    for (const auto& item : event_items(*command))
        if (std::ranges::find(places.events, item.id) != places.events.end()) return true;
    return std::ranges::any_of(gvcp::accesses_of(*command, {}),
                               [&](const RegisterAccess& access) { return places.meet(access); });
}

}  // namespace

JournalFilter journal_filter(const nlohmann::json& keys, NodeTypes types) {
    JournalFilter filter{.since = keys.value("since", std::uint64_t{0})};
    if (keys.contains("from_ns")) filter.from_ns = keys["from_ns"].get<std::uint64_t>();
    if (keys.contains("client")) take_client(filter, keys["client"]);
    if (keys.contains("command"))
        filter.command =
            known("command", keys["command"], gvcp::command_names(), {gvcp::kOtherCommand, gvcp::kMalformed});
    if (keys.contains("status")) {
        const auto name = known("status", keys["status"], gvcp::status_names(), {gvcp::kNoAnswer});
        const auto found = std::ranges::find(gvcp::status_names(), name, &gvcp::GvcpName::name);
        filter.status.emplace();
        if (found != gvcp::status_names().end()) *filter.status = found->code;
    }
    if (keys.contains("fault")) filter.fault = keys["fault"].get<std::string>();
    if (keys.contains("feature")) {
        const auto name = keys["feature"].get<std::string>();
        filter.feature = places_of(name, types);
        if (filter.feature->none())
            throw Problem(kBadRequest, "feature", "there is no feature or bootstrap register " + name + ".");
    }
    return filter;
}

JournalFilter::Misfits JournalFilter::misfits(const JournalEntry& entry) const {
    Misfits missed;
    missed[kFromNs] = from_ns && entry.ticks < *from_ns;
    missed[kClient] =
        (client_ip && *client_ip != entry.client.ip) || (client_port && *client_port != entry.client.port);
    missed[kCommand] = command && gvcp::command_name(entry.command()) != *command;
    missed[kFeature] = feature && !meets(*feature, entry);
    missed[kStatus] = status && *status != entry.status;
    missed[kFault] = fault && !names_fault(entry.fault, *fault);
    return missed;
}

JournalFilter::Misfits JournalFilter::criteria() const {
    Misfits set;
    set[kFromNs] = from_ns.has_value();
    set[kClient] = client_ip.has_value();
    set[kCommand] = command.has_value();
    set[kFeature] = feature.has_value();
    set[kStatus] = status.has_value();
    set[kFault] = fault.has_value();
    return set;
}

std::vector<std::string_view> keys_of(const JournalFilter::Misfits& misfits) {
    constexpr std::array<std::string_view, JournalFilter::kCriteria> kKeys{"from_ns", "client", "command",
                                                                           "feature", "status", "fault"};
    std::vector<std::string_view> keys;
    for (std::size_t i = 0; i < kKeys.size(); ++i)
        if (misfits[i]) keys.push_back(kKeys.at(i));
    return keys;
}

JournalExcerpt journal_excerpt(const Journal& journal, const JournalFilter& filter, std::size_t limit) {
    JournalExcerpt found{.entries = {}, .next = journal.next()};
    for (const auto& entry : journal.entries()) {
        if (entry.number < filter.since || filter.misfits(entry).any()) continue;
        if (found.entries.size() >= limit) {
            found.next = entry.number;
            break;
        }
        found.entries.push_back(entry);
    }
    return found;
}

std::size_t journal_count(const Journal& journal, const JournalFilter& filter) {
    return static_cast<std::size_t>(std::ranges::count_if(journal.entries(), [&](const JournalEntry& entry) {
        return entry.number >= filter.since && filter.misfits(entry).none();
    }));
}

std::vector<NearMiss> nearest_entries(const Journal& journal, const JournalFilter& filter,
                                      std::size_t limit) {
    std::array<std::vector<NearMiss>, JournalFilter::kCriteria + 1> by_misfits;
    const auto criteria = filter.criteria().count();
    for (auto entry = journal.entries().rbegin(); entry != journal.entries().rend(); ++entry) {
        if (entry->number < filter.since) break;
        const auto misfits = filter.misfits(*entry);
        auto& these = by_misfits.at(misfits.count());
        if (misfits.any() && misfits.count() < criteria && these.size() < limit)
            these.push_back({*entry, misfits});
    }
    std::vector<NearMiss> found;
    for (auto& these : by_misfits)
        for (auto& one : these)
            if (found.size() < limit) found.push_back(std::move(one));
    return found;
}

}  // namespace emulator::testbench
