#pragma once

#include <vector>

#include "fleet/dialect/dialect.h"

namespace oversoak::fleet {

// Any bytes: those that come back are verified one by one, by their place in the stream.
class RawDialect final : public Dialect {
 public:
  RawDialect(MessageSizes sizes, Random& random);

  std::size_t longest_message_bytes() const noexcept override { return sizes_.max_bytes; }
  void begin(Conversation& conversation, Random& random) override;
  void write_message(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                     Random& random) override;
  Received read_answer(Conversation& conversation) override;
  Mismatch mismatch(const Conversation& conversation) const override;

 private:
  MessageSizes sizes_;
  std::vector<std::byte> source_;
};

}  // namespace oversoak::fleet
