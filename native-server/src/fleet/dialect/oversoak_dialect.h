#pragma once

#include <vector>

#include "fleet/dialect/dialect.h"

namespace oversoak::fleet {

// Frames of wire/frame.h: sequence, times and checksum verified, the server's stamps read.
class OversoakDialect final : public Dialect {
 public:
  OversoakDialect(MessageSizes sizes, Random& random);

  std::size_t longest_message_bytes() const noexcept override { return sizes_.max_bytes; }
  void begin(Conversation& conversation, Random& random) override;
  void say(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
           Random& random) override;
  Heard hear(Conversation& conversation) override;
  Mismatch mismatch(const Conversation& conversation) const override;

 private:
  std::vector<std::byte> made(const Conversation& conversation, const Window::Sent& sent) const;

  MessageSizes sizes_;
  std::vector<std::byte> payload_;  // every payload is a part of it
};

}  // namespace oversoak::fleet
