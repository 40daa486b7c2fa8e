#pragma once

#include <vector>

#include "fleet/dialect/dialect.h"

namespace oversoak::fleet {

// Frames of wire/frame.h: sequence, times and checksum verified, the server's stamps read.
class OversoakDialect final : public Dialect {
 public:
  OversoakDialect(std::size_t min_frame_bytes, std::size_t max_frame_bytes, Random& random);

  std::size_t longest_message_bytes() const noexcept override { return max_frame_bytes_; }
  void say(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
           Random& random) override;
  Heard hear(Conversation& conversation) override;

 private:
  std::size_t min_frame_bytes_;
  std::size_t max_frame_bytes_;
  std::vector<std::byte> payload_;  // every payload is a part of it
};

}  // namespace oversoak::fleet
