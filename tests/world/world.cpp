#include "tests/world/world.h"

#include <malloc.h>

#include <algorithm>

namespace world {
namespace {

constexpr std::uint32_t kCameraNet = 0x0A00'0064, kClientNet = 0x0A00'0001;
constexpr int kFloodCommands = 100, kMovesTried = 12;
constexpr std::uint64_t kMaster = 1;
constexpr Time kPtpWay{3'000};
/// A camera and those around it need a tenth of that.
constexpr std::size_t kMemoryMost = 64 << 20;

std::size_t cameras_of(std::uint64_t seed) { return 1 + support::Dice(seed).below(4); }

}  // namespace

World::World(const Options& options)
    : options_(options),
      ptp_(options.seed),
      network_(ptp_.scheduler, journal_, options.seed + 1),
      dice_(options.seed + 2) {
    journal_.keep(options.journal_lines);
    ptp_.overheard = [this](const Bytes& datagram) { spread_ptp(datagram, nullptr); };
    if (!dice_.one_in(4)) add_master(dice_);
    for (std::size_t i = 0; i < cameras_of(options.seed); ++i) add_camera(dice_, i);
}

std::vector<Step> World::schedule_of(const Options& options) {
    return make_schedule(options.seed + 3, cameras_of(options.seed), options.duration - kQuiet);
}

void World::add_master(support::Dice& dice) {
    master_ = &ptp_.add(kMaster, static_cast<double>(dice.below(20)) - 10, Time(1'000'000'000'000));
    master_runs_ = true;
}

void World::add_camera(support::Dice& dice, std::size_t number) {
    const auto n = static_cast<std::uint32_t>(number);
    auto& site = sites_.emplace_back();
    site.client_ip = kClientNet + n;
    ObservedCamera::Options options{.ip = kCameraNet + n,
                                    .serial = "3926500" + std::to_string(number),
                                    .drift_ppm = static_cast<double>(dice.below(100)) - 50,
                                    .frame_work = Time(dice.one_in(3) ? 0 : dice.below(200'000'000)),
                                    .flash_work = Time(dice.one_in(2) ? 0 : dice.below(900'000'000)),
                                    .seed = dice.next()};
    site.camera = std::make_unique<ObservedCamera>(
        network_, options, [this, number](const Bytes& datagram) { spread_ptp(datagram, &sites_[number]); },
        [this]() -> std::optional<protocol::Timestamp> {
            return master_runs_ ? std::optional(ptp_.reads(*master_)) : std::nullopt;
        });
    site.client = std::make_unique<Application>(
        network_, Application::Options{.control = {site.client_ip, 50'000},
                                       .camera = [camera = site.camera.get()] { return camera->address(); },
                                       .seed = dice.next()});
    later(Time(dice.below(500'000'000)), [client = site.client.get()] { client->start(); });
}

void World::later(Time time, std::function<void()> act) { ptp_.scheduler.after(time, std::move(act)); }

// All hear what one sends.
void World::spread_ptp(const Bytes& datagram, const Site* from) {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        if (&sites_[i] == from) continue;
        later(kPtpWay + Time(dice_.below(500)), [this, i, datagram] { hear_ptp(sites_[i], datagram); });
    }
    if (from == nullptr || !master_runs_ ||
        dice_.below(100) < static_cast<std::uint64_t>(from->ptp_lost_percent))
        return;
    later(kPtpWay + Time(dice_.below(500)), [this, datagram] { ptp_.inject(datagram); });
}

void World::hear_ptp(Site& to, const Bytes& datagram) {
    if (dice_.below(100) < static_cast<std::uint64_t>(to.ptp_lost_percent)) return;
    to.camera->hear_ptp(datagram);
}

void World::run_until(Time end) {
    auto& scheduler = ptp_.scheduler;
    while (true) {
        auto next = scheduler.next();
        ObservedCamera* whose = nullptr;
        for (auto& site : sites_) {
            const auto due = site.camera->due();
            if (!due || (next && *due >= *next)) continue;
            next = due;
            whose = site.camera.get();
        }
        if (!next || *next > end) break;
        journal_.now(*next);
        if (whose == nullptr) {
            scheduler.run_until(*next);
        } else {
            scheduler.advance(*next);
            whose->run_until(*next);
        }
    }
    scheduler.advance(end);
}

// Everything that may wait somewhere, and everything that is kept, is limited.
void World::watch_memory() {
    const auto bytes = mallinfo2().uordblks;
    if (bytes > kMemoryMost)
        throw Violation("queues and memory bounded", std::to_string(bytes) + " B of memory are in use");
    if (master_ != nullptr) master_->said.clear();
    later(1s, [this] { watch_memory(); });
}

void World::run(const std::vector<Step>& steps) {
    watch_memory();
    for (const auto& step : steps) ptp_.scheduler.at(step.at, [this, step] { begin(step); });
    const auto quiet = options_.duration - kQuiet;
    run_until(quiet);
    end_faults();
    run_until(quiet + kRecovery);
    for (auto& site : sites_) site.frames = site.client->frames();
    run_until(options_.duration);
    judge_recovery();
}

void World::begin(const Step& step) {
    journal_.note(step.text());
    auto& site = sites_[step.camera];
    if (step.kind <= Step::silent_host) return begin_network(step, site);
    if (step.kind <= Step::pulses) return begin_host(step, site);
    if (step.kind <= Step::greedy_client) return begin_client(step, site);
    begin_stranger(step, site);
}

void World::begin_network(const Step& step, Site& site) {
    support::Dice dice(step.seed);
    const auto camera = site.camera->address().ip, client = site.client_ip;
    auto& way = network_.way(camera, client);
    const auto percent = 1 + dice.below(40);
    if (step.kind == Step::loss) way.lost_percent = percent;
    if (step.kind == Step::delay) way.delay = Time(dice.below(60'000'000));
    if (step.kind == Step::doubling) way.doubled_percent = percent;
    if (step.kind == Step::reordering) {
        way.late_percent = percent;
        way.late = Time(dice.below(100'000'000));
    }
    if (step.kind == Step::partition) way.cut = true;
    if (step.kind == Step::small_mtu) way.mtu_bytes = 576 + dice.below(800);
    if (step.kind == Step::silent_host) way.answers = false;
    later(step.duration, [this, kind = step.kind, camera, client] {
        if (quiet_) return;
        auto& now = network_.way(camera, client);
        const Way well;
        if (kind == Step::loss) now.lost_percent = 0;
        if (kind == Step::delay) now.delay = well.delay;
        if (kind == Step::doubling) now.doubled_percent = 0;
        if (kind == Step::reordering) now.late_percent = 0;
        if (kind == Step::partition) now.cut = false;
        if (kind == Step::small_mtu) now.mtu_bytes = well.mtu_bytes;
        if (kind == Step::silent_host) now.answers = true;
    });
}

void World::begin_host(const Step& step, Site& site) {
    support::Dice dice(step.seed);
    auto& camera = *site.camera;
    switch (step.kind) {
        case Step::host_stall:
            camera.disturb_ptp(step.duration);
            return camera.stall(step.duration);
        case Step::sender_stall:
            return camera.stall_sender(step.duration);
        case Step::full_send_buffer:
            return camera.fill_send_buffer(1 + static_cast<int>(dice.below(5)));
        case Step::disk_failure:
            camera.disk().faults.failing_steps = 1 + static_cast<int>(dice.below(6));
            return;
        case Step::full_disk:
            camera.disk().faults.full = true;
            return later(step.duration, [&camera] { camera.disk().faults.full = false; });
        case Step::power_cut:
            return camera.cut_power(step.duration);
        case Step::power_cut_in_save:
            camera.disk().faults.steps_before_cut = static_cast<int>(dice.below(12));
            return;
        case Step::id_wrap:
            return camera.begin_before_wrap(static_cast<std::uint32_t>(dice.below(6)));
        default:
            for (auto left = 1 + dice.below(8); left > 0; --left)
                later(Time(dice.below(static_cast<std::uint64_t>(step.duration.count()) + 1)),
                      [&camera] { camera.pulse(); });
    }
}

void World::begin_client(const Step& step, Site& site) {
    if (step.kind == Step::client_dies) return restart_client(site, false, step.duration);
    if (step.kind == Step::client_ends) return restart_client(site, true, step.duration);
    join(site, step.kind == Step::slow_client ? Application::Kind::slow : Application::Kind::greedy, step);
}

void World::restart_client(Site& site, bool politely, Time pause) {
    site.client->end(politely);
    later(pause, [client = site.client.get()] {
        if (!client->alive()) client->start();
    });
}

void World::join(Site& site, Application::Kind kind, const Step& step) {
    const auto number = static_cast<std::uint32_t>(site.others.size());
    site.others.push_back(std::make_unique<Application>(
        network_, Application::Options{
                      .kind = kind,
                      .control = {site.client_ip + 16, static_cast<std::uint16_t>(40'000 + 100 * number)},
                      .camera = [camera = site.camera.get()] { return camera->address(); },
                      .seed = step.seed}));
    auto* other = site.others.back().get();
    other->start();
    later(step.duration, [other, seed = step.seed] { other->end(seed % 2 == 0); });
}

void World::begin_stranger(const Step& step, Site& site) {
    const Target target{site.camera->address(), site.client->control()};
    support::Dice dice(step.seed);
    if (step.kind == Step::stranger) return strange(network_, target, step.seed);
    if (step.kind == Step::flood) return flood(step, site);
    if (step.kind == Step::administrator) return administrate(step, site);
    if (step.kind == Step::attacker) return attack(network_, target, step.seed);
    if (step.kind == Step::forged_icmp) {
        auto quoted = site.camera->last_packet();
        quoted.resize(std::min<std::size_t>(quoted.size(), 500));  // as much as a host repeats
        // In what follows the header: with another header it may be a packet that was sent.
        if (quoted.size() < 100) return;
        quoted[40 + dice.below(quoted.size() - 40)] ^= static_cast<std::uint8_t>(1 + dice.below(255));
        return site.camera->forge_unreachable(quoted);
    }
    for (auto& one : sites_) one.camera->disturb_ptp(step.duration);
    if (step.kind == Step::ptp_loss) {
        site.ptp_lost_percent = 5 + static_cast<int>(dice.below(60));
        return later(step.duration, [&site] { site.ptp_lost_percent = 0; });
    }
    if (!master_runs_) return;
    master_runs_ = false;
    ptp_.disable(*master_);
    later(step.duration, [this] {
        if (!std::exchange(master_runs_, true)) ptp_.enable(*master_);
    });
}

void World::flood(const Step& step, Site& site) {
    for (int i = 0; i < kFloodCommands; ++i)
        later(step.duration * i / kFloodCommands,
              [this, &site, seed = step.seed + static_cast<std::uint64_t>(i)] {
                  strange(network_, {site.camera->address(), site.client->control()}, seed);
              });
}

// It tries until nobody has control.
void World::administrate(const Step& step, Site& site) {
    for (int i = 0; i < kMovesTried; ++i)
        later(step.duration * i / kMovesTried,
              [this, &site, seed = step.seed + static_cast<std::uint64_t>(i)] {
                  world::administrate(network_, {site.camera->address(), site.client->control()},
                                      site.camera->mac(), seed);
              });
}

void World::end_faults() {
    journal_.note("all faults end");
    quiet_ = true;
    network_.mend();
    for (auto& site : sites_) {
        site.ptp_lost_percent = 0;
        site.camera->disk().faults = {};
        for (auto& other : site.others) other->end(false);
        site.client->calm();
        if (!site.client->alive()) site.client->start();
    }
    if (master_ != nullptr && !std::exchange(master_runs_, true)) ptp_.enable(*master_);
}

void World::judge_recovery() const {
    const auto seconds = (kQuiet - kRecovery).count() / 1'000'000'000;
    for (const auto& site : sites_) {
        const auto frames = site.client->frames() - site.frames;
        if (frames + 2 >= static_cast<std::uint64_t>(seconds)) continue;
        throw Violation("a correct client streams again",
                        "the client at " + text(site.client->control()) + " got " + std::to_string(frames) +
                            " frames in the last " + std::to_string(seconds) + " s");
    }
}

std::uint64_t World::frames() const {
    std::uint64_t all = 0;
    for (const auto& site : sites_) {
        all += site.client->frames();
        for (const auto& other : site.others) all += other->frames();
    }
    return all;
}

}  // namespace world
