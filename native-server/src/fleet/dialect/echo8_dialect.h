#pragma once

#include "fleet/dialect/dialect.h"

namespace oversoak::fleet {

// Messages of wire/echo8.h: the rising value is the window's sequence.
class Echo8Dialect final : public Dialect {
 public:
  std::size_t longest_message_bytes() const noexcept override;
  void write_message(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                     Random& random) override;
  Received read_answer(Conversation& conversation) override;
  Mismatch mismatch(const Conversation& conversation) const override;
};

}  // namespace oversoak::fleet
