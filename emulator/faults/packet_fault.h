#pragma once

#include <set>

#include "emulator/faults/chance.h"
#include "emulator/faults/fault.h"

namespace emulator::faults {

/// Which packets a fault is about. Keys: `blocks`, `packets` (lists of ids), `part` (leader, payload,
/// trailer), `resent`.
class PacketChoice {
  public:
    explicit PacketChoice(const scenes::Node&);
    [[nodiscard]] bool has(const SentPacket&) const;
    [[nodiscard]] bool has_block(std::uint64_t id) const { return blocks_.empty() || blocks_.contains(id); }

  private:
    std::set<std::uint64_t> blocks_, packets_;  // empty: all
    std::optional<protocol::gvsp::Format> part_;
    bool resent_ = true;  // those that are sent again, too
};

/// A fault of single packets.
class PacketFault : public Fault {
  public:
    explicit PacketFault(const scenes::Node& node) : chance_(node), choice_(node) {}
    void on_packet(const SentPacket&, PacketFate&) final;

  protected:
    /// Whether it could touch such a packet at all.
    [[nodiscard]] virtual bool concerns(const SentPacket&) const { return true; }
    virtual void hit(const SentPacket&, PacketFate&) = 0;
    /// Bits for this packet alone; `purpose` counts them.
    [[nodiscard]] std::uint64_t bits(const SentPacket&, std::uint64_t purpose) const;

  private:
    Chance chance_;
    PacketChoice choice_;
};

/// A fault of resend requests. Keys: `blocks`, and those of a chance.
class ResendFault : public Fault {
  public:
    explicit ResendFault(const scenes::Node& node);
    void on_resend(ResendFate&) final;

  protected:
    virtual void hit(ResendFate&) = 0;

  private:
    Chance chance_;
    std::set<std::uint64_t> blocks_;
};

/// A fault of whole blocks before they are sent. Keys: `blocks`, and those of a chance.
class BlockFault : public Fault {
  public:
    explicit BlockFault(const scenes::Node& node);
    void on_block(protocol::gvsp::Block&) override;

  protected:
    /// False if it could not do it, as to the first block of all.
    virtual bool hit(protocol::gvsp::Block&) = 0;
    [[nodiscard]] bool takes(const protocol::gvsp::Block&);

  private:
    Chance chance_;
    std::set<std::uint64_t> blocks_;
};

}  // namespace emulator::faults
