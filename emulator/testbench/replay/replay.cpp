#include "emulator/testbench/replay/replay.h"

#include <algorithm>

#include "emulator/features/table.h"
#include "emulator/testbench/named_registers.h"
#include "emulator/testbench/replay/translation.h"
#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

using protocol::Bytes;
using protocol::ByteView;
namespace gvcp = protocol::gvcp;

constexpr std::size_t kShownBytes = 32;

/// The name of a register, as differences have it.
std::string name_of(const Json& item) {
    for (const auto* key : {"feature", "register", "what"})
        if (item.contains(key))
            return item[key].get<std::string>() +
                   (item.contains("of") ? "." + item["of"].get<std::string>() : "");
    return item["address"].get<std::string>();
}

Json value_of_item(const Json& item, ByteView bytes) {
    if (item.contains("value")) return item["value"];
    const auto shown = bytes.first(std::min(bytes.size(), kShownBytes));
    return gvcp::hex(shown) + (shown.size() < bytes.size() ? "..." : "");
}

/// Features that the camera changes by itself, or that tell times.
class OwnChanges {
  public:
    explicit OwnChanges(NodeTypes types) {
        for (const auto& category : features::table(types))
            for (const auto& feature : category.features) {
                if (feature.info.polling_ms != 0) polled_.insert(std::string(feature.info.name));
                if (feature.info.name.find("Timestamp") != std::string_view::npos)
                    times_.insert(std::string(feature.info.name));
            }
    }
    void written(const std::string& feature) { written_.insert(feature); }
    [[nodiscard]] bool compared(const std::string& feature) const {
        return !times_.contains(feature) && (!polled_.contains(feature) || written_.contains(feature));
    }

  private:
    std::set<std::string> polled_, times_, written_;
};

/// What an acknowledge says.
struct ReplayAck {
    Json status;
    ByteView payload;
};
ReplayAck parsed(const std::optional<Bytes>& ack) {
    const auto header = ack ? gvcp::parse_ack(*ack) : std::nullopt;
    if (!header) return {.status = std::string(gvcp::kNoAnswer), .payload = {}};
    return {.status = gvcp::status_name(header->status),
            .payload = ByteView(*ack).subspan(gvcp::kHeaderBytes)};
}

class Player {
  public:
    Player(ReplayCamera& camera, NodeTypes types) : camera_(camera), types_(types), own_(types) {}

    void play(const RecordedCommand& recorded) {
        ++report_.commands;
        const auto command = gvcp::parse_command(recorded.datagram);
        if (is_left_out(*command)) return;
        ++report_.played;
        auto& translation = translation_of(recorded.client);
        const auto now = camera_.ask(recorded.client, translation.command(*command, recorded.datagram));
        compare(recorded, *command, now, translation);
        if (gvcp::is_write(*command)) note_writes(*command);
    }
    [[nodiscard]] ReplayReport report() {
        report_.clients = translations_.size();
        return std::move(report_);
    }

  private:
    ReplayTranslation& translation_of(protocol::Endpoint client) {
        const std::pair key{client.ip, client.port};
        auto found = translations_.find(key);
        if (found == translations_.end())
            found = translations_.emplace(key, ReplayTranslation(client, camera_.ends_of(client))).first;
        return found->second;
    }

    void note_writes(const gvcp::Command& command) {
        auto items = Json::array();
        for (const auto& access : gvcp::accesses_of(command, {})) append_registers(access, types_, items);
        for (const auto& item : items) own_.written(name_of(item));
    }

    void differ(const RecordedCommand& recorded, const std::string& of, const char* key, Json before,
                Json now) {
        const auto command = gvcp::parse_command(recorded.datagram);
        report_.differences.push_back({.number = recorded.number,
                                       .command = std::string(gvcp::command_name(command)),
                                       .of = of,
                                       .key = key,
                                       .recorded = std::move(before),
                                       .now = std::move(now)});
    }

    void compare(const RecordedCommand& recorded, const gvcp::Command& command,
                 const std::optional<Bytes>& now, const ReplayTranslation& translation) {
        const auto before_ack = parsed(recorded.ack), now_ack = parsed(now);
        if (!command.wants_ack()) return;
        if (before_ack.status != now_ack.status)
            return differ(recorded, names_of(command), "status", before_ack.status, now_ack.status);
        if (gvcp::is_write(command) && !std::ranges::equal(before_ack.payload, now_ack.payload))
            return differ(recorded, names_of(command), "index", gvcp::hex(before_ack.payload),
                          gvcp::hex(now_ack.payload));
        if (gvcp::is_write(command)) return;
        const auto before = gvcp::accesses_of(command, before_ack.payload),
                   after = gvcp::accesses_of(command, now_ack.payload);
        for (std::size_t i = 0; i < before.size() && i < after.size(); ++i)
            compare_values(recorded, before[i], after[i], translation);
    }

    void compare_values(const RecordedCommand& recorded, const RegisterAccess& before,
                        const RegisterAccess& now, const ReplayTranslation& translation) {
        auto was = Json::array(), is = Json::array();
        append_registers(before, types_, was);
        append_registers(now, types_, is);
        std::size_t at = 0;
        for (std::size_t i = 0; i < was.size(); ++i) {
            const auto size = was[i].value("bytes", std::size_t{4});
            const auto address = before.address + static_cast<std::uint32_t>(at);
            if (at + size > before.bytes.size() || at + size > now.bytes.size()) return;
            const auto old_bytes = before.bytes.subspan(at, size), new_bytes = now.bytes.subspan(at, size);
            at += size;
            if (std::ranges::equal(old_bytes, new_bytes) || varies(address) ||
                !own_.compared(name_of(was[i])))
                continue;
            if (size == 4 && translation.expected(address, protocol::load<std::uint32_t>(old_bytes)) ==
                                 protocol::load<std::uint32_t>(new_bytes))
                continue;
            differ(recorded, name_of(was[i]), "value", value_of_item(was[i], old_bytes),
                   value_of_item(is[i], new_bytes));
        }
    }

    /// The registers of a command, with commas between.
    [[nodiscard]] std::string names_of(const gvcp::Command& command) const {
        auto items = Json::array();
        for (const auto& access : gvcp::accesses_of(command, {})) append_registers(access, types_, items);
        std::string text;
        for (const auto& item : items) text += (text.empty() ? "" : ", ") + name_of(item);
        return text;
    }

    ReplayCamera& camera_;
    NodeTypes types_;
    OwnChanges own_;
    std::map<std::pair<std::uint32_t, std::uint16_t>, ReplayTranslation> translations_;
    ReplayReport report_;
};

}  // namespace

ReplayReport replay(const std::vector<RecordedCommand>& commands, ReplayCamera& camera, NodeTypes types) {
    Player player(camera, types);
    for (const auto& command : commands) player.play(command);
    return player.report();
}

std::string sentence(const ReplayDifference& difference) {
    const auto text = [](const Json& value) {
        return value.is_string() ? value.get<std::string>() : value.dump();
    };
    return "#" + std::to_string(difference.number) + " " + difference.command +
           (difference.of.empty() ? "" : " " + difference.of) + ": " + difference.key + " " +
           text(difference.recorded) + " in the recording, " + text(difference.now) + " now";
}

}  // namespace emulator::testbench
