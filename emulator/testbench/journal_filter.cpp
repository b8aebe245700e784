#include "emulator/testbench/journal_filter.h"

#include <algorithm>
#include <charconv>

#include "emulator/net/interface.h"
#include "emulator/testbench/event_items.h"
#include "emulator/testbench/fault_names.h"
#include "emulator/testbench/gvcp_names.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;

std::string names_of(std::span<const GvcpName> all) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + std::string(one.name);
    return text;
}

/// The name, which must be one of these, or one that stands for none of them.
std::string known(const std::string& key, const std::string& name, std::span<const GvcpName> all,
                  std::initializer_list<std::string_view> besides) {
    const bool found = std::ranges::find(all, name, &GvcpName::name) != all.end() ||
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
    return std::ranges::any_of(accesses_of(*command, {}),
                               [&](const RegisterAccess& access) { return places.meet(access); });
}

}  // namespace

JournalFilter journal_filter(const nlohmann::json& keys, NodeTypes types) {
    JournalFilter filter{.since = keys.value("since", std::uint64_t{0})};
    if (keys.contains("from_ns")) filter.from_ns = keys["from_ns"].get<std::uint64_t>();
    if (keys.contains("client")) take_client(filter, keys["client"]);
    if (keys.contains("command"))
        filter.command = known("command", keys["command"], command_names(), {kOtherCommand, kMalformed});
    if (keys.contains("status")) filter.status = known("status", keys["status"], status_names(), {kNoAnswer});
    if (keys.contains("fault")) filter.fault = keys["fault"].get<std::string>();
    if (keys.contains("feature")) {
        const auto name = keys["feature"].get<std::string>();
        filter.feature = places_of(name, types);
        if (filter.feature->none())
            throw Problem(kBadRequest, "feature", "there is no feature or bootstrap register " + name + ".");
    }
    return filter;
}

std::vector<std::string_view> JournalFilter::misfits(const JournalEntry& entry) const {
    std::vector<std::string_view> found;
    if (from_ns && entry.ticks < *from_ns) found.emplace_back("from_ns");
    if ((client_ip && *client_ip != entry.client.ip) || (client_port && *client_port != entry.client.port))
        found.emplace_back("client");
    if (command && command_name(entry.command()) != *command) found.emplace_back("command");
    if (feature && !meets(*feature, entry)) found.emplace_back("feature");
    if (status && (entry.status ? status_name(*entry.status) : std::string(kNoAnswer)) != *status)
        found.emplace_back("status");
    if (fault && !names_fault(entry.fault, *fault)) found.emplace_back("fault");
    return found;
}

std::size_t JournalFilter::criteria() const {
    return std::size_t{from_ns.has_value()} + std::size_t{client_ip.has_value()} +
           std::size_t{command.has_value()} + std::size_t{feature.has_value()} +
           std::size_t{status.has_value()} + std::size_t{fault.has_value()};
}

JournalExcerpt journal_excerpt(const Journal& journal, const JournalFilter& filter, std::size_t limit) {
    JournalExcerpt found{.entries = {}, .next = journal.next()};
    for (const auto& entry : journal.entries()) {
        if (entry.number < filter.since || !filter.misfits(entry).empty()) continue;
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
        return entry.number >= filter.since && filter.misfits(entry).empty();
    }));
}

std::vector<NearMiss> nearest_entries(const Journal& journal, const JournalFilter& filter,
                                      std::size_t limit) {
    std::vector<NearMiss> found;
    for (std::size_t missing = 1; missing < filter.criteria(); ++missing)
        for (auto entry = journal.entries().rbegin(); entry != journal.entries().rend(); ++entry) {
            if (entry->number < filter.since || found.size() >= limit) break;
            auto misfits = filter.misfits(*entry);
            if (misfits.size() == missing) found.push_back({*entry, std::move(misfits)});
        }
    return found;
}

}  // namespace emulator::testbench
