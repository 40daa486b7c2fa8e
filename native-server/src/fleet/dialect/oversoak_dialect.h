#pragma once

#include <span>
#include <vector>

#include "fleet/dialect/dialect.h"

namespace oversoak::fleet {

// Frames of wire/frame.h: every byte of an answer is verified but the server's stamps, which are
// read.
class OversoakDialect : public Dialect {
 public:
  OversoakDialect(MessageSizes sizes, SizeMix answers, Random& random);

  std::size_t longest_message_bytes() const noexcept override { return sizes_.max_bytes; }
  std::size_t longest_answer_bytes() const noexcept override;
  void begin(Conversation& conversation, Random& random) override;
  void write_message(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                     Random& random) override;
  Received read_answer(Conversation& conversation) override;
  Mismatch mismatch(const Conversation& conversation) const override;

 protected:
  void write_message_as(wire::ZoneAct act, Conversation& conversation, std::int64_t intended_ns,
                        std::int64_t now_ns, Random& random);

  // Takes the message that a valid frame echoes; unknown: it is none of this connection. Nothing:
  // the frame is not as requested.
  std::optional<Echo> take_echo(Conversation& conversation, std::span<const std::byte> frame) const;

 private:
  std::span<const std::byte> payload_of(const Conversation::Made& made) const;
  std::vector<std::byte> expected(const Conversation& conversation, const Window::Sent& sent) const;
  bool is_as_requested(const Conversation& conversation, const Echo& echo,
                       const wire::Header& header, std::span<const std::byte> frame) const;

  MessageSizes sizes_;
  SizeMix answers_;                 // empty: echoes
  std::vector<std::byte> payload_;  // every payload is a part of it
};

}  // namespace oversoak::fleet
