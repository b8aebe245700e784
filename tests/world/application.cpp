#include "tests/world/application.h"

#include <algorithm>

#include "tests/world/laws/register_law.h"

namespace world {
namespace {

using support::be16, support::be32;

constexpr std::uint32_t kHeight = 0x0011'0020, kStart = 0x0012'0004, kStop = 0x0012'0008,
                        kExposureTime = 0x0012'0014, kTriggerMode = 0x0012'001C, kTriggerSource = 0x0012'0020,
                        kSoftwareTrigger = 0x0012'0028, kBurst = 0x0012'002C, kEventSelector = 0x0016'0000,
                        kEventNotification = 0x0016'0004, kTestEvent = 0x0016'0008,
                        kUserSetSelector = 0x001E'0000, kUserSetLoad = 0x001E'0004,
                        kUserSetSave = 0x001E'0008, kUserSetDefault = 0x001E'000C, kReset = 0x0010'0048,
                        kResetKey = 0xC07D'B007;
/// A copy of a write of its own that comes late may have stopped the stream: it configures the camera anew.
constexpr Time kSilenceMost = 5s;

}  // namespace

Application::Application(Network& network, const Options& options)
    : network_(network), options_(options), dice_(options.seed), commands_(network), stream_(network) {}

Endpoint Application::port(int offset) const {
    return {options_.control.ip, static_cast<std::uint16_t>(options_.control.port + offset)};
}

void Application::start() {
    alive_ = true;
    ++life_;
    commands_.open(port(0));
    stream_.open(port(1));
    network_.listen(port(2), [this](ByteView datagram, Endpoint) { on_message(datagram); });
    begin();
}

void Application::end(bool politely) {
    if (!alive_) return;
    alive_ = false;
    ++life_;
    commands_.close(politely);
    stream_.close();
    network_.leave(port(2));
    // Another program that starts on this host gets other ports.
    options_.control.port = static_cast<std::uint16_t>(options_.control.port + 3);
}

void Application::after(Time time, void (Application::*act)()) {
    network_.scheduler().after(time, [this, act, life = life_, session = session_] {
        if (life == life_ && session == session_) (this->*act)();
    });
}

void Application::ask(std::uint16_t code, const Bytes& payload, CommandQueue::Then then) {
    commands_.ask(code, payload, std::move(then));
}

void Application::write(std::uint32_t address, std::uint32_t value, CommandQueue::Then then) {
    if (!then) {
        then = [this](const auto& answer) {
            if (!answer || answer->status == kAccessDenied) begin_later();  // it may have started anew
        };
    }
    ask(kWriteRegister, be32(address) + be32(value), std::move(then));
}

void Application::read(std::uint32_t address, CommandQueue::Then then) {
    ask(kReadRegister, be32(address), std::move(then));
}

void Application::begin() {
    ++session_;
    camera_ = options_.camera();
    commands_.begin(camera_);
    to_write_.clear();
    const std::uint32_t switchover = options_.kind == Kind::greedy && dice_.one_in(3) ? 4 : 0;
    const std::uint32_t exclusive = options_.kind == Kind::greedy && dice_.one_in(3) ? 1 : 0;
    write(kPrivilege, 2 | switchover | exclusive, [this](const auto& answer) {
        if (answer && answer->status == kSuccess) return configure();
        begin_later();
    });
}

void Application::begin_later() {
    ++session_;
    after(300ms + part_of(700ms), &Application::begin);
}

void Application::configure() {
    const bool extended_ids = dice_.one_in(3);
    stream_.begin(camera_, extended_ids);
    const auto destination = dice_.one_in(4) ? stream_.group() : port(1);
    const ActionKeys keys;
    heartbeat_ms_ = static_cast<std::uint32_t>(400 + dice_.below(3100));
    const auto packet = static_cast<std::uint32_t>(576 + 4 * dice_.below(200));
    to_write_ = {{kHeartbeat, heartbeat_ms_},
                 {kStop, 1},
                 {kStreamPort, 0},
                 {kGvcpConfiguration, (dice_.one_in(2) ? 0x0008'0004U : 0U) | (dice_.one_in(2) ? 2U : 0U) |
                                          (dice_.one_in(8) ? 8U : 0U)},
                 {kActionDeviceKey, keys.device},
                 {kActionGroupKey, keys.group},
                 {kActionGroupMask, keys.mask},
                 {kGvspConfiguration, extended_ids ? 0x4000'0000U : 0U},
                 {kMessageDestination, port(2).ip},
                 {kMessagePort, port(2).port},
                 {kMessageTimeout, static_cast<std::uint32_t>(100 + dice_.below(300))},
                 {kMessageRetries, static_cast<std::uint32_t>(dice_.below(4))},
                 {kTriggerMode, 1},
                 {kTriggerSource, 7},
                 {kBurst, static_cast<std::uint32_t>(1 + dice_.below(3))},
                 {kExposureTime, static_cast<std::uint32_t>(500 + dice_.below(20'000))},
                 {kStreamPacketSize, 0x4000'0000U | packet},
                 {kStreamDelay, static_cast<std::uint32_t>(dice_.below(20'000))},
                 {kStreamDestination, destination.ip},
                 {kStreamPort, port(1).port}};
    for (const std::uint32_t event : {0U, 1U, 2U, 3U, 6U}) {
        to_write_.push_back({kEventSelector, event});
        to_write_.push_back({kEventNotification, calm_ || !dice_.one_in(4) ? 1U : 0U});
    }
    to_write_.push_back({kStart, 1});
    configure_next();
}

void Application::configure_next() {
    if (to_write_.empty()) return run();
    const auto next = to_write_.front();
    to_write_.pop_front();
    write(next.address, next.value, [this](const auto& answer) {
        if (!answer || answer->status == kAccessDenied) return begin_later();
        configure_next();
    });
}

void Application::run() {
    ++session_;
    beat();
    trigger();
    after(part_of(2s), &Application::chore);
}

void Application::beat() {
    read(kPrivilege, [this](const auto& answer) {
        const bool mine = answer && answer->status == kSuccess && number_at(answer->payload, 0, 4) != 0;
        if (!mine) begin_later();
    });
    auto period = std::chrono::milliseconds(heartbeat_ms_ / 3);
    if (options_.kind == Kind::slow)
        period = std::chrono::milliseconds(heartbeat_ms_ * (5 + dice_.below(8)) / 10);
    after(period, &Application::beat);
}

void Application::trigger() {
    if (stream_.silence() > kSilenceMost) return reconfigure();
    write(kSoftwareTrigger, 1);
    after(1s, &Application::trigger);
}

void Application::chore() {
    if (calm_) return;
    if (commands_.size() < 4) do_chore(dice_.below(20));
    if (options_.kind == Kind::greedy) demand_too_much();
    const auto pause = options_.kind == Kind::greedy ? 400ms : 2500ms;
    after(100ms + part_of(pause), &Application::chore);
}

void Application::do_chore(std::uint64_t which) {
    switch (which) {
        case 0:
        case 1:
            return write_plain();
        case 2:
            return write_list();
        case 3:
            return name_camera();
        case 4:
        case 5:
            return save_set();
        case 6:
            return write(kUserSetDefault, static_cast<std::uint32_t>(dice_.below(3)));
        case 7:
        case 8:
            for (auto left = 1 + dice_.below(5); left > 0; --left) write(kTestEvent, 1);
            return;
        case 9:
            return change_format();
        case 10:
            return reopen_stream();
        case 11:
            return load_set();
        case 12:
            return read_a_lot();
        case 13:
            return write_addresses();
        case 14:
            return free_run();
        case 15:
            if (!dice_.one_in(3)) return;
            return write(kReset, kResetKey, [this](const auto&) { begin_later(); });
        case 16:
        case 17:
            return act();
        case 18:
            write(kSwitchoverKey, static_cast<std::uint32_t>(dice_.below(4)));
            return write(kPrivilege, dice_.one_in(3) ? 6 : 2);
        default:
            write(kPrivilege, 0);
            return begin_later();
    }
}

void Application::write_plain() {
    const auto& rows = RegisterLaw::plain();
    const auto& row = rows[dice_.below(rows.size())];
    if (row.address == kHeartbeat || row.address == kMessageTimeout || row.address == kMessageRetries) return;
    // Both ends, beside them, and between.
    const std::array<std::int64_t, 5> values{
        row.least, row.most, row.least - 1, row.most + 1,
        row.least +
            static_cast<std::int64_t>(dice_.below(static_cast<std::uint64_t>(row.most - row.least + 1)))};
    const auto value = static_cast<std::uint32_t>(values[dice_.below(values.size())]);
    write(row.address, value);
    read(row.address, {});
}

void Application::write_list() {
    Bytes list;
    for (auto left = 2 + dice_.below(4); left > 0; --left) {
        const bool wrong = dice_.one_in(6);
        list = list + be32(wrong ? 0x0940 : 0x0013'0000 + 4 * dice_.below(2)) + be32(dice_.below(400));
    }
    ask(kWriteRegister, list, {});
}

void Application::name_camera() {
    Bytes name(16);
    for (std::size_t i = 0; i < 15; ++i) name[i] = static_cast<std::uint8_t>('a' + dice_.below(26));
    ask(kWriteMemory, be32(kUserName) + name, {});
}

void Application::save_set() {
    write_plain();
    write(kUserSetSelector, static_cast<std::uint32_t>(dice_.below(3)));
    write(kUserSetSave, 1);
}

void Application::load_set() {
    write(kUserSetSelector, static_cast<std::uint32_t>(1 + dice_.below(2)));
    write(kStop, 1);
    write(kUserSetLoad, 1, [this](const auto&) { reconfigure(); });
}

void Application::reconfigure() {
    ++session_;
    to_write_.clear();
    configure();
}

void Application::reopen_stream() {
    write(kSoftwareTrigger, 1);
    write(kStreamPort, 0);
    write(kStreamPort, port(1).port);
}

void Application::change_format() {
    const std::uint32_t fires = dice_.one_in(2) ? 0x8000'0000U : 0;
    write(kStreamPacketSize, fires | 0x4000'0000U | static_cast<std::uint32_t>(560 + 2 * dice_.below(500)));
    write(kStop, 1);
    const auto size = static_cast<std::uint32_t>(576 + 4 * dice_.below(200));
    if (dice_.one_in(2)) write(kStreamPacketSize, fires | 0x4000'0000U | size);
    write(kHeight, static_cast<std::uint32_t>(4 * (1 + dice_.below(3))));
    after(part_of(1s), &Application::start_anew);
}

void Application::free_run() {
    write(kTriggerMode, 0);
    after(part_of(3s), &Application::start_anew);
}

void Application::start_anew() {
    for (const auto address : {kTriggerMode, kStop, kStart}) write(address, 1);
}

void Application::read_a_lot() {
    ask(kReadMemory, be32(0x0000) + be32(0xF8), {});
    ask(kReadMemory, be32(0x0200) + be32(512), {});
    ask(kReadRegister, be32(0x0024) + be32(0x0014) + be32(kStreamPort), {});
    ask(kReadRegister, be32(0x0000'9FF0), {});
    ask(kDiscovery, {}, {});
}

void Application::write_addresses() {
    ask(kWriteRegister,
        be32(kPersistentIp) + be32(0x0A00'0000 + dice_.below(200)) + be32(0x065C) + be32(0xFFFF'FF00) +
            be32(kIpConfiguration) + be32(6),
        {});
}

// Blocks that came, that did not come yet, and that never come; all of them, and beyond their end.
void Application::demand_too_much() {
    for (auto left = dice_.below(12); left > 0; --left) {
        const auto block = dice_.below(frames() + 8);
        const auto first = static_cast<std::uint32_t>(dice_.below(8));
        const std::array<std::uint32_t, 4> lasts{first, first + 3, 40, stream_.last_of_all()};
        stream_.ask_again(block, first, lasts[dice_.below(lasts.size())]);
    }
}

void Application::act() {
    const ActionKeys keys;
    const auto wrong = static_cast<std::uint32_t>(dice_.one_in(4) ? 1 : 0);
    const auto group = be32(keys.group) + be32(dice_.one_in(4) ? 8 : keys.mask);
    ask(kAction, be32(keys.device + wrong) + group, {});
}

void Application::on_message(ByteView datagram) {
    if (datagram.size() < 8 || (datagram[1] & 1) == 0) return;
    if (options_.kind != Kind::correct && dice_.one_in(4)) return;
    const auto ack =
        be16(0) + be16(number_at(datagram, 2, 2) + 1) + be16(0) + Bytes{datagram[6], datagram[7]};
    const auto pause = options_.kind == Kind::slow ? 50ms + part_of(500ms) : Time(100us);
    network_.scheduler().after(pause, [this, ack, life = life_] {
        if (life == life_) network_.send(ack, port(2), {camera_.ip, support::VirtualCamera::kMessagePort});
    });
}

}  // namespace world
