#pragma once

#include "fleet/dialect/oversoak_dialect.h"
#include "fleet/dialect/zones.h"

namespace oversoak::fleet {

// Frames of wire/zone.h: a session joins its zone before its first message and leaves it after its
// last. A message is a broadcast, whose delivery to the session itself is the answer, or is echoed.
class ZoneDialect final : public OversoakDialect {
 public:
  ZoneDialect(MessageSizes sizes, const Zones& zones, Random& random);

  std::size_t longest_answer_bytes() const noexcept override;
  bool has_script() const noexcept override { return true; }
  // The zone's order has all of the session's own deliveries before the answer to its leave.
  bool logout_waits() const noexcept override { return false; }
  // A broadcast takes the zone's way, which may be the longer one.
  bool keeps_order() const noexcept override { return zones_.share == 1; }
  void write_message(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                     Random& random) override;
  ScriptTurn continue_script(Conversation& conversation, Script script,
                             std::int64_t now_ns) override;
  Received read_answer(Conversation& conversation) override;
  Mismatch mismatch(const Conversation& conversation) const override;

 private:
  std::size_t longest_delivery_bytes() const noexcept;  // of its frame
  Received read_delivery(Conversation& conversation) const;
  Received read_answer_frame(Conversation& conversation) const;
  std::optional<Echo> take_in_kind(Conversation& conversation,
                                   std::span<const std::byte> frame) const;

  Zones zones_;
};

}  // namespace oversoak::fleet
